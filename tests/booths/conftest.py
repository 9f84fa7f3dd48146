"""A broker with the shipped configuration, and two booths with accounts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from tests.booths.secured import NAMES, VERSIONS, Client, Secured, added


class Event(NamedTuple):
    """The broker, and the passwords of the accounts of booths b12 (two devices) and b13 (one)."""

    broker: Secured
    passwords: dict[str, str]

    def device(self, account: str, version: MQTTProtocolVersion, **more: Any) -> Client:
        """A device at the exhibitors' listener."""
        password = self.passwords[account]
        return Client(self.broker.plain, account, password, version, **more)


@pytest.fixture(scope="session")
def event(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Event]:
    """An event that no test changes."""
    broker = Secured(tmp_path_factory.mktemp("secured"))
    try:
        broker.begin()
        made = added(broker, "b12", "--device", "thermostat/t1", "--devices", 2)
        yield Event(broker, {**made, **added(broker, "b13")})
    finally:
        broker.kill()


@pytest.fixture(params=VERSIONS, ids=NAMES.get)
def version(request: pytest.FixtureRequest) -> int:
    """MQTT 3.1.1 and MQTT 5."""
    return int(request.param)


@pytest.fixture
def make_secured(tmp_path: Path) -> Iterator[Callable[..., Secured]]:
    """Make brokers whose first accounts are made with these settings."""
    brokers: list[Secured] = []

    def make(**settings: object) -> Secured:
        brokers.append(Secured(tmp_path / f"broker{len(brokers)}"))
        return brokers[-1].begin(**settings)

    yield make
    for broker in brokers:
        broker.kill()
