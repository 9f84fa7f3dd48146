"""The standing connection: whatever goes wrong ends in a new attempt, and is said as it is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from harness.wait import DEADLINE, eventually
from hub.errors import BrokerError, OutboxError
from hub.mqtt import subscriber as source_module
from hub.mqtt.codec import QoS
from hub.mqtt.connecting import CONNECT_TIMEOUT, Broker
from hub.mqtt.filters import topic_filters, wall_filters
from hub.mqtt.subscriber import Subscriber
from hub.settings.values import BrokerAddress
from tests.mqtt.played import (
    CONNACK,
    DISCONNECT_142,
    MESSAGE,
    SESSION_PRESENT,
    SUBACK,
    movable_time,
    packet,
    running,
)


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
    monkeypatch.setattr(source_module, "FIRST_DELAY", 0.001)
    attempts: list[list[str]] = []

    async def remember(patterns: list[str]) -> None:
        attempts.append(patterns)
        if len(attempts) < 3:
            raise OutboxError("outbox: database or disk is full")

    async def forget() -> None:
        return None

    source = Subscriber(
        Broker(BrokerAddress("127.0.0.1", port), "hub"),
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
    assert source.last_error is None
    running.cancel()
    await asyncio.wait([running])


async def _nobody(*_: object) -> None:
    raise AssertionError("nobody connects")


async def test_an_error_that_nobody_thought_of_is_retried_counted_and_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async with running(_nobody, monkeypatch, host="a..b") as source:
        await eventually(lambda: source.unforeseen >= 5)
        assert source.last_error is not None
        assert "mqtt://a..b:" in source.last_error
        assert (
            "an unforeseen Unicode" in source.last_error
        )  # from Python 3.13 on UnicodeEncodeError
        assert "the log has the traceback" in source.last_error
    assert sum(record.exc_info is not None for record in caplog.records) == 1


async def test_a_receiver_that_fails_ends_the_connection_and_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (CONNACK, SUBACK + MESSAGE):
            await packet(reader)
            writer.write(answer)
        await reader.read()

    def receive(*_: object) -> None:
        raise ZeroDivisionError("of the test")

    async with running(serve, monkeypatch, receive=receive) as source:
        await eventually(lambda: source.unforeseen >= 3)
        await eventually(
            lambda: "an unforeseen ZeroDivisionError: of the" in str(source.last_error)
        )
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    assert "Fatal error" not in caplog.text


async def test_another_hub_is_blamed_when_the_broker_says_so(monkeypatch: pytest.MonkeyPatch):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (CONNACK, SUBACK + DISCONNECT_142):
            await packet(reader)
            writer.write(answer)
        await reader.read()

    async with running(serve, monkeypatch) as source:
        for _ in range(2):  # the first time, and after several short lives
            await eventually(lambda: "another hub took our session" in str(source.last_error))
            assert "HUB_CLIENT_ID" in str(source.last_error)
            await eventually(lambda: source._short_lived > 3)


async def test_several_short_lives_alone_blame_nobody(monkeypatch: pytest.MonkeyPatch):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (CONNACK, SUBACK):
            await packet(reader)
            writer.write(answer)

    async with running(serve, monkeypatch) as source:
        await eventually(lambda: "times in a row" in str(source.last_error))
        said = str(source.last_error)
        assert "another hub" not in said
        assert "Possible causes: " in said
        assert "a second client with the client id twin" in said


async def test_short_lives_are_counted_from_the_last_long_one_on():
    async def nothing(*_: object) -> None:
        """Remember nothing, and forget nothing."""

    broker = Broker(BrokerAddress("127.0.0.1", 1883), "hub")
    source = Subscriber(broker, [], lambda *_: None, nothing, [], nothing)
    said = []
    for lasted in (1.0, 1.0, 60.0, 1.0, 1.0, 1.0):
        source._ended(BrokerError("closed"), lasted)
        said.append(str(source.last_error))
    assert ["times in a row" in text for text in said] == [False] * 5 + [True]
    assert "this happened 3 times in a row" in said[-1]


@pytest.mark.parametrize(
    ("asked", "forget"), [({}, False), ({"forget": False}, False), ({"forget": True}, True)]
)
async def test_closing_says_whether_the_session_is_kept(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, bool], forget: bool
):
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (CONNACK, SUBACK):
            await packet(reader)
            writer.write(answer)
        came.append(await packet(reader))

    async with running(serve, monkeypatch) as source:
        source.close()  # there is nothing yet to be closed
        assert not source.publish("a/b", b"x")
        await source.ready.wait()
        source.close(**asked)
        await eventually(lambda: came)
    session_expiry_interval_0 = b"\x11\0\0\0\0"
    assert came[0][0] == 0xE0  # DISCONNECT
    assert (session_expiry_interval_0 in came[0]) == forget


async def test_nothing_is_published_before_the_broker_has_answered(
    monkeypatch: pytest.MonkeyPatch,
):
    connecting, answered = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        connecting.set()
        await answered.wait()
        writer.write(CONNACK)
        await packet(reader)
        writer.write(SUBACK)
        await reader.read()

    async with running(serve, monkeypatch) as source:
        await connecting.wait()
        await eventually(lambda: source._session is not None)
        assert not source.publish("a/b", b"x")
        answered.set()
        await source.ready.wait()
        assert source.publish("a/b", b"x")


@pytest.mark.parametrize(("connack", "told"), [(CONNACK, ["lost"]), (SESSION_PRESENT, [])])
async def test_a_lost_session_is_told_before_anything_is_subscribed(
    monkeypatch: pytest.MonkeyPatch, connack: bytes, told: list[str]
):
    came: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(connack)
        came.append({0x82: "SUBSCRIBE"}[(await packet(reader))[0]])
        writer.write(SUBACK)
        await reader.read()

    async def lost() -> None:
        came.append("lost")

    async with running(serve, monkeypatch, session_lost=lost) as source:
        await source.ready.wait()
    assert came == [*told, "SUBSCRIBE"]


async def test_a_session_that_cannot_be_forgotten_is_not_subscribed(
    monkeypatch: pytest.MonkeyPatch,
):
    came: list[bytes] = []
    attempts = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(CONNACK)
        came.append(await packet(reader))

    async def lost() -> None:
        nonlocal attempts
        attempts += 1
        if attempts > 2:
            await asyncio.Event().wait()  # so that the end of the test meets no new attempt
        raise OutboxError("outbox: database or disk is full")

    async with running(serve, monkeypatch, session_lost=lost) as source:
        await eventually(lambda: attempts >= 3 and came)
        assert "disk is full" in str(source.last_error)
    assert {item[0] for item in came} == {0xE0}  # DISCONNECT


async def test_what_the_session_holds_of_before_is_unsubscribed_first(
    monkeypatch: pytest.MonkeyPatch,
):
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        unsuback = bytes([0xB0, 4, 0, 1, 0, 0])
        suback = bytes([0x90, 4, 0, 2, 0, 1])
        for answer in (SESSION_PRESENT, unsuback, suback):
            came.append(await packet(reader))
            writer.write(answer)
        await reader.read()

    async with running(serve, monkeypatch, known=("old/#", "smartlife/v1/#")) as source:
        await source.ready.wait()
    assert [item[0] >> 4 for item in came] == [1, 10, 8]
    assert b"old/#" in came[1]
    assert b"smartlife" not in came[1]


async def test_a_suback_behind_a_long_queue_does_not_run_into_the_limit_for_connecting(
    monkeypatch: pytest.MonkeyPatch,
):
    attempts = 0
    received: list[object] = []
    move = movable_time(monkeypatch)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal attempts
        attempts += 1
        await packet(reader)
        writer.write(SESSION_PRESENT)
        await packet(reader)
        for number in range(1, 6):
            writer.write(MESSAGE)
            await eventually(lambda: len(received) == number)  # noqa: B023 - at once
            move(CONNECT_TIMEOUT * 0.4)
        writer.write(SUBACK)
        await reader.read()

    def receive(_: object, messages: list[object]) -> None:
        received.extend(messages)

    async with running(serve, monkeypatch, receive=receive) as source:
        await source.ready.wait()
    assert attempts == 1


def test_a_single_hub_takes_everything_under_the_root():
    (everything,) = topic_filters("smartlife/v1", "")
    assert everything.pattern == "smartlife/v1/#"
    assert everything.no_local


def test_one_of_several_hubs_takes_the_topics_of_its_booths():
    found = topic_filters("smartlife/v1", "", ["tele/plug/#"], ["b12", "b13"])
    patterns = [item.pattern for item in found]
    assert patterns == ["smartlife/v1/b12/#", "smartlife/v1/b13/#", "tele/plug/#"]


def test_a_wall_takes_everything_and_lets_the_broker_keep_nothing():
    (everything,) = wall_filters("smartlife/v1")
    assert (everything.pattern, everything.max_qos) == ("smartlife/v1/#", QoS.AT_MOST_ONCE)


@pytest.mark.parametrize(
    ("booths", "names", "patterns"),
    [
        (["b12"], [], ["r/b12/#"]),
        ([], ["light", "tasmota"], ["r/+/light/#", "r/+/tasmota/#"]),
        (["b12"], ["light"], ["r/b12/light/#"]),
    ],
)
def test_a_wall_of_a_part_takes_what_it_shows(booths, names, patterns):
    found = wall_filters("r", ["n/#"], booths, names)
    assert [item.pattern for item in found] == [*patterns, "n/#"]


def test_a_group_shares_readings_and_each_member_hears_the_states():
    shared, states = topic_filters("smartlife/v1", "seoul")
    assert (shared.pattern, states.pattern) == (
        "$share/seoul/smartlife/v1/#",
        "smartlife/v1/+/+/+/status",
    )
    assert not shared.no_local
