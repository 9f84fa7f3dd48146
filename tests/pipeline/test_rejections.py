"""What a message may cost at most, whatever it holds; and who may be meant by a wrong kind."""

import json
import tracemalloc

import pytest

from hub.messages import Code, Reading, Rejection
from hub.pipeline.decode import Decoder
from hub.pipeline.full_validation import TOO_MANY
from hub.pipeline.rejections import MAX_PAYLOAD, MAX_VALUES
from hub.pipeline.spelling import nearest
from schemas import kinds as catalogue

ARRIVAL = 1_760_000_000 * 10**9
TOPIC = "smartlife/v1/b12/air_quality/a1"
EXAMPLE = dict(catalogue()["air_quality"].example)
MEMORY = 3 * 2**20
"""Bytes that a message of `MAX_PAYLOAD` may take at most while it is judged."""


def filled(head: str, unit: str, tail: str, size: int = MAX_PAYLOAD) -> bytes:
    """`unit` as often as it fits, separated by commas."""
    times = (size - len(head) - len(tail)) // (len(unit) + 1)
    return (head + ",".join([unit] * times) + tail).encode()


def flat(count: int, more: str = "") -> bytes:
    return ("{" + ",".join(f'"{n:x}":1' for n in range(count)) + more + "}").encode()


HOSTILE = {
    "arrays of objects": filled('{"a":[', "[{}]", "]}"),
    "an array as the payload": filled("[", "[]", "]"),
    "deep arrays": filled('{"a":[', "[" * 90 + "]" * 90, "]}"),
    "objects in a known field": filled('{"co2":[', '{"a":{}}', "]}"),
    "objects as a time": filled('{"ts":[', "{}", "]}"),
    "one name again and again": filled("{", '"a":[]', "}"),
    "unknown fields": flat(7_000),
    "long numbers": filled('{"a":[', "9" * 4_000, "]}"),
    "a long text": filled('{"co2":"', "x" * 100, '"}'),
    "escapes": filled('{"co2":"', "\\u0001", '"}'),
    "surrogates": filled('{"co2":"', "\\ud83d\\ude00", '"}'),
    "line breaks": b"\n" * (MAX_PAYLOAD - 5) + b"{'a'}",
    "no UTF-8": b"\xff" * MAX_PAYLOAD,
    "NULs": b"\0" * MAX_PAYLOAD,
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_a_rejection_takes_no_copy_of_the_payload_for_each_fault(decoder: Decoder, payload: bytes):
    decoder.decode(TOPIC, b"", ARRIVAL)
    tracemalloc.start()
    try:
        rejection = decoder.decode(TOPIC, payload, ARRIVAL)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(rejection, Rejection)
    assert len(rejection.errors) <= 10
    assert len(json.dumps(rejection.as_json())) < 16 * 1024
    assert peak < MEMORY


@pytest.mark.parametrize(
    "payload",
    [
        filled('{"a":[', "1", "]}"),
        filled('{"a":[', "[]", "]}", 4 * MAX_VALUES),
        filled('{"b":"\\"\\\\","a":[', "{}", "]}"),
    ],
    ids=["numbers", "arrays", "objects behind quotation marks"],
)
def test_what_is_wrong_and_has_more_values_than_the_limit_is_too_large(
    decoder: Decoder, payload: bytes
):
    rejection = decoder.decode(TOPIC, payload, ARRIVAL)
    assert isinstance(rejection, Rejection)
    assert rejection.code is Code.SIZE
    assert rejection.message.en.endswith(
        f"values, the limit is {MAX_VALUES}; send only the kind's fields"
    )


def test_an_unknown_field_of_ten_thousand_values_costs_no_reading(decoder: Decoder):
    known = json.dumps(EXAMPLE | {"ts": 1_759_999_990})[:-1].encode()
    payload = known + filled(',"cloud":[', "[{}]", "]}")[: MAX_PAYLOAD - len(known) - 4] + b"{}]}"
    reading = decoder.decode(TOPIC, payload.replace(b"},{}]}", b"}]}"), ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.fields == EXAMPLE
    assert reading.ts == 1_759_999_990 * 10**9
    assert reading.ignored == (TOO_MANY,)


def test_thousands_of_unknown_fields_cost_no_reading_and_ten_are_named(decoder: Decoder):
    known = "," + json.dumps(EXAMPLE)[1:-1]
    reading = decoder.decode(TOPIC, flat(6_500, known), ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.fields == EXAMPLE
    assert reading.ignored == tuple("0123456789")


@pytest.mark.parametrize("text", [",[{" * 5_000, '\\",[{' * 5_000, "\\\\" * 20_000 + ",[" * 5_000])
def test_what_stands_in_a_text_is_no_value(decoder: Decoder, text: str):
    payload = json.dumps(EXAMPLE)[:-1] + f', "log": "{text}"}}'
    reading = decoder.decode(TOPIC, payload.encode(), ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.ignored == ("log",)


@pytest.mark.parametrize("length", [48, 49, 60_000])
def test_a_long_name_is_never_taken_for_a_field_s(decoder: Decoder, length: int):
    payload = json.dumps({**EXAMPLE, "n" * length: 1, "pad": " " * 2_000}).encode()
    reading = decoder.decode(TOPIC, payload, ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.ignored == ("n" * 48, "pad")


@pytest.mark.parametrize("pad", [0, 5_000])
def test_a_large_reading_is_judged_like_a_small_one(decoder: Decoder, pad: int):
    padding = {"pad": "x" * pad}
    nulled = {**EXAMPLE, "tvoc": None, "ts": 1_759_999_990, **padding}
    reading = decoder.decode(TOPIC, json.dumps(nulled).encode(), ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.fields == {name: EXAMPLE[name] for name in EXAMPLE if name != "tvoc"}
    assert reading.ts == 1_759_999_990 * 10**9
    wrong = {**EXAMPLE, "co2": 10**400, "humidity": float("nan"), "pm10": True, **padding}
    rejection = decoder.decode(TOPIC, json.dumps(wrong).encode(), ARRIVAL)
    assert isinstance(rejection, Rejection)
    assert [(fault.field, fault.message.en) for fault in rejection.errors] == [
        ("co2", "huge is not a finite number"),
        ("pm10", "true is not a number"),
        (
            "humidity",
            "nan is not a finite number; leave it out or send null while the sensor gives nothing",
        ),
    ]


def test_a_topic_of_thousands_of_levels_is_counted_and_no_more(decoder: Decoder):
    rejection = decoder.decode("smartlife/v1/b12" + "/x" * 30_000, b"", ARRIVAL)
    assert isinstance(rejection, Rejection)
    assert rejection.message.en.startswith("the topic has 30001 levels after smartlife/v1")
    assert rejection.booth == "b12"


def rejected(decoder: Decoder, payload: bytes, topic: str = TOPIC) -> Rejection:
    rejection = decoder.decode(topic, payload, ARRIVAL)
    assert isinstance(rejection, Rejection)
    return rejection


@pytest.mark.parametrize("letter", ["x", "가", "😀"])
def test_of_a_payload_the_first_1024_characters_are_shown(decoder: Decoder, letter: str):
    assert rejected(decoder, (letter * 1_024).encode()).payload == letter * 1_024
    assert rejected(decoder, (letter * 1_025).encode()).payload == letter * 1_024
    assert rejected(decoder, b"\xff" * 1_025).payload == ("\\xff" * 256)


@pytest.mark.parametrize(("length", "cut"), [(120, ""), (121, "…"), (60_000, "…")])
def test_of_a_value_the_first_120_characters_are_shown(decoder: Decoder, length: int, cut: str):
    said = rejected(decoder, json.dumps({**EXAMPLE, "co2": "x" * length}).encode())
    (fault,) = said.errors
    assert fault.got == "x" * 120 + cut
    for message in (said.message.en, said.message.ko):
        assert "x" * 120 + cut in message
        assert "x" * 121 not in message


def test_of_a_status_the_first_120_characters_are_shown(decoder: Decoder):
    (fault,) = rejected(decoder, b"x" * 1_000, f"{TOPIC}/status").errors
    assert fault.got == "x" * 120


def test_of_a_wrong_topic_the_first_256_characters_are_shown(decoder: Decoder):
    assert rejected(decoder, b"{}", "smartlife/v1/" + "x" * 300).topic == (
        "smartlife/v1/" + "x" * 243
    )


def test_of_the_wrong_fields_ten_are_told(decoder: Decoder):
    names = [spec.name for spec in catalogue()["robot_arm"].fields]
    assert len(names) > 10
    wrong = json.dumps({name: [] for name in names}).encode()
    told = rejected(decoder, wrong, "smartlife/v1/b12/robot_arm/r1")
    assert [fault.field for fault in told.errors] == names[:10]
    assert told.message.en.count(": an array") == told.message.ko.count(": an array") == 10


def test_bytes_that_are_no_utf_8_are_shown_escaped_among_those_that_are(decoder: Decoder):
    rejection = decoder.decode(TOPIC, "가".encode() + b"\xff\\xff\x80", ARRIVAL)
    assert isinstance(rejection, Rejection)
    assert rejection.payload == "가\\xff\\xff\\x80"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("termostat", ["thermostat"]),
        ("lihgt", ["light"]),
        ("plug", ["smart_plug"]),
        ("robot", ["robot_arm", "mobile_robot"]),
        ("evcharger", ["ev_charger"]),
        ("hub", []),
        ("x" * 64, []),
    ],
)
def test_the_nearest_kinds_are_those_of_about_the_same_letters(wrong: str, meant: list[str]):
    assert nearest(wrong, catalogue()) == meant
