"""Home Assistant's MQTT discovery: a config message becomes what its topics mean. Pure.

A component names the topics of its states and how to read them: a template, a unit, words. What is
kept of it is a small JSON object for each topic, an *entry*: ``d`` device, ``f`` field, ``k`` kind
that it is a sign of, ``p`` path in the JSON, ``r`` digits to round to, ``v`` how to convert, ``x``
seconds after which it expires; or ``a``, the words of an availability topic, with ``m`` where all
or any of several have to say that it is there; or ``w``, why it is not used. See
home-assistant.io/integrations/mqtt, *MQTT discovery*.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from hub.dialects.homeassistant_components import NO_TEMPLATE, STATES, word_of
from schemas import Label

MOST_COMPONENTS = 64
"""Of one config, and of one device."""
MOST_AVAILABILITY = 8
"""Of one config: usual are that of a device, and that of the bridge it is behind."""
_LONGEST = 128
_LONGEST_TOPIC = 256
_SHORT = {
    "~": "~",
    "avty": "availability",
    "avty_mode": "availability_mode",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "bri_scl": "brightness_scale",
    "bri_stat_t": "brightness_state_topic",
    "bri_val_tpl": "brightness_value_template",
    "clr_temp_k": "color_temp_kelvin",
    "clr_temp_stat_t": "color_temp_state_topic",
    "clr_temp_val_tpl": "color_temp_value_template",
    "cmps": "components",
    "cns": "connections",
    "curr_hum_t": "current_humidity_topic",
    "curr_hum_tpl": "current_humidity_template",
    "curr_temp_t": "current_temperature_topic",
    "curr_temp_tpl": "current_temperature_template",
    "dev": "device",
    "dev_cla": "device_class",
    "ent_cat": "entity_category",
    "exp_aft": "expire_after",
    "hs_stat_t": "hs_state_topic",
    "hs_val_tpl": "hs_value_template",
    "ids": "identifiers",
    "mode_stat_t": "mode_state_topic",
    "mode_stat_tpl": "mode_state_template",
    "p": "platform",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_jam": "state_jammed",
    "stat_locked": "state_locked",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_t": "state_topic",
    "stat_unlocked": "state_unlocked",
    "stat_val_tpl": "state_value_template",
    "t": "topic",
    "temp_stat_t": "temperature_state_topic",
    "temp_stat_tpl": "temperature_state_template",
    "temp_unit": "temperature_unit",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
_SHARED = (
    *("state_topic", "availability", "availability_topic", "availability_template"),
    *("availability_mode", "payload_available", "payload_not_available"),
)
_DIAGNOSTIC = frozenset({"battery", "battery_low", "signal"})
_TEMPLATE = re.compile(
    r"\s*\{\{-?\s*value(?P<json>_json)?(?P<path>(?:\.\w+|\[\s*(?:'[^']*'|\"[^\"]*\"|\d+)\s*\])*)"
    r"(?P<filters>(?:\s*\|\s*\w+(?:\([^()]*\))?)*)\s*-?\}\}\s*"
)
_STEP = re.compile(r"\.(\w+)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))\s*\]")
_FILTER = re.compile(r"\|\s*(\w+)(?:\(([^()]*)\))?")
_FILTERS = frozenset(
    {"float", "int", "round", "default", "is_defined", "string", "trim", "upper", "lower", "bool"}
)
_NO_PLATFORM = Label("such a component is not read", "이런 구성 요소는 읽지 않습니다")
_NO_TOPIC = Label("it has no state topic", "상태 토픽이 없습니다")
_INTERNAL = Label("it is about the device itself", "기기 자체에 관한 값입니다")
REASONS: Mapping[str, Label] = {"template": NO_TEMPLATE}
"""Why an entry is not used, by its ``w``."""


class FieldTopic(NamedTuple):
    """One topic of a component: the field that it states, and the entry to be kept of it."""

    topic: str
    field: str
    entry: dict[str, Any]


class Component(NamedTuple):
    """A component: its name within its device, and its parts."""

    name: str
    parts: list[FieldTopic]


class Config(NamedTuple):
    """A config message: its device, its components, its availability, and what is not used."""

    identifier: str
    device: str
    components: list[Component]
    availability: list[tuple[str, dict[str, Any]]]
    unused: list[tuple[str, Any, Label]]


def read(path: list[str], said: Mapping[str, Any]) -> Config:
    """Return what a config says; `path` are the levels of its topic from the component on."""
    config = _full(said, "")
    identifier, device = _device(config.get("device"), path)
    found = Config(identifier, device, [], [], [])
    shared = {name: config[name] for name in _SHARED if name in config}
    several = config.get("components")
    each = several if path[0] == "device" and isinstance(several, dict) else {"": config}
    base = str(config.get("~") or "")
    for key, inner in list(each.items())[:MOST_COMPONENTS]:
        if not isinstance(inner, dict):
            continue
        own = {**shared, **_full(inner, base)} if key else config
        platform = str(own.get("platform")) if key else path[0]
        name = str(own.get("name") or key or path[-1])[:_LONGEST]
        parts = list(_parts(found, key or platform, platform, own))
        for each_topic in islice(_availability(own), MOST_AVAILABILITY):
            if len(found.availability) < MOST_AVAILABILITY and (
                each_topic not in found.availability
            ):
                found.availability.append(each_topic)
        if parts:
            found.components.append(Component(name, parts))
    return found


def _full(said: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Write abbreviated names in full, and the base topic for ``~``."""
    config = {_SHORT.get(name, name): value for name, value in said.items()}
    base = str(config.get("~") or base)
    for name, value in config.items():
        if name.endswith("topic") and isinstance(value, str) and base:
            config[name] = _based(value, base)
    several = config.get("availability")
    if isinstance(several, list):
        config["availability"] = [
            _full(it, base) for it in several[:MOST_COMPONENTS] if isinstance(it, dict)
        ]
    elif isinstance(several, dict):
        config["availability"] = [_full(several, base)]
    return config


def _based(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    return topic[:-1] + base if topic.endswith("~") else topic


def _device(said: Any, path: list[str]) -> tuple[str, str]:
    """The identifier and the name of a device; without one, what the config's topic calls it."""
    device = _full(said, "") if isinstance(said, dict) else {}
    found = device.get("identifiers") or device.get("connections")
    while isinstance(found, list) and found:
        found = (
            found[-1] if len(found) == 2 and found is not device.get("identifiers") else found[0]
        )
    usual = path[1] if len(path) > 1 else path[0]
    identifier = str(found or device.get("name") or usual)[:_LONGEST]
    return identifier, str(device.get("name") or identifier)[:_LONGEST]


def _parts(
    found: Config, place: str, platform: str, config: Mapping[str, Any]
) -> Iterator[FieldTopic]:
    """The parts of a component that are read; the others are noted as not used."""
    if platform not in STATES:
        found.unused.append((place, platform, _NO_PLATFORM))
        return
    seen = False
    for field, topic, template, convert, sign in STATES[platform](config):
        seen = True
        name = f"{place}.{topic}"
        where = config.get(topic)
        if isinstance(field, Label):
            found.unused.append((place, config.get("device_class"), field))
        elif not isinstance(where, str) or not 0 < len(where) <= _LONGEST_TOPIC:
            if topic == "state_topic":
                found.unused.append((name, where, _NO_TOPIC))
        elif config.get("entity_category") in ("config", "diagnostic") and field not in _DIAGNOSTIC:
            found.unused.append((place, config["entity_category"], _INTERNAL))
        else:
            entry = {"f": field, "k": sign, "v": convert, **_read_by(template)}
            expires = config.get("expire_after")
            if isinstance(expires, int | float) and 0 < expires < 10**8:
                entry["x"] = expires
            if "w" in entry:
                found.unused.append((name, str(template)[:_LONGEST], NO_TEMPLATE))
            yield FieldTopic(where, field, entry)
    if not seen:
        found.unused.append((place, platform, _NO_TOPIC))


def _read_by(template: Any) -> dict[str, Any]:
    """How to get at the value: its path in the JSON, and the digits to round to."""
    if template is None:
        return {}
    if isinstance(template, tuple):  # a path already
        return {"p": [*template]}
    match = _TEMPLATE.fullmatch(str(template)[:_LONGEST])
    if match is None or (match["path"] and not match["json"]):
        return {"w": "template"}
    steps = [
        next(part for part in step if part) for step in _STEP.findall(match["path"]) if any(step)
    ]
    how: dict[str, Any] = {"p": steps} if match["json"] else {}
    for name, argument in _FILTER.findall(match["filters"]):
        if name not in _FILTERS:
            return {"w": "template"}
        if name == "round":
            how["r"] = min(int(argument), 10) if argument.strip().isdecimal() else 0
        elif name == "int":
            how["r"] = -1
    return how


def _availability(config: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    several = config.get("availability")
    items = list(several) if isinstance(several, list) else []
    if isinstance(config.get("availability_topic"), str):
        items.append(
            {
                "topic": config["availability_topic"],
                "value_template": config.get("availability_template"),
                "payload_available": config.get("payload_available"),
                "payload_not_available": config.get("payload_not_available"),
            }
        )
    mode = config.get("availability_mode")
    of_several = {"m": mode} if mode in ("all", "any") and len(items) > 1 else {}
    for item in items:
        topic = item.get("topic")
        words = [word_of(item.get("payload_available"), "online")]
        words.append(word_of(item.get("payload_not_available"), "offline"))
        how = _read_by(item.get("value_template"))
        if isinstance(topic, str) and 0 < len(topic) <= _LONGEST_TOPIC and "w" not in how:
            yield topic, {"a": words, **of_several, **how}
