"""JSON syntax errors: the parser's message, its Korean translation, and the way out. Pure."""

import re

from schemas import Label

_AT = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
_SINGLE_QUOTE = "'"
_LOOKED_AT = 4096
_VALUE = re.compile(r'"([^"\\]{1,64})"\s*:\s*([^\s",{}\[\]][^\s",{}\[\]]{0,63})')
_COMMA = re.compile(r'"([^"\\]{1,64})"\s*:\s*([+-]?\d+,\d+)\s*[,}]', re.ASCII)
_JSON_VALUE = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null")
_NO_NUMBER = re.compile(
    r"[+-]?nan(\(.*)?|[+-]?inf(inity)?|[+-]?1\.#(inf|qnan|snan|ind).*|[+-]?ovf|[+-]?\*+|-+|n/?a",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"([+-]?)(?=\.?\d)(\d*)\.?(\d*)([eE][+-]?\d+)?", re.ASCII)
_PYTHON = {"true": "true", "false": "false", "none": "null", "null": "null", "nil": "null"}
_LINES = 1000

_KOREAN = {
    "EOF while parsing a list": "배열이 끝나지 않았습니다. 닫는 대괄호 ]를 넣으세요",
    "EOF while parsing an object": "객체가 끝나지 않았습니다. 닫는 중괄호 }를 넣으세요",
    "EOF while parsing a string": "문자열이 끝나지 않았습니다. 닫는 큰따옴표를 넣으세요",
    "EOF while parsing a value": "값이 나오기 전에 메시지가 끝났습니다",
    "expected `:`": "필드 이름 뒤에 콜론(:)이 와야 합니다",
    "expected `,` or `]`": "쉼표(,)나 닫는 대괄호(])가 와야 합니다",
    "expected `,` or `}`": "쉼표(,)나 닫는 중괄호(})가 와야 합니다",
    "expected ident": "true, false, null의 철자가 아닙니다. 다른 글자는 큰따옴표로 감싸야 합니다",
    "expected value": "값이 와야 할 자리입니다. 글자는 큰따옴표로 감싸야 합니다",
    "invalid escape": "\\ 뒤에 쓸 수 없는 글자가 있습니다",
    "invalid number": "숫자 형식이 올바르지 않습니다",
    "number out of range": "숫자가 너무 깁니다",
    "invalid unicode code point": "유니코드 문자가 올바르지 않습니다",
    "control character (\\u0000-\\u001F) found while parsing a string": (
        "문자열 안에 줄바꿈 같은 제어 문자가 있습니다"
    ),
    "key must be a string": "필드 이름이 와야 할 자리입니다. 이름은 큰따옴표로 감싸야 합니다",
    "lone leading surrogate in hex escape": "\\u로 쓴 문자의 나머지 절반이 없습니다",
    "unexpected end of hex escape": "\\u로 쓴 문자가 끝나지 않았습니다",
    "trailing comma": "마지막 값 뒤에는 쉼표(,)를 쓸 수 없습니다",
    "trailing characters": "JSON이 끝난 뒤에 다른 글자가 있습니다",
    "recursion limit exceeded": "괄호가 너무 여러 겹입니다",
}
"""The parser's error messages in Korean."""


def explain(payload: bytes, reason: str) -> Label:
    """Return why a payload, which is UTF-8 and not empty, is not JSON.

    `reason` is the parser's message; one without a translation is given in brackets.
    """
    said = Label(f"the payload is not JSON: {reason}", "페이로드가 올바른 JSON이 아닙니다")
    found = _AT.fullmatch(reason)
    if found is None:
        return Label(said.en, f"{said.ko} ({reason})")
    what, line, column = found[1], int(found[2]), int(found[3])
    korean = f"{said.ko}. {line}행 {column}열: "
    hint = _hint(payload, what, line, column)
    if hint is not None:
        return Label(f"{said.en}; {hint.en}", korean + hint.ko)
    return Label(said.en, korean + _KOREAN[what] if what in _KOREAN else f"{korean[:-2]} ({what})")


def _hint(payload: bytes, what: str, line: int, column: int) -> Label | None:
    if _stands(payload, line, column) == _SINGLE_QUOTE:
        return Label("use double quotes", "작은따옴표 대신 큰따옴표를 사용하세요")
    if what == "trailing characters":
        return Label(
            "text follows the JSON: send strlen() bytes, and one object a message",
            "JSON이 끝난 뒤에 다른 글자가 있습니다. strlen()만큼만, 메시지마다 객체 하나만 "
            "보내세요",
        )
    if what.startswith("EOF"):
        return None
    return _wrong_value(payload[:_LOOKED_AT].decode(errors="ignore"))


def _wrong_value(text: str) -> Label | None:
    """The first value that JSON does not have, with its field and what to send instead."""
    found = _COMMA.search(text)
    if found is not None and (number := as_number(found[2].replace(",", "."))) is not None:
        return _send(found[1], found[2], number)
    for name, value in _VALUE.findall(text):
        if not _JSON_VALUE.fullmatch(value):
            return _mended(name, value)
    return None


def _mended(name: str, value: str) -> Label:
    right = _PYTHON.get(value.lower()) or as_number(value)
    if right is not None:
        return _send(name, value, right)
    if _NO_NUMBER.fullmatch(value):
        return Label(
            f"{name}: {value} is not a number; leave it out or send null while the sensor gives "
            "nothing",
            f"{name}: {value}은(는) 숫자가 아닙니다. 센서 값이 없는 동안에는 필드를 빼거나 null로 "
            "보내세요",
        )
    if value[0] in "+-.0123456789":
        return Label(
            f"{name}: {value} is not a JSON number; send digits alone, like 21.5",
            f"{name}: {value}은(는) JSON 숫자가 아닙니다. 21.5처럼 숫자만 보내세요",
        )
    return Label(
        f'{name}: {value} is not a JSON value; text stands in double quotes, like "{value}"',
        f'{name}: {value}은(는) JSON 값이 아닙니다. 글자는 큰따옴표로 감싸세요: "{value}"',
    )


def _send(name: str, value: str, right: str) -> Label:
    return Label(
        f"{name}: {value} is not JSON; send {right}",
        f"{name}: {value} 대신 {right}(으)로 보내세요",
    )


def as_number(text: str) -> str | None:
    """Return a number as JSON writes it, with its own digits: ``.5``, ``021``, ``5.``, ``+1``.

    None for what is no number.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, rest, exponent = found.groups("")
    point = f".{rest or 0}" if "." in text else ""
    return f"{sign.strip('+')}{whole.lstrip('0') or 0}{point}{exponent}"


def _stands(payload: bytes, line: int, column: int) -> str:
    """The character at a position, if it is not far down; both count from 1, columns in bytes."""
    if line > _LINES:
        return ""
    text = b"".join(payload.split(b"\n", line)[line - 1 : line])
    return text[max(column - 1, 0) : column].decode("latin-1")
