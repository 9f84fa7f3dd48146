"""The outbox on its own thread, for use from the event loop."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from hub.counters import Accounts
from hub.errors import OutboxBroken
from hub.pipeline.outbox import salvage
from hub.pipeline.outbox.entries import Commit, Waiting
from hub.pipeline.outbox.file import SCHEMA, Outbox
from hub.stores.store import Refusal

T = TypeVar("T")


class AsyncOutbox:
    """An outbox on its own thread, for use from the event loop."""

    def __init__(self, thread: ThreadPoolExecutor, outbox: Outbox) -> None:
        self._thread = thread
        self.broken: OutboxBroken | None = None
        self.saved: salvage.Saved | None = None
        self._outbox = outbox
        self.committed = asyncio.Event()
        self._closed = False

    @classmethod
    async def open(cls, path: Path, limit: int, window: int, entry_size: int) -> "AsyncOutbox":
        """Open the outbox at `path`; see `Outbox`."""
        thread = ThreadPoolExecutor(1, "hub.pipeline.outbox")

        def work() -> AsyncOutbox:
            saved = salvage.mend(path, SCHEMA)
            opened = cls(thread, Outbox(path, limit, window, entry_size))
            opened.saved = saved
            return opened

        return await asyncio.get_running_loop().run_in_executor(thread, work)

    @property
    def accounts(self) -> Accounts:
        """The accounts as of the latest transaction."""
        return self._outbox.accounts

    @property
    def size(self) -> int:
        """Bytes of lines in the outbox, waiting and refused."""
        return self._outbox.size

    @property
    def refused_left_out(self) -> int:
        """Refused lines since the start that were counted but not kept."""
        return self._outbox.refused_left_out

    async def _call(self, work: Callable[..., T], *values: object) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)
        except OutboxBroken as exc:
            self.broken = exc
            raise
        except sqlite3.Error as exc:
            error = salvage.broken(self._outbox.path, exc)
            self.broken = error if isinstance(error, OutboxBroken) else self.broken
            raise error from exc

    async def commit(self, commit: Commit) -> None:
        """Keep everything in `commit`, or nothing; see `Outbox.commit`."""
        await self._call(self._outbox.commit, commit)
        if commit.lines or commit.delayed:
            self.committed.set()

    async def settle(self, batches: Sequence[Waiting], refusals: Sequence[Refusal]) -> None:
        """Delete what the store has settled; see `Outbox.settle`."""
        await self._call(self._outbox.settle, batches, refusals)

    async def waiting(self, lines: int) -> list[Waiting]:
        """Return the oldest batches, about `lines` lines of them."""
        return await self._call(self._outbox.waiting, lines)

    async def delivered(self) -> list[bytes]:
        """Return the remembered deliveries, oldest first."""
        return await self._call(self._outbox.delivered)

    async def forget_deliveries(self) -> None:
        """Delete all remembered deliveries."""
        await self._call(self._outbox.forget_deliveries)

    async def hold_to_session(self, broker: str, client_id: str) -> None:
        """Delete the remembered deliveries if they are of another session than this one."""
        session = [broker, client_id]
        if await self.state("session") != session:
            await self.forget_deliveries()
            await self.remember("session", session)

    async def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first."""
        return await self._call(self._outbox.rejections, booth, limit)

    async def state(self, name: str, default: Any = None) -> Any:
        """Return a remembered value."""
        return await self._call(self._outbox.state, name, default)

    async def remember(self, name: str, value: Any) -> None:
        """Remember a value over restarts."""
        await self._call(self._outbox.remember, name, value)

    async def close(self) -> None:
        """Close the file and end the thread; safe to call twice."""
        if not self._closed:
            self._closed = True
            await self._call(self._outbox.close)
            self._thread.shutdown(wait=False)
