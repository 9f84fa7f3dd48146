"""A multicopter drone.

What is reported follows MAVLink common messages: GLOBAL_POSITION_INT (position, relative_alt, hdg),
VFR_HUD (groundspeed, climb), BATTERY_STATUS, GPS_RAW_INT (satellites_visible) and
EXTENDED_SYS_STATE (MAV_LANDED_STATE), in degrees, metres and per cent. Altitude is above the point
of take-off; above 150 m a flight in Korea needs approval (항공안전법). PX4 wants 6 satellites
before it trusts a position (EKF2_REQ_NSATS).
"""

from typing import Any, Literal

from schemas import ACTIVE, Domain, Draw, Kind, Label, Unit, choice, flag, number


class Drone(Kind, domain=Domain.MOBILITY, interval=1.0, en="Drone", ko="드론"):
    """A drone: how high, where, how fast, and how much charge is left to come home."""

    altitude: float = number(-500, 10_000, Unit.METRE, en="Altitude", ko="고도", normal=(None, 150))
    latitude: float = number(-90, 90, Unit.DEGREE, en="Latitude", ko="위도", draw=Draw.MAP)
    longitude: float = number(-180, 180, Unit.DEGREE, en="Longitude", ko="경도", draw=Draw.MAP)
    speed: float | None = number(
        0, 100, Unit.METRE_PER_SECOND, en="Ground speed", ko="대지 속도", optional=True
    )
    climb: float | None = number(
        -50, 50, Unit.METRE_PER_SECOND, en="Climb rate", ko="상승률", optional=True
    )
    heading: float | None = number(
        -180, 360, Unit.DEGREE, en="Heading", ko="기수 방향", optional=True
    )
    battery: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Battery",
        ko="배터리",
        draw=Draw.GAUGE,
        normal=(25, None),
        optional=True,
    )
    satellites: int | None = number(
        0,
        200,
        Unit.COUNT,
        en="Satellites",
        ko="위성 수",
        counter="개",
        draw=Draw.STAT,
        normal=(6, None),
        optional=True,
    )
    state: Literal["on_ground", "takeoff", "in_air", "landing"] | None = choice(
        {
            "on_ground": Label("On the ground", "지상"),
            "takeoff": Label("Taking off", "이륙"),
            "in_air": Label("In the air", "비행"),
            "landing": Label("Landing", "착륙"),
        },
        en="Flight",
        ko="비행 상태",
        optional=True,
    )
    failsafe: bool | None = flag(ACTIVE, en="Failsafe", ko="페일세이프", alarm=True, optional=True)


EXAMPLE: dict[str, Any] = {
    "altitude": 34.2,
    "latitude": 37.51218,
    "longitude": 127.06042,
    "speed": 4.6,
    "climb": 0.3,
    "heading": 215.0,
    "battery": 63.0,
    "satellites": 17,
    "state": "in_air",
    "failsafe": False,
}
