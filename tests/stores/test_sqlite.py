"""The embedded store: a disk that is full, a file that is none, a reader that may not write."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from harness.process import open_files
from hub.errors import QueryTimeout, SettingError, StoreError, StoreUnavailable
from hub.stores import MemoryStore, SqliteStore, open_store
from hub.stores.sqlite_table import SeriesTable
from hub.stores.store import Query, StoredRow
from schemas import KindSpec

DEADLINE = 20.0
EVERYTHING = Query("thermostat", 0, 2**62)


def lines(start: int, count: int) -> list[bytes]:
    tags = "booth=b1,device=t1,domain=smart_home"
    return [
        f"thermostat,{tags} temperature=1.0 {ts}".encode() for ts in range(start, start + count)
    ]


@pytest.fixture
async def store(tmp_path: Path, kinds: Mapping[str, KindSpec]) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db", kinds)
    yield opened
    await opened.close()


async def test_a_full_disk_keeps_nothing_of_the_batch_and_asks_to_come_again(store: SqliteStore):
    pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable, match=r"store\.db: database or disk is full"):
        await store.write(lines(0, 5000))
    assert await store.query(EVERYTHING) == []
    store._writer.execute("PRAGMA max_page_count=1000000")
    assert await store.write(lines(0, 5000)) == []
    assert len(await store.query(EVERYTHING)) == 5000


async def test_what_is_written_survives_a_crash_of_the_machine_by_its_settings(store: SqliteStore):
    assert store._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._writer.execute("PRAGMA synchronous").fetchone() == (2,)


async def test_whoever_reads_cannot_write(store: SqliteStore):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._reader.execute("DELETE FROM _rows_thermostat")


async def test_anyone_can_read_the_file_meanwhile(store: SqliteStore, tmp_path: Path):
    await store.write(lines(0, 3))
    other = sqlite3.connect(tmp_path / "store.db")
    rows = other.execute("SELECT booth, device, ts, temperature FROM thermostat").fetchall()
    other.close()
    assert rows == [("b1", "t1", ts, 1.0) for ts in range(3)]


async def test_a_program_that_reads_without_end_lets_the_log_grow_to_its_limit_only(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    limit = 1_000_000
    monkeypatch.setattr("hub.stores.sqlite_file.LOG_LIMIT", limit)
    log = tmp_path / "store.db-wal"
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM thermostat").fetchone()
    written = 0
    while log.stat().st_size <= limit:
        await store.write(lines(written, 1_000))
        written += 1_000
    size = log.stat().st_size
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="stays in a read transaction; end that program"):
            await store.write(lines(written, 1_000))
    assert log.stat().st_size == size < 2 * limit
    other.close()
    assert await store.write(lines(written, 1_000)) == []
    assert log.stat().st_size < limit
    assert len(await store.query(Query("thermostat", 0, 2**62, limit=10**6))) == written + 1_000


async def test_the_file_is_its_owners_alone(tmp_path: Path, kinds: Mapping[str, KindSpec]):
    path = tmp_path / "store.db"
    for _ in range(2):
        store = SqliteStore(path, kinds)
        await store.write(lines(0, 1))
        files = tmp_path.iterdir()  # noqa: ASYNC240
        modes = {item.name: item.stat().st_mode & 0o777 for item in files}
        assert modes == dict.fromkeys(("store.db", "store.db-wal", "store.db-shm"), 0o600)
        await store.close()
        path.chmod(0o644)  # as it was made before


class Endless:
    """Makes the store's questions last for ever, and says when one is under way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        monkeypatch.setattr("hub.stores.sqlite.select_rows", self.query)

    def query(self, db: sqlite3.Connection, _: SeriesTable, __: Query) -> list[StoredRow]:
        self._loop.call_soon_threadsafe(self.begun.set)
        numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number)"
        db.execute(f"{numbers} SELECT count(*) FROM number").fetchall()
        raise AssertionError("it has no end")


@pytest.fixture
async def endless(monkeypatch: pytest.MonkeyPatch) -> Endless:
    return Endless(monkeypatch)


async def test_the_end_waits_for_no_question(store: SqliteStore, endless: Endless):
    asked = [asyncio.create_task(store.query(EVERYTHING)) for _ in range(3)]
    async with asyncio.timeout(DEADLINE):
        await endless.begun.wait()
        await store.close()
        for question in asked:
            with pytest.raises(StoreUnavailable, match="the hub is stopping"):
                await question
    with pytest.raises(StoreUnavailable, match="the hub is stopping"):
        await store.query(EVERYTHING)


async def test_a_question_has_a_deadline_and_the_next_is_answered(
    store: SqliteStore, endless: Endless, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.stores.sqlite.QUERY_DEADLINE", 0.05)
    async with asyncio.timeout(DEADLINE):
        with pytest.raises(QueryTimeout, match="ask for less time"):
            await store.query(EVERYTHING)
    monkeypatch.undo()
    await store.write(lines(0, 3))
    assert len(await store.query(EVERYTHING)) == 3


async def test_a_question_that_nobody_waits_for_is_broken_off(
    store: SqliteStore, endless: Endless, monkeypatch: pytest.MonkeyPatch
):
    asked = asyncio.create_task(store.query(EVERYTHING))
    async with asyncio.timeout(DEADLINE):
        await endless.begun.wait()
        asked.cancel()
        monkeypatch.undo()
        assert await store.query(EVERYTHING) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path, kinds: Mapping[str, KindSpec]):
    (tmp_path / "store.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="file is not a database; check the folder"):
        SqliteStore(tmp_path / "store.db", kinds)
    assert tmp_path / "store.db" not in open_files()


async def test_a_store_that_is_closed_holds_no_file_open(
    tmp_path: Path, kinds: Mapping[str, KindSpec]
):
    store = SqliteStore(tmp_path / "store.db", kinds)
    line = b"thermostat,booth=b1,device=t1,domain=smart_home temperature=21.5 1"
    assert await store.write([line]) == []
    assert {tmp_path / "store.db", tmp_path / "store.db-wal"} <= open_files()
    await store.close()
    assert not [item for item in open_files() if item.parent == tmp_path]


def test_a_folder_that_is_missing_is_told(tmp_path: Path, kinds: Mapping[str, KindSpec]):
    with pytest.raises(StoreError, match="unable to open database file; check the folder"):
        SqliteStore(tmp_path / "nowhere" / "store.db", kinds)


async def test_addresses_of_the_embedded_stores(tmp_path: Path, kinds: Mapping[str, KindSpec]):
    for address, made in {"sqlite:": "store.db", f"sqlite:{tmp_path / 'x.db'}": "x.db"}.items():
        opened = open_store(address, tmp_path, kinds)
        await opened.close()
        assert (tmp_path / made).is_file()
    assert isinstance(open_store("memory:", tmp_path, kinds), MemoryStore)


@pytest.mark.parametrize("address", ["", "mysql:", "memory:x", "postgres://u:hunter2@h/b"])
def test_no_such_store_is_told_with_those_that_are(
    address: str, tmp_path: Path, kinds: Mapping[str, KindSpec]
):
    with pytest.raises(SettingError, match="is no store; use sqlite:, sqlite:PATH or") as caught:
        open_store(address, tmp_path, kinds)
    assert str(caught.value).startswith("HUB_STORE: ")
    assert "hunter2" not in str(caught.value)
