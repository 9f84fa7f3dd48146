"""A self-driving shuttle bus.

Position, bearing and speed are those of VehiclePosition of GTFS Realtime 2.0 (WGS 84, degrees
clockwise from true north), with speed in km/h as a driver reads it. The modes tell who performs the
dynamic driving task of SAE J3016. Speed above 50 km/h needs attention: the limit on city roads in
Korea.
"""

from typing import Any, Literal

from schemas import ACTIVE, OPEN_CLOSED, Domain, Draw, Kind, Label, Unit, choice, flag, number, text


class Shuttle(
    Kind, domain=Domain.MOBILITY, interval=1.0, en="Self-driving shuttle", ko="자율주행 셔틀"
):
    """A self-driving shuttle: how fast, where, who drives, and how many ride."""

    speed: float = number(
        0,
        150,
        Unit.KILOMETRE_PER_HOUR,
        en="Speed",
        ko="속도",
        draw=Draw.GAUGE,
        normal=(None, 50),
    )
    latitude: float = number(-90, 90, Unit.DEGREE, en="Latitude", ko="위도", draw=Draw.MAP)
    longitude: float = number(-180, 180, Unit.DEGREE, en="Longitude", ko="경도", draw=Draw.MAP)
    heading: float | None = number(-180, 360, Unit.DEGREE, en="Heading", ko="방향", optional=True)
    mode: Literal["autonomous", "manual", "remote", "parked", "safe_stop"] | None = choice(
        {
            "autonomous": Label("Self-driving", "자율주행"),
            "manual": Label("Driver", "수동 운전"),
            "remote": Label("Remote", "원격 운전"),
            "parked": Label("Parked", "주차"),
            "safe_stop": Label("Safe stop", "안전 정지"),
        },
        en="Driving mode",
        ko="주행 모드",
        alarm=("safe_stop",),
        optional=True,
    )
    passengers: int | None = number(
        0,
        100,
        Unit.COUNT,
        en="Passengers",
        ko="탑승객",
        counter="명",
        draw=Draw.STAT,
        optional=True,
    )
    next_stop: str | None = text(64, en="Next stop", ko="다음 정류장", optional=True)
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
    obstacle_distance: float | None = number(
        0, 500, Unit.METRE, en="Obstacle ahead", ko="전방 장애물 거리", optional=True
    )
    takeovers: int | None = number(
        0,
        1_000_000,
        Unit.COUNT,
        en="Takeovers",
        ko="제어권 전환",
        counter="회",
        draw=Draw.STAT,
        optional=True,
    )
    door_open: bool | None = flag(OPEN_CLOSED, en="Door", ko="문", optional=True)
    e_stop: bool | None = flag(
        ACTIVE, en="Emergency stop", ko="비상 정지", alarm=True, optional=True
    )


EXAMPLE: dict[str, Any] = {
    "speed": 17.6,
    "latitude": 37.51305,
    "longitude": 127.05874,
    "heading": 68.0,
    "mode": "autonomous",
    "passengers": 5,
    "next_stop": "코엑스 동문",
    "battery": 81.0,
    "obstacle_distance": 42.0,
    "takeovers": 1,
    "door_open": False,
    "e_stop": False,
}
