"""oneM2M over MQTT, as Mobius and its devices speak it: content instances in requests.

``/oneM2M/req/{originator}/{receiver}/json`` (TS-0010) has a request that creates a contentInstance
(``op`` 1) or notifies of one (``op`` 5), bare or within ``m2m:rqp``. What is measured is ``con``: a
number, text with one, JSON, or JSON in text. ``to`` names the containers: the device is what
stands before the one whose name is a measurement (``Mobius/room1/temperature``), else all of them.
Times are in basic format, UTC (``20261007T010000``). See onem2m.org and github.com/IoTKETI/Mobius.
"""

from collections.abc import Mapping
from typing import Any

from hub.dialects.dialect import Dialect, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping import free_form
from hub.dialects.mapping.synonyms import spelling_of
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import inner, parsed, parsed_object
from hub.dialects.parsing.times import basic, local
from schemas import Label

_CREATE, _NOTIFY = 1, 5
_QUIET = 3_600.0
"""Seconds without content after which a device is gone: how often it sends is not known."""
_PLACES = frozenset({"", "~", "_", ".", "la", "latest", "data", "con"})
"""Levels of a resource's path that name nothing."""


def _request(heard: Heard, _: Memory) -> Told:
    if heard.parts.get("type") in {"xml", "cbor"} or heard.payload[:1] == b"<":
        raise Misfit(
            "XML and CBOR are not read; send requests as json",
            "XML과 CBOR는 읽지 않습니다. 요청을 json으로 보내세요",
        )
    said = parsed_object(heard.payload)
    request = inner(said, "m2m:rqp") or said
    content, operation = inner(request, "pc"), request.get("op")
    if operation == _NOTIFY or "m2m:sgn" in content:
        notice = inner(content, "m2m:sgn")
        found = inner(notice, "nev", "rep", "m2m:cin")
        where = str(notice.get("sur", "")).rpartition("/")[0]
    else:
        found, where = inner(content, "m2m:cin"), str(request.get("to", ""))
    if not found:  # another operation, or another resource
        return Told()
    return _content(heard, where, found, request.get("ot"))


def _instance(heard: Heard, _: Memory) -> Told:
    """Translate a contentInstance on a topic that is its container's path."""
    said = parsed_object(heard.payload)
    found = inner(said, "m2m:cin")
    if not found:
        raise Misfit("m2m:cin is missing", "m2m:cin이 없습니다")
    return _content(heard, heard.topic, found, None)


def _content(heard: Heard, where: str, said: Mapping[str, Any], sent: Any) -> Told:
    if "con" not in said:
        raise Misfit("m2m:cin.con is missing", "m2m:cin.con이 없습니다")
    time = local(basic(said.get("ct") or sent), heard.timezone)
    told, path, content = Told(), _path(where), _unpacked(said["con"])
    place = next((at for at in range(len(path) - 1, 0, -1) if spelling_of(path[at])), len(path))
    if not isinstance(content, dict):
        if place == len(path):
            told.leave("con", content, _NO_NAME)
            return told
        content = {path[place]: content}
    device = "/".join(path[:place]) or "oneM2M"
    known = heard.kinds_of(device)
    free_form.take(told, device, free_form.flattened(content), known, time=time, silence=_QUIET)
    return told


_NO_NAME = Label(
    "no container in the path is called after a measurement",
    "경로의 컨테이너 이름이 측정 항목이 아닙니다",
)


def _unpacked(content: Any) -> Any:
    """Return the JSON in a text, if there is some."""
    if not isinstance(content, str) or content.lstrip()[:1] not in {"{", "["}:
        return content
    try:
        return parsed(content.encode())
    except ValueError as exc:
        raise Misfit(
            "con: the text looks like JSON, and is not", "con: JSON 같지만 올바르지 않습니다"
        ) from exc


def _path(where: str) -> list[str]:
    """Return the names in a resource's path behind the CSEBase, of an AE and its containers."""
    levels = [level for level in where[:512].split("/") if level.lower() not in _PLACES]
    return levels[1:] if len(levels) > 1 else levels


_REST = {
    "oneM2M/req/{originator}/{receiver}/{type}": _request,
    "oneM2M/req/{originator}/{receiver}": _request,
    "oneM2M/{other}/{rest+}": ignore,
}

_SAMPLE = (
    '{"op":1,"to":"/Mobius/room1/temperature","fr":"Sroom1","rqi":"1","ty":4,'
    '"pc":{"m2m:cin":{"con":"22.4"}}}'
)

DIALECT = Dialect(
    "onem2m",
    Label("oneM2M (Mobius)", "oneM2M(모비우스)"),
    topics={
        **{f"{slash}{topic}": what for slash in ("/", "") for topic, what in _REST.items()},
        "{path+}": _instance,
    },
    setup=(
        SetupStep(
            Label(
                "MQTT topic of requests, with the device's AE-ID",
                "요청을 보내는 MQTT 토픽(기기의 AE-ID를 넣어서)",
            ),
            "{root}/{booth}/onem2m/oneM2M/req/Sroom1/Mobius/json",
        ),
        SetupStep(
            Label(
                "Containers: called after what is measured", "컨테이너 이름: 측정 항목의 이름으로"
            ),
            "Mobius/room1/temperature",
        ),
    ),
    sample=("oneM2M/req/Sroom1/Mobius/json", _SAMPLE),
)
