"""Messages of makers' dialects on their way to the disk."""

from dataclasses import replace
from pathlib import Path

from hub.clock import HeldClock
from hub.pipeline.quota import Quotas
from hub.testing.memory_source import MemorySource
from tests.pipeline.station import Station, started

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


async def test_the_receipt_of_a_redelivered_message_names_the_time_kept_the_first_time(
    path: Path, clock: HeldClock
):
    async with started(path, clock) as first:
        source = MemorySource(first.intake.receive)
        source.send([source.message(PLUG, TWO, response_topic="answers/1")])
        source.cut()  # the acknowledgement gets lost
        await first.settled()
        kept = first.batches[0].readings[0]
    clock.advance(60)
    async with started(path, clock) as second:
        source.reconnect(second.intake.receive)
        await second.settled()
        (receipt,) = second.batches[0].receipts
    assert (receipt.address, receipt.answer) == (kept.address, kept.ts)


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
