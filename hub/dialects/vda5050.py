"""VDA 5050: automated guided vehicles and mobile robots, versions 2.x and 3.

``{interface}/{major version}/{manufacturer}/{serial number}/state`` on events and at the latest
each 30 s, ``…/visualization`` as often as wanted, ``…/connection`` retained, which is the Will too:
its ``timestamp`` is that of connecting, so it is never a time of anything. Units are m, rad, m/s,
kg and %. Version 3 renames ``agvPosition`` to ``mobileRobotPosition``, ``positionInitialized`` to
``localized``, ``batteryState.batteryCharge`` to ``powerSupply.stateOfCharge`` and
``safetyState.eStop`` to ``activeEmergencyStop``. See github.com/VDA5050/VDA5050, VDA5050_EN.md.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hub.dialects.dialect import Dialect, Draft, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed_object, switch, word
from hub.dialects.parsing.times import local
from schemas import Label

_EVERY = 30.0
_UTC = ZoneInfo("UTC")
_HEADER = frozenset({"headerId", "timestamp", "version", "manufacturer", "serialNumber"})
_CONNECTED = word(
    {
        "online": "online",
        "offline": "offline",
        "connectionbroken": "offline",
        "connection_broken": "offline",
        "hibernating": "offline",  # it sends nothing until it is woken
    }
)
_STOPPED = word({"none": "", "autoack": "stop", "manual": "stop", "remote": "stop"})
_SERIOUS = frozenset({"FATAL", "CRITICAL"})
"""Levels of errors with which no order can be gone on with; CRITICAL is version 3's."""
_HANDLES_LOADS = frozenset({"pick", "drop"})
_NOT_LOCALIZED = Label(
    "the vehicle does not know where it is, so x, y and theta are not used",
    "로봇이 자기 위치를 모르므로 x, y, theta를 쓰지 않습니다",
)


def _degrees(value: Any) -> float | None:
    angle = number(value)
    if angle is None:
        return None
    if abs(angle) > 2 * math.pi:
        raise Misfit(
            f"{angle:g} is no angle in radians, from −3.14159 to 3.14159",
            f"{angle:g}: 라디안(−3.14159~3.14159)이 아닙니다",
        )
    degrees = round(math.degrees(angle), 3)
    return degrees if abs(degrees) <= 180 else round(math.remainder(degrees, 360), 3)


def _stopped(value: Any) -> bool | None:
    found = _STOPPED(value)
    return None if found is None else bool(found)


class _Part(NamedTuple):
    """Where a value within a part of a message goes: a field, converted; and its place."""

    field: str
    convert: Callable[[Any], Any]
    place: str


_Parts = Mapping[str, _Part | None]


def _part(key: str, judged: str = "", **fields: tuple[str, Callable[[Any], Any]]) -> _Parts:
    """Return the values of a part of a message; None are those that the state is made of."""
    found = {name: _Part(*to, f"{key}.{name}") for name, to in fields.items()}
    return {**found, **dict.fromkeys(judged.split())}


_POSITION = {
    "x": ("x", number),
    "y": ("y", number),
    "theta": ("heading", _degrees),
    "localizationScore": ("localization_score", number),
}
_PARTS: Mapping[str, _Parts] = {
    "agvPosition": _part("agvPosition", "positionInitialized", **_POSITION),
    "mobileRobotPosition": _part("mobileRobotPosition", "localized", **_POSITION),
    "velocity": _part("velocity", "vx vy"),
    "batteryState": _part("batteryState", "charging", batteryCharge=("battery", number)),
    "powerSupply": _part("powerSupply", "charging", stateOfCharge=("battery", number)),
    "safetyState": _part(
        "safetyState",
        eStop=("e_stop", _stopped),
        activeEmergencyStop=("e_stop", _stopped),
        fieldViolation=("field_violation", switch),
    ),
}
#: What is read elsewhere, or says nothing of the vehicle.
_ELSEWHERE = _HEADER | {"driving", "paused", "errors", "loads", "actionStates"}


def _name(heard: Heard) -> str:
    return f"{heard.parts['manufacturer']}/{heard.parts['serial']}"


def _reading(heard: Heard, said: Mapping[str, Any]) -> tuple[Told, Draft]:
    """Take what state and visualization have in common."""
    told = Told()
    time = local(said.get("timestamp"), _UTC)
    robot = told.draft("mobile_robot", _name(heard), time=time, interval=_EVERY)
    for key, value in said.items():
        if value is None or key in _ELSEWHERE:
            continue
        parts = _PARTS.get(key)
        if parts is None:
            told.leave(key, value)
        elif not isinstance(value, dict):
            robot.fault(key, value, Label("is no object {…}", "객체({…})가 아닙니다"))
        else:
            _take(told, robot, key, value, parts)
    if isinstance(velocity := said.get("velocity"), dict):
        _speed(robot, velocity)
    return told, robot


def _take(told: Told, robot: Draft, key: str, said: Mapping[str, Any], parts: _Parts) -> None:
    lost = said.get("positionInitialized", said.get("localized")) is False
    if lost:
        told.leave(key, said, _NOT_LOCALIZED)
    for name, value in said.items():
        part = parts.get(name)
        if part is not None:
            field, convert, place = part
            known = not lost or field == "localization_score"
            robot.take(field, value if known else None, place, convert)
        elif name not in parts:
            told.leave(f"{key}.{name}", value)


def _speed(robot: Draft, velocity: Mapping[str, Any]) -> None:
    """Speed along the way, negative in reverse: velocity is in the vehicle's own coordinates."""
    try:
        parts = [number(velocity[name]) for name in ("vx", "vy") if name in velocity]
    except Misfit as exc:
        robot.fault("velocity", velocity, exc.label)
        return
    known = [part for part in parts if part is not None]
    if known:
        speed = round(math.hypot(*known), 4)
        backwards = "vx" in velocity and (parts[0] or 0) < 0
        robot.take("speed", -speed if backwards else speed, "velocity")


def _visualization(heard: Heard, _: Memory) -> Told:
    told, robot = _reading(heard, parsed_object(heard.payload))
    return _not_empty(told, robot)


def _state(heard: Heard, _: Memory) -> Told:
    said = parsed_object(heard.payload)
    told, robot = _reading(heard, said)
    loads = said.get("loads")
    if isinstance(loads, list):
        robot.take("load", loads, "loads", _weight)
    if "driving" in said:
        robot.take("state", said, "driving", _doing)
    return _not_empty(told, robot)


def _not_empty(told: Told, robot: Draft) -> Told:
    if robot.fields or robot.faults:
        return told
    raise Misfit(
        "the payload has nothing of a vehicle: no driving, agvPosition (mobileRobotPosition), "
        "velocity, batteryState (powerSupply) or safetyState",
        "페이로드에 로봇 정보가 없습니다: driving, agvPosition(mobileRobotPosition), velocity, "
        "batteryState(powerSupply), safetyState 중 하나가 있어야 합니다",
    )


def _weight(loads: list[Any]) -> float | None:
    """The weight of all loads; None if one is of unknown weight, 0 without any."""
    weights = [number(load["weight"]) for load in loads if _has(load, "weight")]
    known = [weight for weight in weights if weight is not None]
    return round(sum(known), 3) if len(known) == len(loads) else None


def _has(item: Any, name: str) -> bool:
    return isinstance(item, dict) and item.get(name) is not None


def _doing(said: Mapping[str, Any]) -> str | None:
    """The vehicle's state in a word: the most serious first."""
    driving = switch(said["driving"])
    if any(map(_serious, _listed(said.get("errors")))):
        return "error"
    safety = _either(said, "safetyState")
    stopped = safety.get("eStop", safety.get("activeEmergencyStop", "NONE"))
    if said.get("paused") is True or str(stopped).upper() != "NONE":
        return "paused"
    if _either(said, "batteryState", "powerSupply").get("charging") is True:
        return "charging"
    if any(map(_handles, _listed(said.get("actionStates")))):
        return "loading"
    if driving:
        return "driving"
    return "blocked" if safety.get("fieldViolation") is True else "idle"


def _serious(error: Any) -> bool:
    return isinstance(error, dict) and str(error.get("errorLevel")).upper() in _SERIOUS


def _handles(action: Any) -> bool:
    return (
        isinstance(action, dict)
        and action.get("actionStatus") == "RUNNING"
        and str(action.get("actionType")) in _HANDLES_LOADS
    )


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _either(said: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        found = said.get(name)
        if isinstance(found, dict):
            return found
    return {}


def _connection(heard: Heard, _: Memory) -> Told:
    said = parsed_object(heard.payload)
    try:
        found = _CONNECTED(said.get("connectionState"))
    except Misfit as exc:
        raise exc.at("connectionState") from exc
    if found is None:
        raise Misfit("connectionState is missing", "connectionState가 없습니다")
    return Told(presences=[Presence(_name(heard), found == "online")])


_OF_TOPIC = {
    "state": _state,
    "visualization": _visualization,
    "connection": _connection,
    "factsheet": ignore,
    "order": ignore,
    "instantActions": ignore,
    "responses": ignore,
    "zoneSet": ignore,
}
_VEHICLE = "{manufacturer}/{serial}"

DIALECT = Dialect(
    "vda5050",
    Label("VDA 5050", "VDA 5050"),
    topics={
        **{f"{{path+}}/{_VEHICLE}/{leaf}": what for leaf, what in _OF_TOPIC.items()},
        **{f"{_VEHICLE}/{leaf}": what for leaf, what in _OF_TOPIC.items()},
    },
    setup=(
        SetupStep(
            Label("Interface name (first level of the topics)", "인터페이스 이름(토픽 첫 단계)"),
            "{root}/{booth}/vda5050/uagv",
        ),
        SetupStep(
            Label("So its topics are", "그러면 토픽은 이렇게 됩니다"),
            "{root}/{booth}/vda5050/uagv/v2/ACME/AMR-1/state",
        ),
    ),
    sample=(
        "uagv/v2/ACME/AMR-1/state",
        """{"headerId":1,"timestamp":"{utc}","version":"2.1.0","driving":true,\
"agvPosition":{"x":4.2,"y":1.5,"theta":1.57,"mapId":"hall","positionInitialized":true},\
"errors":[],"batteryState":{"batteryCharge":76,"charging":false},\
"safetyState":{"eStop":"NONE","fieldViolation":false}}""",
    ),
)
