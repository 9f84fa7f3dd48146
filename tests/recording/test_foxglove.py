"""Recordings in Foxglove and Lichtblick: what they show of the files themselves and of exports."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.format import Recorded, read
from hub.recording.foxglove import export_foxglove
from hub.recording.message_schema import readable, schema_of
from schemas import kinds
from tests.recording.made import FIRST, ROOT, written
from tests.recording.viewer import refusal, seen

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
BUSY, BAD = RECORDINGS / "busy-hour.mcap", RECORDINGS / "misbehaving-booth.mcap"


@pytest.mark.parametrize("kind", kinds())
def test_the_schema_of_a_kind_can_be_read(kind: str):
    schema = json.loads(schema_of(kinds()[kind]))
    assert refusal(schema) is None
    declared = {spec.name for spec in kinds()[kind].fields}
    assert set(schema["properties"]) == declared
    assert readable(schema) == schema


def test_the_schema_of_the_api_could_not():
    assert refusal(kinds()["thermostat"].json_schema()) == "unsupported type for target: None"


def test_all_of_a_recording_is_shown_but_what_is_no_json(tmp_path: Path):
    messages = list(read(BUSY))
    shown, refused = seen(BUSY)
    texts = [message for message in messages if layout.encoding_of(message) == layout.BYTES]
    assert {message.verdict for message in texts} == {"state"}
    assert len([topic for topic, _, _ in shown if topic != layout.ABOUT]) == len(messages) - len(
        texts
    )
    assert set(refused) == {f"{it.topic}: application/octet-stream" for it in texts}


def test_what_messages_have_of_their_own_is_shown(tmp_path: Path):
    own = {"user_properties": [["a", "1"]], "correlation_data": "AP8="}
    message = Recorded(f"{ROOT}/b1/thermostat/t", b'{"temperature":21}', FIRST, properties=own)
    shown, refused = seen(written(tmp_path / "a.mcap", [message]))
    assert refused == []
    assert shown[0] == (layout.ABOUT, layout.ABOUT, {"properties": own})


@pytest.mark.parametrize("payload", [b'\xef\xbb\xbf{"temperature":21}', b'{"temperature":21}\0\0'])
def test_what_only_a_hub_takes_for_json_is_not_called_json(payload: bytes):
    message = Recorded(f"{ROOT}/b1/thermostat/t", payload, FIRST)
    assert layout.encoding_of(message) == layout.BYTES


@pytest.mark.parametrize("source", [BUSY, BAD])
def test_an_export_is_shown_in_full(tmp_path: Path, source: Path):
    out = tmp_path / "a.mcap"
    count, beside = export_foxglove(read(source), out, kinds(), ROOT)
    shown, refused = seen(out)
    assert refused == []
    assert len(shown) == count + beside
    assert count == len(list(read(source)))


def exported(tmp: Path, kind: str, said: dict[str, Any]) -> list[tuple[str, str, Any]]:
    message = Recorded(f"{ROOT}/b1/{kind}/d", json.dumps(said).encode(), FIRST + 5)
    export_foxglove([message], tmp / "a.mcap", kinds(), ROOT)
    return seen(tmp / "a.mcap")[0]


STAMP = {"timestamp": {"sec": FIRST // 10**9, "nsec": 5}}


def test_a_tracker_is_on_the_map(tmp_path: Path):
    said = {"latitude": 37.5, "longitude": 127.0, "accuracy": 3, "heading": 90}
    raw, fix = exported(tmp_path, "tracker", said)
    assert raw == (f"{ROOT}/b1/tracker/d", "tracker", said)
    assert fix == (
        f"{ROOT}/b1/tracker/d/location",
        "foxglove.LocationFix",
        STAMP
        | {"frame_id": "b1/tracker/d", "latitude": 37.5, "longitude": 127.0, "altitude": 0.0}
        | {"heading": math.pi / 2, "position_covariance": [9.0, 0, 0, 0, 9.0, 0, 0, 0, 0]}
        | {"position_covariance_type": 1},
    )


def test_a_robot_has_a_pose_on_the_floor(tmp_path: Path):
    _, pose = exported(
        tmp_path, "mobile_robot", {"state": "driving", "x": 1.5, "y": -2.0, "heading": 90}
    )
    assert pose[:2] == (f"{ROOT}/b1/mobile_robot/d/pose", "foxglove.PoseInFrame")
    assert pose[2]["frame_id"] == "map"
    assert pose[2]["pose"]["position"] == {"x": 1.5, "y": -2.0, "z": 0.0}
    orientation = pose[2]["pose"]["orientation"]
    assert [orientation[axis] for axis in "xyzw"] == pytest.approx(
        [0, 0, math.sqrt(0.5), math.sqrt(0.5)]
    )


def test_an_arm_has_joints_in_radians(tmp_path: Path):
    _, joints = exported(
        tmp_path, "robot_arm", {"state": "running", "joint_1": 180, "joint_3": -90}
    )
    assert joints[1:] == (
        "foxglove.JointStates",
        STAMP
        | {
            "joints": [
                {"name": "joint_1", "position": math.pi},
                {"name": "joint_3", "position": -math.pi / 2},
            ]
        },
    )


def test_a_rejection_is_in_the_log_and_its_payload_beside(tmp_path: Path):
    topic = f"{ROOT}/b1/thermostat/t"
    bad = Recorded(topic, b'{"temperature":"\xff', FIRST, verdict="rejected:json")
    export_foxglove([bad], tmp_path / "a.mcap", kinds(), ROOT)
    raw, log = seen(tmp_path / "a.mcap")[0]
    assert raw[:2] == (f"{topic}/rejected", "smartlife.Message")
    assert raw[2]["payload_base64"]
    assert log[:2] == ("rejections", "foxglove.Log")
    assert (log[2]["level"], log[2]["name"], log[2]["file"]) == (3, topic, "rejected:json")
    assert "UTF-8" in log[2]["message"]


def test_a_status_is_json(tmp_path: Path):
    status = Recorded(f"{ROOT}/b1/thermostat/t/status", b"Offline\0", FIRST, verdict="state")
    export_foxglove([status], tmp_path / "a.mcap", kinds(), ROOT)
    assert seen(tmp_path / "a.mcap")[0] == [
        (status.topic, "smartlife.Status", {"state": "offline"})
    ]


def test_the_command_exports_and_leaves_a_file_that_is_there(tmp_path: Path):
    out = tmp_path / "a.mcap"
    arguments = ["recording", "export", str(BUSY), "--to", "foxglove", "--out", str(out)]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0
    assert "views of them for panels" in ended.output
    with pytest.raises(RecordingError, match="is there already"):
        export_foxglove(read(BUSY), out, kinds(), ROOT)


def test_more_topics_than_a_file_may_have_are_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("hub.recording.foxglove.MAX_CHANNELS", 3)
    with pytest.raises(RecordingError, match="more than 3 topics; choose some with --booth"):
        export_foxglove(read(BUSY), tmp_path / "a.mcap", kinds(), ROOT)
    assert not (tmp_path / "a.mcap").exists()
