"""From the outbox to the store: in order, once, again and again while the store is away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from hub import drain as drain_module
from hub.drain import Drain
from hub.errors import StoreAway
from hub.model import Commit, Refusal
from hub.outbox import AsyncOutbox
from hub.store import Query
from hub.stores import MemoryStore
from schemas import kinds as catalogue

DEADLINE = 20.0
EVERYTHING = Query("thermostat", 0, 2**62, limit=1_000_000)


class FickleStore(MemoryStore):
    """A store that can be away, and tells in which order lines came."""

    def __init__(self) -> None:
        super().__init__(catalogue())
        self.away: StoreAway | None = None
        self.attempts = 0
        self.written: list[bytes] = []

    async def write(self, lines: Sequence[bytes]) -> list[Refusal]:
        self.attempts += 1
        if self.away is not None:
            raise self.away
        self.written += lines
        return await super().write(lines)


def lines(start: int, count: int) -> Commit:
    text = "\n".join(
        f"thermostat,booth=b1,device=t1,domain=smart_home temperature=1.0 {ts}"
        for ts in range(start, start + count)
    )
    return Commit(lines=text.encode(), count=count)


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[AsyncOutbox]:
    opened = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    yield opened
    await opened.close()


@pytest.fixture
def store() -> FickleStore:
    return FickleStore()


@pytest.fixture
async def drain(outbox: AsyncOutbox, store: FickleStore) -> AsyncIterator[Drain]:
    drain = Drain(outbox, store)
    running = asyncio.create_task(drain.run())
    yield drain
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain_module, "_FIRST_DELAY", 0.001)
    monkeypatch.setattr(drain_module, "_LONGEST_DELAY", 0.002)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - turns of the loop, no time
            await asyncio.sleep(0)


async def test_what_waits_at_the_start_is_stored(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    await outbox.commit(lines(0, 10))
    await until(lambda: outbox.accounts.stored == 10)
    assert len(await store.query(EVERYTHING)) == 10
    assert await outbox.waiting(1) == []


async def test_lines_are_stored_in_the_order_they_came(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    for start in range(0, 100, 10):
        await outbox.commit(lines(start, 10))
    await until(lambda: outbox.accounts.stored == 100)
    assert [int(line.rsplit(b" ", 1)[1]) for line in store.written] == list(range(100))


async def test_everything_waits_while_the_store_is_away(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    store.away = StoreAway("store: no answer")
    await outbox.commit(lines(0, 10))
    await until(lambda: store.attempts >= 3)
    assert drain.trouble == "store: no answer"
    assert (outbox.accounts.waiting, outbox.accounts.stored) == (10, 0)
    store.away = None
    await until(lambda: outbox.accounts.stored == 10)
    await until(lambda: drain.trouble is None)


async def test_the_store_is_left_alone_for_as_long_as_it_asks(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    store.away = StoreAway("store: too busy", retry_after=3600)
    await outbox.commit(lines(0, 1))
    await until(lambda: drain.trouble)
    for _ in range(50):
        await asyncio.sleep(0)
    assert store.attempts == 1


async def test_what_the_store_refuses_is_kept_and_the_rest_goes_on(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    stranger = b"toaster,booth=b1 slices=2i 5"
    mixed = Commit(lines=b"\n".join([lines(0, 1).lines, stranger, lines(9, 1).lines]), count=3)
    await outbox.commit(mixed)
    await until(lambda: outbox.accounts.refused == 1)
    assert (outbox.accounts.stored, outbox.accounts.waiting) == (2, 0)
    assert len(await store.query(EVERYTHING)) == 2
    assert drain.trouble is None


async def test_an_outbox_that_cannot_be_read_is_read_again(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    await outbox._call(outbox._outbox._db.execute, "ALTER TABLE batch RENAME TO gone")
    outbox.arrived.set()
    await until(lambda: drain.trouble and "no such table: batch" in drain.trouble)
    await outbox._call(outbox._outbox._db.execute, "ALTER TABLE gone RENAME TO batch")
    await outbox.commit(lines(0, 5))
    await until(lambda: outbox.accounts.stored == 5)
    await until(lambda: drain.trouble is None)


async def test_an_outbox_that_cannot_settle_writes_again_and_stores_once(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    await outbox.commit(lines(0, 5))
    await until(lambda: outbox.accounts.stored == 5)
    store.away = StoreAway("not yet")
    await outbox.commit(lines(5, 5))
    await outbox._call(outbox._outbox._db.execute, "PRAGMA query_only=ON")
    store.away = None
    await until(lambda: drain.trouble and "readonly" in drain.trouble)
    await outbox._call(outbox._outbox._db.execute, "PRAGMA query_only=OFF")
    await until(lambda: outbox.accounts.stored == 10)
    assert len(store.written) > 10
    assert len(await store.query(EVERYTHING)) == 10
