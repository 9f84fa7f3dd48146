"""Plays a scenario of the fault suite in its short form."""

import os
from pathlib import Path

import pytest

from faults.scenarios import SCENARIOS
from faults.stage import NotPlayed, Stage


def check(name: str, folder: Path) -> None:
    """Play a scenario: nothing is lost, nothing twice, nothing wrong."""
    with Stage(folder, print, short=True) as stage:
        try:
            outcome = SCENARIOS[name].play(stage)
        except NotPlayed as exc:
            if "CI" in os.environ:
                raise
            pytest.skip(f"{name} was not played: {exc}")
    assert outcome.faults > 0
    assert outcome.verdict.acknowledged > 100
    assert SCENARIOS[name].failures(outcome) == []
