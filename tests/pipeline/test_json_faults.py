"""Why a payload is no JSON, in Korean: a sentence of its own, the place, the way out."""

import re

import pytest

from hub.messages import Rejection
from hub.pipeline import json_faults
from hub.pipeline.decode import Decoder

FAULTS = {
    "'": (b"{'temperature': 21.5}", "1행 2열: 작은따옴표 대신 큰따옴표를 사용하세요"),
    "' for a value": (b"{\"mode\": 'heat'}", "1행 10열: 작은따옴표 대신 큰따옴표를 사용하세요"),
    "' on a later line": (b"{\n 'a': 1}", "2행 2열: 작은따옴표 대신 큰따옴표를 사용하세요"),
    "no quotes": (b"{temperature: 21.5}", "1행 2열: 필드 이름이 와야 할 자리입니다"),
    "cut": (b'{"temperature": 21.5', "닫는 중괄호 }를 넣으세요"),
    "cut list": (b"[1", "닫는 대괄호 ]를 넣으세요"),
    "cut text": (b'{"mode": "he', "닫는 큰따옴표를 넣으세요"),
    "no value": (b'{"temperature": ', "값이 나오기 전에"),
    "no colon": (b'{"temperature" 21.5}', "콜론(:)이 와야 합니다"),
    "no comma": (b'{"temperature": 21.5 "mode": 1}', "쉼표(,)나 닫는 중괄호(})"),
    "no comma in a list": (b"[1 2]", "쉼표(,)나 닫는 대괄호(])"),
    "None": (b'{"temperature": None}', "1행 18열: temperature: None 대신 null"),
    "True": (b'{"temperature": True}', "temperature: True 대신 true"),
    "nul": (b'{"temperature": nul}', "temperature: nul은(는) JSON 값이 아닙니다"),
    "ident": (b"[nul]", "true, false, null의 철자"),
    "escape": (b'{"mode": "\\q"}', "\\ 뒤에 쓸 수 없는 글자"),
    "half a letter": (b'{"mode": "\\ud800"}', "\\u로 쓴"),
    "number": (b'{"temperature": 021}', "temperature: 021 대신 21"),
    "number in a list": (b"[021]", "숫자 형식이"),
    "digits": (b"[" + b"9" * 5_000 + b"]", "숫자가 너무 깁니다"),
    "line break": (b'{"mode": "he\nat"}', "제어 문자가 있습니다"),
    "comma": (b'{"temperature": 21.5,}', "마지막 값 뒤에는 쉼표(,)를 쓸 수 없습니다"),
    "more": (b'{"temperature": 21.5} C', "JSON이 끝난 뒤에"),
    "nested": (b"[" * 300, "괄호가 너무 여러 겹입니다"),
}


@pytest.mark.parametrize(("payload", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_in_korean_with_its_place(decoder: Decoder, payload: bytes, words: str):
    found = decoder.decode("smartlife/v1/b12/thermostat/t1", payload, 1)
    assert isinstance(found, Rejection)
    assert words in found.message.ko
    assert re.match(r"페이로드가 올바른 JSON이 아닙니다\. \d+행 \d+열: ", found.message.ko)
    assert "at line" not in found.message.ko


def test_single_quotes_have_a_way_out_in_english_too():
    message, _ = json_faults.explain(b"{'a': 1}", "key must be a string at line 1 column 2")
    assert message.endswith("key must be a string at line 1 column 2; use double quotes")


@pytest.mark.parametrize("reason", ["something new at line 1 column 2", "something new", ""])
def test_a_fault_that_is_not_known_keeps_the_parsers_words(reason: str):
    _, korean = json_faults.explain(b"{}", reason)
    assert korean.endswith(f"({reason.removesuffix(' at line 1 column 2')})")


def test_a_place_that_is_not_there_does_no_harm():
    assert "큰따옴표" not in json_faults.explain(b"", "something new at line 9 column 9")[1]
