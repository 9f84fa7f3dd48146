"""Parses times as makers write them, to nanoseconds since the Unix epoch. Pure."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from hub import timestamps
from hub.timestamps import SECOND

_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9})\d*)?(Z?)", re.ASCII)

_DIGITS = 20


def local(text: object, timezone: ZoneInfo) -> object:
    """Return a time without offset as RFC 3339 text with the one of a time zone.

    What has an offset, and what is no such text, comes back as it is.
    """
    if not isinstance(text, str) or text[-1:] == "Z" or not timestamps.lacks_offset(text):
        return text
    text = text.strip()
    return text + _offset(text[:16], timezone)


@lru_cache(256)
def _offset(minute: str, timezone: ZoneInfo) -> str:
    """The offset of a time zone at a minute there; none if there is no such minute."""
    try:
        return datetime.fromisoformat(minute).replace(tzinfo=timezone).isoformat()[19:25]
    except ValueError:
        return ""


def whole(value: object) -> object:
    """Return a time that is a whole number in text as that number."""
    text = isinstance(value, str) and value.isdecimal() and len(value) < _DIGITS
    return int(str(value)) if text else value


def filled(text: str, now: int, timezone: ZoneInfo) -> str:
    """Return a text with the time `now` (ns) for ``{utc}``, ``{local}``, ``{s}`` and ``{ms}``."""
    seconds, local = now // SECOND, datetime.fromtimestamp(now // SECOND, timezone)
    written = {"utc": timestamps.rfc3339(now, 3), "local": local.isoformat()[:19]}
    written |= {"s": f"{seconds}", "ms": f"{now // 10**6}"}
    for name, said in written.items():
        text = text.replace(f"{{{name}}}", said)
    return text


def basic(text: object) -> object:
    """Return a time in ISO 8601 basic format (``20261125T150000``, UTC) in ns, if it is one."""
    match = _BASIC.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return text
    year, month, day, hour, minute, second, fraction, _ = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}.{fraction or '0'}Z"


def stamp(value: object) -> int | None:
    """Return the time (ns) of a ROS stamp, ``{"sec", "nanosec"}`` or ``{"secs", "nsecs"}``.

    None if it is none, or counts from the start of a simulation: below 1e8 s.
    """
    if not isinstance(value, dict):
        return None
    seconds = value.get("sec", value.get("secs"))
    rest = value.get("nanosec", value.get("nsecs", 0))
    if type(seconds) is not int or type(rest) is not int or seconds < 10**8:
        return None
    return seconds * SECOND + rest
