"""Converts a received message to a recorded one. Pure."""

from base64 import b64encode
from typing import Any

from hub.messages import Message, Reading, Rejection, Status, Translated
from hub.pipeline.decode import Verdict
from hub.recording import layout
from hub.recording.layout import Recorded
from hub.topics import ERRORS, RECEIPTS, SHORT_ERRORS

_AS_IT_IS = ("content_type", "response_topic", "message_expiry_interval")
_ANSWERS = (f"/{ERRORS}", f"/{SHORT_ERRORS}", f"/{RECEIPTS}")


def recorded(message: Message, at: int, verdict: str) -> Recorded:
    """Return the recorded form of a message received at `at` (ns)."""
    # QoS 2 is served to the hub as 1, which is what it subscribes with.
    return Recorded(
        message.topic,
        message.payload,
        at,
        0 if message.packet_id is None else 1,
        message.retain,
        properties_of(message),
        verdict,
    )


def properties_of(message: Any) -> dict[str, Any]:
    """Return the MQTT 5 properties that are set."""
    found = {
        name: value for name in _AS_IT_IS if (value := getattr(message, name, None)) is not None
    }
    if message.correlation_data is not None:
        found["correlation_data"] = b64encode(message.correlation_data).decode()
    if getattr(message, "payload_format_indicator", 0):
        found["payload_format_indicator"] = message.payload_format_indicator
    pairs = getattr(message, "user_properties", ())
    if pairs:
        found["user_properties"] = [list(pair) for pair in pairs]
    return found


def verdict_of(verdict: Verdict) -> str:
    """Return a verdict as a recording names it."""
    match verdict:
        case Reading():
            return layout.ACCEPTED
        case Rejection():
            return f"{layout.REJECTED}:{verdict.code}"
        case Status():
            return layout.STATE
        case Translated():
            if verdict.readings:
                return layout.ACCEPTED
            return layout.STATE if verdict.statuses else layout.IGNORED
    return layout.IGNORED


def is_answer(topic: str) -> bool:
    """Whether it is a hub's answer, which is no telemetry and is never recorded."""
    return topic.endswith(_ANSWERS)
