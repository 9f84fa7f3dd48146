"""The standing connection: what goes wrong on our side of it ends in a new attempt."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from hub.errors import OutboxError
from hub.mqtt import source as source_module
from hub.mqtt.source import Broker, MqttSource, topic_filters
from tests.integration.servers import DEADLINE

CONNACK = bytes([0x20, 3, 0, 0, 0])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A broker that lets anyone connect and subscribe, and says nothing more."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            for answer in (CONNACK, SUBACK):
                head = await reader.readexactly(2)
                await reader.readexactly(head[1])
                writer.write(answer)
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_a_disk_that_is_full_while_connecting_ends_in_a_new_attempt(
    port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(source_module, "_FIRST_DELAY", 0.001)
    attempts: list[list[str]] = []

    async def remember(patterns: list[str]) -> None:
        attempts.append(patterns)
        if len(attempts) < 3:
            raise OutboxError("outbox: database or disk is full")

    async def forget() -> None:
        return None

    source = MqttSource(
        Broker("127.0.0.1", port, "hub"),
        topic_filters("smartlife/v1", ""),
        lambda *_: None,
        forget,
        [],
        remember,
    )
    running = asyncio.create_task(source.run())
    async with asyncio.timeout(DEADLINE):
        await source.ready.wait()
    assert attempts == [["smartlife/v1/#"]] * 3
    assert source.trouble is None
    running.cancel()
    await asyncio.wait([running])


def test_a_single_hub_takes_everything_under_the_root():
    (everything,) = topic_filters("smartlife/v1", "")
    assert everything.pattern == "smartlife/v1/#"
    assert everything.no_local


def test_a_group_shares_readings_and_each_member_hears_the_states():
    shared, states = topic_filters("smartlife/v1", "seoul")
    assert (shared.pattern, states.pattern) == (
        "$share/seoul/smartlife/v1/#",
        "smartlife/v1/+/+/+/status",
    )
    assert not shared.no_local
