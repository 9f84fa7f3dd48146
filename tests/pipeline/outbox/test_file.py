"""The outbox: all or nothing, accounts that balance, and the same after it is opened again."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from harness.process import open_files
from harness.steps import steps
from hub.counters import Accounts
from hub.errors import OutboxBroken, OutboxError, OutboxFull
from hub.messages import Code, Rejection
from hub.pipeline.outbox import AsyncOutbox, Outbox, refused_shares, rejection_log
from hub.pipeline.outbox.entries import Commit
from hub.stores.store import Refusal
from schemas import Label

MIB = 1024 * 1024


def rejection(number: int = 0, booth: str | None = "b12") -> Rejection:
    return Rejection(
        Code.SCHEMA,
        Label(f"fault {number}", "오류"),
        "a/b",
        number,
        "{}",
        booth=booth,
        address=None,
    )


def readings(count: int, start: int = 0) -> Commit:
    lines = "\n".join(f"thermostat,booth=b12 temperature=1.0 {start + i}" for i in range(count))
    return Commit(lines.encode(), count, last_arrival=start + count, arrivals=(7, start + count))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path, MIB)
    yield box
    box.close()


def everything_in(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, read by another connection."""
    tables = ("batch", "delivered", "rejection", "refused", "account", "state")
    db = sqlite3.connect(path)
    found = {name: db.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}
    db.close()
    return found


class OutboxMachine(RuleBasedStateMachine):
    """The outbox beside a few lists that say what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.db"
        self.limit = 4000
        self.box = Outbox(self.path, self.limit, window=8, entry_size=1)
        self.model = dict.fromkeys(Accounts.__dataclass_fields__, 0)
        self.batches: list[tuple[bytes, int, bool]] = []
        self.refused: list[bytes] = []
        self.delivered = b""
        self.lines = 0

    def teardown(self) -> None:
        self.box.close()
        self.folder.cleanup()

    def new_lines(self, count: int, measurement: str) -> bytes:
        self.lines += count
        numbers = range(self.lines - count, self.lines)
        return b"\n".join(b"%s,booth=b1 value=1i %d" % (measurement.encode(), n) for n in numbers)

    @property
    def size(self) -> int:
        return sum(len(lines) for lines, _, _ in self.batches) + sum(map(len, self.refused))

    def full(self, lines: bytes) -> bool:
        """When nothing waits anything is taken."""
        return bool(self.batches) and self.size + len(lines) > self.limit

    @rule(
        count=st.integers(0, 40),
        rejected=st.integers(0, 3),
        duplicate=st.integers(0, 3),
        ignored=st.integers(0, 3),
        delivered=st.binary(max_size=6),
    )
    def commit(
        self,
        count: int,
        rejected: int,
        duplicate: int,
        ignored: int,
        delivered: bytes,
    ) -> None:
        lines = self.new_lines(count, "thermostat")
        commit = Commit(
            rows=lines,
            count=count,
            rejections=[rejection(n) for n in range(rejected)],
            duplicate=duplicate,
            ignored=ignored,
            delivered=delivered,
            last_arrival=self.lines,
        )
        if self.full(lines):
            with pytest.raises(OutboxFull, match=f"{self.size} of {self.limit} bytes"):
                self.box.commit(commit)
            return
        self.box.commit(commit)
        outcomes = {"accepted": count, "rejected": rejected, "duplicate": duplicate}
        for name, more in {**outcomes, "ignored": ignored}.items():
            self.model[name] += more
        if lines:
            self.batches.append((lines, count, False))
        self.delivered += delivered

    @rule()
    def forget_deliveries(self) -> None:
        self.box.forget_deliveries()
        self.delivered = b""

    @rule(count=st.integers(1, 3))
    def commit_own(self, count: int) -> None:
        lines = self.new_lines(count, "hub")
        if self.full(lines):
            with pytest.raises(OutboxFull):
                self.box.commit(Commit(rows=lines, own=True))
            return
        self.box.commit(Commit(rows=lines, own=True))
        self.batches.append((lines, 0, True))

    @precondition(lambda self: self.batches)
    @rule(lines=st.integers(1, 100), data=st.data())
    def settle(self, lines: int, data: st.DataObject) -> None:
        waiting = self.box.waiting(lines)
        assert [(item.rows, item.count, item.own) for item in waiting] == self.batches[
            : len(waiting)
        ]
        all_lines = [line for item in waiting for line in item.rows.split(b"\n")]
        refused = data.draw(st.lists(st.sampled_from(all_lines), unique=True, max_size=3))
        self.box.settle(waiting, [Refusal(line, "too old") for line in refused])
        counted = sum(line.startswith(b"thermostat") for line in refused)
        self.model["refused"] += counted
        self.model["stored"] += sum(item.count for item in waiting) - counted
        for line in refused:
            if sum(map(len, self.refused)) + len(line) <= self.limit // 16:
                self.refused.append(line)
        del self.batches[: len(waiting)]

    @rule()
    def reopen(self) -> None:
        self.box.close()
        self.box = Outbox(self.path, self.limit, window=8, entry_size=1)

    @rule()
    def crash(self) -> None:
        """Whoever dies leaves the file as it is, write-ahead log included."""
        other = Outbox(self.path, self.limit, window=8, entry_size=1)
        self.box.close()
        self.box = other

    @invariant()
    def balances(self) -> None:
        accounts = self.box.accounts
        assert accounts == Accounts(**self.model)
        said = accounts.as_json()
        assert said["received"] == sum(
            said[name] for name in ("accepted", "rejected", "duplicate", "ignored")
        )
        assert said["accepted"] == said["stored"] + said["waiting"] + said["refused"]
        assert said["waiting"] == sum(count for _, count, own in self.batches if not own)

    @invariant()
    def counts_its_bytes(self) -> None:
        assert self.box.size == self.size == self.box._count_bytes()

    @invariant()
    def remembers_the_latest_deliveries(self) -> None:
        kept = b"".join(self.box.delivered())
        assert self.delivered.endswith(kept)
        assert len(kept) >= min(len(self.delivered), 8)
        assert len(kept) <= 8 + 2 * 6


OutboxMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestOutbox = OutboxMachine.TestCase


def test_what_waits_comes_back_oldest_first(outbox: Outbox):
    for start in range(5):
        outbox.commit(readings(2, start * 10))
    waiting = outbox.waiting(1000)
    assert [item.rows.rsplit(b" ", 1)[1] for item in waiting] == [b"1", b"11", b"21", b"31", b"41"]


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


def test_refused_lines_take_their_part_of_the_budget(path: Path):
    outbox = Outbox(path, 16_000)
    outbox.commit(readings(20))
    refuse_all(outbox)
    assert outbox.refused_size > 500
    outbox.commit(readings(1))
    outbox.commit(readings(370))
    with pytest.raises(OutboxFull):
        outbox.commit(readings(20))
    outbox.close()


def test_a_refused_line_does_not_keep_out_a_large_batch_when_nothing_waits(path: Path):
    outbox = Outbox(path, 1000)
    outbox.commit(readings(1))
    (waiting,) = outbox.waiting(1)
    outbox.settle([waiting], [Refusal(waiting.rows, "no")])
    for start in range(100, 400, 100):
        outbox.commit(readings(30, start))
        outbox.settle(outbox.waiting(100), [])
    assert (outbox.accounts.stored, outbox.accounts.refused) == (90, 1)
    outbox.close()


def refuse_all(outbox: Outbox) -> None:
    waiting = outbox.waiting(1_000)
    lines = [line for item in waiting for line in item.rows.split(b"\n")]
    outbox.settle(waiting, [Refusal(line, "no") for line in lines])


def test_of_a_booth_whose_readings_are_refused_a_sixteenth_of_the_budget_is_kept(path: Path):
    outbox = Outbox(path, 16_000)
    for _ in range(3):
        outbox.commit(readings(20))
        refuse_all(outbox)
    assert outbox.accounts.refused == 60
    assert 950 < outbox.refused_size <= 1_000
    kept = len(outbox.refused(100))
    assert outbox.refused_left_out == 60 - kept > 0
    outbox.close()
    again = Outbox(path, 16_000)
    again.commit(readings(20))
    refuse_all(again)
    assert len(again.refused(100)) == kept
    again.commit(Commit(b"thermostat,booth=b13,device=t1 temperature=1.0 1", 1))
    refuse_all(again)
    assert again.refused(1)[0].line.startswith(b"thermostat,booth=b13")
    again.close()


def test_refused_lines_of_all_booths_take_half_of_the_budget(path: Path):
    outbox = Outbox(path, 16_000)
    for booth in range(30):
        lines = [b"lock,booth=b%d,device=t1 locked=true %d" % (booth, at) for at in range(20)]
        outbox.commit(Commit(b"\n".join(lines), 20))
        refuse_all(outbox)
    assert 7_900 < outbox.refused_size <= 8_000
    assert outbox.accounts.refused == 600
    outbox.commit(readings(200))
    outbox.close()


def test_booths_beyond_the_bound_share_one_share_of_refused_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refused_shares, "BOOTHS", 3)
    outbox = Outbox(path, 16_000)
    for booth in range(30):
        lines = [b"lock,booth=b%d,device=t1 locked=true %d" % (booth, at) for at in range(20)]
        outbox.commit(Commit(b"\n".join(lines), 20))
        refuse_all(outbox)
    assert len(outbox._refused._sizes) <= 4
    assert outbox.refused_size <= 4 * 1_000
    assert outbox.accounts.refused == 600
    outbox.close()


def test_refused_lines_above_a_smaller_budget_stop_nothing(path: Path):
    outbox = Outbox(path, 16_000)
    outbox.commit(readings(20))
    refuse_all(outbox)
    outbox.close()
    smaller = Outbox(path, 100)
    smaller.commit(readings(10))
    with pytest.raises(OutboxFull, match="retry-refused or forget-refused"):
        smaller.commit(readings(10))
    smaller.settle(smaller.waiting(1), [])
    smaller.commit(readings(10))
    smaller.close()


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


def test_the_newest_rejections_come_first(outbox: Outbox):
    outbox.commit(Commit(rejections=[rejection(n) for n in range(5)]))
    assert [item["message"] for item in outbox.rejections(None, 2)] == ["fault 4", "fault 3"]


def test_rejections_are_told_to_each_booth_apart(outbox: Outbox):
    booths = ["b1", "b2", None, "b1"]
    outbox.commit(Commit(rejections=[rejection(n, booth) for n, booth in enumerate(booths)]))
    assert [item["message"] for item in outbox.rejections("b1", 10)] == ["fault 3", "fault 0"]
    assert outbox.rejections("b3", 10) == []


def test_the_oldest_rejections_of_a_booth_go(outbox: Outbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 100)
    for start in range(0, 1000, 50):
        outbox.commit(Commit(rejections=[rejection(start + n) for n in range(50)]))
    kept = outbox.rejections(None, 1000)
    assert len(kept) == 100
    assert (kept[0]["message"], kept[-1]["message"]) == ("fault 999", "fault 900")
    assert outbox.accounts.rejected == 1000


def flood(outbox: Outbox, booths: list[str | None], count: int) -> None:
    for start in range(0, count, 50):
        told = [rejection(n, booth) for n in range(start, start + 50) for booth in booths]
        outbox.commit(Commit(rejections=told))


@pytest.mark.parametrize("flooding", ["b13", None])
def test_a_booth_that_floods_pushes_out_no_other_s_rejections(
    path: Path, monkeypatch: pytest.MonkeyPatch, flooding: str | None
):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 60)
    monkeypatch.setattr(rejection_log, "KEPT_REJECTIONS", 100)
    outbox = Outbox(path, MIB)
    outbox.commit(Commit(rejections=[rejection(n) for n in range(30)]))
    flood(outbox, [flooding], 200)
    outbox.close()
    outbox = Outbox(path, MIB)  # which must know how many there are
    flood(outbox, ["b14", flooding], 200)
    kept = outbox.rejections(None, 1000)
    assert len(outbox.rejections("b12", 1000)) == 30
    assert len(kept) == 100
    assert len(outbox.rejections("b14", 1000)) == 35
    assert (kept[0]["message"], kept[69]["message"]) == ("fault 199", "fault 165")
    outbox.close()


def test_what_was_rolled_back_is_not_counted(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 5)
    outbox = Outbox(path, MIB)
    outbox.commit(Commit(rejections=[rejection(n) for n in range(3)]))
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(OutboxError):
        outbox.commit(Commit(rows=bytes(500_000), count=1, rejections=[rejection()] * 5))
    with pytest.raises(OutboxError):
        outbox.commit(Commit(rejections=[rejection(n) for n in range(5_000)]))
    outbox._db.execute("PRAGMA max_page_count=1000000")
    outbox._db.execute("ALTER TABLE account RENAME TO gone")  # fails once all are counted
    with pytest.raises(OutboxError, match="no such table: account"):
        outbox.commit(Commit(rejections=[rejection()] * 2))
    outbox._db.execute("ALTER TABLE gone RENAME TO account")
    outbox.commit(Commit(rejections=[rejection(n) for n in range(3, 5)]))
    kept = [item["message"] for item in outbox.rejections(None, 10)]
    assert kept == [f"fault {n}" for n in (4, 3, 2, 1, 0)]
    outbox.close()


def test_a_rejection_costs_no_more_when_many_are_kept(path: Path):
    outbox = Outbox(path, MIB, synced=False)
    few = steps(lambda: outbox.commit(Commit(rejections=[rejection(1)])))
    flood(outbox, [f"b{n}" for n in range(20)], 1_000)
    for number in range(100):
        commit = Commit(rejections=[rejection(number)])
        assert steps(partial(outbox.commit, commit)) < few + 50
    outbox.close()


def test_an_older_outbox_with_many_rejections_of_one_booth_is_trimmed(path: Path):
    outbox = Outbox(path, MIB)
    outbox._db.executemany(
        "INSERT INTO rejection (booth, body) VALUES ('b13', ?)",
        [('{"message": "old"}',)] * 2_500,
    )
    outbox.commit(Commit(rejections=[rejection(1)]))
    assert len(outbox.rejections("b13", 5_000)) == rejection_log.OF_A_BOOTH
    assert len(outbox.rejections("b12", 5_000)) == 1
    outbox.close()


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


async def test_it_may_be_closed_twice(path: Path):
    outbox = await AsyncOutbox.open(path, MIB, 0, 1)
    await outbox.close()
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
