"""The embedded store's tables: ids of series, and the way from an older file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import StoreUnavailable
from hub.stores import SqliteStore, sqlite_table
from hub.stores.sqlite_table import SeriesTable
from hub.stores.store import Aggregate, Measurement, Query
from schemas import FieldType, KindSpec

EVERYTHING = Query("thermostat", 0, 2**62, limit=100_000)
OLDER = """
CREATE TABLE "thermostat" ("booth" TEXT NOT NULL, "device" TEXT NOT NULL, "domain" TEXT NOT NULL,
    ts INTEGER NOT NULL, PRIMARY KEY ("booth", "device", "domain", ts)) WITHOUT ROWID;
CREATE INDEX "thermostat_ts" ON "thermostat" (ts);
ALTER TABLE "thermostat" ADD COLUMN "temperature" REAL;
ALTER TABLE "thermostat" ADD COLUMN "mode" TEXT;
ALTER TABLE "thermostat" ADD COLUMN "gone" TEXT;
"""
DEVICES = 7
ROWS = 1_000


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as an older hub has left it."""
    monkeypatch.setattr(sqlite_table, "MIGRATED", 300)
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript(OLDER)
        rows = ((f"t{ts % DEVICES}", ts, ts / 10, "heat") for ts in range(ROWS))
        db.executemany(
            "INSERT INTO thermostat (booth, device, domain, ts, temperature, mode) "
            "VALUES ('b1', ?, 'smart_home', ?, ?, ?)",
            rows,
        )
        db.execute("UPDATE thermostat SET gone = 'kept' WHERE ts = 0")
        db.commit()
    return path


def line(ts: int, device: str, fields: str = "temperature=-1.0") -> bytes:
    return f"thermostat,booth=b1,device={device},domain=smart_home {fields} {ts}".encode()


async def found(store: SqliteStore) -> dict[tuple[int, str], float]:
    rows = await store.query(EVERYTHING)
    assert [row.ts for row in rows] == sorted(row.ts for row in rows)
    values = {(row.ts, row.tags["device"]): row.fields["temperature"] for row in rows}
    assert len(values) == len(rows), "no row twice"
    return values


def everything() -> dict[tuple[int, str], float]:
    return {(ts, f"t{ts % DEVICES}"): ts / 10 for ts in range(ROWS)}


async def test_an_older_file_is_migrated_while_the_hub_runs(
    older: Path, kinds: Mapping[str, KindSpec]
):
    expected = everything()
    for start in (5_000, 6_000):  # stopped in between, and started again
        store = SqliteStore(older, kinds)
        for ts in (start, start + 1):
            assert await found(store) == expected
            one = await store.query(replace(EVERYTHING, device="t3", limit=5))
            assert [row.ts for row in one] == sorted(ts for ts, name in expected if name == "t3")[
                -5:
            ]
            await store.write([line(ts, "t3")])
            expected[ts, "t3"] = -1.0
        assert store._tables["thermostat"].migrating == (start == 5_000)
        await store.close()
    with closing(sqlite3.connect(older)) as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        shown = db.execute("SELECT device, ts, mode, gone FROM thermostat LIMIT 1").fetchone()
    assert not [name for name in names if name.startswith("_old_thermostat")]
    assert shown == ("t0", 0, "heat", "kept")


async def test_a_row_of_an_older_file_and_the_same_one_again_are_one(
    older: Path, kinds: Mapping[str, KindSpec]
):
    store = SqliteStore(older, kinds)
    newest = ROWS - 1
    await store.write([line(newest, f"t{newest % DEVICES}", "humidity=50.0,temperature=7.0")])
    for ts in range(2_000, 2_005):
        await store.write([line(ts, "t0")])
    assert not store._tables["thermostat"].migrating
    (row,) = await store.query(replace(EVERYTHING, start=newest, stop=newest + 1))
    assert row.fields == {"temperature": 7.0, "mode": "heat", "humidity": 50.0}
    counted = replace(EVERYTHING, stop=ROWS, every=10_000, aggregate=Aggregate.COUNT)
    assert sum(row.fields["temperature"] for row in await store.query(counted)) == ROWS
    await store.close()


async def test_a_row_that_is_written_again_while_an_older_file_is_moved_counts_once(
    older: Path, kinds: Mapping[str, KindSpec]
):
    store = SqliteStore(older, kinds)
    newest = ROWS - 1
    await store.write([line(newest, f"t{newest % DEVICES}", "temperature=7.0")])
    assert store._tables["thermostat"].migrating
    assert await found(store) == everything() | {(newest, f"t{newest % DEVICES}"): 7.0}
    await store.close()


async def test_an_older_file_that_cannot_be_moved_holds_nothing_up(
    older: Path,
    kinds: Mapping[str, KindSpec],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    def broken(*_: object) -> bool:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(SeriesTable, "migrate", broken)
    store = SqliteStore(older, kinds)
    expected = everything()
    for ts in range(5_000, 5_003):
        assert await store.write([line(ts, "t0")]) == []
        expected[ts, "t0"] = -1.0
    assert await found(store) == expected
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    await store.close()


async def test_a_series_keeps_its_number_over_a_failed_write(
    tmp_path: Path, kinds: Mapping[str, KindSpec]
):
    store = SqliteStore(tmp_path / "store.db", kinds)
    pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write([line(ts, f"t{ts}") for ts in range(5_000)])
    store._writer.execute("PRAGMA max_page_count=1000000")
    await store.write([line(1, "t9")])
    await store.write([line(2, "t0"), line(3, "t9")])
    rows = await store.query(EVERYTHING)
    assert [(row.ts, row.tags["device"]) for row in rows] == [(1, "t9"), (2, "t0"), (3, "t9")]
    await store.close()


async def test_more_series_than_are_remembered_keep_their_rows(
    tmp_path: Path, kinds: Mapping[str, KindSpec], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sqlite_table, "SERIES", 3)
    store = SqliteStore(tmp_path / "store.db", kinds)
    for start in (0, 10):
        await store.write([line(start + n, f"t{n}") for n in range(8)])
    rows = await store.query(EVERYTHING)
    assert [(row.ts, row.tags["device"]) for row in rows] == [
        (start + n, f"t{n}") for start in (0, 10) for n in range(8)
    ]
    (count,) = store._writer.execute("SELECT count(*) FROM _series_thermostat").fetchone()
    assert count == 8
    await store.close()


async def test_no_field_is_mistaken_for_the_number_of_a_series():
    fields = {"series": FieldType.FLOAT, "id": FieldType.INTEGER, "ts2": FieldType.STRING}
    table = SeriesTable(Measurement("odd", ("booth", "device", "domain"), fields))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        table.prepare(db)
        series_id = table.series_id(db, ("b1", "d1", "x"))
        table.insert(db, ("series", "id"), [[series_id, None, 7.5, 9, 1]])
        assert db.execute("SELECT booth, series, id, ts2, ts FROM odd").fetchall() == [
            ("b1", 7.5, 9, None, 1)
        ]


async def test_what_is_remembered_of_combinations_of_fields_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
):
    """Whatever a device leaves out of a hundred fields, its rows are kept."""
    monkeypatch.setattr(sqlite_table, "STATEMENTS", 3)
    fields = {f"f{number}": FieldType.FLOAT for number in range(100)}
    table = SeriesTable(Measurement("wide", ("booth", "device", "domain"), fields))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        table.prepare(db)
        series_id = table.series_id(db, ("b1", "d1", "x"))
        for number in range(20):
            names = tuple(fields)[number:]
            count = 2 * sqlite_table.AT_ONCE + 1
            rows = [
                [series_id, None, *range(len(names)), 1_000 * number + ts] for ts in range(count)
            ]
            table.insert(db, names, rows)
            assert len(table._inserts) <= 3
        found = db.execute("SELECT count(*), count(f0), sum(f99) FROM wide").fetchone()
        assert found == (20 * count, count, sum(count * (99 - number) for number in range(20)))
