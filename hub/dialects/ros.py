"""ROS over MQTT as JSON: mqtt_bridge, rosbridge's ``publish``, or a node's own bridge.

The type of a message follows from its shape: BatteryState, Odometry, Pose (also stamped or with
covariance), JointState, NavSatFix, Imu; Temperature, RelativeHumidity, FluidPressure, Illuminance.
The first level of the topic is the robot (``amr1/odom``). Units are SI: rad, m, m/s, a battery
from 0 to 1; NaN is "not measured". A stamp near zero counts from the start of a simulation. See
docs.ros.org: sensor_msgs, nav_msgs, geometry_msgs.
"""

import math
import re
from collections.abc import Callable, Collection
from typing import Any

from hub.dialects.dialect import Dialect, Draft, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, inner, number, parsed_object, scaled
from hub.dialects.parsing.quaternion import pitch, roll, yaw
from hub.dialects.parsing.times import stamp
from schemas import Label

_TOPICS = re.compile(
    r"odom|odometry|battery(_state)?|joint_states|fix|imu|pose|amcl_pose|tf|scan|status"
)
"""Names of topics at the top: such a robot has no name."""
_UNNAMED = "robot"
_JOINTS = 6
_NO_ARM = ("wheel", "finger", "gripper", "caster")
_UNIVERSAL = ("shoulder_pan", "shoulder_lift", "elbow", "wrist_1", "wrist_2", "wrist_3")
"""Joints of Universal Robots' arms from the base on; their driver sends them by the alphabet."""
_OF_HUMANOIDS = Label(
    "is used of a humanoid; plan the device as one in the zone file",
    "휴머노이드에만 씁니다. 존 파일에서 이 기기를 휴머노이드로 정하세요",
)
_Message = dict[str, Any]
_Shape = Callable[[Told, str, _Message, Collection[str]], None]


def _message(heard: Heard, _: Memory) -> Told:
    device = _robot(heard)
    if heard.payload in (b"online", b"offline"):  # the will of mqtt_client
        return Told(presences=[Presence(device, heard.payload == b"online")])
    if heard.payload[:4] == b"\0\1\0\0":
        raise Misfit(*_CDR)
    if heard.payload[0] >= 0x80:
        raise Misfit(*_MESSAGE_PACK)
    said = parsed_object(heard.payload)
    if said.get("op") == "publish":  # rosbridge
        said = inner(said, "msg")
    known = heard.kinds_of(device)
    for keys, translate in _SHAPES:
        if keys <= said.keys():
            told = Told()
            translate(told, device, said, known)
            return told
    raise Misfit(*_NO_SHAPE)


_CDR = (
    "this is serialized CDR, as mqtt_client sends it; send the message as JSON",
    "mqtt_client가 보내는 CDR 직렬화 데이터입니다. 메시지를 JSON으로 보내세요",
)
_MESSAGE_PACK = (
    "this is MessagePack; set mqtt_bridge's serializer to json:dumps",
    "MessagePack 데이터입니다. mqtt_bridge의 serializer를 json:dumps로 설정하세요",
)
_KNOWN = (
    "BatteryState, Odometry, Pose, JointState, NavSatFix, Imu, Temperature, RelativeHumidity, "
    "FluidPressure, Illuminance"
)
_NO_SHAPE = (f"this is none of {_KNOWN}", f"{_KNOWN} 중 하나가 아닙니다")


def _robot(heard: Heard) -> str:
    first = heard.parts["device"]
    if heard.parts.get("rest") or not _TOPICS.fullmatch(first):
        return first
    return _UNNAMED


def _draft(told: Told, kind: str, device: str, said: _Message) -> Draft:
    return told.draft(kind, device, time=stamp(inner(said, "header").get("stamp")))


def _leave(told: Told, said: _Message, *used: str) -> None:
    for name, value in said.items():
        if name != "header" and name not in used:
            told.leave(name, value)


def _battery(told: Told, device: str, said: _Message, known: Collection[str]) -> None:
    kind = next((it for it in known if it in {"humanoid", "drone", "scooter"}), "mobile_robot")
    _draft(told, kind, device, said).take("battery", said["percentage"], "percentage", _percent)
    _leave(told, said, "percentage")


def _percent(value: Any) -> float | None:
    """Turn 0 to 1 into %; some drivers give % already."""
    found = number(value)
    return round(found * 100, 3) if found is not None and 0 <= found <= 1 else found


def _odometry(told: Told, device: str, said: _Message, _: Collection[str]) -> None:
    robot = _draft(told, "mobile_robot", device, said)
    _place_of(robot, inner(said, "pose", "pose"), "pose.pose")
    linear = inner(said, "twist", "twist", "linear")
    if linear:
        robot.take("speed", linear, "twist.twist.linear", _speed)
    _leave(told, said, "pose", "twist")


def _speed(linear: _Message) -> float | None:
    """Return the speed over the floor, negative in reverse."""
    x, y = number(linear.get("x", 0.0)), number(linear.get("y", 0.0))
    if x is None or y is None:
        return None
    return round(math.copysign(math.hypot(x, y), x or y), 4)


def _stamped_pose(told: Told, device: str, said: _Message, known: Collection[str]) -> None:
    within = inner(said, "pose")
    if isinstance(within.get("pose"), dict):  # with covariance
        _pose_at(told, device, said, within["pose"], "pose.pose.", known)
    else:
        _pose_at(told, device, said, within, "pose.", known)
    _leave(told, said, "pose")


def _pose(told: Told, device: str, said: _Message, known: Collection[str]) -> None:
    _pose_at(told, device, said, said, "", known)


def _pose_at(
    told: Told, device: str, said: _Message, pose: _Message, at: str, known: Collection[str]
) -> None:
    """Take a pose: of a known arm that of its tool, else that of a mobile robot."""
    if "robot_arm" in known and "mobile_robot" not in known:
        arm, position = _draft(told, "robot_arm", device, said), inner(pose, "position")
        for axis in "xyz":
            arm.take(f"tool_{axis}", position.get(axis), f"{at}position.{axis}", _MILLIMETRES)
    else:
        _place_of(_draft(told, "mobile_robot", device, said), pose, at.rstrip("."))


_MILLIMETRES = scaled(1_000, 3)


def _place_of(robot: Draft, pose: _Message, at: str) -> None:
    start, position = f"{at}." if at else "", inner(pose, "position")
    for axis in "xy":
        if axis in position:
            robot.take(axis, position[axis], f"{start}position.{axis}", number)
    if "orientation" in pose:
        robot.take("heading", pose["orientation"], f"{start}orientation", yaw)


def _imu(told: Told, device: str, said: _Message, known: Collection[str]) -> None:
    if "humanoid" in known:
        draft = _draft(told, "humanoid", device, said)
        draft.take("roll", said["orientation"], "orientation", roll)
        draft.take("pitch", said["orientation"], "orientation", pitch)
    else:
        told.leave("orientation", said["orientation"], _OF_HUMANOIDS)
    _leave(told, said, "orientation")


def _joints(told: Told, device: str, said: _Message, _: Collection[str]) -> None:
    """Take the joints of an arm in the order of their names: drivers send them in any."""
    names, positions = said["name"], said["position"]
    if not isinstance(names, list) or not isinstance(positions, list):
        raise Misfit("name and position are arrays", "name과 position은 배열이어야 합니다")
    if len(names) != len(positions):
        raise Misfit(
            f"there are {len(names)} names and {len(positions)} positions",
            f"name은 {len(names)}개, position은 {len(positions)}개입니다",
        )
    found = {str(name)[:64]: value for name, value in zip(names, positions, strict=True)}
    order = _in_order([name for name in found if not any(part in name.lower() for part in _NO_ARM)])
    arm = _draft(told, "robot_arm", device, said)
    for name, value in found.items():
        if name in order:
            arm.take(f"joint_{order[name]}", value, f"position.{name}", _DEGREES)
        else:
            told.leave(f"position.{name}", value)
    _leave(told, said, "name", "position")


_DEGREES = scaled(180 / math.pi, 3)


def _in_order(names: list[str]) -> dict[str, int]:
    """Return the number of each joint, from 1: by the arm, by its number, else the alphabet."""
    universal = {part: place for place, part in enumerate(_UNIVERSAL, 1)}
    known = {name: universal.get(name.removesuffix("_joint")) for name in names}
    numbers = {name: re.search(r"(\d{1,2})\D*$", name) for name in names}
    counted = {name: int(match[1]) for name, match in numbers.items() if match}
    if all(known.values()):
        order = {name: place for name, place in known.items() if place}
    elif len(set(counted.values())) == len(names):
        base = 0 if 0 in counted.values() else 1
        order = {name: count - base + 1 for name, count in counted.items()}
    else:
        order = {name: place for place, name in enumerate(sorted(names), 1)}
    return {name: place for name, place in order.items() if place <= _JOINTS}


def _fix(told: Told, device: str, said: _Message, known: Collection[str]) -> None:
    kind = "drone" if "drone" in known else "tracker"
    if inner(said, "status").get("status") == -1:
        return told.leave("status.status", -1, Label("no fix", "위성 위치를 찾지 못했습니다"))
    draft = _draft(told, kind, device, said)
    for name in ("latitude", "longitude", "altitude"):
        if name in said:
            draft.take(name, said[name], name, number)
    _leave(told, said, "latitude", "longitude", "altitude", "status")
    return None


_CLIMATE = {
    "temperature": To("climate_sensor", "temperature", number),
    "relative_humidity": To("climate_sensor", "humidity", scaled(100.0, 3)),
    "fluid_pressure": To("climate_sensor", "pressure", scaled(0.01, 3)),
    "illuminance": To("climate_sensor", "illuminance", number),
}


def _climate(told: Told, device: str, said: _Message, _: Collection[str]) -> None:
    found = [name for name in _CLIMATE if name in said]
    for name in found:
        to = _CLIMATE[name]
        _draft(told, to.kind, device, said).take(to.field, said[name], name, to.convert)
    _leave(told, said, *found)


def _unused(told: Told, _device: str, said: _Message, _known: Collection[str]) -> None:
    _leave(told, said)


_SHAPES: tuple[tuple[frozenset[str], _Shape], ...] = (
    (frozenset({"pose", "twist"}), _odometry),
    (frozenset({"percentage"}), _battery),
    (frozenset({"name", "position"}), _joints),
    (frozenset({"latitude", "longitude"}), _fix),
    (frozenset({"orientation", "angular_velocity"}), _imu),
    (frozenset({"pose"}), _stamped_pose),
    (frozenset({"position", "orientation"}), _pose),
    *((frozenset({name, "variance"}), _climate) for name in _CLIMATE),
    (frozenset({"linear", "angular"}), _unused),  # Twist: what it is told to do
    (frozenset({"data"}), _unused),  # std_msgs: they say not what it is
)
TYPES = frozenset(
    f"{package}/msg/{name}"
    for package, names in (
        ("geometry_msgs", "Pose PoseStamped PoseWithCovariance PoseWithCovarianceStamped"),
        ("nav_msgs", "Odometry"),
        ("sensor_msgs", "BatteryState FluidPressure Illuminance Imu JointState NavSatFix"),
        ("sensor_msgs", "RelativeHumidity Temperature"),
    )
    for name in names.split()
)
"""The types of ROS 2 whose messages have one of these shapes as JSON."""
_SAMPLE = (
    '{"pose":{"pose":{"position":{"x":1.2,"y":0.4},"orientation":{"z":0.7071,"w":0.7071}}},'
    '"twist":{"twist":{"linear":{"x":0.6,"y":0.0}}}}'
)

DIALECT = Dialect(
    "ros",
    Label("ROS (JSON)", "ROS(JSON)"),
    topics={
        "mqtt_client/ros_msg_type/{rest+}": ignore,
        "/{device}": _message,
        "/{device}/{rest+}": _message,
        "{device}": _message,
        "{device}/{rest+}": _message,
    },
    setup=(
        SetupStep(
            Label(
                "Bridge: topic_to, with the robot's own name in it",
                "bridge: topic_to(로봇마다 다른 이름으로)",
            ),
            "{root}/{booth}/ros/amr1/odom",
        ),
        SetupStep(
            Label(
                "mqtt_bridge: serializer and deserializer", "mqtt_bridge: serializer와 deserializer"
            ),
            "json:dumps, json:loads",
        ),
    ),
    sample=("amr1/odom", _SAMPLE),
)
