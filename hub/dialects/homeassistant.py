"""Home Assistant's MQTT discovery: ESPHome, and hundreds of other programs and devices.

A device says once, retained, what it has: ``{prefix}/{component}/[{node}/]{object}/config``, or for
all of its components ``{prefix}/device/{object}/config``. From then on each topic that a config
names is read as it says; the topics are the device's own, written in full, with the hub's prefix or
without. Components of one device are readings of one device, whose kind follows from what it has.
State topics have no time. Templates are Jinja; those that are a path are read (`discovery`).
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from hub.dialects.dialect import (
    Dialect,
    Heard,
    Misfit,
    NoWord,
    Presence,
    SetupStep,
    Told,
    Translate,
    ignore,
)
from hub.dialects.homeassistant_discovery import (
    MOST_AVAILABILITY,
    MOST_COMPONENTS,
    REASONS,
    Config,
    read,
)
from hub.dialects.mapping.measures import HAZARDS, fields_of, from_unit, kind_of
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed, parsed_object, scaled, text_of
from schemas import Label

_COMPONENTS = frozenset(
    {
        *("alarm_control_panel", "binary_sensor", "button", "camera", "climate", "cover", "device"),
        *("device_automation", "device_tracker", "event", "fan", "humidifier", "image"),
        *("lawn_mower", "light", "lock", "notify", "number", "scene", "select", "sensor", "siren"),
        *("switch", "tag", "text", "update", "vacuum", "valve", "water_heater"),
    }
)
_NAMELESS = Label(
    "no kind is known by this alone; name one in the zone file",
    "이것만으로는 어떤 기기인지 알 수 없습니다",
)
_NOT_NAMED = Label("no config names this topic", "이 토픽을 알린 config가 없습니다")
_ABSENT = object()


def _config(heard: Heard, memory: Memory) -> Told:
    levels = heard.parts["path"].split("/")
    start = next((n for n in (-2, -3) if len(levels) >= -n and levels[n] in _COMPONENTS), 0)
    if not start:
        return Told()  # the config of something else
    digits = hashlib.sha256(heard.topic.encode(errors="surrogatepass")).hexdigest()[:12]
    if not heard.payload:  # the retained config was cleared: that is how components are removed
        gone = _replace(memory, f"c/{digits}", {}, {})
        return Told([Presence(name, online=False) for name in gone])
    config, told = read(levels[start:], parsed_object(heard.payload)), Told()
    for topic, entries in _remember(memory, f"c/{digits}", config).items():
        for entry in entries:
            if "f" in entry and "w" not in entry:
                told.leave(topic, ".".join(entry.get("p", ())), _read_as(entry["d"], entry["f"]))
    for place, value, why in config.unused:
        told.leave(place, value, why)
    return told


def _read_as(device: str, field: str) -> Label:
    return Label(
        f"read from now on as {field} of {device}", f"이제부터 {device}의 {field}(으)로 읽습니다"
    )


def _remember(memory: Memory, key: str, config: Config) -> dict[str, list[dict[str, Any]]]:
    """Keep what a config says, in place of what it said before; return it by topic."""
    device = _unique(memory, config)
    entries = dict[str, list[dict[str, Any]]]()
    devices = dict[str, dict[str, list[Any]]]()
    for component in config.components:
        taken = _taken(memory, device, key) | set(devices.get(device, {}).get("f", ()))
        mine = {part.field for part in component.parts if part.field != "hue"}
        name = f"{device} {component.name}" if mine & taken else device
        has = devices.setdefault(name, {"f": [], "k": []})
        for part in component.parts:
            has["f"].append(part.field)
            has["k"] += [] if part.entry["k"] in has["k"] else [part.entry["k"]]
            entries.setdefault(part.topic, []).append({"c": key, "d": name, **part.entry})
    for topic, entry in config.availability:
        entries.setdefault(topic, []).extend({"c": key, "d": name, **entry} for name in devices)
    _replace(memory, key, entries, devices)
    memory.set("any", True)
    return entries


def _replace(
    memory: Memory,
    key: str,
    entries: Mapping[str, list[dict[str, Any]]],
    devices: Mapping[str, dict[str, list[Any]]],
) -> list[str]:
    """Keep these in place of what a config said before; return the devices without a config."""
    before, gone = memory.get(key) or {"t": [], "d": []}, list[str]()
    for topic in dict.fromkeys([*before["t"], *entries]):
        others = [it for it in memory.get(f"t/{topic}") or () if it["c"] != key]
        memory.set(f"t/{topic}", [*others, *entries.get(topic, ())][:MOST_COMPONENTS] or None)
    for name in dict.fromkeys([*before["d"], *devices]):
        known = {c: has for c, has in (memory.get(f"d/{name}") or {}).items() if c != key}
        if name in devices and len(known) < MOST_COMPONENTS:
            known[key] = devices[name]
        memory.set(f"d/{name}", known or None)
        if not known:
            memory.set(f"n/{name}", None)
            memory.set(f"a/{name}", None)
            gone.append(name)
    memory.set(key, {"t": [*entries], "d": [*devices]} if entries else None)
    return gone


def _unique(memory: Memory, config: Config) -> str:
    """The device's name; where another device has it too, its identifier behind it."""
    owner = memory.get(f"n/{config.device}")
    if owner is None:
        memory.set(f"n/{config.device}", config.identifier)
    elif owner != config.identifier:
        return f"{config.device} ({config.identifier})"
    return config.device


def _taken(memory: Memory, device: str, key: str) -> set[str]:
    """The fields that a device has from other configs: a second of the same stands alone."""
    known = memory.get(f"d/{device}") or {}
    return {field for config, has in known.items() if config != key for field in has["f"]}


def _state(heard: Heard, memory: Memory) -> Told:
    entries = memory.get(f"t/{heard.topic}") or memory.get(f"t/{heard.prefix}{heard.topic}")
    told = Told()
    if entries is None:
        if memory.get("any") is None and not heard.retained:
            raise Misfit(
                "no config (…/config) has been heard yet, so what this topic means is not known; "
                "set the device's discovery prefix too",
                "아직 config(…/config)를 받지 못해 이 토픽의 뜻을 알 수 없습니다. 기기의 discovery "
                "prefix도 설정하세요",
            )
        told.leave("value", text_of(heard.payload), _NOT_NAMED)
        return told
    text = text_of(heard.payload)
    whole: Any = _ABSENT
    for entry in entries:
        if "p" in entry and whole is _ABSENT:
            whole = parsed(heard.payload)
        value = _value(whole, entry["p"]) if "p" in entry else text
        place = ".".join(entry.get("p") or ["value"])
        if value is _ABSENT:
            continue
        if "a" in entry:
            _available(told, heard, memory, entry, value, place)
        elif "w" in entry:
            told.leave(place, value, REASONS.get(entry["w"]))
        else:
            _take(told, memory, entry, value, place)
    return told


def _value(whole: Any, path: list[str]) -> Any:
    for step in path:
        if isinstance(whole, dict):
            whole = whole.get(step, _ABSENT)
        elif isinstance(whole, list) and step.isdecimal() and int(step) < len(whole):
            whole = whole[int(step)]
        else:
            return _ABSENT
    return whole


def _available(
    told: Told, heard: Heard, memory: Memory, entry: Mapping[str, Any], value: Any, place: str
) -> None:
    word, name = _rendered(value), entry["d"]
    if word not in entry["a"]:
        told.leave(place, value)
        return
    online = word == entry["a"][0]
    if "m" in entry:  # of several topics: a bridge's state, and that of the device behind it
        known = {**(memory.get(f"a/{name}") or {}), heard.topic: online}
        said = dict([*known.items()][-MOST_AVAILABILITY:])
        memory.set(f"a/{name}", said)
        online = all(said.values()) if entry["m"] == "all" else any(said.values())
    presence = Presence(name, online)
    if presence not in told.presences:
        told.presences.append(presence)


def _take(told: Told, memory: Memory, entry: dict[str, Any], value: Any, place: str) -> None:
    name, field = entry["d"], entry["f"]
    known = (memory.get(f"d/{name}") or {}).values()
    kind = kind_of(sign for has in known for sign in has["k"])
    if kind is None or field not in fields_of(kind):
        kind = entry["k"]
    if kind is None or field not in fields_of(kind):
        told.leave(place, value, _NAMELESS)
        return
    draft = told.draft(kind, name, silence=entry.get("x"))
    draft.take(field, value, place, partial(_converted, entry))
    if field in HAZARDS and draft.fields.get(field) is not None:
        others = {it for has in known for it in has["f"]} & HAZARDS - {field}
        if draft.fields[field] or not others:  # of several, one that is quiet says not all is well
            draft.take("alarm", draft.fields.get("alarm") or draft.fields[field], place)


def _converted(entry: Mapping[str, Any], value: Any) -> Any:
    how, *rest = entry["v"]
    if how in {"flag", "word"}:
        return _of_words(how, rest, value)
    if how == "item":  # "hue,saturation", or a list of both
        parts = value if isinstance(value, list) else str(value).split(",")
        if len(parts) != 2:
            raise Misfit("is no hue,saturation", "hue,saturation 형식이 아닙니다")
        return number(parts[rest[0]])
    convert = scaled(rest[0], 1) if how == "scale" else from_unit(entry["f"], rest[0]) or number
    found = convert(value)
    digits = entry.get("r")
    if found is None or digits is None:
        return found
    return float(int(found)) if digits < 0 else round(found, digits)


def _of_words(how: str, rest: list[Any], value: Any) -> Any:
    """Read a word as Home Assistant would render it; true is written True."""
    word = _rendered(value)
    words = rest[0] if how == "word" else {rest[0]: True, rest[1]: False}
    for known, meant in words.items():
        if word.lower() == known.lower():
            return meant
    if word.lower() in {"", "none", "unknown", "unavailable"}:
        return None
    if how == "word":
        raise NoWord
    raise Misfit(
        f'"{word[:40]}" is neither "{rest[0]}" nor "{rest[1]}", as its config has them',
        f'"{word[:40]}": config에 적힌 "{rest[0]}"도 "{rest[1]}"도 아닙니다',
    )


def _rendered(value: Any) -> str:
    return str(value).strip()


_TOPICS: dict[str, Translate] = {
    "homeassistant/status": ignore,
    "{path+}/config": _config,
    "{topic+}": _state,
}

DIALECT = Dialect(
    "homeassistant",
    Label("Home Assistant discovery (ESPHome)", "Home Assistant 검색(ESPHome)"),
    topics=_TOPICS,
    setup=(
        SetupStep(
            Label("mqtt → discovery_prefix", "mqtt → discovery_prefix"),
            "{root}/{booth}/homeassistant/homeassistant",
        ),
        SetupStep(
            Label("mqtt → topic_prefix", "mqtt → topic_prefix"),
            "{root}/{booth}/homeassistant/plug",
        ),
    ),
    learns=True,
    cleared=frozenset({_config}),
    sample=(
        "homeassistant/sensor/plug/power/config",
        """{"name":"Power","stat_t":"plug/power","dev_cla":"power","unit_of_meas":"W",\
"dev":{"ids":"plug-1","name":"Plug"}}""",
    ),
)
