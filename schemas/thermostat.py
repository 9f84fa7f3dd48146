"""A room thermostat of a smart home.

Ranges follow what room thermostats on the market report: the Matter 1.3 Thermostat cluster
(0x0201) for set points (7 to 30 °C by default, here widened to 5 to 35 °C) and modes, and the
operating range -40 to 85 °C of common digital sensors (Sensirion SHT3x data sheet).
"""

from typing import Any, Literal

from schemas import OPEN_CLOSED, Domain, Draw, Kind, Label, Unit, choice, flag, number


class Thermostat(Kind, domain=Domain.SMART_HOME, interval=5.0, en="Thermostat", ko="온도조절기"):
    """A room thermostat: what the room is, what it should be, and what the heating does."""

    temperature: float = number(
        -40, 85, Unit.CELSIUS, en="Temperature", ko="온도", draw=Draw.GAUGE, normal=(16, 30)
    )
    target: float | None = number(
        5, 35, Unit.CELSIUS, en="Set point", ko="설정 온도", draw=Draw.STAT, optional=True
    )
    humidity: float | None = number(
        0, 100, Unit.PERCENT, en="Humidity", ko="습도", normal=(20, 70), optional=True
    )
    mode: Literal["off", "heat", "cool", "auto"] | None = choice(
        {
            "off": Label("Off", "꺼짐"),
            "heat": Label("Heating", "난방"),
            "cool": Label("Cooling", "냉방"),
            "auto": Label("Automatic", "자동"),
        },
        en="Mode",
        ko="운전 모드",
        optional=True,
    )
    demand: float | None = number(
        0, 100, Unit.PERCENT, en="Heating demand", ko="난방 출력", optional=True
    )
    window_open: bool | None = flag(OPEN_CLOSED, en="Window", ko="창문", alarm=True, optional=True)
    battery: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Battery",
        ko="배터리",
        draw=Draw.GAUGE,
        normal=(20, None),
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "temperature": 21.5,
    "target": 22.0,
    "humidity": 41.0,
    "mode": "heat",
    "demand": 35.0,
    "window_open": False,
    "battery": 87.0,
}
