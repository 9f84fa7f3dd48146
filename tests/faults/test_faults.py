"""The fault suite in its short form: network, disk, clock and load; nothing is lost."""

import os
from pathlib import Path

import pytest

from faults.stage import NotPlayed
from tests.faults import played


@pytest.mark.timeout(900)  # each waits for many things, one after the other
@pytest.mark.parametrize(
    "name",
    [
        "alike",
        "cut",
        "disk-full",
        "clock",
        "clock-wrong",
        "attack",
        "storm",
    ],
)
def test_nothing_is_lost_nothing_twice_nothing_wrong(name: str, tmp_path: Path):
    played.check(name, tmp_path)


@pytest.mark.parametrize("ci", [True, False])
def test_what_cannot_be_played_here_is_a_skip_that_says_why_and_on_ci_a_failure(
    ci: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (monkeypatch.setenv if ci else monkeypatch.delenv)("CI", *(["true"] if ci else [False]))
    unshare = tmp_path / "unshare"
    unshare.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    unshare.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    expected = NotPlayed if ci else pytest.skip.Exception
    with pytest.raises(expected, match="no right to mount"):
        played.check("disk-full", tmp_path / "stage")
