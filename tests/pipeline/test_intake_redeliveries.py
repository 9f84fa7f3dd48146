"""Redeliveries as the specification has them: never stored twice, and nothing taken for one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness.wait import eventually
from hub.clock import SECOND, HeldClock
from hub.errors import OutboxError
from hub.messages import Message
from hub.mqtt.conformance import NOT_RESENT, OUT_OF_ORDER
from hub.testing.memory_source import MemoryConnection, MemoryMessage, MemorySource
from tests.pipeline.station import BAD, GOOD, T1, Station, started


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


async def test_whoever_listens_learns_what_was_kept_before(station: Station, source: MemorySource):
    heard: list[tuple[list[bytes], bool]] = []

    def tap(_: int, messages: Sequence[Message], before: bool) -> None:
        heard.append(([item.payload for item in messages], before))

    station.intake._tap = tap
    source.send([source.message(T1, GOOD), source.message(T1, BAD)])
    source.reconnect()
    await station.settled()
    assert heard == [([GOOD, BAD], False), ([GOOD], True), ([BAD], True)]


@pytest.mark.parametrize("again", ["in the same process", "after a restart"])
@pytest.mark.parametrize("qos", [(0, 1), (1, 0), (0, 1, 0, 1)])
async def test_a_redelivery_from_a_batch_with_qos_0_too_is_not_stored_twice(
    path: Path, clock: HeldClock, qos: tuple[int, ...], again: str
):
    expected = {"accepted": len(qos), "duplicate": sum(qos)}
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.send(
            [
                source.message(T1, b'{"temperature": %d}' % number, qos=each)
                for number, each in enumerate(qos)
            ]
        )
        source.cut()  # the acknowledgements get lost
        await first.settled()
        if again == "in the same process":
            source.reconnect()
            await first.settled()
            assert first.outcome == expected
            return
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        await second.settled()
        assert second.outcome == expected


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
