"""SenML (RFC 8428): measurements of any device as an array of records, in JSON.

A record takes what it lacks from the base record before it: name, time, unit and value. A time
below 2^28 is relative to now. The topic is the device's own; names say the device and, in their
last part, what is measured, or the unit does. CBOR, XML and EXI are named, and not read.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from hub.dialects.dialect import Dialect, Heard, Misfit, SetupStep, Told
from hub.dialects.mapping.measures import HAZARDS, field_of, fields_of, from_unit, kind_of, sign_of
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed, switch
from schemas import Label

_RELATIVE = 2**28
"""Seconds; a time below is relative to now (RFC 8428, 4.5.3)."""
_MOST = 1_024
_SECOND = 1_000_000_000
_PART = re.compile(r"(.*)[:/_.]([^:/_.]*)", re.DOTALL)
_WITHIN = frozenset(":/_")
_TRAILING = ":/_.-"
_NO_FIELD = Label("no field for its name and unit", "이름과 단위에 맞는 항목이 없습니다")
_NO_VALUE = Label("it has no value to be stored", "저장할 값이 없습니다")


class Resolved(NamedTuple):
    """A record with what the base records give it; `time` is in ns, None for now."""

    place: str
    device: str
    measure: str
    unit: str
    value: Any
    time: int | None


def _pack(heard: Heard, _: Memory) -> Told:
    if not heard.payload.lstrip(b" \t\r\n\xef\xbb\xbf").startswith((b"[", b"{")):
        raise Misfit(
            "no SenML in JSON (an array of records); CBOR, XML and EXI are not read, so send JSON",
            "JSON으로 된 SenML(레코드 배열)이 아닙니다. CBOR, XML, EXI는 읽지 않으니 JSON으로 "
            "보내세요",
        )
    said = parsed(heard.payload)
    if not isinstance(said, list):
        raise Misfit("SenML is an array of records […]", "SenML은 레코드 배열([…])입니다")
    if len(said) > _MOST:
        raise Misfit(
            f"there are {len(said)} records, the limit is {_MOST}; send fewer at a time",
            f"레코드가 {len(said)}개입니다. 한도는 {_MOST}개이니 나누어 보내세요",
        )
    told = Told()
    found = list(_resolved(said, heard))
    fields = [_field(record) for record in found]
    kinds = _kinds(found, fields)
    for record, field in zip(found, fields, strict=True):
        kind = kinds.get(record.device)
        if field is not None and (kind is None or field not in fields_of(kind)):
            kind = sign_of(field, record.unit)
        if field is None or kind is None:
            why = _NO_FIELD if record.value is not None else _NO_VALUE
            told.leave(f"{record.place}.{record.measure or record.unit}", record.value, why)
            continue
        draft = told.draft(kind, record.device, time=record.time)
        if field in draft.fields:  # another of the same at the same time
            draft = told.draft(kind, f"{record.device}:{record.measure}", time=record.time)
        convert = switch if isinstance(record.value, bool) else from_unit(field, record.unit)
        draft.take(field, record.value, f"{record.place}.v", convert or number)
        if field in HAZARDS and draft.fields.get(field) is not None:
            alarms = [draft.fields[name] for name in HAZARDS if name in draft.fields]
            draft.take("alarm", any(alarms), f"{record.place}.v")
    return told


def _kinds(found: list[Resolved], fields: list[str | None]) -> dict[str, str | None]:
    """The kind of each device, by all that it says in this message."""
    signs: dict[str, set[str | None]] = {}
    for record, field in zip(found, fields, strict=True):
        signs.setdefault(record.device, set()).add(field and sign_of(field, record.unit))
    return {device: kind_of(several) for device, several in signs.items()}


def _field(record: Resolved) -> str | None:
    if isinstance(record.value, bool):
        return field_of(record.measure, "", numeric=False)
    if isinstance(record.value, int | float):
        return field_of(record.measure, record.unit, numeric=True)
    return None


def _resolved(records: list[Any], heard: Heard) -> Iterator[Resolved]:
    base: dict[str, Any] = {}
    for place, record in enumerate(records):
        if not isinstance(record, dict):
            raise Misfit(f"{place}: is no record {{…}}", f"{place}: 레코드({{…}})가 아닙니다")
        unknown = next((key for key in record if key.endswith("_")), None)
        if unknown is not None:  # RFC 8428, 4.4
            raise Misfit(
                f"{place}.{unknown[:40]}: it must be understood, and is not known",
                f"{place}.{unknown[:40]}: 꼭 이해해야 하는 항목인데 알 수 없습니다",
            )
        base |= {key: record[key] for key in ("bn", "bt", "bu", "bv") if key in record}
        value = _value(record, base, place)
        if value is None and not record.keys() & {"n", "v", "vb", "vs", "vd", "s"}:
            continue  # a base record alone
        device, measure = _names(str(base.get("bn") or ""), str(record.get("n") or ""), heard)
        unit = str(record.get("u") or base.get("bu") or "")[:32]
        time = _time(base.get("bt"), record.get("t"), place, heard.arrival)
        yield Resolved(str(place), device, measure, unit, value, time)


def _value(record: dict[str, Any], base: dict[str, Any], place: int) -> Any:
    if "vb" in record:
        return record["vb"]
    if "v" not in record and "bv" not in record:
        return None
    try:
        found, added = number(record.get("v", 0)), number(base.get("bv", 0))
    except Misfit as exc:
        raise exc.at(f"{place}.v") from exc
    return None if found is None or added is None else found + added


def _time(base: Any, own: Any, place: int, arrival: int) -> int | None:
    """Base time and time, summed; in ns, None for now."""
    try:
        seconds = sum(number(part) or 0 for part in (base, own) if part is not None)
    except Misfit as exc:
        raise exc.at(f"{place}.t") from exc
    if not math.isfinite(seconds) or abs(seconds) > 10**11:
        raise Misfit(f"{place}.t: is no time", f"{place}.t: 시각이 아닙니다")
    if seconds < _RELATIVE:
        return arrival + round(seconds * _SECOND) if seconds else None
    whole = math.floor(seconds)
    return whole * _SECOND + round((seconds - whole) * 1e6) * 1_000


def _names(base: str, name: str, heard: Heard) -> tuple[str, str]:
    """The device's name, and what is measured: the last part of the name, if it says so."""
    if base and name and _WITHIN.isdisjoint(name):
        return base.rstrip(_TRAILING) or base, name
    whole = base + name
    parts = _PART.fullmatch(whole)
    if parts is not None and parts[1] and field_of(parts[2], "", numeric=None):
        return parts[1].rstrip(_TRAILING) or whole, parts[2]
    return whole or heard.topic, ""


DIALECT = Dialect(
    "senml",
    Label("SenML", "SenML"),
    topics={"{topic+}": _pack},
    setup=(
        SetupStep(Label("Topic", "토픽"), "{root}/{booth}/senml/room-1"),
        SetupStep(Label("Content format: JSON", "형식: JSON"), "application/senml+json"),
    ),
    sample=(
        "room-1",
        '[{"bn":"urn:dev:mac:0024befffe804ff1:","n":"temperature","u":"Cel","v":23.1}]',
    ),
)
