"""evcc: charging points, the grid, solar plants and batteries of a house.

``{base}/loadpoints/{n}/{key}`` and ``{base}/site/{key}``, one value a topic, all retained; ``evcc``
is the usual base. W, Wh, %, s; of three phases the sum stands in the topic and each below it as
``l1`` to ``l3``. ``{base}/status`` is the Will, `online` or `offline`. Power of a battery is
positive when it discharges. See docs.evcc.io/en/integrations/mqtt-api.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hub.dialects.dialect import Dialect, Heard, SetupStep, Told, ignore
from hub.dialects.mapping.gateways import heard_through, through
from hub.dialects.mapping.single_values import CHARGING, PLUGGED, charger_status, value_of
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import is_online, number, scaled, text_of
from schemas import Label

_KILO = scaled(0.001)
_LONGEST = 100_000_000


def _minutes(value: Any) -> float | None:
    """A duration in s, or in ns as Go counts it: of ns so few are a tenth of a second."""
    found = number(value)
    if found is None:
        return None
    return round((found if abs(found) < _LONGEST else found / 1e9) / 60, 2)


_LOADPOINT: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "chargePower": ("power", _KILO),
    "chargedEnergy": ("energy", _KILO),
    "sessionEnergy": ("energy", _KILO),
    "vehicleSoc": ("state_of_charge", number),
    "chargeDuration": ("session_time", _minutes),
    "chargeCurrents/l1": ("current", number),
    "chargeCurrents/1": ("current", number),
    "chargeVoltages/l1": ("voltage", number),
    "chargeVoltages/1": ("voltage", number),
}
_FLAGS = {"connected": PLUGGED, "charging": CHARGING}


class _Meter(NamedTuple):
    """A meter's field that a topic of the site has."""

    device: str
    field: str
    convert: Callable[[Any], Any] = number


_SITE = {
    "grid/power": _Meter("grid", "power"),
    "gridPower": _Meter("grid", "power"),
    "grid/energy": _Meter("grid", "energy"),
    "homePower": _Meter("home", "power"),
    "pvPower": _Meter("pv", "power"),
    "battery/power": _Meter("battery", "power"),
    "batteryPower": _Meter("battery", "power"),
    "battery/soc": _Meter("battery", "state_of_charge"),
    "batterySoc": _Meter("battery", "state_of_charge"),
}


def _loadpoint(heard: Heard, memory: Memory) -> Told:
    key, value = heard.parts["key"], value_of(heard.payload)
    told, device = Told(), f"loadpoint-{heard.parts['number']}"
    draft = told.draft("ev_charger", device)
    heard_through(memory, _base(heard), device)
    if key in _FLAGS:
        charger_status(draft, memory, _FLAGS[key], value, key)
    elif key in _LOADPOINT:
        field, convert = _LOADPOINT[key]
        draft.take(field, value, key, convert)
    else:
        told.leave(key, value)
    return told


def _site(heard: Heard, memory: Memory) -> Told:
    key, told = heard.parts["key"], Told()
    meter, value = _SITE.get(key), value_of(heard.payload)
    if meter is None:
        told.leave(key, value)
    else:
        heard_through(memory, _base(heard), meter.device)
        told.draft("power_meter", meter.device).take(meter.field, value, key, meter.convert)
    return told


def _status(heard: Heard, memory: Memory) -> Told:
    online = is_online(text_of(heard.payload), "status")
    return Told(through(memory, _base(heard), online))


def _base(heard: Heard) -> str:
    """What stands before an evcc's topics: it is what tells it from another."""
    base = "evcc" if heard.topic.startswith("evcc/") else ""
    return f"{heard.prefix}{base}"


_TOPICS = {
    "loadpoints/{number}/{key+}": _loadpoint,
    "site/{key+}": _site,
    "status": _status,
    "loadpoints": ignore,
    "updated": ignore,
    "vehicles{more*}": ignore,
}

DIALECT = Dialect(
    "evcc",
    Label("evcc (charging at home)", "evcc(가정 충전)"),
    topics={
        **{f"evcc/{topic}": what for topic, what in _TOPICS.items()},
        **_TOPICS,
    },
    setup=(
        SetupStep(
            Label("Configuration → MQTT → Topic (evcc.yaml: mqtt.topic)", "설정 → MQTT → Topic"),
            "{root}/{booth}/evcc",
        ),
    ),
    sample=("loadpoints/1/chargePower", "7150"),
)
