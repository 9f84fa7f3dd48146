"""Reads ROS 2 messages in CDR, out of MCAP and rosbag2: they become JSON as the `ros` dialect.

A file brings the definitions of its types. A bag in SQLite from before ROS 2 Iron has none; the
types are read as Humble has them.
"""

import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hub.dialects.ros import TYPES
from hub.errors import RecordingError
from hub.recording.foreign.message import Foreign, Source, Unread

CDR = "cdr"
_EXTRA = (
    "ROS 2 in CDR needs rosbags; install it in the hub's folder with: "
    ".venv/bin/pip install -e '.[ros]'"
)
_LONGEST = 1_000_000
"""Elements of a sequence that are believed."""
_IDL = f"{'=' * 80}\nIDL: "
"""How each file begins in a definition that is made of several."""


class Type(NamedTuple):
    """A type, like ``sensor_msgs/msg/Imu``, its definition, and how that is written, if known."""

    name: str
    definition: str
    encoding: str


class UnreadableType(Exception):
    """A message that is not made into JSON; the text says why."""


def to_json(payload: bytes, type_: Type) -> bytes:
    """Return a message in CDR as JSON; NaN and infinity become null, as rosbridge writes them.

    Raises:
        UnreadableType: it is of no type of the dialect, damaged, or rosbags is not installed.
    """
    if type_.name not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise UnreadableType(f"it is {type_.name}, which is not read; read are {known}")
    try:
        message = _reader(type_)(payload, type_.name)
    except UnreadableType:
        raise
    except Exception as exc:  # its own, and those of what it makes of the definition
        raise UnreadableType(f"it cannot be read as {type_.name}: {exc}") from exc
    said = json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":"))
    return said.encode(errors="replace")


@cache
def _reader(type_: Type) -> Callable[[bytes, str], object]:
    try:
        from rosbags import typesys
    except ImportError as exc:
        raise UnreadableType(_EXTRA) from exc
    if not type_.definition:
        return typesys.get_typestore(typesys.Stores.ROS2_HUMBLE).deserialize_cdr
    store = typesys.get_typestore(typesys.Stores.EMPTY)
    store.max_sequence_length = _LONGEST
    if type_.encoding == "ros2msg":
        store.register(typesys.get_types_from_msg(type_.definition, type_.name))
    else:
        for text in type_.definition.removeprefix(_IDL).split(_IDL):
            idl = text.partition("\n")[2] if type_.definition.startswith(_IDL) else text
            store.register(typesys.get_types_from_idl(idl))
    return store.deserialize_cdr


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def rosbag2(path: Path) -> Source:
    """Read a bag: its folder, or one file of it in SQLite.

    Raises:
        RecordingError: it cannot be read, or rosbags is not installed.
    """
    try:
        from rosbags.rosbag2 import Reader
    except ImportError as exc:
        raise RecordingError(f"{path}: {_EXTRA}") from exc
    try:
        with Reader(path) as bag:
            types = {
                it.id: Type(it.msgtype, it.msgdef.data, f"ros2{it.msgdef.format.name.lower()}")
                for it in bag.connections
            }
            for connection, at, payload in bag.messages():
                yield message(connection.topic, payload, at, types[connection.id])
    except Exception as exc:  # its own, and those of SQLite, YAML and Zstandard below it
        raise RecordingError(
            f"{path}: cannot be read as a rosbag2: {exc}; ros2 bag reindex may repair it"
        ) from exc


def message(topic: str, payload: bytes, at: int, type_: Type) -> Foreign | Unread:
    """Return a message in CDR as what it says in JSON, or why it is not read."""
    try:
        return Foreign(topic, to_json(payload, type_), at)
    except UnreadableType as exc:
        return Unread(f"topic {topic}", str(exc))
