"""A store in memory, for users' tests: it behaves as the others do, and persists nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from statistics import fmean
from typing import Any

from hub.stores.declared import Declared, without_damage
from hub.stores.store import (
    Aggregate,
    Measurement,
    Query,
    Refusal,
    StoredRow,
    columns,
    measurement_of,
    measurements,
)
from schemas import KindSpec

_Key = tuple[tuple[str, ...], int]

_AGGREGATES: dict[Aggregate, Callable[[list[Any]], Any]] = {
    Aggregate.MEAN: fmean,
    Aggregate.MIN: min,
    Aggregate.MAX: max,
    Aggregate.LAST: lambda values: values[-1],
    Aggregate.COUNT: len,
    Aggregate.SUM: sum,
}


class MemoryStore:
    """Rows by measurement, tags and time; fields of the same row merge, the last value wins."""

    def __init__(self, kinds: Mapping[str, KindSpec]) -> None:
        self._measurements = measurements(kinds)
        self._declared = Declared(self._measurements)
        self._rows: dict[str, dict[_Key, dict[str, Any]]] = defaultdict(dict)

    async def declare(self, kind: KindSpec) -> None:
        """Take readings of one more kind from now on."""
        self._measurements[kind.name] = measurement_of(kind)
        self._declared.add(self._measurements[kind.name])

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        """Keep batches; a reading that fits no declared kind is refused."""
        try:
            found, lines, refusals = self._declared.sort(batches)
            lines = [*chain.from_iterable(part.lines() for part in found), *lines]
        except ValueError:
            batches, damaged = without_damage(batches)
            return damaged + await self.write(batches)
        for line in lines:
            try:
                row = self._declared.row(line)
            except ValueError as exc:
                refusals.append(Refusal(line, str(exc)))
                continue
            key = (tuple(row.tags.values()), row.ts)
            self._rows[row.measurement].setdefault(key, {}).update(row.fields)
        return refusals

    async def query(self, query: Query) -> list[StoredRow]:
        """Return the stored rows that `query` asks for, oldest first."""
        measurement = self._measurements[query.measurement]
        names = columns(measurement, query)
        rows = sorted(
            self._matching(measurement, query, names), key=lambda row: (row.ts, *row.tags.values())
        )
        if query.every is not None:
            rows = _bucketed(rows, names, query.every, query.aggregate)
        return rows[-query.limit :]

    def _matching(
        self, measurement: Measurement, query: Query, names: Sequence[str]
    ) -> Iterable[StoredRow]:
        for (values, ts), fields in self._rows[measurement.name].items():
            tags = dict(zip(measurement.tags, values, strict=True))
            wanted = query.start <= ts < query.stop and all(
                value is None or tags.get(tag) == value
                for tag, value in (("booth", query.booth), ("device", query.device))
            )
            chosen = {name: fields[name] for name in names if name in fields}
            if wanted and chosen:
                yield StoredRow(ts, measurement.name, tags, chosen)

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


def _bucketed(
    rows: Iterable[StoredRow], names: Sequence[str], every: int, aggregate: Aggregate
) -> list[StoredRow]:
    buckets: dict[tuple[int, tuple[str, ...]], list[StoredRow]] = defaultdict(list)
    for row in rows:
        buckets[row.ts // every * every, tuple(row.tags.values())].append(row)
    return [
        StoredRow(ts, group[0].measurement, group[0].tags, _aggregated(group, names, aggregate))
        for (ts, _), group in sorted(buckets.items())
    ]


def _aggregated(
    group: Iterable[StoredRow], names: Iterable[str], aggregate: Aggregate
) -> dict[str, Any]:
    found = {name: [row.fields[name] for row in group if name in row.fields] for name in names}
    return {name: _AGGREGATES[aggregate](values) for name, values in found.items() if values}
