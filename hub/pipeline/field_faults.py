"""Messages for validation errors of a field: the value, and what to send instead. Pure."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from hub.messages import Fault
from hub.pipeline import json_faults, sentinels, spelling
from schemas import FieldSpec, FieldType, Label, Unit

SHOWN_VALUE = 120
_LONGEST_WORD = 64
_LONGITUDE = 180
_THOUSANDS = {Unit.KILOWATT: "W", Unit.KILOWATT_HOUR: "Wh"}
"""Units of which devices send the thousandth."""
_TYPE_NAMES = {
    FieldType.FLOAT: Label("a number", "숫자를"),
    FieldType.INTEGER: Label("a whole number", "정수를"),
    FieldType.BOOLEAN: Label("true or false", "true 또는 false를"),
    FieldType.STRING: Label("a string", "문자열을"),
}


def fault(spec: FieldSpec, error: Mapping[str, Any]) -> Fault:
    """Return the fault that follows from an error pydantic found in a field."""
    got = None if error["type"] == "missing" else error["input"]
    rule, say = _RULES.get(error["type"], ("type", _wrong_type))
    return Fault(spec.name, say(spec, got), printable(got), rule)


def found_at(spec: FieldSpec, place: str) -> Label:
    """Say where a payload has the value of a field, if it has it elsewhere."""
    if "." in place:
        return Label(
            f"the value is under {place}; send it as {spec.name}",
            f"값이 {place}에 있습니다. {spec.name}(으)로 보내세요",
        )
    unit, wanted = spelling.unit_in(place)[1], spec.unit.symbol
    if unit and unit != wanted:
        return Label(
            f'"{place}" ({unit}) was sent; send {spec.name} in {wanted}',
            f'"{place}"({unit})(으)로 보낸 값은 {wanted} 단위의 {spec.name}(으)로 보내세요',
        )
    return Label(
        f'"{place}" was sent; send it as {spec.name}',
        f'"{place}"(으)로 보낸 값은 {spec.name}(으)로 보내세요',
    )


def _missing(spec: FieldSpec, _: Any) -> Label:
    name = _TYPE_NAMES[spec.type]
    return Label(f"is missing; send {name.en}", f"값이 없습니다. {name.ko} 보내세요")


def _above(spec: FieldSpec, got: Any) -> Label:
    limit, shown = _with_unit(spec.maximum, spec), quoted(got)
    said = Label(f"{shown} is above the maximum {limit}", _out_of_range(spec, shown))
    return _with_meaning(said, spec, got)


def _below(spec: FieldSpec, got: Any) -> Label:
    limit, shown = _with_unit(spec.minimum, spec), quoted(got)
    said = Label(f"{shown} is below the minimum {limit}", _out_of_range(spec, shown))
    return _with_meaning(said, spec, got)


def _out_of_range(spec: FieldSpec, shown: str) -> str:
    """The Korean words, which need no particle behind a number or a unit."""
    low, high = _plain(spec.minimum), _with_unit(spec.maximum, spec)
    if not high:
        return f"{_with_unit(spec.minimum, spec)} 이상이어야 합니다(받은 값: {shown})"
    if not low:
        return f"{high} 이하여야 합니다(받은 값: {shown})"
    return f"허용 범위({low}~{high})를 벗어났습니다(받은 값: {shown})"


def _with_meaning(said: Label, spec: FieldSpec, got: Any) -> Label:
    known = sentinels.meaning(spec, got)
    if known is None and spec.unit in _THOUSANDS and _within(spec, got / 1000):
        small, unit = _THOUSANDS[spec.unit], spec.unit.symbol
        known = Label(f"if it is in {small}, send {unit}", f"{small}라면 {unit}로 바꾸어 보내세요")
    if spec.name == "latitude" and abs(got) <= _LONGITUDE:
        known = Label("are latitude and longitude swapped?", "위도와 경도가 바뀌었는지 확인하세요")
    return Label(f"{said.en}; {known.en}", f"{said.ko}. {known.ko}") if known else said


def _within(spec: FieldSpec, value: float) -> bool:
    return (spec.minimum or 0) <= value <= (spec.maximum or 0)


def _not_a_choice(spec: FieldSpec, got: Any) -> Label:
    got, words = quoted(got), ", ".join(spec.choices or ())
    return Label(f"{got} is not one of {words}", f"{words} 중 하나를 보내세요(받은 값: {got})")


def _too_long(spec: FieldSpec, _: Any) -> Label:
    return Label(
        f"is longer than {spec.max_length} characters", f"{spec.max_length}자까지 쓸 수 있습니다"
    )


def _control_characters(_: FieldSpec, got: Any) -> Label:
    return Label(
        f"{quoted(got)} holds control characters; send one line of text",
        f"{quoted(got)}: 제어 문자가 있습니다. 한 줄의 글자로 보내세요",
    )


def _not_finite(spec: FieldSpec, got: Any) -> Label:
    shown = quoted(got)
    said = Label(f"{shown} is not a finite number", f"{shown}: 유한한 숫자가 아닙니다")
    return _joined_by(said, _nothing(spec)) if isinstance(got, float) else said


def _nothing(spec: FieldSpec) -> Label:
    """What to send while a sensor gives no value."""
    if spec.required:
        return Label(
            f"{spec.name} is required: while the sensor gives nothing send no reading (an optional "
            "field: leave it out or send null)",
            f"{spec.name}은(는) 필수입니다. 센서 값이 없는 동안에는 보내지 마세요"
            "(선택 필드는 빼거나 null로 보냅니다)",
        )
    return Label(
        "leave it out or send null while the sensor gives nothing",
        "센서 값이 없는 동안에는 필드를 빼거나 null로 보내세요",
    )


def _joined_by(said: Label, more: Label) -> Label:
    return Label(f"{said.en}; {more.en}", f"{said.ko}. {more.ko}")


def _wrong_type(spec: FieldSpec, got: Any) -> Label:
    if isinstance(got, int) and not isinstance(got, bool) and spec.type is FieldType.FLOAT:
        return _not_finite(spec, got)  # JSON has whole numbers that no float holds
    shown, name = quoted(got), _TYPE_NAMES[spec.type]
    said = Label(f"{shown} is not {name.en}", f"{shown}: {name.ko} 보내야 합니다")
    instead = _instead(spec, got)
    if instead is not None:
        return _joined_by(said, instead)
    in_quotes = isinstance(got, str) and _fits(spec, got)
    return Label(
        f"{shown} is not {name.en}" + ("; send it without quotes" if in_quotes else ""),
        f"{shown} 대신 {name.ko} {'따옴표 없이 ' if in_quotes else ''}보내세요",
    )


_ON = {"on", "true", "yes", "1", "y", "open", "active", "켜짐"}
_OFF = {"off", "false", "no", "0", "n", "closed", "inactive", "꺼짐"}
_NO_VALUE = re.compile(
    r"[+-]?nan(\(.*\))?|[+-]?inf(inity)?|n/?a|none|null|nil|undefined|unknown|unavailable|ovf|-*|",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*(\D{0,10})", re.ASCII)


def _instead(spec: FieldSpec, got: Any) -> Label | None:
    """What to send in place of a value of the wrong type, where that can be told."""
    if isinstance(got, list):
        return Label("send one value", "값 하나만 보내세요")
    if isinstance(got, dict):
        inner = spelling.wrapped(got)
        return None if inner is None else found_at(spec, f"{spec.name}.{inner}")
    word = str(got) if not isinstance(got, str) or len(got) <= _LONGEST_WORD else ""
    right = _right(spec, word.strip().lower()) if word or not got else None
    if right is None or (right and right == got):
        return None
    if not right:
        return _nothing(spec)
    if not isinstance(got, str):
        return Label(f"send {right}", f"{right}(으)로 보내세요")
    return Label(f"send {right}, without quotes", f"따옴표 없이 {right}(으)로 보내세요")


def _fits(spec: FieldSpec, text: str) -> bool:
    """Whether a text would be a value of the field without its quotes."""
    if spec.type is FieldType.BOOLEAN:
        return text in {"true", "false"}
    return spec.numeric and json_faults.as_number(text) == text


def _right(spec: FieldSpec, word: str) -> str | None:
    """The value that is meant by a word; empty for a word that says there is none."""
    if spec.type is FieldType.BOOLEAN:
        return "true" if word in _ON else "false" if word in _OFF else None
    if not spec.numeric:
        return None
    if _NO_VALUE.fullmatch(word):
        return ""
    found = _WITH_UNIT.fullmatch(word)
    if found is None or found[2] not in _written(spec.unit):
        return None
    number = json_faults.as_number(found[1].replace(",", ".") if "." not in found[1] else found[1])
    if spec.type is FieldType.INTEGER and number is not None and "." in number:
        return None
    return number


def _written(unit: Unit) -> set[str]:
    """How a unit may be written behind a number, in lower case; or not at all."""
    symbol = unit.symbol.lower()
    return {
        "",
        symbol,
        symbol.replace("°", ""),
        symbol.replace("°c", "℃"),
        symbol.replace("µ", "u"),
    }


_RULES: dict[str, tuple[str, Callable[[FieldSpec, Any], Label]]] = {
    "missing": ("missing", _missing),
    "less_than_equal": ("above", _above),
    "greater_than_equal": ("below", _below),
    "literal_error": ("choice", _not_a_choice),
    "string_too_long": ("text", _too_long),
    "string_pattern_mismatch": ("text", _control_characters),
    "finite_number": ("number", _not_finite),
}


def _plain(limit: float | None) -> str:
    """A limit as the pages show numbers: with a true minus."""
    return "" if limit is None else f"{limit:.15g}".replace("-", "−")


def _with_unit(limit: float | None, spec: FieldSpec) -> str:
    blank = "" if spec.unit.symbol in {"%", "°"} else " "
    return f"{_plain(limit)}{blank}{spec.unit.symbol}".rstrip() if limit is not None else ""


def quoted(got: Any) -> str:
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
    return value if len(value) <= SHOWN_VALUE else value[:SHOWN_VALUE] + "…"
