"""openWB 2: charging points, meters, solar plants and batteries.

``openWB/{chargepoint|counter|pv|bat}/{id}/get/{key}``, one JSON value a topic, retained; the
simple API of 2.1.9 and later repeats them below ``openWB/simpleAPI/`` without ``get``, and the
items of lists, counted from 1, as separate topics. W and Wh; power is negative from a solar
plant, and positive into a battery. There is no Will. See wiki.openwb.de, openwb:2.1.9:simpleapi.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping.single_values import (
    CHARGING,
    FAULTED,
    PLUGGED,
    charger_status,
    part,
    value_of,
)
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, scaled
from schemas import Label

_MINUTE, _REPEATED = 60_000_000_000, 10
"""What was sent by itself in the last so many minutes, the simple API only repeats."""
_KILO, _TURNED = scaled(0.001), scaled(-1.0)


def _soc(value: Any) -> Any:
    if not isinstance(value, dict):
        return number(value)
    return number(value["soc"]) if "soc" in value else None


def _session(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Misfit("is no object with imported_since_plugged", "객체가 아닙니다")
    return _KILO(value.get("imported_since_plugged"))


def _broken(value: Any) -> bool:
    """0 is none, 1 a warning, 2 a fault."""
    return (number(value) or 0) >= 2


_FLAGS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "plug_state": (PLUGGED, {}),
    "charge_state": (CHARGING, {}),
    "fault_state": (FAULTED, {"convert": _broken}),
}
_Fields = Mapping[str, tuple[str, Callable[[Any], Any]]]
_CHARGER: _Fields = {
    "power": ("power", _KILO),
    "voltages": ("voltage", part(0, number)),
    "voltages/1": ("voltage", number),
    "currents": ("current", part(0, number)),
    "currents/1": ("current", number),
    "connected_vehicle/soc": ("state_of_charge", _soc),
    "connected_vehicle/soc/soc": ("state_of_charge", number),
}
_METER: _Fields = {
    "power": ("power", number),
    "imported": ("energy", _KILO),
    "exported": ("energy_exported", _KILO),
    "voltages": ("voltage", part(0, number)),
    "voltages/1": ("voltage", number),
    "currents": ("current", part(0, number)),
    "currents/1": ("current", number),
    "frequency": ("frequency", number),
    "soc": ("state_of_charge", number),
}
_GIVING: _Fields = {**_METER, "power": ("power", _TURNED)}
_OF: Mapping[str, tuple[str, _Fields]] = {
    "chargepoint": ("ev_charger", _CHARGER),
    "counter": ("power_meter", _METER),
    "pv": ("power_meter", _GIVING),
    "bat": ("power_meter", _GIVING),
}
_TOTAL = Label(
    "the meter's total; the session's energy is in set/log",
    "누적값입니다. 세션 충전량은 set/log에 있습니다",
)


def _value(heard: Heard, memory: Memory) -> Told:
    what, key, told = heard.parts["what"], heard.parts["key"], Told()
    if what not in _OF or not heard.parts["number"].isdecimal():
        return told
    kind, fields = _OF[what]
    device, value = f"{what}-{heard.parts['number']}", value_of(heard.payload)
    if kind == "ev_charger" and key in _FLAGS:
        flag, more = _FLAGS[key]
        charger_status(told.draft(kind, device), memory, flag, value, key, **more)
    elif key in fields:
        field, convert = fields[key]
        told.draft(kind, device).take(field, value, key, convert)
    else:
        told.leave(key, value, _TOTAL if key in {"imported", "exported"} else None)
    return told


def _native(heard: Heard, memory: Memory) -> Told:
    if not heard.retained:  # it may be of long ago
        memory.set(_entry(heard), heard.arrival // _MINUTE)
    return _value(heard, memory)


def _simple(heard: Heard, memory: Memory) -> Told:
    """The simple API repeats: it counts where the topics that it repeats are not sent here."""
    last = memory.get(_entry(heard)) or 0
    repeats = abs(heard.arrival // _MINUTE - last) <= _REPEATED
    return Told() if repeats else _value(heard, memory)


def _entry(heard: Heard) -> str:
    return f"native/{heard.parts['what'][:16]}-{heard.parts['number'][:16]}"


def _log(heard: Heard, _: Memory) -> Told:
    told = Told()
    draft = told.draft("ev_charger", f"chargepoint-{heard.parts['number']}")
    place = "set/log.imported_since_plugged"
    draft.take("energy", value_of(heard.payload), place, _session)
    return told


_TOPICS = {
    "simpleAPI/{what}/{number}/{key+}": _simple,
    "{what}/{number}/get/{key+}": _native,
    "chargepoint/{number}/set/log": _log,
    "{more+}": ignore,
}

DIALECT = Dialect(
    "openwb",
    Label("openWB 2 (charging point)", "openWB 2(충전기)"),
    topics={f"openWB/{topic}": what for topic, what in _TOPICS.items()}
    | {topic: what for topic, what in _TOPICS.items() if topic != "{more+}"},
    setup=(
        SetupStep(
            Label(
                "Settings → MQTT bridge: remote prefix", "설정 → MQTT-Brücken: 원격 접두어(prefix)"
            ),
            "{root}/{booth}/openwb/",
        ),
    ),
    sample=("openWB/chargepoint/4/get/power", "7150.0"),
)
