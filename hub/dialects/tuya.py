"""Tuya Link: what a device reports of its product's data model.

``tylink/{deviceId}/thing/property/report`` has ``data``: codes with ``{"value", "time"}``, some
with the bare value or within ``properties``; ``thing/data/batch_report`` those of sub-devices too,
``device/sub/login`` and ``logout`` say which of them are there. Times are in s or ms. Numbers are
whole, in the scale of the data model, which is not sent along. Of the standard codes it is known:
``cur_power``, ``cur_voltage`` and ``va_temperature`` are tenths, ``cur_current`` mA, ``add_ele``
Wh. Other temperatures are taken as tenths from 100 on, and ever after. A number that is not whole
is no longer scaled. See developer.tuya.com: TuyaLink, MQTT topics; standard instruction sets.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hub.dialects.dialect import (
    Dialect,
    Heard,
    Misfit,
    Presence,
    SetupStep,
    Told,
    Translate,
    ignore,
)
from hub.dialects.mapping import free_form
from hub.dialects.mapping.subdevices import part_of, sensor_kind
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, number, parsed_object, switch, word
from schemas import Label

_DEVICES = 100
_QUIET = 90_000.0
"""Seconds: it reports what changes, and a sensor with a battery at least once a day."""


def _whole(factor: float) -> Callable[[Any], float | None]:
    """Return what scales a whole number; any other is scaled already."""

    def convert(value: Any) -> float | None:
        found = number(value)
        return found if found is None or found % 1 else round(found * factor, 6)

    return convert


_TENTHS, _MILLI = _whole(0.1), _whole(0.001)


def _humidity(value: Any) -> float | None:
    found = number(value)
    return found if found is None or found <= 100 else _TENTHS(found)


def _from(low: float, high: float) -> Callable[[Any], float | None]:
    """Return what turns a number from `low` to `high` into %."""

    def convert(value: Any) -> float | None:
        found = number(value)
        return None if found is None else round((found - low) * 100 / (high - low), 1)

    return convert


def _alarms(*quiet: str) -> Callable[[Any], bool | None]:
    found = word({"alarm": "alarm", "1": "alarm", **dict.fromkeys(quiet, "normal")})

    def convert(value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        said = found(value)
        return None if said is None else said == "alarm"

    return convert


_ALARM = _alarms("normal", "0", "2")
_PRESENCE = word({"pir": "yes", "presence": "yes", "no": "no", "1": "yes", "0": "no"})


def _present(value: Any) -> bool | None:
    if isinstance(value, bool) or value == "none":  # nobody, not "no value"
        return value is True
    found = _PRESENCE(value)
    return None if found is None else found == "yes"


_TABLE: Mapping[str, tuple[To, ...]] = {
    "cur_power": (To("smart_plug", "power", _TENTHS),),
    "cur_voltage": (To("smart_plug", "voltage", _TENTHS),),
    "cur_current": (To("smart_plug", "current", _MILLI),),
    "add_ele": (To("smart_plug", "energy", _MILLI),),
    "switch_led": (To("light", "switched_on", switch),),
    "bright_value": (To("light", "brightness", _from(0, 255)),),
    "bright_value_v2": (To("light", "brightness", _from(0, 1_000)),),
    "va_temperature": (To("climate_sensor", "temperature", _TENTHS),),
    "va_humidity": (To("climate_sensor", "humidity", _humidity),),
    "humidity_value": (To("climate_sensor", "humidity", _humidity),),
    "bright_sensor": (To("climate_sensor", "illuminance", number),),
    "co2_value": (To("air_quality", "co2", number),),
    "pm25_value": (To("air_quality", "pm2_5", number),),
    "pm10": (To("air_quality", "pm10", number),),
    "doorcontact_state": (To("contact_sensor", "is_open", switch),),
    "pir": (To("presence_sensor", "occupied", _present),),
    "presence_state": (To("presence_sensor", "occupied", _present),),
    "smoke_sensor_state": (
        To("safety_sensor", "alarm", _ALARM),
        To("safety_sensor", "smoke", _ALARM),
    ),
    "watersensor_state": (
        To("safety_sensor", "alarm", _ALARM),
        To("safety_sensor", "water_leak", _ALARM),
    ),
    "gas_sensor_state": (To("safety_sensor", "alarm", _ALARM), To("safety_sensor", "gas", _ALARM)),
    "temp_set": (To("thermostat", "target"),),
    "temp_current": (To("climate_sensor", "temperature"),),
    "humidity_current": (To("climate_sensor", "humidity", _humidity),),
    "battery_percentage": (To("", "battery", number),),
    "va_battery": (To("", "battery", number),),
}
_WORDS = frozenset({"battery_state"})
"""Codes that are words, and spelled like a field that is a number."""
_SWITCH = re.compile(r"switch(_(\d))?")


def _report(heard: Heard, memory: Memory) -> Told:
    said, told = parsed_object(heard.payload), Told()
    _properties(told, heard, memory, heard.parts["device"], _data(said), said.get("time"))
    return told


def _batch(heard: Heard, memory: Memory) -> Told:
    said, told = parsed_object(heard.payload), Told()
    data = said.get("data")
    devices = data.get("subDevices") if isinstance(data, dict) else None
    if isinstance(data, dict) and "properties" in data:
        _properties(told, heard, memory, heard.parts["device"], _data(said), said.get("time"))
    for item in devices[:_DEVICES] if isinstance(devices, list) else ():
        device = item.get("deviceId") if isinstance(item, dict) else None
        if not isinstance(device, str):
            raise Misfit(
                "data.subDevices: deviceId is missing", "data.subDevices: deviceId가 없습니다"
            )
        _properties(told, heard, memory, device, _data(item), said.get("time"))
    return told


def _data(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties by code."""
    data = said.get("data", said)
    found = data.get("properties", data) if isinstance(data, dict) else data
    if isinstance(found, list):  # as Tuya's cloud lists them
        items = [item for item in found if isinstance(item, dict)]
        return {item["code"]: item for item in items if isinstance(item.get("code"), str)}
    if not isinstance(found, dict):
        raise Misfit(
            'data is no object {"code": {"value": …}}',
            'data가 객체({"code": {"value": …}})가 아닙니다',
        )
    return found


def _properties(
    told: Told, heard: Heard, memory: Memory, device: str, said: Mapping[str, Any], sent: Any
) -> None:
    known = heard.kinds_of(device)
    warms = "temp_set" in said or "thermostat" in known
    rest: list[free_form.Said] = []
    for code, item in sorted(said.items(), key=lambda pair: "battery" in pair[0]):
        value = item.get("value") if isinstance(item, dict) else item
        time = item.get("time", sent) if isinstance(item, dict) else sent
        channel = _SWITCH.fullmatch(code)
        if channel is not None and warms:  # that of the heating
            told.leave(code, value)
        elif channel is not None:
            part = "" if channel[2] in {None, "1"} else channel[2]
            plug = told.draft(
                "smart_plug", part_of(memory, device, part), time=time, silence=_QUIET
            )
            plug.take("switched_on", value, code, switch)
        elif code in _WORDS:
            told.leave(code, value)
        elif code not in _TABLE:
            rest.append(free_form.Said(code, value))
        for to in _TABLE.get(code, ()):
            kind = to.kind or sensor_kind(told, heard, device)
            if warms and to.field in {"temperature", "humidity"}:
                kind = "thermostat"
            if not kind:
                told.leave(code, value)
                continue
            draft = told.draft(kind, device, time=time, silence=_QUIET)
            draft.take(to.field, value, code, to.convert or _temperature(memory, device, code))
    before = [*known, *(draft.kind for draft in told.drafts if draft.device == device)]
    free_form.take(told, device, rest, before, time=sent, silence=_QUIET)


def _temperature(memory: Memory, device: str, code: str) -> Callable[[Any], float | None]:
    """Return what reads a temperature whose scale is seen from its size."""

    def convert(value: Any) -> float | None:
        found, name = number(value), f"tenths/{device}/{code}"
        if found is None or found % 1:
            return found
        if abs(found) >= 100:
            memory.set(name, value=True)
        return _TENTHS(found) if memory.get(name) else found

    return convert


def _presence(online: bool) -> Translate:
    def translate(heard: Heard, _: Memory) -> Told:
        devices = parsed_object(heard.payload).get("data")
        if not isinstance(devices, list):
            raise Misfit("data is no array of device ids", "data가 기기 ID의 배열이 아닙니다")
        names = [item for item in devices[:_DEVICES] if isinstance(item, str)]
        return Told(presences=[Presence(name, online) for name in names])

    return translate


_REST: Mapping[str, Translate] = {
    "thing/property/report": _report,
    "thing/data/batch_report": _batch,
    "device/sub/login": _presence(online=True),
    "device/sub/logout": _presence(online=False),
}

_SAMPLE = (
    '{"msgId":"1","time":{ms},"data":{"switch_1":{"value":true},'
    '"cur_power":{"value":612},"cur_voltage":{"value":2214}}}'
)

DIALECT = Dialect(
    "tuya",
    Label("Tuya Link", "투야 링크(Tuya Link)"),
    topics={
        **{f"tylink/{{device}}/{rest}": translate for rest, translate in _REST.items()},
        **{f"{{device}}/{rest}": translate for rest, translate in _REST.items()},
        "tylink/{device}/{rest+}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Topic of the property report, with the device's own ID",
                "속성 보고(property report) 토픽(기기 ID를 넣어서)",
            ),
            "{root}/{booth}/tuya/tylink/plug3/thing/property/report",
        ),
    ),
    sample=("tylink/plug3/thing/property/report", _SAMPLE),
)
