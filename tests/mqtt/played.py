"""A subscriber at a broker that a test plays."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

import pytest

from harness.wait import DEADLINE
from hub.mqtt import subscriber as source_module
from hub.mqtt.codec import TopicFilter
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import topic_filters
from hub.mqtt.subscriber import Subscriber
from hub.settings.values import BrokerAddress

CONNACK = bytes([0x20, 3, 0, 0, 0])
SESSION_PRESENT = bytes([0x20, 3, 1, 0, 0])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])
DISCONNECT_142 = bytes([0xE0, 2, 142, 0])
MESSAGE = bytes([0x30, 6, 0, 3, 97, 47, 98, 0])

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


def movable_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """What moves the time of the running loop forward by so many seconds."""
    loop, moved = asyncio.get_running_loop(), 0.0
    real = loop.time

    def move(seconds: float) -> None:
        nonlocal moved
        moved += seconds

    monkeypatch.setattr(loop, "time", lambda: real() + moved)
    return move


async def packet(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(2)
    return head + await reader.readexactly(head[1])


async def _nothing(*_: object) -> None:
    """Remember nothing, and forget nothing."""


@contextlib.asynccontextmanager
async def played(serve: Serve, host: str = "127.0.0.1") -> AsyncIterator[Broker]:
    """A broker that `serve` plays, each connection anew."""
    served = asyncio.TaskGroup()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    ended, late = False, list[asyncio.StreamWriter]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if ended:
            late.append(writer)
        else:
            served.create_task(handle(reader, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with asyncio.timeout(DEADLINE), served:
        try:
            yield Broker(BrokerAddress(host, server.sockets[0].getsockname()[1]), "twin")
        finally:
            ended = True
            await close(server, late)


async def close(server: asyncio.Server, writers: Sequence[asyncio.StreamWriter]) -> None:
    """Close a server and its connections, also one that is made in the last moment."""
    server.close()
    for _ in range(5):  # turns of the loop until one that was accepted has its writer
        await asyncio.sleep(0)
    for writer in writers:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def running(
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    *,
    host: str = "127.0.0.1",
    filters: Sequence[TopicFilter] = topic_filters("smartlife/v1", ""),
    receive: Callable[..., None] = lambda *_: None,
    known: tuple[str, ...] = ("smartlife/v1/#",),
    session_lost: Callable[[], Awaitable[None]] = _nothing,
    remember: Callable[[list[str]], Awaitable[None]] = _nothing,
    **options: Any,
) -> AsyncIterator[Subscriber]:
    """A source at a broker that `serve` plays, which tries again at once."""
    monkeypatch.setattr(source_module, "FIRST_DELAY", 0.001)
    async with played(serve, host) as broker:
        source = Subscriber(
            *(broker, filters, receive, session_lost, known, remember),
            longest_delay=0.001,
            **options,
        )
        task = asyncio.create_task(source.run())
        try:
            yield source
            assert not task.done()
        finally:
            task.cancel()
            await asyncio.wait([task])
