"""The fault suite in its short form: hub and database killed and cut; nothing is lost."""

from pathlib import Path

import pytest

from tests.faults import played


@pytest.mark.timeout(900)  # each waits for many things, one after the other
@pytest.mark.parametrize(
    "name",
    [
        "kill-everywhere",
        "both-killed",
        "influx-cuts",
    ],
)
def test_nothing_is_lost_nothing_twice_nothing_wrong(name: str, tmp_path: Path):
    played.check(name, tmp_path)
