"""JSON syntax errors: the parser's message, its Korean translation, and the way out. Pure."""

import re

from schemas import Label

_AT = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
_SINGLE_QUOTE = "'"
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
    korean = f"{said.ko}. {line}행 {column}열"
    if _stands(payload, line, column) == _SINGLE_QUOTE:
        hint = f"{korean}: 작은따옴표 대신 큰따옴표를 사용하세요"
        return Label(f"{said.en}; use double quotes", hint)
    return Label(said.en, korean + (f": {_KOREAN[what]}" if what in _KOREAN else f" ({what})"))


def _stands(payload: bytes, line: int, column: int) -> str:
    """The character at a position, if it is not far down; both count from 1, columns in bytes."""
    if line > _LINES:
        return ""
    text = b"".join(payload.split(b"\n", line)[line - 1 : line])
    return text[max(column - 1, 0) : column].decode("latin-1")
