"""Drain: moves waiting readings from the outbox into the store, oldest first, with retries."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

from hub.errors import OutboxError, StoreUnavailable
from hub.limits.backoff import Backoff
from hub.pipeline.fence import StoreFence
from hub.pipeline.outbox import DELAYED, AsyncOutbox
from hub.pipeline.outbox.entries import Waiting
from hub.stores.store import Refusal, Store

LINES = 5_000
"""Readings in one write to the store, about."""
GATHER, MANY, GATHER_MANY = 0.25, 200, 0.5
"""Seconds in which readings gather before the next write to the store, while fewer than `LINES`
wait: a transaction or a request costs the store as much as hundreds of them. After a write of
`MANY` it is `GATHER_MANY`: InfluxDB itself has less to do then."""
FIRST_DELAY, LONGEST_DELAY = 0.25, 15.0

log = logging.getLogger("hub.pipeline.drain")


class Drain:
    """Moves waiting batches into the store; `last_error` is why it cannot at the moment.

    `blocked` says that the store answers but refuses us, `oldest` when the oldest waiting batch
    was committed (ns).
    """

    def __init__(
        self,
        outbox: AsyncOutbox,
        store: Store,
        fence: StoreFence | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._fence = fence or StoreFence()
        self._sleep = sleep
        self._backoff = Backoff(FIRST_DELAY, LONGEST_DELAY, random.random)
        self.last_error: str | None = None
        self.blocked = False
        self.oldest: int | None = None

    async def run(self) -> None:
        """Drain until cancelled."""
        while True:
            self._outbox.committed.clear()
            try:
                moved = await self.step()
            except (StoreUnavailable, OutboxError) as exc:
                await self._unavailable(exc)
                continue
            except Exception as exc:  # no answer of a store may end the hub
                await self._unavailable(self._fence.unavailable(exc))
                continue
            self._available()
            if not moved:
                await self._outbox.committed.wait()
            elif not _is_full(moved):
                many = sum([batch.size for batch in moved]) >= MANY
                await self._sleep(GATHER_MANY if many else GATHER)

    async def step(self) -> Sequence[Waiting]:
        """Move the oldest batches into the store, and return them.

        Raises:
            StoreUnavailable: the store does not accept them now.
            OutboxError: the outbox cannot be read or written.
        """
        batches = await self._outbox.waiting(LINES)
        self.oldest = batches[0].at if batches else None
        if batches:
            refusals = await self._write([batch.rows for batch in batches])
            # Should this fail, the same readings are written again: a write is idempotent.
            await self._outbox.settle(batches, refusals)
        return batches

    async def _write(self, batches: Sequence[bytes]) -> list[Refusal]:
        refusals = await self._store.write(batches)
        if refusals:
            line, reason = refusals[0].line[:200], refusals[0].reason
            log.error("the store refused %d lines; the first: %r: %s", len(refusals), line, reason)
        return refusals

    async def _unavailable(self, exc: StoreUnavailable | OutboxError) -> None:
        if self.last_error is None:
            log.warning("%s; readings wait in the outbox", exc)
        self.last_error = str(exc)
        self.blocked = isinstance(exc, StoreUnavailable) and exc.blocked
        pause = self._backoff.pause()
        asked = exc.retry_after if isinstance(exc, StoreUnavailable) else None
        await self._sleep(asked or pause)

    def _available(self) -> None:
        if self.last_error is not None:
            log.warning("the store takes readings again")
        self.last_error = None
        self.blocked = False
        self._backoff.reset()


def _is_full(batches: Sequence[Waiting]) -> bool:
    """Whether they are as many as are moved at once, so that more may wait."""
    delayed = sum([batch.size for batch in batches if batch.delayed])
    return delayed >= DELAYED or sum([batch.size for batch in batches]) >= LINES
