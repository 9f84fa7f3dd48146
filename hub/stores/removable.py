"""A store that can be taken away for a while: `hub demo --show` lets visitors pull its plug."""

from collections.abc import Callable, Sequence

from hub.clock import SECOND, Clock
from hub.errors import StoreUnavailable
from hub.stores.store import Query, Refusal, Store, StoredRow
from schemas import KindSpec

LONGEST = 60.0
"""Seconds after which a store that was taken away comes back by itself."""
RETRY = 1.0


class RemovableStore:
    """Closes its store when it is taken away, and opens it again when it is back.

    Meanwhile it is unavailable, as any store is that does not answer.

    Args:
        open_store: opens the store.
    """

    def __init__(self, open_store: Callable[[], Store], clock: Clock) -> None:
        self._open, self._clock = open_store, clock
        self._store: Store | None = open_store()
        self._back = 0

    @property
    def away(self) -> float:
        """The seconds until it is back; 0 when it is there."""
        return max(0.0, (self._back - self._clock.monotonic()) / SECOND)

    async def take_away(self) -> None:
        """Close the store, for `LONGEST` seconds at most."""
        self._back = self._clock.monotonic() + round(LONGEST * SECOND)
        store, self._store = self._store, None
        if store is not None:
            await store.close()

    def bring_back(self) -> None:
        """Let it be opened again by whoever needs it next."""
        self._back = 0

    def _there(self) -> Store:
        if self.away:
            raise StoreUnavailable(
                f"the store was taken away for a show, and is back in {self.away:.0f} s at the "
                "latest",
                retry_after=RETRY,
            )
        if self._store is None:
            self._store = self._open()
        return self._store

    async def declare(self, kind: KindSpec) -> None:
        """Take readings of one more kind from now on."""
        await self._there().declare(kind)

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        """Write batches; see `Store.write`."""
        return await self._there().write(batches)

    async def query(self, query: Query) -> list[StoredRow]:
        """Return the stored rows that `query` asks for."""
        return await self._there().query(query)

    async def close(self) -> None:
        """Close the store for good."""
        store, self._store = self._store, None
        self._back = 2**62
        if store is not None:
            await store.close()
