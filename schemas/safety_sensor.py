"""A sensor that warns: of smoke, gas, carbon monoxide or water.

The alarms are those of the Matter 1.3 Smoke CO Alarm (0x005C) and Boolean State (0x0045, water
leak) clusters. It sends when something changes, so silence is no fault.
"""

from typing import Any

from schemas import DETECTED, RAISED, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class SafetySensor(
    Kind,
    domain=Domain.SMART_HOME,
    interval=60.0,
    event_driven=True,
    en="Safety sensor",
    ko="안전 센서",
):
    """A safety sensor: whether it warns, and of what."""

    alarm: bool = flag(
        FlagWords(Label("Raised", "발생"), Label("All clear", "이상 없음")),
        en="Alarm",
        ko="경보",
        alarm=True,
    )
    smoke: bool | None = flag(DETECTED, en="Smoke", ko="연기", alarm=True, optional=True)
    gas: bool | None = flag(DETECTED, en="Gas", ko="가스", alarm=True, optional=True)
    carbon_monoxide: bool | None = flag(
        DETECTED, en="Carbon monoxide", ko="일산화탄소", alarm=True, optional=True
    )
    water_leak: bool | None = flag(DETECTED, en="Water leak", ko="누수", alarm=True, optional=True)
    tamper: bool | None = flag(RAISED, en="Tamper alarm", ko="침입 경보", alarm=True, optional=True)
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
    signal: float | None = number(
        -128, 20, Unit.DECIBEL_MILLIWATT, en="Signal strength", ko="신호 세기", optional=True
    )


EXAMPLE: dict[str, Any] = {
    "alarm": False,
    "smoke": False,
    "gas": False,
    "carbon_monoxide": False,
    "water_leak": False,
    "tamper": False,
    "battery": 97.0,
    "signal": -70.0,
}
