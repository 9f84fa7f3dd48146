"""ChirpStack v4: LoRaWAN devices behind a network server, by its MQTT integration (JSON).

``application/{id}/device/{devEui}/event/up`` has what the device profile's codec made of the bytes
in ``object``, with names of the codec's own; without a codec there are only the bytes. ``time`` is
RFC 3339 in ns. ``status`` bears the battery, ``location`` a resolved position, ``log`` what went
wrong, with the codec for instance. Minutes to an hour between two uplinks are usual, and nothing
tells that a device is gone. See chirpstack.io/docs/chirpstack/integrations/events.html.
"""

from collections.abc import Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.mapping.free_form import Said, flattened, take
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import parsed_object
from schemas import Label

EVERY, SILENCE = 900.0, 3 * 3_600.0
"""Seconds between two uplinks of a LoRaWAN device, and those after which it is gone."""
_TYPE, _VALUE = ".type", ".measurementValue"
_UNKNOWN_BATTERY = Label("the device does not know it", "기기가 배터리 잔량을 알지 못합니다")


def _name(heard: Heard, payload: Mapping[str, Any]) -> str:
    info = payload.get("deviceInfo")
    name = info.get("deviceName") if isinstance(info, dict) else None
    return name if isinstance(name, str) and name else heard.parts["eui"]


def _up(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    said = payload.get("object")
    if not isinstance(said, dict) or not said:
        if not payload.get("data"):
            return Told()  # it carries commands of LoRaWAN only
        raise Misfit(
            "the uplink is not decoded (`object` is missing); "
            "set a codec in ChirpStack → Device profiles → Codec",
            "디코딩되지 않은 업링크입니다(object 없음). "
            "ChirpStack → Device profiles → Codec에서 코덱을 설정하세요",
        )
    found = decoded(said, "object")
    loudest = signal(payload.get("rxInfo"))
    if loudest is not None:
        found.append(Said("rxInfo.rssi", loudest))
    return _taken(heard, payload, found)


def _taken(heard: Heard, payload: Mapping[str, Any], found: list[Said]) -> Told:
    told, name = Told(), _name(heard, payload)
    kinds, time = heard.kinds_of(name), payload.get("time")
    take(told, name, found, kinds, time=time, interval=EVERY, silence=SILENCE)
    return told


def decoded(said: Any, place: str) -> list[Said]:
    """Return what a codec made of an uplink; `place` is that of all of it.

    SenseCAP's codecs name a ``measurementValue`` by its ``type``; a pressure is in Pa.
    """
    found = flattened(said, place)
    named = {
        item.place.removesuffix(_TYPE): item.value
        for item in found
        if type(item.value) is str and item.place.endswith(_TYPE)
    }
    if not named:
        return found
    return [
        item._replace(name=name, unit="Pa" if "Pressure" in name else "")
        if item.place.endswith(_VALUE) and (name := named.get(item.place.removesuffix(_VALUE)))
        else item
        for item in found
    ]


def signal(receptions: Any) -> int | None:
    """Return how loud (dBm) the gateway heard an uplink that heard it best."""
    found = (
        [
            item["rssi"]
            for item in receptions[:64]
            if isinstance(item, dict) and type(item.get("rssi")) is int
        ]
        if isinstance(receptions, list)
        else []
    )
    return max(found, default=None)


def _status(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    level = payload.get("batteryLevel")
    if payload.get("batteryLevelUnavailable") or payload.get("externalPowerSource"):
        told = Told()
        told.leave("batteryLevel", level, _UNKNOWN_BATTERY)
        return told
    return _taken(heard, payload, [Said("batteryLevel", level)])


def _location(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    found = flattened({"location": payload.get("location")})
    return _taken(heard, payload, found)


def _join(heard: Heard, _: Memory) -> Told:
    return Told(presences=[Presence(_name(heard, parsed_object(heard.payload)), True)])


def _log(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    if payload.get("level") != "ERROR" or payload.get("code") != "UPLINK_CODEC":
        return Told()
    said = str(payload.get("description"))[:200]
    raise Misfit(
        f"ChirpStack's codec failed: {said}; correct it in Device profiles → Codec",
        f"ChirpStack 코덱 오류: {said}. Device profiles → Codec에서 고치세요",
    )


_EVENTS = {
    "up": _up,
    "status": _status,
    "location": _location,
    "join": _join,
    "log": _log,
    "{other}": ignore,
}
_DEVICE = "application/{app}/device/{eui}"

DIALECT = Dialect(
    "chirpstack",
    Label("ChirpStack (LoRaWAN)", "ChirpStack(LoRaWAN)"),
    topics={
        **{f"{_DEVICE}/event/{event}": what for event, what in _EVENTS.items()},
        **{f"{{base+}}/{_DEVICE}/event/{event}": what for event, what in _EVENTS.items()},
        f"{_DEVICE}/command/{{other}}": ignore,
        f"{{base+}}/{_DEVICE}/command/{{other}}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "chirpstack.toml, [integration.mqtt]: event_topic",
                "chirpstack.toml, [integration.mqtt]: event_topic",
            ),
            "{root}/{booth}/chirpstack/application/{{application_id}}/device/{{dev_eui}}"
            "/event/{{event}}",
        ),
        SetupStep(Label("chirpstack.toml: json", "chirpstack.toml: json"), "true"),
        SetupStep(
            Label("Device profiles → Codec", "Device profiles → Codec"),
            "JavaScript / Cayenne LPP",
        ),
    ),
    sample=(
        "application/ae13/device/70b3d57ed005a1b2/event/up",
        (
            '{"time":"{utc}","deviceInfo":{"deviceName":"hall"},'
            '"fPort":2,"data":"AQ==","object":{"temperature":22.4,"humidity":41,"battery":88}}'
        ),
    ),
)
