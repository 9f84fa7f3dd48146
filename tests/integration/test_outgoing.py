"""What the hub publishes stays within what the broker allows: it never costs the connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest

from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE
from hub.mqtt.codec import ConnectPacket
from hub.mqtt.connecting import Broker
from hub.mqtt.outgoing import Outgoing
from hub.mqtt.publisher import Publisher
from hub.mqtt.session import Session
from hub.settings.values import BrokerAddress

LIMITS = ("max_packet_size 2000", "max_qos 1", "retain_available false")
"""Before the file of the project, whose own maximum then counts no more."""


@pytest.fixture
def strict(tmp_path: Path) -> object:
    """Mosquitto that allows little."""
    broker = Mosquitto(tmp_path / "mosquitto", "allow_anonymous true", listener=LIMITS)
    text = broker._config.read_text(encoding="utf-8")
    broker._config.write_text(text.replace("max_packet_size 69632", ""), encoding="utf-8")
    try:
        yield broker.start()
    finally:
        broker.kill()


@asynccontextmanager
async def _session(broker: Mosquitto) -> AsyncIterator[Session]:
    loop = asyncio.get_running_loop()
    connect = ConnectPacket("tests", clean_start=True)
    _, session = await loop.create_connection(
        lambda: Session(connect, lambda *_: None), "127.0.0.1", broker.port
    )
    try:
        await session.connected()
        yield session
    finally:
        session.close()


@asynccontextmanager
async def _listener(broker: Mosquitto) -> AsyncIterator[Callable[[], Awaitable[aiomqtt.Message]]]:
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        await client.subscribe("#", qos=1)

        async def heard() -> aiomqtt.Message:
            async with asyncio.timeout(DEADLINE):
                return await anext(aiter(client.messages))

        yield heard


DEEPEST = "a/" * 199 + "a"
BEYOND = {
    "too deep": (DEEPEST + "/a", b"x"),
    "a wildcard": ("a/+", b"x"),
    "a NUL": ("a/\0", b"x"),
    "nothing": ("", b"x"),
    "too long": ("a" * 65_536, b"x"),
    "no Unicode": ("a/\udcff", b"x"),
    "too large": ("a/b", bytes(2_000)),
    "too large with its topic": ("a/" * 99 + "a", bytes(1_900)),
}


@pytest.mark.parametrize("what", BEYOND)
async def test_an_answer_that_the_broker_would_not_take_is_not_sent(strict: Mosquitto, what: str):
    topic, payload = BEYOND[what]
    async with _listener(strict) as heard, _session(strict) as session:
        assert not session.publish(topic, payload)
        assert session.publish(DEEPEST, b"y")
        message = await heard()
        assert (str(message.topic), message.payload) == (DEEPEST, b"y")


@pytest.mark.parametrize("what", BEYOND)
@pytest.mark.parametrize("qos", [0, 1])
async def test_a_replay_goes_on_after_what_the_broker_would_not_take(
    strict: Mosquitto, what: str, qos: int
):
    topic, payload = BEYOND[what]
    async with _listener(strict) as heard:
        publisher = Publisher(Broker(BrokerAddress("127.0.0.1", strict.port), "replay"))
        await publisher.open()
        assert publisher.offer(Outgoing(topic, payload, qos, False, {}))
        answer_to = {"response_topic": DEEPEST + "/a"}
        assert publisher.offer(Outgoing("a/b", b"x", qos, False, answer_to))
        # It takes QoS 1 at most and retains nothing: what asks for more is sent as it takes it.
        assert publisher.offer(Outgoing("a/b", b"y", 2, True, {}))
        await publisher.settled()
        message = await heard()
        assert (str(message.topic), message.payload, message.qos) == ("a/b", b"y", 1)
        assert sum(publisher.refused.values()) == 2
        assert publisher.reconnects == 0
        await publisher.close()
