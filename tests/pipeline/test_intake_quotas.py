"""Above its quota a booth waits, and nothing is lost."""

from pathlib import Path

from hub.clock import HeldClock
from hub.pipeline.quota import KEPT, Quotas
from hub.testing.memory_source import MemorySource
from tests.pipeline.station import BAD, GOOD, T1, started


async def test_above_its_quota_a_booth_waits_while_the_others_go_on(path: Path, clock: HeldClock):
    quotas = Quotas("smartlife/v1", 1)
    async with started(path, clock, quotas=quotas) as station:
        source = MemorySource(station.intake.receive)
        await station.intake.on_session_lost()
        flood = [source.message(T1, GOOD) for _ in range(60)]
        dropped = [source.message(T1, GOOD, qos=0) for _ in range(5)]
        rejected, status = source.message(T1, BAD), source.message(f"{T1}/status", b"online")
        other = source.message("smartlife/v1/b13/thermostat/t1", GOOD)
        source.send([*flood, rejected, status, *dropped, other])
        await station.settled()
        assert source.acknowledged == list(range(1, 64)), "all that is kept, in order of receipt"
        assert station.outcome == {"accepted": 61, "rejected": 1, "ignored": 6}
        rows = [batch for batch in await station.outbox.waiting(1_000) if not batch.own]
        assert [(batch.count, batch.delayed) for batch in rows] == [(11, False), (50, True)]
        assert b"b13" in rows[0].rows
        await station.outbox.settle(rows, [])
        assert await station.outbox.waiting(1_000) == []
        assert station.outbox.size == 0
        assert station.outbox.accounts.stored == 61


async def test_a_batch_that_is_dropped_whole_costs_nobody_the_connection(
    path: Path, clock: HeldClock
):
    async with started(path, clock, quotas=Quotas("smartlife/v1", 1)) as station:
        source = MemorySource(station.intake.receive)
        await station.intake.on_session_lost()
        source.send([source.message(T1, GOOD) for _ in range(60)])
        source.send([source.message(T1, GOOD, qos=0) for _ in range(5)])
        source.send([source.message("smartlife/v1/b13/thermostat/t1", GOOD)])
        await station.settled()
        assert station.outcome == {"accepted": 61, "ignored": 5}


async def test_what_waits_for_its_quota_is_there_after_a_crash(path: Path, clock: HeldClock):
    async with started(path, clock, quotas=Quotas("smartlife/v1", 1)) as station:
        await station.intake.on_session_lost()
        source = MemorySource(station.intake.receive)
        source.send([source.message(T1, GOOD) for _ in range(2_500)])
        await station.settled()
        size = station.outbox.size
    async with started(path, clock) as station:
        assert station.outbox.size == size
        while batches := await station.outbox.waiting(1_000):
            await station.outbox.settle(batches, [])
        assert station.outbox.accounts.stored == 2_500
        assert station.outbox.size == 0


async def test_surplus_rejections_are_acknowledged_and_counted_but_a_few_are_kept(
    path: Path, clock: HeldClock
):
    async with started(path, clock, quotas=Quotas("smartlife/v1", 1)) as station:
        await station.intake.on_session_lost()
        source = MemorySource(station.intake.receive)
        other = source.message("smartlife/v1/b13/thermostat/t1", BAD)
        source.send([other, *(source.message(T1, BAD, response_topic="a") for _ in range(500))])
        await station.settled()
        assert source.acknowledged == list(range(1, 502))
        assert station.outcome == {"rejected": 501}
        assert len(await station.outbox.rejections("b12", 1_000)) == KEPT
        assert len(await station.outbox.rejections("b13", 1_000)) == 1
        (batch,) = station.batches
        assert batch.counted == [("b12", "schema")] * (500 - KEPT)
        assert len(batch.receipts) == KEPT
        assert batch.ignored == 0
