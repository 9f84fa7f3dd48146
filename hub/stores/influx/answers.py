"""Interprets InfluxDB's answers to a write: stored, refused lines, or to be retried. Pure.

| answer | meaning |
| --- | --- |
| 204 | stored |
| partial write (any status), 400, 422 | some of the lines are refused: named, or looked for |
| 413 | the same, for the body is too large |
| 401, 403, 404, and what no InfluxDB says | it refuses us: blocked; slow retries |
| 429, 503 | retry after Retry-After |
| other 5xx | retry |

A type conflict is 400 in InfluxDB 1, 422 in 2, and 400 or 500 in 3; "partial write" is in the text
of all. InfluxDB 3 names every line that it refuses; 1 and 2 give the reason for the first, which
separates lines that may be refused for the same from the others.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from hub.errors import StoreUnavailable

SLOWLY = 15.0
"""Seconds between two tries while the store refuses us: someone has to mend a setting first."""
LONGEST_WAIT = 3600.0
"""Seconds; a longer Retry-After is ignored as a mistake."""
LONGEST_REASON = 500
# Not a bare "partial write", with which a cluster says that too few of its members answered.
_PARTIAL = re.compile(r"partial write(:| of )")
# Of more digits than a count has, `int` would refuse to read the number.
_DROPPED = re.compile(r"\bdropped=(\d{1,18})\b")
_CONFLICT = re.compile(r'input field "([^"]+)" on measurement "([^"]+)" is type (\w+)')
_EXPIRED = re.compile(
    r"beyond retention policy dropped=(\d{1,18})\b"
    r"|dropped (\d{1,18}) points outside retention policy"
)
_UNPARSABLE = "unable to parse '"
_VALUES = {
    "string": rb'"',
    "integer": rb"-?\d+i",
    "unsigned": rb"\d+u",
    "boolean": rb"[tTfF]",
    "float": rb"-?[\d.]+(?:[eE][-+]?\d+)?(?:[, ])",
}
"""How the value of a field begins in line protocol, by the name of its type in InfluxDB."""


class Verdict(Enum):
    """The outcome of one write request."""

    STORED = "stored"
    SOME_REFUSED = "some refused"
    ALL_REFUSED = "all refused"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response; `retry_after` is the unparsed header."""

    status: int
    body: str = ""
    retry_after: str | None = None

    @property
    def error(self) -> Mapping[str, Any] | None:
        """InfluxDB's error object; None if the body is not a JSON object."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return said if isinstance(said, dict) else None

    @property
    def reason(self) -> str | None:
        """InfluxDB's error message; None if the body is not its JSON."""
        said = self.error
        if said is None:
            return None
        # InfluxDB 2 has "message", 1 and 3 "error"; 3 lists the lines under "data".
        text = said.get("message") or said.get("error")
        parts = [text, _first_error(said.get("data"))]
        joined = ": ".join(part for part in parts if isinstance(part, str))[:LONGEST_REASON]
        return writable(joined) or None


def writable(text: str) -> str:
    """Return a text without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def _first_error(lines: Any) -> str | None:
    first = lines[0] if isinstance(lines, list) and lines else lines
    said = first.get("error_message") if isinstance(first, dict) else None
    return said if isinstance(said, str) else None


def named(answer: Answer, lines: Sequence[bytes]) -> dict[int, str]:
    """Return the lines that InfluxDB 3 names as refused: the index of each, and the reason.

    Its `line_number` counts from 1. `original_line` is cut at 20 bytes and has lost its quotes:
    only the measurement is compared, and one number that cannot be right makes all worthless.
    """
    found = answer.error or {}
    data = found.get("data")
    entries: list[Any] = data if isinstance(data, list) else [data]
    reasons: dict[int, str] = {}
    for entry in entries:
        number = entry.get("line_number") if isinstance(entry, dict) else None
        if type(number) is not int or not 1 <= number <= len(lines):
            return {}
        original, why = entry.get("original_line"), entry.get("error_message")
        if isinstance(original, str):
            measurement = re.split("[, ]", original, maxsplit=1)[0].encode("utf-8", "replace")
            if not lines[number - 1].startswith(measurement):
                return {}
        said = f"{found.get('error')}: {why}" if isinstance(why, str) else str(found.get("error"))
        reasons[number - 1] = writable(said[:LONGEST_REASON])
    return reasons


def _time(line: bytes) -> int:
    ts = line.rpartition(b" ")[2]
    return int(ts) if len(ts) <= 20 and ts.removeprefix(b"-").isdigit() else 0


def judge(answer: Answer, lines: int, where: str, now: float) -> Verdict:
    """Return what an answer to a write of so many lines means; `now` in seconds since the epoch.

    Raises:
        StoreUnavailable: none of the lines is settled.
    """
    if answer.status == 204:
        return Verdict.STORED
    if _PARTIAL.search(answer.body):
        dropped = _DROPPED.search(answer.body)
        every = dropped is not None and int(dropped[1]) >= lines
        return Verdict.ALL_REFUSED if every else Verdict.SOME_REFUSED
    if answer.status == 413:
        return Verdict.TOO_LARGE
    # Without InfluxDB's JSON it is someone else who talks: Go's server refuses plain HTTP on a TLS
    # port with 400 and text, a proxy has other pages. No line may be given up for that.
    if answer.status in (400, 422) and answer.reason is not None:
        return Verdict.SOME_REFUSED
    raise unavailable(answer, where, now)


def split(answer: Answer, lines: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """Split a partly refused batch in two, to be sent again one after the other.

    Those that may be refused for the reason given, and the others; without a reason, two halves.
    """
    for suspects in _suspects(answer, lines):
        if 0 < len(suspects) < len(lines):
            others = [line for number, line in enumerate(lines) if number not in suspects]
            return [lines[number] for number in sorted(suspects)], others
    middle = len(lines) // 2
    return lines[:middle], lines[middle:]


def _suspects(answer: Answer, lines: Sequence[bytes]) -> Iterator[set[int]]:
    """Yield the lines that the reason may be about, the narrowest guess first."""
    if conflict := _CONFLICT.search(answer.reason or ""):
        field, measurement, type_ = conflict.groups()
        start = re.escape(measurement.encode()) + rb","
        name = re.escape(field.encode())
        value = _VALUES.get(type_, b"")
        of_type = re.compile(start + rb"[^ ]* (?:.*,)?" + name + b"=" + value, re.DOTALL)
        yield {number for number, line in enumerate(lines) if of_type.match(line)}
        of_it = re.compile(start)
        yield {number for number, line in enumerate(lines) if of_it.match(line)}
    if expired := _EXPIRED.search(answer.body):
        oldest = sorted(range(len(lines)), key=lambda number: _time(lines[number]))
        yield set(oldest[: int(expired[1] or expired[2])])
    reason = (answer.error or {}).get("message") or (answer.error or {}).get("error")
    quoted = {part.partition("': ")[0] for part in str(reason).split(_UNPARSABLE)[1:]}
    yield {number for number, line in enumerate(lines) if line.decode("utf-8", "replace") in quoted}


def unavailable(answer: Answer, where: str, now: float) -> StoreUnavailable:
    """Return why an answer settles no line, and when to retry."""
    words = _WORDS.get(answer.status)
    if words is not None:
        return StoreUnavailable(f"InfluxDB at {where} {words}", SLOWLY, blocked=True)
    said = f": {answer.reason}" if answer.reason else ""
    if answer.status in (408, 429) or answer.status >= 500:
        wait = seconds_of(answer.retry_after, now)
        return StoreUnavailable(f"InfluxDB at {where} asks for time ({answer.status}{said})", wait)
    return StoreUnavailable(
        f"what answers at {where} does not speak as InfluxDB does ({answer.status}{said}); "
        "correct host, port and influx:// or influxs:// in HUB_STORE",
        SLOWLY,
        blocked=True,
    )


_WORDS = {
    401: "does not accept the token (401); set HUB_INFLUX_TOKEN to one that is valid there, and "
    "check org in HUB_STORE",
    403: "does not let the token read and write this bucket (403); give it the right, or set "
    "HUB_INFLUX_TOKEN to one that has it",
    404: "has no such bucket (404); create it, or correct bucket and org in HUB_STORE",
}


def missing_bucket(where: str) -> StoreUnavailable:
    """Return the error that InfluxDB 1 reports in an answer with status 200."""
    return unavailable(Answer(404), where, 0)


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """Return a Retry-After in seconds from `now`: a number or a date (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        wait = (at - datetime.fromtimestamp(now, UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)
