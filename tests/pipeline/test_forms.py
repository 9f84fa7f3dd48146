"""Forms: what is read the quick way is what pydantic would have read, and nothing else is."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages import Reading, Rejection
from hub.pipeline import forms
from hub.pipeline.decode import Decoder, Verdict
from hub.pipeline.forms import ALIKE, SAME
from schemas import KindSpec, declared
from schemas import kinds as catalogue

ARRIVAL = 1_760_000_000 * 10**9
EARLIER = ARRIVAL - 3600 * 10**9
ODD = [
    *("null", "true", "-1", "-0", "-0.0", "0", "3.0", "3.5", "1e2", "1e400", "1e-320", "NaN"),
    *("01", "1.", "18446744073709551616", "9223372036854775807.0", "179.99999999999997"),
    *('""', '"off "', '"\\u006ff\\u0066"', '"\\ud800"', '"a\\n"', '"a\n"', '"x' + "y" * 300 + '"'),
    *("[]", "{}", "[" * 2000, '{"a": {"ts": 1}}', f"{ARRIVAL}", f"{ARRIVAL + 10**9}", "1e30"),
    *(f"{ARRIVAL // 10**9}.5", '"2025-10-09T08:53:20Z"', '"2025-10-09"', "1", "-5", f"{10**30}"),
]
WHOLE = [
    *(b" %b", b"%b\n", b"%b ", b"%b\r\n", b"\xef\xbb\xbf%b", b"%b%b", b"%b\0", b"[%b]", b"%b/**/"),
]


def topic(kind: str) -> str:
    return f"smartlife/v1/b12/{kind}/d1"


def decoder_of(kinds: Mapping[str, KindSpec], kind: str) -> Decoder:
    """A decoder of one kind: of all of them it takes long to make."""
    return Decoder("smartlife/v1", {kind: kinds[kind]})


def with_a_form(kinds: Mapping[str, KindSpec], kind: str, said: Mapping[str, Any]) -> Decoder:
    """A decoder that has had as many payloads like this as make a form."""
    decoder = decoder_of(kinds, kind)
    for number in range(SAME):
        payload = json.dumps({**said, "ts": EARLIER + number}).encode()
        assert isinstance(decoder.decode(topic(kind), payload, ARRIVAL), Reading)
    assert has_a_form(decoder, kind)
    return decoder


def has_a_form(decoder: Decoder, kind: str) -> bool:
    route = decoder._routes.get(topic(kind))
    return route is not None and route.form is not None


def shown(verdict: Verdict) -> str:
    if not isinstance(verdict, Reading):
        return repr(verdict)
    return repr((verdict.fields, verdict))


def both_ways(kinds: Mapping[str, KindSpec], kind: str, said: Any, payload: bytes) -> bool:
    """Whether a form reads a payload; what comes of it is the same without one."""
    decoder = with_a_form(kinds, kind, said)
    quick = decoder.decode(topic(kind), payload, ARRIVAL)
    alone = decoder_of(kinds, kind).decode(topic(kind), payload, ARRIVAL)
    assert shown(quick) == shown(alone), payload
    return has_a_form(decoder, kind)


@pytest.mark.parametrize("kind", catalogue())
def test_every_kinds_example_is_read_by_its_form(kinds: Mapping[str, KindSpec], kind: str):
    example = dict(kinds[kind].example)
    for ts in ({}, {"ts": ARRIVAL}, {"ts": "2025-10-09T08:53:20Z"}, {"ts": ARRIVAL / 1e9}):
        assert both_ways(kinds, kind, example, json.dumps({**example, **ts}).encode())
    backwards = dict(reversed(example.items()))
    assert both_ways(kinds, kind, example, json.dumps(backwards, ensure_ascii=False).encode())


@pytest.mark.parametrize("kind", catalogue())
def test_whatever_a_field_is_it_is_judged_alike(kinds: Mapping[str, KindSpec], kind: str):
    example = dict(kinds[kind].example)
    decoder = with_a_form(kinds, kind, example)
    route = decoder._routes.get(topic(kind))
    assert route is not None
    form = route.form
    for name in (*example, "ts", "stranger"):
        for odd in ODD:
            said = json.dumps({**example, name: None})
            payload = said.replace(f'"{name}": null', f'"{name}": {odd}').encode()
            route.form, route.newest = form, 0
            route.recent.clear()  # of the same time there was none
            quick = decoder.decode(topic(kind), payload, ARRIVAL)
            alone = decoder_of(kinds, kind).decode(topic(kind), payload, ARRIVAL)
            assert shown(quick) == shown(alone), payload


@pytest.mark.parametrize("kind", ["thermostat", "shuttle"])
def test_what_stands_around_an_object_is_judged_alike(kinds: Mapping[str, KindSpec], kind: str):
    example = dict(kinds[kind].example)
    plain = json.dumps(example).encode()
    name = next(iter(example)).encode()
    for around in WHOLE:
        both_ways(kinds, kind, example, around.replace(b"%b", plain))
    for payload in (
        b"",
        plain[:-1],
        plain.replace(b'"%b":' % name, b'"%b" :' % name),
        plain[:-1] + b', "%b": null}' % name,
        plain[:-1] + b", " + plain[1:],
        plain.replace(b"{", b"{" + b" " * 1_024, 1),
        plain.replace(b"{", b"{" + b" " * 9_000, 1),
    ):
        assert not both_ways(kinds, kind, example, payload)


@given(st.sampled_from([*catalogue()]), st.data())
def test_a_payload_with_a_byte_changed_is_judged_alike(
    kinds: Mapping[str, KindSpec], kind: str, data: st.DataObject
):
    example = dict(kinds[kind].example)
    payload = bytearray(json.dumps({**example, "ts": ARRIVAL}).encode())
    place = data.draw(st.integers(0, len(payload) - 1))
    payload[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    both_ways(kinds, kind, example, bytes(payload))


def test_a_position_of_zeros_is_none_either_way(kinds: Mapping[str, KindSpec]):
    example = dict(kinds["scooter"].example) | {"latitude": 37.5, "longitude": 127.0}
    zeros = json.dumps(example | {"latitude": 0.0, "longitude": 0.0}).encode()
    assert not both_ways(kinds, "scooter", example, zeros)
    assert both_ways(kinds, "scooter", example, json.dumps(example | {"latitude": 0.0}).encode())


def test_a_repeated_time_is_merged_either_way(kinds: Mapping[str, KindSpec]):
    decoder = with_a_form(kinds, "thermostat", {"temperature": 21.5})
    for ts, merged in [(ARRIVAL, False), (ARRIVAL - 5, False), (ARRIVAL, True), (EARLIER, True)]:
        payload = b'{"temperature": 21.5, "ts": %d}' % ts
        reading = decoder.decode(topic("thermostat"), payload, ARRIVAL)
        assert isinstance(reading, Reading)
        assert (reading.ts, reading.remarks.merged) == (ts, merged)
    assert has_a_form(decoder, "thermostat")


def test_many_devices_that_send_seldom_have_a_form_together(kinds: Mapping[str, KindSpec]):
    decoder = decoder_of(kinds, "thermostat")
    had = []
    for number in range(SAME):
        where = f"smartlife/v1/b12/thermostat/d{number}"
        for _ in range(ALIKE):
            reading = decoder.decode(where, b'{"temperature": %d}' % number, ARRIVAL)
            assert isinstance(reading, Reading)
            assert reading.row == ("b12", f"d{number}", float(number), ARRIVAL)
        route = decoder._routes.get(where)
        assert route is not None
        had.append(route.form is not None)
    assert had == [False] * (SAME - ALIKE) + [True] * ALIKE


def test_after_something_unusual_it_takes_as_many_payloads_again(kinds: Mapping[str, KindSpec]):
    decoder = with_a_form(kinds, "thermostat", {"temperature": 21.5})
    decoder.decode(topic("thermostat"), b'{"temperature": 21.5, "x": 1}', ARRIVAL)
    for _ in range(SAME):
        assert not has_a_form(decoder, "thermostat")
        decoder.decode(topic("thermostat"), b'{"temperature": 21.5}', ARRIVAL)
    assert has_a_form(decoder, "thermostat")


def test_a_kind_has_a_bounded_number_of_forms_and_a_booth_its_share(
    kinds: Mapping[str, KindSpec], monkeypatch: pytest.MonkeyPatch
):
    """A booth that sends ever other fields only loses its own."""
    monkeypatch.setattr(forms, "FORMS", 2)
    decoder = decoder_of(kinds, "thermostat")
    quiet, loud = (f"smartlife/v1/{booth}/thermostat/d1" for booth in ("b12", "b13"))
    sent = [
        (quiet, {"temperature": 1}),
        (loud, {"temperature": 1, "humidity": 2}),
        (loud, {"temperature": 1, "battery": 3}),
        (loud, {"temperature": 1, "humidity": 2, "battery": 3}),
    ]
    for where, said in sent:
        for _ in range(2 * SAME):
            reading = decoder.decode(where, json.dumps(said).encode(), ARRIVAL)
            assert isinstance(reading, Reading)
            assert reading.fields == said
    remembered = decoder._codecs["thermostat"].forms._forms
    assert [*remembered.entries] == [("temperature",), ("temperature", "humidity", "battery")]


def test_a_booth_that_sends_ever_other_fields_keeps_no_other_from_its_form(
    kinds: Mapping[str, KindSpec], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forms, "_ASKED", 3)
    decoder = decoder_of(kinds, "thermostat")
    quiet, loud = (f"smartlife/v1/{booth}/thermostat/d1" for booth in ("b12", "b13"))
    for _ in range(SAME):
        decoder.decode(quiet, b'{"temperature": 1}', ARRIVAL)
        for other in ("humidity", "battery", "demand", "target"):
            said = json.dumps({"temperature": 1, other: 20}).encode()
            for _ in range(ALIKE):
                decoder.decode(loud, said, ARRIVAL)
    route = decoder._routes.get(quiet)
    assert route is not None
    assert route.form is not None


@pytest.mark.parametrize("payload", [b"{}", b'{"x": 1}', b'{"ts": 1760000000}'])
def test_what_is_no_reading_is_none_however_often_it_comes(payload: bytes):
    """Of a kind of which all may be left out, no field at all would be a form too."""
    bell = declared(
        {
            "$id": "urn:smartlife:kind:bell",
            "title": "Bell",
            "x-domain": "iot",
            "x-interval": 1,
            "properties": {"rings": {"type": "boolean", "title": "Rings"}},
        }
    )
    decoder = Decoder("smartlife/v1", {"bell": bell})
    assert isinstance(decoder.decode(topic("bell"), b'{"rings": true}', ARRIVAL), Reading)
    for _ in range(2 * SAME):
        assert isinstance(decoder.decode(topic("bell"), payload, ARRIVAL), Rejection)
