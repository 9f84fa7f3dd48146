"""A smart plug that measures what it feeds.

What is measured follows the Matter 1.3 Electrical Power Measurement (0x0090) and Electrical Energy
Measurement (0x0091) clusters. The normal bands are those of a Korean outlet: 220 V ± 13 V at 60 Hz
± 0.2 Hz (전기사업법 시행규칙), 16 A at most (KS C 8305), hence 3,520 W.
"""

from typing import Any

from schemas import ON_OFF, RAISED, Domain, Draw, Kind, Unit, flag, number


class SmartPlug(Kind, domain=Domain.SMART_HOME, interval=2.0, en="Smart plug", ko="스마트 플러그"):
    """A smart plug: whether it is on, and what the appliance behind it draws."""

    power: float = number(
        -5_000, 5_000, Unit.WATT, en="Power", ko="소비 전력", normal=(None, 3_520)
    )
    switched_on: bool | None = flag(ON_OFF, en="Switch", ko="전원", optional=True)
    voltage: float | None = number(
        0, 300, Unit.VOLT, en="Voltage", ko="전압", normal=(207, 233), optional=True
    )
    current: float | None = number(
        -25, 25, Unit.AMPERE, en="Current", ko="전류", normal=(None, 16), optional=True
    )
    frequency: float | None = number(
        0, 100, Unit.HERTZ, en="Mains frequency", ko="주파수", normal=(59.8, 60.2), optional=True
    )
    power_factor: float | None = number(
        -1, 1, Unit.NONE, en="Power factor", ko="역률", optional=True
    )
    energy: float | None = number(
        0,
        1_000_000,
        Unit.KILOWATT_HOUR,
        en="Energy since installed",
        ko="누적 전력량",
        draw=Draw.STAT,
        optional=True,
    )
    temperature: float | None = number(
        -40,
        150,
        Unit.CELSIUS,
        en="Plug temperature",
        ko="플러그 온도",
        normal=(None, 70),
        optional=True,
    )
    overload: bool | None = flag(RAISED, en="Overload", ko="과부하", alarm=True, optional=True)


EXAMPLE: dict[str, Any] = {
    "power": 64.3,
    "switched_on": True,
    "voltage": 221.4,
    "current": 0.31,
    "frequency": 60.01,
    "power_factor": 0.94,
    "energy": 18.42,
    "temperature": 31.5,
    "overload": False,
}
