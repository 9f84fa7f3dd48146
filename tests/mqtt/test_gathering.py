"""When a connection is read again: as late as the wall allows, and before the broker waits."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.wait import eventually
from hub.mqtt import gathering
from hub.mqtt.gathering import (
    GATHER,
    MANY,
    PLENTY,
    PROMPT,
    PROMPT_MANY,
    REMEMBERED,
    STAMPED,
    TARGET,
    Gathering,
)

LONG = 1_000.0


@pytest.fixture(autouse=True)
def _long(monkeypatch: pytest.MonkeyPatch):
    """No time to gather is over within a test."""
    for name in ("GATHER", "PROMPT", "PROMPT_MANY"):
        monkeypatch.setattr(gathering, name, LONG * getattr(gathering, name))


class Ends:
    """A connection's two ends: what the hub reads again or not, and what the broker sends to."""

    def __init__(self, transport: Any, broker: socket.socket) -> None:
        self.transport = transport
        self.broker = broker
        self.gathering = Gathering(transport)

    @property
    def reads(self) -> bool:
        return bool(self.transport.is_reading())

    def receive(self, messages: int, at: float | None = None) -> float:
        """Tell of a read of messages with QoS 1; return how long is waited then (s)."""
        at = asyncio.get_running_loop().time() if at is None else at
        self.gathering.received(messages, messages, at)
        assert self.gathering._next is not None
        return (self.gathering._next.when() - at) / LONG

    async def turn(self, messages: int) -> None:
        """Read messages and acknowledge them, and wait until it was looked what that brought."""
        self.receive(messages)
        self.gathering.acknowledged(messages)
        await self.look()

    async def look(self) -> None:
        look = self.gathering._look
        assert look is not None
        await eventually(lambda: asyncio.get_running_loop().time() > look.when())
        await asyncio.sleep(0)


@asynccontextmanager
async def _connection() -> AsyncIterator[Ends]:
    mine, other = socket.socketpair()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(_Unread, sock=mine)
    transport.pause_reading()
    try:
        yield Ends(transport, other)
    finally:
        transport.abort()
        other.close()


class _Unread(asyncio.BufferedProtocol):
    def get_buffer(self, sizehint: int) -> bytearray:
        raise AssertionError(f"{sizehint} bytes were read")


async def test_it_reads_again_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "GATHER", 0.001)
    async with _connection() as ends:
        ends.transport.resume_reading()
        ends.gathering.received(5, 5, asyncio.get_running_loop().time())
        assert not ends.reads, "what follows gathers"
        await eventually(lambda: ends.reads)


async def test_who_waits_for_a_receipt_is_answered_soon_and_so_are_the_next():
    async with _connection() as ends:
        assert ends.receive(1) == pytest.approx(GATHER)
        ends.gathering.limit(gathering.PROMPT)
        now = asyncio.get_running_loop().time()
        for at in (now, now + REMEMBERED - 1):
            assert ends.receive(1, at) == pytest.approx(PROMPT)
            assert ends.receive(MANY - 1, at) == pytest.approx(PROMPT)
            assert ends.receive(MANY, at) == pytest.approx(PROMPT_MANY)
        assert ends.receive(1, now + REMEMBERED + 1) == pytest.approx(GATHER), "nobody waits now"


async def test_of_two_limits_the_shorter_counts():
    async with _connection() as ends:
        ends.gathering.limit(LONG * STAMPED)
        assert ends.receive(1) == pytest.approx(STAMPED)
        ends.gathering.limit(gathering.PROMPT)
        assert ends.receive(1) == pytest.approx(PROMPT)
        ends.gathering.limit(LONG * STAMPED)
        assert ends.receive(1) == pytest.approx(PROMPT)


@pytest.mark.parametrize(
    ("messages", "part"),
    [(TARGET, 1), (TARGET + 1, 2), (2 * TARGET, 2), (2 * TARGET + 1, 4), (8 * TARGET, 8)],
)
async def test_of_many_fewer_gather_at_a_time(messages: int, part: int):
    async with _connection() as ends:
        assert ends.receive(messages, 10) == pytest.approx(GATHER), "how fast is not known yet"
        assert ends.receive(messages, 10 + LONG * GATHER) == pytest.approx(GATHER / part)


async def test_it_reads_on_where_plenty_waits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "FAST", 0)
    async with _connection() as ends:
        ends.broker.sendall(bytes(PLENTY - 1))
        await ends.turn(2)
        await ends.turn(1)
        assert not ends.reads, "few enough to gather"
        ends.gathering.acknowledged(0)
        ends.broker.sendall(b"x")
        resumed: list[bool] = []
        monkeypatch.setattr(ends.transport, "resume_reading", lambda: resumed.append(True))
        await ends.look()
        assert resumed


@pytest.mark.parametrize(("seconds", "paused"), [(9, False), (11, True)])
async def test_what_came_slowly_is_no_plenty(
    monkeypatch: pytest.MonkeyPatch, seconds: float, paused: bool
):
    monkeypatch.setattr(gathering, "FAST", PLENTY / 10)
    async with _connection() as ends:
        ends.broker.sendall(bytes(PLENTY))
        pauses: list[bool] = []
        monkeypatch.setattr(ends.transport, "pause_reading", lambda: pauses.append(True))
        ends.gathering.received(1, 1, asyncio.get_running_loop().time() - seconds)
        assert bool(pauses) is paused


async def test_a_broker_with_a_small_window_is_not_kept_waiting():
    """It sends no more than its window before it has the acknowledgements."""
    async with _connection() as ends:
        for _ in range(3):
            await ends.turn(19)
            ends.transport.pause_reading()
        await ends.turn(20)
        assert not ends.reads, "more than ever before: it need not be all that it sends"
        for _ in range(3):
            await ends.turn(20)
            assert ends.reads
            await ends.turn(7)
            assert not ends.reads, "it had no reason to wait"
        await ends.turn(21)
        assert not ends.reads, "its window is larger than it was taken for"


async def test_a_window_is_what_was_read_in_several_reads():
    async with _connection() as ends:
        at = asyncio.get_running_loop().time()
        for reading in (False, True):
            for messages in (12, 8):
                at += LONG  # so far apart that none is read sooner because many came
                ends.receive(messages, at)
            ends.gathering.acknowledged(12)
            ends.gathering.acknowledged(8)
            await ends.look()
            assert ends.reads is reading


async def test_messages_without_an_acknowledgement_are_no_window():
    async with _connection() as ends:
        for _ in range(5):
            ends.gathering.received(20, 0, asyncio.get_running_loop().time())
            assert ends.gathering._ahead == 0


async def test_what_is_held_stays_so_until_it_is_released():
    async with _connection() as ends:
        ends.transport.resume_reading()
        ends.gathering.hold()
        assert not ends.reads
        ends.gathering.read_on()  # as the timer does
        assert not ends.reads, "held, and the time to gather is over"
        ends.gathering.release()
        assert ends.reads


async def test_a_connection_that_was_just_closed_has_nothing_waiting():
    async with _connection() as ends:
        ends.transport.abort()
        await eventually(lambda: ends.transport.get_extra_info("socket").fileno() < 0)
        ends.receive(1)
        ends.gathering._look_now()
