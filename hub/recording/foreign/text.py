"""Reads logs of mosquitto_sub (`-F %j`, `-v`, `-F '%U %t %p'`), JSON Lines and mqtt-recorder."""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Mapping
from typing import Any

from hub import timestamps
from hub.recording.foreign.message import Foreign, Source, Unread

_TIMES = ("at", "tst", "time", "timestamp", "ts")
_PAYLOADS = ("payload", "message", "msg", "value")
_NAMES = {
    "content-type": "content_type",
    "response-topic": "response_topic",
    "message-expiry-interval": "message_expiry_interval",
    "payload-format-indicator": "payload_format_indicator",
}
"""Properties as mosquitto_sub names them, and as a recording does."""
_OURS = {*_NAMES.values(), "correlation_data", "user_properties"}
_BEFORE_OFFSET = re.compile(r"Z(?=[+-]\d)")
_LINE = re.compile(
    rb"(?:(\d[^ /]{7,}) )?([^\s{\[\"'</]+/\S*|/[^\s{\[\"'</]+/\S*)(?: (.*))?", re.DOTALL
)
"""A line that begins a message. Of its topic a level is named before the slash that tells it."""
LARGEST = 4 * 1024 * 1024
"""The largest payload of a message, in bytes, as that of a hub; a longer one is named."""
_NULL = b"(null)"
"""What `mosquitto_sub -v` prints for a message without a payload."""


def json_lines(lines: Iterable[bytes]) -> Source:
    """Read one JSON object a line, with `topic`, a payload and a time under any usual name."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            # What is no UTF-8 stands in it as it came: mosquitto_sub escapes nothing of it.
            said = json.loads(line.decode(errors="surrogateescape"))
            yield from _messages(said)
        except (
            ArithmeticError,
            AttributeError,
            KeyError,
            RecursionError,
            TypeError,
            ValueError,
        ) as exc:
            yield Unread(f"line {number:,}", _why(exc))


def _why(exc: Exception) -> str:
    if isinstance(exc, json.JSONDecodeError):
        return "it is no JSON"
    return f"it has no {exc}" if isinstance(exc, KeyError) else str(exc)


def _messages(said: object) -> Source:
    if not isinstance(said, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - one kind
    if not isinstance(said["topic"], str):
        raise ValueError("its topic is no text")  # noqa: TRY004 - one kind
    payload, whole = _payload_of(said)
    if not whole:
        yield Unread(f"topic {said['topic']}", "the payload is cut: %j ends it at a NUL")
        return
    yield Foreign(
        said["topic"],
        payload,
        time_of(next((said[name] for name in _TIMES if name in said), None)),
        int(said.get("qos", 0)),
        bool(said.get("retain", False)),
        properties_of(said.get("properties") or {}),
    )


def _payload_of(said: Mapping[str, Any]) -> tuple[bytes, bool]:
    """The payload, and whether it is whole."""
    if "payload_base64" in said:
        return b64decode(said["payload_base64"]), True
    found = next((said[name] for name in _PAYLOADS if name in said), KeyError)
    if found is KeyError:
        raise KeyError("payload")
    if found is None:
        return b"", True
    if not isinstance(found, str):
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), True
    payload = found.encode(errors="surrogateescape")
    return payload, len(payload) == said.get("payloadlen", len(payload))


def time_of(said: object) -> int:
    """Parse the time of a message (ns): RFC 3339, also as ``…Z+0900``, or an epoch.

    Raises:
        ValueError: it is none.
    """
    if said is None:
        raise ValueError("it has no time")
    if not isinstance(said, str):
        return timestamps.parse(said)
    try:
        return timestamps.parse(_number(said))
    except ValueError:
        pass
    try:
        return timestamps.parse(_BEFORE_OFFSET.sub("", said))
    except ValueError as exc:
        raise ValueError(f"its time {said[:40]!r} {exc}") from exc


def _number(text: str) -> float:
    return int(text) if text.isdecimal() else float(text)


def properties_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return MQTT 5 properties as a recording keeps them."""
    found = {_NAMES.get(name, name): value for name, value in said.items()}
    pairs = found.pop("user-properties", {})
    if pairs:
        found["user_properties"] = [[name, value] for name, value in pairs.items()]
    if "correlation-data" in found:
        data = str(found.pop("correlation-data")).encode(errors="surrogateescape")
        found["correlation_data"] = b64encode(data).decode()
    return {name: value for name, value in found.items() if name in _OURS}


def topic_lines(lines: Iterable[bytes], start: int, every: int) -> Source:
    """Read ``topic payload`` a line, with or without a time before it.

    Without times the first message is of `start` and each of `every` after the one before (ns). A
    line that names no topic belongs to the payload before it.
    """
    before: _Begun | None = None
    count = 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip(b"\r\n")
        found = _LINE.fullmatch(line)
        if found is None:
            if before is not None:
                before.add(line)
            elif line:
                yield Unread(f"line {number:,}", "it begins with no topic")
            continue
        if before is not None:
            yield before.ended()
        said, topic, payload = found.groups()
        try:
            at = start + count * every if said is None else time_of(said.decode())
            payload = b"" if payload in {None, _NULL} else payload
            before = _Begun(f"line {number:,}", topic.decode(), payload, at)
            count += 1
        except ValueError as exc:
            before = None
            yield Unread(f"line {number:,}", str(exc))
    if before is not None:
        yield before.ended()


class _Begun:
    """A message whose payload may go on in the next line."""

    def __init__(self, where: str, topic: str, payload: bytes, at: int) -> None:
        self._where, self._topic, self._at = where, topic, at
        self._lines, self._size = [payload], len(payload)

    def add(self, line: bytes) -> None:
        """Add a line of the payload; of one that is too large nothing is kept."""
        self._size += 1 + len(line)
        if self._size > LARGEST:
            self._lines.clear()
        else:
            self._lines.append(line)

    def ended(self) -> Foreign | Unread:
        """Return it without the empty lines behind it, which belong to the log."""
        if self._size > LARGEST:
            return Unread(self._where, f"its payload is larger than {LARGEST:,} bytes")
        return Foreign(self._topic, b"\n".join(self._lines).rstrip(b"\n"), self._at)


def mqtt_recorder(rows: Iterable[list[str]]) -> Source:
    """Read the rows of mqtt-recorder: topic, payload, QoS, retain, time, pause before it."""
    for number, row in enumerate(rows, 1):
        try:
            topic, said, qos, retain, at = row[:5]
            payload = _unpacked(said)
            yield Foreign(topic, payload, time_of(at), int(qos), retain == "True")
        except ValueError as exc:
            yield Unread(f"row {number:,}", str(exc))


def _unpacked(said: str) -> bytes:
    """The payload, out of base64 where that gives JSON: a file does not say that it is in it."""
    try:
        decoded = b64decode(said, validate=True)
    except (NoBase64, ValueError):
        return said.encode(errors="surrogateescape")
    return decoded if decoded[:1] == b"{" else said.encode(errors="surrogateescape")
