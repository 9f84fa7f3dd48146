"""The reasons for rejections as messages: each names the thing, the value and the way out. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic_core import from_json

from hub import timestamps
from hub.dialects.parsing.payload import PADDING
from hub.messages import Code, Fault, Rejection
from hub.pipeline import encodings, json_faults, spelling
from hub.pipeline.field_faults import fault, found_at, printable, quoted
from hub.topics import KIND, KIND_IN_WORDS, Address, BadTopic
from schemas import KindSpec, Label

MAX_PAYLOAD = 64 * 1024
"""The largest payload of a reading, in bytes."""
MAX_VALUES = 8192
"""The most values of a payload, those within arrays and objects counted, that are all parsed: many
small ones cost up to 6 ms for `MAX_PAYLOAD`. Beyond it only the kind's own fields are parsed, and
errors are not reported in detail. As many flat fields do not fit into it."""
SHOWN = 1024
"""Characters of a rejected payload that are kept and shown."""
SHOWN_ERRORS = 10
"""Field errors that a rejection reports."""
SURPLUS = "names"
"""The rule that a name breaks for which its booth has no room."""
SHOWN_TOPIC = 256
SHOWN_STATUS = 120
_INTERNAL = Label(
    "internal error; see the hub's log", "허브 내부 오류입니다. 허브의 로그를 확인하세요"
)
_WHOLE = Label(
    "each message is a whole reading, with every required field",
    "메시지마다 필수 필드가 모두 있어야 합니다",
)
_NO_FIX = Label(
    "latitude 0 and longitude 0 are a receiver without a fix, and the payload holds no other "
    "field; send no reading until it has a fix",
    "위도 0, 경도 0은 위성을 찾지 못한 값이고 다른 필드가 없습니다. "
    "위치를 찾을 때까지 보내지 마세요",
)
_CHOOSE = Label(
    'choose one on the booth page, or press "This is a new kind" there',
    '부스 페이지의 목록에서 고르거나 "새로운 종류입니다" 버튼을 누르세요',
)


_NO_NAME = Label(
    f"choose one on the booth page; the name of a new one has {KIND_IN_WORDS.en}",
    f"부스 페이지의 목록에서 고르세요. 새로운 종류의 이름은 {KIND_IN_WORDS.ko}",
)


class Where(NamedTuple):
    """The message a rejection is about; `at` in ns."""

    address: Address
    topic: str
    payload: bytes
    at: int


def bad_topic(bad: BadTopic, topic: str, payload: bytes, at: int) -> Rejection:
    """Return the rejection of a message whose topic names no device."""
    kept = topic[:SHOWN_TOPIC]
    return Rejection(Code.TOPIC, bad.message, kept, at, shown(payload), booth=bad.booth)


def unknown_kind(
    address: Address, known: Iterable[str], topic: str, payload: bytes, at: int
) -> Rejection:
    """Return the rejection of a kind that does not exist; the message names the nearest ones."""
    near = spelling.nearest(address.kind, known)
    hint = _CHOOSE if KIND.fullmatch(address.kind) else _NO_NAME
    if near:
        either = " 또는 ".join(filter(None, (", ".join(near[:-1]), near[-1])))  # "a, b 또는 c"
        hint = Label(f"did you mean {', '.join(near)}?", f"혹시 {either}인가요?")
    said = Label(
        f'kind: there is no kind "{address.kind}"; {hint.en}',
        f'kind: 등록되지 않은 종류입니다: "{address.kind}". {hint.ko}',
    )
    return Rejection(
        Code.KIND, said, topic, at, shown(payload), booth=address.booth, address=address
    )


def internal(
    address: Address | None, topic: str, payload: bytes, at: int, booth: str | None = None
) -> Rejection:
    """Return the rejection of a message that caused an internal error of the hub.

    `booth` is whose it is where the topic names no device, as one of a dialect.
    """
    kept, booth = topic[:SHOWN_TOPIC], booth if address is None else address.booth
    return Rejection(
        Code.INTERNAL, _INTERNAL, kept, at, shown(payload), booth=booth, address=address
    )


def of_reading(code: Code, message: Label, faults: tuple[Fault, ...], where: Where) -> Rejection:
    """Return a rejection of a message from a device of a known kind."""
    return Rejection(
        code,
        message,
        where.topic,
        where.at,
        shown(where.payload),
        errors=faults,
        booth=where.address.booth,
        address=where.address,
        schema=f"/api/kinds/{where.address.kind}/schema",
    )


def too_large(where: Where) -> Rejection:
    """Return the rejection of a payload over `MAX_PAYLOAD`."""
    size = len(where.payload)
    said = Label(
        f"the payload has {size} bytes, the limit is {MAX_PAYLOAD}; send only the kind's fields",
        f"메시지 본문이 {size}바이트입니다. 한도는 {MAX_PAYLOAD}바이트이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, said, (), where)


def bad_status(where: Where) -> Rejection:
    """Return the rejection of a status that is neither online nor offline."""
    got = shown(where.payload)[:SHOWN_STATUS]
    found = Fault(
        "status",
        Label(
            f'"{got}" is not "online" or "offline"',
            f'"{got}" 대신 "online" 또는 "offline"을 보내세요',
        ),
        got,
        "status",
    )
    return of_reading(Code.SCHEMA, joined((found,)), (found,), where)


def too_many_names(limit: int, where: Where) -> Rejection:
    """Return the rejection of a device for which its booth has no room; see `DeviceNames`."""
    found = surplus_name(where.address, limit)
    return of_reading(Code.TOPIC, found.message, (found,), where)


def surplus_name(address: Address, limit: int) -> Fault:
    """Return the fault of a name for which its booth has no room."""
    said = Label(
        f'"{address.device}" would be one name too many: {address.booth} has sent under as many '
        f"names of devices as it may (HUB_QUOTA_DEVICES, {limit:,}); give each device one name "
        "that stays, without a time or a random number in it",
        f'기기 이름이 너무 많아 "{address.device}"을(를) 받지 않았습니다. 부스 {address.booth}에서 '
        f"쓸 수 있는 이름을 모두 썼습니다(HUB_QUOTA_DEVICES, {limit:,}개). 이름에 시각이나 난수를 "
        "넣지 말고 기기마다 바뀌지 않는 이름을 쓰세요",
    )
    return Fault("device", said, address.device, SURPLUS)


def bad_time(value: object, reason: str, where: Where) -> Rejection:
    """Return the rejection of a `ts` that is no valid time."""
    found = _time_fault(value, reason)
    return of_reading(Code.SCHEMA, joined((found,)), (found,), where)


def _time_fault(value: object, reason: str) -> Fault:
    said = Label(
        f"{quoted(value)} {reason}",
        f"{quoted(value)}: RFC 3339(시간대 포함) 또는 유닉스 시각(숫자)이어야 합니다",
    )
    if isinstance(value, str) and timestamps.lacks_offset(value):
        said = Label(
            f"{said.en}; append +09:00 if it is Korean time, Z if it is UTC",
            f"{said.ko}. 한국 시각이면 +09:00, UTC이면 Z를 뒤에 붙이세요",
        )
    return Fault("ts", said, printable(value), "time")


def too_many(values: int, where: Where) -> Rejection:
    """Return the rejection of a payload that holds more than `MAX_VALUES`."""
    said = Label(
        f"the payload holds {values} values, the limit is {MAX_VALUES}; "
        "send only the kind's fields",
        f"메시지 본문에 값이 {values}개 있습니다. 한도는 {MAX_VALUES}개이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, said, (), where)


def not_json(reason: str, where: Where) -> Rejection:
    """Return the rejection of a payload that is not JSON; `reason` is the parser's."""
    return of_reading(Code.JSON, json_fault(where.payload, reason), (), where)


def no_object(kind: KindSpec, value: object, where: Where) -> Rejection:
    """Return the rejection of a payload that is JSON but not an object."""
    types = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        said = Label(
            "the payload is an array of objects; send each of them as a message of its own",
            "메시지 본문이 객체의 배열입니다. 객체마다 따로 메시지로 보내세요",
        )
        return of_reading(Code.SCHEMA, said, (), where)
    said = Label(
        f"the payload is {types.get(type(value), 'a number')}; a reading is a JSON object like "
        f'{{"{kind.fields[0].name}": …}}',
        f'메시지 본문이 JSON 객체가 아닙니다. {{"{kind.fields[0].name}": …}} 형식으로 보내세요',
    )
    return of_reading(Code.SCHEMA, said, (), where)


def no_field(kind: KindSpec, ignored: Sequence[str], where: Where) -> Rejection:
    """Return the rejection of a payload that holds no field of a kind which requires none."""
    names = ", ".join(spec.name for spec in kind.fields[:SHOWN_ERRORS])
    got = f"only {', '.join(ignored)}" if ignored else "nothing"
    payload, own = _parsed(where.payload), [spec.name for spec in kind.fields]
    if payload.get("latitude") is not None and "latitude" in own:
        return of_reading(Code.SCHEMA, _NO_FIX, (), where)
    for spec in kind.fields:
        place = spelling.place_of(spec.name, payload, own, spec.unit.symbol)
        if place is not None:
            hint = found_at(spec, place)
            said = Label(
                f"the payload holds {got}; {hint.en}",
                f"메시지 본문에 이 종류의 필드가 없습니다. {hint.ko}",
            )
            return of_reading(Code.SCHEMA, said, (), where)
    said = Label(
        f"the payload holds {got}; send at least one of {names}",
        f"메시지 본문에 이 종류의 필드가 없습니다. {names} 중 하나 이상을 보내세요",
    )
    return of_reading(Code.SCHEMA, said, (), where)


def invalid(
    kind: KindSpec, errors: list[Any], payload: Mapping[str, Any], where: Where
) -> Rejection:
    """Return the rejection that follows from the errors pydantic found in a kind's fields."""
    own = {spec.name for spec in kind.fields}
    faults = []
    for error in errors[:SHOWN_ERRORS]:
        spec = kind.field(error["loc"][0])
        found = fault(spec, error)
        place = None
        if error["type"] == "missing" or found.got is None:
            place = spelling.place_of(spec.name, payload, own, spec.unit.symbol)
        if place is not None:
            found = _with_hint(found, found_at(spec, place))
        elif error["type"] == "missing" and own & payload.keys():
            found = _with_hint(found, _WHOLE)
        faults.append(found)
    if payload.get("ts") not in (None, "") and len(faults) < SHOWN_ERRORS:
        try:
            timestamps.parse(payload["ts"])
        except ValueError as exc:
            faults.append(_time_fault(payload["ts"], str(exc)))
    return of_reading(Code.SCHEMA, joined(tuple(faults)), tuple(faults), where)


def _with_hint(found: Fault, hint: Label) -> Fault:
    said = Label(f"{found.message.en}; {hint.en}", f"{found.message.ko}. {hint.ko}")
    return replace(found, message=said)


def _parsed(payload: bytes) -> Mapping[str, Any]:
    try:
        said = from_json(payload.strip(PADDING), cache_strings=False)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def joined(faults: Sequence[Fault]) -> Label:
    """Return the faults of several fields as one message."""
    return Label(
        "; ".join(f"{fault.field}: {fault.message.en}" for fault in faults),
        "; ".join(f"{fault.field}: {fault.message.ko}" for fault in faults),
    )


def json_fault(payload: bytes, reason: str) -> Label:
    """Say why a payload is no JSON; `reason` is the parser's."""
    text = payload.strip(PADDING)
    if not text:
        padding = f" but for {len(payload)} bytes of padding" if payload else ""
        return Label(
            f"the payload is empty{padding}; a reading is a JSON object",
            "메시지 본문이 비어 있습니다. JSON 객체를 보내세요",
        )
    seems = None
    try:
        payload.decode()
    except UnicodeDecodeError as exc:
        byte = f"0x{payload[exc.start]:02x}"
        said = Label(
            f"the payload is not UTF-8: byte {byte} at position {exc.start}",
            f"메시지 본문이 UTF-8이 아닙니다({exc.start + 1}번째 바이트 {byte})",
        )
        seems = encodings.looks_like(payload)
        way = seems or Label("send JSON in UTF-8", "UTF-8로 보내세요")
        return Label(f"{said.en}; {way.en}", f"{said.ko}. {way.ko}")
    if not text.startswith((b"{", b"[")) or b"\0" in text[:8]:
        seems = encodings.looks_like(payload)
    said = json_faults.explain(text, reason)
    return Label(f"{said.en}; {seems.en}", f"{said.ko}. {seems.ko}") if seems else said


def shown(payload: bytes) -> str:
    """Return the first `SHOWN` characters of a payload, bytes that are not UTF-8 escaped."""
    text = payload[: 4 * SHOWN].decode("utf-8", "surrogateescape")[:SHOWN]
    # `backslashreplace` says the same, but makes an exception for each byte: 2 ms.
    return text.translate(_ESCAPED)[:SHOWN] if _NOT_UTF8.search(text) else text


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ESCAPED = {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)}
