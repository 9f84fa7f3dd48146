"""Shifts the `ts` in recorded payloads, keeping its unit and format. Pure."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hub import timestamps

_KEY = b'"ts"'
_SIMPLE = re.compile(rb'("ts"\s*:\s*)("[^"\\]*"|-?\d[\d.eE+-]*)')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|-?\d[\d.eE+-]*|[a-zA-Z]+')
_TEXT = re.compile(r"(.{10})([Tt ]).{8}(?:\.(\d+))?([Zz]|[+-]\d\d(?::?\d\d)?)", re.ASCII)
_UNITS = ((10**11, 9), (10**14, 6), (10**17, 3))


def shifted(payload: bytes, offset: int) -> bytes:
    """Return a payload with its `ts` shifted by `offset` (ns); all other bytes are unchanged.

    A payload without a valid `ts` is returned unchanged.
    """
    if _KEY not in payload:
        return payload
    if payload.count(b"{") == 1 and b"\\" not in payload:
        return _SIMPLE.sub(lambda found: found[1] + _moved(found[2], offset), payload)
    return _at_top_level(payload, lambda value: _moved(value, offset))


def _at_top_level(payload: bytes, move: Callable[[bytes], bytes]) -> bytes:
    """Shift the `ts` of the outer object only, not one in a nested object."""
    depth, parts, end = 0, list[bytes](), 0
    tokens = list(_TOKEN.finditer(payload))
    for (key, colon), value in zip(pairwise(tokens), tokens[2:], strict=False):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(key[0], 0)
        if depth == 1 and key[0] == _KEY and colon[0] == b":":
            parts += [payload[end : value.start()], move(value[0])]
            end = value.end()
    return b"".join([*parts, payload[end:]])


def _moved(value: bytes, offset: int) -> bytes:
    try:
        said = json.loads(value)
        at = timestamps.parse(said) + offset
        if isinstance(said, str):
            return json.dumps(_text(at, said)).encode()
        return _number(at, value.decode(), abs(said)).encode()
    except (ValueError, OverflowError):  # no time, so there is nothing to move
        return value


def _number(at: int, was: str, size: float) -> str:
    """Format a time (ns) as an epoch in the unit, and with the decimals, of the original."""
    power = next((power for bound, power in _UNITS if size < bound), 0)
    if set(was) <= set("-0123456789"):
        return str(at // 10**power)
    decimals = len(was.partition(".")[2]) if set(was) <= set("-0123456789.") else 9
    return f"{Decimal(at).scaleb(-power):.{decimals}f}"


def _text(at: int, was: str) -> str:
    """Format a time (ns) as RFC 3339 with the offset and the decimals of the original."""
    match = _TEXT.fullmatch(was)
    if match is None:
        raise ValueError("is no RFC 3339")
    _, letter, decimals, zone = match.groups()
    sign = -1 if zone[0] == "-" else 1
    ahead = (
        timedelta()
        if zone in "Zz"
        else timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0)) * sign
    )
    seconds, rest = divmod(at, timestamps.SECOND)
    local = datetime.fromtimestamp(seconds, UTC) + ahead
    fraction = f".{rest:09d}".ljust(1 + len(decimals), "0")[: 1 + len(decimals)] if decimals else ""
    return f"{local:%Y-%m-%d}{letter}{local:%H:%M:%S}{fraction}{zone}"
