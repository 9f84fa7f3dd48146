"""Finds the field of a value by its name, class and unit, and the kind of its device. Pure.

For the dialects that say one value at a time, each with its unit: Home Assistant's discovery, Homie
and SenML. What names mean is in `synonyms`, how units convert in `units`. A `sign` is a kind that a
device is of because it has a value; of several the first in `_ORDER` counts.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from hub.dialects.mapping.synonyms import spelling_of
from hub.dialects.parsing import units
from hub.dialects.parsing.payload import kelvin, known_word, number, switch
from schemas import FieldType, Unit, kinds

#: The field of a unit, in lower case, that says by itself what it is of.
_OF_UNIT = {
    **dict.fromkeys(("w", "kw", "mw"), "power"),
    **dict.fromkeys(("kwh", "wh", "mwh"), "energy"),
    **dict.fromkeys(("v", "mv"), "voltage"),
    **dict.fromkeys(("a", "ma"), "current"),
    **dict.fromkeys(("hpa", "mbar", "pa", "kpa", "mmhg", "inhg"), "pressure"),
    **dict.fromkeys(("°c", "cel", "°f", "℃", "℉"), "temperature"),
    **dict.fromkeys(("lx", "lux"), "illuminance"),
    "hz": "frequency",
    "dbm": "signal",
    "%rh": "humidity",
    "%el": "battery",
    "mm/h": "rain_rate",
    "lat": "latitude",
    "lon": "longitude",
    "beat/min": "heart_rate",
}
_SIGNS = {
    **dict.fromkeys(("temperature", "humidity", "pressure", "illuminance"), "climate_sensor"),
    **dict.fromkeys(("power", "energy", "voltage", "current", "frequency"), "smart_plug"),
    **dict.fromkeys(("power_factor", "switched_on"), "smart_plug"),
    **dict.fromkeys(("brightness", "color_temperature", "hue", "saturation"), "light"),
    **dict.fromkeys(("co2", "pm2_5", "pm10", "tvoc", "co"), "air_quality"),
    **dict.fromkeys(("smoke", "gas", "carbon_monoxide", "water_leak"), "safety_sensor"),
    **dict.fromkeys(("target", "mode", "demand"), "thermostat"),
    **dict.fromkeys(("wind_speed", "wind_gust", "wind_direction"), "environment_station"),
    **dict.fromkeys(("rain_rate", "noise"), "environment_station"),
    **dict.fromkeys(("latitude", "longitude", "altitude"), "tracker"),
    "occupied": "presence_sensor",
    "is_open": "contact_sensor",
    "weight": "body_scale",
    "heart_rate": "wearable",
}
HAZARDS = frozenset({"smoke", "gas", "carbon_monoxide", "water_leak"})
"""The fields of a safety sensor, of which each alone is an alarm."""
_ORDER = (
    *("door_lock", "thermostat", "light", "air_quality", "safety_sensor", "contact_sensor"),
    *("presence_sensor", "power_meter", "smart_plug", "body_scale", "wearable", "tracker"),
    *("environment_station", "climate_sensor"),
)
_FLAGS = dict.fromkeys(("on", "power", "state", "onoff", "outlet"), "switched_on")
_FLAGS |= {"opening": "is_open", "window": "is_open", "water": "water_leak", "flood": "water_leak"}
"""The field of a boolean or a word, beside those whose names say it anywhere."""
_MODES = {"off": "off", "heat": "heat", "cool": "cool", "auto": "auto"}
_LONGEST = 64
"""Characters of a name that are looked at."""
_JOINTS = str.maketrans("", "", "-_. ")


def _units() -> dict[str, Unit]:
    """The unit of each field, that of the first kind which has it."""
    known = kinds()
    order = [known[name] for name in _ORDER] + list(known.values())
    found = {spec.name: spec.unit for kind in reversed(order) for spec in kind.fields}
    return {**found, "power_factor": Unit.RATIO}  # it is said in % as well


_UNIT_OF = _units()
_BOOLEANS = {
    spec.name for kind in kinds().values() for spec in kind.fields if spec.type is FieldType.BOOLEAN
} | {"mode"}


def field_of_unit(unit: Any) -> str | None:
    """Return the field that a unit says by itself, if it does."""
    return _OF_UNIT.get(str(unit or "").strip().lower())


def field_of(name: str, unit: str, *, numeric: bool | None) -> str | None:
    """Return what a value measures, by its name and its unit; None if neither says it.

    `numeric` is whether it is a number, or None if either may be meant.
    """
    return _field_of(name[:_LONGEST], unit[:_LONGEST], numeric)


@lru_cache(maxsize=4096)
def _field_of(name: str, unit: str, numeric: bool | None) -> str | None:
    spelling, plain = spelling_of(name), name.strip().lower().translate(_JOINTS)
    known = None if spelling is None or spelling.unit or spelling.turned else spelling.field
    flag = known if known in _BOOLEANS else _FLAGS.get(plain)
    if numeric is False:
        return flag
    if known is not None and known not in _BOOLEANS:
        return known if from_unit(known, unit) is not None else None
    return field_of_unit(unit) or (flag if numeric is None else None)


def of_word(field: str, value: Any) -> Any:
    """Return what a word says of a field: a mode, or whether it is on, open or there."""
    return known_word(_MODES)(value) if field == "mode" else switch(value)


@lru_cache(maxsize=1024)
def from_unit(field: str, unit: str) -> Callable[[Any], float | None] | None:
    """Return what turns a number in a unit into the field's own; None if the unit is another's.

    Without a unit it is taken for the field's own.
    """
    plain = unit.strip().lower()
    if not plain:
        return number
    if field == "color_temperature" and plain in {"mired", "mk⁻¹"}:
        return kelvin
    way = units.line(unit, _UNIT_OF[field])
    return None if way is None else units.converted(way)


@lru_cache(maxsize=1024)
def sign_of(field: str, unit: str | None = "") -> str | None:
    """Return the kind that a device is of because it has a field; None if many have it."""
    way = units.line(unit, Unit.WATT) if field == "power" and unit else None
    return "power_meter" if way is not None and way.factor >= 1_000 else _SIGNS.get(field)


def kind_of(signs: Iterable[str | None]) -> str | None:
    """Return the kind of a device with these signs."""
    found = {sign for sign in signs if sign}
    return next((kind for kind in _ORDER if kind in found), None)


@lru_cache(maxsize=64)
def fields_of(kind: str) -> frozenset[str]:
    """Return the names of a kind's fields."""
    return frozenset(spec.name for spec in kinds()[kind].fields)
