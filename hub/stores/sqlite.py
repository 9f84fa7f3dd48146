"""The embedded store: one SQLite file, one view for each kind, one column for each field.

Any program can open the file and read it (`hub.stores.sqlite_table`). `synchronous=FULL`, because
the outbox deletes a batch once `write` returns. Writing has one thread and one connection, reading
another of each. A query is interrupted when it takes too long, when its caller is gone, and at the
end.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from hub.errors import QueryTimeout, StoreError, StoreUnavailable
from hub.stores import sqlite_file
from hub.stores.declared import Declared, without_damage
from hub.stores.rows import Rows
from hub.stores.sqlite_query import select_rows
from hub.stores.sqlite_table import SeriesTable
from hub.stores.store import (
    QUERY_DEADLINE,
    TOO_LONG,
    Query,
    Refusal,
    StoredRow,
    measurement_of,
    measurements,
)
from schemas import KindSpec

T = TypeVar("T")

_DAMAGE = (
    *(ValueError, TypeError, OverflowError, sqlite3.DataError),
    *(sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError),
)
"""What rows that do not read back as they were written are refused with."""
_STEPS = 100_000
"""Instructions of SQLite between two looks at the deadline of a question: a few ms."""

log = logging.getLogger("hub.stores.sqlite")


@dataclass(slots=True)
class _Question:
    """A running query; `ends` is its deadline (monotonic s)."""

    query: Query
    ends: float


class SqliteStore:
    """Readings in a SQLite file at `path`."""

    def __init__(self, path: Path, kinds: Mapping[str, KindSpec]) -> None:
        self._path = path
        declared = measurements(kinds)
        self._declared = Declared(declared)
        self._tables = {name: SeriesTable(item) for name, item in declared.items()}
        self._writing = ThreadPoolExecutor(1, "hub.stores.store.write")
        self._reading = ThreadPoolExecutor(1, "hub.stores.store.read")
        self._closed = self._stuck = False
        self._question = _Question(Query("", 0, 0), inf)
        sqlite_file.make_private(path)
        try:
            with ExitStack() as failed:
                self._writer = _connect(path)
                failed.callback(self._writer.close)
                self._writer.execute("PRAGMA journal_mode=WAL")
                self._writer.execute("PRAGMA journal_size_limit=67108864")
                with self._writer:  # one transaction: a commit for each statement takes seconds
                    self._writer.execute("BEGIN IMMEDIATE")
                    for table in self._tables.values():
                        table.prepare(self._writer)
                self._reader = _connect(path)
                failed.callback(self._reader.close)
                self._reader.execute("PRAGMA query_only=ON")
                self._reader.set_progress_handler(self._over, _STEPS)
                failed.pop_all()
        except sqlite3.Error as exc:
            raise StoreError(
                f"HUB_STORE: {path}: {exc}; check the folder, its rights and disk"
            ) from exc

    async def declare(self, kind: KindSpec) -> None:
        """Take readings of one more kind from now on."""
        table = SeriesTable(measurement_of(kind))
        await self._call(self._writing, self._prepare, table)
        self._tables[kind.name] = table
        self._declared.add(table.measurement)

    def _prepare(self, table: SeriesTable) -> None:
        with self._writer:
            self._writer.execute("BEGIN IMMEDIATE")
            table.prepare(self._writer)

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        """Write batches in one transaction; a reading that fits no declared kind is refused."""
        return await self._call(self._writing, self._write, batches)

    def _write(self, batches: Sequence[bytes]) -> list[Refusal]:
        outgrown = sqlite_file.outgrown(self._writer, self._path)
        if outgrown is not None:
            raise StoreUnavailable(f"store {self._path}: {outgrown}")
        try:
            refusals = self._insert(batches)
        except _DAMAGE:
            batches, refusals = without_damage(batches)
            refusals += self._insert(batches)
        self._migrate()
        return refusals

    def _insert(self, batches: Iterable[bytes]) -> list[Refusal]:
        """Insert batches in one transaction, all or nothing."""
        found, lines, refusals = self._declared.sort(batches)
        try:
            with self._writer:
                self._writer.execute("BEGIN IMMEDIATE")
                self._insert_rows(found)
                refusals += self._insert_lines(lines)
        except BaseException:
            for table in self._tables.values():
                table.forget()
            raise
        return refusals

    def _insert_rows(self, parts: Iterable[Rows]) -> None:
        # In the order that they came, for of two rows of the same time the later one counts.
        groups: dict[str, tuple[tuple[str, ...], list[list[Any]]]] = {}
        for part in parts:
            name, domain, fields = part.header.measurement, part.header.domain, part.header.fields
            table = self._tables[name]
            known, series_id = table.series_ids.get, table.series_id
            rows = part.values()
            for row in rows:
                series = (row[0], row[1], domain)
                row[0] = known(series) or series_id(self._writer, series)
            names = (*fields,)
            group = groups.get(name)
            if group is not None and group[0] != names:
                table.insert(self._writer, *groups.pop(name))
                group = None
            if group is None:
                groups[name] = (names, rows)
            else:
                group[1].extend(rows)
        for name, group in groups.items():
            self._tables[name].insert(self._writer, *group)

    def _insert_lines(self, lines: Iterable[bytes]) -> list[Refusal]:
        refusals: list[Refusal] = []
        for line in lines:
            try:
                row = self._declared.row(line)
            except ValueError as exc:
                refusals.append(Refusal(line, str(exc)))
                continue
            table = self._tables[row.measurement]
            tags = tuple(row.tags.get(tag, "") for tag in table.measurement.tags)
            values = (table.series_id(self._writer, tags), None, *row.fields.values(), row.ts)
            table.insert(self._writer, (*row.fields,), [values])
        return refusals

    def _migrate(self) -> None:
        """Move some rows of an older file, for as long as there are any."""
        table = next((item for item in self._tables.values() if item.migrating), None)
        if table is None or self._stuck:
            return
        try:
            with self._writer:
                self._writer.execute("BEGIN IMMEDIATE")
                left = table.migrate(self._writer)
        except sqlite3.Error as exc:  # what was written is written all the same
            self._stuck = True
            log.warning(
                "store %s: rows of an older version cannot be moved (%s); they stay where they are "
                "until the next start, and are shown all the same",
                self._path,
                exc,
            )
        else:
            table.migrating = left

    async def query(self, query: Query) -> list[StoredRow]:
        """Return the stored rows that `query` asks for, oldest first."""
        question = _Question(query, time.monotonic() + QUERY_DEADLINE)
        try:
            return await self._call(self._reading, self._answer, question)
        finally:
            question.ends = 0.0  # the caller may be cancelled before the answer

    def _answer(self, question: _Question) -> list[StoredRow]:
        self._question = question
        try:
            if not self._over():
                asked = question.query
                return select_rows(self._reader, self._tables[asked.measurement], asked)
        except sqlite3.OperationalError:
            if not self._over():
                raise
        if self._closed:
            raise StoreUnavailable(f"store {self._path}: the hub is stopping")
        raise QueryTimeout(TOO_LONG)

    def _over(self) -> bool:
        """Whether to interrupt the query that the reading thread runs."""
        return self._closed or time.monotonic() > self._question.ends

    async def _call(self, thread: ThreadPoolExecutor, work: Callable[..., T], value: object) -> T:
        if self._closed:
            raise StoreUnavailable(f"store {self._path}: the hub is stopping")
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work, value)
        except sqlite3.Error as exc:
            raise StoreUnavailable(f"store {self._path}: {exc}") from exc

    async def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reading, self._reader.close)
        await loop.run_in_executor(self._writing, self._writer.close)
        self._reading.shutdown(wait=False)
        self._writing.shutdown(wait=False)


def _connect(path: Path) -> sqlite3.Connection:
    # A longer wait for another writer would hold up the end of the hub; the drain tries again.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=2)
