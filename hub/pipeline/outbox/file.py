"""The outbox's SQLite file, for the use of one thread."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.counters import Accounts
from hub.errors import OutboxBroken, OutboxError, OutboxFull
from hub.pipeline.outbox import damage, dialect_memory
from hub.pipeline.outbox.deliveries import Deliveries
from hub.pipeline.outbox.disk_room import given_back, leave_room
from hub.pipeline.outbox.entries import Commit, Waiting
from hub.pipeline.outbox.refused_shares import RefusedShares
from hub.pipeline.outbox.rejection_log import Rejected
from hub.stores import sqlite_file
from hub.stores.store import Refusal
from hub.topics import Address

_CHECKPOINT = 1024
"""Pages of the log at which it is written into the file, about; a page has 4 KiB, in an older file
1 KiB. Smaller ones are fewer bytes where a commit is small: with 75 readings in one 535 instead of
849 for each. But there are more of them, each two calls: at 5,000 readings a second, 1,300 in a
commit, 1 µs for each."""

DELAYED = 1_000
"""Delayed readings that are handed to the store at once."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL, count INTEGER NOT NULL,
    own INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delayed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL, count INTEGER NOT NULL,
    at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delivered (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entries BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS rejection (
    id INTEGER PRIMARY KEY AUTOINCREMENT, booth TEXT, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS rejection_booth ON rejection (booth, id);
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT, line BLOB NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (
    booth TEXT NOT NULL, dialect TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (booth, dialect, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS device (
    booth TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (booth, kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Outbox:
    """The outbox's SQLite file, for the use of one thread.

    Args:
        path: the database file; it is made if it is missing.
        limit: bytes of lines, waiting and refused together, that may be kept.
        window: how many of the latest deliveries must be remembered.
        entry_size: bytes that one delivery takes in `Commit.delivered`.
        synced: whether a commit waits for fsync; without, as in tests, a crash may lose it.
    """

    def __init__(
        self,
        path: Path,
        limit: int,
        window: int = 0,
        entry_size: int = 1,
        *,
        synced: bool = True,
    ) -> None:
        self._limit = limit
        self._refused = RefusedShares(limit)
        self.path = path
        sqlite_file.make_private(path)
        try:
            with ExitStack() as failed:
                self._db = sqlite3.connect(path, isolation_level=None)
                failed.callback(self._db.close)
                self._prepare(synced)
                self._rejected = Rejected(self._db)
                rows = self._db.execute("SELECT name, count FROM account")
                self.accounts = Accounts(**dict(rows))
                self.size = self._count_bytes()
                query = "SELECT substr(line, 1, 256), length(line) FROM refused"
                self._refused.load(self._db.execute(query))
                self._deliveries = Deliveries(self._db, window * entry_size)
                failed.pop_all()
        except sqlite3.Error as exc:
            raise damage.broken(path, exc) from exc

    def _prepare(self, synced: bool) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT}")
        self._db.execute(f"PRAGMA synchronous={'FULL' if synced else 'OFF'}")
        self._db.execute("PRAGMA journal_size_limit=67108864")
        self._db.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        self._db.execute(f"PRAGMA user_version={damage.VERSION}")

    def _count_bytes(self) -> int:
        query = (
            "SELECT (SELECT coalesce(sum(length(lines)), 0) FROM batch)"
            " + (SELECT coalesce(sum(length(lines)), 0) FROM delayed)"
            " + (SELECT coalesce(sum(length(line)), 0) FROM refused)"
        )
        return int(self._db.execute(query).fetchone()[0])

    @property
    def refused_size(self) -> int:
        """Bytes of lines that the store refused, and that are kept."""
        return self._refused.size

    @property
    def refused_left_out(self) -> int:
        """The number of refused lines that were not kept, for their share was full."""
        return self._refused.left_out

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def commit(self, commit: Commit) -> None:
        """Keep everything in `commit`, or nothing.

        Raises:
            OutboxFull: the budget is used up. When nothing waits a batch of any size is
                accepted.
            OutboxError: the disk is full or failing; the message says which.
        """
        size = len(commit.rows) + sum([len(part) for part, _ in commit.delayed])
        if self.size > self.refused_size and self.size + size > self._limit:
            raise OutboxFull(self._full())
        outgrown = sqlite_file.outgrown(self._db, self.path)
        if outgrown is not None:
            raise OutboxFull(f"outbox {self.path}: {outgrown}; it then goes on by itself")
        leave_room(self._db, self.path, size)
        self._transact(lambda: self._insert(commit))
        self.size += size
        if commit.delivered:
            self._deliveries.added()

    def _full(self) -> str:
        said = f"outbox {self.path}: {self.size} of {self._limit} bytes are used; "
        if 4 * self.refused_size < self._limit:
            return said + "it goes on by itself when the store takes readings"
        return said + (
            f"{self.refused_size} by lines that the store refused, which stay: "
            "see hub outbox refused, then stop the hub and run hub outbox retry-refused or "
            "forget-refused"
        )

    def _insert(self, commit: Commit) -> Accounts:
        db = self._db
        if commit.rows:
            row = (commit.rows, commit.count, commit.own, commit.last_arrival)
            db.execute("INSERT INTO batch (lines, count, own, at) VALUES (?, ?, ?, ?)", row)
        for part, count in commit.delayed:
            values = (part, count, commit.last_arrival)
            db.execute("INSERT INTO delayed (lines, count, at) VALUES (?, ?, ?)", values)
        if commit.delivered:
            self._deliveries.add(commit.delivered)
        if commit.rejections or commit.reconsidered:
            self._rejected.change(commit.rejections, commit.reconsidered)
        if commit.arrivals:
            self._set_state("arrivals", commit.arrivals)
        if commit.memory:
            dialect_memory.remember(db, commit.memory)
        if commit.names:
            db.executemany("INSERT OR IGNORE INTO device VALUES (?, ?, ?)", commit.names)
        readings = commit.count + commit.merged + sum([count for _, count in commit.delayed])
        return self._add(
            accepted=readings - commit.extra,
            extra=commit.extra,
            merged=commit.merged,
            rejected=len(commit.rejections) + commit.counted,
            duplicate=commit.duplicate,
            ignored=commit.ignored,
        )

    def memory(self) -> list[tuple[str, str, str, Any]]:
        """Return what dialects remember: booth, dialect, name and value of each entry."""
        return dialect_memory.remembered(self._db)

    def names(self) -> list[Address]:
        """Return the devices that ever sent, besides those planned."""
        columns = ", ".join(f"CAST({name} AS BLOB)" for name in ("booth", "kind", "name"))
        rows = self._db.execute(f"SELECT {columns} FROM device").fetchall()
        return [Address(*(part.decode(errors="replace") for part in row)) for row in rows]

    def delivered(self) -> list[bytes]:
        """Return the remembered deliveries, oldest first."""
        return self._deliveries.all()

    def forget_deliveries(self) -> None:
        """Delete all remembered deliveries: they are of another session."""

        def work() -> Accounts:
            self._deliveries.clear()
            return self.accounts

        self._transact(work)
        self._deliveries.cleared()

    def waiting(self, lines: int) -> list[Waiting]:
        """Return the oldest batches: at least one if any waits, and about `lines` lines.

        Delayed ones come last, about `DELAYED` readings, so that they delay no other booth.
        """
        batches: list[Waiting] = []
        rows = self._db.execute("SELECT id, lines, count, own, at FROM batch ORDER BY id")
        for id_, blob, count, own, at in rows:
            batches.append(Waiting(id_, blob, count, bool(own), at))
            lines -= batches[-1].size
            if lines <= 0:
                break
        rows.close()
        if lines > 0:
            lines = DELAYED
            rows = self._db.execute("SELECT id, lines, count, at FROM delayed ORDER BY id")
            for id_, blob, count, at in rows:
                batches.append(Waiting(id_, blob, count, False, at, True))
                lines -= batches[-1].size
                if lines <= 0:
                    break
            rows.close()
        return batches

    def settle(self, batches: Sequence[Waiting], refusals: Sequence[Refusal]) -> None:
        """Delete `batches`, which are stored; keep the refused lines, with their reasons.

        Refused lines beyond the share of their booth, or of all, are counted and not kept.
        """
        kept, added = self._refused.admit(refusals)

        def work() -> Accounts:
            return self._delete_stored(batches, refusals, kept)

        try:
            self._transact(work)
        except OutboxBroken:
            raise
        except OutboxError:
            if not given_back(self._db, self.path):
                raise
            self._transact(work)
        self._refused.add(added)
        self._refused.left_out += len(refusals) - len(kept)
        self.size += added.total() - sum(len(batch.rows) for batch in batches)

    def _delete_stored(
        self, batches: Sequence[Waiting], refusals: Sequence[Refusal], kept: Sequence[Refusal]
    ) -> Accounts:
        own = {line for batch in batches if batch.own for line in batch.rows.split(b"\n")}
        for table, delayed in (("batch", False), ("delayed", True)):
            ids = [(batch.id,) for batch in batches if batch.delayed == delayed]
            self._db.executemany(f"DELETE FROM {table} WHERE id = ?", ids)
        self._db.executemany("INSERT INTO refused (line, reason) VALUES (?, ?)", kept)
        refused = sum(refusal.line not in own for refusal in refusals)
        counted = sum(batch.count for batch in batches if not batch.own)
        # More lines than readings were counted: those that were to be merged are refused too.
        more = max(0, refused - counted)
        return self._add(stored=counted - refused + more, refused=refused, merged=-more)

    def _add(self, **counts: int) -> Accounts:
        """Add to the accounts inside the transaction; visible once it is committed."""
        totals = {
            name: getattr(self.accounts, name) + count for name, count in counts.items() if count
        }
        self._db.executemany(
            "INSERT INTO account VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET count = excluded.count",
            totals.items(),
        )
        return replace(self.accounts, **totals)

    def _transact(self, work: Callable[[], Accounts]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            accounts = work()
            self._db.execute("COMMIT")
        except sqlite3.Error as exc:
            self._roll_back()
            raise damage.broken(self.path, exc) from exc
        except BaseException:
            self._roll_back()
            raise
        self.accounts = accounts

    def _roll_back(self) -> None:
        self._rejected.rolled_back()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first."""
        where, values = ("WHERE booth = ?", [booth]) if booth is not None else ("", [])
        rows = self._db.execute(
            f"SELECT body FROM rejection {where} ORDER BY id DESC LIMIT ?", [*values, limit]
        )
        return [json.loads(body) for (body,) in rows]

    def kept_rejections(
        self, booth: str | None, after: int, limit: int
    ) -> list[tuple[int, dict[str, Any]]]:
        """Return the oldest rejections with an id above `after`, each with its id."""
        where, values = ("AND booth = ?", [booth]) if booth is not None else ("", [])
        rows = self._db.execute(
            f"SELECT id, body FROM rejection WHERE id > ? {where} ORDER BY id LIMIT ?",
            [after, *values, limit],
        )
        return [(id_, json.loads(body)) for id_, body in rows]

    def refused(self, limit: int) -> list[Refusal]:
        """Return the newest lines that the store refused, newest first."""
        rows = self._db.execute(
            "SELECT line, reason FROM refused ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [Refusal(*row) for row in rows]

    def state(self, name: str, default: Any = None) -> Any:
        """Return a remembered value, JSON-typed."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def remember(self, name: str, value: Any) -> None:
        """Remember a JSON-typed value over restarts."""

        def work() -> Accounts:
            self._set_state(name, value)
            return self.accounts

        self._transact(work)

    def _set_state(self, name: str, value: Any) -> None:
        self._db.execute(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
            (name, json.dumps(value)),
        )
