"""Salvages a damaged outbox: copies what is readable, reports the rest, and lets the hub start.

A damaged file is renamed, never deleted. Its readable rows are copied into a new one, by ranges of
ids that are halved until the unreadable rows are isolated. SQLite has no checksums, so each line is
validated as well; an invalid one is kept as refused.
"""

import json
import logging
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from hub.errors import OutboxError
from hub.pipeline.outbox.damage import NAMED, VERSION, damage_of, mark_of
from hub.stores import rows, sqlite_file
from hub.stores.declared import DAMAGED
from schemas import Label

_ROWS = ("refused", "batch", "delayed", "delivered", "rejection")  # refused first: it gets more
_SAID_AGAIN = ("memory", "device")
TRIES = 20_000
"""Ranges of ids that may fail to read before a table is given up: a few seconds."""
_LINE = re.compile(rb"[a-z][a-z0-9_]*(?:,[a-z]+=[^ ,=\n]+)* [^\n]*[^\n ] -?\d{1,20}")

log = logging.getLogger("hub.pipeline.outbox")


@dataclass
class Saved:
    """The result of salvaging a damaged outbox.

    `lost` are readings that are in the accounts and in no row; None when the accounts were not
    readable either. `rows` were copied, by table; `spots` are unreadable ranges of ids.
    """

    aside: str
    why: str
    at: str
    readings: int = 0
    lost: int | None = None
    damaged: int = 0
    window: bool = True
    rows: dict[str, int] = field(default_factory=dict)
    spots: dict[str, int] = field(default_factory=dict)

    @property
    def label(self) -> Label:
        """The result as health and the log report it."""
        lost = "how many are lost is unknown" if self.lost is None else f"{self.lost} are lost"
        said = (
            f"the outbox was damaged ({self.why}) and was moved to {self.aside}; "
            f"{self.readings} waiting readings were saved, {lost}, "
            f"{self.damaged} damaged lines are kept as refused"
        )
        if not self.window:
            said += "; readings without ts that the broker sends again may be stored twice"
        lost = "몇 건인지 알 수 없는" if self.lost is None else f"{self.lost}건의"
        korean = (
            f"손상된 아웃박스({self.why})를 {self.aside} 로 옮겼습니다. 대기 중인 측정값 "
            f"{self.readings}건을 살렸고 {lost} 측정값을 잃었습니다. 손상된 {self.damaged}줄은 "
            "거부된 것으로 보관합니다"
        )
        if not self.window:
            korean += ". 브로커가 다시 보내는 ts 없는 측정값은 두 번 저장될 수 있습니다"
        return Label(said, korean)


def mend(path: Path, schema: str) -> Saved | None:
    """Check the outbox at `path`, and salvage it if it is damaged; return the result, else None.

    Raises:
        OutboxError: the file is no outbox of this version, or cannot be read for another reason.
    """
    saving, saved = (path.with_name(f"{path.name}.{word}") for word in ("saving", "saved"))
    if path.is_dir():
        raise OutboxError(f"outbox {path} is a folder; move it away, or set HUB_DATA to another")
    saving.unlink(missing_ok=True)
    if (
        saved.exists() and not path.exists()
    ):  # the last salvage was interrupted before its last step
        saved.rename(path)
    why = damage_of(path) if path.exists() else None
    if why is None:
        mark_of(path).unlink(missing_ok=True)
        return None
    log.error("outbox %s is damaged: %s; saving what can be read", path, why)
    for item in (path, saving):
        sqlite_file.make_private(item)
    result = _copy(path, saving, schema, why)
    saving.replace(saved)
    for end in ("", "-wal", "-shm"):
        old = path.with_name(path.name + end)
        if old.exists():
            old.rename(path.with_name(result.aside + end))
    saved.rename(path)
    mark_of(path).unlink(missing_ok=True)
    log.error("%s", result.label)
    return result


def _copy(path: Path, to: Path, schema: str, why: str) -> Saved:
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    saved = Saved(f"{path.name}.broken-{at}", why, at)
    with (
        closing(sqlite3.connect(to, isolation_level=None)) as new,
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as old,
    ):
        # Without it SQLite reads nothing of a file that is shorter than its header says.
        old.execute("PRAGMA writable_schema=ON")
        new.executescript(f"PRAGMA synchronous=FULL; BEGIN; {schema}")
        for table in _ROWS:
            _copy_rows(old, new, table, saved)
        for table in _SAID_AGAIN:
            _copy_as_it_is(old, new, table, saved)
        named = {table: _named(old, table, saved) for table in NAMED}
        _settle_accounts(new, named["account"], saved)
        _settle_state(new, named["state"], saved)
        new.execute(f"PRAGMA user_version={VERSION}")
        new.execute("COMMIT")
    return saved


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, table: str, saved: Saved) -> None:
    width = len(new.execute(f"PRAGMA table_info({table})").fetchall())
    places = ", ".join("?" * width)
    for row in _readable(old, table, saved):
        kept = _looked_at(new, table, row, saved) if table in {"batch", "delayed"} else row
        if kept is not None:
            try:
                new.execute(f"INSERT INTO {table} VALUES ({places})", kept)
            except (sqlite3.Error, OverflowError):  # a value of another type than was written
                saved.spots[table] = saved.spots.get(table, 0) + 1
                continue
            saved.rows[table] = saved.rows.get(table, 0) + 1


def _copy_as_it_is(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, saved: Saved
) -> None:
    """Copy what devices say again, up to where it does not read."""
    try:
        columns = old.execute(f"PRAGMA table_info({table})").fetchall()
        if not columns:  # of an older hub
            return
        places = ", ".join("?" * len(columns))
        for row in old.execute(f"SELECT * FROM {table}"):
            new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", row)
    except sqlite3.Error:
        saved.spots[table] = 1


def _readable(old: sqlite3.Connection, table: str, saved: Saved) -> Iterator[tuple[Any, ...]]:
    """Yield every readable row, in no order; count the unreadable places.

    The widest range is tried first, so that most rows are found before the tries are used up.
    """
    ids = _ids(old, table)
    if ids is None:
        saved.spots[table] = 1
        return
    spans = [(ids[0] - ids[1], *ids)]
    tries = TRIES
    query = f"SELECT * FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id"
    while spans and tries:
        _, low, high = heappop(spans)
        last = low - 1
        try:
            for row in old.execute(query, (low, high)):
                last = row[0]
                yield row
        except sqlite3.Error:
            tries -= 1
            middle = (last + 1 + high) // 2
            if last + 1 >= high:
                saved.spots[table] = saved.spots.get(table, 0) + 1
            else:
                heappush(spans, (last + 1 - middle, last + 1, middle))
                heappush(spans, (middle + 1 - high, middle + 1, high))
    if spans:
        saved.spots[table] = saved.spots.get(table, 0) + len(spans)


def _ids(old: sqlite3.Connection, table: str) -> tuple[int, int] | None:
    """The widest range of ids that may exist; None if it cannot be determined."""
    low, high, given = (
        _one(old, query)
        for query in (
            f"SELECT coalesce(min(id), 1) FROM {table}",
            f"SELECT coalesce(max(id), 0) FROM {table}",
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
        )
    )
    highest = high if high is not None else given
    return None if highest is None else (1 if low is None else low, highest)


def _one(old: sqlite3.Connection, query: str) -> int | None:
    try:
        row = old.execute(query).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row and isinstance(row[0], int) else None


def _looked_at(
    new: sqlite3.Connection, table: str, row: tuple[Any, ...], saved: Saved
) -> tuple[Any, ...] | None:
    """Validate each reading of a batch; keep the damaged ones as refused, return the rest."""
    own = table == "batch" and bool(row[3])
    batch = row[1] if isinstance(row[1], bytes) else b""
    if rows.is_rows(batch):
        sound, bad = rows.split_damaged(batch)
        count, good = len(sound), rows.join_in_order(sound)
    else:
        lines = batch.split(b"\n") if batch else []
        bad = [line for line in lines if not _sound(line)]
        count, good = len(lines) - len(bad), b"\n".join([line for line in lines if _sound(line)])
    # Without those that the store merges; it may be damaged too.
    if isinstance(row[2], int) and 0 <= row[2] <= count:
        count = row[2]
    if not own:
        saved.readings += count
        saved.damaged += len(bad)
        kept = [(line, DAMAGED) for line in bad]
        new.executemany("INSERT INTO refused (line, reason) VALUES (?, ?)", kept)
    if not good:
        return None
    return (row[0], good, 0 if own else count, *row[3:])


def _sound(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return _LINE.fullmatch(line) is not None


def _named(old: sqlite3.Connection, table: str, saved: Saved) -> dict[str, Any] | None:
    try:
        return dict(old.execute(f"SELECT * FROM {table}").fetchall())
    except (sqlite3.Error, ValueError, TypeError):
        saved.spots[table] = 1
        return None


def _settle_accounts(
    new: sqlite3.Connection, accounts: Mapping[str, Any] | None, saved: Saved
) -> None:
    """Balance the accounts: what is lost was accepted and will never be stored.

    Such readings are counted as `refused`. Unreadable accounts are rebuilt from the rows.
    """
    sound = accounts is not None and all(
        isinstance(count, int) and count >= 0 for count in accounts.values()
    )
    totals = dict(accounts) if accounts is not None and sound else {}
    settled = sum(totals.get(name, 0) for name in ("stored", "merged", "refused"))
    waiting = totals.get("accepted", 0) + totals.get("extra", 0) - settled
    missing = waiting - saved.readings
    saved.lost = max(0, missing - saved.damaged) if sound and totals else None
    totals["refused"] = totals.get("refused", 0) + max(0, missing)
    totals["accepted"] = totals.get("accepted", 0) + max(0, -missing)
    new.executemany("INSERT INTO account VALUES (?, ?)", totals.items())


def _settle_state(new: sqlite3.Connection, state: Mapping[str, Any] | None, saved: Saved) -> None:
    values = {name: text for name, text in (state or {}).items() if _is_json(text)}
    times = "SELECT at FROM batch UNION ALL SELECT at FROM delayed"
    newest = new.execute(f"SELECT max(at) FROM ({times})").fetchone()[0] or 0
    # What keeps times of arrival apart; the newest that waits, where that did not read.
    values.setdefault("arrivals", json.dumps([newest]))
    saved.window = not saved.spots.get("delivered")
    values["salvaged"] = json.dumps(saved.__dict__, ensure_ascii=False)
    new.executemany("INSERT INTO state VALUES (?, ?)", values.items())


def _is_json(text: object) -> bool:
    try:
        json.loads(str(text))
    except ValueError:
        return False
    return isinstance(text, str)
