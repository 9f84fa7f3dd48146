"""Shelly's first generation: one value a topic, as text below ``shellies/<id>/``.

Power in W, temperature in °C, ``relay/0/energy`` in watt-minutes and ``emeter/0/total`` in Wh.
See shelly-api-docs.shelly.cloud/gen1.
"""

from collections.abc import Mapping

from hub.dialects.dialect import Heard, Misfit, Told, Translate, ignore
from hub.dialects.mapping.subdevices import part_of, presences, sensor_kind
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, number, parsed_object, scaled, switch, text_of, word

SLEEP = 90_000.0
"""Seconds: a sensor with a battery wakes at least once a day."""
_EVERY = 30.0
"""Seconds between the values of what has mains, as it is delivered."""
_WATT_HOURS, _WATT_MINUTES = scaled(0.001, 9), scaled(1 / 60_000, 9)


def online(heard: Heard, memory: Memory) -> Told:
    """Translate ``online``, of both generations: what has a battery is offline while it sleeps."""
    text, device = text_of(heard.payload), heard.parts["device"]
    if text.lower() not in {"true", "false"}:
        raise Misfit(
            f'online: "{text[:40]}" is neither true nor false',
            f'online: "{text[:40]}"은(는) true도 false도 아닙니다',
        )
    if text.lower() == "false" and memory.get(f"sleeps/{device}"):
        return Told()
    return Told(presences=presences(memory, device, text.lower() == "true"))


def _relay(value: str) -> bool | None:
    return False if value == "overpower" else switch(value)


def _overpower(value: str) -> bool:
    return value == "overpower"


_GAS = word({"none": "none", "mild": "gas", "heavy": "gas"})
_OPEN = word({"open": "open", "close": "close"})


def _gas(value: str) -> bool | None:
    found = _GAS(value)
    return None if found is None else found == "gas"


def _open(value: str) -> bool | None:
    found = _OPEN(value)
    return None if found is None else found == "open"


_METER = {
    "power": To("power_meter", "power", number),
    "voltage": To("power_meter", "voltage", number),
    "current": To("power_meter", "current", number),
    "pf": To("power_meter", "power_factor", number),
    "total": To("power_meter", "energy", _WATT_HOURS),
    "total_returned": To("power_meter", "energy_exported", _WATT_HOURS),
}
_SENSOR: Mapping[str, tuple[To, ...]] = {
    "temperature": (To("climate_sensor", "temperature", number),),
    "humidity": (To("climate_sensor", "humidity", number),),
    "lux": (To("climate_sensor", "illuminance", number),),
    "battery": (To("", "battery", number),),
    "flood": (To("safety_sensor", "alarm", switch), To("safety_sensor", "water_leak", switch)),
    "smoke": (To("safety_sensor", "alarm", switch), To("safety_sensor", "smoke", switch)),
    "gas": (To("safety_sensor", "alarm", _gas), To("safety_sensor", "gas", _gas)),
    "motion": (To("presence_sensor", "occupied", switch),),
    "state": (To("contact_sensor", "is_open", _open),),
}
_LAMP = {"ison": To("light", "switched_on", switch), "power": To("light", "power", number)}
_COLOR = {**_LAMP, "gain": To("light", "brightness", number)}
_WHITE = {
    **_LAMP,
    "brightness": To("light", "brightness", number),
    "temp": To("light", "color_temperature", number),
}


def _one(*targets: To) -> Translate:
    """Return what translates a topic with one value."""

    def translate(heard: Heard, memory: Memory) -> Told:
        told, text = Told(), text_of(heard.payload)
        for to in targets:
            draft = told.draft(to.kind, _name(heard, memory), interval=_EVERY)
            draft.take(to.field, text, _place(heard), to.convert)
        return told

    return translate


def _name(heard: Heard, memory: Memory) -> str:
    channel = heard.parts.get("channel", "0")
    return part_of(memory, heard.parts["device"], "" if channel == "0" else channel)


def _place(heard: Heard) -> str:
    return heard.topic.partition(f"{heard.parts['device']}/")[2]


def _sensor(heard: Heard, memory: Memory) -> Told:
    """Translate ``sensor/…`` of what sleeps most of the time."""
    told, device = Told(), heard.parts["device"]
    memory.set(f"sleeps/{device}", True)
    for to in _SENSOR.get(heard.parts["what"], ()):
        kind, text = to.kind or sensor_kind(told, heard, device), text_of(heard.payload)
        if kind:
            draft = told.draft(kind, device, silence=SLEEP)
            draft.take(to.field, text, _place(heard), to.convert)
        else:
            told.leave(_place(heard), text)
    return told


def _inside(field: str) -> Translate:
    """Return what translates what a plug or a lamp measures inside of itself, once it is known."""

    def translate(heard: Heard, _: Memory) -> Told:
        told, device, text = Told(), heard.parts["device"], text_of(heard.payload)
        known = heard.kinds_of(device)
        kind = next((kind for kind in ("smart_plug", "light") if kind in known), "")
        if kind:
            told.draft(kind, device, interval=_EVERY).take(field, text, _place(heard), number)
        else:
            told.leave(_place(heard), text)
        return told

    return translate


def _lamp(heard: Heard, memory: Memory) -> Told:
    """Translate the status of a bulb, a dimmer or a strip."""
    told, said = Told(), parsed_object(heard.payload)
    draft = told.draft("light", _name(heard, memory), interval=_EVERY)
    table = _COLOR if said.get("mode") == "color" else _WHITE
    for key, value in said.items():
        if key in table:
            draft.take(table[key].field, value, key, table[key].convert)
        else:
            told.leave(key, value)
    return told


_LIGHTS: dict[str, Translate] = {
    f"{lamp}/{{channel}}{rest}": translate
    for lamp in ("light", "color", "white")
    for rest, translate in {
        "": _one(To("light", "switched_on", switch)),
        "/status": _lamp,
        "/power": _one(To("light", "power", number)),
    }.items()
}
_REST: dict[str, Translate] = {
    # The two relays of a Shelly 2 share one meter.
    "relay/power": _one(To("power_meter", "power", number)),
    "relay/energy": _one(To("power_meter", "energy", _WATT_MINUTES)),
    "relay/{channel}": _one(
        To("smart_plug", "switched_on", _relay), To("smart_plug", "overload", _overpower)
    ),
    "relay/{channel}/power": _one(To("smart_plug", "power", number)),
    "relay/{channel}/energy": _one(To("smart_plug", "energy", _WATT_MINUTES)),
    **{f"emeter/{{channel}}/{what}": _one(to) for what, to in _METER.items()},
    **_LIGHTS,
    "ext_temperature/{channel}": _one(To("climate_sensor", "temperature", number)),
    "ext_humidity/{channel}": _one(To("climate_sensor", "humidity", number)),
    "sensor/{what}": _sensor,
    "temperature": _inside("temperature"),
    "voltage": _inside("voltage"),
    "{rest+}": ignore,
}
TOPICS: Mapping[str, Translate] = {
    "shellies/announce": ignore,
    "shellies/command": ignore,
    **{f"shellies/{{device}}/{rest}": translate for rest, translate in _REST.items()},
}
"""The topics, without ``online``."""
