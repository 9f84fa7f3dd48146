"""The publisher: what was in flight when a connection ended is sent again on the next."""

import asyncio

import pytest

from harness.wait import eventually
from hub.errors import BrokerError
from hub.mqtt import publisher as publisher_module
from hub.mqtt.codec import ConnectPacket, Framer, PublishPacket, QoS, pubacks
from hub.mqtt.outgoing import Outgoing
from hub.mqtt.publisher import Publisher
from tests.mqtt.played import CONNACK, SESSION_PRESENT, played

MESSAGE = Outgoing("a/b", b"x", 1, False, {})


@pytest.mark.parametrize("second", [SESSION_PRESENT, CONNACK], ids=["resumed", "lost"])
async def test_a_connection_that_ends_is_made_anew_and_the_end_says_so(
    monkeypatch: pytest.MonkeyPatch, second: bytes
):
    monkeypatch.setattr(publisher_module, "_FIRST_DELAY", 0.001)
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
