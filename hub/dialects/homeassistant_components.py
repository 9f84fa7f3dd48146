"""Home Assistant's components: which topics of each state which field, in what words. Pure.

By their pages at home-assistant.io/integrations (sensor.mqtt, binary_sensor.mqtt, switch.mqtt,
light.mqtt, lock.mqtt, climate.mqtt) and the device classes listed there.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hub.dialects.mapping.measures import field_of_unit, from_unit, sign_of
from schemas import Label

_SENSORS = {
    "atmospheric_pressure": "pressure",
    "carbon_dioxide": "co2",
    "carbon_monoxide": "co",
    "pm25": "pm2_5",
    "precipitation_intensity": "rain_rate",
    "signal_strength": "signal",
    "sound_pressure": "noise",
    "volatile_organic_compounds": "tvoc",
    "volatile_organic_compounds_parts": "tvoc",
    **{
        name: name
        for name in (
            *("battery", "current", "energy", "frequency", "humidity", "illuminance", "pm10"),
            *("power", "power_factor", "pressure", "temperature", "voltage", "weight"),
            *("wind_direction", "wind_speed"),
        )
    },
}
_BINARY = {
    **dict.fromkeys(("door", "garage_door", "opening", "window"), "is_open"),
    **dict.fromkeys(("motion", "occupancy", "presence"), "occupied"),
    **{name: name for name in ("smoke", "gas", "carbon_monoxide", "tamper")},
    "moisture": "water_leak",
    "battery": "battery_low",
}
_MODES = {"off": "off", "heat": "heat", "cool": "cool", "auto": "auto", "heat_cool": "auto"}
NO_TEMPLATE = Label(
    "of templates, {{ value }} and {{ value_json.path }} are read, with float, int and round",
    "템플릿은 {{ value }}와 {{ value_json.path }}만 읽습니다(float, int, round 가능)",
)
_NO_FIELD = Label(
    "no field for this device class and unit", "이 종류와 단위에 맞는 항목이 없습니다"
)
_NO_UNIT = Label("the unit is none of this device class", "이 종류의 단위가 아닙니다")


def word_of(value: Any, usual: str) -> str:
    """Return a word of a config as its states will be written; `usual` if it names none."""
    return usual if value is None else str(value)[:64]


#: Of a part: its field (or why it has none), the names of its topic and template, how to convert,
#: and the kind that it is a sign of.
_State = tuple[str | Label, str, Any, list[Any], str | None]


def _sensor(config: Mapping[str, Any]) -> Iterator[_State]:
    unit, of_class = config.get("unit_of_measurement"), config.get("device_class")
    unit = "" if unit is None else str(unit)[:32]
    field = _SENSORS.get(str(of_class)) or (field_of_unit(unit) if of_class is None else None)
    template = config.get("value_template")
    if field is None:
        yield _NO_FIELD, "state_topic", template, [], None
    elif from_unit(field, unit) is None:
        yield _NO_UNIT, "state_topic", template, [], None
    else:
        yield field, "state_topic", template, ["unit", unit], sign_of(field, unit)


def _binary(config: Mapping[str, Any]) -> Iterator[_State]:
    on, off = word_of(config.get("payload_on"), "ON"), word_of(config.get("payload_off"), "OFF")
    template, of_class = config.get("value_template"), str(config.get("device_class"))
    field = _BINARY.get(of_class)
    if of_class == "lock":  # on means unlocked
        words = {on: "unlocked", off: "locked"}
        yield "state", "state_topic", template, ["word", words], "door_lock"
    elif field is None:
        yield _NO_FIELD, "state_topic", template, [], None
    else:
        yield field, "state_topic", template, ["flag", on, off], sign_of(field)


def _switch(config: Mapping[str, Any]) -> Iterator[_State]:
    on = word_of(config.get("state_on"), word_of(config.get("payload_on"), "ON"))
    off = word_of(config.get("state_off"), word_of(config.get("payload_off"), "OFF"))
    template = config.get("value_template")
    yield "switched_on", "state_topic", template, ["flag", on, off], "smart_plug"


def _lock(config: Mapping[str, Any]) -> Iterator[_State]:
    words = {
        word_of(config.get("state_locked"), "LOCKED"): "locked",
        word_of(config.get("state_unlocked"), "UNLOCKED"): "unlocked",
        word_of(config.get("state_jammed"), "JAMMED"): "not_fully_locked",
    }
    yield "state", "state_topic", config.get("value_template"), ["word", words], "door_lock"


def _light(config: Mapping[str, Any]) -> Iterator[_State]:
    scale = config.get("brightness_scale")
    if not isinstance(scale, int | float) or not 0 < scale < 10**6:
        scale = 255
    brightness = ["scale", 100 / scale]
    kelvin = ["unit", "K" if config.get("color_temp_kelvin") is True else "mired"]
    on, off = word_of(config.get("payload_on"), "ON"), word_of(config.get("payload_off"), "OFF")
    if config.get("schema") == "json":
        for field, path, convert in (
            ("switched_on", ("state",), ["flag", "ON", "OFF"]),
            ("brightness", ("brightness",), brightness),
            ("color_temperature", ("color_temp",), kelvin),
            ("hue", ("color", "h"), ["unit", ""]),
            ("saturation", ("color", "s"), ["unit", ""]),
        ):
            yield field, "state_topic", path, convert, "light"
        return
    if config.get("schema") == "template":
        yield NO_TEMPLATE, "state_topic", None, [], None
        return
    template = config.get("state_value_template", config.get("value_template"))
    yield "switched_on", "state_topic", template, ["flag", on, off], "light"
    template = config.get("brightness_value_template")
    yield "brightness", "brightness_state_topic", template, brightness, "light"
    template = config.get("color_temp_value_template")
    yield "color_temperature", "color_temp_state_topic", template, kelvin, "light"
    template = config.get("hs_value_template")
    yield "hue", "hs_state_topic", template, ["item", 0], "light"
    yield "saturation", "hs_state_topic", template, ["item", 1], "light"


def _climate(config: Mapping[str, Any]) -> Iterator[_State]:
    said = str(config.get("temperature_unit") or "")[:32]
    unit = ["unit", said if from_unit("temperature", said) else ""]
    template = config.get("current_temperature_template")
    yield "temperature", "current_temperature_topic", template, unit, "thermostat"
    template = config.get("temperature_state_template")
    yield "target", "temperature_state_topic", template, unit, "thermostat"
    template = config.get("mode_state_template")
    yield "mode", "mode_state_topic", template, ["word", _MODES], "thermostat"
    template = config.get("current_humidity_template")
    yield "humidity", "current_humidity_topic", template, ["unit", "%"], "thermostat"


STATES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[_State]]] = {
    "sensor": _sensor,
    "binary_sensor": _binary,
    "switch": _switch,
    "light": _light,
    "lock": _lock,
    "climate": _climate,
}
"""By component, what reads its config; the other components are reported as not used."""
