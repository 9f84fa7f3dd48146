"""A real broker for the tests of the devices, and somebody who listens at it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiomqtt
import iotcore
import pytest

from devices import Broker
from harness import ports
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE

_booths = itertools.count(1)


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """An embedded broker, MQTT 3.1.1."""
    port = ports.free_port()
    with iotcore.Broker(port=port, listen="127.0.0.1", max_payload_size=1_000_000):
        yield Broker("127.0.0.1", port)


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Mosquitto, both versions of MQTT."""
    server = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    try:
        yield Broker("127.0.0.1", server.start().port)
    finally:
        server.kill()


@pytest.fixture
def booth() -> str:
    """A booth that no other test uses."""
    return f"b{next(_booths)}"


@asynccontextmanager
async def _listening(broker: Broker, topic: str) -> AsyncIterator[aiomqtt.Client]:
    async with asyncio.timeout(DEADLINE):
        async with aiomqtt.Client(broker.host, broker.port) as client:
            await client.subscribe(topic, qos=1)
            yield client


@pytest.fixture
def listening() -> Callable[[Broker, str], AbstractAsyncContextManager[aiomqtt.Client]]:
    """A subscriber to a topic of a broker, with a deadline for all that happens inside."""
    return _listening


@pytest.fixture
def free_port() -> int:
    """A port where nobody listens."""
    return ports.free_port()


@pytest.fixture
def zone_file(tmp_path: Path) -> Path:
    """Where a zone file for a test goes."""
    return tmp_path / "zone.toml"
