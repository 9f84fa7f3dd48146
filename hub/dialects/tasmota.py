"""Tasmota: plugs, bulbs and sensors with the open firmware of that name.

``tele/%topic%/SENSOR`` each TelePeriod (300 s), ``STATE`` beside it, ``stat/%topic%/RESULT`` and
``POWER`` at once, ``LWT`` retained. Values stand nested by sensor, ``Time`` is local time without
an offset, and before NTP it is 1970. Units: W, V, A, kWh, hPa or mmHg (``PressureUnit``), °C or °F
(``TempUnit``). See tasmota.github.io/docs/MQTT and …/docs/JSON-Status-Responses.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.payload import (
    To,
    celsius,
    kelvin,
    leaves,
    number,
    parsed_object,
    scaled,
    switch,
    text_of,
)
from hub.dialects.times import local
from schemas import Label

_EVERY = 300.0
_HECTOPASCAL = {"mmhg": 1.333224, "inhg": 33.86389}
_SAID = frozenset({"Time", "TempUnit", "PressureUnit", "SpeedUnit"})

_ENERGY = {
    "Power": To("smart_plug", "power", number),
    "Total": To("smart_plug", "energy", number),
    "Factor": To("smart_plug", "power_factor", number),
    "Voltage": To("smart_plug", "voltage", number),
    "Current": To("smart_plug", "current", number),
    "Frequency": To("smart_plug", "frequency", number),
}
_AIR = {
    "CarbonDioxide": To("air_quality", "co2", number),
    "eCO2": To("air_quality", "co2", number),
    "TVOC": To("air_quality", "tvoc", number),
    "PM2.5": To("air_quality", "pm2_5", number),
    "PM10": To("air_quality", "pm10", number),
}
_CLIMATE = {
    "Temperature": To("climate_sensor", "temperature"),
    "Humidity": To("climate_sensor", "humidity", number),
    "Pressure": To("climate_sensor", "pressure"),
    "Illuminance": To("climate_sensor", "illuminance", number),
}
_LIGHT = {
    "Dimmer": To("light", "brightness", number),
    "CT": To("light", "color_temperature", kelvin),
}


def _sensor(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    told, time = Told(), local(payload.get("Time"), heard.timezone)
    inner = payload.get("StatusSNS", payload)
    for sensor, said in inner.items() if isinstance(inner, dict) else ():
        if sensor in _SAID:
            continue
        if not isinstance(said, dict):
            told.leave(sensor, said)
        elif sensor == "ENERGY":
            _energy(told, heard.parts["device"], said, time)
        else:
            _measured(told, heard.parts["device"], sensor, said, inner, time)
    return told


def _energy(told: Told, device: str, said: Mapping[str, Any], time: object) -> None:
    """A meter of several channels gives lists: each channel is a plug."""
    for name, value in said.items():
        to = _ENERGY.get(name)
        if to is None:
            told.leave(f"ENERGY.{name}", value)
            continue
        for channel, item in _channels(value):
            plug = told.draft("smart_plug", f"{device}{channel}", time=time, interval=_EVERY)
            plug.take(to.field, item, f"ENERGY.{name}", to.convert)


def _channels(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f"-{number}", item) for number, item in enumerate(value[:16], 1))
    else:
        yield "", value


def _measured(
    told: Told,
    device: str,
    sensor: str,
    said: Mapping[str, Any],
    payload: Mapping[str, Any],
    time: object,
) -> None:
    """Another sensor; one that measures what the device has from an earlier one stands alone."""
    table = {**_CLIMATE, **_AIR}
    kind = "air_quality" if _AIR.keys() & said.keys() else "climate_sensor"
    convert = {
        "temperature": celsius(payload.get("TempUnit")),
        "pressure": scaled(_HECTOPASCAL.get(str(payload.get("PressureUnit")).lower(), 1.0), 2),
    }
    draft = told.draft(kind, device, time=time, interval=_EVERY)
    if any(table[name].field in draft.fields for name in said if name in table):
        draft = told.draft(kind, f"{device}-{sensor}", time=time, interval=_EVERY)
    for name, value in leaves(said):
        to = table.get(name)
        if to is None or (kind == "air_quality" and to.field in {"pressure", "illuminance"}):
            told.leave(f"{sensor}.{name}", value)
        else:
            draft.take(to.field, value, f"{sensor}.{name}", to.convert or convert.get(to.field))


def _state(heard: Heard, memory: Memory) -> Told:
    """STATE and RESULT: relays, and what a bulb shines with."""
    payload = parsed_object(heard.payload)
    told, time = Told(), local(payload.get("Time"), heard.timezone)
    device = heard.parts["device"]
    bulb = _LIGHT.keys() & payload.keys() or "light" in (memory.get(f"kinds/{device}") or ())
    kind = "light" if bulb else "smart_plug"
    for name, value in payload.items():
        if name in _SAID:
            continue
        if name.startswith("POWER") and name[5:] in {"", *map(str, range(1, 33))}:
            channel = f"-{name[5:]}" if name[5:] else ""
            draft = told.draft(kind, f"{device}{channel}", time=time, interval=_EVERY)
            draft.take("switched_on", value, name, switch)
        elif name in _LIGHT:
            draft = told.draft("light", device, time=time, interval=_EVERY)
            draft.take(_LIGHT[name].field, value, name, _LIGHT[name].convert)
        elif name == "HSBColor":
            _colour(told.draft("light", device, time=time, interval=_EVERY).take, value)
        else:
            told.leave(name, value)
    return told


def _colour(take: Any, value: Any) -> None:
    parts = str(value).split(",")
    if len(parts) == 3:  # hue, saturation, brightness
        take("hue", parts[0], "HSBColor", number)
        take("saturation", parts[1], "HSBColor", number)


def _power(heard: Heard, memory: Memory) -> Told:
    device, text = heard.parts["device"], text_of(heard.payload)
    told, channel = Told(), f"-{heard.parts['channel']}" if heard.parts.get("channel") else ""
    kind = "light" if "light" in (memory.get(f"kinds/{device}") or ()) else "smart_plug"
    draft = told.draft(kind, f"{device}{channel}", interval=_EVERY)
    draft.take("switched_on", text, "POWER", switch)
    return told


def _lwt(heard: Heard, _: Memory) -> Told:
    text = text_of(heard.payload)
    if text.lower() not in {"online", "offline"}:
        raise Misfit(
            f'LWT: "{text[:40]}" is neither Online nor Offline',
            f'LWT: "{text[:40]}"은(는) Online도 Offline도 아닙니다',
        )
    device, online = heard.parts["device"], text.lower() == "online"
    return Told(presences=[Presence(device, online), Presence("", online, True, f"{device}-")])


_OF_TOPIC = {
    ("tele", "SENSOR"): _sensor,
    ("stat", "STATUS8"): _sensor,
    ("stat", "STATUS10"): _sensor,
    ("tele", "STATE"): _state,
    ("stat", "RESULT"): _state,
    ("stat", "POWER{channel*}"): _power,
    ("tele", "LWT"): _lwt,
    ("tele", "{other}"): ignore,
    ("stat", "{other}"): ignore,
    ("cmnd", "{other}"): ignore,
}

DIALECT = Dialect(
    "tasmota",
    Label("Tasmota", "Tasmota"),
    topics={
        **{f"{prefix}/{{device+}}/{leaf}": what for (prefix, leaf), what in _OF_TOPIC.items()},
        **{f"{{device+}}/{prefix}/{leaf}": what for (prefix, leaf), what in _OF_TOPIC.items()},
    },
    setup=(
        SetupStep(
            Label("Configuration → MQTT → Full Topic", "Configuration → MQTT → Full Topic"),
            "{root}/{booth}/tasmota/%prefix%/%topic%/",
        ),
        SetupStep(
            Label(
                "Configuration → MQTT → Topic (a name of its own)", "… → Topic (기기마다 다르게)"
            ),
            "plug1",
        ),
        SetupStep(
            Label("Console: readings each 10 s", "Console: 10초마다 보내기"),
            "TelePeriod 10",
        ),
    ),
    sample=(
        "tele/plug1/SENSOR",
        '{"Time":"2026-10-07T10:13:52","ENERGY":{"Total":12.53,"Power":61,"Voltage":221}}',
    ),
)
