"""One connection: back-pressure, signs of life, and its end."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.wait import eventually
from hub.booths import certificates
from hub.errors import BrokerError, SessionTaken
from hub.mqtt import gathering
from hub.mqtt import session as session_module
from hub.mqtt.codec import ConnectPacket, PublishPacket, TopicFilter
from hub.mqtt.session import Session

DEADLINE = 30.0
CONNACK = bytes([0x20, 3, 0, 0, 0])
KEEP_ALIVE_1 = bytes([0x20, 6, 0, 0, 3, 0x13, 0, 1])
"""A CONNACK with Server Keep Alive = 1."""
PINGREQ = bytes([0xC0, 0])
MESSAGE = PublishPacket("a/b", b"x" * 1_000).write()


class Peer:
    """The broker's side of one connection, played by the test."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        self.came = asyncio.Queue()
        self.messages: list[PublishPacket] = []

    def receive(self, _: Session, messages: Sequence[PublishPacket]) -> None:
        self.messages += messages

    async def has(self, count: int) -> None:
        await eventually(lambda: len(self.messages) == count)

    async def accepted(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await self.came.get()
        head = await reader.readexactly(2)
        await reader.readexactly(head[1])
        return reader, writer


@asynccontextmanager
async def _connected(
    peer: Peer,
    connack: bytes = CONNACK,
    keep_alive: int = 60,
    tls: tuple[ssl.SSLContext | None, ssl.SSLContext | None] = (None, None),
) -> AsyncIterator[tuple[Session, asyncio.StreamReader, asyncio.StreamWriter]]:
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(
        lambda *ends: peer.came.put_nowait(ends), "127.0.0.1", 0, ssl=tls[0]
    )
    port = server.sockets[0].getsockname()[1]
    connect = ConnectPacket("hub", keep_alive=keep_alive)
    async with asyncio.timeout(DEADLINE):
        _, session = await loop.create_connection(
            lambda: Session(connect, peer.receive), "127.0.0.1", port, ssl=tls[1]
        )
        reader, writer = await peer.accepted()
        writer.write(connack)
        await session.connected()
        try:
            yield session, reader, writer
        finally:
            transport(session).abort()
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()
            server.close()


@pytest.fixture
def peer() -> Peer:
    return Peer()


def transport(session: Session) -> Any:
    return session._transport


async def test_the_kernel_acknowledges_each_read_at_once(peer: Peer, monkeypatch):
    """A stock Mosquitto, with Nagle's algorithm, sends nothing more before that."""
    asked: list[tuple[int, ...]] = []
    async with _connected(peer) as (_, _, writer):
        option = "asyncio.trsock.TransportSocket.setsockopt"
        monkeypatch.setattr(option, lambda _, *said: asked.append(said))
        writer.write(MESSAGE)
        await peer.has(1)
    assert asked == [(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)]


async def test_a_paused_connection_hands_over_nothing_until_it_is_resumed(peer: Peer):
    async with _connected(peer) as (session, _, writer):
        session.pause()
        assert not transport(session).is_reading()
        writer.write(MESSAGE * 20_000)  # more than the sockets hold
        waiting = asyncio.ensure_future(writer.drain())
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done, "the broker could write on, for someone reads"
        assert peer.messages == []
        session.resume()
        await eventually(lambda: len(peer.messages) == 20_000)
        await waiting


async def test_a_paused_connection_is_not_given_up_as_silent(peer: Peer):
    async with _connected(peer, KEEP_ALIVE_1) as (session, reader, _):
        session.pause()
        session._heard -= 3_600
        living = asyncio.ensure_future(session.keep_alive_forever())
        assert await reader.readexactly(4) == PINGREQ * 2
        assert not session._closed.done()
        session.resume()  # the time of the pause counts for nothing
        assert await reader.readexactly(2) == PINGREQ
        assert not session._closed.done()
        living.cancel()


async def test_a_paused_connection_that_the_broker_closed_is_given_up(peer: Peer):
    async with _connected(peer, KEEP_ALIVE_1) as (session, _, writer):
        session.pause()
        writer.write(MESSAGE)
        await writer.drain()
        writer.close()
        living = asyncio.ensure_future(session.keep_alive_forever())
        assert "the broker closed the connection" in str(await session.closed())
        await living


async def test_a_connection_on_which_nothing_comes_back_is_given_up(peer: Peer):
    async with _connected(peer, KEEP_ALIVE_1) as (session, _, _):
        over = asyncio.Event()
        lost = session.connection_lost

        def ended(exc: Exception | None) -> None:
            lost(exc)
            over.set()

        session.connection_lost = ended  # type: ignore[method-assign]
        assert not all(session.publish("a", bytes(10_000)) for _ in range(10_000))
        session._heard -= 3_600
        living = asyncio.ensure_future(session.keep_alive_forever())
        assert "the broker has been silent for 36" in str(await session.closed())
        # Aborted: what is left to write would keep a half-open connection for ever.
        await over.wait()
        await living


async def test_the_brokers_keep_alive_counts(peer: Peer):
    async with _connected(peer, KEEP_ALIVE_1, keep_alive=3_600) as (session, reader, _):
        living = asyncio.ensure_future(session.keep_alive_forever())
        assert await reader.readexactly(2) == PINGREQ
        living.cancel()


async def test_nothing_is_published_to_a_broker_that_reads_too_slowly(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session_module, "WRITE_LIMIT", 100_000)
    async with _connected(peer) as (session, reader, _):
        sent = 0
        while session.publish("a", bytes(10_000)):
            sent += 1
            assert sent < 10_000, "it takes without end"
        assert transport(session).get_write_buffer_size() < 120_000
        await reader.readexactly(sent * 10_000)
        await eventually(lambda: session.publish("a", b"again"))


async def test_what_is_published_goes_with_the_end_of_the_turn(peer: Peer):
    async with _connected(peer) as (session, reader, _):
        for payloads in ([b"1"], [b"2", b"3"]):
            assert all(session.publish("a", payload) for payload in payloads)
            for payload in payloads:
                assert await reader.readexactly(7) == b"\x30\x05\x00\x01a\x00" + payload


async def test_packets_that_are_no_mqtt_end_the_connection(peer: Peer):
    async with _connected(peer) as (session, reader, writer):
        writer.write(b"\xff" * 10)
        assert isinstance(await session.closed(), BrokerError)
        assert await reader.read() == b""


async def test_what_the_receiver_raises_is_the_end_that_is_told(peer: Peer):
    def broken(_: Session, messages: Sequence[PublishPacket]) -> None:
        raise ZeroDivisionError

    peer.receive = broken  # type: ignore[method-assign]
    async with _connected(peer) as (session, _, writer):
        writer.write(MESSAGE)
        assert isinstance(await session.closed(), ZeroDivisionError)


async def test_a_session_that_another_client_took_is_told_from_other_ends(peer: Peer):
    async with _connected(peer) as (session, _, writer):
        writer.write(bytes([0xE0, 2, 142, 0]))
        assert isinstance(await session.closed(), SessionTaken)
    async with _connected(Peer()) as (session, _, writer):
        writer.write(bytes([0xE0, 2, 139, 0]))
        assert type(await session.closed()) is BrokerError


async def test_a_suback_behind_a_long_queue_is_waited_for(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
):
    """Only silence means that there is no answer."""
    monkeypatch.setattr(session_module, "SILENCE", 0.2)
    monkeypatch.setattr(gathering, "GATHER", 0.02)
    async with _connected(peer) as (session, reader, writer):
        asked = asyncio.ensure_future(session.subscribe([TopicFilter("a/#")]))
        await reader.readexactly(2)
        loop = asyncio.get_running_loop()
        until = loop.time() + 0.8
        while loop.time() < until:
            writer.write(MESSAGE)
            await asyncio.sleep(0.005)
        assert not asked.done()
        writer.write(bytes([0x90, 4, 0, 1, 0, 1]))
        await asked
        with pytest.raises(TimeoutError):
            await session.subscribe([TopicFilter("a/#")])


async def test_an_answer_is_waited_for_while_reading_is_paused(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session_module, "SILENCE", 0.02)
    async with _connected(peer) as (session, _, writer):
        session.pause()
        asked = asyncio.ensure_future(session.subscribe([TopicFilter("a/#")]))
        done, _ = await asyncio.wait([asked], timeout=0.2)
        assert not done
        writer.write(bytes([0x90, 4, 0, 1, 0, 1]))
        session.resume()
        await asked


async def test_messages_are_received_within_the_time_that_was_asked_for(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gathering, "GATHER", 1_000.0)
    async with _connected(peer) as (session, _, writer):
        session.receive_within(0.001)
        for count in (1, 2):
            writer.write(MESSAGE)
            await peer.has(count)


async def test_a_full_read_is_followed_by_the_next(peer: Peer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "GATHER", 1_000.0)
    monkeypatch.setattr(gathering, "PLENTY", 1)
    monkeypatch.setattr(session_module, "BUFFER", 4 * len(MESSAGE))
    async with _connected(peer) as (_, _, writer):
        writer.write(MESSAGE * 500)
        await eventually(lambda: len(peer.messages) == 500)


async def test_small_records_of_tls_arrive_whole_and_once(peer: Peer, tmp_path: Path):
    certificates.make(
        tmp_path, certificates.HostNames(("localhost",), ("127.0.0.1",)), datetime.now(UTC)
    )
    serving, trusting = (
        ssl.SSLContext(protocol) for protocol in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT)
    )
    serving.load_cert_chain(tmp_path / certificates.CERTIFICATE, tmp_path / certificates.KEY)
    trusting.load_verify_locations(tmp_path / certificates.CA)
    async with _connected(peer, tls=(serving, trusting)) as (session, _, writer):
        for number in range(2_000):  # a record each
            writer.write(PublishPacket("a/b", b"%d" % number).write())
        await eventually(lambda: len(peer.messages) >= 2_000)
        assert [int(item.payload) for item in peer.messages] == list(range(2_000))
        assert not session._closed.done()


async def test_why_the_broker_closes_is_read_also_while_messages_gather(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gathering, "GATHER", 1_000.0)
    async with _connected(peer) as (session, _, writer):
        writer.write(MESSAGE)
        await peer.has(1)
        writer.write(bytes([0xE0, 2, 142, 0]))
        writer.close()
        await eventually(lambda: session_module._closed_by_peer(transport(session)))
        session.acknowledge([1])
        assert isinstance(await session.closed(), SessionTaken)
