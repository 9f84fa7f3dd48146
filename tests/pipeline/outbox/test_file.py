"""The outbox: all or nothing, accounts that balance, and the same after it is opened again."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from harness.process import open_files
from hub.counters import Accounts
from hub.dialects.memory import Key
from hub.errors import OutboxBroken, OutboxError, OutboxFull
from hub.messages import Code, Rejection
from hub.pipeline.outbox import AsyncOutbox, Outbox
from hub.pipeline.outbox.entries import Commit
from hub.stores.store import Refusal
from schemas import Label
from tests.pipeline.outbox.boxes import MIB, everything_in, readings, rejection


def test_what_waits_comes_back_oldest_first(outbox: Outbox):
    for start in range(5):
        outbox.commit(readings(2, start * 10))
    waiting = outbox.waiting(1000)
    assert [item.rows.rsplit(b" ", 1)[1] for item in waiting] == [b"1", b"11", b"21", b"31", b"41"]


def test_what_a_dialect_forgets_is_deleted_and_the_rest_stays(outbox: Outbox):
    one, other = Key("b12", "homie", "d/hall"), Key("b12", "homie", "d/gate")
    outbox.commit(Commit(memory={one: "x", other: "y"}))
    outbox.commit(Commit(memory={one: None, other: "z"}))
    assert outbox.memory() == [(*other, "z")]


def test_a_batch_is_never_torn(outbox: Outbox):
    for _ in range(5):
        outbox.commit(readings(10))
    assert [item.count for item in outbox.waiting(1)] == [10]
    assert [item.count for item in outbox.waiting(11)] == [10, 10]


def test_surplus_goes_along_only_where_readings_leave_room(outbox: Outbox):
    delayed = [(readings(count, start).rows, count) for start, count in ((0, 1_000), (1_000, 500))]
    outbox.commit(replace(readings(10), delayed=delayed))
    outbox.commit(readings(10, 10))
    assert [(item.count, item.delayed) for item in outbox.waiting(20)] == [(10, False)] * 2
    found = [(item.count, item.delayed) for item in outbox.waiting(21)]
    assert found == [(10, False), (10, False), (1_000, True)]


def test_rows_that_are_merged_count_for_what_is_handed_over_at_once(outbox: Outbox):
    whole = readings(1_000)
    for _ in range(10):
        outbox.commit(replace(whole, count=1, merged=999))
        outbox.commit(Commit(delayed=[(whole.rows, 0)], merged=1_000))
    handed_over = outbox.waiting(500)
    assert 1 < len(handed_over) < 4
    assert sum(len(batch.rows) for batch in handed_over) <= 500 * 128 + len(whole.rows)
    assert outbox.accounts.accepted == 20_000
    assert outbox.accounts.waiting == 10
    outbox.settle(outbox.waiting(20_000), [])
    assert (outbox.accounts.stored, outbox.accounts.waiting) == (10, 0)
    assert len(outbox.waiting(2_000)) < 5, "delayed ones a few at a time"


def test_merged_rows_that_the_store_refuses_are_refused(outbox: Outbox):
    outbox.commit(replace(readings(10), count=6, merged=4))
    (batch,) = outbox.waiting(100)
    outbox.settle([batch], [Refusal(line, "no") for line in batch.rows.split(b"\n")])
    accounts = outbox.accounts
    assert (accounts.stored, accounts.merged, accounts.refused, accounts.waiting) == (0, 0, 10, 0)


def test_a_batch_says_since_when_it_waits(outbox: Outbox):
    outbox.commit(
        replace(readings(1, 500), delayed=[(b"thermostat,booth=b13 temperature=1.0 1", 1)])
    )
    outbox.commit(Commit(rows=b"hub,client=h received=1i 1", last_arrival=600, own=True))
    assert [item.at for item in outbox.waiting(10)] == [501, 600, 501]


def test_the_budget_used_up_says_so_and_goes_on_by_itself(path: Path):
    outbox = Outbox(path, 1000)
    outbox.commit(readings(20))
    with pytest.raises(OutboxFull, match="of 1000 bytes are used; it goes on by itself"):
        outbox.commit(readings(20))
    outbox.settle(outbox.waiting(1), [])
    outbox.commit(readings(20))
    assert outbox.accounts.accepted == 40
    outbox.close()


def test_a_batch_larger_than_the_budget_is_taken_when_nothing_waits(path: Path):
    outbox = Outbox(path, 10)
    outbox.commit(readings(5))
    assert outbox.accounts.waiting == 5
    outbox.close()


def test_after_an_error_of_the_database_the_next_transaction_begins_anew(
    outbox: Outbox, path: Path
):
    outbox.commit(readings(2))
    waiting = outbox.waiting(1)
    outbox._db.execute(
        "ALTER TABLE refused RENAME TO gone"
    )  # fails halfway, and rolls back nothing
    with pytest.raises(OutboxError, match="no such table: refused"):
        outbox.settle(waiting, [Refusal(waiting[0].rows.split(b"\n")[0], "no")])
    assert outbox.waiting(1) == waiting
    outbox._db.execute("ALTER TABLE gone RENAME TO refused")
    outbox.commit(readings(3, 10))
    outbox.settle(outbox.waiting(10), [])
    assert (outbox.accounts.stored, outbox.accounts.waiting) == (5, 0)
    assert everything_in(path)["batch"] == []


def test_refused_lines_are_kept_with_the_reason(outbox: Outbox, path: Path):
    outbox.commit(readings(3))
    waiting = outbox.waiting(1)
    lines = waiting[0].rows.split(b"\n")
    outbox.settle(waiting, [Refusal(lines[1], "temperature is a string here")])
    assert everything_in(path)["refused"] == [(1, lines[1], "temperature is a string here")]
    assert (outbox.accounts.stored, outbox.accounts.refused) == (2, 1)


def test_own_rows_wait_and_are_not_counted(outbox: Outbox):
    outbox.commit(Commit(rows=b"hub,client=h received=1i 1\nhub,client=h received=2i 2", own=True))
    waiting = outbox.waiting(10)
    assert [(item.count, item.own) for item in waiting] == [(0, True)]
    assert outbox.accounts == Accounts()
    outbox.settle(waiting, [Refusal(b"hub,client=h received=1i 1", "no")])
    assert outbox.accounts == Accounts()


def test_own_rows_leave_the_latest_arrival_alone(outbox: Outbox):
    outbox.commit(readings(3, start=100))
    outbox.commit(Commit(rows=b"hub,client=h received=1i 1", own=True))
    assert outbox.state("arrivals") == [7, 103]


def test_state_is_remembered(path: Path):
    first = Outbox(path, MIB)
    first.remember("filters", ["smartlife/v1/#", "공간"])
    first.close()
    second = Outbox(path, MIB)
    assert second.state("filters") == ["smartlife/v1/#", "공간"]
    assert second.state("nothing", 7) == 7
    second.close()


def test_a_full_disk_changes_nothing(path: Path):
    outbox = Outbox(path, MIB, window=4, entry_size=1)
    outbox.commit(readings(3))
    outbox.commit(Commit(delivered=b"abcd", rejections=[rejection()]))
    before, accounts, size = everything_in(path), outbox.accounts, outbox.size
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count={pages}")
    failing = Commit(
        rows=bytes(500_000),
        count=1,
        rejections=[rejection()],
        delivered=b"efgh",
        duplicate=1,
        last_arrival=99,
        arrivals=(99,),
    )
    with pytest.raises(OutboxError, match=rf"{path}: database or disk is full"):
        outbox.commit(failing)
    assert everything_in(path) == before
    assert (outbox.accounts, outbox.size) == (accounts, size)
    assert outbox.delivered() == [b"abcd"]
    outbox._db.execute("PRAGMA max_page_count=1000000")
    outbox.commit(failing)
    assert (outbox.accounts.accepted, outbox.accounts.duplicate) == (4, 1)
    assert outbox.delivered() == [b"abcd", b"efgh"][-len(outbox.delivered()) :]
    outbox.forget_deliveries()
    assert outbox.delivered() == []
    outbox.close()


def test_a_full_disk_while_settling_settles_nothing(path: Path):
    outbox = Outbox(path, MIB)
    outbox.commit(readings(3))
    waiting = outbox.waiting(1)
    before = everything_in(path)
    outbox._db.execute("PRAGMA query_only=ON")  # every write fails
    with pytest.raises(OutboxError):
        outbox.settle(waiting, [])
    assert everything_in(path) == before
    assert outbox.accounts.waiting == 3
    outbox._db.execute("PRAGMA query_only=OFF")
    outbox.settle(waiting, [])
    assert outbox.accounts.waiting == 0
    outbox.close()


def test_a_failure_that_is_not_the_databases_changes_nothing_either(outbox: Outbox, path: Path):
    before = everything_in(path)
    half_a_pair = Rejection(
        Code.JSON, Label("\ud800", ""), "a/b", 0, ""
    )  # not to be written as UTF-8
    with pytest.raises(UnicodeEncodeError):
        outbox.commit(Commit(rows=b"a b=1 1", count=1, rejections=[half_a_pair]))
    assert everything_in(path) == before
    outbox.commit(readings(1))
    assert outbox.accounts.accepted == 1


def test_a_window_that_failed_to_move_is_still_pruned_later(path: Path):
    outbox = Outbox(path, MIB, window=4, entry_size=1)
    for entry in (b"aa", b"bb", b"cc"):
        outbox.commit(Commit(delivered=entry))
    outbox._db.execute("PRAGMA query_only=ON")
    with pytest.raises(OutboxError):
        outbox.commit(Commit(delivered=b"dd"))
    outbox._db.execute("PRAGMA query_only=OFF")
    outbox.commit(Commit(delivered=b"dd"))
    outbox.commit(Commit(delivered=b"ee"))
    assert outbox.delivered()[-2:] == [b"dd", b"ee"]
    assert len(outbox.delivered()) <= 3
    outbox.close()


def test_a_program_that_reads_without_end_lets_the_log_grow_to_its_limit_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    limit = 1_000_000
    monkeypatch.setattr("hub.stores.sqlite_file.LOG_LIMIT", limit)
    outbox = Outbox(path, 2**30, synced=False)
    log = path.with_name("outbox.db-wal")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM batch").fetchone()
    while log.stat().st_size <= limit:
        outbox.commit(readings(1_000))
    with pytest.raises(OutboxFull, match="stays in a read transaction; end that program"):
        outbox.commit(readings(1_000))
    assert log.stat().st_size < 2 * limit
    outbox.settle(outbox.waiting(1_000), [])  # what the store has is let go of all the same
    other.close()
    outbox.commit(readings(1_000))
    assert log.stat().st_size < limit
    outbox.close()


async def test_the_file_is_its_owners_alone(path: Path):
    for _ in range(2):
        outbox = await AsyncOutbox.open(path, MIB, 0, 1)
        await outbox.commit(readings(1))
        modes = {item.name: item.stat().st_mode & 0o777 for item in path.parent.iterdir()}
        assert modes == dict.fromkeys(("outbox.db", "outbox.db-wal", "outbox.db-shm"), 0o600)
        await outbox.close()
        path.chmod(0o644)  # noqa: ASYNC240 - as it was made before


def test_a_file_that_is_no_database_is_told(path: Path):
    path.write_bytes(b"this is no database, but long enough to look like one" * 100)
    with pytest.raises(OutboxBroken, match="is damaged: file is not a database; stop the hub"):
        Outbox(path, MIB)
    assert path not in open_files()


def test_a_folder_that_is_missing_is_told(tmp_path: Path):
    with pytest.raises(OutboxError, match="unable to open database file; check the folder"):
        Outbox(tmp_path / "nowhere" / "outbox.db", MIB)


async def test_the_drain_is_woken_by_lines_and_by_nothing_else(path: Path):
    outbox = await AsyncOutbox.open(path, MIB, 0, 1)
    await outbox.commit(Commit(rejections=[rejection()]))
    assert not outbox.committed.is_set()
    await outbox.commit(readings(1))
    assert outbox.committed.is_set()
    await outbox.close()


async def test_many_tasks_share_one_outbox(path: Path):
    outbox = await AsyncOutbox.open(path, MIB, 0, 1)
    await asyncio.gather(*(outbox.commit(readings(2, n * 10)) for n in range(50)))
    assert outbox.accounts.accepted == 100
    assert sum(item.count for item in await outbox.waiting(1000)) == 100
    await outbox.close()


async def test_it_may_be_closed_twice_and_then_says_why_it_takes_nothing(path: Path):
    outbox = await AsyncOutbox.open(path, MIB, 0, 1)
    await outbox.close()
    await outbox.close()
    with pytest.raises(OutboxError, match="the hub is stopping"):
        await outbox.commit(readings(1))


async def test_deliveries_are_forgotten_with_another_session_and_stay_with_the_same(path: Path):
    for broker, client_id, kept in (
        ("mqtt://a:1883", "hub", []),
        ("mqtt://a:1883", "hub", [b"1"]),
        ("mqtt://b:1883", "hub", []),
        ("mqtt://b:1883", "other", []),
        ("mqtt://b:1883", "other", [b"1"]),
    ):
        outbox = await AsyncOutbox.open(path, MIB, 10, 1)
        await outbox.hold_to_session(broker, client_id)
        assert await outbox.delivered() == kept
        if not kept:
            await outbox.commit(Commit(delivered=b"1"))
        await outbox.close()


async def test_it_is_ready_for_a_crash_at_once(path: Path):
    """What `commit` has returned for is read by another connection."""
    outbox = await AsyncOutbox.open(path, MIB, 0, 1)
    await outbox.commit(readings(7))
    assert [row[2] for row in everything_in(path)["batch"]] == [7]
    await outbox.close()


def test_it_survives_a_crash_of_the_machine_by_its_settings(outbox: Outbox):
    pragma = {
        name: outbox._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2}


def test_for_tests_it_need_not_wait_for_the_disk(path: Path):
    outbox = Outbox(path, MIB, synced=False)
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (0,)
    outbox.close()


def test_a_folder_that_is_gone_is_an_error_of_the_outbox(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    outbox = Outbox(folder / "outbox.db", 2**30)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(OutboxError, match="is the data folder still there"):
        outbox.commit(Commit(b"light,booth=b1 brightness=5 1", 1))
    outbox.close()
