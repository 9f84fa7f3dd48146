"""The status of a device, `online` or `offline`, as its status topic says it. Pure."""

from pydantic_core import from_json

from hub.messages import Rejection, Status
from hub.pipeline import rejections
from hub.pipeline.rejections import Where

_LONGEST = 1024
"""Bytes that a status has at most, without its padding."""
_ONLINE = {"online": True, "offline": False}
_PADDING = " \t\r\n\v\f\0"
"""What may surround a status: shells add line breaks, C programs the end of a string."""


def status_of(where: Where, retain: bool) -> Status | Rejection | None:
    """Return the status that a message says, or why it is none; None if its payload is empty."""
    if not where.payload:  # it clears what the broker retains
        return None
    online = _ONLINE.get(_word(where.payload))
    return rejections.bad_status(where) if online is None else Status(where.address, online, retain)


def _word(payload: bytes) -> str:
    """The word of a status, plain or as ``{"state": …}``, in lower case and without padding."""
    word = payload.strip(_PADDING.encode())
    if len(word) > _LONGEST:
        return ""
    text = word.decode(errors="replace")
    if text.startswith("{"):
        try:
            said = from_json(text, cache_strings=False)
        except ValueError:
            return ""
        state = said.get("state")
        text = state.strip(_PADDING) if isinstance(state, str) else ""
    return text.lower()
