"""From an incident to a regression test, and what the commands say of a recording."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import ROOT
from hub.cli import main
from hub.errors import RecordingError
from hub.recording.cut import cut
from hub.recording.format import Recorded, Writer, info, read
from hub.recording.test_template import Outcome, render
from schemas import kinds

BAD = ROOT / "tests" / "data" / "recordings" / "misbehaving-booth.mcap"
S = 1_000_000_000
ZSTD_FRAME = b"\x28\xb5\x2f\xfd"


def hub(capsys, monkeypatch, *words: object) -> tuple[int, str]:
    """Run `hub` in this process; return exit code and output."""
    monkeypatch.setattr(sys, "argv", ["hub", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out + err


def test_a_piece_has_what_came_then_and_no_more(tmp_path: Path):
    whole = list(read(BAD))
    start, stop = whole[0].at + 20 * S, whole[0].at + 40 * S
    count = cut(BAD, tmp_path / "a.mcap", kinds(), start=start, stop=stop, booth="b08")
    piece = list(read(tmp_path / "a.mcap"))
    assert piece == [
        message for message in whole if start <= message.at < stop and "/b08/" in message.topic
    ]
    assert count == len(piece) > 10
    assert info(tmp_path / "a.mcap").begin["cut_from"] == BAD.name


def test_a_piece_keeps_the_schemas_of_then(tmp_path: Path):
    older = b'{"type":"object","title":"as it was"}'
    source, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    writer = Writer(source, kinds(), schemas={"thermostat": older})
    writer.add(Recorded("smartlife/v1/b1/thermostat/t", b'{"temperature": 1}', 5 * S))
    writer.close()
    cut(source, out, kinds(), start=0, stop=9 * S)
    assert info(out).schemas["thermostat"] == older


def test_a_piece_with_nothing_in_it_is_refused(tmp_path: Path):
    with pytest.raises(RecordingError, match=r"nothing of booth b99 .*it goes from 2026-10-07T"):
        cut(BAD, tmp_path / "a.mcap", kinds(), start=0, stop=2**62, booth="b99")
    assert not (tmp_path / "a.mcap").exists()


def test_one_command_makes_a_piece_and_a_test_that_passes(capsys, monkeypatch, tmp_path: Path):
    code, said = hub(
        capsys, monkeypatch, "recording", "cut", BAD, "--booth", "b08",
        "--around", "2026-10-07T15:13:00+09:00", "--before", "10s", "--after", "10s",
        "--out", tmp_path / "health-1.mcap", "--test", tmp_path / "tests" / "test_health.py",
    )  # fmt: skip
    assert code == 0, said
    text = (tmp_path / "tests" / "test_health.py").read_text(encoding="utf-8")
    assert "def test_health_1(replay):" in text
    assert '"schema": ' in text
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]
    if "hub.testing.pytest_plugin" not in loaded_plugins():
        command += ["-p", "hub.testing.pytest_plugin"]
    done = subprocess.run(
        [*command, tmp_path / "tests"], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_plugins() -> set[str]:
    from importlib.metadata import entry_points

    return {item.value for item in entry_points(group="pytest11")}


def test_what_a_device_wrote_cannot_leave_the_comment():
    outcome = Outcome(
        1, {"json": 1}, ['a\n    import os\u2028"""', "x" * 500], {"b1/light/l": "live"}
    )
    text = render('say """ \\', "name", "data\\a.mcap", outcome)
    compile(text, "test", "exec")
    assert "\n    import os" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_info_shows_times_counts_and_what_was_missed(capsys, monkeypatch):
    code, said = hub(capsys, monkeypatch, "recording", "info", BAD)
    assert code == 0
    assert "rejected:schema" in said
    assert "b08" in said
    assert "nothing is known to be missing" in said
    _, said = hub(capsys, monkeypatch, "recording", "info", BAD.with_name("broker-outage.mcap"))
    assert "for 25.000 s: the connection was lost" in said


def test_a_topic_is_shown_as_it_is_and_does_nothing_to_the_terminal(capsys, monkeypatch, tmp_path):
    writer = Writer(tmp_path / "a.mcap", kinds())
    writer.add(Recorded("smartlife/v1/b1/[/x]/\x1b[31m", b"1", 5 * S, verdict="rejected:topic"))
    writer.close()
    code, said = hub(capsys, monkeypatch, "recording", "info", tmp_path / "a.mcap")
    assert code == 0
    assert r"smartlife/v1/b1/[/x]/\x1b[31m" in said


def test_a_piece_of_a_damaged_recording_leaves_no_half_of_it(tmp_path: Path):
    path = tmp_path / "a.mcap"
    writer = Writer(path, kinds())
    for at in (1, 2):
        writer.add(Recorded("smartlife/v1/b1/thermostat/t", b"1", at * S, verdict="rejected:json"))
        writer.flush()
    writer.close()
    octets = bytearray(path.read_bytes())
    second = octets.find(ZSTD_FRAME, octets.find(ZSTD_FRAME) + 1)
    octets[second + 4 : second + 12] = bytes(8)
    path.write_bytes(octets)
    with pytest.raises(RecordingError, match="damaged"):
        cut(path, tmp_path / "piece.mcap", kinds(), start=0, stop=9 * S)
    assert not (tmp_path / "piece.mcap").exists()


def test_info_names_kinds_that_have_changed(capsys, monkeypatch, tmp_path: Path):
    writer = Writer(tmp_path / "a.mcap", kinds(), schemas={"thermostat": b"{}"})
    writer.add(Recorded("smartlife/v1/b1/thermostat/t", b'{"temp": 1}', 5 * S))
    writer.close()
    _, said = hub(capsys, monkeypatch, "recording", "info", tmp_path / "a.mcap")
    assert "thermostat: recorded with other fields than the present catalogue's" in said


@pytest.mark.parametrize("schema", [b'{"a": \xff}', b"[1]", b'{"properties": [1]}', b"{"])
def test_info_shows_a_recording_of_whose_schema_a_byte_is_another_one(
    capsys, monkeypatch, tmp_path: Path, schema: bytes
):
    writer = Writer(tmp_path / "a.mcap", kinds(), schemas={"thermostat": schema})
    writer.add(Recorded("smartlife/v1/b1/thermostat/t", b'{"temp": 1}', 5 * S))
    writer.close()
    code, said = hub(capsys, monkeypatch, "recording", "info", tmp_path / "a.mcap")
    assert code == 0
    assert "thermostat: recorded with other fields" in said


def test_repair_says_what_was_saved_and_lost(capsys, monkeypatch, tmp_path: Path):
    path = tmp_path / "a.mcap"
    path.write_bytes(BAD.read_bytes()[:-3000])
    code, said = hub(capsys, monkeypatch, "recording", "info", path)
    assert code == 1
    assert f"hub recording repair {path}" in said
    code, said = hub(capsys, monkeypatch, "recording", "repair", path)
    assert code == 0
    assert f"saved {len(list(read(BAD))):,} messages: {tmp_path / 'a-repaired.mcap'}" in said
    assert "was not closed" in said
    code, said = hub(capsys, monkeypatch, "recording", "repair", tmp_path / "a-repaired.mcap")
    assert "is whole" in said


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_export_says_what_it_wrote(capsys, monkeypatch, tmp_path: Path, form: str):
    out = tmp_path / "out"
    code, said = hub(
        capsys,
        monkeypatch,
        "recording",
        "export",
        BAD,
        "--to",
        form,
        "--out",
        out,
        "--kind",
        "wearable",
    )
    assert code == 0, said
    assert str(out) in said
    assert hub(capsys, monkeypatch, "recording", "export", BAD, "--to", "xls", "--out", out)[0] == 2
