"""An autonomous mobile robot or automated guided vehicle.

What is reported follows the state message of VDA 5050 2.0: agvPosition (x, y in metres on the
venue's map, theta, localizationScore), velocity, batteryState, loads, safetyState (eStop,
fieldViolation). Theta is the heading, in degrees counter-clockwise from the map's x axis, either as
-180 to 180 or as 0 to 360.
"""

from typing import Any, Literal

from schemas import ACTIVE, DETECTED, Combine, Domain, Draw, Kind, Label, Unit, choice, flag, number


class MobileRobot(Kind, domain=Domain.ROBOTICS, interval=1.0, en="Mobile robot", ko="자율이동로봇"):
    """A mobile robot: what it does, where it is on the floor, and how long it can go on."""

    state: Literal["idle", "driving", "loading", "charging", "paused", "blocked", "error"] = choice(
        {
            "idle": Label("Idle", "대기"),
            "driving": Label("Driving", "주행"),
            "loading": Label("Loading or unloading", "적재·하역"),
            "charging": Label("Charging", "충전"),
            "paused": Label("Paused", "일시 정지"),
            "blocked": Label("Blocked", "경로 막힘"),
            "error": Label("Error", "오류"),
        },
        en="State",
        ko="상태",
        alarm=("blocked", "error"),
    )
    x: float | None = number(
        -10_000,
        10_000,
        Unit.METRE,
        en="X",
        ko="X 위치",
        combine=Combine.LAST,
        optional=True,
    )
    y: float | None = number(
        -10_000,
        10_000,
        Unit.METRE,
        en="Y",
        ko="Y 위치",
        combine=Combine.LAST,
        optional=True,
    )
    heading: float | None = number(-180, 360, Unit.DEGREE, en="Heading", ko="방향", optional=True)
    speed: float | None = number(
        -10, 10, Unit.METRE_PER_SECOND, en="Speed", ko="속도", optional=True
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
    load: float | None = number(
        0, 10_000, Unit.KILOGRAM, en="Load", ko="적재 중량", draw=Draw.STAT, optional=True
    )
    localization_score: float | None = number(
        0,
        1,
        Unit.RATIO,
        en="Localization score",
        ko="위치 신뢰도",
        normal=(0.5, None),
        optional=True,
    )
    field_violation: bool | None = flag(
        DETECTED, en="Obstacle in safety field", ko="안전 구역 침범", alarm=True, optional=True
    )
    e_stop: bool | None = flag(
        ACTIVE, en="Emergency stop", ko="비상 정지", alarm=True, optional=True
    )


EXAMPLE: dict[str, Any] = {
    "state": "driving",
    "x": 18.42,
    "y": 7.95,
    "heading": 92.0,
    "speed": 0.82,
    "battery": 76.0,
    "load": 35.0,
    "localization_score": 0.93,
    "field_violation": False,
    "e_stop": False,
}
