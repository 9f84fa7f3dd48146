"""Converts units as makers write them to those of the kinds' fields. Pure."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from hub.dialects.parsing.payload import number
from schemas import Unit


class Line(NamedTuple):
    """A unit in terms of another: times `factor`, plus `offset`."""

    factor: float
    offset: float = 0.0


_SAME = Line(1.0)
_CELSIUS = {
    "c": _SAME,
    "degc": _SAME,
    "cel": _SAME,
    "celsius": _SAME,
    "f": Line(1 / 1.8, -32 / 1.8),
    "degf": Line(1 / 1.8, -32 / 1.8),
    "fahrenheit": Line(1 / 1.8, -32 / 1.8),
    "k": Line(1.0, -273.15),
    "kelvin": Line(1.0, -273.15),
}
_PERCENT = {
    "%": _SAME,
    "percent": _SAME,
    "pct": _SAME,
    "perc": _SAME,
    "%rh": _SAME,
    "rh": _SAME,
    "%r.h.": _SAME,
    "permille": Line(0.1),
    "%el": _SAME,
    "/": Line(100.0),
}
_PRESSURE = {
    "hpa": _SAME,
    "mbar": _SAME,
    "mb": _SAME,
    "pa": Line(0.01),
    "kpa": Line(10.0),
    "bar": Line(1_000.0),
    "mmhg": Line(1.333224),
    "inhg": Line(33.86389),
    "psi": Line(68.94757),
}
_SPEED = {  # in m/s
    "m/s": _SAME,
    "mps": _SAME,
    "km/h": Line(1 / 3.6),
    "kmh": Line(1 / 3.6),
    "kph": Line(1 / 3.6),
    "mph": Line(0.44704),
    "kn": Line(1.852 / 3.6),
    "knots": Line(1.852 / 3.6),
    "ft/s": Line(0.3048),
}
_WATT = {
    "w": _SAME,
    "watt": _SAME,
    "watts": _SAME,
    "mw": Line(0.001),
    "kw": Line(1_000.0),
    "va": _SAME,
}
_LENGTH = {  # in m
    "m": _SAME,
    "meter": _SAME,
    "metre": _SAME,
    "mm": Line(0.001),
    "cm": Line(0.01),
    "km": Line(1_000.0),
    "ft": Line(0.3048),
    "mi": Line(1_609.344),
}
_SECONDS = {"s": _SAME, "sec": _SAME, "ms": Line(0.001), "min": Line(60.0), "h": Line(3_600.0)}


def _times(factor: float, known: Mapping[str, Line]) -> dict[str, Line]:
    return {text: Line(line.factor * factor, line.offset) for text, line in known.items()}


_KNOWN: Mapping[Unit, Mapping[str, Line]] = {
    Unit.CELSIUS: _CELSIUS,
    Unit.PERCENT: _PERCENT,
    Unit.HECTOPASCAL: _PRESSURE,
    Unit.METRE_PER_SECOND: _SPEED,
    Unit.KILOMETRE_PER_HOUR: _times(3.6, _SPEED),
    Unit.WATT: _WATT,
    Unit.KILOWATT: _times(0.001, _WATT),
    Unit.KILOWATT_HOUR: {
        "kwh": _SAME,
        "wh": Line(0.001),
        "ws": Line(1 / 3.6e6),
        "j": Line(1 / 3.6e6),
        "kj": Line(1 / 3_600),
        "gj": Line(1_000 / 3.6),
    },
    Unit.METRE: _LENGTH,
    Unit.KILOMETRE: _times(0.001, _LENGTH),
    Unit.MILLIMETRE: _times(1_000.0, _LENGTH),
    Unit.SECOND: _SECONDS,
    Unit.MILLISECOND: _times(1_000.0, _SECONDS),
    Unit.MINUTE: _times(1 / 60, _SECONDS),
    Unit.VOLT: {"v": _SAME, "volt": _SAME, "volts": _SAME, "mv": Line(0.001), "kv": Line(1_000.0)},
    Unit.AMPERE: {"a": _SAME, "amp": _SAME, "amps": _SAME, "ma": Line(0.001)},
    Unit.HERTZ: {"hz": _SAME, "1/s": _SAME, "khz": Line(1_000.0)},
    Unit.RATIO: {"/": _SAME, "1": _SAME, "cos(φ)": _SAME, "%": Line(0.01)},
    Unit.KILOGRAM: {
        "kg": _SAME,
        "g": Line(0.001),
        "lb": Line(0.45359237),
        "lbs": Line(0.45359237),
        "oz": Line(0.0283495231),
        "jin": Line(0.5),
        "st": Line(6.35029318),
    },
    Unit.DEGREE: {
        **dict.fromkeys(("", "deg", "degrees", "lat", "lon"), _SAME),
        "rad": Line(57.29577951308232),
    },
    Unit.LUX: {"lx": _SAME, "lux": _SAME, "klx": Line(1_000.0)},
    Unit.DECIBEL: {"db": _SAME, "dba": _SAME, "db(a)": _SAME},
    Unit.DECIBEL_MILLIWATT: {"dbm": _SAME, "db": _SAME, "dbw": Line(1.0, 30.0)},
    Unit.PARTS_PER_MILLION: {"ppm": _SAME, "ppb": Line(0.001)},
    Unit.PARTS_PER_BILLION: {"ppb": _SAME, "ppm": Line(1_000.0)},
    Unit.MICROGRAM_PER_CUBIC_METRE: {
        "ug/m3": _SAME,
        "ugm3": _SAME,
        "mg/m3": Line(1_000.0),
        "mgm3": Line(1_000.0),
    },
    Unit.MILLIMETRE_PER_HOUR: {"mm/h": _SAME, "mmh": _SAME, "mm/hr": _SAME, "in/h": Line(25.4)},
    Unit.BEATS_PER_MINUTE: {"bpm": _SAME, "/min": _SAME, "beat/min": _SAME},
}
_WRITTEN = str.maketrans(
    {"µ": "u", "μ": "u", "³": "3", "°": None, "º": None, "℃": "C", "℉": "F", " ": None}
)
_MEGA = frozenset({"W", "Wh", "J", "V"})
"""Units before which M is a million and m a thousandth."""


@lru_cache(1_024)
def line(said: str, wanted: Unit) -> Line | None:
    """Return the conversion of a unit, as a maker writes it, to `wanted`; None if there is none."""
    if said.strip() == wanted.symbol:
        return _SAME
    written = said.translate(_WRITTEN)
    known = _KNOWN.get(wanted, {})
    if written[:1] == "M" and written[1:] in _MEGA:
        way = known.get(written[1:].lower())
        return None if way is None else Line(way.factor * 1e6)
    return known.get(written.lower())


def known(unit: Unit) -> str:
    """Return the ways of writing that are known for a unit, for a message."""
    return ", ".join(text for text in _KNOWN.get(unit, {}) if text)


@lru_cache(1_024)
def converted(way: Line) -> Callable[[Any], float | int | None]:
    """Return what reads a number and takes it to another unit."""
    if way == _SAME:
        return number

    def convert(value: Any) -> float | int | None:
        found = number(value)
        return None if found is None else round(found * way.factor + way.offset, 6)

    return convert
