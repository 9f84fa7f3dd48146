"""A damaged outbox: what reads is saved, the rest is named, accounts balance, the hub starts."""
# ruff: noqa: ASYNC240 - files are what this is about

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dialects.memory import Key
from hub.errors import OutboxBroken, OutboxError
from hub.messages import Code, Rejection
from hub.pipeline.outbox import AsyncOutbox, Outbox, salvage
from hub.pipeline.outbox.damage import VERSION
from hub.pipeline.outbox.entries import Commit
from hub.pipeline.outbox.file import SCHEMA
from hub.pipeline.outbox.salvage import Saved, _readable, mend
from hub.stores.store import Refusal
from schemas import Label
from tests.pipeline.outbox.synced import FULL, synced

PAGE = 4096
LINE = b"thermostat,booth=b12,device=t1,domain=smart_home temperature=21.5 %d"


def lines(start: int, count: int) -> bytes:
    return b"\n".join(LINE % number for number in range(start, start + count))


def filled(path: Path, batches: int = 60) -> set[bytes]:
    """Make an outbox of batches that wait; return its lines."""
    box = Outbox(path, 2**30, 100_000, 1, synced=False)
    every: set[bytes] = set()
    for number in range(batches):
        more = lines(1000 * number, 150)
        every.update(more.split(b"\n"))
        rejection = Rejection(Code.JSON, Label("no", "아니요"), "a/b", number, "{", booth="b12")
        box.commit(
            Commit(
                more,
                150,
                rejections=[rejection],
                delivered=b"d" * 20,
                last_arrival=1000 * number + 150,
            )
        )
    box.remember("filters", ["smartlife/v1/#"])
    box.close()
    return every


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


async def opened(path: Path) -> AsyncOutbox:
    return await AsyncOutbox.open(path, 2**30, 1000, 1)


async def kept_lines(box: AsyncOutbox) -> set[bytes]:
    return {line for item in await box.waiting(10**9) for line in item.rows.split(b"\n")}


def balanced(box: AsyncOutbox) -> bool:
    said = box.accounts.as_json()
    outcomes = ("accepted", "rejected", "duplicate", "ignored")
    return said["received"] == sum(said[name] for name in outcomes) and said["accepted"] == (
        said["stored"] + said["waiting"] + said["refused"]
    )


def pages_of(path: Path, table: str) -> list[int]:
    """Find the leaf pages of a table by a value that only its rows hold."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
        count = db.execute("PRAGMA page_count").fetchone()[0]
    content = path.read_bytes()
    mark = {"batch": b"thermostat,booth", "delivered": b"d" * 20, "rejection": b"a/b"}[table]
    found = [n for n in range(count) if mark in content[n * PAGE : (n + 1) * PAGE]]
    return [number for number in found if number != root - 1]


def chained(content: bytes, page: int) -> bool:
    """Whether a page holds the middle of a long value: it begins with the number of the next."""
    following = int.from_bytes(content[page * PAGE : page * PAGE + 4], "big")
    return 0 < following < len(content) // PAGE


def overwrite(path: Path, page: int, with_: bytes = b"\xff" * PAGE) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(with_)


def mark(path: Path) -> None:
    """What is left when something did not read while a hub ran."""
    path.with_name("outbox.db.damaged").touch()


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("outbox.db.broken-*Z"))


async def test_a_sound_outbox_is_left_alone(path: Path):
    every = filled(path)
    before = path.read_bytes()
    assert mend(path, "") is None
    assert path.read_bytes() == before
    box = await opened(path)
    assert box.saved is None
    assert await kept_lines(box) == every
    await box.close()
    assert aside(path) == []


async def test_a_page_of_rubbish_costs_what_stood_on_it_and_no_more(path: Path):
    every = filled(path)
    overwrite(path, pages_of(path, "batch")[10])
    mark(path)
    box = await opened(path)
    saved, kept = box.saved, await kept_lines(box)
    assert saved is not None
    assert kept < every
    assert len(kept) >= len(every) - 600
    assert saved.readings == len(kept) == box.accounts.waiting
    assert saved.lost is not None
    assert saved.lost + saved.damaged + len(kept) == len(every)
    assert box.accounts.accepted == len(every)
    assert box.accounts.refused == saved.lost + saved.damaged
    assert balanced(box)
    assert f"{saved.lost} are lost" in saved.label.en
    assert f"{saved.lost}건" in saved.label.ko
    assert len(aside(path)) == 1
    await box.close()


CUTS = {"by half": (0.5, 0.3), "to a tenth": (0.1, 0.0), "by a page": (None, 0.9)}


@pytest.mark.parametrize(("part", "least"), CUTS.values(), ids=CUTS)
async def test_a_file_cut_short_is_saved_as_far_as_it_goes(
    path: Path, part: float | None, least: float
):
    every = filled(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size - PAGE if part is None else int(size * part) // PAGE * PAGE)
    box = await opened(path)
    assert box.saved is not None
    assert await kept_lines(box) <= every
    assert len(await kept_lines(box)) >= least * len(every)
    assert balanced(box)
    assert len(await kept_lines(box)) == box.accounts.waiting
    await box.commit(Commit(lines(10**6, 1), 1, last_arrival=1))
    await box.close()
    assert len(aside(path)) == 1


HEADS: dict[str, Callable[[bytes], bytes]] = {
    "of rubbish": lambda _: b"\xff" * PAGE,
    "of zeros": lambda _: bytes(PAGE),
    "of text": lambda _: b"this is no database" * 100,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_the_hub_starts_even_if_nothing_reads(path: Path, head: Callable[[bytes], bytes]):
    filled(path)
    overwrite(path, 0, head(b""))
    before = path.read_bytes()
    box = await opened(path)
    assert box.saved is not None
    assert (box.saved.readings, box.saved.lost) == (0, None)
    assert "how many are lost is unknown" in box.saved.label.en
    assert "몇 건인지 알 수 없는 측정값을 잃었습니다" in box.saved.label.ko
    await box.commit(Commit(lines(0, 1), 1, last_arrival=1))
    assert box.accounts.waiting == 1
    await box.close()
    assert [file.read_bytes() for file in aside(path)] == [before]


def read(bad: set[int]) -> tuple[list[int], dict[str, int]]:
    """What is read of 60 rows, some of which do not read, and how many spots are counted."""

    def content(number: int) -> bytes:
        if number in bad:
            raise ValueError
        return b""

    saved = Saved("", "", "")
    with closing(sqlite3.connect(":memory:")) as db:
        db.create_function("content", 1, content)
        db.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO kept VALUES (?)", [(number,) for number in range(1, 61)])
        db.execute("CREATE VIEW batch AS SELECT id, content(id) AS lines FROM kept")
        return sorted(number for number, _ in _readable(db, "batch", saved)), dict(saved.spots)


@given(bad=st.sets(st.integers(1, 60)))
def test_only_rows_that_do_not_read_are_left_out_and_each_is_a_spot(bad: set[int]):
    found, spots = read(bad)
    assert found == sorted({*range(1, 61)} - bad)
    assert spots == ({"batch": len(bad)} if bad else {})


def test_what_is_not_tried_any_more_is_counted_by_its_ranges(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(salvage, "TRIES", 3)
    assert read({*range(1, 61)}) == ([], {"batch": 4})


async def test_own_rows_are_saved_and_not_counted(path: Path):
    filled(path)
    own = b"hub,client=h received=1i 5"
    box = Outbox(path, 2**30, synced=False)
    box.commit(Commit(own, own=True))
    box.close()
    overwrite(path, pages_of(path, "rejection")[0])
    mark(path)
    again = await opened(path)
    assert again.saved is not None
    assert (again.saved.readings, again.accounts.waiting) == (9_000, 9_000)
    last = (await again.waiting(10**9))[-1]
    assert (last.rows, last.count, last.own) == (own, 0, True)
    await again.close()


async def test_what_is_saved_is_said_once_and_remembered(path: Path):
    filled(path)
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    first = await opened(path)
    said = await first.state("salvaged")
    assert said["aside"] == aside(path)[0].name
    await first.close()
    second = await opened(path)
    assert second.saved is None
    assert await second.state("salvaged") == said
    assert await second.state("filters") == ["smartlife/v1/#"]
    await second.close()


async def test_a_line_that_is_no_line_any_more_is_kept_as_refused(path: Path):
    every = filled(path)
    content = path.read_bytes()
    victim = next(line for line in sorted(every) if line in content)  # not over two pages
    at = content.index(victim)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff\xfe")
    mark(path)
    # SQLite has no checksums: the file is sound to it, and a store would be given rubbish.
    overwrite(path, pages_of(path, "rejection")[0])
    box = await opened(path)
    kept = await kept_lines(box)
    assert box.saved is not None
    assert (box.saved.damaged, box.saved.lost) == (1, 0)
    assert every - kept == {victim}
    refused = await box._call(box._outbox.refused, 10)
    assert refused == [Refusal(b"\xff\xfe" + victim[2:], "damaged in the outbox file")]
    assert (box.accounts.refused, box.accounts.waiting) == (1, len(kept))
    assert balanced(box)
    await box.close()


async def test_what_was_lost_of_the_window_is_told(path: Path):
    filled(path, 200)
    for page in pages_of(path, "delivered"):
        overwrite(path, page)
    mark(path)
    box = await opened(path)
    assert box.saved is not None
    assert not box.saved.window
    assert "without ts that the broker sends again may be stored twice" in box.saved.label.en
    assert "두 번 저장될 수 있습니다" in box.saved.label.ko
    await box.close()


async def test_times_of_arrival_go_on_after_the_newest(path: Path):
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM state")
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    box = await opened(path)
    assert await box.state("arrivals") == [59_150]
    await box.close()


@pytest.mark.parametrize("damaged", ["[5", b"[5]"], ids=["no JSON", "no text"])
async def test_what_is_remembered_and_cannot_be_read_is_left_out(path: Path, damaged: object):
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT OR REPLACE INTO state VALUES ('arrivals', ?)", (damaged,))
    overwrite(path, pages_of(path, "rejection")[0])
    mark(path)
    box = await opened(path)
    assert box.saved is not None
    assert await box.state("arrivals") == [59_150]
    assert await box.state("filters") == ["smartlife/v1/#"]
    await box.close()


async def test_times_of_arrival_go_on_when_nothing_waited(path: Path):
    filled(path)
    box = Outbox(path, 2**30, synced=False)
    box.settle(box.waiting(10**9), [])
    box.remember("arrivals", [59_150])
    box.close()
    overwrite(path, pages_of(path, "rejection")[0])
    mark(path)
    again = await opened(path)
    assert again.saved is not None
    assert await again.waiting(1) == []
    assert await again.state("arrivals") == [59_150]
    await again.close()


async def test_times_of_arrival_go_on_after_what_is_delayed(path: Path):
    filled(path)
    box = Outbox(path, 2**30, synced=False)
    box.settle(box.waiting(10**9), [])
    box.commit(Commit(delayed=[(LINE % 1, 1)], last_arrival=70_000))
    box.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM state")
    overwrite(path, pages_of(path, "rejection")[0])
    mark(path)
    again = await opened(path)
    assert again.saved is not None
    assert await again.state("arrivals") == [70_000]
    await again.close()


def test_what_is_saved_is_on_disk_before_it_takes_the_place_of_the_damaged_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    filled(path)
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    with monkeypatch.context() as patch:
        waited = synced(patch)
        assert mend(path, SCHEMA) is not None
    assert waited == [FULL] * len(waited)
    assert len(waited) >= 2


async def test_what_is_saved_and_what_is_moved_aside_are_their_owners_alone(path: Path):
    filled(path)
    path.chmod(0o644)
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    box = await opened(path)
    assert box.saved is not None
    modes = {item.name: item.stat().st_mode & 0o077 for item in path.parent.iterdir()}
    assert set(modes.values()) == {0}, modes
    assert len(modes) >= 2
    await box.close()


async def test_what_is_saved_is_on_the_disk_before_the_damaged_file_is_moved(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    filled(path)
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    synchronous: list[tuple[str, int, bool]] = []

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql == "COMMIT":
                (level,) = super().execute("PRAGMA synchronous").fetchone()
                synchronous.append((sql, level, aside(path) == []))
            return super().execute(sql, *values)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda *given, **named: connect(*given, **named, factory=Watched),
    )
    assert mend(path, SCHEMA) is not None
    assert synchronous == [("COMMIT", 2, True)]  # 2 is FULL
    assert len(aside(path)) == 1


async def test_damage_met_while_running_is_told_with_the_way_out_and_mended_at_the_next_start(
    path: Path,
):
    every = filled(path)
    box = await opened(path)
    content = path.read_bytes()
    long_values = [page for page in pages_of(path, "batch") if chained(content, page)]
    overwrite(path, long_values[10])
    with pytest.raises(OutboxBroken, match="stop the hub and start it again: it then saves what"):
        await box.waiting(10**9)
    assert box.broken is not None
    await box.close()
    again = await opened(path)
    assert again.saved is not None
    assert len(await kept_lines(again)) >= len(every) - 600
    assert balanced(again)
    await again.close()


async def test_a_false_alarm_is_forgotten(path: Path):
    every = filled(path)
    mark(path)
    box = await opened(path)
    assert box.saved is None
    assert await kept_lines(box) == every
    await box.close()
    assert not path.with_name("outbox.db.damaged").exists()


async def test_a_salvage_that_was_cut_off_is_done_again_or_ended(path: Path):
    every = filled(path)
    path.with_name("outbox.db.saving").write_bytes(b"half a file")
    box = await opened(path)
    assert await kept_lines(box) == every
    await box.close()
    path.rename(path.with_name("outbox.db.saved"))  # died between two renames
    box = await opened(path)
    assert await kept_lines(box) == every
    await box.close()
    assert sorted(item.name for item in path.parent.iterdir()) == ["outbox.db"]


async def test_the_file_of_another_program_is_left_alone(path: Path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(OutboxError, match="another program, with tables like songs; move it away"):
        await opened(path)
    assert path.read_bytes() == before


async def test_an_outbox_of_a_newer_hub_is_left_alone(path: Path):
    filled(path, 1)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=3")
    said = "newer hub .version 3 of its tables, this hub knows 2."
    with pytest.raises(OutboxError, match=said):
        await opened(path)
    assert aside(path) == []


async def test_a_folder_in_its_place_is_told(path: Path):
    path.mkdir()
    with pytest.raises(OutboxError, match="is a folder; move it away"):
        await opened(path)


async def test_it_says_its_version(path: Path):
    box = await opened(path)
    await box.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_what_is_remembered_is_plain_json(path: Path):
    filled(path)
    overwrite(path, pages_of(path, "batch")[1])
    mark(path)
    saved = mend(path, SCHEMA)
    assert saved is not None
    assert json.loads(json.dumps(saved.__dict__)) == saved.__dict__


def remembers(path: Path, *entries: tuple[str, str]) -> None:
    """Let dialects remember names with values of booth b12 in an outbox."""
    box = Outbox(path, 2**30, 100_000, 1, synced=False)
    box.commit(Commit(memory={Key("b12", "homie", name): value for name, value in entries}))
    box.close()


async def test_what_dialects_remember_is_saved(path: Path):
    filled(path)
    remembers(path, ("d/hall", "x"), ("d/저쪽", "y"))
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    box = await opened(path)
    assert box.saved is not None
    assert await box.memory() == [("b12", "homie", "d/hall", "x"), ("b12", "homie", "d/저쪽", "y")]
    await box.close()


async def test_an_outbox_from_before_dialects_remembered_is_saved_too(path: Path):
    filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE memory")
        db.commit()
    overwrite(path, pages_of(path, "batch")[3])
    mark(path)
    box = await opened(path)
    assert box.saved is not None
    assert "memory" not in box.saved.spots
    assert await box.memory() == []
    await box.close()


async def test_what_dialects_remember_and_cannot_be_read_does_not_end_the_hub(path: Path):
    remembers(path, ("a", "x"), ("b", "y"), ("c", "z"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE memory SET value = '{' WHERE name = 'a'")
        db.execute("UPDATE memory SET name = CAST(x'ff' AS TEXT) WHERE name = 'b'")
        db.commit()
    box = await opened(path)
    assert await box.memory() == [("b12", "homie", "c", "z")]
    await box.close()
