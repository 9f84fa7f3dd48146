"""The fault suite in its short form: real processes, killed, cut, starved, and nothing is lost."""

from pathlib import Path

import pytest

from faults.scenarios import SCENARIOS
from faults.stage import Stage

SHORT = (
    "kill-everywhere",
    "both-killed",
    "influx-cuts",
    "broker-restart",
    "broker-receipts",
    "cut",
    "disk-full",
    "clock",
    "storm",
)


@pytest.mark.timeout(900)  # each waits for many things, one after the other
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_nothing_twice_nothing_wrong(name: str, tmp_path: Path):
    with Stage(tmp_path, print, short=True) as stage:
        outcome = SCENARIOS[name].play(stage)
    assert outcome.faults > 0
    assert outcome.verdict.acknowledged > 1_000
    assert outcome.failures == []
