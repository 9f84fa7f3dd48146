"""The Things Stack v3 (The Things Network): LoRaWAN devices, by its MQTT server (JSON).

``v3/{application}@{tenant}/devices/{device}/up`` has what the payload formatter made of the bytes
in ``uplink_message.decoded_payload``, with names that the formatter chooses; zero, false and empty
are left out. ``received_at`` is RFC 3339 in ns, ``join`` says that a device is back. The server is
another broker: a bridge of Mosquitto brings the topics. Minutes to an hour between two uplinks are
usual. See thethingsindustries.com/docs/integrations/data-formats.
"""

from typing import Any

from hub.dialects.chirpstack import EVERY, SILENCE, decoded, signal
from hub.dialects.dialect import Dialect, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.mapping.free_form import Said, flattened, take
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import parsed_object
from schemas import Label


def _up(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    uplink = payload.get("uplink_message")
    if not isinstance(uplink, dict):
        raise Misfit("`uplink_message` is missing", "uplink_message가 없습니다")
    place = "decoded_payload" if uplink.get("decoded_payload") else "normalized_payload"
    said = uplink.get(place)
    if not isinstance(said, dict | list) or not said:
        if not uplink.get("frm_payload"):
            return Told()  # it carries commands of LoRaWAN only
        raise Misfit(
            "the uplink is not decoded (`decoded_payload` is missing); "
            "set a payload formatter in the console: End device → Payload formatters",
            "디코딩되지 않은 업링크입니다(decoded_payload 없음). "
            "콘솔의 End device → Payload formatters에서 포매터를 설정하세요",
        )
    found = decoded(said, place)
    if place == "normalized_payload":  # its battery is in V
        found = [
            item._replace(name="volts of a cell") if item.place.endswith(".battery") else item
            for item in found
        ]
    battery = uplink.get("last_battery_percentage")
    if isinstance(battery, dict) and "value" in battery:
        found.append(Said("last_battery_percentage.value", battery["value"], name="battery"))
    loudest = signal(uplink.get("rx_metadata"))
    if loudest is not None:
        found.append(Said("rx_metadata.rssi", loudest))
    time = payload.get("received_at") or uplink.get("received_at")
    return _taken(heard, time, found)


def _taken(heard: Heard, time: Any, found: list[Said]) -> Told:
    told, name = Told(), heard.parts["device"]
    kinds = heard.kinds_of(name)
    take(told, name, found, kinds, time=time, interval=EVERY, silence=SILENCE)
    return told


def _location(heard: Heard, _: Memory) -> Told:
    payload = parsed_object(heard.payload)
    solved = payload.get("location_solved")
    said = solved.get("location") if isinstance(solved, dict) else None
    return _taken(heard, payload.get("received_at"), flattened({"location": said}))


def _join(heard: Heard, _: Memory) -> Told:
    return Told(presences=[Presence(heard.parts["device"], True)])


_EVENTS = {
    "up": _up,
    "join": _join,
    "location/solved": _location,
    "{other+}": ignore,
}

DIALECT = Dialect(
    "ttn",
    Label("The Things Stack (LoRaWAN)", "The Things Stack(LoRaWAN)"),
    topics={f"v3/{{app}}/devices/{{device}}/{event}": what for event, what in _EVENTS.items()},
    setup=(
        SetupStep(
            Label(
                "Bridge of a Mosquitto at the booth (mosquitto.conf): topic",
                "부스 Mosquitto의 브리지(mosquitto.conf): topic",
            ),
            'topic # in 0 "" {root}/{booth}/ttn/',
        ),
        SetupStep(
            Label(
                "Bridge: address, username, password (Console → Integrations → MQTT)",
                "브리지의 주소·사용자·암호(콘솔 → Integrations → MQTT)",
            ),
            "eu1.cloud.thethings.network:8883",
        ),
        SetupStep(
            Label(
                "Console → End device → Payload formatters",
                "콘솔 → Payload formatters",
            ),
            "Repository / Custom JavaScript / CayenneLPP",
        ),
    ),
    sample=(
        "v3/hall@ttn/devices/hall-1/up",
        (
            '{"received_at":"{utc}","uplink_message":{"f_port":2,'
            '"frm_payload":"AQ==","decoded_payload":{"temperature":22.4,"humidity":41}}}'
        ),
    ),
)
