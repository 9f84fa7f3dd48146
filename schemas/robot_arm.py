"""A six-axis robot arm, industrial or collaborative.

What is reported follows Universal Robots' Real-Time Data Exchange (actual_q, actual_TCP_pose,
robot_mode, safety_mode, runtime_state), in degrees and millimetres. Joints turn up to ±360°, as
those of the UR e-Series do; ±5 m holds the reach of the largest arms on the market. Emergency stop
and protective stop are the functions of ISO 10218-1.
"""

from typing import Any, Literal

from schemas import ACTIVE, Combine, Domain, Kind, Label, Unit, choice, flag, number


class RobotArm(Kind, domain=Domain.ROBOTICS, interval=0.5, en="Robot arm", ko="로봇 팔"):
    """A robot arm: what it does, its joint angles, and where its tool is."""

    state: Literal["off", "idle", "running", "paused", "protective_stop", "fault"] = choice(
        {
            "off": Label("Off", "꺼짐"),
            "idle": Label("Idle", "대기"),
            "running": Label("Running", "작업 중"),
            "paused": Label("Paused", "일시 정지"),
            "protective_stop": Label("Protective stop", "보호 정지"),
            "fault": Label("Fault", "고장"),
        },
        en="State",
        ko="상태",
        alarm=("protective_stop", "fault"),
    )
    e_stop: bool | None = flag(
        ACTIVE, en="Emergency stop", ko="비상 정지", alarm=True, optional=True
    )
    cycle_time: float | None = number(
        0, 3_600, Unit.SECOND, en="Cycle time", ko="사이클 타임", optional=True
    )
    joint_1: float | None = number(-360, 360, Unit.DEGREE, en="Joint 1", ko="1축", optional=True)
    joint_2: float | None = number(-360, 360, Unit.DEGREE, en="Joint 2", ko="2축", optional=True)
    joint_3: float | None = number(-360, 360, Unit.DEGREE, en="Joint 3", ko="3축", optional=True)
    joint_4: float | None = number(-360, 360, Unit.DEGREE, en="Joint 4", ko="4축", optional=True)
    joint_5: float | None = number(-360, 360, Unit.DEGREE, en="Joint 5", ko="5축", optional=True)
    joint_6: float | None = number(-360, 360, Unit.DEGREE, en="Joint 6", ko="6축", optional=True)
    tool_x: float | None = number(
        -5_000, 5_000, Unit.MILLIMETRE, en="Tool X", ko="툴 X", combine=Combine.LAST, optional=True
    )
    tool_y: float | None = number(
        -5_000, 5_000, Unit.MILLIMETRE, en="Tool Y", ko="툴 Y", combine=Combine.LAST, optional=True
    )
    tool_z: float | None = number(
        -5_000, 5_000, Unit.MILLIMETRE, en="Tool Z", ko="툴 Z", combine=Combine.LAST, optional=True
    )


EXAMPLE: dict[str, Any] = {
    "state": "running",
    "e_stop": False,
    "cycle_time": 12.4,
    "joint_1": -42.7,
    "joint_2": -98.3,
    "joint_3": 87.5,
    "joint_4": -79.2,
    "joint_5": -90.0,
    "joint_6": 47.3,
    "tool_x": 412.6,
    "tool_y": -188.4,
    "tool_z": 305.1,
}
