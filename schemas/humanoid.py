"""A humanoid robot.

Roll and pitch of the torso follow ROS REP 103 (x forward, y left, z up), in degrees. The range of
the speed holds the 3.3 m/s that Unitree states for its H1 and robots that run; motor temperature is
that of the hottest joint. Emergency stop is the function of ISO 13482 (personal care robots).
"""

from typing import Any, Literal

from schemas import ACTIVE, Domain, Draw, Kind, Label, Unit, choice, flag, number


class Humanoid(Kind, domain=Domain.ROBOTICS, interval=1.0, en="Humanoid", ko="휴머노이드"):
    """A humanoid robot: what it does, how it stands, and how warm its joints run."""

    state: Literal[
        "standby", "standing", "walking", "handling", "talking", "charging", "fallen", "fault"
    ] = choice(
        {
            "standby": Label("Standby", "대기"),
            "standing": Label("Standing", "기립"),
            "walking": Label("Walking", "보행"),
            "handling": Label("Handling objects", "물체 조작"),
            "talking": Label("Talking", "대화"),
            "charging": Label("Charging", "충전"),
            "fallen": Label("Fallen", "넘어짐"),
            "fault": Label("Fault", "고장"),
        },
        en="State",
        ko="상태",
        alarm=("fallen", "fault"),
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
    speed: float | None = number(
        -5, 15, Unit.METRE_PER_SECOND, en="Walking speed", ko="보행 속도", optional=True
    )
    roll: float | None = number(
        -180, 180, Unit.DEGREE, en="Torso roll", ko="좌우 기울기", normal=(-15, 15), optional=True
    )
    pitch: float | None = number(
        -180, 180, Unit.DEGREE, en="Torso pitch", ko="앞뒤 기울기", normal=(-30, 45), optional=True
    )
    motor_temperature: float | None = number(
        -40,
        200,
        Unit.CELSIUS,
        en="Hottest motor",
        ko="모터 최고 온도",
        normal=(None, 80),
        optional=True,
    )
    power: float | None = number(
        -20_000, 20_000, Unit.WATT, en="Power", ko="소비 전력", optional=True
    )
    payload: float | None = number(
        0, 200, Unit.KILOGRAM, en="Payload", ko="운반 중량", draw=Draw.STAT, optional=True
    )
    steps: int | None = number(
        0,
        1_000_000_000,
        Unit.COUNT,
        en="Steps",
        ko="걸음 수",
        counter="보",
        draw=Draw.STAT,
        optional=True,
    )
    e_stop: bool | None = flag(
        ACTIVE, en="Emergency stop", ko="비상 정지", alarm=True, optional=True
    )


EXAMPLE: dict[str, Any] = {
    "state": "walking",
    "battery": 68.0,
    "speed": 0.74,
    "roll": 1.2,
    "pitch": 3.8,
    "motor_temperature": 52.0,
    "power": 410.0,
    "payload": 2.5,
    "steps": 3184,
    "e_stop": False,
}
