"""A contact sensor on a door or a window.

What is said is the Matter 1.3 Boolean State cluster (0x0045) turned round: there true is "closed".
It sends when something changes, so silence is no fault.
"""

from typing import Any

from schemas import LOW_GOOD, OPEN_CLOSED, RAISED, Domain, Draw, Kind, Unit, flag, number


class ContactSensor(
    Kind,
    domain=Domain.SMART_HOME,
    interval=60.0,
    event_driven=True,
    en="Contact sensor",
    ko="문열림 센서",
):
    """A contact sensor: whether a door or a window stands open."""

    is_open: bool = flag(OPEN_CLOSED, en="Door or window", ko="문·창문")
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
    battery_low: bool | None = flag(
        LOW_GOOD, en="Battery state", ko="배터리 상태", alarm=True, optional=True
    )
    signal: float | None = number(
        -128, 20, Unit.DECIBEL_MILLIWATT, en="Signal strength", ko="신호 세기", optional=True
    )


EXAMPLE: dict[str, Any] = {
    "is_open": False,
    "tamper": False,
    "battery": 90.0,
    "battery_low": False,
    "signal": -64.0,
}
