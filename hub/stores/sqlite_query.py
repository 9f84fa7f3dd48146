"""Queries of the embedded store: SQL for what is asked, and rows from the answer."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.stores.sqlite_table import SeriesTable
from hub.stores.store import Aggregate, Measurement, Query, StoredRow, columns
from schemas import FieldType

_FUNCTIONS = {
    Aggregate.MEAN: "avg",
    Aggregate.MIN: "min",
    Aggregate.MAX: "max",
    Aggregate.COUNT: "count",
    Aggregate.SUM: "sum",
}
_LARGEST_BUCKET = 2**62
"""ns; every time until the year 2116 is in the first bucket of this size."""


def select_rows(db: sqlite3.Connection, table: SeriesTable, query: Query) -> list[StoredRow]:
    """Return the rows of a table that `query` asks for, oldest first."""
    names = columns(table.measurement, query)
    if query.every is None:
        return _select(db, table, query, names, "ts", {name: f'"{name}"' for name in names})
    width = min(int(query.every), _LARGEST_BUCKET)
    bucket = f"ts / {width} * {width}"
    if query.aggregate is Aggregate.LAST:
        return _last(db, table, query, names, bucket)
    function = _FUNCTIONS[query.aggregate]
    shown = {name: f'{function}("{name}")' for name in names}
    if query.aggregate is Aggregate.COUNT:
        shown = {name: f"nullif({count}, 0)" for name, count in shown.items()}  # none came
    return _select(db, table, query, names, bucket, shown, grouped=True)


def _last(
    db: sqlite3.Connection, table: SeriesTable, query: Query, names: Iterable[str], bucket: str
) -> list[StoredRow]:
    """The last value that is not NULL, field by field.

    In SQLite a bare column beside max(ts) comes from the row with that maximum.
    """
    found: dict[tuple[int, tuple[str, ...]], StoredRow] = {}
    for name in names:
        one = {name: f'"{name}"', "": "max(ts)"}
        for row in _select(db, table, query, (name,), bucket, one, grouped=True):
            key = (row.ts, tuple(row.tags.values()))
            found.setdefault(key, row).fields.update(row.fields)
    return [found[key] for key in sorted(found)][-query.limit :]


def _select(
    db: sqlite3.Connection,
    table: SeriesTable,
    query: Query,
    names: Sequence[str],
    ts: str,
    shown: Mapping[str, str],
    grouped: bool = False,
) -> list[StoredRow]:
    asked = {tag for tag in ("booth", "device") if getattr(query, tag) is not None}
    if not names or not asked <= {*table.measurement.tags}:
        return []
    where, values = _conditions(table, query, names)
    newest_first = ", ".join(f'"{tag}" DESC' for tag in table.measurement.tags)
    group = f"GROUP BY {table.tags}, {ts}" if grouped else ""
    sql = (
        f"SELECT {ts} AS at, {table.tags}, {', '.join(shown.values())} FROM {table.source} "
        f"WHERE {where} {group} ORDER BY at DESC, {newest_first} LIMIT ?"
    )
    found = db.execute(sql, [*values, query.limit]).fetchall()
    raw = query.aggregate is not Aggregate.COUNT or query.every is None
    return [_row(table.measurement, row, names, raw) for row in reversed(found)]


def _conditions(table: SeriesTable, query: Query, names: Iterable[str]) -> tuple[str, list[object]]:
    conditions = ["ts >= ? AND ts < ?"]
    tags = {"booth": query.booth, "device": query.device}
    asked = {tag: value for tag, value in tags.items() if value is not None}
    if asked:
        conditions.append(table.tag_condition(asked))
    values: list[object] = [query.start, query.stop, *asked.values()]
    there = " OR ".join(f'"{name}" IS NOT NULL' for name in names)
    return " AND ".join([*conditions, f"({there})"]), values


def _row(
    measurement: Measurement, row: Sequence[Any], names: Sequence[str], raw: bool
) -> StoredRow:
    tags = dict(zip(measurement.tags, row[1:], strict=False))
    values = zip(names, row[1 + len(tags) :], strict=False)
    fields = {
        name: bool(value) if raw and measurement.fields[name] is FieldType.BOOLEAN else value
        for name, value in values
        if value is not None
    }
    return StoredRow(row[0], measurement.name, tags, fields)
