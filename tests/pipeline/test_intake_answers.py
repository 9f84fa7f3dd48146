"""Receipts: what a device that asks is told."""

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from hub.clock import HeldClock
from hub.messages import Rejection
from hub.testing.memory_source import MemoryMessage, MemorySource
from tests.pipeline.station import BAD, GOOD, T1, Station, started


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


async def test_an_empty_response_topic_is_a_wrong_one_and_not_none(
    station: Station, source: MemorySource
):
    source.send([source.message(T1, GOOD, response_topic="")])
    await station.settled()
    ((receipt,),) = [batch.receipts for batch in station.batches]
    assert receipt.response_topic == ""


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


async def test_a_redelivery_that_cannot_be_judged_any_more_is_acknowledged_without_a_receipt(
    station: Station, source: MemorySource, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> NoReturn:
        raise ZeroDivisionError("of the test")

    source.send([ask(source, GOOD)])
    await station.settled()
    source.in_flight = {1: replace(ask(source, GOOD), packet_id=1)}
    monkeypatch.setattr(station.intake, "_decode", fails)
    source.reconnect()
    await station.settled()
    assert station.outcome == {"accepted": 1, "duplicate": 1}
    assert station.batches[-1].receipts == []
    assert source.acknowledged == [1, 1]


async def test_a_state_gets_no_receipt(station: Station, source: MemorySource):
    source.send([ask(source, b"online", f"{T1}/status"), ask(source, GOOD, "smartlife/v1/b12")])
    await station.settled()
    assert [batch.receipts for batch in station.batches] == [[]]
