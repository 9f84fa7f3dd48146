"""What all tests share: the catalogue, a held clock, and an environment without settings."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from harness.forked import forking
from harness.mosquitto import mosquittos
from hub.clock import HeldClock
from hub.pipeline.decode import Decoder
from hub.recording.format import Recorded
from schemas import KindSpec
from schemas import kinds as catalogue
from tests.recording.made import written

# No deadlines: they are assertions on elapsed time. The same examples everywhere, so that a test
# that passed here passes there; `HYPOTHESIS_PROFILE=search` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=60)
settings.register_profile(
    "search", deadline=None, max_examples=2_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

NOW = 1_760_000_000 * 10**9
"""2025-10-09T08:53:20Z, at which the held clock starts, in ns."""


LONGEST = ("tests/integration/", "tests/replay/", "tests/faults/", "tests/snippets/")
"""Where most tests wait for processes: begun first, so that no worker is left alone with one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; else the order stays."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """Let the collector pass by the tests themselves: some 15,000 cost it a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say which brokers there are; -q leaves out pytest's own header."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(session.config, "workerinput"):
        chosen = os.environ.get("MOSQUITTO", "")
        terminal.write_line(f"Mosquitto: {chosen and chosen + ' of '}{', '.join(mosquittos())}")


@pytest.fixture(scope="session", autouse=True)
def no_settings() -> Iterator[None]:
    """No setting of whoever runs the tests gets into them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith("HUB_"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def forked(no_settings: None) -> Iterator[None]:
    """Hubs are forked, but for what tests start in a shell of their own: hundreds are started."""
    with forking():
        yield


@pytest.fixture(scope="session")
def kinds() -> Mapping[str, KindSpec]:
    """The catalogue."""
    return catalogue()


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """Make a recording of messages."""

    def make(messages: Iterable[Recorded], name: str = "made.mcap") -> Path:
        return written(tmp_path / name, messages)

    return make


@pytest.fixture
def clock() -> HeldClock:
    """A clock that stands still at `NOW`."""
    return HeldClock(NOW)


@pytest.fixture(scope="session")
def decoder(kinds: Mapping[str, KindSpec]) -> Decoder:
    """A decoder of everything under smartlife/v1."""
    return Decoder("smartlife/v1", kinds)
