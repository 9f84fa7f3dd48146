"""Why a message is rejected, in words: names the thing, the value and the way out. Pure."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from hub.messages import Code, Fault, Rejection
from hub.pipeline import json_faults
from hub.topics import Address, BadTopic
from schemas import FieldSpec, FieldType, KindSpec

MAX_PAYLOAD = 64 * 1024
"""The largest payload of a reading, in bytes."""
MAX_VALUES = 8192
"""The most values of a payload, those within arrays and objects counted, that are all looked at: to
take many small ones apart costs up to 6 ms for `MAX_PAYLOAD`. Beyond it only the kind's own fields
are, and what is wrong is not said in detail. As many flat fields do not fit into it."""
SHOWN = 1024
"""Characters of a rejected payload that are kept and shown."""
SHOWN_ERRORS = 10
"""Fields that a rejection says something about."""
_SHOWN_VALUE = 120
_SHOWN_TOPIC = 256
_NEAR = 0.5

_TYPE_NAMES = {
    FieldType.FLOAT: ("a number", "숫자를"),
    FieldType.INTEGER: ("a whole number", "정수를"),
    FieldType.BOOLEAN: ("true or false", "true 또는 false를"),
    FieldType.STRING: ("a string", "문자열을"),
}


def bad_topic(bad: BadTopic, topic: str, payload: bytes, at: int) -> Rejection:
    """Return the rejection of a message whose topic names no device."""
    return Rejection(
        Code.TOPIC,
        bad.message,
        bad.message_ko,
        topic[:_SHOWN_TOPIC],
        at,
        shown(payload),
        booth=bad.booth,
    )


def nearest(kind: str, known: Iterable[str]) -> list[str]:
    """Return the kinds, three at most, that somebody who wrote `kind` may have meant.

    By the pairs of letters that both have (Dice's coefficient): difflib takes ten times as long.
    """
    wanted = _pairs(kind)
    scores = [(_likeness(wanted, _pairs(name)), name) for name in known]
    near = sorted((score, name) for score, name in scores if score >= _NEAR)
    return [name for _, name in near[:-4:-1]]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(256)
def _pairs(word: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {word} "))) | frozenset(word)


def unknown_kind(
    address: Address, known: Iterable[str], topic: str, payload: bytes, at: int
) -> Rejection:
    """Return the rejection of a kind that does not exist; the message names the nearest ones."""
    near = nearest(address.kind, known)
    hint = f"did you mean {', '.join(near)}?" if near else "hub kinds list and /api/kinds name all"
    hint_ko = (
        f"혹시 {_either(near)}인가요?" if near else "/api/kinds에서 전체 목록을 볼 수 있습니다"
    )
    return Rejection(
        Code.KIND,
        f'kind: there is no kind "{address.kind}"; {hint}',
        f'kind: "{address.kind}" 종류는 없습니다. {hint_ko}',
        topic,
        at,
        shown(payload),
        booth=address.booth,
        address=address,
    )


def _either(names: list[str]) -> str:
    """Names to choose from in Korean: "a, b 또는 c"."""
    return " 또는 ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def internal(address: Address | None, topic: str, payload: bytes, at: int) -> Rejection:
    """Return the rejection of a message at which the hub itself failed."""
    return Rejection(
        Code.INTERNAL,
        "internal error; see the hub's log",
        "허브 내부 오류입니다. 허브의 로그를 확인하세요",
        topic[:_SHOWN_TOPIC],
        at,
        shown(payload),
        booth=None if address is None else address.booth,
        address=address,
    )


def of_reading(
    code: Code, words: tuple[str, str], faults: tuple[Fault, ...], where: "Where"
) -> Rejection:
    """Return a rejection of what a known device of a known kind sent."""
    return Rejection(
        code,
        words[0],
        words[1],
        where.topic,
        where.at,
        shown(where.payload),
        errors=faults,
        booth=where.address.booth,
        address=where.address,
        schema=f"/api/kinds/{where.address.kind}/schema",
    )


class Where:
    """The message a rejection is about; `at` in ns."""

    __slots__ = ("address", "at", "payload", "topic")

    def __init__(self, address: Address, topic: str, payload: bytes, at: int) -> None:
        self.address = address
        self.topic = topic
        self.payload = payload
        self.at = at


def too_large(where: Where) -> Rejection:
    """Return the rejection of a payload over `MAX_PAYLOAD`."""
    size = len(where.payload)
    words = (
        f"the payload has {size} bytes, the limit is {MAX_PAYLOAD}; send only the kind's fields",
        f"페이로드가 {size}바이트입니다. 한도는 {MAX_PAYLOAD}바이트이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, words, (), where)


def bad_status(where: Where) -> Rejection:
    """Return the rejection of a status that is neither online nor offline."""
    got = shown(where.payload)[:_SHOWN_VALUE]
    fault = Fault(
        "status",
        f'"{got}" is not "online" or "offline"',
        f'"{got}" 대신 "online" 또는 "offline"을 보내세요',
        got,
    )
    return of_reading(Code.SCHEMA, _joined((fault,)), (fault,), where)


def bad_time(value: object, reason: str, where: Where) -> Rejection:
    """Return the rejection of a `ts` that is no time at all."""
    got = printable(value)
    message = f"{_quoted(value)} {reason}"
    message_ko = f"{_quoted(value)}: RFC 3339(시간대 포함) 또는 유닉스 시각(숫자)이어야 합니다"
    fault = Fault("ts", message, message_ko, got)
    return of_reading(Code.SCHEMA, _joined((fault,)), (fault,), where)


def too_many(values: int, where: Where) -> Rejection:
    """Return the rejection of a payload that holds more than `MAX_VALUES`."""
    words = (
        (
            f"the payload holds {values} values, the limit is {MAX_VALUES}; "
            "send only the kind's fields"
        ),
        f"페이로드에 값이 {values}개 있습니다. 한도는 {MAX_VALUES}개이니 필요한 필드만 보내세요",
    )
    return of_reading(Code.SIZE, words, (), where)


def not_json(reason: str, where: Where) -> Rejection:
    """Return the rejection of a payload that is no JSON; `reason` is the parser's."""
    return of_reading(Code.JSON, _not_json(where.payload, reason), (), where)


def no_object(kind: KindSpec, value: object, where: Where) -> Rejection:
    """Return the rejection of a payload that is JSON, but no object."""
    words = (
        (
            f"the payload is {_json_type(value)}; a reading is a JSON object like "
            f'{{"{kind.fields[0].name}": …}}'
        ),
        f'페이로드가 JSON 객체가 아닙니다. {{"{kind.fields[0].name}": …}} 형식으로 보내세요',
    )
    return of_reading(Code.SCHEMA, words, (), where)


def no_field(kind: KindSpec, ignored: Sequence[str], where: Where) -> Rejection:
    """Return the rejection of a payload that holds no field of a kind which requires none."""
    names = ", ".join(spec.name for spec in kind.fields[:SHOWN_ERRORS])
    got = f"only {', '.join(ignored)}" if ignored else "nothing"
    words = (
        f"the payload holds {got}; send at least one of {names}",
        f"페이로드에 이 종류의 필드가 없습니다. {names} 중 하나 이상을 보내세요",
    )
    return of_reading(Code.SCHEMA, words, (), where)


def invalid(kind: KindSpec, errors: list[Any], where: Where) -> Rejection:
    """Return the rejection that follows from the errors pydantic found in a kind's fields."""
    faults = tuple(_fault(kind.field(error["loc"][0]), error) for error in errors[:SHOWN_ERRORS])
    return of_reading(Code.SCHEMA, _joined(faults), faults, where)


def _joined(faults: tuple[Fault, ...]) -> tuple[str, str]:
    return (
        "; ".join(f"{fault.field}: {fault.message}" for fault in faults),
        "; ".join(f"{fault.field}: {fault.message_ko}" for fault in faults),
    )


def _not_json(payload: bytes, reason: str) -> tuple[str, str]:
    if not payload:
        return (
            "the payload is empty; a reading is a JSON object",
            "페이로드가 비어 있습니다. JSON 객체를 보내세요",
        )
    try:
        payload.decode()
    except UnicodeDecodeError as exc:
        byte = f"0x{payload[exc.start]:02x}"
        return (
            f"the payload is not UTF-8: byte {byte} at position {exc.start}; send JSON in UTF-8",
            f"페이로드가 UTF-8이 아닙니다({exc.start + 1}번째 바이트 {byte}). UTF-8로 보내세요",
        )
    return json_faults.words(payload, reason)


def _fault(spec: FieldSpec, error: dict[str, Any]) -> Fault:
    got = None if error["type"] == "missing" else error["input"]
    say = _WORDING.get(error["type"], _wrong_type)
    message, message_ko = say(spec, got)
    return Fault(spec.name, message, message_ko, printable(got))


def _missing(spec: FieldSpec, _: Any) -> tuple[str, str]:
    name, name_ko = _TYPE_NAMES[spec.type]
    return f"is missing; send {name}", f"값이 없습니다. {name_ko} 보내세요"


def _above(spec: FieldSpec, got: Any) -> tuple[str, str]:
    limit = _with_unit(spec.maximum, spec)
    got = _quoted(got)
    return f"{got} is above the maximum {limit}", f"{got}은(는) 최댓값 {limit}보다 큽니다"


def _below(spec: FieldSpec, got: Any) -> tuple[str, str]:
    limit = _with_unit(spec.minimum, spec)
    got = _quoted(got)
    return f"{got} is below the minimum {limit}", f"{got}은(는) 최솟값 {limit}보다 작습니다"


def _not_a_choice(spec: FieldSpec, got: Any) -> tuple[str, str]:
    words = ", ".join(spec.choices or ())
    return f"{_quoted(got)} is not one of {words}", f"{_quoted(got)}: {words} 중 하나여야 합니다"


def _too_long(spec: FieldSpec, _: Any) -> tuple[str, str]:
    return (
        f"is longer than {spec.max_length} characters",
        f"{spec.max_length}자를 넘습니다",
    )


def _control_characters(_: FieldSpec, got: Any) -> tuple[str, str]:
    return (
        f"{_quoted(got)} holds control characters; send one line of text",
        f"{_quoted(got)}: 제어 문자가 있습니다. 한 줄의 글자로 보내세요",
    )


def _not_finite(_: FieldSpec, got: Any) -> tuple[str, str]:
    got = _quoted(got)
    return f"{got} is not a finite number", f"{got}: 유한한 숫자가 아닙니다"


def _wrong_type(spec: FieldSpec, got: Any) -> tuple[str, str]:
    if isinstance(got, int) and not isinstance(got, bool) and spec.type is FieldType.FLOAT:
        return _not_finite(spec, got)  # JSON has whole numbers that no float holds
    name, name_ko = _TYPE_NAMES[spec.type]
    quoted = isinstance(got, str) and spec.type is not FieldType.STRING
    return (
        f"{_quoted(got)} is not {name}" + ("; send it without quotes" if quoted else ""),
        f"{_quoted(got)} 대신 {name_ko} {'따옴표 없이 ' if quoted else ''}보내세요",
    )


_WORDING: dict[str, Callable[[FieldSpec, Any], tuple[str, str]]] = {
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
    """Show a value as it stands in JSON, cut; what has no quotes there gets none."""
    if isinstance(got, str):
        return f'"{printable(got)}"'
    if got is None or isinstance(got, bool):
        return {None: "null", True: "true", False: "false"}[got]
    return str(printable(got))


def _json_type(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def printable(value: Any) -> Any:
    """Return a value that JSON can hold and a person can read; long ones are cut."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else f"{value:.6g}" if abs(value) < 10**300 else "huge"
    text = value if isinstance(value, str) else _json_type_shown(value)
    return text if len(text) <= _SHOWN_VALUE else text[:_SHOWN_VALUE] + "…"


def _json_type_shown(value: Any) -> str:
    return "an array" if isinstance(value, list) else "an object"


def shown(payload: bytes) -> str:
    """Return the first `SHOWN` characters of a payload, bytes that are not UTF-8 escaped."""
    text = payload[: 4 * SHOWN].decode("utf-8", "surrogateescape")[:SHOWN]
    # `backslashreplace` says the same, but makes an exception for each byte: 2 ms.
    return text.translate(_ESCAPED)[:SHOWN] if _NOT_UTF8.search(text) else text


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ESCAPED = {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)}
