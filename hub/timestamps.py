"""Timestamps: parses RFC 3339 and Unix epoch numbers to nanoseconds, and formats them. Pure."""

import math
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

SECOND = 1_000_000_000
AHEAD = 60 * SECOND
"""A time further ahead of the hub's clock than this is not believed, in ns."""
BEHIND = 7 * 86_400 * SECOND
"""A time older than this is not believed, in ns."""

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:)([0-5]\d|60)(?:\.(\d+))?"
    r"([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)",  # +0900: what strftime gives
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: A number below the bound is in the unit: seconds until the year 5138, ms, µs, and ns after.
_SECONDS, _MILLISECONDS, NANOSECONDS = 10**11, 10**14, 10**17
"""A whole number from here on is a time in ns."""
#: A time further away than this is invalid; it keeps a huge number from costing work.
_FAR = 10**21


def parse(value: object) -> int:
    """Parse the `ts` of a reading to nanoseconds since the Unix epoch.

    A string is RFC 3339 with an offset; a number is an epoch in s, ms, µs or ns, told apart by its
    magnitude. A number too large to be a time comes back as one in the far future.

    Raises:
        ValueError: `value` is neither; the message says what it should be.
    """
    if type(value) is int:  # no boolean; the usual case first
        return value if NANOSECONDS <= value < _FAR else _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    if not isinstance(value, float):
        raise ValueError("is neither RFC 3339 text nor an epoch number")  # noqa: TRY004 - one kind
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    return _from_number(value)


def _from_number(value: float) -> int:
    size = abs(value)
    if size < _SECONDS:
        scale = 9
    elif size < _MILLISECONDS:
        scale = 6
    elif size < NANOSECONDS:
        scale = 3
    else:
        return int(max(-_FAR, min(_FAR, value)))
    if isinstance(value, int):
        return int(value * 10**scale)
    # repr() gives back the digits that the device wrote; binary arithmetic would not.
    return int(Decimal(repr(value)).scaleb(scale))


def _from_text(value: str) -> int:
    match = _RFC3339.fullmatch(value)
    if match is None:
        raise ValueError("is not RFC 3339 with an offset, like 2026-10-07T10:00:00.5+09:00")
    minute, second, fraction, offset = match.groups()
    # RFC 3339 allows the leap second, 60; the epoch has none, so it is the next minute's first.
    seconds = _minute(minute, offset) + int(second)
    return seconds * SECOND + (int(fraction[:9].ljust(9, "0")) if fraction else 0)


@lru_cache(1_024)
def _minute(minute: str, offset: str) -> int:
    """The seconds since the epoch at which a minute began: most readings are of the latest few."""
    try:
        whole = datetime.fromisoformat(f"{minute}00{'+00:00' if offset in 'Zz' else offset}")
    except ValueError as exc:
        raise ValueError("is no date that exists") from exc
    since = whole - _EPOCH
    return since.days * 86400 + since.seconds


def lacks_offset(text: str) -> bool:
    """Whether a text would be RFC 3339 if it had an offset."""
    return _RFC3339.fullmatch(f"{text.strip()}Z") is not None


_NUMBER = re.compile(r"-?\d{1,4000}(\.\d{1,4000})?([eE][+-]?\d{1,4})?", re.ASCII)
_DURATION = re.compile(r"(\d{1,9})(ms|s|m|h|d)", re.ASCII)
_LONGEST = 2**63 - 1
"""The longest duration that differs from a longer one, in ns: 292 years, all that 64 bits hold."""
_DURATIONS = {"ms": 10**6, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": 86_400 * SECOND}


def duration(text: str) -> int:
    """Parse a duration like ``250ms``, ``10s``, ``1m``, ``2h`` or ``7d`` to ns; above zero.

    Raises:
        ValueError: it is none.
    """
    match = _DURATION.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no duration; write it like 250ms, 10s, 1m, 2h or 7d")
    return min(_LONGEST, int(match[1]) * _DURATIONS[match[2]])


def moment(text: str, now: int) -> int:
    """Parse a time of a query to ns: RFC 3339, epoch, ``now``, or ``-15m`` before now.

    Raises:
        ValueError: it is none of these.
    """
    if text == "now":
        return now
    if text.startswith("-") and _DURATION.fullmatch(text[1:]):
        return max(-(2**62), now - duration(text[1:]))
    # A + that was not escaped in an address arrives as a space, the last one.
    for said in (text, "+".join(text.rsplit(" ", 1))):
        value: object = said
        if _NUMBER.fullmatch(said):
            value = int(said) if said.lstrip("-").isdigit() else float(said)
        with suppress(ValueError):
            return max(-(2**62), min(2**62, parse(value)))
    raise ValueError(f"{text!r} is no time; write it like 2026-10-07T10:00:00Z, 1760000000 or -15m")


def rfc3339(ns: int, digits: int = 9) -> str:
    """Return the time as RFC 3339 in UTC with `digits` (1 to 9) decimals of a second."""
    seconds, rest = divmod(ns, SECOND)
    whole = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]  # strftime: year 126, not 0126
    return f"{whole}.{rest:09d}"[: 20 + digits] + "Z"
