"""ThingsBoard: the telemetry of its devices and gateways, with whatever names they give.

``v1/devices/me/telemetry`` says no device: the access token does, which is not seen here. A name
before it is taken (``{device}/v1/devices/me/telemetry``), else the device is called ``me``. A
gateway names its devices (``v1/gateway/telemetry``), and says who connects and disconnects. Values
are ``{"ts": ms, "values": {…}}`` or bare, alone or in arrays, of old ones also after newer ones.
See thingsboard.io/docs/reference/mqtt-api and …/gateway-mqtt-api.
"""

from typing import Any

from hub.dialects.dialect import (
    READINGS,
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
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import parsed, parsed_object
from hub.dialects.parsing.times import whole
from schemas import Label

_QUIET = 3_600.0
"""Seconds without telemetry after which a device is gone: how often it sends is not known."""


def _device(heard: Heard, _: Memory) -> Told:
    told = Told()
    _telemetry(told, heard, heard.parts.get("device") or "me", parsed(heard.payload), "")
    return told


def _gateway(heard: Heard, _: Memory) -> Told:
    told = Told()
    for device, entries in parsed_object(heard.payload).items():
        _telemetry(told, heard, device, entries, device)
    return told


def _telemetry(told: Told, heard: Heard, device: str, said: Any, where: str) -> None:
    known = heard.kinds_of(device)
    entries = said if isinstance(said, list) else [said]
    if len(entries) > READINGS:
        raise Misfit(*_TOO_MANY)
    for entry in entries:
        if not isinstance(entry, dict):
            raise Misfit(*_NO_ENTRY).at(where[:40]) if where else Misfit(*_NO_ENTRY)
        values, time = entry.get("values"), whole(entry.get("ts"))
        if not isinstance(values, dict):
            values, time = entry, None
        free_form.take(told, device, free_form.flattened(values), known, time=time, silence=_QUIET)


_TOO_MANY = (
    f"an array holds {READINGS} entries at most; send fewer at a time",
    f"배열에는 {READINGS}건까지 담을 수 있습니다. 나누어 보내세요",
)
_NO_ENTRY = (
    'write {"name": value} or {"ts": …, "values": {…}}, or an array of these',
    '{"이름": 값}이나 {"ts": …, "values": {…}}, 또는 그 배열로 보내세요',
)


def _presence(online: bool) -> Translate:
    def translate(heard: Heard, _: Memory) -> Told:
        device = parsed_object(heard.payload).get("device")
        if not isinstance(device, str) or not device:
            raise Misfit(
                'device is missing; write {"device": "its name"}',
                'device가 없습니다. {"device": "기기 이름"} 형식으로 보내세요',
            )
        return Told(presences=[Presence(device, online)])

    return translate


_OF_DEVICE = ("v1/devices/me/telemetry", "v2/t", "v2/t/j")
_UNUSED = (
    "v1/devices/me/{rest+}",
    "v1/gateway/{rest+}",
    "v2/{rest+}",
    "{device+}/v1/devices/me/{rest+}",
)

DIALECT = Dialect(
    "thingsboard",
    Label("ThingsBoard", "씽스보드(ThingsBoard)"),
    topics={
        **dict.fromkeys(_OF_DEVICE, _device),
        **{f"{{device+}}/{topic}": _device for topic in _OF_DEVICE},
        "v1/gateway/telemetry": _gateway,
        "v1/gateway/connect": _presence(online=True),
        "v1/gateway/disconnect": _presence(online=False),
        **dict.fromkeys(_UNUSED, ignore),
    },
    setup=(
        SetupStep(
            Label(
                "Topic of a device's telemetry, with a name of its own",
                "기기의 텔레메트리 토픽(기기마다 다른 이름으로)",
            ),
            "{root}/{booth}/thingsboard/room1/v1/devices/me/telemetry",
        ),
        SetupStep(
            Label("Topic of a gateway's telemetry", "게이트웨이의 텔레메트리 토픽"),
            "{root}/{booth}/thingsboard/v1/gateway/telemetry",
        ),
        SetupStep(
            Label("User name, instead of the access token", "사용자 이름(액세스 토큰 대신)"),
            "{account}",
        ),
    ),
    sample=(
        "room1/v1/devices/me/telemetry",
        '{"ts":{ms},"values":{"temperature":22.4,"humidity":41}}',
    ),
)
