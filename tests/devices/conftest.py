"""A real broker for the tests of the devices, and somebody who listens at it."""

import asyncio
import itertools
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiomqtt
import iotcore
import pytest

from devices import Broker
from harness.wait import DEADLINE

#: How long anything may take before a test gives up, in seconds.
_MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
_booths = itertools.count(1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """An embedded broker, MQTT 3.1.1."""
    port = _free_port()
    with iotcore.Broker(port=port, listen="127.0.0.1", max_payload_size=1_000_000):
        yield Broker("127.0.0.1", port)


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Mosquitto, both versions of MQTT."""
    if _MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    port = _free_port()
    config = tmp_path_factory.mktemp("mosquitto") / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nconnection_messages false\n"
    )
    command = [_MOSQUITTO, "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "running" in line:
                break
        yield Broker("127.0.0.1", port)
        process.terminate()


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
    return _free_port()


@pytest.fixture
def zone_file(tmp_path: Path) -> Path:
    """Where a zone file for a test goes."""
    return tmp_path / "zone.toml"
