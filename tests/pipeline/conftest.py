"""What the way from a session to the disk is tested with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.clock import HeldClock
from hub.pipeline import committer as committer_module
from hub.testing.memory_source import MemorySource
from tests.pipeline.station import Station, started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
async def station(path: Path, clock: HeldClock) -> AsyncIterator[Station]:
    async with started(path, clock) as station:
        yield station


@pytest.fixture
def source(station: Station) -> MemorySource:
    return MemorySource(station.intake.receive)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer_module, "RETRY", 0.001)
