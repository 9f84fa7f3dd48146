"""Drafts of declarations, from payloads that devices sent. Pure.

What a draft guesses is marked with `x-look`: a person looks at it before the kind is taken.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

SAMPLES = 1_000
"""The most payloads that a draft looks at."""
_HUGE = 1e300
_MOST_WORDS = 8
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
_RANGES: Mapping[str, tuple[float, float, str]] = {
    "temperature": (-40, 125, "°C"),
    "humidity": (0, 100, "%"),
    "battery": (0, 100, "%"),
    "level": (0, 100, "%"),
    "percent": (0, 100, "%"),
    "latitude": (-90, 90, "°"),
    "longitude": (-180, 180, "°"),
    "heading": (-180, 360, "°"),
    "voltage": (0, 1000, "V"),
    "current": (-1000, 1000, "A"),
    "power": (-100_000, 100_000, "W"),
    "energy": (0, 10_000_000, "kWh"),
    "pressure": (0, 2000, "hPa"),
    "speed": (0, 100, "m/s"),
    "weight": (0, 1000, "kg"),
    "co2": (0, 40_000, "ppm"),
    "illuminance": (0, 200_000, "lx"),
    "signal": (-128, 20, "dBm"),
    "rssi": (-128, 20, "dBm"),
    "count": (0, 1_000_000, "count"),
}
"""What a field of such a name usually is: its range and its unit."""


class Samples(NamedTuple):
    """Payloads that are JSON objects, and how many are none: a rejection keeps a long one cut."""

    said: list[dict[str, Any]]
    unread: int = 0


def samples(payloads: Iterable[str | bytes]) -> Samples:
    """Return those payloads that are JSON objects, and count the others."""
    found, unread = [], 0
    for payload in payloads:
        if not payload.strip():
            continue
        try:
            said = json.loads(payload)
        except (ValueError, RecursionError):
            said = None
        if isinstance(said, dict):
            found.append(said)
        else:
            unread += 1
    return Samples(found[:SAMPLES], unread)


def draft(name: str, found: Samples) -> dict[str, Any]:
    """Return a draft of the declaration of a kind.

    Raises:
        ValueError: no payload holds a field that could be declared.
    """
    said, unread = found
    names = list(dict.fromkeys(key for item in said for key in item if key != "ts"))
    values = {key: [item[key] for item in said if item.get(key) is not None] for key in names}
    fields = {
        key: field
        for key in names
        if _NAME.fullmatch(key) and (field := _field(key, values[key])) is not None
    }
    if not fields:
        raise ValueError(
            "no payload is a JSON object with a number, a text, true or false under a name like "
            f"water_level{f'; {unread:,} were cut or no JSON object' if unread else ''}"
        )
    left = [key[:40] for key in names if key not in fields]
    example = next(({k: v for k, v in item.items() if k in fields} for item in said), {})
    look = ["names in both languages, x-domain, x-interval"]
    look += [f"left out, for their names or what they hold: {', '.join(left[:10])}"] if left else []
    look += [f"not looked at: {unread:,} payloads, cut or no JSON object"] if unread else []
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:smartlife:kind:{name}",
        "title": _title(name),
        "title_ko": _title(name),
        "description": f"{_title(name)}, declared for this event.",
        "type": "object",
        "properties": fields,
        "required": [key for key in fields if all(item.get(key) is not None for item in said)],
        "additionalProperties": True,
        "examples": [example],
        "x-domain": "iot",
        "x-interval": 5.0,
        "x-event-driven": False,
        "x-look": look,
    }


def _field(name: str, values: list[Any]) -> dict[str, Any] | None:
    if not values or any(isinstance(value, int | float) and _is_huge(value) for value in values):
        return None
    label = {"title": _title(name), "title_ko": _title(name)}
    if all(isinstance(value, bool) for value in values):
        return {**label, "type": "boolean", "x-draw": "state"}
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return {**label, "type": "number", **_range(name, values), "x-draw": "series"}
    if not all(isinstance(value, str) for value in values):
        return None
    words = list(dict.fromkeys(values))
    few = len(words) <= _MOST_WORDS and len(values) >= 2 * len(words)
    if few and all(_WORD.fullmatch(word) for word in words):
        choices = {word: {"en": _title(word), "ko": _title(word)} for word in words}
        look = "all words that there can be"
        return {
            **label, "type": "string", "enum": words, "x-choices": choices, "x-draw": "state",
            "x-look": [look],
        }  # fmt: skip
    most = max(64, *(2 * len(value) for value in values))
    return {**label, "type": "string", "maxLength": min(most, 1024), "x-draw": "stat"}


def _is_huge(value: float) -> bool:
    """Whether a number is none that a range could hold: JSON may say 1e999, or 400 digits."""
    return value != value or abs(value) > _HUGE  # noqa: PLR0124 - NaN


def _range(name: str, values: list[float]) -> dict[str, Any]:
    low, high = min(values), max(values)
    known = next((_RANGES[word] for word in reversed(name.split("_")) if word in _RANGES), None)
    if known is not None and known[0] <= low and high <= known[1]:
        return {"minimum": known[0], "maximum": known[1], "x-unit": known[2]}
    size = max(abs(low), abs(high), 1)
    bound = 10.0 ** (math.ceil(math.log10(size)) + 1)
    found = {"minimum": -bound if low < 0 else 0.0, "maximum": bound}
    return {**found, "x-look": ["range (a guess from what was sent) and unit (x-unit)"]}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()[:60]
