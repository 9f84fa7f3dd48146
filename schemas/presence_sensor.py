"""A presence or motion sensor.

Occupancy and illuminance are those of the Matter 1.3 Occupancy Sensing (0x0406) and Illuminance
Measurement (0x0400) clusters. It sends when something changes, so silence is no fault.
"""

from typing import Any

from schemas import LOW_GOOD, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class PresenceSensor(
    Kind,
    domain=Domain.SMART_HOME,
    interval=60.0,
    event_driven=True,
    en="Presence sensor",
    ko="재실 센서",
):
    """A presence sensor: whether somebody is there."""

    occupied: bool = flag(
        FlagWords(Label("Occupied", "사람 있음"), Label("Empty", "비어 있음")),
        en="Occupancy",
        ko="재실",
    )
    illuminance: float | None = number(
        0, 200_000, Unit.LUX, en="Illuminance", ko="조도", optional=True
    )
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
    "occupied": True,
    "illuminance": 180.0,
    "battery": 93.0,
    "battery_low": False,
    "signal": -71.0,
}
