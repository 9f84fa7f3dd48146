r"""InfluxQL: statements for queries, and rows from the answers. Pure.

InfluxQL because it is the one language that InfluxDB 1, 2 and 3 share. Names stand in double
quotes, values in single quotes; in both ``\`` escapes the quote and itself.
Source: InfluxQL specification, identifiers and string literals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.stores.store import Aggregate, Measurement, Query, StoredRow
from schemas import FieldType

_INT64 = 2**63 - 1
_LARGEST_BUCKET = 2**62
"""ns; every time until the year 2116 is in the first bucket of this size."""


def storable(value: str) -> bool:
    """Whether a tag can have this value: no other can match, and an empty one means "no tag"."""
    return bool(value) and value.isascii() and value.isprintable()


def raw(measurement: Measurement, query: Query, names: Iterable[str]) -> str:
    """Return the statement for the newest rows; every tag is a column, so LIMIT is for all."""
    return f"{_select(measurement, query, names)} ORDER BY time DESC LIMIT {int(query.limit)}"


def at(measurement: Measurement, query: Query, names: Iterable[str], ts: int) -> str:
    """Return the statement for every row at one time."""
    return _select(measurement, replace(query, start=ts, stop=ts + 1), names)


def _select(measurement: Measurement, query: Query, names: Iterable[str]) -> str:
    shown = ", ".join(map(_name, [*names, *measurement.tags]))
    return f"SELECT {shown} FROM {_name(measurement.name)} WHERE {_conditions(query)}"


def bucketed(measurement: Measurement, query: Query, names: Iterable[str], every: int) -> str:
    """Return the statement for the newest time buckets of each device; LIMIT is for each device."""
    function = query.aggregate.value
    shown = ", ".join(f"{function}({_name(name)}) AS {_name(name)}" for name in names)
    width = min(int(every), _LARGEST_BUCKET)
    groups = ", ".join([f"time({width}ns)", *map(_name, measurement.tags)])
    return (
        f"SELECT {shown} FROM {_name(measurement.name)} WHERE {_conditions(query)} "
        f"GROUP BY {groups} fill(none) ORDER BY time DESC LIMIT {int(query.limit)}"
    )


def _conditions(query: Query) -> str:
    conditions = [f"time >= {_moment(query.start)}", f"time < {_moment(query.stop)}"]
    for tag, value in (("booth", query.booth), ("device", query.device)):
        if value is not None:
            conditions.append(f"{_name(tag)} = '" + _escaped(value, "'") + "'")
    return " AND ".join(conditions)


def _moment(ts: int) -> int:
    """InfluxDB's own bounds are a little within those of 64 bits."""
    return max(-_INT64 + 2, min(_INT64 - 2, int(ts)))


def _name(name: str) -> str:
    return '"' + _escaped(name, '"') + '"'


def _escaped(text: str, quote: str) -> str:
    return text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")


def rows(
    measurement: Measurement, query: Query, series: Iterable[Mapping[str, Any]]
) -> list[StoredRow]:
    """Return the rows in the series that answer `query`, oldest first."""
    aggregate = query.aggregate if query.every is not None else None
    found = (row for item in series for row in _series(measurement, item, aggregate))
    return sorted(found, key=lambda row: (row.ts, *row.tags.values()))


def _series(
    measurement: Measurement, series: Mapping[str, Any], aggregate: Aggregate | None
) -> Iterator[StoredRow]:
    names: Sequence[str] = series["columns"]
    for values in series["values"]:
        cells = dict(zip(names, values, strict=True)) | series.get("tags", {})
        tags = {tag: cells[tag] or "" for tag in measurement.tags}
        fields = {
            name: _typed(type_, cells[name], aggregate)
            for name, type_ in measurement.fields.items()
            if cells.get(name) is not None
            # A count of nothing is 0 or null, by the version of InfluxDB.
            and not (aggregate is Aggregate.COUNT and cells[name] == 0)
        }
        if fields:
            yield StoredRow(cells["time"], measurement.name, tags, fields)


def _typed(type_: FieldType, value: Any, aggregate: Aggregate | None) -> Any:
    """Return the value in its type: JSON has one sort of number, and 21 may have been 21.0."""
    if aggregate is Aggregate.COUNT:
        return int(value)
    if aggregate is Aggregate.MEAN or type_ is FieldType.FLOAT:
        return float(value)
    return value
