"""DJI Cloud API: drones, their docks and remote controls, by way of a dock or DJI Pilot 2.

``thing/product/{sn}/osd`` comes at 0.5 Hz, in several messages with a part of the properties each,
``…/state`` on changes. ``sys/product/{gateway}/status`` lists the devices behind a dock or a
control: none means that the drone is gone. Times in ms; m, m/s, °, %. Without satellites latitude
and longitude are 0. See developer.dji.com/doc/cloud-api-tutorial: properties of aircraft and dock.
"""

from collections.abc import Collection, Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, NoWord, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, leaves, number, parsed_object, sort, switch
from schemas import Label

_EVERY = 2.0
_DEVICES = 32
_NOT_CONNECTED = 14
_FLIGHT: Mapping[int, str | None] = {
    **dict.fromkeys((0, 1, 2), "on_ground"),
    4: "takeoff",
    **dict.fromkeys((3, 5, 6, 7, 8, 9, 15, 16, 17, 18, 20), "in_air"),
    **dict.fromkeys((10, 11, 12), "landing"),
    **dict.fromkeys((13, _NOT_CONNECTED, 19), None),  # upgrading, not connected, choosing a site
}
_NEWEST = max(_FLIGHT)
_FORCED = frozenset({11, 12})
"""It must land: forced landing, landing on three propellers."""


def _flight(value: Any) -> str | None:
    if isinstance(value, int) and value > _NEWEST:
        raise NoWord  # of a firmware that is newer
    if not isinstance(value, int) or value not in _FLIGHT:
        raise Misfit(
            f"{str(value)[:20]} is no code of DJI's aircraft states",
            f"{str(value)[:20]}: DJI 기체 상태 코드가 아닙니다",
        )
    return _FLIGHT[value]


def _forced(value: Any) -> bool:
    return value in _FORCED


def _cover(value: Any) -> bool | None:
    """0 closed, 1 open, 2 half open, 3 abnormal."""
    found = number(value)
    return None if found == 3 else bool(found)


_DRONE = {
    "elevation": To("drone", "altitude", number),
    "latitude": To("drone", "latitude", number),
    "longitude": To("drone", "longitude", number),
    "horizontal_speed": To("drone", "speed", number),
    "vertical_speed": To("drone", "climb", number),
    "attitude_head": To("drone", "heading", number),
    "battery.capacity_percent": To("drone", "battery", number),
    "position_state.gps_number": To("drone", "satellites", number),
    "mode_code": To("drone", "state", _flight),
}
_DOCK = {
    "cover_state": To("dock", "cover_open", _cover),
    "drone_in_dock": To("dock", "occupied", switch),
    "drone_charge_state.state": To("dock", "charging", switch),
    "drone_charge_state.capacity_percent": To("dock", "battery", number),
    "emergency_stop_state": To("dock", "e_stop", switch),
    "environment_temperature": To("dock", "temperature", number),
    "temperature": To("dock", "inside_temperature", number),
    "humidity": To("dock", "humidity", number),
    "wind_speed": To("dock", "wind_speed", number),
}
_CONTROL = {
    "latitude": To("tracker", "latitude", number),
    "longitude": To("tracker", "longitude", number),
    "capacity_percent": To("tracker", "battery", number),
}
_TELLS = (
    (
        "dock",
        _DOCK,
        frozenset({"cover_state", "drone_in_dock", "putter_state", "job_number", "drc_state"}),
    ),
    (
        "drone",
        _DRONE,
        frozenset(
            {"attitude_head", "horizontal_speed", "battery", "elevation", "flysafe_database"}
        ),
    ),
    ("tracker", _CONTROL, frozenset({"capacity_percent"})),
)
_TABLES = {kind: table for kind, table, _ in _TELLS}


def _properties(heard: Heard, memory: Memory) -> Told:
    said, told, serial = parsed_object(heard.payload), Told(), heard.parts["serial"]
    data = said.get("data")
    if not isinstance(data, dict):
        raise Misfit("data is missing", "data가 없습니다")
    kind = _kind(data, heard.kinds_of(serial))
    if not kind:
        for name, value in data.items():
            told.leave(name, value)
        return told
    gateway = said.get("gateway")
    if isinstance(gateway, str) and gateway != serial:
        _behind(memory, gateway, serial)
    mode = data.get("mode_code")
    if kind == "drone" and mode == _NOT_CONNECTED:
        return Told(presences=[Presence(serial, online=False)])
    time = said.get("timestamp")
    sort(
        told,
        leaves(data),
        _TABLES[kind],
        lambda kind: told.draft(kind, serial, time=time, interval=_EVERY),
    )
    if kind == "drone" and isinstance(mode, int) and mode in _FLIGHT:
        drone = told.draft("drone", serial, time=time, interval=_EVERY)
        drone.take("failsafe", mode, "mode_code", _forced)
    return told


def _kind(data: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what the properties are of: they come in parts, so that of before counts too."""
    for kind, _, tells in _TELLS:
        if not tells.isdisjoint(data):
            return kind
    return next((kind for kind in known if kind in _TABLES), "")


def _behind(memory: Memory, gateway: str, serial: str) -> None:
    known = memory.get(f"behind/{gateway}") or []
    if serial not in known and len(known) < _DEVICES:
        memory.set(f"behind/{gateway}", [*known, serial])


def _topology(heard: Heard, memory: Memory) -> Told:
    """Take what is behind a gateway: what is no longer listed is gone."""
    said, gateway = parsed_object(heard.payload), heard.parts["serial"]
    data = said.get("data")
    devices = data.get("sub_devices") if isinstance(data, dict) else None
    if said.get("method") != "update_topo" or not isinstance(devices, list):
        return Told()
    serials = [item.get("sn") for item in devices[:_DEVICES] if isinstance(item, dict)]
    there = [serial for serial in serials if isinstance(serial, str)]
    before = memory.get(f"behind/{gateway}") or []
    for serial in there:
        _behind(memory, gateway, serial)
    gone = [Presence(serial, online=False) for serial in before if serial not in there]
    return Told(presences=[*gone, *(Presence(serial, online=True) for serial in there)])


_SAMPLE = (
    '{"timestamp":{ms},"gateway":"4TADK3R0010","data":{"mode_code":5,"elevation":21.4,'
    '"latitude":37.51,"longitude":127.06,"attitude_head":-87.5,"battery":{"capacity_percent":59}}}'
)

DIALECT = Dialect(
    "dji",
    Label("DJI Cloud API", "DJI 클라우드 API"),
    topics={
        "thing/product/{serial}/osd": _properties,
        "thing/product/{serial}/state": _properties,
        "thing/product/{serial}/{rest+}": ignore,
        "sys/product/{serial}/status": _topology,
        "sys/product/{serial}/{rest+}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "DJI's topics are fixed: give the gateway's to the booth in the zone file",
                "DJI의 토픽은 바꿀 수 없으니 존 파일에서 부스에 게이트웨이의 토픽을 주세요",
            ),
            "thing/product/#, sys/product/#",
        ),
        SetupStep(
            Label(
                "Or a bridge in front of the broker, with the prefix",
                "또는 앞에 접두어를 붙이는 브리지",
            ),
            "{root}/{booth}/dji/thing/product/…",
        ),
    ),
    sample=("thing/product/1ZNBK7LC00AB/osd", _SAMPLE),
)
