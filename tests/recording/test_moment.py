"""A moment in a recording, in each way in which it can be written, in both commands."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from harness import ROOT
from hub.cli import main
from hub.recording.format import info
from hub.recording.moment import moment_in

BAD = ROOT / "tests" / "data" / "recordings" / "misbehaving-booth.mcap"
SEOUL = timezone(timedelta(hours=9))
S = 1_000_000_000
BEGIN = 1_791_353_520 * S  # 15:12:00 in Seoul on 2026-10-07
FIRST, LAST = BEGIN + S // 2, BEGIN + 60 * S


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15:12:30", BEGIN + 30 * S),
        ("2026-10-07T15:12:30+09:00", BEGIN + 30 * S),
        ("2026-10-07T06:12:31Z", BEGIN + 31 * S),
        ("1791353521", BEGIN + S),
        ("+10s", FIRST + 10 * S),
        ("-10s", LAST - 10 * S),
        ("15:12:00", BEGIN),  # in the second of the first message
    ],
)
def test_a_moment_is_a_time_of_day_a_whole_time_or_relative(text: str, moment: int):
    assert moment_in(text, FIRST, LAST, SEOUL) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("09:00:00", "has no such time; it goes from 2026-10-07T06:12:00.500Z"),
        ("noon", r"no time; .* a time of day like 14:03:10, or \+10s"),
        ("+ten", r"no duration; .* a time of day like 14:03:10, or \+10s"),
    ],
)
def test_a_moment_that_is_none_is_refused(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        moment_in(text, FIRST, LAST, SEOUL)


def test_a_time_of_day_that_is_there_twice_must_be_given_whole():
    with pytest.raises(ValueError, match="has several days"):
        moment_in("12:00:00", 0, 3 * 86_400 * S, SEOUL)


@pytest.mark.parametrize("text", ["%H:%M:%S", "%Y-%m-%dT%H:%M:%S+00:00", "+40s", "-5s"])
def test_each_way_is_understood_by_both_commands(
    text: str, capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    zone = UTC if text.endswith("+00:00") else None
    text = datetime.fromtimestamp(info(BAD).span()[0] // S + 40, zone).strftime(text)
    words = ["recording", "cut", BAD, "--around", text, "--out", tmp_path / "a.mcap"]
    code, said = run(capsys, monkeypatch, *words)
    assert code == 0, said
    assert info(tmp_path / "a.mcap").messages
    # Nobody listens there: the moment was understood before.
    words = ["replay", BAD, "--to", "mqtt://127.0.0.1:1", "--start", text]
    code, said = run(capsys, monkeypatch, *words)
    assert code == 1
    assert "connection refused" in said


@pytest.mark.parametrize(
    "words",
    [
        ("replay", BAD, "--to", "mqtt://127.0.0.1:1", "--start"),
        ("recording", "cut", BAD, "--out", "never.mcap", "--around"),
    ],
)
def test_both_refuse_what_is_none_with_the_same_words(capsys, monkeypatch, words):
    code, said = run(capsys, monkeypatch, *words, "noon")
    assert code == 2
    assert f"Invalid value for {words[-1]}: 'noon' is no time; write it like" in said


def run(capsys, monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[int, str]:
    """Run `hub` in this process; return exit code and output."""
    monkeypatch.setattr(sys, "argv", ["hub", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out + err
