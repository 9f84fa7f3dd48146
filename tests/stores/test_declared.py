"""A store that would take anything still gets only what is declared."""

import json
from typing import Any

import pytest

from hub.messages import Reading
from hub.pipeline.decode import Decoder
from hub.stores import line_protocol
from hub.stores.declared import Declared
from hub.stores.store import measurements
from schemas import kinds as catalogue
from tests.lines import line_of

KINDS = catalogue()
TAGS = {"booth": "b1", "device": "t1", "domain": "smart_home"}


@pytest.fixture
def declared() -> Declared:
    return Declared(measurements(KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_hub_writes_fits_at_first_sight(declared: Declared, decoder: Decoder, kind: str):
    payload = json.dumps(dict(KINDS[kind].example)).encode()
    reading = decoder.decode(f"smartlife/v1/b1/{kind}/t1", payload, 1)
    assert isinstance(reading, Reading)
    assert declared._fitting[kind.encode()](line_of(reading))
    assert declared.unfit(line_of(reading)) is None


@pytest.mark.parametrize("text", ["", ",colour=1", 'a"b', "\\", '\\",colour="', "온도 =,", " "])
def test_text_is_not_taken_for_fields(declared: Declared, text: str):
    fields = {"people": 1, "model": text, "latency": 1.5}
    assert declared.unfit(line_protocol.line("vision_ai", TAGS, fields, 1).encode()) is None


@pytest.mark.parametrize(
    ("measurement", "fields", "reason"),
    [
        ("toaster", {"x": 1.0}, "no kind toaster is declared"),
        ("thermostat", {"x": 1.0}, "thermostat declares no field x"),
        ("thermostat", {"temperature": 1.0, "x": "y"}, "thermostat declares no field x"),
        ("thermostat", {"x": 1.0, "temperature": 1.0}, "thermostat declares no field x"),
        ("thermostat", {"temperature_": 1.0}, "thermostat declares no field temperature_"),
        ("vision_ai", {"model": '",x="', "people_": 1}, "vision_ai declares no field people_"),
    ],
)
def test_what_is_not_declared_is_told(
    declared: Declared, measurement: str, fields: dict[str, Any], reason: str
):
    line = line_protocol.line(measurement, TAGS, fields, 1).encode()
    assert declared.unfit(line) == reason
    with pytest.raises(ValueError, match=reason):
        declared.row(line)


@pytest.mark.parametrize("line", [b"", b"thermostat", b"thermostat temperature= 1", b"\xff x=1 1"])
def test_what_is_no_line_protocol_is_told(declared: Declared, line: bytes):
    assert (declared.unfit(line) or "").startswith("is no line protocol: ")
    with pytest.raises(ValueError, match="is no line protocol: "):
        declared.row(line)


def test_what_fits_is_taken_apart(declared: Declared):
    row = declared.row(line_protocol.line("thermostat", TAGS, {"temperature": 1.5}, 7).encode())
    assert (row.measurement, row.tags, row.fields, row.ts) == (
        "thermostat", TAGS, {"temperature": 1.5}, 7,
    )  # fmt: skip
