"""From a session to the disk: what is acknowledged is kept, what is kept is acknowledged, once."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from harness.wait import eventually
from hub.clock import SECOND, HeldClock
from hub.errors import OutboxError
from hub.pipeline import committer as committer_module
from hub.pipeline.committer import IN_HAND
from hub.pipeline.outbox.entries import Commit
from hub.testing.memory_source import MemoryMessage, MemorySource
from tests.pipeline.station import BAD, GOOD, T1, Station, started

# --- acknowledging


async def test_nothing_is_acknowledged_before_it_is_on_disk(station: Station, source: MemorySource):
    source.publish(T1, GOOD)
    assert source.acknowledged == []
    await station.settled()
    assert source.acknowledged == [1]
    assert [row.fields for row in await station.stored()] == [{"temperature": 21.5}]


async def test_messages_are_acknowledged_in_order_of_receipt(
    station: Station, source: MemorySource
):
    payloads = [GOOD, BAD, b"", GOOD, b"\xff", GOOD]
    for _ in range(10):
        source.send([source.message(T1, payload) for payload in payloads])
        source.publish(f"{T1}/status", b"online")
        source.publish("smartlife/v1/b12", GOOD)
        await asyncio.sleep(0)
    await station.settled()
    assert source.acknowledged == list(range(1, 81))
    assert source.in_flight == {}
    assert station.outcome == {"accepted": 30, "rejected": 40, "ignored": 10}


async def test_readings_are_stored_in_order_of_receipt(station: Station, source: MemorySource):
    for number in range(50):
        source.publish(T1, b'{"temperature": %d}' % number)
    await station.settled()
    rows = await station.stored()
    assert [row.fields["temperature"] for row in rows] == [float(n) for n in range(50)]
    times = [row.ts for row in rows]
    assert times == sorted(set(times))


async def test_of_readings_of_one_time_the_later_counts(station: Station, source: MemorySource):
    ts = b', "ts": 1760000000}'
    source.send(
        [
            source.message(T1, payload + ts)
            for payload in (b'{"temperature": 20.0', b'{"temperature": 21.0, "humidity": 40.0')
            for _ in range(2)
        ]
        + [source.message(T1, b'{"temperature": 22.0' + ts)]
    )
    await station.settled()
    last: dict[str, Any] = {}
    for row in await station.stored():
        last |= row.fields
    assert last == {"temperature": 22.0, "humidity": 40.0}


async def test_qos_0_is_stored_and_has_nothing_to_acknowledge(
    station: Station, source: MemorySource
):
    source.send([source.message(T1, GOOD, qos=0), source.message(T1, BAD, qos=0)])
    await station.settled()
    assert source.acknowledged == []
    assert station.outcome == {"accepted": 1, "rejected": 1}


async def test_nothing_is_acknowledged_while_the_outbox_fails(
    station: Station, source: MemorySource
):
    await station.break_outbox()
    source.publish(T1, GOOD)
    await eventually(lambda: station.committer.last_error)
    source.publish(T1, BAD)
    assert source.acknowledged == []
    assert source.connection.paused
    assert "readonly" in str(station.committer.last_error)
    assert station.batches == []


async def test_everything_is_acknowledged_once_the_outbox_works_again(
    station: Station, source: MemorySource, caplog: pytest.LogCaptureFixture
):
    await station.break_outbox()
    source.publish(T1, GOOD)
    await eventually(lambda: station.committer.last_error)
    assert "nothing is acknowledged until it works again" in caplog.text
    source.publish(T1, BAD)
    source.publish(T1, GOOD)  # these two are held by the source, for reading is paused
    await station.mend_outbox()
    await eventually(lambda: not station.committer.last_error)
    await eventually(lambda: len(source.acknowledged) == 3)
    assert "the outbox takes readings again" in caplog.text
    assert source.acknowledged == [1, 2, 3]
    assert not source.connection.paused
    assert station.outcome == {"accepted": 2, "rejected": 1}
    assert station.committer.in_hand == 0


async def test_an_outbox_that_fails_is_tried_again_after_a_pause(
    station: Station, source: MemorySource, monkeypatch: pytest.MonkeyPatch
):
    attempts: list[Commit] = []

    async def commit(commit: Commit) -> None:
        attempts.append(commit)
        await asyncio.sleep(0)
        raise OutboxError("outbox: database or disk is full")

    monkeypatch.setattr(station.outbox, "commit", commit)
    monkeypatch.setattr(committer_module, "RETRY", 3_600.0)
    source.publish(T1, GOOD)
    await eventually(lambda: station.committer.last_error)
    for _ in range(20):  # without a pause each is another attempt
        await asyncio.sleep(0)
    assert len(attempts) == 1


@pytest.mark.parametrize(("before", "often"), [(0, ""), (3, " (3 times more since it was last")])
async def test_an_error_says_how_often_it_was_not_said(
    station: Station, caplog: pytest.LogCaptureFixture, before: int, often: str
):
    station.committer._log_throttle.throttled = before
    station.committer._log_error(OutboxError("full"))
    assert f"full; nothing is acknowledged until it works again{often}" in caplog.text
    assert ("times more" in caplog.text) == bool(often)


async def test_a_full_outbox_goes_on_by_itself_when_there_is_room(path: Path, clock: HeldClock):
    async with started(path, clock, limit=1) as station:
        source = MemorySource(station.intake.receive)
        source.publish(T1, GOOD)
        await station.settled()
        source.publish(T1, GOOD)
        await eventually(lambda: station.committer.last_error)
        assert source.acknowledged == [1]
        await station.outbox.settle(await station.outbox.waiting(1), [])
        await station.settled()
        assert source.acknowledged == [1, 2]
        assert station.committer.last_error is None


async def test_rejections_alone_are_kept_while_readings_wait(path: Path, clock: HeldClock):
    async with started(path, clock, limit=100) as station:
        source = MemorySource(station.intake.receive)
        source.publish(T1, GOOD)
        source.publish(T1, BAD)
        await station.settled()
        assert station.outcome == {"accepted": 1, "rejected": 1}


async def test_reading_pauses_when_much_is_in_hand_and_goes_on_by_itself(
    station: Station, source: MemorySource
):
    await station.break_outbox()
    await until_paused(source, station)
    source.send([source.message(T1, GOOD) for _ in range(IN_HAND)])
    source.publish(T1, GOOD)
    assert station.committer.in_hand <= IN_HAND
    await station.mend_outbox()
    await eventually(lambda: not source.in_flight)
    assert station.committer.in_hand == 0
    assert source.acknowledged == list(range(1, IN_HAND + 3))


async def until_paused(source: MemorySource, station: Station) -> None:
    source.publish(T1, GOOD)
    await eventually(lambda: station.committer.last_error)


async def test_reading_pauses_at_the_limit_without_any_trouble(
    station: Station, source: MemorySource
):
    source.send([source.message(T1, GOOD) for _ in range(IN_HAND - 1)])
    assert not source.connection.paused
    source.publish(T1, GOOD)
    assert source.connection.paused
    source.publish(T1, GOOD)
    assert station.committer.in_hand == IN_HAND
    await eventually(lambda: not source.in_flight)
    assert not source.connection.paused
    assert station.outcome == {"accepted": IN_HAND + 1}


async def test_what_is_in_hand_at_the_end_is_committed_first(
    station: Station, source: MemorySource
):
    source.send([source.message(T1, GOOD) for _ in range(100)])
    await station.settled()
    assert len(source.acknowledged) == 100
    await station.settled()  # with nothing in hand it is settled at once


# --- everything at once


@pytest.mark.parametrize("seed", range(5))
async def test_every_message_is_stored_once_whatever_is_cut_and_killed(
    path: Path, clock: HeldClock, seed: int
):
    """The broker's view: what was published, each with a number, against what the outbox holds."""
    chance = random.Random(seed)
    source = MemorySource(lambda _, __: None)
    sent = 0
    for _ in range(12):
        async with started(path, clock) as station:
            source.reconnect(station.intake.receive)
            for _ in range(chance.randrange(8)):
                count = chance.randrange(1, 30)
                batch = [number_of(source, sent + n) for n in range(count)]
                source.send(batch)
                sent += count
                clock.hold_at(clock.now() + round(chance.uniform(-2, 3) * SECOND))
                if chance.random() < 0.3:
                    source.reconnect()
                if chance.random() < 0.2:
                    await station.break_outbox()
                if chance.random() < 0.4:
                    await station.mend_outbox()
                for _ in range(chance.randrange(20)):
                    await asyncio.sleep(0)
    async with started(path, clock) as station:
        source.reconnect(station.intake.receive)
        await station.settled()
        rows = await station.stored()
        assert sorted(row.fields["people"] for row in rows) == list(range(sent))
        assert len({row.ts for row in rows}) == sent
        assert source.in_flight == {}
        assert station.outbox.accounts.accepted == sent


def number_of(source: MemorySource, number: int) -> MemoryMessage:
    return source.message("smartlife/v1/b12/vision_ai/v1", b'{"people": %d}' % number)


def test_the_memory_source_never_uses_an_identifier_that_is_in_flight():
    source = MemorySource(lambda _, __: None)
    first = source.publish(T1, GOOD)
    source._latest_id = 65_535
    second = source.publish(T1, GOOD)
    assert (first.packet_id, second.packet_id) == (1, 2)


def test_the_memory_source_holds_what_comes_while_paused(clock: HeldClock):
    got: list[int] = []
    source = MemorySource(lambda _, messages: got.append(len(messages)))
    source.connection.pause()
    source.publish(T1, GOOD)
    assert got == []
    source.connection.resume()
    assert got == [1]
