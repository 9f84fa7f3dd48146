"""From a session to the disk: what is acknowledged is kept, what is kept is acknowledged, once."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.wait import DEADLINE, eventually
from hub.clock import SECOND, STRIDE, Arrivals, HeldClock
from hub.dialects.memory import Memories
from hub.errors import OutboxError
from hub.messages import Rejection
from hub.mqtt.conformance import NOT_RESENT, OUT_OF_ORDER, RECEIVE_MAXIMUM, Conformance
from hub.pipeline import committer as committer_module
from hub.pipeline.batch import Batch
from hub.pipeline.committer import IN_HAND, Committer
from hub.pipeline.decode import Decoder
from hub.pipeline.intake import Intake
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import KEPT, Quotas
from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries
from hub.pipeline.ways import Dialects
from hub.stores import line_protocol
from hub.stores.rows import lines
from hub.testing.memory_source import MemoryConnection, MemoryMessage, MemorySource
from schemas import kinds as catalogue

T1 = "smartlife/v1/b12/thermostat/t1"
GOOD = b'{"temperature": 21.5}'
BAD = b'{"temperature": 412}'


class Station:
    """An intake on a real outbox, as `hub.app` puts it together."""

    def __init__(
        self,
        outbox: AsyncOutbox,
        remembered: list[bytes],
        lasts: list[int],
        clock: HeldClock,
        quotas: Quotas | None = None,
    ):
        self.outbox = outbox
        self.batches: list[Batch] = []
        self.conformance = Conformance(RECEIVE_MAXIMUM)
        arrivals = Arrivals(clock, lasts)
        redeliveries = Redeliveries(RECEIVE_MAXIMUM, remembered)
        memories = Memories()
        self.committer = Committer(
            outbox, arrivals, redeliveries, self.conformance, [self.batches.append], memories
        )
        self.intake = Intake(
            Decoder("smartlife/v1", catalogue(), dialects=Dialects(memories)),
            outbox,
            arrivals,
            redeliveries,
            self.conformance,
            self.committer.add,
            quotas,
        )

    async def settled(self) -> None:
        async with asyncio.timeout(DEADLINE):
            await self.committer.settled()

    async def stored(self) -> list[line_protocol.Row]:
        """Every reading in the outbox, in order."""
        batches = await self.outbox.waiting(1_000_000)
        return [
            line_protocol.parse(line.decode()) for batch in batches for line in lines(batch.rows)
        ]

    @property
    def outcome(self) -> dict[str, int]:
        """The accounts that are not zero."""
        said = self.outbox.accounts.as_json()
        names = ("accepted", "rejected", "duplicate", "ignored")
        return {name: said[name] for name in names if said[name]}

    async def break_outbox(self) -> None:
        """Let every write fail, as on a full disk."""
        await self.outbox._call(self.outbox._outbox._db.execute, "PRAGMA query_only=ON")

    async def mend_outbox(self) -> None:
        await self.outbox._call(self.outbox._outbox._db.execute, "PRAGMA query_only=OFF")


@asynccontextmanager
async def started(
    path: Path, clock: HeldClock, limit: int = 2**30, quotas: Quotas | None = None
) -> AsyncIterator[Station]:
    """A hub's start and its end by death: nothing is brought to an end that is still in hand."""
    outbox = await AsyncOutbox.open(path, limit, RECEIVE_MAXIMUM, ENTRY_SIZE)
    remembered = await outbox.delivered()
    station = Station(outbox, remembered, await outbox.state("arrivals", []), clock, quotas)
    running = asyncio.create_task(station.committer.run())
    try:
        yield station
    finally:
        running.cancel()
        await asyncio.wait([running])
        await outbox.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
async def station(path: Path, clock: HeldClock) -> AsyncIterator[Station]:
    async with started(path, clock) as station:
        yield station


@pytest.fixture
def source(station: Station) -> MemorySource:
    return MemorySource(station.intake.receive)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer_module, "_RETRY", 0.001)


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
    station: Station, source: MemorySource
):
    await station.break_outbox()
    source.publish(T1, GOOD)
    await eventually(lambda: station.committer.last_error)
    source.publish(T1, BAD)
    source.publish(T1, GOOD)  # these two are held by the source, for reading is paused
    await station.mend_outbox()
    await eventually(lambda: not station.committer.last_error)
    await eventually(lambda: len(source.acknowledged) == 3)
    assert source.acknowledged == [1, 2, 3]
    assert not source.connection.paused
    assert station.outcome == {"accepted": 2, "rejected": 1}
    assert station.committer.in_hand == 0


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


# --- redeliveries


async def test_a_redelivery_after_a_restart_is_not_stored_twice(path: Path, clock: HeldClock):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.publish(T1, GOOD)
        source.publish(T1, b'{"temperature": 22, "ts": 1759999990}')
        source.cut()  # the acknowledgements get lost
        await first.settled()
        kept = await first.stored()
    assert source.acknowledged == []
    clock.hold_at(clock.now() - 3600 * SECOND)
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        await second.settled()
        assert source.acknowledged == [1, 2]
        assert await second.stored() == kept
        assert second.outcome == {"accepted": 2, "duplicate": 2}


async def test_a_redelivery_in_the_same_process_is_not_stored_twice(
    station: Station, source: MemorySource
):
    source.publish(T1, GOOD)
    source.publish(T1, GOOD)
    source.cut()
    await station.settled()
    source.reconnect()
    await station.settled()
    assert source.acknowledged == [1, 2]
    assert station.outcome == {"accepted": 2, "duplicate": 2}


async def test_a_redelivery_that_overtakes_the_commit_is_not_stored_twice(
    station: Station, source: MemorySource
):
    source.publish(T1, GOOD)
    source.reconnect()  # before anything is on disk
    await station.settled()
    assert source.acknowledged == [1]
    assert station.outcome == {"accepted": 1, "duplicate": 1}


async def test_a_redelivery_that_comes_again_and_again_is_stored_once(
    station: Station, source: MemorySource
):
    source.publish(T1, GOOD)
    for _ in range(5):
        source.reconnect()
    await station.settled()
    assert station.outcome == {"accepted": 1, "duplicate": 5}
    assert source.acknowledged == [1]


async def test_a_redelivery_of_a_rejection_is_not_counted_twice(
    station: Station, source: MemorySource
):
    source.publish(T1, BAD)
    source.reconnect()
    await station.settled()
    assert station.outcome == {"rejected": 1, "duplicate": 1}


async def test_what_was_lost_with_the_hub_is_new_when_it_comes_again(path: Path, clock: HeldClock):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        await first.break_outbox()
        source.publish(T1, GOOD)
        await eventually(lambda: first.committer.last_error)
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        await second.settled()
        assert source.acknowledged == [1]
        assert second.outcome == {"accepted": 1}


async def test_dup_on_a_packet_never_seen_is_a_new_message(station: Station, source: MemorySource):
    source.send([MemoryMessage(T1, GOOD, 9, duplicate=True)])
    await station.settled()
    assert station.outcome == {"accepted": 1}


async def test_dup_under_a_known_identifier_with_another_payload_is_a_new_message(
    station: Station, source: MemorySource
):
    source.send([MemoryMessage(T1, GOOD, 9)])
    source.send([MemoryMessage(T1, b'{"temperature": 22}', 9, duplicate=True)])
    source.send([MemoryMessage(f"{T1}0", b'{"temperature": 22}', 9, duplicate=True)])
    await station.settled()
    assert station.outcome == {"accepted": 3}


async def test_an_identifier_used_again_without_dup_is_a_new_message(
    station: Station, source: MemorySource
):
    source.send([MemoryMessage(T1, GOOD, 9)])
    source.send([MemoryMessage(T1, GOOD, 9)])
    await station.settled()
    assert station.outcome == {"accepted": 2}


async def test_qos_0_is_never_a_redelivery(station: Station, source: MemorySource):
    source.send([MemoryMessage(T1, GOOD, None, duplicate=True)] * 2)
    await station.settled()
    assert station.outcome == {"accepted": 2}


def resent(*messages: MemoryMessage) -> list[MemoryMessage]:
    return [replace(message, duplicate=True) for message in messages]


async def test_readings_that_are_all_alike_are_new_though_their_identifiers_come_round(
    station: Station,
):
    """Three devices that always say the same: 66,000 messages, then 30 that a cut kept from us."""
    topics = [f"smartlife/v1/b12/thermostat/t{n}" for n in range(3)]
    sent = [
        MemoryMessage(topics[n % 3], GOOD, n % 65_535 + 1, subscription_ids=(7,))
        for n in range(66_030)
    ]
    acknowledged: list[int] = []
    first = MemoryConnection(station.intake.receive, acknowledged.append)
    for start in range(0, 66_000, 4_000):
        first.hand_over(sent[start : min(start + 4_000, 66_000)])
        await station.settled()
    first.cut = True
    second = MemoryConnection(station.intake.receive, acknowledged.append)
    second.hand_over(resent(*sent[65_990:]))
    await station.settled()
    assert station.outcome == {"accepted": 66_030, "duplicate": 10}
    assert acknowledged[-1] == sent[-1].packet_id


async def test_a_lost_session_is_forgotten_on_disk_before_anything_else(
    path: Path, clock: HeldClock
):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.send([MemoryMessage(T1, GOOD, 9)])
        await first.settled()
        await first.intake.on_session_lost()
    async with started(path, clock) as second:  # which died before it committed anything
        source = MemorySource(second.intake.receive)
        source.send([MemoryMessage(T1, GOOD, 9, duplicate=True)])
        await second.settled()
        assert second.outcome == {"accepted": 2}


async def test_what_is_in_hand_when_the_session_is_lost_is_not_remembered_for_the_next(
    path: Path, clock: HeldClock
):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.send([MemoryMessage(T1, GOOD, 9)])
        await first.intake.on_session_lost()
        await first.settled()
        assert first.outcome == {"accepted": 1}
        assert await first.outbox.delivered() in ([], [b""])


async def test_a_session_that_is_lost_is_no_session_while_the_disk_cannot_forget(station: Station):
    await station.break_outbox()
    with pytest.raises(OutboxError):
        await station.intake.on_session_lost()


async def test_a_message_of_an_earlier_subscription_is_not_taken_for_one_of_this(station: Station):
    """As after another data folder used the session, or the broker came back with an old state."""
    acknowledged: list[int] = []
    first = MemoryConnection(station.intake.receive, acknowledged.append)
    first.hand_over([MemoryMessage(T1, GOOD, 9, subscription_ids=(1,))])
    await station.settled()
    second = MemoryConnection(station.intake.receive, acknowledged.append)
    second.hand_over([MemoryMessage(T1, GOOD, 9, duplicate=True, subscription_ids=(2,))])
    await station.settled()
    assert station.outcome == {"accepted": 2}


async def test_a_broker_that_resends_without_dup_is_noticed(station: Station, source: MemorySource):
    await station.break_outbox()
    source.send([MemoryMessage(T1, GOOD, 9)])
    await eventually(lambda: station.committer.last_error)
    source.cut()
    connection = MemoryConnection(station.intake.receive, lambda _: None)
    connection.hand_over([MemoryMessage(T1, GOOD, 1)])
    assert station.conformance.breaches == [NOT_RESENT]
    await station.mend_outbox()
    await station.settled()
    assert station.outcome == {"accepted": 2}


async def test_a_broker_that_numbers_at_random_is_noticed_even_among_redeliveries(
    station: Station, source: MemorySource
):
    source.send([MemoryMessage(T1, GOOD, 9)])
    source.reconnect()
    source.send([*resent(MemoryMessage(T1, GOOD, 9)), MemoryMessage(T1, GOOD, 4)])
    await station.settled()
    assert station.conformance.breaches == [OUT_OF_ORDER]


async def test_acknowledgements_go_to_the_connection_that_the_message_came_on(
    station: Station, source: MemorySource
):
    source.publish(T1, GOOD)
    old = source.connection
    source.cut()
    source.reconnect()
    await station.settled()
    assert old.cut
    assert source.acknowledged == [1]  # once, by the redelivery


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


# --- answers


def ask(source: MemorySource, payload: bytes, topic: str = T1) -> MemoryMessage:
    return source.message(topic, payload, response_topic="answers/1", correlation_data=b"\x00\xff")


async def test_a_receipt_says_under_which_time_the_reading_is_kept(
    station: Station, source: MemorySource
):
    source.send([ask(source, b'{"temperature": 21.5, "ts": 1759999990123456789}')])
    assert station.batches == []  # not before it is on disk
    await station.settled()
    ((receipt,),) = [batch.receipts for batch in station.batches]
    assert receipt.response_topic == "answers/1"
    assert receipt.correlation_data == b"\x00\xff"
    assert receipt.answer == 1759999990123456789


async def test_the_receipt_of_a_bad_reading_is_the_rejection(
    station: Station, source: MemorySource
):
    source.send([ask(source, BAD)])
    await station.settled()
    ((receipt,),) = [batch.receipts for batch in station.batches]
    assert isinstance(receipt.answer, Rejection)
    assert receipt.answer.code == "schema"


async def test_the_receipt_of_a_redelivery_names_the_time_kept_the_first_time(
    path: Path, clock: HeldClock
):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.send([ask(source, GOOD)])
        source.cut()
        await first.settled()
        (kept,) = await first.stored()
    clock.advance(60)
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        await second.settled()
        ((receipt,),) = [batch.receipts for batch in second.batches]
    assert receipt.answer == kept.ts


async def test_the_receipt_of_a_redelivered_rejection_is_the_rejection(
    station: Station, source: MemorySource, clock: HeldClock
):
    source.send([ask(source, BAD)])
    source.reconnect()
    await station.settled()
    first, second = [receipt.answer for batch in station.batches for receipt in batch.receipts]
    assert isinstance(first, Rejection)
    assert isinstance(second, Rejection)
    assert (first.message.en, first.at) == (second.message.en, second.at)


async def test_a_state_gets_no_receipt(station: Station, source: MemorySource):
    source.send([ask(source, b"online", f"{T1}/status"), ask(source, GOOD, "smartlife/v1/b12")])
    await station.settled()
    assert [batch.receipts for batch in station.batches] == [[]]


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


# --- quotas


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


PLUG = "smartlife/v1/b12/tasmota/tele/plug1/SENSOR"
TWO = b'{"ENERGY":{"Power":12},"AM2301":{"Temperature":21.5}}'


async def test_what_a_dialect_remembers_is_on_disk_with_the_readings(path: Path, clock: HeldClock):
    async with started(path, clock) as station:
        MemorySource(station.intake.receive).publish(PLUG, TWO)
        await station.settled()
        kept = await station.outbox.memory()
    assert kept == [("b12", "tasmota", "kinds/plug1", ["climate_sensor", "smart_plug"])]


async def test_a_redelivered_message_of_a_dialect_is_not_stored_twice(path: Path, clock: HeldClock):
    async with started(path, clock) as station:
        source = MemorySource(station.intake.receive)
        source.publish(PLUG, TWO)
        await station.settled()
        source.in_flight = {1: source.message(PLUG, TWO)}
        source.in_flight[1] = replace(source.in_flight[1], packet_id=1)
    async with started(path, clock) as station:
        source.reconnect(station.intake.receive)
        await station.settled()
        assert station.outcome == {"accepted": 1, "duplicate": 1}
        assert len(await station.stored()) == 2
        assert station.outbox.accounts.readings == 2


async def test_the_receipt_of_a_message_of_a_dialect_names_its_first_reading(
    station: Station, source: MemorySource
):
    asked = source.message(PLUG, TWO, response_topic="smartlife/v1/b12/smart_plug/plug1/receipts")
    source.send([asked])
    await station.settled()
    (receipt,) = station.batches[0].receipts
    first = station.batches[0].readings[0]
    assert (receipt.address, receipt.answer) == (first.address, first.ts)


class Charged(Quotas):
    """Quotas that note what is charged beyond a reading each message."""

    def __init__(self) -> None:
        super().__init__("smartlife/v1")
        self.charged: list[tuple[str, int]] = []

    def charge(self, booth: str, count: int, now: int) -> None:
        self.charged.append((booth, count))


async def test_a_message_of_a_dialect_is_charged_for_all_that_it_costs(
    path: Path, clock: HeldClock
):
    quotas = Charged()
    async with started(path, clock, quotas=quotas) as station:
        source = MemorySource(station.intake.receive)
        own = "smartlife/v1/b12/tasmota"
        source.publish(f"{own}/tele/plug1/SENSOR", b'{"ENERGY":{"Power":1},"A":{"Humidity":4}}')
        source.publish(f"{own}/tele/plug1/LWT", b"Offline")
        source.publish(f"{own}/stat/plug1/RESULT", b'{"x":"' + 5_120 * b"x" + b'"}')
        source.publish(f"{own}/stat/plug1/RESULT", b'{"POWER":"ON"}')
        await station.settled()
    assert quotas.charged == [("b12", 1), ("b12", 1), ("b12", 10)]
