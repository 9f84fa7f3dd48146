"""Tasmota: plugs, bulbs and sensors with the open firmware of that name.

``tele/%topic%/SENSOR`` each TelePeriod (300 s), ``STATE`` beside it, ``stat/%topic%/RESULT`` and
``POWER`` at once, ``LWT`` retained. Values stand nested by sensor, ``Time`` is local time without
an offset, and before NTP it is 1970. A Zigbee bridge reports its devices in ``ZbReceived``. Units:
W, V, A, kWh, hPa or mmHg (``PressureUnit``), °C or °F (``TempUnit``). See
tasmota.github.io/docs/MQTT and …/docs/JSON-Status-Responses.
"""

from collections.abc import Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Draft, Heard, SetupStep, Told, ignore
from hub.dialects.mapping.subdevices import part_of, parts, presences, sensor_kind
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import (
    To,
    celsius,
    is_online,
    kelvin,
    number,
    parsed_object,
    scaled,
    switch,
    text_of,
)
from hub.dialects.parsing.times import local
from schemas import Label

_EVERY = 300.0
_CHANNELS = 32
_SENSORS = 64
_HECTOPASCAL = {"mmhg": 1.333224, "inhg": 33.86389}
_SLEEPS = 90_000.0
"""Seconds: a Zigbee sensor with a battery says something at least once a day."""
_SAID = frozenset({"Time", "TempUnit", "PressureUnit", "SpeedUnit"})
_CHIP = {"ESP32": Label("of the chip, not of the room", "방이 아니라 칩의 온도입니다")}

_ENERGY = {
    "Power": To("smart_plug", "power", number),
    "Total": To("smart_plug", "energy", number),
    "Factor": To("smart_plug", "power_factor", number),
    "Voltage": To("smart_plug", "voltage", number),
    "Current": To("smart_plug", "current", number),
    "Frequency": To("smart_plug", "frequency", number),
}
_SHARED = frozenset({"Voltage", "Frequency"})
"""What a meter of several channels gives once for all of them."""
_CLIMATE = {
    "Temperature": To("climate_sensor", "temperature"),
    "Humidity": To("climate_sensor", "humidity", number),
    "Pressure": To("climate_sensor", "pressure"),
    "Illuminance": To("climate_sensor", "illuminance", number),
    "Battery": To("climate_sensor", "battery", number),
    "RSSI": To("climate_sensor", "signal", number),
}
_POLLUTANTS = {
    "CarbonDioxide": To("air_quality", "co2", number),
    "eCO2": To("air_quality", "co2", number),
    "TVOC": To("air_quality", "tvoc", number),
    "PM2.5": To("air_quality", "pm2_5", number),
    "PM10": To("air_quality", "pm10", number),
}
_AIR = {
    **_POLLUTANTS,
    "Temperature": To("air_quality", "temperature"),
    "Humidity": To("air_quality", "humidity", number),
}
_ZIGBEE = {
    "Temperature": To("climate_sensor", "temperature", number),
    "Humidity": To("climate_sensor", "humidity", number),
    "Pressure": To("climate_sensor", "pressure", number),
    "Occupancy": To("presence_sensor", "occupied", switch),
    "Contact": To("contact_sensor", "is_open", switch),
    "BatteryPercentage": To("", "battery", number),
}
_LIGHT = {
    "Dimmer": To("light", "brightness", number),
    "CT": To("light", "color_temperature", kelvin),
}


class _Device:
    """The device that a message is of."""

    def __init__(self, heard: Heard, memory: Memory, said: Any = None) -> None:
        self.name, self._memory = heard.parts["device"], memory
        self._kinds_of = heard.kinds_of
        self._time = local(said.get("Time") if isinstance(said, dict) else None, heard.timezone)

    def draft(self, told: Told, kind: str, part: str = "") -> Draft:
        """Return the draft of the device itself or of a part, the number of a channel or so."""
        name = part_of(self._memory, self.name, part)
        return told.draft(kind, name, time=self._time, interval=_EVERY)

    def sensor(self, told: Told, kind: str, sensor: str, fields: list[str]) -> Draft:
        """Return the draft of a sensor: the device's own.

        One that measures what an earlier one of the message does is a part, from then on.
        """
        if sensor not in parts(self._memory, self.name):
            draft = self.draft(told, kind)
            if draft.fields.keys().isdisjoint(fields):
                return draft
        return self.draft(told, kind, sensor)

    def relay(self) -> str:
        """Return the kind of its relays: a bulb has one too."""
        return "light" if "light" in self._kinds_of(self.name) else "smart_plug"


def _sensor(heard: Heard, memory: Memory) -> Told:
    payload = parsed_object(heard.payload)
    said = payload.get("StatusSNS", payload)  # the answer to `Status 8` and `Status 10`
    told, device = Told(), _Device(heard, memory, said)
    for count, (sensor, values) in enumerate(said.items() if isinstance(said, dict) else ()):
        if sensor in _SAID:
            continue
        if not isinstance(values, dict) or count >= _SENSORS or sensor in _CHIP:
            told.leave(sensor, values, _CHIP.get(sensor))
        elif sensor == "ZbReceived":
            _zigbee(told, heard, memory, values)
        elif sensor == "ENERGY":
            _energy(told, device, values)
        else:
            _measured(told, device, sensor, values, said)
    return told


def _energy(told: Told, device: _Device, said: Mapping[str, Any]) -> None:
    """A meter of several channels gives lists: each channel is a separate plug."""
    lists = [len(item) for item in said.values() if type(item) is list]
    count = max(lists) if lists else 0
    whole = None if count else device.draft(told, "smart_plug")
    for name, value in said.items():
        to, place = _ENERGY.get(name), f"ENERGY.{name}"
        if to is None:
            told.leave(place, value)
        elif whole is not None:
            whole.take(to.field, value, place, to.convert)
        elif isinstance(value, list) or name in _SHARED:
            items = value if isinstance(value, list) else [value] * min(count, _CHANNELS)
            for channel, item in enumerate(items[:_CHANNELS], 1):
                plug = device.draft(told, "smart_plug", str(channel))
                plug.take(to.field, item, place, to.convert)
        else:
            told.leave(place, value, Label("is of all channels together", "모든 채널의 합계입니다"))


def _zigbee(told: Told, heard: Heard, memory: Memory, said: Mapping[str, Any]) -> None:
    """What a bridge heard: each device is a part of it, by its name or its address."""
    for address, values in list(said.items())[:_SENSORS]:
        if not isinstance(values, dict):
            told.leave(f"ZbReceived.{address}", values)
            continue
        part = str(values.get("Name") or address).strip()
        device = part_of(memory, heard.parts["device"], part)
        # What the battery belongs to has to be known first.
        for name, value in sorted(values.items(), key=lambda item: item[0].startswith("Batt")):
            to, place = _ZIGBEE.get(name), f"ZbReceived.{address}.{name}"
            kind = "" if to is None else to.kind or sensor_kind(told, heard, device)
            if to is None or not kind:
                told.leave(place, value)
            else:
                told.draft(kind, device, silence=_SLEEPS).take(to.field, value, place, to.convert)


def _measured(
    told: Told, device: _Device, sensor: str, said: Mapping[str, Any], beside: Mapping[str, Any]
) -> None:
    air = not _POLLUTANTS.keys().isdisjoint(said)
    table, kind = (_AIR, "air_quality") if air else (_CLIMATE, "climate_sensor")
    convert = {
        "temperature": celsius(beside.get("TempUnit")),
        "pressure": scaled(_HECTOPASCAL.get(str(beside.get("PressureUnit")).lower(), 1.0), 2),
    }
    fields = [table[name].field for name in said if name in table]
    draft = device.sensor(told, kind, sensor, fields) if fields else None
    for name, value in said.items():
        to, place = table.get(name), f"{sensor}.{name}"
        if to is None or draft is None:
            told.leave(place, value)
        else:
            draft.take(to.field, value, place, to.convert or convert[to.field])


def _state(heard: Heard, memory: Memory) -> Told:
    """STATE and RESULT: relays, and what a bulb shines with."""
    payload = parsed_object(heard.payload)
    said = payload.get("StatusSTS", payload)  # the answer to `Status 11`
    if not isinstance(said, dict):
        return Told()
    told, device = Told(), _Device(heard, memory, said)
    kind = device.relay() if _LIGHT.keys().isdisjoint(said) else "light"
    for name, value in said.items():
        if name in _SAID:
            continue
        if name.startswith("POWER") and name[5:] in _RELAYS:
            device.draft(told, kind, name[5:]).take("switched_on", value, name, switch)
        elif name in _LIGHT:
            to = _LIGHT[name]
            device.draft(told, "light").take(to.field, value, name, to.convert)
        elif name == "HSBColor":
            _color(device.draft(told, "light"), value)
        else:
            told.leave(name, value)
    return told


_RELAYS = frozenset({"", *map(str, range(1, _CHANNELS + 1))})


def _color(light: Draft, value: Any) -> None:
    parts = str(value).split(",")
    if len(parts) == 3:  # hue, saturation, brightness
        light.take("hue", parts[0], "HSBColor", number)
        light.take("saturation", parts[1], "HSBColor", number)


def _power(heard: Heard, memory: Memory) -> Told:
    told, device = Told(), _Device(heard, memory)
    channel = heard.parts["channel"]
    if channel in _RELAYS:
        draft = device.draft(told, device.relay(), channel)
        draft.take("switched_on", text_of(heard.payload), f"POWER{channel}", switch)
    return told


def _lwt(heard: Heard, memory: Memory) -> Told:
    online = is_online(text_of(heard.payload), "LWT", "Online", "Offline")
    return Told(presences(memory, heard.parts["device"], online))


_OF_TOPIC = {
    ("tele", "SENSOR"): _sensor,
    ("stat", "STATUS8"): _sensor,
    ("stat", "STATUS10"): _sensor,
    ("tele", "STATE"): _state,
    ("stat", "STATUS11"): _state,
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
        '{"Time":"{local}","ENERGY":{"Total":12.53,"Power":61,"Voltage":221}}',
    ),
)
