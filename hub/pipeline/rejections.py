"""The reasons for rejections as messages: each names the thing, the value and the way out. Pure."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from hub.messages import Code, Fault, Rejection
from hub.pipeline import json_faults
from hub.topics import Address, BadTopic
from schemas import FieldSpec, FieldType, KindSpec, Label

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
_SHOWN_VALUE = 120
_SHOWN_TOPIC = 256
_NEAR = 0.5

_INTERNAL = Label(
    "internal error; see the hub's log", "허브 내부 오류입니다. 허브의 로그를 확인하세요"
)
_TYPE_NAMES = {
    FieldType.FLOAT: Label("a number", "숫자를"),
    FieldType.INTEGER: Label("a whole number", "정수를"),
    FieldType.BOOLEAN: Label("true or false", "true 또는 false를"),
    FieldType.STRING: Label("a string", "문자열을"),
}


class Where(NamedTuple):
    """The message a rejection is about; `at` in ns."""

    address: Address
    topic: str
    payload: bytes
    at: int


def bad_topic(bad: BadTopic, topic: str, payload: bytes, at: int) -> Rejection:
    """Return the rejection of a message whose topic names no device."""
    kept = topic[:_SHOWN_TOPIC]
    return Rejection(Code.TOPIC, bad.message, kept, at, shown(payload), booth=bad.booth)


def nearest(kind: str, known: Iterable[str]) -> list[str]:
    """Return the known kinds, three at most, that are spelled most like `kind`.

    By shared pairs of letters (Dice's coefficient): difflib takes ten times as long.
    """
    wanted = _pairs(kind)
    pairs = [(_pairs(name), name) for name in known]
    scores = [(2 * len(wanted & own) / (len(wanted) + len(own)), name) for own, name in pairs]
    near = sorted((score, name) for score, name in scores if score >= _NEAR)
    return [name for _, name in near[:-4:-1]]


@lru_cache(256)
def _pairs(word: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {word} "))) | frozenset(word)


def unknown_kind(
    address: Address, known: Iterable[str], topic: str, payload: bytes, at: int
) -> Rejection:
    """Return the rejection of a kind that does not exist; the message names the nearest ones."""
    near = nearest(address.kind, known)
    hint = Label(
        "hub kinds list and /api/kinds name all", "/api/kinds에서 전체 목록을 볼 수 있습니다"
    )
    if near:
        either = " 또는 ".join(filter(None, (", ".join(near[:-1]), near[-1])))  # "a, b 또는 c"
        hint = Label(f"did you mean {', '.join(near)}?", f"혹시 {either}인가요?")
    said = Label(
        f'kind: there is no kind "{address.kind}"; {hint.en}',
        f'kind: "{address.kind}" 종류는 없습니다. {hint.ko}',
    )
    return Rejection(
        Code.KIND, said, topic, at, shown(payload), booth=address.booth, address=address
    )


def internal(address: Address | None, topic: str, payload: bytes, at: int) -> Rejection:
    """Return the rejection of a message that caused an internal error of the hub."""
    kept, booth = topic[:_SHOWN_TOPIC], None if address is None else address.booth
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
        f"페이로드가 {size}바이트입니다. 한도는 {MAX_PAYLOAD}바이트이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, said, (), where)


def bad_status(where: Where) -> Rejection:
    """Return the rejection of a status that is neither online nor offline."""
    got = shown(where.payload)[:_SHOWN_VALUE]
    fault = Fault(
        "status",
        Label(
            f'"{got}" is not "online" or "offline"',
            f'"{got}" 대신 "online" 또는 "offline"을 보내세요',
        ),
        got,
    )
    return of_reading(Code.SCHEMA, _joined((fault,)), (fault,), where)


def bad_time(value: object, reason: str, where: Where) -> Rejection:
    """Return the rejection of a `ts` that is no valid time."""
    said = Label(
        f"{_quoted(value)} {reason}",
        f"{_quoted(value)}: RFC 3339(시간대 포함) 또는 유닉스 시각(숫자)이어야 합니다",
    )
    fault = Fault("ts", said, printable(value))
    return of_reading(Code.SCHEMA, _joined((fault,)), (fault,), where)


def too_many(values: int, where: Where) -> Rejection:
    """Return the rejection of a payload that holds more than `MAX_VALUES`."""
    said = Label(
        f"the payload holds {values} values, the limit is {MAX_VALUES}; "
        "send only the kind's fields",
        f"페이로드에 값이 {values}개 있습니다. 한도는 {MAX_VALUES}개이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, said, (), where)


def not_json(reason: str, where: Where) -> Rejection:
    """Return the rejection of a payload that is not JSON; `reason` is the parser's."""
    return of_reading(Code.JSON, _not_json(where.payload, reason), (), where)


def no_object(kind: KindSpec, value: object, where: Where) -> Rejection:
    """Return the rejection of a payload that is JSON but not an object."""
    types = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    said = Label(
        f"the payload is {types.get(type(value), 'a number')}; a reading is a JSON object like "
        f'{{"{kind.fields[0].name}": …}}',
        f'페이로드가 JSON 객체가 아닙니다. {{"{kind.fields[0].name}": …}} 형식으로 보내세요',
    )
    return of_reading(Code.SCHEMA, said, (), where)


def no_field(kind: KindSpec, ignored: Sequence[str], where: Where) -> Rejection:
    """Return the rejection of a payload that holds no field of a kind which requires none."""
    names = ", ".join(spec.name for spec in kind.fields[:SHOWN_ERRORS])
    got = f"only {', '.join(ignored)}" if ignored else "nothing"
    said = Label(
        f"the payload holds {got}; send at least one of {names}",
        f"페이로드에 이 종류의 필드가 없습니다. {names} 중 하나 이상을 보내세요",
    )
    return of_reading(Code.SCHEMA, said, (), where)


def invalid(kind: KindSpec, errors: list[Any], where: Where) -> Rejection:
    """Return the rejection that follows from the errors pydantic found in a kind's fields."""
    faults = tuple(_fault(kind.field(error["loc"][0]), error) for error in errors[:SHOWN_ERRORS])
    return of_reading(Code.SCHEMA, _joined(faults), faults, where)


def _joined(faults: tuple[Fault, ...]) -> Label:
    return Label(
        "; ".join(f"{fault.field}: {fault.message.en}" for fault in faults),
        "; ".join(f"{fault.field}: {fault.message.ko}" for fault in faults),
    )


def _not_json(payload: bytes, reason: str) -> Label:
    if not payload:
        return Label(
            "the payload is empty; a reading is a JSON object",
            "페이로드가 비어 있습니다. JSON 객체를 보내세요",
        )
    try:
        payload.decode()
    except UnicodeDecodeError as exc:
        byte = f"0x{payload[exc.start]:02x}"
        return Label(
            f"the payload is not UTF-8: byte {byte} at position {exc.start}; send JSON in UTF-8",
            f"페이로드가 UTF-8이 아닙니다({exc.start + 1}번째 바이트 {byte}). UTF-8로 보내세요",
        )
    return json_faults.explain(payload, reason)


def _fault(spec: FieldSpec, error: dict[str, Any]) -> Fault:
    got = None if error["type"] == "missing" else error["input"]
    say = _WORDING.get(error["type"], _wrong_type)
    return Fault(spec.name, say(spec, got), printable(got))


def _missing(spec: FieldSpec, _: Any) -> Label:
    name = _TYPE_NAMES[spec.type]
    return Label(f"is missing; send {name.en}", f"값이 없습니다. {name.ko} 보내세요")


def _above(spec: FieldSpec, got: Any) -> Label:
    limit = _with_unit(spec.maximum, spec)
    got = _quoted(got)
    return Label(f"{got} is above the maximum {limit}", f"{got}은(는) 최댓값 {limit}보다 큽니다")


def _below(spec: FieldSpec, got: Any) -> Label:
    limit = _with_unit(spec.minimum, spec)
    got = _quoted(got)
    return Label(f"{got} is below the minimum {limit}", f"{got}은(는) 최솟값 {limit}보다 작습니다")


def _not_a_choice(spec: FieldSpec, got: Any) -> Label:
    got, words = _quoted(got), ", ".join(spec.choices or ())
    return Label(f"{got} is not one of {words}", f"{got}: {words} 중 하나여야 합니다")


def _too_long(spec: FieldSpec, _: Any) -> Label:
    return Label(f"is longer than {spec.max_length} characters", f"{spec.max_length}자를 넘습니다")


def _control_characters(_: FieldSpec, got: Any) -> Label:
    return Label(
        f"{_quoted(got)} holds control characters; send one line of text",
        f"{_quoted(got)}: 제어 문자가 있습니다. 한 줄의 글자로 보내세요",
    )


def _not_finite(_: FieldSpec, got: Any) -> Label:
    got = _quoted(got)
    return Label(f"{got} is not a finite number", f"{got}: 유한한 숫자가 아닙니다")


def _wrong_type(spec: FieldSpec, got: Any) -> Label:
    if isinstance(got, int) and not isinstance(got, bool) and spec.type is FieldType.FLOAT:
        return _not_finite(spec, got)  # JSON has whole numbers that no float holds
    name = _TYPE_NAMES[spec.type]
    quoted = isinstance(got, str) and spec.type is not FieldType.STRING
    return Label(
        f"{_quoted(got)} is not {name.en}" + ("; send it without quotes" if quoted else ""),
        f"{_quoted(got)} 대신 {name.ko} {'따옴표 없이 ' if quoted else ''}보내세요",
    )


_WORDING: dict[str, Callable[[FieldSpec, Any], Label]] = {
    "missing": _missing,
    "less_than_equal": _above,
    "greater_than_equal": _below,
    "literal_error": _not_a_choice,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _control_characters,
    "finite_number": _not_finite,
}


def _with_unit(limit: float | None, spec: FieldSpec) -> str:
    return f"{limit:.15g} {spec.unit.symbol}".rstrip() if limit is not None else ""


def _quoted(got: Any) -> str:
    """Return a value as JSON writes it, truncated; without quotes where JSON has none."""
    if isinstance(got, str):
        return f'"{printable(got)}"'
    if got is None or isinstance(got, bool):
        return {None: "null", True: "true", False: "false"}[got]
    return str(printable(got))


def printable(value: Any) -> Any:
    """Return a value that JSON can represent and a person can read; long ones are truncated."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else f"{value:.6g}" if abs(value) < 10**300 else "huge"
    if not isinstance(value, str):
        return "an array" if isinstance(value, list) else "an object"
    return value if len(value) <= _SHOWN_VALUE else value[:_SHOWN_VALUE] + "…"


def shown(payload: bytes) -> str:
    """Return the first `SHOWN` characters of a payload, bytes that are not UTF-8 escaped."""
    text = payload[: 4 * SHOWN].decode("utf-8", "surrogateescape")[:SHOWN]
    # `backslashreplace` says the same, but makes an exception for each byte: 2 ms.
    return text.translate(_ESCAPED)[:SHOWN] if _NOT_UTF8.search(text) else text


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ESCAPED = {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)}
