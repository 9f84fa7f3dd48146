"""Line protocol: everything that a kind may hold is written and read back, whatever it is."""

import contextlib
import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.messages import Reading
from hub.pipeline.decode import Decoder
from hub.stores import line_protocol
from schemas import FieldSpec, FieldType, KindSpec
from schemas import kinds as catalogue
from tests.lines import line_of

ARRIVAL = 1_760_000_000 * 10**9
HOSTILE = st.lists(
    st.sampled_from(
        ['"', "\\", ",", "=", " ", "#", "%s", "%", "\u2028", "\x85", "온", "🤖", "i", "True"]
    )
    | st.characters(blacklist_categories=["Cc", "Cs"]),
    max_size=30,
).map("".join)


def values(spec: FieldSpec) -> st.SearchStrategy[Any]:
    if spec.choices is not None:
        return st.sampled_from(list(spec.choices))
    if spec.type is FieldType.STRING:
        length = spec.max_length or 0
        return HOSTILE.map(lambda text: text[:length])
    if spec.type is FieldType.BOOLEAN:
        return st.booleans()
    assert spec.minimum is not None
    assert spec.maximum is not None
    if spec.type is FieldType.INTEGER:
        return st.integers(math.ceil(spec.minimum), math.floor(spec.maximum))
    return st.floats(spec.minimum, spec.maximum)


def payloads(kind: KindSpec) -> st.SearchStrategy[dict[str, Any]]:
    needed = {spec.name: values(spec) for spec in kind.fields if spec.required}
    free = {spec.name: values(spec) for spec in kind.fields if not spec.required}
    return st.fixed_dictionaries(needed, optional=free)


READINGS = st.sampled_from(list(catalogue().values())).flatmap(
    lambda kind: st.tuples(st.just(kind), payloads(kind))
)


@given(READINGS)
def test_every_declared_value_comes_back(
    decoder: Decoder, reading: tuple[KindSpec, dict[str, Any]]
):
    kind, sent = reading
    assume(sent.get("latitude", 1) or sent.get("longitude", 1))  # 0/0 is no position
    topic = f"smartlife/v1/b12/{kind.name}/d1"
    verdict = decoder.decode(topic, json.dumps(sent).encode(), ARRIVAL)
    assert isinstance(verdict, Reading), verdict
    row = line_protocol.parse(line_of(verdict).decode())
    assert row.measurement == kind.name
    assert row.tags == {"booth": "b12", "device": "d1", "domain": kind.domain.id}
    assert row.fields == sent == verdict.fields
    stored = {
        FieldType.FLOAT: float,
        FieldType.INTEGER: int,
        FieldType.BOOLEAN: bool,
        FieldType.STRING: str,
    }
    assert all(type(value) is stored[kind.field(name).type] for name, value in row.fields.items())
    assert row.ts == ARRIVAL
    assert b"\n" not in line_of(verdict)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
        HOSTILE
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 2**63 - 1),
)
def test_the_hubs_own_rows_come_back(fields: Mapping[str, Any], ts: int):
    line = line_protocol.line("hub", {"client": "smartlife-hub"}, fields, ts)
    row = line_protocol.parse(line)
    assert row == line_protocol.Row("hub", {"client": "smartlife-hub"}, dict(fields), ts)
    assert [type(value) for value in row.fields.values()] == [
        type(value) for value in fields.values()
    ]


def test_an_empty_tag_is_left_out():
    assert line_protocol.prefix("hub", {"client": "", "zone": "a"}) == "hub,zone=a"


NO_LINES = {
    "nothing": "",
    "one word": "thermostat",
    "no time": "thermostat,booth=b12 temperature=1.0 ",
    "no value": "thermostat,booth=b12 temperature= 1",
    "null": "thermostat,booth=b12 temperature=nulli 1",
    "a tag without value": "thermostat,booth temperature=1.0 1",
    "a time of 65 bits": f"thermostat,booth=b12 temperature=1.0 {2**64}",
    "a number of 65 bits": f"thermostat,booth=b12 temperature={2**64}i 1",
}


@pytest.mark.parametrize("text", NO_LINES.values(), ids=NO_LINES)
def test_what_is_no_line_is_a_value_error_and_nothing_else(text: str):
    with pytest.raises(ValueError):
        line_protocol.parse(text)


@given(st.text() | st.from_regex(r"[a-z]+(,[a-z]+=[a-z]+)* [a-z]+=[^ ]* \d+"))
def test_any_text_is_a_line_or_a_value_error(text: str):
    with contextlib.suppress(ValueError):
        line_protocol.parse(text)
