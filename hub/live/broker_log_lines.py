"""Mosquitto's log lines about its clients: connected, gone, refused. Pure.

Read with 2.0.11, 2.0.21 and 2.1.2, which word them differently. A line about a PUBLISH that an ACL
denies is of the level debug, which no version publishes to its topics.
"""

import re
from enum import Enum
from typing import NamedTuple


class LogEvent(Enum):
    """What a line says happened to a client."""

    CONNECTED = "connected"
    GONE = "gone"
    REFUSED = "refused"
    TAKEN_OVER = "taken_over"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"


class LogLine(NamedTuple):
    """A line: the client id as the broker shows it, and of a connected one its MQTT version.

    Where exhibitors connect the client id is the account's name, or what was given as such.
    """

    client: str
    event: LogEvent
    version: str = ""


_VERSIONS = {"1": "3.1", "2": "3.1.1", "3": "3.1", "4": "3.1.1", "5": "5"}
"""By the number after p: up to 2.0 one of Mosquitto's own, from 2.1 on the protocol's."""
_REASONS = {
    "not authorised": LogEvent.REFUSED,
    "session taken over": LogEvent.TAKEN_OVER,
    "oversize packet": LogEvent.TOO_LARGE,
    "malformed packet": LogEvent.MALFORMED,
    "protocol error": LogEvent.MALFORMED,
}
# Matched as a whole, so that a client id cannot pass for the rest of a line.
_LINE = re.compile(
    r"(?:\S+: )?(?:"
    r"New client connected from \S+ as .* \(p(?P<protocol>\d), c\d, k\d+, u'(?P<account>.*)'\)\."
    r"|Client (?P<client>.*?)(?: \[\S+\])? (?:"
    r"(?P<other>already connected, closing old connection|closed its connection"
    r"|has exceeded timeout, disconnecting|been disconnected by administrative action)"
    r"|disconnected(?:(?:, |: | due to )(?P<reason>[^:]*))?)\.)"
)


def read_line(line: str) -> LogLine | None:
    """Read a line of the log, with its timestamp or without; None if it is about no client."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    if found["account"] is not None:
        version = _VERSIONS.get(found["protocol"], found["protocol"])
        return LogLine(found["account"], LogEvent.CONNECTED, version)
    if (found["other"] or "").startswith("already"):
        return LogLine(found["client"], LogEvent.TAKEN_OVER)
    return LogLine(found["client"], _REASONS.get(found["reason"] or "", LogEvent.GONE))
