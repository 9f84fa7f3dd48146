"""OpenMQTTGateway and Theengs Gateway: Bluetooth sensors and scales, heard by an ESP32 or a Pi.

``{base}/{gateway}/BTtoMQTT/{MAC}`` is an advertisement as the Theengs decoder reads it: ``tempc``
(``tempf`` is the same in °F), ``hum`` %, ``batt`` %, ``pres`` hPa, ``lux``, ``co2`` ppm, ``open``,
``motion``, a scale's ``weight`` in ``unit`` kg, lb or jin. Many that are heard are no sensors and
say only how loud they are. ``{base}/{gateway}/LWT`` is the gateway's will, `online` or `offline`.
See docs.openmqttgateway.com and decoder.theengs.io/devices.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping.free_form import Said, take
from hub.dialects.mapping.gateways import heard_through, through
from hub.dialects.memory import Memory
from hub.dialects.parsing import units
from hub.dialects.parsing.payload import is_online, parsed_object, text_of
from schemas import Label, Unit

_EVERY, _SILENCE = 60.0, 900.0
_ON_EVENTS = frozenset({"body_scale", "contact_sensor", "presence_sensor"})
_MEASURED = (
    *("tempc", "hum", "pres", "lux", "co2", "pm25", "pm10", "windspeed", "open", "motion"),
    *("presence", "bpm", "batt", "lowbatt", "batt_low"),
)
_SILENT = frozenset(
    (
        *("id", "name", "rssi", "tempc", "tempf", "brand", "model", "model_id", "type", "mac"),
        *("mac_type", "adv_type", "cidc", "acts", "cont", "track", "ctrl", "packet", "unixtime"),
        *("UTCtime", "servicedata", "servicedatauuid", "manufacturerdata", "rssi_pub", "distance"),
        *("unit", "weighing_mode", "prmac", "device", "mfid", "uuid", "major", "minor", "txpower"),
    )
)
_OF_RADIO = frozenset(
    (
        *("model", "channel", "id", "battery_ok", "protocol", "mod", "mic", "freq", "rssi", "snr"),
        *("noise", "duration", "subtype", "time", "unixtime", "UTCtime", "button"),
    )
)
_OBJECT = Label(
    'weighing_mode is "object": no weight of a person',
    "weighing_mode이 object입니다. 사람의 체중이 아닙니다",
)


def _advertisement(heard: Heard, memory: Memory) -> Told:
    payload = parsed_object(heard.payload)
    device = heard.parts.get("id") or str(payload.get("id") or "").replace(":", "")
    if not device:
        raise Misfit(
            "neither the topic nor `id` says which device was heard",
            "토픽에도 id에도 기기 주소가 없습니다",
        )
    told, time = Told(), payload.get("unixtime") or payload.get("UTCtime")
    if "weight" in payload:
        _weight(told, device, payload, time)
    found = _measured(payload)
    if found or told.drafts:
        heard_through(memory, _gateway(heard), device)
    if not found:
        return told
    kinds = [*(draft.kind for draft in told.drafts), *heard.kinds_of(device)]
    take(told, device, found, kinds, time=time, interval=_EVERY, silence=_SILENCE)
    for draft in told.drafts:
        if draft.kind in _ON_EVENTS:
            draft.interval = draft.silence = None
    for key, value in payload.items():
        if key not in _MEASURED and key not in _SILENT:
            told.leave(key, value)
    return told


def _radio(heard: Heard, memory: Memory) -> Told:
    """What rtl_433 decodes: a model with its channel and id; ``battery_ok`` is 1, or 0 if low."""
    payload, told = parsed_object(heard.payload), Told()
    named = [payload.get(key) for key in ("model", "channel", "id")]
    device = "/".join(str(part) for part in named if part is not None)
    if payload.get("model") is None:
        return told
    found = [Said(key, value) for key, value in payload.items() if key not in _OF_RADIO]
    if type(payload.get("battery_ok")) is int:
        found.append(Said("battery_ok", payload["battery_ok"] == 0, name="battery_low"))
    heard_through(memory, _gateway(heard), device)
    take(told, device, found, heard.kinds_of(device), interval=_EVERY, silence=_SILENCE)
    return told


def _measured(payload: Mapping[str, Any]) -> list[Said]:
    found = [Said(key, payload[key]) for key in _MEASURED if payload.get(key) is not None]
    if "tempc" not in payload and payload.get("tempf") is not None:
        found.append(Said("tempf", payload["tempf"]))
    if found and type(payload.get("rssi")) is int:
        found.append(Said("rssi", payload["rssi"]))
    return found


def _weight(told: Told, device: str, payload: Mapping[str, Any], time: Any) -> None:
    """What stands on a scale; without a unit or a mode it is no scale for people."""
    unit, mode = payload.get("unit"), payload.get("weighing_mode")
    if unit is None and mode is None and payload.get("type") != "SCALE":
        told.leave("weight", payload["weight"])
        return
    if mode == "object":
        told.leave("weight", payload["weight"], _OBJECT)
        return
    draft = told.draft("body_scale", device, time=time)
    draft.take("weight", payload["weight"], "weight", _kilograms(unit))
    if "impedance" in payload:
        told.leave("impedance", payload["impedance"])


def _kilograms(unit: object) -> Callable[[Any], Any]:
    way = units.line(str(unit or "kg")[:16], Unit.KILOGRAM)
    if way is not None:
        return units.converted(way)
    name = str(unit)[:16]

    def convert(_: Any) -> Any:
        raise Misfit(
            f'the unit "{name}" is no unit of weight; set the scale to kg, lb or jin',
            f'"{name}": 무게의 단위가 아닙니다. 체중계를 kg, lb 또는 jin(근)으로 설정하세요',
        )

    return convert


def _lwt(heard: Heard, memory: Memory) -> Told:
    online = is_online(text_of(heard.payload), "LWT")
    return Told(through(memory, _gateway(heard), online))


def _gateway(heard: Heard) -> str:
    return heard.prefix + heard.parts.get("gateway", "")


_TOPICS = {
    "BTtoMQTT/{id}": _advertisement,
    "BTtoMQTT": _advertisement,
    "LWT": _lwt,
    "RTL_433toMQTT{more*}": _radio,
    "{module}toMQTT{more*}": ignore,
    "commands/{more+}": ignore,
    "version": ignore,
    "undecoded/{more+}": ignore,
}

DIALECT = Dialect(
    "openmqttgateway",
    Label("OpenMQTTGateway / Theengs", "OpenMQTTGateway / Theengs"),
    topics={
        **{f"{{gateway+}}/{topic}": what for topic, what in _TOPICS.items()},
        **_TOPICS,
        "{base}/presence/{gateway}": ignore,
        "homeassistant/{more+}": ignore,
    },
    setup=(
        SetupStep(
            Label("MQTT base topic (WebUI → Configure MQTT)", "MQTT base topic(WebUI → MQTT 설정)"),
            "{root}/{booth}/openmqttgateway/",
        ),
        SetupStep(
            Label(
                "Gateway name; Theengs Gateway: publish topic",
                "Gateway name(Theengs: publish topic)",
            ),
            "OpenMQTTGateway",
        ),
    ),
    sample=(
        "OpenMQTTGateway/BTtoMQTT/A4C1385A10C2",
        '{"id":"A4:C1:38:5A:10:C2","rssi":-71,"tempc":22.4,"tempf":72.32,"hum":41,"batt":87}',
    ),
)
