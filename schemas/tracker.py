"""A tracker: a phone, a tag or a box that says where it is.

Latitude and longitude are WGS 84 in degrees; the heading is over ground, in degrees clockwise from
north. Somebody who stands still sends seldom: once in minutes is usual.
"""

from typing import Any

from schemas import Domain, Draw, Kind, Unit, number


class Tracker(Kind, domain=Domain.MOBILITY, interval=30.0, en="Tracker", ko="위치 추적기"):
    """A tracker: its position, how exact that is, and how it moves."""

    latitude: float = number(-90, 90, Unit.DEGREE, en="Latitude", ko="위도", draw=Draw.MAP)
    longitude: float = number(-180, 180, Unit.DEGREE, en="Longitude", ko="경도", draw=Draw.MAP)
    altitude: float | None = number(
        -500, 20_000, Unit.METRE, en="Altitude", ko="고도", optional=True
    )
    accuracy: float | None = number(
        0, 100_000, Unit.METRE, en="Accuracy", ko="위치 오차", draw=Draw.STAT, optional=True
    )
    speed: float | None = number(
        0, 1_000, Unit.KILOMETRE_PER_HOUR, en="Speed", ko="속도", optional=True
    )
    heading: float | None = number(-180, 360, Unit.DEGREE, en="Heading", ko="방향", optional=True)
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
    "latitude": 37.51182,
    "longitude": 127.05931,
    "altitude": 31.0,
    "accuracy": 8.0,
    "speed": 4.2,
    "heading": 118.0,
    "battery": 71.0,
}
