"""From the outbox to the store: in order, once, again and again while the store is away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from harness.wait import eventually
from hub.errors import StoreUnavailable
from hub.pipeline import drain as drain_module
from hub.pipeline.drain import Drain
from hub.pipeline.fence import StoreFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.outbox.entries import Commit, Waiting
from hub.stores import SqliteStore
from hub.stores.store import Query, Refusal
from schemas import kinds as catalogue

EVERYTHING = Query("thermostat", 0, 2**62, limit=1_000_000)


class FickleStore(SqliteStore):
    """The embedded store, which can be away, and tells in which order lines came."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, catalogue())
        self.away: Exception | None = None
        self.attempts = 0
        self.written: list[bytes] = []

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        self.attempts += 1
        if self.away is not None:
            raise self.away
        self.written += [line for batch in batches for line in batch.split(b"\n")]
        return await super().write(batches)


def lines(start: int, count: int) -> Commit:
    text = "\n".join(
        f"thermostat,booth=b1,device=t1,domain=smart_home temperature=1.0 {ts}"
        for ts in range(start, start + count)
    )
    return Commit(rows=text.encode(), count=count)


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[AsyncOutbox]:
    opened = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    yield opened
    await opened.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FickleStore]:
    opened = FickleStore(tmp_path / "store.db")
    yield opened
    await opened.close()


class Pauses:
    """How long the drain would have slept, each time; `held` lets it sleep for good."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.held = False

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await (asyncio.Event().wait() if self.held else asyncio.sleep(0))


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def drain(outbox: AsyncOutbox, store: FickleStore, pauses: Pauses) -> AsyncIterator[Drain]:
    drain = Drain(outbox, store, sleep=pauses)
    running = asyncio.create_task(drain.run())
    yield drain
    running.cancel()
    await asyncio.wait([running])


async def test_what_waits_at_the_start_is_stored(outbox: AsyncOutbox, store: FickleStore):
    await outbox.commit(lines(0, 10))
    outbox.committed.clear()  # it came before this start: nobody is told of it
    running = asyncio.create_task(Drain(outbox, store).run())
    await eventually(lambda: outbox.accounts.stored == 10)
    assert len(await store.query(EVERYTHING)) == 10
    assert await outbox.waiting(1) == []
    running.cancel()
    await asyncio.wait([running])


async def test_lines_are_stored_in_the_order_they_came(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    for start in range(0, 100, 10):
        await outbox.commit(lines(start, 10))
    await eventually(lambda: outbox.accounts.stored == 100)
    assert [int(line.rsplit(b" ", 1)[1]) for line in store.written] == list(range(100))


async def test_lines_gather_before_the_next_write_but_for_a_backlog(
    outbox: AsyncOutbox, store: FickleStore, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drain_module, "LINES", 20)
    for start in range(0, 50, 10):
        await outbox.commit(lines(start, 10))
    async with _held(Drain(outbox, store, sleep=pauses), pauses):
        assert (store.attempts, outbox.accounts.stored) == (3, 50), "20 and 20 at once, then 10"
        assert pauses.asked == [drain_module.GATHER]


@pytest.mark.parametrize(("many", "pause"), [(31, "GATHER"), (30, "GATHER_MANY")])
async def test_after_many_lines_more_gather(
    outbox: AsyncOutbox,
    store: FickleStore,
    pauses: Pauses,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
    pause: str,
):
    monkeypatch.setattr(drain_module, "MANY", many)
    for start in range(0, 30, 10):
        await outbox.commit(lines(start, 10))
    async with _held(Drain(outbox, store, sleep=pauses), pauses):
        assert pauses.asked == [getattr(drain_module, pause)]


@asynccontextmanager
async def _held(drain: Drain, pauses: Pauses) -> AsyncIterator[None]:
    """Run a drain up to its first pause, in which it is held."""
    pauses.held = True
    running = asyncio.create_task(drain.run())
    await eventually(lambda: pauses.asked)
    yield
    running.cancel()
    await asyncio.wait([running])


async def test_a_backlog_of_surplus_is_moved_without_a_pause(
    outbox: AsyncOutbox, store: FickleStore, pauses: Pauses
):
    for start in range(0, 2_500, 10):  # as many batches as 65 a second make of one booth's surplus
        commit = lines(start, 10)
        await outbox.commit(Commit(delayed=[(commit.rows, commit.count)]))
    async with _held(Drain(outbox, store, sleep=pauses), pauses):
        assert (store.attempts, outbox.accounts.stored) == (3, 2_500)


async def test_everything_waits_while_the_store_is_away(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    store.away = StoreUnavailable("store: no answer")
    await outbox.commit(lines(0, 10))
    await eventually(lambda: store.attempts >= 3)
    assert drain.last_error == "store: no answer"
    assert (outbox.accounts.waiting, outbox.accounts.stored) == (10, 0)
    store.away = None
    await eventually(lambda: outbox.accounts.stored == 10)
    await eventually(lambda: drain.last_error is None)


async def test_it_knows_since_when_the_oldest_batch_waits(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    store.away = StoreUnavailable("store: no answer")
    for at in (1_000, 2_000):
        await outbox.commit(replace(lines(at, 5), last_arrival=at))
    await eventually(lambda: store.attempts >= 3)
    assert drain.oldest == 1_000
    store.away = None
    await eventually(lambda: outbox.accounts.stored == 10)
    await eventually(lambda: drain.oldest is None)


async def test_a_store_that_refuses_us_is_told_from_one_that_is_away(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    store.away = StoreUnavailable("store: the token is wrong", blocked=True)
    await outbox.commit(lines(0, 1))
    await eventually(lambda: drain.last_error == "store: the token is wrong")
    assert drain.blocked
    store.away = StoreUnavailable("store: no answer")
    await eventually(lambda: drain.last_error == "store: no answer")
    assert not drain.blocked
    store.away = StoreUnavailable("store: the token is wrong", blocked=True)
    await eventually(lambda: drain.blocked)
    store.away = None
    await eventually(lambda: outbox.accounts.stored == 1)
    await eventually(lambda: not drain.blocked)


async def test_the_store_is_left_alone_for_as_long_as_it_asks(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain, pauses: Pauses
):
    store.away = StoreUnavailable("store: too busy", retry_after=3600)
    pauses.held = True
    await outbox.commit(lines(0, 1))
    await eventually(lambda: pauses.asked)
    assert pauses.asked == [3600]
    assert store.attempts == 1


async def test_a_store_that_stays_away_is_asked_less_and_less_and_one_that_was_back_soon_again(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain, pauses: Pauses
):
    store.away = StoreUnavailable("store: no answer")
    await outbox.commit(lines(0, 1))
    await eventually(lambda: len(pauses.asked) >= 10)
    store.away = None
    await eventually(lambda: outbox.accounts.stored == 1)
    bounds = [min(15, 0.25 * 2**attempt) for attempt in range(10)]
    for pause, longest in zip(pauses.asked, bounds, strict=False):
        assert 0 <= pause <= longest
    pauses.asked.clear()
    store.away = StoreUnavailable("store: no answer")
    pauses.held = True
    await outbox.commit(lines(1, 1))
    await eventually(lambda: pauses.asked)
    assert pauses.asked[0] <= 0.25


async def test_an_idle_drain_rests_until_something_comes(
    outbox: AsyncOutbox, drain: Drain, monkeypatch: pytest.MonkeyPatch
):
    looks, look, rest = [], outbox.waiting, outbox.committed.wait
    resting = False

    async def waiting(number: int) -> list[Waiting]:
        looks.append(number)
        return await look(number)

    async def wait() -> bool:
        nonlocal resting
        resting = True
        await rest()
        resting = False
        return True

    monkeypatch.setattr(outbox, "waiting", waiting)
    monkeypatch.setattr(outbox.committed, "wait", wait)

    async def rested(stored: int) -> None:
        await eventually(lambda: resting and outbox.accounts.stored == stored)

    for number in range(3):
        await outbox.commit(lines(number, 1))
        await rested(number + 1)
    # For each: one look that finds it, one that finds nothing, and one if it was told late.
    assert len(looks) <= 3 * 3 + 1


@pytest.mark.parametrize(
    "raised", [RecursionError("too deep"), ValueError("4,400 digits \x00\uffff")]
)
async def test_what_nobody_foresaw_is_a_store_that_is_away(
    outbox: AsyncOutbox,
    store: FickleStore,
    pauses: Pauses,
    caplog: pytest.LogCaptureFixture,
    raised: Exception,
):
    fence = StoreFence()
    drain = Drain(outbox, store, fence, sleep=pauses)
    store.away = raised
    await outbox.commit(lines(0, 10))
    running = asyncio.create_task(drain.run())
    await eventually(lambda: len(pauses.asked) >= 5)
    assert drain.last_error is not None
    assert type(raised).__name__ in drain.last_error
    assert str(raised) not in drain.last_error  # it may hold anything
    assert fence.caught >= 5
    assert [record.name for record in caplog.records if record.exc_info] == ["hub.pipeline.fence"]
    assert outbox.accounts.waiting == 10
    store.away = None
    await eventually(lambda: outbox.accounts.stored == 10)
    await eventually(lambda: drain.last_error is None)
    running.cancel()
    await asyncio.wait([running])


async def test_what_the_store_refuses_is_kept_and_the_rest_goes_on(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    stranger = b"toaster,booth=b1 slices=2i 5"
    mixed = Commit(rows=b"\n".join([lines(0, 1).rows, stranger, lines(9, 1).rows]), count=3)
    await outbox.commit(mixed)
    await eventually(lambda: outbox.accounts.refused == 1)
    assert (outbox.accounts.stored, outbox.accounts.waiting) == (2, 0)
    assert len(await store.query(EVERYTHING)) == 2
    assert drain.last_error is None


async def test_an_outbox_that_cannot_be_read_is_read_again(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    await outbox._call(outbox._outbox._db.execute, "ALTER TABLE batch RENAME TO gone")
    outbox.committed.set()
    await eventually(lambda: drain.last_error and "no such table: batch" in drain.last_error)
    await outbox._call(outbox._outbox._db.execute, "ALTER TABLE gone RENAME TO batch")
    await outbox.commit(lines(0, 5))
    await eventually(lambda: outbox.accounts.stored == 5)
    await eventually(lambda: drain.last_error is None)


async def test_an_outbox_that_cannot_settle_writes_again_and_stores_once(
    outbox: AsyncOutbox, store: FickleStore, drain: Drain
):
    await outbox.commit(lines(0, 5))
    await eventually(lambda: outbox.accounts.stored == 5)
    store.away = StoreUnavailable("not yet")
    await outbox.commit(lines(5, 5))
    await outbox._call(outbox._outbox._db.execute, "PRAGMA query_only=ON")
    store.away = None
    await eventually(lambda: drain.last_error and "readonly" in drain.last_error)
    await outbox._call(outbox._outbox._db.execute, "PRAGMA query_only=OFF")
    await eventually(lambda: outbox.accounts.stored == 10)
    assert len(store.written) > 10
    assert len(await store.query(EVERYTHING)) == 10


async def test_before_the_first_write_nothing_is_wrong_with_the_store(
    outbox: AsyncOutbox, store: FickleStore
):
    drain = Drain(outbox, store)
    assert (drain.blocked, drain.last_error, drain.oldest) == (False, None, None)
