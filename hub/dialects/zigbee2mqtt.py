"""zigbee2mqtt, versions 1 and 2: the bridge of Zigbee lamps, plugs, locks and sensors.

``{base topic}/{friendly name}`` is a JSON object of what the device exposes, where the friendly
name may hold slashes, blanks and Hangul; ``…/availability`` is `online` or ``{"state": "online"}``,
and ``{base topic}/bridge/state`` so too, the Will of the whole bridge. Each message repeats what is
cached, with null for what is not known. Units are °C, %, hPa, W, V, A, kWh and lx; ``voltage`` is
mV where there is a battery, ``brightness`` 0 to 254, ``color_temp`` mired, and ``contact`` true is
"closed". ``last_seen`` is no time of measurement: it stays where presence times out. See
zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html and …/exposes.html.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Draft, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping.gateways import under
from hub.dialects.mapping.subdevices import part_of, presences
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import (
    PADDING,
    inverted,
    is_online,
    kelvin,
    known_word,
    number,
    parsed,
    parsed_object,
    scaled,
    switch,
    text_of,
    word,
)
from schemas import Label

_LOCK = word(
    {
        **dict.fromkeys(("lock", "locked"), "locked"),
        **dict.fromkeys(("unlock", "unlocked"), "unlocked"),
        "not_fully_locked": "not_fully_locked",
    }
)
_DOOR = known_word(
    {
        "open": "open",
        "closed": "closed",
        "error_jammed": "jammed",
        "error_forced_open": "forced_open",
    }
)
_MODE = known_word(
    {
        "off": "off",
        "heat": "heat",
        "emergency_heating": "heat",
        "cool": "cool",
        "auto": "auto",
        "heat_cool": "auto",
    }
)
_LEVEL = known_word(
    {
        "excellent": "good",
        "good": "fair",
        "moderate": "moderate",
        "poor": "poor",
        "unhealthy": "very_poor",
        "hazardous": "extremely_poor",
    }
)
_WHY = {
    "voltage": Label("mV of the battery", "배터리 전압(mV)입니다"),
    "voc": Label("µg/m³ cannot be turned into ppb", "µg/m³은 ppb로 바꿀 수 없습니다"),
}

_Fields = dict[str, tuple[str, Callable[[Any], Any]]]


def _all(convert: Callable[[Any], Any], names: str) -> _Fields:
    return {name: (name, convert) for name in names.split()}


_LUX: _Fields = {"illuminance": ("illuminance", number), "illuminance_lux": ("illuminance", number)}
_CLIMATE = _all(number, "temperature humidity pressure battery") | _LUX
#: By kind, what takes each property. A device is of the first kind of which it says a sign.
_FIELDS: dict[str, _Fields] = {
    "door_lock": {
        "lock_state": ("state", _LOCK),
        "state": ("state", _LOCK),
        "door_state": ("door", _DOOR),
        **_all(switch, "tamper"),
        **_all(number, "battery"),
    },
    "light": {
        "state": ("switched_on", switch),
        "brightness": ("brightness", scaled(100 / 254, 1)),
        "color_temp": ("color_temperature", kelvin),
        "device_temperature": ("temperature", number),
        **_all(number, "power"),
    },
    "thermostat": {
        "local_temperature": ("temperature", number),
        "occupied_heating_setpoint": ("target", number),
        "current_heating_setpoint": ("target", number),
        "system_mode": ("mode", _MODE),
        "pi_heating_demand": ("demand", number),
        "open_window": ("window_open", switch),
        **_all(switch, "window_open"),
        **_all(number, "humidity battery"),
    },
    "air_quality": {
        "pm25": ("pm2_5", number),
        "voc_parts": ("tvoc", number),
        "air_quality": ("level", _LEVEL),
        **_all(number, "co2 pm10 co temperature humidity"),
    },
    "safety_sensor": {
        **_all(switch, "smoke gas carbon_monoxide water_leak tamper"),
        **_all(number, "battery"),
    },
    "contact_sensor": {
        "contact": ("is_open", inverted),
        **_all(switch, "tamper battery_low"),
        **_all(number, "battery"),
    },
    "presence_sensor": {
        "occupancy": ("occupied", switch),
        "presence": ("occupied", switch),
        **_all(switch, "battery_low"),
        **_all(number, "battery"),
        **_LUX,
    },
    "smart_plug": {
        "state": ("switched_on", switch),
        "ac_frequency": ("frequency", number),
        "device_temperature": ("temperature", number),
        **_all(number, "power voltage current energy power_factor"),
    },
    "climate_sensor": _CLIMATE,
}
_SIGNS = {
    "door_lock": "lock_state door_state",
    "light": "brightness color_temp color color_mode",
    "thermostat": "local_temperature occupied_heating_setpoint current_heating_setpoint "
    "system_mode pi_heating_demand",
    "air_quality": "co2 pm25 pm10 voc voc_parts voc_index",
    "safety_sensor": "smoke gas carbon_monoxide water_leak",
    "contact_sensor": "contact",
    "presence_sensor": "occupancy presence",
    "smart_plug": "power energy current",
    "climate_sensor": "temperature humidity pressure",
}
_KIND_OF = {
    name: (place, kind)
    for place, (kind, signs) in enumerate(_SIGNS.items())
    for name in signs.split()
}
_SUPERSEDED = {"illuminance": "illuminance_lux", "state": "lock_state"}
"""What stands aside where another is there: version 1's illuminance is the sensor's raw figure."""
_ALARMS = ("smoke", "gas", "carbon_monoxide", "water_leak")
_ENDPOINTS = ("left", "right", "center", "top", "bottom", *(f"l{n}" for n in range(1, 9)))
_AT_ENDPOINT = re.compile(rf"(state|brightness|power|energy|current)_({'|'.join(_ENDPOINTS)})")
_BRIDGES = 16
_NOISE = frozenset({"linkquality", "last_seen", "elapsed", "update", "update_available", "device"})


def _device(heard: Heard, memory: Memory) -> Told:
    payload = parsed(heard.payload) if heard.payload.strip(PADDING)[:1] in b"{[" else None
    if not isinstance(payload, dict):
        raise Misfit(
            "no JSON object {…}; in zigbee2mqtt, set advanced → output to json",
            "JSON 객체({…})가 아닙니다. zigbee2mqtt에서 advanced → output을 json으로 설정하세요",
        )
    told, name = Told(), heard.parts["device"]
    kind = _kind(payload, heard.kinds_of(name))
    fields = _FIELDS.get(kind, {})
    for key, value in payload.items():
        if key in _NOISE or _SUPERSEDED.get(key) in payload:
            continue
        if key == "voltage" and "battery" in payload:
            told.leave(key, value, _WHY[key])
        elif key in fields:
            field, convert = fields[key]
            told.draft(kind, name).take(field, value, key, convert)
        elif kind and key in _CLIMATE:
            told.draft("climate_sensor", name).take(_CLIMATE[key][0], value, key, number)
        elif key == "color" and kind == "light":
            _color(told, told.draft("light", name), value)
        elif at := _AT_ENDPOINT.fullmatch(key):
            _endpoint(told, part_of(memory, name, at[2]), key, value, at, payload)
        else:
            told.leave(key, value, _WHY.get(key))
    if kind == "safety_sensor":
        _alarm(told.draft(kind, name))
    return told


def _kind(payload: Mapping[str, Any], known: Any) -> str:
    """The kind of a device, by what it says, else as it was before."""
    found = min((_KIND_OF[key] for key in payload if key in _KIND_OF), default=None)
    state = str(payload.get("state")).upper()
    if found is not None:
        return found[1]
    if state in {"LOCK", "UNLOCK"}:
        return "door_lock"
    for kind in known or ():
        if not payload.keys().isdisjoint(_FIELDS.get(kind, ())):
            return str(kind)
    if state in {"ON", "OFF"}:
        return "smart_plug"
    return "climate_sensor" if "illuminance" in payload else ""


def _endpoint(
    told: Told, name: str, key: str, value: Any, at: re.Match[str], payload: Mapping[str, Any]
) -> None:
    """A switch of several channels says `state_left`, `power_l1`: each channel is a device."""
    kind = "light" if f"brightness_{at[2]}" in payload else "smart_plug"
    if at[1] in _FIELDS[kind]:
        field, convert = _FIELDS[kind][at[1]]
        told.draft(kind, name).take(field, value, key, convert)
    else:
        told.leave(key, value)


def _color(told: Told, light: Draft, value: Any) -> None:
    said = value if isinstance(value, dict) else {}
    for name in ("hue", "saturation"):
        if name in said:
            light.take(name, said[name], f"color.{name}", number)
    if "hue" not in said:
        told.leave("color", value)


def _alarm(sensor: Draft) -> None:
    said = {name: on for name, on in sensor.fields.items() if name in _ALARMS and on is not None}
    if said:
        sensor.take("alarm", any(said.values()), next(iter(said)))


def _availability(heard: Heard, memory: Memory) -> Told:
    online = _online(heard.payload, "availability") if heard.payload else False
    return Told(presences(memory, heard.parts["device"], online))


def _bridge(heard: Heard, memory: Memory) -> Told:
    """The Will of a bridge: its devices are those below its base topic."""
    base, online = heard.parts.get("base"), _online(heard.payload, "bridge/state")
    others = tuple(memory.get("bases") or ())  # of other bridges that were heard of
    if base is None:  # zigbee2mqtt, or none: all that is no other's
        return Told(under(memory, "", online, beside=others))
    if f"{base}/" not in others and len(others) < _BRIDGES:
        memory.set("bases", [*others, f"{base}/"])
    return Told(under(memory, f"{base}/", online))


def _online(payload: bytes, place: str) -> bool:
    """Read `online`, or ``{"state": "online"}`` as version 2 has it."""
    text = text_of(payload)
    return is_online(parsed_object(payload).get("state") if text.startswith("{") else text, place)


_DEVICES = {
    "{device+}/availability": _availability,
    "{device+}/set": ignore,
    "{device+}/get": ignore,
    "{device+}/set/{property+}": ignore,
    "{device+}/get/{property+}": ignore,
    "{device+}": _device,
}

DIALECT = Dialect(
    "zigbee2mqtt",
    Label("zigbee2mqtt", "zigbee2mqtt"),
    topics={
        "zigbee2mqtt/bridge/state": _bridge,
        "zigbee2mqtt/bridge/{other+}": ignore,
        "bridge/state": _bridge,
        "bridge/{other+}": ignore,
        "{base}/bridge/state": _bridge,
        "{base}/bridge/{other+}": ignore,
        **{f"zigbee2mqtt/{topic}": what for topic, what in _DEVICES.items()},
        **_DEVICES,
    },
    setup=(
        SetupStep(
            Label("Settings → MQTT → Base topic", "Settings → MQTT → Base topic"),
            "{root}/{booth}/zigbee2mqtt",
        ),
        SetupStep(
            Label(
                "Settings → Availability → Enabled (or in configuration.yaml)",
                "Settings → Availability → Enabled(또는 configuration.yaml)",
            ),
            "availability → enabled: true",
        ),
    ),
    sample=("hall/climate", '{"temperature":22.6,"humidity":41.2,"battery":97}'),
    cleared=frozenset({_availability}),  # of a device that was removed or renamed
)
