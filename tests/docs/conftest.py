"""What the documentation's examples run against: a real broker and a real hub."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from harness import ROOT
from harness.hub import Hub
from harness.mosquitto import Mosquitto


class Event(NamedTuple):
    """A Mosquitto without accounts, and a hub with the zone file of the documentation."""

    broker: Mosquitto
    hub: Hub


@pytest.fixture(scope="module")
def event(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Event]:
    folder = tmp_path_factory.mktemp("event")
    broker = Mosquitto(folder / "broker")
    hub = Hub(folder / "hub", broker.url, zone=ROOT / "docs/examples/event/zone.toml")
    try:
        yield Event(broker.start(), hub.start())
    finally:
        hub.close()
        broker.kill()
