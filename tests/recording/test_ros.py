"""What ROS 2 recorded, as MCAP or rosbag2 in CDR, becomes readings; what no kind takes is named."""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap_ros2.writer import Writer as McapWriter
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin
from rosbags.rosbag2 import Writer as BagWriter
from rosbags.typesys import Stores, get_typestore
from typer.testing import CliRunner

from hub.cli import app
from hub.dialects.ros import TYPES
from hub.errors import RecordingError
from hub.recording.foreign.importing import Imported, ImportTerms, form_of, import_file
from hub.recording.format import Recorded, read
from hub.recording.topic_map import TopicMap
from hub.testing.hub import replayed_hub
from schemas import kinds
from tests.recording.made import FIRST, ROOT

S = 10**9
HUMBLE = get_typestore(Stores.ROS2_HUMBLE)
GIVEN = {"sensor_msgs/msg/FluidPressure": {"fluid_pressure": 101_325.0}}
"""What is no measurement if it is zero."""
MAPPED = f"/#={ROOT}/b1/ros/#"


def imported(path: Path, *maps: str) -> tuple[list[Recorded], Imported]:
    out = path.with_name("out.mcap")
    out.unlink(missing_ok=True)
    result = import_file(path, out, None, ImportTerms(ROOT, TopicMap(maps), 0, S), kinds())
    return list(read(out)), result


def made(type_: str, **given: Any) -> Any:
    """A message with the given fields; all others are zero, empty, or as deep as the type goes."""

    def empty(field: Any) -> Any:
        kind, about = field
        match kind.name:
            case "BASE":
                return "" if about[0] == "string" else about[0] == "float64" and 0.0
            case "NAME":
                return made(about)
            case "ARRAY":
                return np.zeros(about[1], about[0][1][0])
        return [] if about[0][1][0] == "string" else np.zeros(0, about[0][1][0])

    fields = dict(HUMBLE.fielddefs[type_][1])
    return HUMBLE.types[type_](**{name: empty(it) for name, it in fields.items()} | given)


def header(second: int) -> Any:
    stamp = made("builtin_interfaces/msg/Time", sec=FIRST // S + second)
    return made("std_msgs/msg/Header", stamp=stamp)


def pose(x: float, y: float, z: float, w: float) -> Any:
    return made(
        "geometry_msgs/msg/Pose",
        position=made("geometry_msgs/msg/Point", x=x, y=y),
        orientation=made("geometry_msgs/msg/Quaternion", z=z, w=w),
    )


def drive() -> Iterator[tuple[str, str, Any, int]]:
    """Topic, type, message and second of what a robot sends."""
    odometry = made(
        "nav_msgs/msg/Odometry",
        header=header(0),
        pose=made("geometry_msgs/msg/PoseWithCovariance", pose=pose(1.2, 0.4, 0.7071, 0.7071)),
        twist=made(
            "geometry_msgs/msg/TwistWithCovariance",
            twist=made("geometry_msgs/msg/Twist", linear=made("geometry_msgs/msg/Vector3", x=0.6)),
        ),
    )
    yield "/amr1/odom", "nav_msgs/msg/Odometry", odometry, 0
    battery = made(
        "sensor_msgs/msg/BatteryState",
        header=header(1),
        percentage=0.5,
        voltage=math.nan,
        current=-math.inf,
    )
    yield "/amr1/battery", "sensor_msgs/msg/BatteryState", battery, 1
    joints = made(
        "sensor_msgs/msg/JointState",
        header=header(2),
        name=["joint_1", "joint_2"],
        position=np.array([0.0, math.pi / 2]),
    )
    yield "/arm/joint_states", "sensor_msgs/msg/JointState", joints, 2
    fix = made("sensor_msgs/msg/NavSatFix", header=header(3), latitude=37.51, longitude=127.06)
    yield "/cart/fix", "sensor_msgs/msg/NavSatFix", fix, 3
    yield "/amr1/scan", "sensor_msgs/msg/LaserScan", made("sensor_msgs/msg/LaserScan"), 4


def as_dict(value: Any) -> Any:
    if is_dataclass(value):
        return {item.name: as_dict(getattr(value, item.name)) for item in fields(value)}
    return value.tolist() if isinstance(value, np.ndarray) else value


def as_bag(path: Path, plugin: StoragePlugin, mode: CompressionMode | None = None) -> Path:
    bag = BagWriter(path, version=9, storage_plugin=plugin)
    if mode is not None:
        bag.set_compression(mode, CompressionFormat.ZSTD)
    with bag:
        for topic, type_, message, second in drive():
            connection = bag.add_connection(topic, type_, typestore=HUMBLE)
            payload = HUMBLE.serialize_cdr(message, type_)
            bag.write(connection, FIRST + second * S, payload)
    return path


def as_mcap(path: Path) -> Path:
    """A file by the library of MCAP itself, which shares no code with the one that reads."""
    with path.open("wb") as file:
        writer = McapWriter(file)
        for topic, type_, message, second in drive():
            definition, _ = HUMBLE.generate_msgdef(type_, ros_version=2)
            schema = writer.register_msgdef(type_, definition)
            writer.write_message(topic, schema, as_dict(message), FIRST + second * S)
        writer.finish()
    return path


BAGS = {
    "MCAP": lambda folder: as_mcap(folder / "a.mcap"),
    "rosbag2 in SQLite": lambda folder: as_bag(folder / "bag", StoragePlugin.SQLITE3),
    "rosbag2 in MCAP": lambda folder: as_bag(folder / "bag", StoragePlugin.MCAP),
    "rosbag2, packed by file": lambda folder: as_bag(
        folder / "bag", StoragePlugin.SQLITE3, CompressionMode.FILE
    ),
    "rosbag2, packed by message": lambda folder: as_bag(
        folder / "bag", StoragePlugin.SQLITE3, CompressionMode.MESSAGE
    ),
    "the file of a rosbag2": lambda folder: next(
        as_bag(folder / "bag", StoragePlugin.SQLITE3).glob("*.db3")
    ),
}


@pytest.mark.parametrize("what", BAGS)
def test_what_robots_recorded_gives_readings(tmp_path: Path, what: str):
    path = BAGS[what](tmp_path)
    messages, result = imported(path, MAPPED)
    assert result.verdicts == {"accepted": 4}
    assert [message.at - FIRST for message in messages] == [0, S, 2 * S, 3 * S]
    out = path.with_name("out.mcap")
    with replayed_hub(tmp_path / "hub", out) as hub:
        (odometry, battery) = hub.readings("mobile_robot", device="amr1")
        assert odometry.fields == {"x": 1.2, "y": 0.4, "heading": 90.0, "speed": 0.6}
        assert (odometry.ts, battery.fields) == (FIRST, {"battery": 50.0})
        (arm,) = hub.readings("robot_arm", device="arm")
        assert arm.fields == {"joint_1": 0.0, "joint_2": 90.0}
        (cart,) = hub.readings("tracker", device="cart")
        assert (cart.fields["latitude"], cart.fields["longitude"]) == (37.51, 127.06)


@pytest.mark.parametrize("what", BAGS)
def test_other_types_are_named(tmp_path: Path, what: str):
    (remark,) = imported(BAGS[what](tmp_path), MAPPED)[1].remarks()
    assert remark.startswith(
        "1 not read, the first at topic /amr1/scan: it is sensor_msgs/msg/LaserScan, which is not "
        "read; read are geometry_msgs/msg/Pose, "
    )


def test_what_was_not_measured_is_null(tmp_path: Path):
    messages, _ = imported(as_mcap(tmp_path / "a.mcap"), MAPPED)
    said = json.loads(messages[1].payload)
    assert (said["voltage"], said["current"], said["percentage"]) == (None, None, 0.5)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_the_dialect_takes_each_type_that_is_read(tmp_path: Path, type_: str):
    with BagWriter(tmp_path / "bag", version=9) as bag:
        connection = bag.add_connection("/amr1/x", type_, typestore=HUMBLE)
        bag.write(
            connection, FIRST, HUMBLE.serialize_cdr(made(type_, **GIVEN.get(type_, {})), type_)
        )
    messages, result = imported(tmp_path / "bag", MAPPED)
    assert result.remarks() == []
    assert messages[0].verdict in {"accepted", "ignored"}


def test_a_bag_without_definitions_is_read_as_humble_has_them(tmp_path: Path):
    import sqlite3

    file = BAGS["the file of a rosbag2"](tmp_path)
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE message_definitions")
        database.execute("DROP TABLE schema")
    database.close()
    assert imported(file, MAPPED)[1].verdicts == {"accepted": 4}


def test_names_of_ros_need_a_booth_and_the_error_says_how(tmp_path: Path):
    with pytest.raises(RecordingError) as refused:
        imported(as_mcap(tmp_path / "a.mcap"))
    assert "like '/amr1/odom': give --map-topic '/#=smartlife/v1/BOOTH/ros/#'" in str(refused.value)


@pytest.mark.parametrize("what", ["MCAP", "rosbag2 in SQLite"])
def test_without_the_extra_the_way_out_is_named(tmp_path: Path, monkeypatch, what: str):
    path = BAGS[what](tmp_path)
    monkeypatch.setattr("hub.recording.foreign.ros._reader", _reader_of_nobody())
    for name in [name for name in sys.modules if name.partition(".")[0] == "rosbags"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(RecordingError, match=r"pip install -e '.\[ros\]'"):
        imported(path, MAPPED)


def _reader_of_nobody() -> Any:
    """The function without what it remembers."""
    from hub.recording.foreign import ros

    return ros._reader.__wrapped__


def test_a_payload_that_is_no_such_message_is_named(tmp_path: Path):
    type_ = "sensor_msgs/msg/Imu"
    with BagWriter(tmp_path / "bag", version=9) as bag:
        connection = bag.add_connection("/amr1/imu", type_, typestore=HUMBLE)
        whole = bytes(HUMBLE.serialize_cdr(made(type_), type_))
        for payload in (whole, b"", b"\0\1", whole[:40], b"\xff" * 400):
            bag.write(connection, FIRST, payload)
    messages, result = imported(tmp_path / "bag", MAPPED)
    assert len(messages) == 1
    assert result.unread.total() == 4
    assert all(f"it cannot be read as {type_}: " in remark for remark in result.remarks())


@pytest.mark.parametrize("content", [b"", b"- 1\n", b"rosbag2_bagfile_information: {}\n"])
def test_a_folder_that_is_no_bag_is_named(tmp_path: Path, content: bytes):
    folder = tmp_path / "bag"
    folder.mkdir()
    (folder / "metadata.yaml").write_bytes(content)
    assert form_of(folder) == "rosbag2"
    with pytest.raises(RecordingError, match=r"cannot be read as a rosbag2: .* ros2 bag reindex"):
        imported(folder, MAPPED)


def test_the_command_imports_a_bag(tmp_path: Path):
    bag, out = as_bag(tmp_path / "bag", StoragePlugin.SQLITE3), tmp_path / "a.mcap"
    arguments = ["recording", "import", str(bag), "--out", str(out), "--map-topic", MAPPED]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0, ended.output
    assert "4 messages (4 accepted)" in ended.output
