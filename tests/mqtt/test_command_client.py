"""The commands' connection: what it says when the broker refuses the account."""

import asyncio
import gc
from dataclasses import replace
from typing import Any

import aiomqtt
import pytest

from harness.wait import eventually
from hub.errors import AccountRefused, BrokerError
from hub.mqtt.command_client import Client, connect, subscribe
from hub.settings.values import BrokerAddress
from tests.mqtt.played import CONNACK, SUBACK, packet, played

NOT_AUTHORIZED = bytes([0x20, 3, 0, 135, 0])


@pytest.mark.parametrize(
    ("username", "said"),
    [
        (None, "it asks for an account, and HUB_BROKER has none"),
        ("hub", "the name or the password in HUB_BROKER is wrong"),
    ],
)
async def test_a_refused_log_in_says_what_to_correct(username: str | None, said: str):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(NOT_AUTHORIZED)
        await reader.read()

    async with played(serve) as broker:
        address = replace(broker.address, username=username, password=username)
        with pytest.raises(AccountRefused, match=said):
            async with connect(address, None):
                raise AssertionError("it is not connected")


async def test_a_command_connects_with_mqtt_5_as_the_client_and_the_account_that_it_was_given():
    said = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal said
        said = await packet(reader)
        writer.write(CONNACK)
        await reader.read()

    async with played(serve) as broker:
        address = replace(broker.address, username="hub", password="secret-word")
        async with connect(address, None, client_id="b12-1"):
            pass
    level, flags, properties = said[8], said[9], said[12]
    assert (level, flags) == (5, 0b1100_0010)  # user name, password, Clean Start
    assert said[13 + properties :] == b"\0\5b12-1" + b"\0\3hub" + b"\0\x0bsecret-word"


@pytest.mark.filterwarnings(
    "ignore:unclosed <ssl:ResourceWarning"
)  # paho leaves it to be collected
async def test_no_byte_of_the_account_leaves_in_clear_for_an_address_with_tls():
    first = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal first
        first = await reader.readexactly(1)

    async with played(serve) as broker:
        address = replace(broker.address, tls=True, username="hub", password="secret-word")
        with pytest.raises(BrokerError):
            async with connect(address, None):
                raise AssertionError("it is not connected")
    gc.collect()
    assert first == b"\x16"  # RFC 8446, 5.1: a record of type handshake


async def test_a_broker_that_closes_while_nothing_is_asked_of_it_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture,
):
    connected = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(CONNACK)
        await connected.wait()

    async with played(serve) as broker:
        async with connect(broker.address, None) as client:
            connected.set()
            await eventually(client._disconnected.done)
        del client
        gc.collect()  # asyncio logs an exception that nobody retrieved when its future goes
    assert [item for item in caplog.records if item.name == "asyncio"] == []


async def test_a_command_stopped_before_the_broker_answers_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    asked = asyncio.Queue[asyncio.StreamWriter]()
    awaits_connack = asyncio.Event()
    wait_for = aiomqtt.Client._wait_for

    async def waiting(self: aiomqtt.Client, *args: Any, **options: Any) -> Any:
        awaits_connack.set()
        return await wait_for(self, *args, **options)

    monkeypatch.setattr(aiomqtt.Client, "_wait_for", waiting)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        await asked.put(writer)
        await reader.read()

    async def command(address: BrokerAddress) -> None:
        async with connect(address, None):
            raise AssertionError("it is not connected")

    async with played(serve) as broker:
        running = asyncio.create_task(command(broker.address))
        silent = await asked.get()
        await awaits_connack.wait()
        running.cancel()
        await asyncio.wait({running})
        silent.transport.abort()
        # aiomqtt's own tasks end with the connection, and note why.
        await eventually(lambda: "aiomqtt" not in str(asyncio.all_tasks()))
        assert running.cancelled()
        del running
        gc.collect()
    assert [item for item in caplog.records if item.name == "asyncio"] == []


@pytest.mark.parametrize("answer", ["_on_connect", "_on_subscribe"])
async def test_a_command_that_is_to_end_just_when_the_broker_answers_ends(
    monkeypatch: pytest.MonkeyPatch, answer: str
):
    """Before Python 3.12 `asyncio.wait_for` forgets it then: `hub tail` missed its Ctrl-C."""
    original = getattr(Client, answer)

    def answered(client: Client, *said: Any) -> None:
        original(client, *said)
        working.cancel()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for said in (CONNACK, SUBACK):
            await packet(reader)
            writer.write(said)
        await reader.read()

    async def work(address: BrokerAddress) -> None:
        async with connect(address, None) as client:
            await subscribe(client, ["a/#"])
            await asyncio.Event().wait()

    monkeypatch.setattr(Client, answer, answered)
    async with played(serve) as broker:
        working = asyncio.ensure_future(work(broker.address))
        await eventually(working.done)
    assert working.cancelled()
