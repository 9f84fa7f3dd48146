"""One measurement in the embedded store: its tables, its view, and the way from older files.

A series is a measurement with one set of tags, as InfluxDB calls it. `_series_NAME` has their ids,
`_rows_NAME` a row for each time and series; the view NAME shows both as one table, for any program.
Rows are appended in the order of time. Measured with seven fields, 1,250 rows a transaction:

- key (ts, series): 4.0 µs, 164 bytes to the disk, 64 bytes in the file for each row;
- key (series, ts): 8.1 µs, 1,898 and 74 bytes;
- tags as text in the key, and an index of ts: 15.0 µs, 3,077 and 132 bytes.

A query for one device therefore reads every row of the kind in its time range.

A file of an older hub has a table NAME instead of the view: it is renamed `_old_NAME`, and its rows
are moved in the order of time, some in each transaction.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from hub.stores.store import Measurement
from schemas import FieldType

MIGRATED = 10_000
"""Rows moved from an older table in one transaction, about: 50 ms."""
AT_ONCE = 50
"""Rows of one statement: so each takes 2.2 µs of CPU, with a statement for each row 3.6; and other
threads wait less often for Python's lock."""
STATEMENTS = 100
"""Statements of a kind that are remembered: one for each combination of fields, and for 50 rows."""
SERIES = 100_000
"""Series whose ids are remembered."""
_LAST = 2**63 - 1
_COLUMN_TYPES = {
    FieldType.FLOAT: "REAL",
    FieldType.INTEGER: "INTEGER",
    FieldType.BOOLEAN: "INTEGER",
    FieldType.STRING: "TEXT",
}


class SeriesTable:
    """The tables of one measurement.

    `migrating` is whether an older table still has rows, `series_ids` are those of known series, by
    tags.

    Written by one thread, with one connection; `source` may be read from another.
    """

    def __init__(self, measurement: Measurement) -> None:
        self.measurement = measurement
        name = measurement.name
        self._view, self._rows = f'"{name}"', f'"_rows_{name}"'
        self._series, self._old = f'"_series_{name}"', f'"_old_{name}"'
        self.tags = _listed(measurement.tags)
        self.series_ids: dict[tuple[str, ...], int] = {}
        self._inserts: dict[tuple[tuple[str, ...], int], str] = {}
        self._newest_old = 0
        self.migrating = False

    @property
    def source(self) -> str:
        """What a query selects from."""
        return self._view if self.migrating else self._joined

    @property
    def _joined(self) -> str:
        # CROSS JOIN: rows by time, then the series of each; never the other way round.
        return f"{self._rows} CROSS JOIN {self._series} ON _id = _series"

    def tag_condition(self, tags: Iterable[str]) -> str:
        """Return a condition with a place for the value of each of these tags."""
        equal = " AND ".join(f'"{tag}" = ?' for tag in tags)
        if self.migrating:
            return equal
        return f"_series IN (SELECT _id FROM {self._series} WHERE {equal})"

    def prepare(self, db: sqlite3.Connection) -> None:
        """Create the tables, or add the columns that were declared since; inside a transaction."""
        name, fields = self.measurement.name, self.measurement.fields
        if self._object_type(db, name) == "table":
            db.execute(f'CREATE INDEX IF NOT EXISTS "{name}_ts" ON {self._view} (ts)')
            db.execute(f"ALTER TABLE {self._view} RENAME TO {self._old}")
        self.migrating = self._object_type(db, f"_old_{name}") == "table"
        if self.migrating:
            row = db.execute(f"SELECT coalesce(max(ts), 0) FROM {self._old}").fetchone()
            self._newest_old = row[0]
        tags = ", ".join(f'"{tag}" TEXT NOT NULL' for tag in self.measurement.tags)
        db.execute(
            f"CREATE TABLE IF NOT EXISTS {self._series} "
            f"(_id INTEGER PRIMARY KEY, {tags}, UNIQUE ({self.tags}))"
        )
        columns = {field: _COLUMN_TYPES[type_] for field, type_ in fields.items()}
        keys = {*self.measurement.tags, "ts"}
        undeclared = {
            name: type_ for name, type_ in _columns(db, self._old).items() if name not in keys
        }
        values = undeclared | columns
        # Each ALTER TABLE parses the whole schema again: on a new file that took most of a start.
        typed = "".join(f', "{field}" {type_}' for field, type_ in values.items())
        db.execute(
            f"CREATE TABLE IF NOT EXISTS {self._rows} (ts INTEGER NOT NULL, "
            f"_series INTEGER NOT NULL{typed}, PRIMARY KEY (ts, _series)) WITHOUT ROWID"
        )
        there = _columns(db, self._rows)
        for field, type_ in values.items():
            if field not in there:
                db.execute(f'ALTER TABLE {self._rows} ADD "{field}" {type_}')
        self._show(db, migrating=self.migrating)

    def _object_type(self, db: sqlite3.Connection, name: str) -> str | None:
        row = db.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _show(self, db: sqlite3.Connection, *, migrating: bool) -> None:
        """Recreate the view if its SQL has changed."""
        values = [name for name in _columns(db, self._rows) if name not in {"ts", "_series"}]
        shown = _listed((*self.measurement.tags, "ts", *values))
        sql = f"CREATE VIEW {self._view} AS SELECT {shown} FROM {self._joined}"
        if migrating:
            there = _columns(db, self._old)
            before = [f'"{name}"' if name in there else "NULL" for name in values]
            sql += f" UNION ALL SELECT {', '.join([self.tags, 'ts', *before])} FROM {self._old}"
        query = "SELECT sql FROM sqlite_master WHERE name = ?"
        if db.execute(query, (self.measurement.name,)).fetchone() != (sql,):
            db.execute(f"DROP VIEW IF EXISTS {self._view}")
            db.execute(sql)

    def forget(self) -> None:
        """Forget the ids of series: a transaction that gave some was rolled back."""
        self.series_ids.clear()

    def series_id(self, db: sqlite3.Connection, tags: tuple[str, ...]) -> int:
        """Return the id of a series, given to it if it is new."""
        found = self.series_ids.get(tags)
        if found is not None:
            return found
        if len(self.series_ids) >= SERIES:
            self.series_ids.clear()
        places = ", ".join("?" * len(tags))
        new = f"INSERT INTO {self._series} ({self.tags}) VALUES ({places}) ON CONFLICT DO NOTHING"
        db.execute(new, tags)
        same = " AND ".join(f'"{tag}" = ?' for tag in self.measurement.tags)
        (found,) = db.execute(f"SELECT _id FROM {self._series} WHERE {same}", tags).fetchone()
        series_id = self.series_ids[tags] = int(found)
        return series_id

    def insert(
        self, db: sqlite3.Connection, fields: tuple[str, ...], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows: series id, an unused value, the fields' values, the time (ns)."""
        whole = len(rows) // AT_ONCE * AT_ONCE
        for start in range(0, whole, AT_ONCE):
            values = chain.from_iterable(rows[start : start + AT_ONCE])
            db.execute(self._insert(fields, AT_ONCE), [*values])
        if whole < len(rows):
            db.executemany(self._insert(fields, 1), rows[whole:])
        if self.migrating:
            for row in rows:
                if row[-1] <= self._newest_old:
                    self._move(db, "o.ts = ? AND s._id = ?", (row[-1], row[0]))

    def _insert(self, fields: tuple[str, ...], rows: int) -> str:
        """The statement for so many rows, remembered: of 50 rows with 100 fields it has 30 kB."""
        sql = self._inserts.get((fields, rows))
        if sql is None:
            if len(self._inserts) >= STATEMENTS:
                self._inserts.clear()
            sql = self._inserts[fields, rows] = self._written(fields, rows)
        return sql

    def _written(self, fields: tuple[str, ...], rows: int) -> str:
        names = _listed(("_series", *fields, "ts"))
        width = len(fields) + 3
        # The second place of a row, the device, is not used.
        used = (1, *range(3, width + 1))
        places = "), (".join(
            ", ".join(f"?{row * width + place}" for place in used) for row in range(rows)
        )
        merged = ", ".join(f'"{name}" = excluded."{name}"' for name in fields)
        return (
            f"INSERT INTO {self._rows} ({names}) VALUES ({places}) "
            f"ON CONFLICT (ts, _series) DO UPDATE SET {merged}"
        )

    def migrate(self, db: sqlite3.Connection) -> bool:
        """Move the next rows of an older table; return whether some are left.

        Called inside a transaction; once the last one is committed, `migrating` is to be cleared.
        """
        query = f"SELECT ts FROM {self._old} ORDER BY ts LIMIT 1 OFFSET {MIGRATED}"
        row = db.execute(query).fetchone()
        upto = f"ts <= {_LAST if row is None else row[0]}"
        db.execute(
            f"INSERT INTO {self._series} ({self.tags}) SELECT DISTINCT {self.tags} "
            f"FROM {self._old} WHERE {upto} ON CONFLICT DO NOTHING"
        )
        self._move(db, f"o.{upto}", ())
        if row is not None:
            return True
        db.execute(f"DROP VIEW {self._view}")
        db.execute(f"DROP TABLE {self._old}")
        self._show(db, migrating=False)
        return False

    def _move(self, db: sqlite3.Connection, condition: str, values: Sequence[int]) -> None:
        """Move rows of the older table (`o`, its series `s`); a value that is there stays."""
        there = _columns(db, self._old)
        fields = [name for name in _columns(db, self._rows) if name in there and name != "ts"]
        same = " AND ".join(f's."{tag}" = o."{tag}"' for tag in self.measurement.tags)
        matching = f"{self._old} AS o JOIN {self._series} AS s ON {same} WHERE {condition}"
        merged = ", ".join(f'"{name}" = coalesce("{name}", excluded."{name}")' for name in fields)
        db.execute(
            f"INSERT INTO {self._rows} ({_listed(('ts', '_series', *fields))}) "
            f"SELECT {', '.join(['o.ts', 's._id', *(f'o.{name}' for name in _quoted(fields))])} "
            f"FROM {matching} ORDER BY o.ts ON CONFLICT (ts, _series) DO UPDATE SET {merged}",
            values,
        )
        keys = (*self.measurement.tags, "ts")
        moved = ", ".join(f'o."{name}"' for name in keys)
        db.execute(
            f"DELETE FROM {self._old} WHERE ({_listed(keys)}) IN (SELECT {moved} FROM {matching})",
            values,
        )


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_quoted(names))


def _columns(db: sqlite3.Connection, table: str) -> dict[str, str]:
    """The columns of a table with their types; none if there is no such table."""
    return {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({table})")}
