"""Exports recordings for Foxglove and Lichtblick: everything as JSON, with views for their panels.

Readings stay as they are. Beside them stand what the panels draw: `foxglove.LocationFix` on a map,
`foxglove.PoseInFrame` in a scene, `foxglove.JointStates`, and rejections as `foxglove.Log`. The
schemas are those of https://docs.foxglove.dev/docs/sdk/schemas, as far as something is in them.
"""

import json
from collections.abc import Iterable, Mapping
from math import cos, radians, sin
from pathlib import Path
from typing import IO, Any, NamedTuple

from mcap.writer import CompressionType
from mcap.writer import Writer as McapWriter

from hub.errors import RecordingError
from hub.files import whole
from hub.messages import Reading, Rejection, Status
from hub.pipeline.batch import held
from hub.pipeline.decode import Decoder, Verdict
from hub.recording.export import not_written, payload_in_json
from hub.recording.layout import (
    ACCEPTED,
    JSON,
    LIBRARY,
    MAX_CHANNELS,
    REJECTED,
    STATE,
    Recorded,
    encoding_of,
)
from hub.recording.message_schema import compact, schema_of
from hub.timestamps import SECOND
from schemas import KindSpec

REJECTIONS = "rejections"
_WARNING = 3
"""The level of a `foxglove.Log`."""
_JOINTS = "joint_"


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_NUMBER, _INTEGER, _TEXT = {"type": "number"}, {"type": "integer"}, {"type": "string"}
_NUMBERS = {"type": "array", "items": _NUMBER}
_TIME = {**_object(sec=_INTEGER, nsec=_INTEGER), "title": "time"}
_XYZ = _object(x=_NUMBER, y=_NUMBER, z=_NUMBER)
_SCHEMAS = {
    "foxglove.LocationFix": _object(
        timestamp=_TIME,
        frame_id=_TEXT,
        latitude=_NUMBER,
        longitude=_NUMBER,
        altitude=_NUMBER,
        heading=_NUMBER,
        position_covariance=_NUMBERS,
        position_covariance_type=_INTEGER,
    ),
    "foxglove.PoseInFrame": _object(
        timestamp=_TIME,
        frame_id=_TEXT,
        pose=_object(
            position=_XYZ, orientation=_object(x=_NUMBER, y=_NUMBER, z=_NUMBER, w=_NUMBER)
        ),
    ),
    "foxglove.JointStates": _object(
        timestamp=_TIME, joints={"type": "array", "items": _object(name=_TEXT, position=_NUMBER)}
    ),
    "foxglove.Log": _object(
        timestamp=_TIME, level=_INTEGER, message=_TEXT, name=_TEXT, file=_TEXT, line=_INTEGER
    ),
    "smartlife.Status": _object(state=_TEXT),
    "smartlife.Message": _object(verdict=_TEXT, payload=_TEXT, payload_base64=_TEXT),
}


class View(NamedTuple):
    """A message for a panel: its topic, its schema by name, and what it says."""

    topic: str
    schema: str
    said: Mapping[str, Any]


def views(reading: Reading, topic: str) -> list[View]:
    """Return what the panels can draw of a reading. Pure."""
    fields, stamp = reading.fields, _stamp(reading.ts)
    found = []
    if "latitude" in fields and "longitude" in fields:
        fix = _location(fields, "/".join(reading.address))
        found.append(View(f"{topic}/location", "foxglove.LocationFix", {**stamp, **fix}))
    if "x" in fields and "y" in fields:
        found.append(View(f"{topic}/pose", "foxglove.PoseInFrame", {**stamp, **_pose(fields)}))
    joints = [
        {"name": name, "position": radians(value)}
        for name, value in fields.items()
        if name.startswith(_JOINTS) and name.removeprefix(_JOINTS).isdecimal()
    ]
    if joints:
        said = {**stamp, "joints": joints}
        found.append(View(f"{topic}/joints", "foxglove.JointStates", said))
    return found


def _location(fields: Mapping[str, Any], frame: str) -> dict[str, Any]:
    heading = {"heading": radians(fields["heading"])} if "heading" in fields else {}
    return {
        "frame_id": frame,
        "latitude": fields["latitude"],
        "longitude": fields["longitude"],
        "altitude": fields.get("altitude", 0.0),
        **heading,
        **_covariance(fields.get("accuracy")),
    }


def _covariance(accuracy: float | None) -> dict[str, Any]:
    """The covariance in m², east, north and up; of type 0, unknown, or 1, approximated."""
    if accuracy is None:
        return {"position_covariance": [0.0] * 9, "position_covariance_type": 0}
    square = accuracy**2
    diagonal = [square, 0.0, 0.0, 0.0, square, 0.0, 0.0, 0.0, 0.0]
    return {"position_covariance": diagonal, "position_covariance_type": 1}


def _pose(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The pose on the venue's floor; the heading is counter-clockwise from x (VDA 5050's theta)."""
    half = radians(fields.get("heading", 0.0)) / 2
    position = {"x": fields["x"], "y": fields["y"], "z": fields.get("z", 0.0)}
    orientation = {"x": 0.0, "y": 0.0, "z": sin(half), "w": cos(half)}
    return {"frame_id": "map", "pose": {"position": position, "orientation": orientation}}


def _stamp(ns: int) -> dict[str, Any]:
    return {"timestamp": {"sec": ns // SECOND, "nsec": ns % SECOND}}


def export_foxglove(
    messages: Iterable[Recorded], path: Path, kinds: Mapping[str, KindSpec], root: str
) -> tuple[int, int]:
    """Write messages, and their views, as MCAP that Foxglove shows in full.

    Returns:
        The messages, and the views beside them.

    Raises:
        RecordingError: the file exists already, cannot be written, or has too many topics.
    """
    try:
        with whole(path) as part, part.open("xb") as file:
            output = _Output(file, kinds)
            decoder, count = Decoder(root, kinds), 0
            for message in messages:
                _add(output, message, decoder)
                count += 1
            output.finish()
    except OSError as exc:
        raise not_written(exc, path) from exc
    return count, output.written - count


def _add(output: "_Output", message: Recorded, decoder: Decoder) -> None:
    verdict = decoder.decode(message.topic, message.payload, message.at)
    if message.verdict == ACCEPTED and isinstance(verdict, Reading):
        as_it_is = encoding_of(message) == JSON
        said = message.payload if as_it_is else compact(verdict.fields)
        output.add(message.topic, verdict.address.kind, message.at, said)
        for view in views(verdict, message.topic):
            output.add(view.topic, view.schema, message.at, compact(view.said))
    elif message.verdict == ACCEPTED and held(verdict):  # of a dialect: each has a separate topic
        for reading in held(verdict):
            topic = f"{message.topic}/{reading.address.kind}/{reading.address.device}"
            output.add(topic, reading.address.kind, message.at, compact(reading.fields))
            for view in views(reading, topic):
                output.add(view.topic, view.schema, message.at, compact(view.said))
    elif message.verdict == STATE and isinstance(verdict, Status):
        said = compact({"state": "online" if verdict.online else "offline"})
        output.add(message.topic, "smartlife.Status", message.at, said)
    else:
        _add_other(output, message, verdict)


def _add_other(output: "_Output", message: Recorded, verdict: Verdict) -> None:
    """A message that is no reading, on a separate topic; a rejection in the log, too."""
    word = message.verdict.partition(":")[0]
    said = {"verdict": message.verdict, **payload_in_json(message.payload)}
    output.add(f"{message.topic}/{word}", "smartlife.Message", message.at, compact(said))
    if word == REJECTED:
        why = verdict.message.en if isinstance(verdict, Rejection) else message.verdict
        log = {**_stamp(message.at), "level": _WARNING, "message": why}
        log |= {"name": message.topic, "file": message.verdict, "line": 0}
        output.add(REJECTIONS, "foxglove.Log", message.at, compact(log))


class _Output:
    """An MCAP file of JSON channels, each with a schema; `written` counts its messages."""

    def __init__(self, file: IO[bytes], kinds: Mapping[str, KindSpec]) -> None:
        self._writer: Any = McapWriter(file, compression=CompressionType.ZSTD)
        self._writer.start(library=LIBRARY)
        self._kinds = kinds
        self._schemas: dict[str, int] = {}
        self._channels: dict[tuple[str, str], int] = {}
        self.written = 0

    def add(self, topic: str, schema: str, at: int, said: bytes) -> None:
        channel = self._channels.get((topic, schema))
        if channel is None:
            channel = self._channel(topic, schema)
        self.written += 1
        self._writer.add_message(channel, at, said, at, self.written & 0xFFFFFFFF)

    def _channel(self, topic: str, schema: str) -> int:
        if len(self._channels) >= MAX_CHANNELS:
            raise RecordingError(
                f"there are more than {MAX_CHANNELS:,} topics; choose some with --booth or --kind"
            )
        if schema not in self._schemas:
            said = _SCHEMAS.get(schema)
            data = schema_of(self._kinds[schema]) if said is None else json.dumps(said).encode()
            self._schemas[schema] = self._writer.register_schema(schema, "jsonschema", data)
        channel: int = self._writer.register_channel(topic, JSON, self._schemas[schema])
        self._channels[topic, schema] = channel
        return channel

    def finish(self) -> None:
        self._writer.finish()
