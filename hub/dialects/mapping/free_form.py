"""Free-form payloads, with names that a device's programmer chose: finds the fields. Pure.

`Temperature`, `temp_c`, `tempF`, `sensor.temperature.value`: a name is read regardless of case and
separators, by the last part of its path, with the unit that it ends in, if it names one. Without a
unit, a value is in that of the field. Which kind it is of: the one that most of the names fit, or
that the device was of before; what is left may be of a further kind.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from hub.dialects.dialect import Draft, Misfit, NoWord, Told
from hub.dialects.mapping.synonyms import Spelling, spelling_of
from hub.dialects.parsing import units
from hub.dialects.parsing.payload import inverted, leaves, number, switch, word
from schemas import FieldSpec, FieldType, Label, kinds

_FURTHER = 3
_UNIT = (".unit", ".units")
_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__
_SAID = 64
_MOST_VOLTS = 4.5
"""Of a battery of which its device says no percentage."""
_NAMES = 1_024
"""The most names of one message that are looked up."""
_FIELDS = {kind.name: {field.name: field for field in kind.fields} for kind in kinds().values()}
_TELLING: Mapping[str, frozenset[str]] = {
    "climate_sensor": frozenset({"temperature", "humidity", "pressure", "illuminance"}),
    "air_quality": frozenset({"co2", "pm2_5", "pm10", "tvoc", "co"}),
    "environment_station": frozenset(
        {"wind_speed", "wind_gust", "wind_direction", "rain_rate", "uv_index", "noise"}
    ),
    "power_meter": frozenset({"power", "energy", "energy_exported", "power_factor"}),
    "safety_sensor": frozenset({"alarm", "smoke", "gas", "carbon_monoxide", "water_leak"}),
}
"""What names the kind by itself; a kind that is not here is named by all its required fields."""
_FIRST = (
    *("climate_sensor", "air_quality", "environment_station", "power_meter", "smart_plug"),
    *("presence_sensor", "contact_sensor", "safety_sensor", "tracker"),
)
_ORDER = {name: place for place, name in enumerate([*_FIRST, *sorted(_FIELDS.keys() - {*_FIRST})])}
_VAGUE = frozenset(
    {"battery", "battery_low", "signal", "voltage", "current", "temperature", "mode"}
)
_ON = (
    *("leak", "leaking", "triggered", "trigger", "occupied", "detected", "motion", "alarm"),
    *("present", "opened"),
)
_OFF = ("normal", "idle", "vacant", "clear", "dry", "close", "none", "absent", "safe", "ok")
_WORDS = {**dict.fromkeys(_ON, "on"), **dict.fromkeys(_OFF, "off")}
_FLAGS = {
    field.name
    for fields in _FIELDS.values()
    for field in fields.values()
    if field.type is FieldType.BOOLEAN
}
_CHOICES = {
    field.name
    for fields in _FIELDS.values()
    for field in fields.values()
    if field.type is FieldType.STRING
}
_NO_NUMBERS = _FLAGS | _CHOICES
_NO_VALUES = frozenset({bool, dict, list})
_WITH_UNIT = re.compile(r"\s*([+-]?\d[\d.,]*)\s*([^\s\d.,eE+-].{0,15})", re.ASCII)
NO_KIND = Label("says no kind of device by itself", "이 값만으로는 기기 종류를 알 수 없습니다")
"""Why a value is not used whose name fits several kinds and tells none."""


class Said(NamedTuple):
    """A value and its place, maybe with its unit; and a `name`, where the place is none."""

    place: str
    value: Any
    unit: str = ""
    name: str = ""


def flattened(values: Any, within: str = "") -> list[Said]:
    """Return the leaves of parsed JSON; a leaf ``unit`` is that of the ``value`` beside it.

    `within` is the place of all of it.
    """
    found = leaves(values, within)
    said = {
        place.rpartition(".")[0]: value
        for place, value in found
        if type(value) is str and place.endswith(_UNIT)
    }
    if not said:
        return [_new(Said, (place, value, "", "")) for place, value in found]
    return [
        Said(place, value, said.get(place.rpartition(".")[0], ""))
        for place, value in found
        if not place.endswith(_UNIT)
    ]


@lru_cache(512)
def fitting(names: frozenset[str], before: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Return the kind of each name that fits one; `before` are kinds that the device was of.

    A word out of a list is named with it: ``status=charging``.
    """
    left, fits = set(names), dict[str, str]()
    for _ in range(_FURTHER):
        named = [kind for kind in _FIELDS if kind in before or _names(kind, left)]
        best = max(named, key=lambda kind: _rank(kind, left, before), default=None)
        own = left & _own(best) if best is not None else set()
        if best is None or not own:
            break
        fits |= dict.fromkeys(own, best)
        left -= own
    return fits


@lru_cache(None)
def _own(kind: str) -> frozenset[str]:
    """The names that a kind takes."""
    found = set[str]()
    for field in _FIELDS[kind].values():
        found |= {f"{field.name}={one}" for one in field.choices} if field.choices else {field.name}
    return frozenset(found)


def _names(kind: str, left: set[str]) -> bool:
    own = left & _own(kind)
    if kind in _TELLING:
        return bool(own & _TELLING[kind])
    fields = {name.partition("=")[0] for name in own}
    required = {field.name for field in _FIELDS[kind].values() if field.required}
    alone = required <= _VAGUE or any("=" in name for name in own)
    return required <= fields and not (alone and len(own) < 2)


def _rank(kind: str, left: set[str], before: Sequence[str]) -> tuple[int, bool, int]:
    return len(left & _own(kind)), kind in before, -_ORDER[kind]


@lru_cache(512)
def converter(kind: str, spelling: Spelling, unit: str = "") -> Callable[[Any], Any]:
    """Return what turns a value into that of a kind's field; `unit` is what it is said in."""
    spec = _FIELDS[kind][spelling.field]
    if spec.choices:
        return word({name: name for name in spec.choices})
    if spec.type is FieldType.BOOLEAN:
        return _turned_flag if spelling.turned else _flag
    if spec.type is FieldType.STRING:
        return str
    if spec.name == "battery" and not (unit or spelling.unit):
        return _percentage
    way = units.line(unit or spelling.unit, spec.unit)
    if way is not None:
        return units.converted(way)
    return _of_another_unit(unit, spec) if unit and units.known(spec.unit) else number


class _NoPercentage(NoWord):
    """A battery's value without a unit that is none of % by its size."""

    label = Label(
        "it looks like volts or a fraction; a battery is in %",
        "볼트(V)나 비율(0~1) 같습니다. 배터리는 % 단위입니다",
    )


def _percentage(value: Any) -> float | int | None:
    """Return %; many codecs call the voltage of a cell ``Bat``, and some say 0.87 for 87 %."""
    found = number(value)
    if found is not None and found % 1 and 0 < found <= _MOST_VOLTS:
        raise _NoPercentage
    return found


def _of_another_unit(unit: str, spec: FieldSpec) -> Callable[[Any], Any]:
    ways, name = units.known(spec.unit), unit[:20]

    def convert(_: Any) -> Any:
        raise Misfit(
            f'the unit "{name}" is none of {spec.label.en.lower()}; known are {ways}',
            f'"{name}": {spec.label.ko}의 단위가 아닙니다. 쓸 수 있는 단위: {ways}',
        )

    return convert


def _flag(value: Any) -> bool | None:
    return switch(_WORDS.get(value.strip().lower(), value) if isinstance(value, str) else value)


def _turned_flag(value: Any) -> bool | None:
    return inverted(_WORDS.get(value.strip().lower(), value) if isinstance(value, str) else value)


def key(spelling: Spelling, value: Any) -> str | None:
    """Return the name to give to `fitting`; None for a value that the field cannot have."""
    if type(value) is float and spelling.field not in _NO_NUMBERS:  # the usual case
        return spelling.field
    if spelling.field in _FLAGS:
        try:
            _flag(value)
        except Misfit:
            return None
    elif spelling.field in _CHOICES:
        if not isinstance(value, str) or len(value) > _SAID:
            return None
        return f"{spelling.field}={value.strip().lower()}"
    elif type(value) in _NO_VALUES:
        return None
    return spelling.field


def _apart(text: str, unit: str) -> tuple[str, str]:
    """Return a number and its unit, if the text has both: ``22.5 °C``."""
    found = None if unit else _WITH_UNIT.fullmatch(text)
    return (found[1], found[2].strip()) if found else (text, unit)


def take(
    told: Told,
    device: str,
    said: Iterable[Said],
    before: Sequence[str] | None = (),
    *,
    time: Any = None,
    interval: float | None = None,
    silence: float | None = None,
) -> None:
    """Take what is said into drafts of the kinds that fit; `before` are those the device was of."""
    found: dict[str, tuple[Said, Spelling]] = {}
    for item in said:
        place, value, _, own = item
        told.named += 1
        spelling = spelling_of(own or place) if told.named <= _NAMES else None
        name = key(spelling, value) if spelling is not None else None
        if spelling is None or name is None or name in found:
            told.leave(place, value)
        else:
            found[name] = item, spelling
    fits = fitting(frozenset(found), tuple(before or ()))
    drafts: dict[str, Draft] = {}
    for name, ((place, said_value, said_unit, _), spelling) in found.items():
        kind = fits.get(name)
        if kind is None:
            told.leave(place, said_value, NO_KIND)
            continue
        draft = drafts.get(kind)
        if draft is None:
            draft = told.draft(kind, device, time=time, interval=interval, silence=silence)
            if spelling.field in draft.places:  # of an earlier entry of the message
                draft = told.another(draft)
            drafts[kind] = draft
        value, unit = said_value, said_unit
        if type(value) is str and spelling.field not in _NO_NUMBERS:
            value, unit = _apart(value, unit)
        draft.take(spelling.field, value, place, converter(kind, spelling, unit[:_SAID]))
