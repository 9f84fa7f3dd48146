"""The publisher: what was in flight when a connection ended is sent again on the next."""

import asyncio

import pytest
from mqtt5 import PubRelPacket

from harness.wait import eventually
from hub.errors import BrokerError
from hub.mqtt import publisher as publisher_module
from hub.mqtt.codec import (
    ConnectPacket,
    Framer,
    PubCompPacket,
    PublishPacket,
    PubRecPacket,
    QoS,
    pubacks,
)
from hub.mqtt.outgoing import Outgoing
from hub.mqtt.publisher import Publisher
from tests.mqtt.played import CONNACK, SESSION_PRESENT, played

MESSAGE = Outgoing("a/b", b"x", 1, False, {})
MAXIMUM_PACKET_SIZE_64 = bytes([0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 64])
RECEIVE_MAXIMUM_2 = bytes([0x20, 6, 0, 0, 3, 0x21, 0, 2])


class Answering:
    """A broker that takes messages of one connection, and answers them while `go_on` is set."""

    def __init__(self, connack: bytes = CONNACK) -> None:
        self.connack = connack
        self.connected = False
        self.came: list[PublishPacket] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4_096):
            for packet in framer.feed(data):
                if isinstance(packet, ConnectPacket):
                    assert not self.connected, "it waited for the next connection"
                    self.connected = True
                    writer.write(self.connack)
                    continue
                await self.go_on.wait()
                if isinstance(packet, PublishPacket):
                    self.came.append(packet)
                    if packet.packet_id is not None:
                        once = packet.qos is QoS.EXACTLY_ONCE
                        received = PubRecPacket(packet.packet_id).write()
                        writer.write(received if once else pubacks([packet.packet_id]))
                elif isinstance(packet, PubRelPacket):
                    writer.write(PubCompPacket(packet.packet_id).write())


@pytest.mark.parametrize("second", [SESSION_PRESENT, CONNACK], ids=["resumed", "lost"])
async def test_a_connection_that_ends_is_made_anew_and_the_end_says_so(
    monkeypatch: pytest.MonkeyPatch, second: bytes
):
    monkeypatch.setattr(publisher_module, "FIRST_DELAY", 0.001)
    came: list[tuple[bytes, bool]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4_096):
            for packet in framer.feed(data):
                if isinstance(packet, ConnectPacket):
                    writer.write(second if came else CONNACK)
                elif isinstance(packet, PublishPacket):
                    came.append((packet.payload, packet.duplicate))
                    if len(came) == 1:
                        return
                    assert packet.packet_id is not None
                    writer.write(pubacks([packet.packet_id]))

    async with played(serve) as broker:
        publisher = Publisher(broker, once=False)
        await publisher.open()
        assert publisher.offer(MESSAGE)
        await publisher.settled()
        assert (publisher.sent, publisher.reconnects, publisher.last_error) == (1, 1, None)
        assert publisher.notes == "; connected again 1 times"
        await publisher.close()
        assert publisher._keeping is not None
        assert publisher._keeping.done()
    assert [payload for payload, _ in came] == [b"x", b"x"]
    assert came[1][1] is (second == SESSION_PRESENT)


@pytest.mark.parametrize(("once", "qos"), [(True, 2), (False, 1)])
async def test_what_must_come_once_is_sent_with_qos_2(once: bool, qos: int):
    came: list[PublishPacket] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4_096):
            for packet in framer.feed(data):
                if isinstance(packet, ConnectPacket):
                    writer.write(CONNACK)
                elif isinstance(packet, PublishPacket):
                    came.append(packet)

    async with played(serve) as broker:
        publisher = Publisher(broker, once=once)
        await publisher.open()
        assert publisher.offer(MESSAGE)
        publisher.flush()
        await eventually(lambda: came)
        await publisher.close(deadline=0)
    assert [packet.qos for packet in came] == [QoS(qos)]


async def test_a_broker_that_refuses_is_told_at_once():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4_096)
        writer.write(bytes([0x20, 3, 0, 135, 0]))
        await reader.read()

    async with played(serve) as broker:
        with pytest.raises(BrokerError, match="password or client id is wrong"):
            await Publisher(broker).open()


async def test_no_more_is_in_flight_than_the_broker_has_room_for():
    there = Answering(RECEIVE_MAXIMUM_2)
    there.go_on.clear()
    async with played(there.serve) as broker:
        publisher = Publisher(broker, once=False)
        await publisher.open()
        assert [publisher.offer(MESSAGE) for _ in range(3)] == [True, True, False]
        there.go_on.set()
        while not publisher.offer(MESSAGE):
            await publisher.room()
        await publisher.settled()
        assert publisher.sent == len(there.came) == 3
        await publisher.close()


async def test_a_message_beyond_the_maximum_packet_size_of_the_broker_is_refused():
    there = Answering(MAXIMUM_PACKET_SIZE_64)
    async with played(there.serve) as broker:
        publisher = Publisher(broker)
        await publisher.open()
        assert publisher.offer(MESSAGE._replace(payload=bytes(100)))
        assert [*publisher.state.refused] == ["it is larger than the broker takes"]
        assert publisher.offer(MESSAGE)
        await publisher.settled()
        await publisher.close()
    assert [packet.payload for packet in there.came] == [b"x"]


async def test_a_broker_that_reads_slowly_is_waited_for():
    there = Answering()
    there.go_on.clear()
    large = MESSAGE._replace(payload=bytes(100_000), qos=0)
    async with played(there.serve) as broker:
        publisher = Publisher(broker)
        await publisher.open()
        while publisher.offer(large):
            assert publisher.sent < 1_000, "it takes without end"
        there.go_on.set()
        await publisher.room()
        assert publisher.offer(large)
        await publisher.settled()
        await eventually(lambda: len(there.came) == publisher.sent)
        await publisher.close()


async def test_the_order_stays_between_what_must_come_once_and_the_rest():
    """A broker forwards QoS 2 at PUBREL, the others at once."""
    there = Answering()
    there.go_on.clear()
    best_effort = MESSAGE._replace(qos=0)
    async with played(there.serve) as broker:
        publisher = Publisher(broker)
        await publisher.open()
        assert publisher.offer(best_effort)
        assert publisher.offer(MESSAGE)
        assert publisher.offer(MESSAGE)
        assert not publisher.offer(best_effort)
        there.go_on.set()
        await publisher.settled()
        assert publisher.offer(best_effort)
        await publisher.settled()
        await eventually(lambda: len(there.came) == 4)
        await publisher.close()
    assert [packet.qos for packet in there.came] == [0, 2, 2, 0]


async def test_what_the_broker_would_disconnect_for_is_refused_and_the_next_is_sent():
    there = Answering()
    async with played(there.serve) as broker:
        publisher = Publisher(broker)
        await publisher.open()
        for qos in (0, 1):
            assert publisher.offer(MESSAGE._replace(topic="a/#", qos=qos))
        assert publisher.offer(MESSAGE)
        await publisher.settled()
        await publisher.close()
    assert sum(publisher.refused.values()) == 2
    assert [packet.topic for packet in there.came] == ["a/b"]


async def test_a_full_batch_is_sent_without_being_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(publisher_module, "BATCH", 3)
    there = Answering()
    async with played(there.serve) as broker:
        publisher = Publisher(broker)
        await publisher.open()
        for _ in range(4):
            assert publisher.offer(MESSAGE._replace(qos=0))
        await eventually(lambda: len(there.came) == 3)
        publisher.flush()
        await eventually(lambda: len(there.came) == 4)
        await publisher.close()
