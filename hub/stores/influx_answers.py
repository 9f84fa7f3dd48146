"""What InfluxDB's answers mean for the lines that were sent. Pure.

| answer | meaning |
| --- | --- |
| 204 | stored |
| partial write (any status), 400, 422 | some of the lines are refused: look for them |
| 413 | the same, for the body is too large |
| 401, 403, 404, and what no InfluxDB says | it refuses us: hold everything, try again slowly |
| 429, 503 | later, when it says |
| other 5xx | later |

A type conflict is 400 in InfluxDB 1, 422 in 2, and 500 in 3; "partial write" is in the text of all.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from hub.errors import StoreAway

SLOWLY = 15.0
"""Seconds between two tries while the store refuses us: someone has to mend a setting first."""
_LONGEST_WAIT = 3600.0
"""Seconds; a Retry-After beyond it is taken for a mistake."""
_LONGEST_REASON = 500
# Not a bare "partial write", with which a cluster says that too few of its members answered.
_PARTIAL = re.compile(r"partial write(:| of )")
_DROPPED = re.compile(r"\bdropped=(\d+)\b")
_CONFLICT = re.compile(r'on measurement "([^"]+)" is type')


class Verdict(Enum):
    """What became of the lines in one request."""

    STORED = "stored"
    SOME_REFUSED = "some refused"
    ALL_REFUSED = "all refused"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP; `retry_after` is the header as it came."""

    status: int
    body: str = ""
    retry_after: str | None = None

    @property
    def reason(self) -> str | None:
        """What InfluxDB says, from the JSON in which it says it; None when it is no such JSON."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return None
        if not isinstance(said, dict):
            return None
        # InfluxDB 2 has "message", 1 and 3 "error"; 3 lists the lines under "data".
        text = said.get("message") or said.get("error")
        parts = [text, _first_error(said.get("data"))]
        return ": ".join(part for part in parts if isinstance(part, str))[:_LONGEST_REASON] or None


def _first_error(lines: Any) -> str | None:
    first = lines[0] if isinstance(lines, list) and lines else lines
    said = first.get("error_message") if isinstance(first, dict) else None
    return said if isinstance(said, str) else None


def judge(answer: Answer, lines: int, where: str, now: float) -> Verdict:
    """Return what an answer to a write of so many lines means; `now` in seconds since the epoch.

    Raises:
        StoreAway: none of the lines is settled.
    """
    if answer.status == 204:
        return Verdict.STORED
    if _PARTIAL.search(answer.body):
        dropped = _DROPPED.search(answer.body)
        return _all_or_some(dropped is not None and int(dropped[1]) >= lines)
    if answer.status == 413:
        return Verdict.TOO_LARGE
    # Without InfluxDB's JSON it is someone else who talks: Go's server refuses plain HTTP on a TLS
    # port with 400 and text, a proxy has pages of its own. No line may be given up for that.
    if answer.status in (400, 422) and answer.reason is not None:
        return Verdict.SOME_REFUSED
    raise away(answer, where, now)


def _all_or_some(every: bool) -> Verdict:
    return Verdict.ALL_REFUSED if every else Verdict.SOME_REFUSED


def apart(answer: Answer, lines: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """Return lines of which some are refused in two parts, to be sent again one after the other.

    A type conflict names the measurement: its lines and the others. Without a name, two halves.
    """
    named = _CONFLICT.search(answer.reason or "")
    if named is not None:
        start = f"{named[1]},".encode()
        of_it = [line for line in lines if line.startswith(start)]
        if 0 < len(of_it) < len(lines):
            return of_it, [line for line in lines if not line.startswith(start)]
    middle = len(lines) // 2
    return lines[:middle], lines[middle:]


def away(answer: Answer, where: str, now: float) -> StoreAway:
    """Return in words why an answer settles nothing, and when to try again."""
    words = _WORDS.get(answer.status)
    if words is not None:
        return StoreAway(f"InfluxDB at {where} {words}", SLOWLY, holding=True)
    said = f": {answer.reason}" if answer.reason else ""
    if answer.status in (408, 429) or answer.status >= 500:
        wait = seconds_of(answer.retry_after, now)
        return StoreAway(f"InfluxDB at {where} asks for time ({answer.status}{said})", wait)
    return StoreAway(
        f"what answers at {where} does not speak as InfluxDB does ({answer.status}{said}); "
        "correct host, port and influx:// or influxs:// in HUB_STORE",
        SLOWLY,
        holding=True,
    )


_WORDS = {
    401: "does not accept the token (401); set HUB_INFLUX_TOKEN to one that is valid there, and "
    "check org in HUB_STORE",
    403: "does not let the token read and write this bucket (403); give it the right, or set "
    "HUB_INFLUX_TOKEN to one that has it",
    404: "has no such bucket (404); create it, or correct bucket and org in HUB_STORE",
}


def missing_bucket(where: str) -> StoreAway:
    """Return the trouble that InfluxDB 1 tells in an answer with status 200."""
    return away(Answer(404), where, 0)


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """Return a Retry-After in seconds from `now`: a number or a date (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    wait = (at - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(wait, 0.0), _LONGEST_WAIT)
