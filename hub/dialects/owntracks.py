"""OwnTracks: the place of a phone, and of whatever it rides on.

``owntracks/{user}/{device}``, retained: ``_type`` is ``location``, or ``lwt`` of the Will. ``tst``
is the time of the fix in s, ``vel`` in km/h, ``alt`` in m, ``batt`` in %; -1 where the phone does
not know. See owntracks.org/booklet/tech/json.
"""

from collections.abc import Callable
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import To, number, parsed_object
from schemas import Label

_QUIET = 86_400.0
"""Seconds: a phone that lies still sends nothing for hours."""


def _known(value: Any) -> float | int | None:
    found = number(value)
    return None if found is not None and found < 0 else found


_FIELDS = {
    "lat": To("tracker", "latitude", number),
    "lon": To("tracker", "longitude", number),
    "alt": To("tracker", "altitude", number),
    "acc": To("tracker", "accuracy", _known),
    "vel": To("tracker", "speed", _known),
    "cog": To("tracker", "heading", _known),
    "batt": To("tracker", "battery", _known),
}
_SAID = frozenset({"_type", "tst"})


def _message(heard: Heard, _: Memory) -> Told:
    said = parsed_object(heard.payload)
    what = said.get("_type")
    translate = _OF_TYPE.get(what) if isinstance(what, str) else None
    if translate is None:
        shown = str(what)[:40] if "_type" in said else "nothing"
        raise Misfit(
            f'_type says "{shown}"; OwnTracks says "location" or "lwt" there',
            f'_type이 "{shown}"입니다. OwnTracks는 "location"이나 "lwt"를 씁니다',
        )
    return translate(heard.parts["device"], said)


def _location(device: str, said: dict[str, Any]) -> Told:
    missing = [name for name in ("lat", "lon") if said.get(name) is None]
    if missing:
        names = ", ".join(missing)
        raise Misfit(f"{names}: missing in this location", f"{names}: 위치에 이 값이 없습니다")
    told = Told()
    draft = told.draft("tracker", device, time=said.get("tst"), silence=_QUIET)
    for name, value in said.items():
        to = _FIELDS.get(name)
        if to is not None:
            draft.take(to.field, value, name, to.convert)
        elif name not in _SAID:
            told.leave(name, value)
    return told


def _gone(device: str, _said: dict[str, Any]) -> Told:
    return Told(presences=[Presence(device, online=False)])


def _nothing(_device: str, _said: dict[str, Any]) -> Told:
    return Told()


def _encrypted(_device: str, _said: dict[str, Any]) -> Told:
    raise Misfit(
        "the location is encrypted; clear the encryption key in the app's settings",
        "위치가 암호화되어 있습니다. 앱 설정에서 암호화 키(Encryption key)를 지우세요",
    )


_OF_TYPE: dict[str, Callable[[str, dict[str, Any]], Told]] = {
    "location": _location,
    "lwt": _gone,
    "encrypted": _encrypted,
    **dict.fromkeys(("transition", "waypoint", "waypoints", "card", "cmd"), _nothing),
    **dict.fromkeys(("beacon", "status", "steps", "request", "dump", "configuration"), _nothing),
}
_BESIDE = (
    *("event", "waypoint", "waypoints", "cmd", "dump", "step", "steps", "status", "info"),
    *("beacon", "request"),
)


DIALECT = Dialect(
    "owntracks",
    Label("OwnTracks", "OwnTracks"),
    topics={
        **{
            f"{start}{{device+}}/{leaf}": ignore for start in ("owntracks/", "") for leaf in _BESIDE
        },
        "owntracks/{device+}": _message,
        "{device+}": _message,
    },
    setup=(
        SetupStep(
            Label(
                "Preferences → Configuration management → Editor → pubTopicBase",
                "Preferences → Configuration management → Editor → pubTopicBase",
            ),
            "{root}/{booth}/owntracks/%d",
        ),
        SetupStep(
            Label("Preferences → Connection → Mode", "Preferences → Connection → Mode"), "MQTT"
        ),
        SetupStep(
            Label(
                "Preferences → Connection → Identification → Device ID (a name of its own)",
                "Preferences → Connection → Identification → Device ID(기기마다 다르게)",
            ),
            "phone1",
        ),
    ),
    sample=(
        "phone1",
        '{"_type":"location","tst":{s},"lat":37.5118,"lon":127.0592,"batt":81}',
    ),
)
