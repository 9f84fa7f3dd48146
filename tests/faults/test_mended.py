"""What the faults found, and what mends it, each by itself."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from hub import ingest as hub_ingest
from hub.clock import Arrivals, HeldClock
from hub.decode import Decoder
from hub.errors import OutboxFull
from hub.ingest import Ingest
from hub.model import Commit
from hub.mqtt import session as mqtt_session
from hub.mqtt.codec import ConnectPacket, PublishPacket, TopicFilter
from hub.mqtt.memory import MemoryConnection, MemoryMessage
from hub.mqtt.source import Broker, MqttSource, topic_filters
from hub.outbox import ROOM, Outbox
from hub.outbox import file as outbox_file
from hub.redelivery import Redeliveries
from hub.stores.influx_answers import Answer, apart
from schemas import kinds

CONNACK = bytes([0x20, 3, 0, 0, 0])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    disk = SimpleNamespace(f_bavail=ROOM + 100_000, f_frsize=1)
    monkeypatch.setattr(outbox_file.os, "statvfs", lambda _: disk)
    return disk


def test_the_outbox_never_takes_the_last_of_the_disk(tmp_path: Path, small_disk: SimpleNamespace):
    outbox = Outbox(tmp_path / "outbox.db", 10**9)
    lines = b"wearable,booth=b1 steps=1i 1"
    outbox.commit(Commit(lines=lines, count=1))
    small_disk.f_bavail = 1_000
    with pytest.raises(OutboxFull, match="its disk is full but for 1000 bytes"):
        outbox.commit(Commit(lines=lines, count=1))
    outbox.settle(outbox.waiting(10), [])
    assert outbox.accounts.stored == 1, "what is there can still be let go of"
    small_disk.f_bavail = 10 * ROOM
    outbox.commit(Commit(lines=lines, count=1))
    outbox.close()


CONFLICT = (
    '{"error": "partial write: field type conflict: input field \\"power\\" on measurement '
    '\\"light\\" is type float, already exists as type string dropped=1"}'
)


def test_lines_of_the_measurement_that_is_refused_are_sent_by_themselves():
    lines = [b"wearable,booth=b1 steps=1i 1", b"light,booth=b1 power=1 1", b"lights,a=b c=1 1"]
    assert apart(Answer(400, CONFLICT), lines) == ([lines[1]], [lines[0], lines[2]])


@pytest.mark.parametrize("body", ["{}", CONFLICT])
def test_without_anything_to_tell_them_by_lines_are_halved(body: str):
    lines = [b"light,booth=b1 power=1 1"] * 3
    assert apart(Answer(400, body), lines) == (lines[:1], lines[1:])


async def test_a_subscription_may_stand_behind_a_long_queue(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mqtt_session, "SILENCE", 0.2)
    message = PublishPacket("a", b"1").write()
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(CONNACK)
        await reader.read(100)
        for _ in range(10):
            writer.write(message)
            await asyncio.sleep(0.05)
        writer.write(SUBACK)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        loop = asyncio.get_running_loop()
        port = server.sockets[0].getsockname()[1]
        taken: list[object] = []
        _, session = await loop.create_connection(
            lambda: mqtt_session.Session(ConnectPacket("hub"), lambda _, more: taken.extend(more)),
            "127.0.0.1",
            port,
        )
        await session.connected()
        await session.subscribe([TopicFilter("#")])
        assert len(taken) == 10
        session.close()
        await session.closed()
        await ended.wait()


# --- where messages begin again, when the first read brings only a few of them

FAR = 70_000
"""Messages after which identifiers have been used again."""


def message(number: int, *, duplicate: bool = True) -> MemoryMessage:
    return MemoryMessage(
        "smartlife/v1/b1/wearable/w1",
        b'{"heart_rate": 60, "steps": %d}' % number,
        packet_id=number % 65_535 + 1,
        duplicate=duplicate,
    )


@pytest.fixture
def ingest(monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """An ingest that has kept `FAR` messages, and meets its broker again."""
    monkeypatch.setattr(hub_ingest, "_PATIENCE", 0.01)
    kept = [message(number) for number in range(FAR)]
    memory = Redeliveries()
    memory.note([item.packet_id or 0 for item in kept], hub_ingest._digests(kept), range(FAR))
    memory.take()
    clock = HeldClock()
    decoder = Decoder("smartlife/v1", kinds())
    return Ingest(decoder, SimpleNamespace(), Arrivals(clock), memory, lambda _: None)


def connected(ingest: Ingest) -> MemoryConnection:
    return MemoryConnection(ingest.receive, lambda _: None)


def taken(ingest: Ingest) -> tuple[int, int]:
    """How many were taken for new ones, and for old ones."""
    lots = ingest._pending
    return sum(len(lot.readings) for lot in lots), sum(lot.duplicate for lot in lots)


async def test_a_single_message_that_comes_again_first_waits_for_those_behind_it(ingest: Ingest):
    connection = connected(ingest)
    ingest.receive(connection, [message(0)])
    assert taken(ingest) == (0, 0)
    ingest.receive(connection, [message(number) for number in range(1, 40)])
    ingest.receive(connection, [message(number) for number in range(40, FAR)])
    assert taken(ingest) == (0, FAR)
    ingest.receive(connection, [message(FAR)])
    assert taken(ingest) == (1, FAR)


async def test_a_single_message_behind_which_nothing_comes_is_taken_after_a_while(ingest: Ingest):
    ingest.receive(connected(ingest), [message(0)])
    async with asyncio.timeout(10):
        while taken(ingest) != (1, 0):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.005)


async def test_what_was_held_back_when_a_connection_ended_comes_again(ingest: Ingest):
    ingest.receive(connected(ingest), [message(0)])
    ingest.receive(connected(ingest), [message(number) for number in range(40)])
    assert taken(ingest) == (0, 40)


async def test_the_hub_subscribes_on_each_connection_though_the_broker_knows_its_session():
    known = bytes([0x20, 3, 1, 0, 0])
    options: list[int] = []
    enough = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(known)
        subscribe = await reader.read(1_000)
        options.append(subscribe[-1])
        writer.write(SUBACK)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        if len(options) == 2:
            enough.set()

    async def remember(patterns: list[str]) -> None:
        pass

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        broker = Broker("127.0.0.1", server.sockets[0].getsockname()[1], "hub")
        filters = topic_filters("smartlife/v1", "")
        source = MqttSource(broker, filters, lambda *_: None, lambda: None, [], remember)
        running = asyncio.create_task(source.run())
        await asyncio.wait_for(enough.wait(), 20)
        running.cancel()
        await asyncio.wait({running})
    retained_handling = [item >> 4 for item in options[:2]]
    assert retained_handling == [0, 1], "retained states once, then only if it had been forgotten"
