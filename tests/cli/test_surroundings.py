"""Where the command line is run: its outputs, its input and its arguments may be anything."""

import os
import subprocess
from pathlib import Path

import pytest

from harness.wait import DEADLINE
from hub.cli import options
from tests.cli.test_cli import GOOD, HUB, hub, said_by

CHECK = ("kinds", "check", "thermostat")


def in_a_shell(command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `hub …` as a shell does it, redirections included."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env={**os.environ, "hub": str(HUB), **env},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def test_an_output_that_is_full_is_told_in_one_line():
    done = in_a_shell("$hub kinds list > /dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "No space left on device" in done.stderr


def test_an_encoding_without_korean_gets_escapes():
    done = in_a_shell("$hub kinds show thermostat", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\uc628\ub3c4" in done.stdout


def test_an_input_that_was_closed_is_empty():
    done = in_a_shell(f"$hub {' '.join(CHECK)} <&-")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_an_input_without_end_is_not_read_to_its_end(capsys, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(options, "LARGEST_INPUT", 1_000)
    code, said = said_by(capsys, monkeypatch, *CHECK, "/dev/zero")
    assert code == 2
    assert "/dev/zero: has more than 1,000 bytes" in said
    (tmp_path / "stdin").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert said_by(capsys, monkeypatch, *CHECK, "stdin")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("demo", "--mqtt-port", "70000"), "Input should be less than or equal to 65535"),
        (("tail", "--booth", "#"), "--booth: '#' is no booth"),
        (("tail", "--booth", "b12/#"), "--booth: 'b12/#' is no booth"),
        (("certs", "make", "--out", "x"), "give at least one --name or --ip"),
        (("certs", "make", "--out", "x", "--ip", "999"), "'999': is no IP address"),
        (("send", "b12", "thermostat", "t1", "\udcff"), "is no text in UTF-8"),
    ],
)
def test_an_argument_that_cannot_be_ends_with_2(arguments, said, capsys, monkeypatch):
    code, told = said_by(capsys, monkeypatch, *arguments)
    assert code == 2
    assert said in told


def test_a_folder_that_cannot_be_written_ends_with_1_and_one_line(tmp_path: Path):
    (tmp_path / "file").touch()
    done = hub("boards", "build", "--folder", str(tmp_path / "file"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Not a directory" in done.stderr


def test_a_board_that_is_no_text_is_stale(tmp_path: Path):
    assert hub("boards", "build", "--folder", str(tmp_path)).returncode == 0
    board = next((tmp_path / "grafana" / "dashboards").rglob("*.json"))
    board.write_bytes(b"\xff")
    done = hub("boards", "check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert f"{board.name}: stale; run hub boards build" in done.stderr


def test_kinds_that_cannot_be_read_end_with_2(tmp_path: Path, capsys, monkeypatch):
    (tmp_path / "zone.toml").touch()
    (tmp_path / "kinds").touch()
    zone = ("--zone", str(tmp_path / "zone.toml"))
    code, said = said_by(capsys, monkeypatch, "kinds", "list", *zone)
    assert code == 2
    assert f"HUB_KINDS: {tmp_path / 'kinds'}: Not a directory" in said


def test_a_capture_of_which_no_line_matches_ends_with_1(tmp_path: Path, capsys, monkeypatch):
    (tmp_path / "capture").write_text("stat/p/RESULT {}\n", encoding="utf-8")
    asked = ("dialects", "try", "tasmota", "tele/#", str(tmp_path / "capture"))
    code, said = said_by(capsys, monkeypatch, *asked)
    assert (code, said) == (1, "no line of the capture matches 'tele/#'\n")
