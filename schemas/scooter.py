"""A shared electric scooter.

States are vehicle states of the Mobility Data Specification (MDS) 2.0, the range left is
current_range_meters of GBFS 3.0, here in kilometres. Positions are WGS 84. Speed above 25 km/h
needs attention: the motor of a personal mobility device stops there in Korea (도로교통법 제2조).
"""

from typing import Any, Literal

from schemas import Domain, Draw, FlagWords, Kind, Label, Unit, choice, flag, number


class Scooter(Kind, domain=Domain.MOBILITY, interval=5.0, en="Electric scooter", ko="전동 킥보드"):
    """A shared electric scooter: its charge, where it is, and whether somebody rides it."""

    battery: float = number(
        0, 100, Unit.PERCENT, en="Battery", ko="배터리", draw=Draw.GAUGE, normal=(20, None)
    )
    latitude: float = number(-90, 90, Unit.DEGREE, en="Latitude", ko="위도", draw=Draw.MAP)
    longitude: float = number(-180, 180, Unit.DEGREE, en="Longitude", ko="경도", draw=Draw.MAP)
    speed: float | None = number(
        0,
        100,
        Unit.KILOMETRE_PER_HOUR,
        en="Speed",
        ko="속도",
        normal=(None, 25),
        optional=True,
    )
    state: Literal["available", "reserved", "on_trip", "non_operational", "missing"] | None = (
        choice(
            {
                "available": Label("Available", "대여 가능"),
                "reserved": Label("Reserved", "예약됨"),
                "on_trip": Label("On a trip", "이용 중"),
                "non_operational": Label("Out of service", "운행 불가"),
                "missing": Label("Missing", "분실"),
            },
            en="State",
            ko="상태",
            alarm=("missing",),
            optional=True,
        )
    )
    remaining_range: float | None = number(
        0, 500, Unit.KILOMETRE, en="Range left", ko="주행 가능 거리", draw=Draw.STAT, optional=True
    )
    odometer: float | None = number(
        0,
        1_000_000,
        Unit.KILOMETRE,
        en="Odometer",
        ko="누적 주행 거리",
        draw=Draw.STAT,
        optional=True,
    )
    battery_temperature: float | None = number(
        -40,
        150,
        Unit.CELSIUS,
        en="Battery temperature",
        ko="배터리 온도",
        normal=(-10, 55),
        optional=True,
    )
    locked: bool | None = flag(
        FlagWords(Label("Locked", "잠김"), Label("Unlocked", "해제")),
        en="Lock",
        ko="잠금 상태",
        optional=True,
    )
    tipped_over: bool | None = flag(
        FlagWords(Label("Tipped over", "넘어짐"), Label("Upright", "정상")),
        en="Posture",
        ko="자세",
        alarm=True,
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "battery": 74.0,
    "latitude": 37.51172,
    "longitude": 127.05921,
    "speed": 14.8,
    "state": "on_trip",
    "remaining_range": 27.5,
    "odometer": 1284.6,
    "battery_temperature": 29.0,
    "locked": False,
    "tipped_over": False,
}
