"""What some makers' devices say of a reading on the wire: each in a dialect of its own. Pure.

The topics are a device's own, behind `{root}/{booth}/{dialect}/`, as if that prefix were set in it.
A device says of itself what it is, once (`births`); that it is there or not, retained; and each
reading in one message or several.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from devices.physics import clamp

Payload = Mapping[str, Any]
Said = Mapping[str, Payload]
"""Messages in JSON by their topics, in their order."""


class Speaker(NamedTuple):
    """Who speaks: its name, what kind of thing it is, and the prefix before its own topics."""

    name: str
    kind: str
    prefix: str


class Now(NamedTuple):
    """When it speaks, by the event's clock, and how often it did."""

    moment: datetime
    number: int


class Sign(StrEnum):
    """That a device is there, has gone, or was lost: the last is its Will."""

    ONLINE = "online"
    OFFLINE = "offline"
    LOST = "lost"


class Tongue(NamedTuple):
    """How devices of some `kinds` speak; `presence` is a topic and text or JSON."""

    kinds: frozenset[str]
    presence: Callable[[Speaker, Now, Sign], tuple[str, Payload | str]]
    reading: Callable[[Speaker, Now, Payload], Said]
    births: Callable[[Speaker], Said] = lambda _: {}


# Tasmota


def _tasmota_lwt(speaker: Speaker, _: Now, sign: Sign) -> tuple[str, Payload | str]:
    return f"tele/{speaker.name}/LWT", "Online" if sign is Sign.ONLINE else "Offline"


def _tasmota(speaker: Speaker, now: Now, plug: Payload) -> Said:
    """STATE and SENSOR, as at each TelePeriod; the time is local, without an offset."""
    time, apparent = f"{now.moment:%Y-%m-%dT%H:%M:%S}", plug["power"] / plug["power_factor"]
    energy = {
        "Total": plug["energy"],
        "Power": plug["power"],
        "ApparentPower": round(apparent, 1),
        "ReactivePower": round(math.sqrt(max(0.0, apparent**2 - plug["power"] ** 2)), 1),
        "Factor": plug["power_factor"],
        "Frequency": plug["frequency"],
        "Voltage": plug["voltage"],
        "Current": plug["current"],
    }
    state = {"Time": time, "POWER": "ON" if plug["switched_on"] else "OFF", "Wifi": {"RSSI": 78}}
    return {
        f"tele/{speaker.name}/STATE": state,
        f"tele/{speaker.name}/SENSOR": {"Time": time, "ENERGY": energy},
    }


# zigbee2mqtt

_COLOR = ("hue", "saturation")


def _zigbee_availability(speaker: Speaker, _: Now, sign: Sign) -> tuple[str, Payload | str]:
    state = {"state": "online" if sign is Sign.ONLINE else "offline"}
    return f"zigbee2mqtt/{speaker.name}/availability", state


def _zigbee_light(light: Payload) -> Payload:
    return {
        "state": "ON" if light["switched_on"] else "OFF",
        "brightness": round(light["brightness"] * 2.54),
        "color_mode": "hs",
        "color": {name: light[name] for name in _COLOR},
        "color_temp": round(1e6 / light["color_temperature"]),  # mired
    }


def _zigbee_contact(sensor: Payload) -> Payload:
    return {"contact": not sensor["is_open"], "tamper": sensor["tamper"], **_zigbee_cell(sensor)}


def _zigbee_presence(sensor: Payload) -> Payload:
    measured = {"occupancy": sensor["occupied"], "illuminance": sensor["illuminance"]}
    return {**measured, **_zigbee_cell(sensor)}


def _zigbee_cell(sensor: Payload) -> Payload:
    """The button cell: its voltage is in mV."""
    low, level = sensor["battery_low"], sensor["battery"]
    return {"battery": level, "battery_low": low, "voltage": round(2500 + 5 * level)}


_ZIGBEE: Mapping[str, Callable[[Payload], Payload]] = {
    "contact_sensor": _zigbee_contact,
    "light": _zigbee_light,
    "presence_sensor": _zigbee_presence,
}


def _zigbee(speaker: Speaker, _: Now, reading: Payload) -> Said:
    quality = round(clamp(3 * (reading.get("signal", -60) + 100), 0, 255))
    said = {**_ZIGBEE[speaker.kind](reading), "linkquality": quality}
    return {f"zigbee2mqtt/{speaker.name}": said}


# VDA 5050, version 2.1; a name is `manufacturer/serial number`


def _vda_topic(speaker: Speaker, leaf: str) -> str:
    return f"uagv/v2/{speaker.name}/{leaf}"


def _vda_header(speaker: Speaker, now: Now) -> Payload:
    manufacturer, _, serial = speaker.name.partition("/")
    return {
        "headerId": now.number,
        "timestamp": f"{now.moment.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z",
        "version": "2.1.0",
        "manufacturer": manufacturer,
        "serialNumber": serial,
    }


def _vda_connection(speaker: Speaker, now: Now, sign: Sign) -> tuple[str, Payload | str]:
    state = {"connectionState": "CONNECTIONBROKEN" if sign is Sign.LOST else sign.upper()}
    return _vda_topic(speaker, "connection"), {**_vda_header(speaker, now), **state}


def _vda(speaker: Speaker, now: Now, robot: Payload) -> Said:
    state = {
        **_vda_header(speaker, now),
        "orderId": "",
        "orderUpdateId": 0,
        "lastNodeId": "",
        "lastNodeSequenceId": 0,
        "nodeStates": [],
        "edgeStates": [],
        "driving": robot["state"] == "driving",
        "paused": robot["state"] == "paused",
        "operatingMode": "AUTOMATIC",
        "agvPosition": {
            "x": robot["x"],
            "y": robot["y"],
            "theta": round(math.radians(robot["heading"]), 4),
            "mapId": "hall",
            "positionInitialized": True,
            "localizationScore": robot["localization_score"],
        },
        "velocity": {"vx": robot["speed"], "vy": 0, "omega": 0},
        "loads": [{"loadType": "box", "weight": robot["load"]}] if robot["load"] else [],
        "actionStates": [_VDA_PICK] if robot["state"] == "loading" else [],
        "batteryState": {
            "batteryCharge": robot["battery"],
            "charging": robot["state"] == "charging",
        },
        "errors": [],
        "safetyState": {
            "eStop": "MANUAL" if robot["e_stop"] else "NONE",
            "fieldViolation": robot["field_violation"],
        },
    }
    return {_vda_topic(speaker, "state"): state}


_VDA_PICK = {"actionId": "pick-1", "actionType": "pick", "actionStatus": "RUNNING"}

# Home Assistant discovery: a config says how the state is to be read

#: By field: its class, its unit, and the factor to that unit.
_METER = {
    "power": ("power", "kW", 0.001),
    "voltage": ("voltage", "V", 1.0),
    "current": ("current", "A", 1.0),
    "frequency": ("frequency", "Hz", 1.0),
    "energy": ("energy", "kWh", 1.0),
}


def _home_config(speaker: Speaker) -> Said:
    sensors = {
        field: {
            "p": "sensor",
            "unique_id": f"{speaker.name}_{field}",
            "name": field.capitalize(),
            "device_class": of_class,
            "unit_of_measurement": unit,
            "value_template": f"{{{{ value_json.{field} }}}}",
        }
        for field, (of_class, unit, _) in _METER.items()
    }
    config = {
        "device": {"identifiers": [speaker.name], "name": speaker.name},
        "origin": {"name": "meter"},
        "components": sensors,
        "state_topic": f"{speaker.prefix}/{speaker.name}/state",
        "availability_topic": f"{speaker.prefix}/{speaker.name}/status",
    }
    return {f"homeassistant/device/{speaker.name}/config": config}


def _home_availability(speaker: Speaker, _: Now, sign: Sign) -> tuple[str, Payload | str]:
    return f"{speaker.name}/status", "online" if sign is Sign.ONLINE else "offline"


def _home(speaker: Speaker, _: Now, meter: Payload) -> Said:
    said = {field: round(meter[field] * factor, 3) for field, (*_, factor) in _METER.items()}
    return {f"{speaker.name}/state": said}


TONGUES: Mapping[str, Tongue] = {
    "homeassistant": Tongue(
        frozenset({"power_meter"}), _home_availability, _home, births=_home_config
    ),
    "tasmota": Tongue(frozenset({"smart_plug"}), _tasmota_lwt, _tasmota),
    "vda5050": Tongue(frozenset({"mobile_robot"}), _vda_connection, _vda),
    "zigbee2mqtt": Tongue(frozenset(_ZIGBEE), _zigbee_availability, _zigbee),
}
