"""Selects and transforms the messages to play: booths renamed, times shifted. Pure."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import topics
from hub.mqtt.outgoing import Outgoing
from hub.recording.layout import DUPLICATE, STATE, Recorded
from hub.recording.time_shift import shifted
from hub.recording.topic_map import TopicMap


@dataclass(frozen=True, slots=True)
class Choice:
    """How the messages of a recording are played.

    `booths` renames booths, then `mapped` gives topics other names. `shift` is added to each `ts`
    (ns); None leaves every byte unchanged. Without `raw`, duplicates and retained readings are left
    out.
    """

    root: str
    booths: Mapping[str, str] = field(default_factory=dict)
    shift: int | None = None
    raw: bool = False
    mapped: TopicMap = field(default_factory=TopicMap)

    def played(self, message: Recorded) -> Outgoing | None:
        """Return a message as it is sent, or None if it is left out."""
        kept = message.retain and message.verdict != STATE
        if not self.raw and (kept or message.verdict == DUPLICATE):  # nothing new
            return None
        payload = message.payload
        if self.shift is not None:
            payload = shifted(payload, self.shift)
        topic, properties = message.topic, message.properties
        if self.booths or self.mapped:
            topic = self._renamed(topic)
        if properties:
            properties = self._restored(properties)
        return Outgoing(topic, payload, message.qos, message.retain, properties)

    def _renamed(self, topic: str) -> str:
        start = len(self.root) + 1
        if topic.startswith(f"{self.root}/"):
            booth, slash, rest = topic[start:].partition("/")
            topic = f"{topic[:start]}{self.booths.get(booth, booth)}{slash}{rest}"
        return self.mapped.mapped(topic)

    def _restored(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return the MQTT 5 properties; the Response Topic follows a renamed booth."""
        restored = dict(properties)
        if "correlation_data" in restored:
            restored["correlation_data"] = b64decode(restored["correlation_data"])
        if "user_properties" in restored:
            restored["user_properties"] = [tuple(pair) for pair in restored["user_properties"]]
        if "response_topic" in restored:
            restored["response_topic"] = self._renamed(restored["response_topic"])
        return restored


def offset_to_now(first: int, last: int, now: int, speed: float | None) -> int:
    """Return the time shift for a recording that begins to play now.

    At speed 1 the first message is now. At another speed the times keep their distances, so that no
    two become one, and the last message is on time: the hub would discard the `ts` of a reading
    ahead of its clock. `speed` None is as fast as possible.
    """
    lasts = 0 if speed is None else round((last - first) / speed)
    return now + lasts - last


_PAIR = re.compile(r"([^=]+)=([^=]+)")


def renamed_booths(pairs: Iterable[str]) -> dict[str, str]:
    """Parse pairs like ``b12=b99``.

    Raises:
        ValueError: one is no pair of booths.
    """
    return dict(_pair(text) for text in pairs)


def _pair(text: str) -> tuple[str, str]:
    match = _PAIR.fullmatch(text)
    if match is None or not all(topics.BOOTH.fullmatch(name) for name in match.groups()):
        raise ValueError(f"{text!r} is no pair of booths; write it like b12=b99, in small letters")
    return match[1], match[2]


def speed_of(text: str) -> float | None:
    """Parse a speed: a factor like ``1``, ``0.5`` or ``10``; None for ``max``.

    Raises:
        ValueError: it is none.
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.001 <= speed <= 100_000:
        raise ValueError(f"{text!r} is no speed; give a factor from 0.001 to 100000, or max")
    return speed
