"""Fixtures: real brokers, the hub as a process, and a booth that no other test uses."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from harness.hub import Hub
from harness.mosquitto import Mosquitto, mosquittos
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE
from hub.mqtt.embedded import EmbeddedBroker, run_broker
from tests.integration.halls import Hall, opened
from tests.integration.pages import FLAGS

_booths = itertools.count(1)
expect.set_options(timeout=DEADLINE * 1_000)  # only what hangs takes so long


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Mosquitto with the project's configuration, empty."""
    broker = Mosquitto(tmp_path / "mosquitto")
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture(params=list(mosquittos()) or [""])
def each_mosquitto(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mosquitto]:
    """Each Mosquitto that there is, in turn."""
    broker = Mosquitto(tmp_path / "mosquitto", version=request.param)
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    """The embedded broker, empty."""
    with run_broker(free_port(), free_port()) as broker:
        yield broker


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[Callable[..., Hub]]:
    """Make hubs, each in a folder of its own; they are ended with the test."""
    hubs: list[Hub] = []

    def make(broker: str, **settings: object) -> Hub:
        hubs.append(Hub(tmp_path / f"hub{len(hubs)}", broker, **settings))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


@pytest.fixture
def hub(mosquitto: Mosquitto, make_hub: Callable[..., Hub]) -> Hub:
    """A hub that runs at Mosquitto."""
    return make_hub(mosquitto.url).start()


@pytest.fixture(scope="session")
def standing_mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A Mosquitto for all tests that leave it as it was."""
    broker = Mosquitto(tmp_path_factory.mktemp("standing") / "mosquitto")
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture(scope="session")
def standing_hub(
    standing_mosquitto: Mosquitto, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hub]:
    """A hub for all tests that only look at a booth of their own."""
    hub = Hub(tmp_path_factory.mktemp("standing") / "hub", standing_mosquitto.url)
    try:
        yield hub.start()
        assert hub.said.count("connected to") == 1, f"a test took its connection:\n{hub.said}"
    finally:
        hub.close()


@pytest.fixture
def booth() -> str:
    """A booth that no other test uses."""
    return f"b{next(_booths)}"


@pytest.fixture(scope="module")  # of a session it would keep its event loop from other tests
def browser() -> Iterator[Browser]:
    """The system's Chromium, without windows: that halves its CPU time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium-headless-shell"), args=FLAGS.split()
        )
        yield browser
        browser.close()


@pytest.fixture
def open_hall(tmp_path: Path) -> Iterator[Callable[..., Hall]]:
    """Open a hall of so many booths, in which a test may change anything."""
    with ExitStack() as halls:
        yield lambda count, event="": halls.enter_context(opened(tmp_path, count, event))


@pytest.fixture(scope="module")
def standing_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall of twelve booths for all tests of a module that only look at it."""
    with opened(tmp_path_factory.mktemp("hall"), 12) as place:
        yield place
