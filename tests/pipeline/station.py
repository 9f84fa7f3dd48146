"""An intake on a real outbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from harness.wait import DEADLINE
from hub.clock import Arrivals, HeldClock
from hub.dialects.memory import Memories
from hub.mqtt.conformance import RECEIVE_MAXIMUM, Conformance
from hub.pipeline.batch import Batch
from hub.pipeline.committer import Committer
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.pipeline.intake import Intake
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries
from hub.recording.flight_recorder import FlightRecorder
from hub.stores import line_protocol
from hub.stores.rows import lines
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
            tap=FlightRecorder(
                1 << 20, "smartlife/v1", catalogue(), (quotas or Quotas("")).levels
            ).tap,
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
