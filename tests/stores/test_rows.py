"""Readings as rows: they come back as they were, and damage is seen."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages import Reading
from hub.pipeline.decode import Decoder
from hub.stores import line_protocol, rows
from schemas import FieldType
from schemas import kinds as catalogue

AT = 1_760_000_000_000_000_000
HEADER = rows.header("lock", "smart_home", {"locked": FieldType.BOOLEAN, "by": FieldType.STRING})
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


def row(*values: Any) -> rows.Row:
    return ["b1", "d1", *values]


def text(row: rows.Row) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()


def test_an_example_of_every_kind_becomes_the_line_it_was():
    decoder = Decoder("smartlife/v1", catalogue())
    decoded = []
    for name, kind in catalogue().items():
        payload = json.dumps(dict(kind.example)).encode()
        reading = decoder.decode(f"smartlife/v1/b1/{name}/d1", payload, AT)
        assert isinstance(reading, Reading)
        decoded.append(reading)
    batch = rows.join((reading.header, reading.row) for reading in decoded)
    parsed = [line_protocol.parse(line.decode()) for line in rows.lines(batch)]
    assert [item.measurement for item in parsed] == [*catalogue()]
    assert [item.fields for item in parsed] == [reading.fields for reading in decoded]
    tags = [
        {"booth": "b1", "device": "d1", "domain": kind.domain.id} for kind in catalogue().values()
    ]
    assert [item.tags for item in parsed] == tags


@given(
    st.booleans(),
    st.lists(WORDS | st.sampled_from(["],[", '],["', "]\\,[", '"],["b1"']), min_size=1, max_size=3),
    st.integers(0, 2**63 - 1),
)
def test_any_text_reads_back_from_row_and_line(locked: bool, words: list[str], ts: int):
    given = [row(locked, by, ts) for by in words]
    batch = rows.join([(HEADER, item) for item in given])
    (part,) = rows.split(batch)
    assert part.values() == given
    for by, line in zip(words, rows.lines(batch), strict=True):
        said = line_protocol.parse(line.decode())
        assert (said.fields, said.ts) == ({"locked": locked, "by": by}, ts)


def test_rows_of_the_same_fields_stand_below_one_header():
    other = rows.header("lock", "smart_home", {"locked": FieldType.BOOLEAN})
    given = [(HEADER, row(True, "a", 1)), (other, row(False, 2)), (HEADER, row(False, "b", 3))]
    batch = rows.join(given)
    assert batch.count(b"{") == 2 * 2  # a header holds its fields as an object
    assert [len(part.values()) for part in rows.split(batch)] == [2, 1]
    assert rows.join([]) == b""


def test_a_batch_of_lines_is_none_of_rows():
    lines = b"lock,booth=b1 locked=true 1\nlock,booth=b1 locked=true 2"
    assert not rows.is_rows(lines)
    assert rows.lines(lines) == lines.split(b"\n")


@pytest.mark.parametrize(
    "damage",
    [
        b'["b1","d1",true,1]',  # a value is missing
        b'["b1","d1",true,"x","y",1]',
        b'["b1","d1",true,"x"',
        b'{"b1":1}',
        b"\x00\xff",
        b'["b1","d1",true,"x",1.5]',
        b'[1,"d1",true,"x",1]',
    ],
)
def test_of_a_damaged_batch_the_sound_rows_are_found(damage: bytes):
    good = row(True, "x", 1)
    assert rows.split_damaged(b"\n".join([HEADER, text(good), damage, text(good)])) == (
        [(HEADER, good)] * 2,
        [damage],
    )


def test_a_row_that_has_lost_its_header_is_damaged():
    good = row(True, "x", 1)
    assert rows.split_damaged(b"\n".join([HEADER, text(good), b"", text(good), text(good)])) == (
        [(HEADER, good)],
        [text(good)] * 2,
    )


@pytest.mark.parametrize("head", [b"{}", b'{"measurement":1}', b'{"fields":[]}', b"{", b'{"a'])
def test_below_a_damaged_header_nothing_is_found(head: bytes):
    good = row(True, "x", 1)
    batch = b"\n\n".join([rows.below(head, [good]), rows.below(HEADER, [good])])
    assert rows.split_damaged(batch) == ([(HEADER, good)], [text(good)])
    with pytest.raises(ValueError, match=r".+"):
        rows.split(batch)
