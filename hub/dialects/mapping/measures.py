"""What a value measures, by its name, class and unit, and the kind of a device that has it. Pure.

For the dialects that say one value at a time, each with its unit: Home Assistant's discovery, Homie
and SenML. A `sign` is a kind that a device is of because it has a value; of several the first in
`_ORDER` counts.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from hub.dialects.parsing.payload import celsius, kelvin, known_word, number, scaled, switch
from schemas import kinds

_PRESSURE = {
    "hpa": 1.0,
    "mbar": 1.0,
    "pa": 0.01,
    "kpa": 10.0,
    "bar": 1000.0,
    "mmhg": 1.333224,
    "inhg": 33.86389,
    "psi": 68.94757,
}
_SPEED = {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "kn": 0.514444, "ft/s": 0.3048}
_CONCENTRATION = {"µg/m³": 1.0, "µg/m3": 1.0, "ug/m3": 1.0, "ug/m³": 1.0}
#: By field, its units in lower case and what they are multiplied by; M and m are told apart below.
_FACTORS: Mapping[str, Mapping[str, float]] = {
    "power": {"w": 1.0, "kw": 1000.0, "megawatt": 1e6, "milliwatt": 0.001},
    "energy": {
        "kwh": 1.0,
        "wh": 0.001,
        "megawatt·h": 1000.0,
        "j": 1 / 3.6e6,
        "kj": 1 / 3600,
        "megajoule": 1 / 3.6,
        "gj": 1000 / 3.6,
    },
    "voltage": {"v": 1.0, "millivolt": 0.001, "kv": 1000.0},
    "current": {"a": 1.0, "ma": 0.001},
    "frequency": {"hz": 1.0, "1/s": 1.0, "khz": 1000.0},
    "power_factor": {"%": 0.01, "/": 1.0, "cos(φ)": 1.0, "1": 1.0},
    "pressure": _PRESSURE,
    "humidity": {"%": 1.0, "%rh": 1.0},
    "battery": {"%": 1.0, "%el": 1.0},
    "brightness": {"%": 1.0, "/": 100.0},
    "demand": {"%": 1.0},
    "saturation": {"%": 1.0},
    "hue": {"°": 1.0},
    "illuminance": {"lx": 1.0, "lux": 1.0},
    "signal": {"dbm": 1.0, "dbw": 1.0},
    "co2": {"ppm": 1.0, "ppb": 0.001},
    "co": {"ppm": 1.0, "ppb": 0.001},
    "tvoc": {"ppb": 1.0, "ppm": 1000.0},
    "pm2_5": _CONCENTRATION,
    "pm10": _CONCENTRATION,
    "wind_speed": _SPEED,
    "wind_gust": _SPEED,
    "wind_direction": {"°": 1.0, "rad": 57.29577951},
    "rain_rate": {"mm/h": 1.0, "in/h": 25.4},
    "noise": {"db": 1.0, "dba": 1.0},
    "weight": {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "oz": 0.0283495231, "st": 6.35029318},
    "latitude": {"°": 1.0, "lat": 1.0, "deg": 1.0},
    "longitude": {"°": 1.0, "lon": 1.0, "deg": 1.0},
    "altitude": {"m": 1.0, "ft": 0.3048},
    "heart_rate": {"beat/min": 1.0, "bpm": 1.0},
}
_MEGA = {"MW": "megawatt", "mW": "milliwatt", "MWh": "megawatt·h", "mV": "millivolt"}
_MEGA |= {"MJ": "megajoule", "mJ": "millijoule"}
_TEMPERATURES = frozenset({"temperature", "target"})
_TEMPERATURE_UNITS = frozenset({"c", "°c", "cel", "f", "°f", "k", "°k", "℃", "℉"})
#: The field of a unit that says by itself what it is of.
_OF_UNIT = {
    **dict.fromkeys(("w", "kw", "megawatt", "milliwatt"), "power"),
    **dict.fromkeys(("kwh", "wh", "megawatt·h"), "energy"),
    **dict.fromkeys(("v", "millivolt"), "voltage"),
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
#: The field of a number by its name, without what joins the words.
_NAMED = {
    **dict.fromkeys(("temperature", "temp", "measuretemperature"), "temperature"),
    **dict.fromkeys(("targettemperature", "setpoint", "target", "targettemp"), "target"),
    **dict.fromkeys(("humidity", "hum", "rh", "relativehumidity"), "humidity"),
    **dict.fromkeys(("pressure", "barometer", "atmosphericpressure"), "pressure"),
    **dict.fromkeys(("illuminance", "lux", "luminosity", "lightlevel"), "illuminance"),
    **dict.fromkeys(("co2", "carbondioxide"), "co2"),
    **dict.fromkeys(("pm25", "pm2", "finedust"), "pm2_5"),
    **dict.fromkeys(("tvoc", "voc"), "tvoc"),
    **dict.fromkeys(("co", "carbonmonoxide"), "co"),
    **dict.fromkeys(("battery", "batterylevel", "batt"), "battery"),
    **dict.fromkeys(("brightness", "dim", "dimmer"), "brightness"),
    **dict.fromkeys(("colortemperature", "colourtemperature"), "color_temperature"),
    **dict.fromkeys(("latitude", "lat"), "latitude"),
    **dict.fromkeys(("longitude", "lon", "lng"), "longitude"),
    **dict.fromkeys(("altitude", "alt"), "altitude"),
    **dict.fromkeys(("rssi", "signal"), "signal"),
    **dict.fromkeys(("heartrate", "pulse"), "heart_rate"),
    **{
        name.replace("_", ""): name
        for name in (
            *("power", "energy", "voltage", "current", "frequency", "power_factor", "pm10"),
            *("hue", "saturation", "wind_speed", "wind_direction", "rain_rate", "noise", "weight"),
        )
    },
}
#: The field of a boolean or a word by its name.
_FLAGGED = {
    **dict.fromkeys(("on", "power", "state", "switch", "relay", "onoff", "outlet"), "switched_on"),
    **dict.fromkeys(("open", "opening", "door", "window"), "is_open"),
    **dict.fromkeys(("motion", "occupancy", "presence", "occupied"), "occupied"),
    **dict.fromkeys(("water", "waterleak", "leak", "flood"), "water_leak"),
    **{name: name for name in ("smoke", "gas", "tamper", "mode")},
}
_MODES = {"off": "off", "heat": "heat", "cool": "cool", "auto": "auto"}


_LONGEST = 64
"""Characters of a name that are looked at."""
_JOINTS = str.maketrans("", "", "-_. ")


def plain_unit(unit: Any) -> str:
    """Return a unit as the tables have it: M and m told apart, otherwise in lower case."""
    text = str(unit or "").strip().replace("μ", "µ")
    return _MEGA.get(text) or text.lower()


def field_of_unit(unit: Any) -> str | None:
    """Return the field that a unit says by itself, if it does."""
    return _OF_UNIT.get(plain_unit(unit))


def field_of(name: str, unit: str, *, numeric: bool | None) -> str | None:
    """Return what a value measures, by its name and its unit; None if neither says it.

    `numeric` is whether it is a number, or None if either may be meant.
    """
    return _field_of(name[:_LONGEST], unit[:_LONGEST], numeric)


@lru_cache(maxsize=4096)
def _field_of(name: str, unit: str, numeric: bool | None) -> str | None:
    plain = name.strip().lower().translate(_JOINTS)
    if numeric is False:
        return _FLAGGED.get(plain)
    found = _NAMED.get(plain)
    if found is not None:
        return found if from_unit(found, unit) is not None else None
    return field_of_unit(unit) or (_FLAGGED.get(plain) if numeric is None else None)


def of_word(field: str, value: Any) -> Any:
    """Return what a word says of a field: a mode, or whether it is on, open or there."""
    return known_word(_MODES)(value) if field == "mode" else switch(value)


@lru_cache(maxsize=1024)
def from_unit(field: str, unit: str) -> Callable[[Any], float | None] | None:
    """Return what turns a number in a unit into the field's own; None if the unit is another's.

    Without a unit it is taken for the field's own.
    """
    plain = plain_unit(unit)
    if not plain:
        return number
    if field in _TEMPERATURES:
        known = plain in _TEMPERATURE_UNITS
        return celsius({"℃": "C", "℉": "F"}.get(plain, plain)) if known else None
    if field == "color_temperature":
        return number if plain == "k" else kelvin if plain in {"mired", "mk⁻¹"} else None
    factor = _FACTORS.get(field, {}).get(plain)
    return None if factor is None else number if factor == 1 else scaled(factor)


@lru_cache(maxsize=1024)
def sign_of(field: str, unit: str | None = "") -> str | None:
    """Return the kind that a device is of because it has a field; None if many have it."""
    if field == "power" and plain_unit(unit) in {"kw", "megawatt"}:
        return "power_meter"
    return _SIGNS.get(field)


def kind_of(signs: Iterable[str | None]) -> str | None:
    """Return the kind of a device with these signs."""
    found = {sign for sign in signs if sign}
    return next((kind for kind in _ORDER if kind in found), None)


@lru_cache(maxsize=64)
def fields_of(kind: str) -> frozenset[str]:
    """Return the names of a kind's fields."""
    return frozenset(spec.name for spec in kinds()[kind].fields)
