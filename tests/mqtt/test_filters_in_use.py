"""The filters change while the hub is connected: what is new is subscribed, and no more."""

import asyncio
from typing import Any

import pytest

from harness.wait import eventually
from hub.errors import OutboxError
from hub.limits.backoff import Backoff
from hub.mqtt import subscriber as source_module
from hub.mqtt.codec import ConnectPacket, Framer, SubscribePacket, TopicFilter, UnsubscribePacket
from hub.mqtt.filters import topic_filters
from tests.mqtt.played import CONNACK, SESSION_PRESENT, running

ROOT = "smartlife/v1/#"
NOT_AUTHORIZED = 135


def filters(*native: str) -> list[TopicFilter]:
    return topic_filters("smartlife/v1", "", native)


class Played:
    """A broker that refuses the filters in `refused`, and notes what it is asked for."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.came: list[tuple[str, ...]] = []
        self.remembered: list[list[str]] = []
        self.connections = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while data := await reader.read(4_096):
            for packet in framer.feed(data):
                match packet:
                    case ConnectPacket():
                        writer.write(SESSION_PRESENT if self.connections else CONNACK)
                        self.connections += 1
                    case UnsubscribePacket():
                        self.came.append(("-", *packet.patterns))
                    case SubscribePacket():
                        patterns = [item.pattern for item in packet.topic_filters]
                        self.came.append(("+", *patterns))
                        await self.answers.wait()
                        codes = [NOT_AUTHORIZED if p in self.refused else 1 for p in patterns]
                        identifier = packet.packet_id.to_bytes(2)
                        writer.write(bytes([0x90, 3 + len(codes), *identifier, 0, *codes]))

    async def remember(self, patterns: list[str]) -> None:
        self.remembered.append(patterns)


@pytest.fixture
def played() -> Played:
    return Played()


async def test_what_is_new_is_subscribed_and_what_is_gone_is_unsubscribed(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    async with running(played.serve, monkeypatch, remember=played.remember) as source:
        await source.ready.wait()
        await source.use(filters())  # as before: nothing is sent
        await source.use(filters("tele/a/#"))
        await source.use(filters("tele/b/#"))
        await source.use(filters())
        await eventually(lambda: len(played.came) == 5)
        assert source.last_error is None
    assert played.came == [
        *(("+", ROOT), ("+", "tele/a/#"), ("-", "tele/a/#"), ("+", "tele/b/#")),
        ("-", "tele/b/#"),
    ]
    assert played.remembered == [[ROOT, "tele/a/#"], [ROOT, "tele/b/#"], [ROOT]]
    assert played.connections == 1


async def test_a_filter_that_was_refused_is_asked_for_again_and_no_other(
    played: Played, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async with running(played.serve, monkeypatch) as source:
        await source.ready.wait()
        played.refused = {"tele/a/#"}
        for _ in range(2):
            await source.use(filters("tele/a/#", "tele/b/#"))
            assert list(source.refused) == ["tele/a/#"]
        assert caplog.text.count("refused to subscribe tele/a/# (the account has no right") == 1
        played.refused.clear()
        await source.use(filters("tele/a/#", "tele/b/#"))
        assert source.refused == {}
    assert played.came[1:] == [("+", "tele/a/#", "tele/b/#"), ("+", "tele/a/#"), ("+", "tele/a/#")]


async def test_a_refused_filter_that_is_used_no_longer_is_not_told_any_more(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    played.refused = {"tele/a/#"}
    async with running(played.serve, monkeypatch, filters=filters("tele/a/#")) as source:
        await source.ready.wait()
        assert source.refused
        await source.use(filters())
        assert source.refused == {}
        assert source.connected


async def test_before_the_connection_they_wait_for_it(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    async with running(played.serve, monkeypatch) as source:
        await source.use(filters("tele/a/#"))
        await source.ready.wait()
    assert played.came == [("+", ROOT, "tele/a/#")]


async def test_those_that_come_while_the_suback_is_awaited_follow_it(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    played.answers.clear()
    known = (ROOT, "tele/a/#")
    async with running(
        *(played.serve, monkeypatch),
        filters=filters("tele/a/#"),
        known=known,
        remember=played.remember,
    ) as source:
        await eventually(lambda: played.came)
        await source.use(filters("tele/b/#"))
        played.answers.set()
        await source.ready.wait()
    assert played.came == [("+", *known), ("-", "tele/a/#"), ("+", ROOT, "tele/b/#")]
    assert played.remembered == [[ROOT, "tele/b/#"]]


async def test_those_that_come_while_a_session_is_resumed_follow_it_too(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    async with running(played.serve, monkeypatch) as source:
        await source.ready.wait()
        played.answers.clear()
        assert source._session is not None
        source._session.close()
        await eventually(lambda: len(played.came) == 2)
        await source.use(filters("tele/a/#"))
        played.answers.set()
        await eventually(lambda: source.connected)
    assert played.came == [("+", ROOT), ("+", ROOT), ("+", ROOT, "tele/a/#")]


async def test_what_could_not_be_remembered_is_done_again_on_a_new_connection(
    played: Played, monkeypatch: pytest.MonkeyPatch
):
    async def remember(patterns: list[str]) -> None:
        await played.remember(patterns)
        if len(played.remembered) == 1:
            raise OutboxError("outbox: database or disk is full")

    async with running(played.serve, monkeypatch, remember=remember) as source:
        await source.ready.wait()
        await source.use(filters("tele/a/#"))
        assert "disk is full" in str(source.last_error)
        await eventually(lambda: source.connected and len(played.remembered) == 2)
    assert played.connections == 2
    assert played.came == [("+", ROOT), ("+", "tele/a/#"), ("+", ROOT, "tele/a/#")]
    assert played.remembered == [[ROOT, "tele/a/#"]] * 2


@pytest.mark.parametrize(
    ("asked", "everything"),
    [({}, False), ({"all_retained": lambda: False}, False), ({"all_retained": lambda: True}, True)],
)
async def test_what_is_retained_is_read_again_when_the_session_is_resumed(
    played: Played, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], everything: bool
):
    retained = [TopicFilter("r/+/status")]
    async with running(played.serve, monkeypatch, retained=retained, **asked) as source:
        await source.ready.wait()
        assert source._session is not None
        source._session.close()
        await eventually(lambda: played.connections == 2 and source.connected)
    again = [] if everything else [("+", "r/+/status"), ("-", "r/+/status")]
    assert played.came == [("+", ROOT), ("+", ROOT), *again]


@pytest.mark.parametrize(("stable", "resets"), [(-1.0, True), (3_600.0, False)])
async def test_the_back_off_begins_anew_after_a_connection_that_lasted(
    played: Played, monkeypatch: pytest.MonkeyPatch, stable: float, resets: bool
):
    found: list[bool] = []

    class Noted(Backoff):
        def reset(self) -> None:
            found.append(True)
            super().reset()

    monkeypatch.setattr(source_module, "Backoff", Noted)
    monkeypatch.setattr(source_module, "_STABLE", stable)
    async with running(played.serve, monkeypatch) as source:
        await source.ready.wait()
        assert source._session is not None
        source._session.close()
        await eventually(lambda: played.connections == 2)
    assert bool(found) == resets
