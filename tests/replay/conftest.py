"""What a replay needs to run against."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.process import Process
from hub.cli import app
from hub.errors import HubError

_booths = itertools.count(1)


class Replay(Process):
    """`hub replay` as a process."""

    def begin(self, path: Path, *words: str, **settings: object) -> "Replay":
        self.launch_module(["hub", "replay", str(path), *words], environment(settings))
        return self


@pytest.fixture
def replaying(tmp_path: Path) -> Iterator[Replay]:
    """A replay that is ended with the test."""
    process = Replay(tmp_path / "replay.log")
    yield process
    process.kill()


class Played(NamedTuple):
    """What became of a replay in this process."""

    code: int
    said: str


def play(path: Path, *words: str) -> Played:
    """Run `hub replay` in this process, to its end."""
    done = CliRunner().invoke(app, ["replay", str(path), *words])
    said = f"{done.output}{done.exception or ''}"
    assert isinstance(done.exception, HubError | SystemExit | None), said
    return Played(done.exit_code, said)


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Mosquitto with the project's configuration; a test may stop it and start it again."""
    broker = Mosquitto(tmp_path_factory.mktemp("broker") / "mosquitto")
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture(scope="module")
def service(mosquitto: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that runs at Mosquitto, for tests each with a booth of its own."""
    folder = tmp_path_factory.mktemp("service") / "hub"
    hub = Hub(folder, mosquitto.url, quota_readings=0, quota_bytes=0)
    try:
        yield hub.start()
    finally:
        hub.close()


@pytest.fixture
def booth() -> str:
    """A booth that no other test uses."""
    return f"r{next(_booths)}"
