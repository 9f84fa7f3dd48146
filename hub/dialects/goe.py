"""go-eCharger: charging points of go-e, API version 2.

``go-eCharger/{serial}/{key}``, one JSON value a topic, retained; the prefix can be set. ``car`` is
what the vehicle does, ``nrg`` a list of V, A and W by phase, ``wh`` the session's energy in Wh,
``tma`` temperatures; ``mcc`` is the Will, `true` or `false`. Keys of three letters by the hundred
say how it is set. See github.com/goecharger/go-eCharger-API-v2: apikeys-en.md, mqtt-en.md.
"""

from collections.abc import Callable
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed, scaled
from schemas import Label

_STATUS = {1: "available", 2: "charging", 3: "connected", 4: "suspended", 5: "faulted"}
_VOLTAGE, _CURRENT, _POWER, _ITEMS = 0, 4, 11, 16
_TOLD = frozenset({"eto", "alw", "acu", "amp", "err", "frc", "tpa", "psm", "modelStatus", "fna"})


def _car(value: Any) -> str | None:
    if value is None or value == 0:  # unknown
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in _STATUS:
        raise Misfit(
            f'"{str(value)[:40]}" is none of 0 to 5', f'"{str(value)[:40]}": 0~5가 아닙니다'
        )
    return _STATUS[value]


def _duration(value: Any) -> float | None:
    """Charging: ``{"type": 1, "value": ms}``; type 0 is a counter of the app."""
    if not isinstance(value, dict) or value.get("type") != 1:
        return None
    return scaled(1 / 60_000, 2)(value.get("value"))


def _hottest(value: Any) -> float | int | None:
    items = value[:16] if isinstance(value, list) else [value]
    found = [number(item) for item in items if item is not None]
    return max((item for item in found if item is not None), default=None)


_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "car": ("status", _car),
    "wh": ("energy", scaled(0.001)),
    "cdi": ("session_time", _duration),
    "tma": ("connector_temperature", _hottest),
}


def _key(heard: Heard, _: Memory) -> Told:
    key, serial, told = heard.parts["key"], heard.parts["serial"], Told()
    if key == "mcc":
        online = parsed(heard.payload)
        if not isinstance(online, bool):
            raise Misfit("mcc is neither true nor false", "mcc가 true도 false도 아닙니다")
        told.presences.append(Presence(serial, online))
    elif key == "nrg":
        _energy(told, serial, parsed(heard.payload))
    elif key in _FIELDS:
        field, convert = _FIELDS[key]
        told.draft("ev_charger", serial).take(field, parsed(heard.payload), key, convert)
    elif key in _TOLD:
        told.leave(key, parsed(heard.payload))
    return told


def _energy(told: Told, serial: str, items: Any) -> None:
    if not isinstance(items, list) or len(items) < _POWER + 1:
        raise Misfit(
            f"nrg is no list of {_ITEMS} numbers", f"nrg가 숫자 {_ITEMS}개의 목록이 아닙니다"
        )
    draft = told.draft("ev_charger", serial)
    draft.take("voltage", items[_VOLTAGE], f"nrg.{_VOLTAGE}", number)
    draft.take("current", items[_CURRENT], f"nrg.{_CURRENT}", number)
    draft.take("power", items[_POWER], f"nrg.{_POWER}", scaled(0.001))


_TOPICS = {
    "{serial}/{key}": _key,
    "{serial}/{key}/set": ignore,
    "{serial}/{key}/result": ignore,
}

DIALECT = Dialect(
    "goe",
    Label("go-eCharger", "go-eCharger(go-e 충전기)"),
    topics={
        **{f"go-eCharger/{topic}": what for topic, what in _TOPICS.items()},
        **{f"/go-eCharger/{topic}": what for topic, what in _TOPICS.items()},
        **_TOPICS,
    },
    setup=(
        SetupStep(
            Label(
                "App → Internet → Advanced → MQTT: topic prefix",
                "앱 → Internet → Advanced → MQTT: topic prefix",
            ),
            "{root}/{booth}/goe/",
        ),
    ),
    sample=("217844/car", "2"),
)
