"""Group commit: commits the batches that gathered in one transaction, then acknowledges them.

While one transaction is being written the next batches gather, so the load itself sets the size of
a transaction: one reading when it is quiet, thousands when it is not.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from time import monotonic

from hub.clock import Arrivals
from hub.dialects.memory import Memories
from hub.errors import OutboxError
from hub.limits.log_throttle import LogThrottle
from hub.messages import Connection
from hub.mqtt.conformance import Conformance
from hub.pipeline.batch import Batch, merged_in, rows_of
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.outbox import DELAYED, AsyncOutbox
from hub.pipeline.outbox.entries import Commit
from hub.pipeline.redelivery import Redeliveries

IN_HAND = 16_384
"""Messages received and not yet committed at which reading from the broker stops; it goes on at
half of it."""
RETRY = 0.5

log = logging.getLogger("hub.pipeline.committer")


class Committer:
    """Commits batches to the outbox, acknowledges them, and pauses connections that bring too many.

    `in_hand` counts the messages that are not committed yet; `last_error` is why the outbox cannot
    commit at the moment.

    Args:
        outbox: keeps the batches on disk.
        arrivals: its latest stamps are committed with them.
        redeliveries: its latest deliveries are committed with them.
        conformance: counts acknowledgements on the latest connection.
        observers: called with each batch once it is on disk and acknowledged.
        memories: what dialects remember anew is committed with them.
        names: so are the names of devices that are new.
    """

    def __init__(
        self,
        outbox: AsyncOutbox,
        arrivals: Arrivals,
        redeliveries: Redeliveries,
        conformance: Conformance,
        observers: Iterable[Callable[[Batch], None]] = (),
        memories: Memories | None = None,
        names: DeviceNames | None = None,
    ) -> None:
        self._outbox = outbox
        self._arrivals = arrivals
        self._redeliveries = redeliveries
        self._conformance = conformance
        self._memories, self._names = memories or Memories(), names or DeviceNames()
        self._pending: list[Batch] = []
        self._latest: Connection | None = None
        self._paused: set[Connection] = set()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._log_throttle = LogThrottle(monotonic)
        self._logged = False
        self.observers = [*observers]
        self.in_hand = 0
        self.last_error: OutboxError | None = None

    def add(self, batch: Batch) -> None:
        """Enqueue a batch; never blocks, but pauses its connection when too many are in hand."""
        self._latest = batch.connection
        self._pending.append(batch)
        self.in_hand += batch.messages
        if self.in_hand >= IN_HAND or self.last_error is not None:
            self._pause([batch])
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Commit and acknowledge batches until cancelled."""
        while True:
            await self._wake.wait()
            await self.step()

    async def step(self) -> None:
        """Commit and acknowledge the pending batches."""
        self._wake.clear()
        while self._pending:
            batches, self._pending = self._pending, []
            await self._commit(batches)
            self._acknowledge(batches)
            for batch in batches:
                for observe in self.observers:
                    observe(batch)
                self.in_hand -= batch.messages
            self._resume()
        self._idle.set()

    async def settled(self) -> None:
        """Wait until everything that was received is committed and acknowledged."""
        await self._idle.wait()

    async def _commit(self, batches: Sequence[Batch]) -> None:
        commit = self._gather(batches)
        while True:
            try:
                await self._outbox.commit(commit)
            except OutboxError as exc:
                if self.last_error is None:
                    self._log_error(exc)
                self.last_error = exc
                self._pause([*batches, *self._pending])
                await asyncio.sleep(RETRY)
            else:
                break
        if self.last_error is not None:
            if self._logged:
                log.warning("the outbox takes readings again")
            self.last_error = None

    def _log_error(self, exc: OutboxError) -> None:
        # At its limit an outbox accepts and refuses alternately, twice a second.
        self._logged = self._log_throttle.due()
        if self._logged:
            before = self._log_throttle.pop_throttled()
            often = f" ({before} times more since it was last said)" if before else ""
            log.error("%s; nothing is acknowledged until it works again%s", exc, often)

    def _gather(self, batches: Sequence[Batch]) -> Commit:
        due = [item for batch in batches for item in batch.to_keep(delayed=False)]
        late = [item for batch in batches for item in batch.to_keep(delayed=True)]
        parts = [late[at : at + DELAYED] for at in range(0, len(late), DELAYED)]
        merged = merged_in(due)
        return Commit(
            rows=rows_of(due),
            count=len(due) - merged,
            delayed=[(rows_of(part), len(part) - merged_in(part)) for part in parts],
            merged=merged + merged_in(late),
            extra=len(due) + len(late) - sum([batch.accepted for batch in batches]),
            memory=self._memories.pop_unsaved(),
            names=self._names.pop_unsaved(),
            rejections=[item for batch in batches for item in batch.rejections],
            counted=sum([len(batch.counted) for batch in batches]),
            delivered=self._redeliveries.pop_unsaved(),
            duplicate=sum([batch.duplicate for batch in batches]),
            ignored=sum([batch.ignored for batch in batches]),
            last_arrival=self._arrivals.last,
            arrivals=tuple(self._arrivals.lasts),
        )

    def _acknowledge(self, batches: Sequence[Batch]) -> None:
        # One write for each connection: acknowledged one by one, a broker also sends one by one.
        for connection, group in groupby(batches, key=lambda batch: batch.connection):
            packet_ids = [packet_id for batch in group for packet_id in batch.packet_ids]
            if packet_ids:
                connection.acknowledge(packet_ids)
                if connection is self._latest:
                    self._conformance.acknowledged(len(packet_ids))

    def _pause(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            batch.connection.pause()
            self._paused.add(batch.connection)

    def _resume(self) -> None:
        if self._paused and self.in_hand <= IN_HAND // 2:
            paused, self._paused = self._paused, set()
            for connection in paused:  # may deliver at once, and be paused again
                connection.resume()
