"""Two recordings are compared by topic and field."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import RecordingError
from hub.recording.diff import Compared, Tolerance, compare
from hub.recording.format import Recorded
from tests.recording.made import FIRST, ROOT, reading, written

T1 = f"{ROOT}/b1/thermostat/t1"


def of(*payloads: object, topic: str = T1, verdict: str = "accepted") -> list[Recorded]:
    texts = [it if isinstance(it, bytes) else json.dumps(it).encode() for it in payloads]
    return [Recorded(topic, text, FIRST + n, verdict=verdict) for n, text in enumerate(texts)]


def lines(one: list[Recorded], other: list[Recorded], tolerance: str = "0") -> list[str]:
    return list(compare(one, other, Tolerance.of(tolerance)).lines("a", "b"))


def test_the_same_messages_at_other_times_are_the_same():
    one = of({"temperature": 21, "ts": 1})
    other = [Recorded(T1, b'{"ts": 2, "temperature": 21.0}', FIRST + 10**15)]
    assert compare(one, other, Tolerance()) == Compared(compared=1)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"a": 1}, {"a": 2}, f"{T1} a: 1 differ, by 1 at most; the first: 1 and 2"),
        ({"a": 1}, {}, f"{T1} a: 1 differ; the first: 1 and nothing"),
        ({"a": 1}, {"a": True}, f"{T1} a: 1 differ; the first: 1 and True"),
        ({"a": None}, {"a": "x"}, f"{T1} a: 1 differ; the first: None and x"),
        (b"x", b"y", f"{T1} (payload): 1 differ; the first: b'x' and b'y'"),
        (b"[1]", b"[1 ]", f"{T1} (payload): 1 differ; the first: b'[1]' and b'[1 ]'"),
    ],
)
def test_a_difference_is_named_with_its_field_and_values(one, other, said: str):
    assert lines(of(one), of(other)) == [said]


def test_numbers_may_differ_by_the_tolerance():
    one, other = of({"a": 100.0}, {"a": 100.0}), of({"a": 100.5}, {"a": 103.0})
    assert lines(one, other, "3") == lines(one, other, "3%") == []
    assert lines(one, other, "1%") == [
        f"{T1} a: 1 differ, by 3 at most; the first: 100.0 and 103.0"
    ]


def test_verdicts_are_compared():
    one, other = of({"a": 1}), of({"a": 1}, verdict="rejected:schema")
    assert lines(one, other) == [
        f"{T1} (verdict): 1 differ; the first: accepted and rejected:schema"
    ]


def test_topics_may_be_interleaved_otherwise():
    one, other = of({"a": 1}, {"a": 2}), of({"b": 1}, {"b": 2}, topic=f"{T1}b")
    assert lines([*one, *other], [*other, *one]) == []


def test_messages_of_one_alone_are_counted():
    assert lines(of({"a": 1}, {"a": 2}), of({"a": 1}, topic=f"{T1}b")) == [
        f"{T1}: 2 messages more in a",
        f"{T1}b: 1 messages more in b",
    ]


def test_what_has_no_like_is_bounded(monkeypatch):
    monkeypatch.setattr("hub.recording.diff.MAX_WAITING", 5)
    with pytest.raises(RecordingError, match="too different; compare one --booth"):
        lines(of(*[{"a": 1}] * 10), [])


def test_what_has_no_like_is_bounded_in_bytes_too(monkeypatch):
    monkeypatch.setattr("hub.recording.diff.MAX_BYTES", 1_000)
    with pytest.raises(RecordingError, match="too different; compare one --booth"):
        lines(of(*[{"a": "x" * 300}] * 5), [])


def test_messages_that_have_their_like_count_no_more(monkeypatch):
    monkeypatch.setattr("hub.recording.diff.MAX_BYTES", 1_000)
    monkeypatch.setattr("hub.recording.diff.MAX_WAITING", 2)
    many = of(*[{"a": "x" * 300}] * 50)
    assert lines(many, many) == []


def test_topics_and_fields_beyond_the_most_are_counted_together(monkeypatch):
    monkeypatch.setattr("hub.recording.diff.MAX_NAMED", 2)
    one, other = dict.fromkeys("abcd", 1), dict.fromkeys("abcd", 2)
    assert lines(of(one), of(other)) == [
        "(others) (others): 2 differ, by 1 at most; the first: 1 and 2",
        f"{T1} a: 1 differ, by 1 at most; the first: 1 and 2",
        f"{T1} b: 1 differ, by 1 at most; the first: 1 and 2",
    ]
    alone = [message for number in range(4) for message in of({"a": 1}, topic=f"{T1}{number}")]
    assert [line.partition(": ")[0] for line in lines(alone, [])] == [
        "(others)",
        f"{T1}0",
        f"{T1}1",
    ]


@pytest.mark.parametrize("text", ["x", "-1", "nan", "1 %x"])
def test_what_is_no_tolerance_is_refused(text: str):
    with pytest.raises(ValueError, match="is no tolerance; write it like"):
        Tolerance.of(text)


def test_the_command_ends_with_1_if_they_differ(tmp_path: Path):
    one = written(tmp_path / "a.mcap", [reading(n) for n in range(10)])
    other = written(tmp_path / "b.mcap", [reading(n) for n in range(9)])
    same = CliRunner().invoke(app, ["recording", "diff", str(one), str(one)])
    assert (same.exit_code, same.output) == (0, "the same: 10 messages\n")
    found = CliRunner().invoke(app, ["recording", "diff", str(one), str(other)])
    assert found.exit_code == 1
    assert found.output == f"{ROOT}/b12/wearable/w4: 1 messages more in a.mcap\n"


@pytest.mark.parametrize("part", [("--booth", "b1O"), ("--kind", "nope")])
def test_a_part_that_neither_holds_is_not_the_same(tmp_path: Path, part: tuple[str, str]):
    one = written(tmp_path / "a.mcap", [reading(0)])
    found = CliRunner().invoke(app, ["recording", "diff", str(one), str(one), *part])
    assert found.exit_code == 2
    assert f"'{part[1]}' is not in the recording" in found.output
