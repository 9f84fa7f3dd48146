"""The layout of a recording in MCAP: channels, metadata, and the model of a message. Pure.

A channel has what many messages have in common: its topic is the MQTT topic, its metadata are
`qos`, `retain` and `verdict`, and `booth`, `kind` and `device` where the topic names them. Messages
that were accepted are on channels with the JSON Schema of their kind; all others are on channels
without one, encoded as `json` if they are that, else as bytes.

What is specific to a message (MQTT 5 properties, or a topic beyond the last channel) is in a
message on the channel `$hub/about`, directly before it and with the same `sequence`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub import topics

PROFILE = "smartlife"
LIBRARY = "smartlife-hub"
ABOUT, OTHER = "$hub/about", "$hub/other"
BEGIN, GAP, END = "hub.begin", "hub.gap", "hub.end"
"""Names of the metadata records: how the recording began, a time that it missed, how it ended."""
JSON, BYTES = "json", "application/octet-stream"
ACCEPTED, STATE, IGNORED, DUPLICATE, REJECTED = (
    "accepted",
    "state",
    "ignored",
    "duplicate",
    "rejected",
)
MAX_CHANNELS = 20_000
"""Channels of one file; MCAP can number 65,535. What has none goes to `$hub/other`."""
MAX_RECORD = 64 * 1024 * 1024
"""The largest record that is read into memory, in bytes; a chunk of ours has about 1 MiB."""
MAX_CHUNK = 16 * 1024 * 1024
"""What a chunk may unpack to, in bytes: ours are closed at 1 MiB, and a message has 4 MiB at most.
Zstandard packs 64 MiB of zeros into 2 KiB, and a chunk's messages are in memory together."""

ABOUT_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What a single message has of its own, by its sequence number",
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "properties": {
            "type": "object",
            "properties": {
                "content_type": {"type": "string"},
                "response_topic": {"type": "string"},
                "correlation_data": {"type": "string", "contentEncoding": "base64"},
                "message_expiry_interval": {"type": "integer", "minimum": 0},
                "payload_format_indicator": {"type": "integer"},
            },
        },
    },
}
"""Viewers read no arrays of arrays, so `user_properties` are not in it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message as it arrived.

    `at` is the time of receipt in ns. `properties` are those of MQTT 5 that were set:
    `content_type`, `response_topic`, `correlation_data` (base64), `message_expiry_interval`,
    `payload_format_indicator` and `user_properties` (a list of pairs). `verdict` is ``accepted``,
    ``rejected:<code>``, ``state``, ``ignored`` or ``duplicate``.
    """

    topic: str
    payload: bytes
    at: int
    qos: int = 0
    retain: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = ACCEPTED


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which messages may have been missed: from, to (ns), and why."""

    start: int
    stop: int
    why: str


def gap_of(said: Mapping[str, str]) -> Gap:
    """Return the gap in a metadata record."""
    return Gap(int(said["start"]), int(said["stop"]), said["why"])


class TopicNames(NamedTuple):
    """The parts of a topic that are valid."""

    booth: str | None
    kind: str | None
    device: str | None


def names_of(root: str, topic: str) -> TopicNames:
    """Return the parts of a topic under `root`."""
    parsed = topics.parse(root, topic)
    if isinstance(parsed, topics.BadTopic):
        return TopicNames(parsed.booth, None, None)
    return TopicNames(*parsed.address)


def root_in(topic: str, said: Mapping[str, str]) -> str | None:
    """Return the root of a channel's topic, if its metadata name booth, kind and device."""
    if not {"booth", "kind", "device"} <= said.keys():
        return None
    root, found, _ = topic.partition(f"/{said['booth']}/{said['kind']}/{said['device']}")
    return root if found else None


def encoding_of(message: Recorded) -> str:
    """Return the message encoding of its channel: `json` only for what is JSON."""
    payload = message.payload
    if message.verdict == ACCEPTED and payload[:1] == b"{" and payload[-1:] == b"}":
        # pydantic has read it; it lets only these two stand in unknown fields
        return BYTES if b"NaN" in payload or b"Infinity" in payload else JSON
    return JSON if _is_json(payload) else BYTES


def _is_json(payload: bytes) -> bool:
    try:
        json.loads(payload.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
