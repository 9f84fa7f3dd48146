"""Shelly: plugs, relays, lamps, meters and sensors, of both generations of its MQTT.

Gen1 sends one value a topic as text below ``shellies/<id>/``: W, °C, and ``energy`` in
watt-minutes. Gen2 and later send JSON of components (``switch:0``) below a separate prefix: the
whole on ``status/<component>``, changes on ``events/rpc`` (NotifyStatus, NotifyFullStatus): W, Wh,
°C; ``ts`` counts from the start until NTP. Both say ``true`` or ``false`` on ``online``, which of
a device with a battery tells only that it sleeps. A component 0 is the device itself, another one
a part of it: ``<id>-1``. See shelly-api-docs.shelly.cloud.
"""

import colorsys
from collections.abc import Iterator, Mapping
from typing import Any

from hub.dialects import shelly_gen1
from hub.dialects.dialect import Dialect, Draft, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping.subdevices import part_of, sensor_kind
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, inner, number, parsed_object, scaled, switch
from hub.dialects.shelly_gen1 import SLEEP
from schemas import Label

_COMPONENTS = 64
_BEFORE_NTP = 10**9
_WATT_HOURS = scaled(0.001, 9)


def _overpower(value: Any) -> bool:
    return isinstance(value, list) and "overpower" in value


def _hue(value: Any) -> float:
    return round(_hsv(value)[0] * 360, 1)


def _saturation(value: Any) -> float:
    return round(_hsv(value)[1] * 100, 1)


def _hsv(value: Any) -> tuple[float, float, float]:
    found = value if isinstance(value, list) else []
    parts = [item for item in found if type(item) is int and 0 <= item <= 255]
    if len(parts) != 3:
        raise Misfit("is no [red, green, blue] of 0 to 255", "[빨강, 초록, 파랑](0~255)이 아닙니다")
    return colorsys.rgb_to_hsv(*(item / 255 for item in parts))


def _meter(kind: str) -> dict[str, tuple[To, ...]]:
    return {
        "apower": (To(kind, "power", number),),
        "act_power": (To(kind, "power", number),),
        "voltage": (To(kind, "voltage", number),),
        "current": (To(kind, "current", number),),
        "pf": (To(kind, "power_factor", number),),
        "freq": (To(kind, "frequency", number),),
        "aenergy.total": (To(kind, "energy", _WATT_HOURS),),
    }


_LIGHT = {
    "output": (To("light", "switched_on", switch),),
    "brightness": (To("light", "brightness", number),),
    "ct": (To("light", "color_temperature", number),),
    "rgb": (To("light", "hue", _hue), To("light", "saturation", _saturation)),
    "apower": (To("light", "power", number),),
    "temperature.tC": (To("light", "temperature", number),),
}
_TOTALS = {
    "total_act": (To("power_meter", "energy", _WATT_HOURS),),
    "total_act_ret": (To("power_meter", "energy_exported", _WATT_HOURS),),
    "total_act_energy": (To("power_meter", "energy", _WATT_HOURS),),
    "total_act_ret_energy": (To("power_meter", "energy_exported", _WATT_HOURS),),
}
_OF_COMPONENT: Mapping[str, Mapping[str, tuple[To, ...]]] = {
    "switch": {
        **_meter("smart_plug"),
        "output": (To("smart_plug", "switched_on", switch),),
        "temperature.tC": (To("smart_plug", "temperature", number),),
        "errors": (To("smart_plug", "overload", _overpower),),
    },
    "pm1": {
        **_meter("power_meter"),
        "ret_aenergy.total": (To("power_meter", "energy_exported", _WATT_HOURS),),
    },
    "em1": _meter("power_meter"),
    "em1data": _TOTALS,
    "em": {
        **_meter("power_meter"),
        "total_act_power": (To("power_meter", "power", number),),
        "total_current": (To("power_meter", "current", number),),
    },
    "emdata": _TOTALS,
    **dict.fromkeys(("light", "rgb", "rgbw", "cct"), _LIGHT),
    "temperature": {"tC": (To("climate_sensor", "temperature", number),)},
    "humidity": {"rh": (To("climate_sensor", "humidity", number),)},
    "illuminance": {"lux": (To("climate_sensor", "illuminance", number),)},
    "devicepower": {"battery.percent": (To("", "battery", number),)},
    "smoke": {
        "alarm": (To("safety_sensor", "alarm", switch), To("safety_sensor", "smoke", switch))
    },
    "flood": {
        "alarm": (To("safety_sensor", "alarm", switch), To("safety_sensor", "water_leak", switch))
    },
    "thermostat": {
        "current_C": (To("thermostat", "temperature", number),),
        "target_C": (To("thermostat", "target", number),),
        "current_humidity": (To("thermostat", "humidity", number),),
    },
}
_PHASED = frozenset({"em", "emdata"})
_EXTERNAL = Label("it has no battery in use", "배터리를 쓰지 않고 있습니다")
_NOISE = frozenset({"id", "source", "by_minute", "minute_ts", "tF"})


def _notification(heard: Heard, memory: Memory) -> Told:
    """Gen2 ``events/rpc``: changes of some components, or all there is."""
    said = parsed_object(heard.payload)
    params, told = said.get("params"), Told()
    if said.get("method") not in ("NotifyStatus", "NotifyFullStatus"):
        return told
    if not isinstance(params, dict):
        raise Misfit("params is no object {…}", "params가 객체({…})가 아닙니다")
    ts = params.get("ts")
    time = ts if isinstance(ts, int | float) and ts >= _BEFORE_NTP else None
    found = [item for item in params.items() if isinstance(item[1], dict)][:_COMPONENTS]
    # What the battery belongs to has to be known first.
    for name, values in sorted(found, key=lambda item: item[0].startswith("devicepower")):
        _component(told, heard, memory, name, values, time)
    return told


def _status(heard: Heard, memory: Memory) -> Told:
    """Gen2 ``status/<component>``: the whole of it, without a time."""
    told = Told()
    _component(told, heard, memory, heard.parts["component"], parsed_object(heard.payload), None)
    return told


def _component(
    told: Told, heard: Heard, memory: Memory, name: str, values: Mapping[str, Any], time: Any
) -> None:
    what, _, number_ = name.partition(":")
    table, device = _OF_COMPONENT.get(what), heard.parts["device"]
    if table is None:
        return told.leave(name, values)
    if what == "devicepower":
        memory.set(f"sleeps/{device}", True)
        if inner(dict(values), "external").get("present") is True:
            return told.leave(f"{name}.battery", values.get("battery"), _EXTERNAL)
    silence = SLEEP if memory.get(f"sleeps/{device}") else None
    drafts: dict[tuple[str, str], Draft | None] = {}
    for key, value in _flat(values):
        phase, own = ("", key) if key in table or what not in _PHASED else _phase(key)
        if own not in table:
            if key.rpartition(".")[2] not in _NOISE:
                told.leave(f"{name}.{key}", value)
            continue
        for to in table[own]:
            whose = to.kind, phase
            if whose not in drafts:
                part = "-".join(item for item in (number_, phase) if item not in {"", "0"})
                place = part_of(memory, device, part)
                kind = to.kind or sensor_kind(told, heard, place)
                drafts[whose] = (
                    told.draft(kind, place, time=time, silence=silence) if kind else None
                )
            draft = drafts[whose]
            if draft is None:
                told.leave(f"{name}.{key}", value)
            else:
                draft.take(to.field, value, f"{name}.{key}", to.convert)
    return None


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", item) for inner, item in value.items())
        else:
            yield key, value


def _phase(key: str) -> tuple[str, str]:
    """Split a value of one of three phases: ``a_act_power``."""
    phase, _, inner = key.partition("_")
    return (phase, inner) if phase in {"a", "b", "c"} else ("", key)


DIALECT = Dialect(
    "shelly",
    Label("Shelly", "셸리(Shelly)"),
    topics={
        **{
            f"{start}{{device+}}/{rest}": translate
            for start in ("shellies/", "")
            for rest, translate in {
                "events/rpc": _notification,
                "status/{component}": _status,
                "online": shelly_gen1.online,
            }.items()
        },
        **shelly_gen1.TOPICS,
        "{device+}/debug/log": ignore,
        "{device+}/rpc": ignore,
        "{device+}/command": ignore,
        "{device+}/command/{component}": ignore,
        "{device+}/response/{component}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Gen2 and later: Settings → MQTT → MQTT prefix",
                "Gen2 이상: Settings → MQTT → MQTT prefix",
            ),
            "{root}/{booth}/shelly/plug2",
        ),
        SetupStep(
            Label(
                "Settings → MQTT → Generic status update over MQTT",
                "Settings → MQTT → Generic status update over MQTT",
            ),
            "on",
        ),
        SetupStep(
            Label(
                "Gen1 cannot change what its topics begin with: tell the organizers its topics",
                "Gen1은 토픽의 앞부분을 바꿀 수 없으니 운영팀에 토픽을 알려 주세요",
            ),
            "shellies/#",
        ),
    ),
    sample=(
        "plug2/status/switch:0",
        '{"id":0,"output":true,"apower":61.2,"voltage":221.4,"aenergy":{"total":12530.5}}',
    ),
)
