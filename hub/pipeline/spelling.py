"""Spelling: finds which of the declared names was meant by another one. Pure."""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from schemas import ENDINGS, in_letters

_NEAR = 0.5
_BEGINNING = 4
_DEPTH = 4
_NODES = 64
_LONGEST = 64
_WRAPPED = ("value", "val", "v")
"""Names under which devices put the value of a field."""

_UNITS = {
    "f": "°F",
    "fahrenheit": "°F",
    "degf": "°F",
    "kelvin": "K",
    "lb": "lb",
    "lbs": "lb",
    "oz": "oz",
    "g": "g",
    "mg": "mg",
    "mph": "mph",
    "knots": "kn",
    "ft": "ft",
    "feet": "ft",
    "inch": "in",
    "inches": "in",
    "miles": "mi",
    "psi": "psi",
    "bar": "bar",
    "kpa": "kPa",
    "pa": "Pa",
    "mmhg": "mmHg",
    "kw": "kW",
    "mw": "mW",
    "wh": "Wh",
    "ma": "mA",
    "mv": "mV",
    "rad": "rad",
    "radians": "rad",
}
"""Endings of field names that name a unit, and the unit."""
_ENDING = re.compile(r"(.+?)(?:_|(?<=[a-z])(?=[A-Z]))([A-Za-z]+)")


def plain(name: str) -> str:
    """Return a name without what devices write differently: case, ``-``, ``_``, ``.`` and blanks.

    Of the name 64 characters count.
    """
    return _plain(name[:_LONGEST])


@lru_cache(1024)
def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names, three at most, that are spelled most like `name`.

    By shared pairs of letters (Dice's coefficient): difflib takes ten times as long.
    """
    known = [*known]
    same = [other for other in known if plain(other) == plain(name)]
    if same:
        return same
    wanted = _pairs(name.lower().replace("-", "_"))
    pairs = [(_pairs(other), other) for other in known]
    scores = [(2 * len(wanted & own) / (len(wanted) + len(own)), other) for own, other in pairs]
    near = sorted((score, other) for score, other in scores if score >= _NEAR)
    return [other for _, other in near[:-4:-1]]


@lru_cache(256)
def _pairs(word: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {word} "))) | frozenset(word)


def meant(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is another spelling of: ``Temperature``, ``temp``, ``t_C``.

    Sure enough to be told to somebody: the same letters, or the beginning of one another.
    """
    said = plain(name)
    begins = None
    for other in known:
        wanted = plain(other)
        if said == wanted:
            return other
        shorter, longer = sorted((said, wanted), key=len)
        if len(shorter) >= _BEGINNING and longer.startswith(shorter):
            begins = begins or other
    return begins


def unit_in(name: str) -> tuple[str, str]:
    """Return what a name says without the unit that it ends with, and the unit's symbol or ``""``.

    ``temperature_f`` and ``temperatureF`` are a ``temperature`` in ``°F``.
    """
    found = _ENDING.fullmatch(name[:_LONGEST])
    unit = _UNITS.get(found[2].lower(), "") if found else ""
    return (found[1], unit) if found and unit else (name, "")


def place_of(
    field: str, payload: Mapping[str, Any], others: Iterable[str], unit: str = ""
) -> str | None:
    """Return where in a payload the value of a missing field is: ``Temperature``, ``ENERGY.Power``.

    `others` are the names that have another meaning; `unit` is the symbol of the field's own, with
    which a name may end. Only the first values are searched, of objects within objects a few deep.
    """
    own = {*others, field}
    found = [path for path in _paths(payload) if path[0] not in own]
    exact = [path for path in found if plain(_name(path)) == plain(field)]
    near = [path for path in found if meant(_quantity(_name(path), unit), [field])]
    best = (exact or near)[:1]
    return ".".join(best[0])[:120] if best else None


def _quantity(name: str, own: str) -> str:
    """A name without its unit; empty if it ends with another word: ``temperature_offset``."""
    quantity, unit = unit_in(name)
    found = _ENDING.fullmatch(name[:_LONGEST])
    if unit or not found:
        return quantity
    return found[1] if _says(found[2].lower(), own) else ""


def _says(ending: str, symbol: str) -> bool:
    """Whether the ending of a name is a unit: ``c``, ``celsius`` for ``°C``."""
    named = ENDINGS[ending].symbol if ending in ENDINGS else ""
    return bool(symbol) and (named == symbol or ending == in_letters(symbol))


def _name(path: tuple[str, ...]) -> str:
    """The name that tells what a value is: in ``temperature.value`` the first."""
    return path[-2] if len(path) > 1 and plain(path[-1]) in _WRAPPED else path[-1]


def _paths(payload: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The paths of all that is no object, those on top first; of the first `_NODES` looked at."""
    found: list[tuple[str, ...]] = []
    due: deque[tuple[tuple[str, ...], Any]] = deque([((), payload)])
    looked_at = 0
    while due:
        above, value = due.popleft()
        for name, item in value.items():
            looked_at += 1
            if looked_at > _NODES:
                return found
            path = (*above, name)
            if not isinstance(item, dict):
                found.append(path)
            elif len(path) < _DEPTH:
                due.append((path, item))
    return found


def wrapped(value: object) -> str | None:
    """Return the name under which an object holds one value, as in ``{"value": 21}``."""
    if not isinstance(value, dict):
        return None
    names = [name for name in value if plain(name) in _WRAPPED]
    return names[0] if names else None
