"""Parses payloads of dialects: JSON, its leaves, numbers and words in text. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

from hub.dialects.dialect import Draft, Misfit, NoWord, Told

MOST = 2_048
"""The most leaves of a payload that are looked at."""
_DEEPEST = 16
_HUGE = 1e300
"""No measurement is as large, and what is calculated from a smaller one is finite."""
PADDING = b" \t\r\n\v\f\0\xef\xbb\xbf"
"""What may surround a payload: shells add line breaks, C programs the end of a string or the rest
of a buffer, Windows a byte order mark."""
_NAN = re.compile(rb"(?<=[:,\[ ])-?nan(?=[,\]} \r\n])", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_NOTHING = frozenset({"", "nan", "-nan", "unknown", "unavailable", "none", "null", "n/a"})
_TRUE = frozenset({"on", "true", "1", "yes", "open", "online"})
_FALSE = frozenset({"off", "false", "0", "no", "closed", "offline"})


def parsed(payload: bytes) -> Any:
    """Return the JSON of a payload, NaN and Infinity within it included, also ``nan``.

    Raises:
        ValueError: it is no JSON; the parser's message.
    """
    text = payload.strip(PADDING)
    try:
        return from_json(text, cache_strings="keys")  # a device has the same names each time
    except ValueError:
        written, count = _NAN.subn(b"NaN", text)  # as C prints it
        if not count:
            raise
        return from_json(written, cache_strings="keys")


def parsed_object(payload: bytes) -> dict[str, Any]:
    """Return the JSON object of a payload.

    Raises:
        ValueError: it is no JSON.
        Misfit: it is JSON, but no object.
    """
    said = parsed(payload)
    if not isinstance(said, dict):
        raise Misfit(
            "the payload is JSON, but no object {…}", "페이로드가 JSON 객체({…})가 아닙니다"
        )
    return said


def text_of(payload: bytes) -> str:
    """Return a payload that is plain text, without the padding around it.

    Raises:
        Misfit: it is not UTF-8.
    """
    try:
        return payload.strip(PADDING).decode()
    except UnicodeDecodeError as exc:
        raise Misfit("the payload is not UTF-8 text", "페이로드가 UTF-8 글자가 아닙니다") from exc


def inner(said: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return the object at a path of names within another; an empty one if there is none."""
    for name in path:
        found = said.get(name)
        said = found if isinstance(found, dict) else {}
    return said


def leaves(value: Any, place: str = "") -> list[tuple[str, Any]]:
    """Return the first `MOST` leaves of parsed JSON with their places, like ``ENERGY.Power``.

    The items of a list are numbered: ``loads.0``.
    """
    found: list[tuple[str, Any]] = []
    _collect(found, value, place, _DEEPEST)
    return found


def _collect(found: list[tuple[str, Any]], value: Any, place: str, depth: int) -> None:
    kind = type(value)
    if not depth or not value or (kind is not dict and kind is not list):
        found.append((place, value))
        return
    start = f"{place}." if place else ""
    for key, item in value.items() if kind is dict else enumerate(value):
        if len(found) >= MOST:
            return
        if type(item) is dict or type(item) is list:
            _collect(found, item, f"{start}{key}", depth - 1)
        else:
            found.append((f"{start}{key}", item))


class To(NamedTuple):
    """Where a part of a payload goes: a field of a kind, converted."""

    kind: str
    field: str
    convert: Callable[[Any], Any] | None = None


def sort(
    told: Told,
    found: Iterable[tuple[str, Any]],
    table: Mapping[str, To],
    draft: Callable[[str], Draft],
) -> None:
    """Take each place that a table names into the draft of its kind, and leave the others."""
    drafts: dict[str, Draft] = {}
    for place, value in found:
        to = table.get(place)
        if to is None:
            told.leave(place, value)
            continue
        own = drafts.get(to.kind)
        if own is None:
            own = drafts[to.kind] = draft(to.kind)
        own.take(to.field, value, place, to.convert)


def number(value: Any) -> float | int | None:
    """Return a number, also one that is written as text; None for the words for "no value".

    Raises:
        Misfit: it is none.
    """
    if (type(value) is float or type(value) is int) and -_HUGE < value < _HUGE:
        return value  # the usual case
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Misfit("is no number", "숫자가 아닙니다")
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in _NOTHING:
            return None
        if not _NUMBER.fullmatch(text):
            raise Misfit(f'"{text[:40]}" is no number', f'"{text[:40]}": 숫자가 아닙니다')
        value = float(text.replace(",", "."))
    found: float | int = value
    if -_HUGE < found < _HUGE:
        return found
    if found != found:  # noqa: PLR0124 - NaN stands for "not measured"
        return None
    raise Misfit("is infinite or too large", "무한대이거나 너무 큰 수입니다")


def scaled(factor: float, digits: int = 6) -> Callable[[Any], float | None]:
    """Return what multiplies a number by a factor, and rounds what that adds to it."""

    def convert(value: Any) -> float | None:
        found = number(value)
        return None if found is None else round(found * factor, digits)

    return convert


def kelvin(value: Any) -> float | None:
    """Return a color temperature in K that is given in mired."""
    found = number(value)
    if not found:
        return None
    # At least 1 mired, which is out of the range of a light: a huge quotient cannot be rounded.
    return round(1_000_000 / max(1.0, found))


def switch(value: Any) -> bool | None:
    """Return whether something is on: true, 1, ``ON``, ``on``, ``open``.

    Raises:
        Misfit: it is neither on nor off.
    """
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text in _NOTHING:
        return None
    raise Misfit(f'"{text[:40]}" is neither on nor off', f'"{text[:40]}": 켜짐도 꺼짐도 아닙니다')


def is_online(said: Any, place: str, online: str = "online", offline: str = "offline") -> bool:
    """Return whether a status says that its device is there, in one of two words.

    Raises:
        Misfit: it is neither.
    """
    word = said.lower() if isinstance(said, str) else ""
    if word not in (online.lower(), offline.lower()):
        shown = f'{place}: "{str(said)[:40]}"'
        raise Misfit(
            f"{shown} is neither {online} nor {offline}",
            f"{shown}은(는) {online}도 {offline}도 아닙니다",
        )
    return word == online.lower()


def inverted(value: Any) -> bool | None:
    """Return whether something is off."""
    found = switch(value)
    return None if found is None else not found


def word(words: Mapping[str, str]) -> Callable[[Any], str | None]:
    """Return what turns a maker's words into the hub's, whatever their case."""

    def convert(value: Any) -> str | None:
        text = str(value).strip()
        found = words.get(text.lower())
        if found is None and text.lower() not in _NOTHING:
            known = ", ".join(words)
            raise Misfit(
                f'"{text[:40]}" is not one of {known}', f'"{text[:40]}": {known} 중 하나여야 합니다'
            )
        return found

    return convert


def known_word(words: Mapping[str, str]) -> Callable[[Any], str | None]:
    """Return what turns those of a maker's words into the hub's that have a counterpart."""

    def convert(value: Any) -> str:
        found = words.get(str(value).strip().lower())
        if found is None:
            raise NoWord
        return found

    return convert


def celsius(unit: Any) -> Callable[[Any], float | None]:
    """Return what turns a temperature in `unit` (C, °C, F, °F, K) into °C."""
    letter = str(unit or "C").strip().strip("°").upper()[:1]

    def convert(value: Any) -> float | None:
        found = number(value)
        if found is None or letter not in "FK":
            return found
        return round((found - 32) / 1.8, 3) if letter == "F" else round(found - 273.15, 3)

    return convert
