"""Times of arrival and of devices, whatever becomes of the clock."""

from pathlib import Path

import pytest

from hub.clock import SECOND, STRIDE, HeldClock
from hub.mqtt.gathering import PROMPT, STAMPED
from hub.pipeline.quota import Quotas
from hub.testing.memory_source import MemoryConnection, MemorySource
from tests.pipeline.station import GOOD, T1, Station, started


async def test_after_a_restart_with_the_clock_set_back_times_of_arrival_follow_it_and_repeat_none(
    path: Path, clock: HeldClock
):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        for _ in range(3):
            source.publish(T1, GOOD)
        await first.settled()
    clock.hold_at(clock.now() - 3600 * SECOND)
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        source.publish(T1, GOOD)
        await second.settled()
        times = [row.ts for row in await second.stored()]
    assert len(set(times)) == 4
    assert 0 <= clock.now() - min(times) < STRIDE


async def test_one_moment_of_a_wrong_clock_falsifies_no_other(path: Path, clock: HeldClock):
    right, days = clock.now(), 400 * 86_400 * SECOND
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        clock.hold_at(right + days)
        source.publish(T1, GOOD)
        clock.hold_at(right)
        source.publish(T1, GOOD)
        source.publish(T1, b'{"temperature": 22, "ts": %d}' % (right // SECOND - 5))
        await first.settled()
        assert [batch.readings[0].skew for batch in first.batches] == [None, None, None]
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        source.publish(T1, GOOD)
        await second.settled()
        times = sorted(row.ts for row in await second.stored())
    assert times[0] == right - 5 * SECOND
    assert right - STRIDE < times[1] < times[2] < right + SECOND
    assert times[3] == right + days


async def test_the_time_of_a_device_is_judged_by_the_clock_and_not_by_the_stamp(
    station: Station, source: MemorySource, clock: HeldClock
):
    source.publish(T1, GOOD)
    clock.hold_at(clock.now() - SECOND)  # so little that the next stamp is still the one after it
    source.publish(T1, b'{"temperature": 22, "ts": %d}' % (clock.now() // SECOND + 61))
    await station.settled()
    assert station.batches[1].readings[0].skew == 61 * SECOND


async def test_readings_without_a_time_are_received_soon_and_others_need_not_be(
    station: Station, source: MemorySource, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
):
    """Their time is that of their arrival, and that must not be far off."""
    asked: list[float] = []
    monkeypatch.setattr(
        MemoryConnection, "receive_within", lambda _, seconds: asked.append(seconds)
    )
    source.publish(T1, b'{"temperature": 22, "ts": %d}' % (clock.now() - SECOND))
    source.publish(T1, b'{"temperature": "warm"}')
    assert not asked
    source.publish(T1, GOOD)
    assert asked == [STAMPED]
    await station.settled()


async def test_who_asks_for_a_receipt_is_answered_soon_and_so_are_the_next(
    station: Station, source: MemorySource, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
):
    asked: list[float] = []
    monkeypatch.setattr(MemoryConnection, "receive_within", lambda _, within: asked.append(within))
    stamped = b'{"temperature": 22, "ts": %d}' % (clock.now() - SECOND)
    source.send([source.message(T1, stamped, response_topic=f"{T1}/receipts")])
    assert asked == [PROMPT]
    await station.settled()


async def test_a_quota_counts_time_that_passed_and_no_step_of_the_clock(
    path: Path, clock: HeldClock
):
    async with started(path, clock, quotas=Quotas("smartlife/v1", readings=1)) as station:
        source = MemorySource(station.intake.receive)
        source.publish(T1, GOOD)
        clock.advance(60)  # for a while after the first message everything is free
        for seconds in (3600, -7200, 3600):
            clock.hold_at(clock.now() + seconds * SECOND)
            for _ in range(10):
                source.publish(T1, GOOD)
            await station.settled()
        assert sum(len(batch.delayed) for batch in station.batches) == 10
