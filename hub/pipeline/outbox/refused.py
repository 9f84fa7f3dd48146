"""Refused lines (dead letters): lists, exports, retries and deletes them.

Reading works beside a running hub; the rest does not, for the hub counts its outbox in memory.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from hub.errors import OutboxError
from hub.stores.store import OWN, Refusal

_AT_ONCE = 1000
_NEXT = "SELECT id, line FROM refused WHERE id > ? ORDER BY id LIMIT ?"


class Kept(NamedTuple):
    """The number of refused lines kept, and their bytes, which count towards the outbox's limit."""

    lines: int
    size: int


def kept(path: Path) -> Kept:
    """Return how many refused lines the outbox at `path` keeps.

    Raises:
        OutboxError: the file cannot be read.
    """
    query = "SELECT count(*), coalesce(sum(length(line)), 0) FROM refused"
    return Kept(*_asked(path, query)[0])


def newest(path: Path, limit: int) -> list[Refusal]:
    """Return the newest refused lines, newest first; `OutboxError` as for `kept`."""
    rows = _asked(path, "SELECT line, reason FROM refused ORDER BY id DESC LIMIT ?", limit)
    return [Refusal(*row) for row in rows]


def oldest_first(path: Path) -> Iterator[Refusal]:
    """Yield every refused line; `OutboxError` as for `kept`."""
    last = 0
    query = "SELECT id, line, reason FROM refused WHERE id > ? ORDER BY id LIMIT ?"
    while rows := _asked(path, query, last, _AT_ONCE):
        for last, line, reason in rows:  # noqa: B007 - the next rows are those after it
            yield Refusal(line, reason)


def salvaged(path: Path) -> str | None:
    """Return the result of an earlier salvage, if there was one; `OutboxError` as for `kept`."""
    rows = _asked(path, "SELECT value FROM state WHERE name = 'salvaged'")
    if not rows:
        return None
    found = json.loads(str(rows[0][0]))
    lost = "an unknown number" if found["lost"] is None else found["lost"]
    return f"saved {found['readings']} readings of a damaged one at {found['at']}, {lost} lost"


def _asked(path: Path, query: str, *values: object) -> list[Any]:
    if not path.exists():
        raise OutboxError(f"there is no outbox at {path}; is HUB_DATA right?")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()
    except sqlite3.Error as exc:
        raise OutboxError(f"outbox {path}: {exc}") from exc


def forget(path: Path) -> Kept:
    """Delete every refused line and return how many; the accounts keep their count.

    The caller holds the lock of the data folder: no hub may be using the file.

    Raises:
        OutboxError: the file cannot be read or written.
    """
    there = kept(path)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("DELETE FROM refused")
    except sqlite3.Error as exc:
        raise OutboxError(f"outbox {path}: {exc}") from exc
    return there


def retry(path: Path) -> Kept:
    """Requeue every refused line for the store, after what waits now; return how many.

    The accounts follow: those lines are `waiting`, not `refused`. As for `forget`, no hub may be
    using the file.

    Raises:
        OutboxError: the file cannot be read or written.
    """
    there = kept(path)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("BEGIN IMMEDIATE")
            _wait_again(db)
            db.execute("COMMIT")
    except sqlite3.Error as exc:
        raise OutboxError(f"outbox {path}: {exc}") from exc
    return there


def _wait_again(db: sqlite3.Connection) -> None:
    at = time.time_ns()
    readings = last = 0
    while rows := db.execute(_NEXT, (last, _AT_ONCE)).fetchall():
        last = rows[-1][0]
        for own in (False, True):
            lines = [
                line
                for _, line in rows
                if (line.partition(b",")[0].decode("utf-8", "replace") in OWN) == own
            ]
            if lines:
                count = 0 if own else len(lines)
                readings += count
                values = (b"\n".join(lines), count, own, at)
                db.execute("INSERT INTO batch (lines, count, own, at) VALUES (?, ?, ?, ?)", values)
    db.execute("DELETE FROM refused")
    accounts = dict(db.execute("SELECT name, count FROM account"))
    # Accounts that began anew after damage do not know of lines that were refused before.
    known = min(readings, accounts.get("refused", 0))
    accounts["refused"] = accounts.get("refused", 0) - known
    accounts["accepted"] = accounts.get("accepted", 0) + readings - known
    db.executemany("INSERT OR REPLACE INTO account VALUES (?, ?)", accounts.items())
