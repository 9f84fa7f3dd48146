"""Drafts of declarations, from payloads that devices sent. Pure.

What a draft guesses is marked with `x-look`: a person looks at it before the kind is taken.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from pydantic_core import from_json

from hub.dialects.parsing.payload import PADDING
from schemas import ENDINGS, MOST_FIELDS, Label, in_letters, is_field_name

SAMPLES = 1_000
"""The most payloads that a draft looks at."""
_HUGE = 1e300
_MOST_WORDS = 8
_MOST_TEXT = 1_024
_NAMED = 10
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_NUMBER = re.compile(r"\s*[+-]?\d{1,15}([.,]\d+)?\s*")
_NOTHING = Label(
    "no payload is a JSON object with a number, a text, true or false under a name like "
    "water_level",
    "water_level 같은 이름(영문 소문자)에 숫자, 문자열, true·false가 든 JSON 객체가 필요합니다",
)
_RENAME = "names are lower-case"
_LEFT = "left out, for their names or what they hold"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[ .-]+")
"""Where one word of a name ends and another begins: ``tempC``, ``Water Level``."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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
"""What a field of such a name often is: its range and its unit."""
_SURE = frozenset(
    {"temperature", "humidity", "latitude", "longitude", "co2", "rssi", "percent", "count"}
)
"""Words that say the unit when a name ends with them; a level or a speed is of many units."""


class Samples(NamedTuple):
    """Payloads that are JSON objects.

    Those that are `cut` end before their JSON does; `unread` counts what is no JSON object.
    """

    whole: Sequence[Mapping[str, Any]]
    cut: Sequence[Mapping[str, Any]] = ()
    unread: int = 0


class NoDraft(ValueError):
    """There is nothing of which a draft could be made; `ko` says why in Korean."""

    def __init__(self, message: str, ko: str) -> None:
        super().__init__(message)
        self.ko = ko


def of_text(text: bytes) -> Samples:
    """Return the samples in a file: a JSON object, an array of them, or one in each line."""
    try:
        said = from_json(text.strip(PADDING))
    except ValueError:
        return samples(text.splitlines())
    items = said if isinstance(said, list) else [said]
    found = [item for item in items if isinstance(item, dict)]
    return Samples(found[:SAMPLES], unread=len(items) - len(found))


def samples(payloads: Iterable[str | bytes]) -> Samples:
    """Return those payloads that are JSON objects, and count the others.

    A rejection keeps the beginning of a long one: of that, the fields that are there.
    """
    whole, cut, unread = list[dict[str, Any]](), list[dict[str, Any]](), 0
    for payload in payloads:
        text = (payload.encode() if isinstance(payload, str) else payload).strip(PADDING)
        said = _object(text)
        if said is not None:
            whole.append(said)
        elif begun := _object(text, partial=True):
            cut.append(begun)
        elif text:
            unread += 1
    return Samples(whole[:SAMPLES], cut[:SAMPLES], unread)


def _object(text: bytes, *, partial: bool = False) -> dict[str, Any] | None:
    try:
        said = from_json(text, allow_partial=partial)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def draft(name: str, found: Samples) -> dict[str, Any]:
    """Return a draft of the declaration of a kind.

    Raises:
        NoDraft: no payload holds a field that could be declared.
    """
    sent = _values((*found.whole, *found.cut))
    fitting = {key: [value for value in own if _fits(value)] for key, own in sent.items()}
    fields = _fields(fitting)
    renamed = _renamed(sent, fitting)
    left = _named([key for key in sent if key not in fields and key not in renamed])
    if not fields:
        raise _nothing(left, renamed, found.unread)
    base = found.whole or found.cut
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:smartlife:kind:{name}",
        "title": _title(name),
        "title_ko": _title(name),
        "description": f"{_title(name)}, declared for this event.",
        "type": "object",
        "properties": fields,
        "required": [key for key in fields if all(_fits(item.get(key)) for item in base)],
        "additionalProperties": True,
        "examples": [{k: v for k, v in base[0].items() if k in fields and _fits(v)}],
        "x-domain": "iot",
        "x-interval": 5.0,
        "x-event-driven": False,
        "x-look": [
            "names in both languages, x-domain, x-interval",
            *_looks(fields, sent, fitting, {_RENAME: _arrows(renamed), _LEFT: left}, found),
        ],
    }


def _values(said: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What was sent of each field, null left out: in one pass, for names may be without number."""
    found: dict[str, list[Any]] = {}
    for item in said:
        for key, value in item.items():
            own = found.setdefault(key, [])
            if value is not None:
                own.append(value)
    found.pop("ts", None)
    return found


def _fields(fitting: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The fields in their order; of too many those that were sent most often."""
    often = sorted(fitting, key=lambda key: -len(fitting[key]))
    made = ((key, field) for key in often if (field := _field(key, fitting[key])))
    chosen = dict(islice(made, MOST_FIELDS))
    return {key: chosen[key] for key in fitting if key in chosen}


def _looks(
    fields: Mapping[str, Any],
    sent: Mapping[str, list[Any]],
    fitting: Mapping[str, list[Any]],
    left: Mapping[str, str],
    found: Samples,
) -> list[str]:
    """What a person should look at; the ops page knows each by its words before the colon."""
    spoilt = _named([key for key in fields if len(fitting[key]) < len(sent[key])])
    quoted = _named([key for key in fields if all(map(_is_quoted, fitting[key]))])
    said = {
        **left,
        "some values do not fit, like NaN or several lines, and cost their message": spoilt,
        "numbers in quotation marks, which are text": quoted,
        "fields may be missing": f"{len(found.cut):,} payloads were cut" if found.cut else "",
        "not looked at": f"{found.unread:,} payloads, no JSON object" if found.unread else "",
    }
    return [f"{what}: {which}" for what, which in said.items() if which]


def _renamed(sent: Mapping[str, list[Any]], fitting: Mapping[str, list[Any]]) -> dict[str, str]:
    """Fields left out for the case of their names alone, and the name to send each under."""
    lower = {key: _HUMP.sub("_", key).lower() for key in sent if not is_field_name(key)}
    return {
        key: name
        for key, name in lower.items()
        if name not in sent and _field(name, fitting[key]) is not None
    }


def _arrows(renamed: Mapping[str, str]) -> str:
    return _named([f"{key} → {name}" for key, name in renamed.items()])


def _is_quoted(value: Any) -> bool:
    """Whether a value is a number written as text."""
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def _named(names: Sequence[str]) -> str:
    """The first names, as far as they can be shown."""
    shown = ["".join(c if c.isprintable() else "?" for c in it[:40]) for it in names[:_NAMED]]
    more = [f"and {len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    return ", ".join([item or '""' for item in shown] + more)


def _nothing(left: str, renamed: Mapping[str, str], unread: int) -> NoDraft:
    said, ko = _NOTHING
    if renamed:
        names = _arrows(renamed)
        said = f"{said}; names are lower-case, send {names}"
        ko = f"{ko}. 필드 이름은 소문자로 보내세요: {names}"
    if left:
        said, ko = f"{said}; left out: {left}", f"{ko}. 쓸 수 없는 필드: {left}"
    if unread:
        said = f"{said}; {unread:,} were cut or no JSON object"
        ko = f"{ko}. JSON 객체가 아니거나 잘린 메시지: {unread:,}건"
    return NoDraft(said, ko)


def _fits(value: Any) -> bool:
    """Whether a field could hold a value: JSON may say NaN, 1e999, 400 digits, several lines."""
    if isinstance(value, str):
        return len(value) <= _MOST_TEXT and not _CONTROL.search(value)
    if isinstance(value, int | float):
        return abs(value) <= _HUGE
    return value is not None


def _field(name: str, values: list[Any]) -> dict[str, Any] | None:
    if not values or not is_field_name(name):
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
    return {**label, "type": "string", "maxLength": min(most, _MOST_TEXT), "x-draw": "stat"}


def _range(name: str, values: list[float]) -> dict[str, Any]:
    """The range and the unit of a field; a unit in its name counts more than any other word."""
    low, high = min(values), max(values)
    words = name.split("_")
    word = next((word for word in reversed(words) if word in _RANGES), "")
    known = _RANGES.get(word)
    quantity, unit = _unit_in(words, known[2] if known else "")
    if known is not None and unit in ("", known[2]) and known[0] <= low and high <= known[1]:
        found = {"minimum": known[0], "maximum": known[1], "x-unit": known[2]}
        is_last = word in (quantity[-1], words[-1])
        sure = is_last and (word in _SURE or unit == known[2])
        return found if sure else {**found, "x-look": ["range and unit (guessed from the name)"]}
    size = max(abs(low), abs(high), 1)
    bound = 10.0 ** (math.ceil(math.log10(size)) + 1)
    found = {"minimum": -bound if low < 0 else 0.0, "maximum": bound}
    if not unit:
        return {**found, "x-look": ["range (a guess from what was sent) and unit (x-unit)"]}
    return {**found, "x-unit": unit, "x-look": ["range (a guess from what was sent)"]}


def _unit_in(words: list[str], likely: str) -> tuple[list[str], str]:
    """The words of a name before the unit that it ends with, and its symbol: ``flow_l_min``.

    One that may be of two units, as ``ms`` may, is the `likely` one.
    """
    for count in (2, 1):
        ending = "".join(words[-count:])
        if len(words) > count and ending in ENDINGS:
            is_likely = ending == in_letters(likely)
            return words[:-count], likely if is_likely else ENDINGS[ending].symbol
    return words, ""


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()[:60]
