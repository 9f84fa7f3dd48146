"""The interface of a store: write batches of readings, query rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from hub.errors import QueryError
from schemas import FieldType, KindSpec

QUERY_DEADLINE = 10.0
"""Seconds that a store may take over one question, the wait for others included."""
TOO_LONG = (
    f"the answer took longer than {QUERY_DEADLINE:g} s; ask for less time, for one booth or "
    "device, or with every"
)


class Aggregate(StrEnum):
    """How the values in a time bucket are aggregated."""

    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    LAST = "last"
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Query:
    """Which stored rows: from `start` up to but not at `stop` (ns), oldest first.

    Raw rows without `every`; with it, one row for each device and bucket of `every` ns that holds
    values, stamped with the bucket's start (buckets are aligned to the Unix epoch). The newest
    `limit` rows are returned when there are more.
    """

    measurement: str
    start: int
    stop: int
    booth: str | None = None
    device: str | None = None
    fields: tuple[str, ...] = ()
    every: int | None = None
    aggregate: Aggregate = Aggregate.MEAN
    limit: int = 10_000


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row that a store returns; `fields` holds the values that exist."""

    ts: int
    measurement: str
    tags: dict[str, str]
    fields: dict[str, Any]


class Refusal(NamedTuple):
    """A line that the store itself refused, with its reason."""

    line: bytes
    reason: str


class Store(Protocol):
    """A database for readings. A write is idempotent: the same reading again changes nothing."""

    async def declare(self, kind: KindSpec) -> None:
        """Take readings of one more kind from now on.

        Raises:
            StoreUnavailable: try again later.
        """
        ...

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        """Write batches, each rows as `hub.stores.rows` writes them or lines of line protocol.

        Returns the refused ones as lines, with the reason.

        Raises:
            StoreUnavailable: nothing is settled; try again later.
        """
        ...

    async def query(self, query: Query) -> list[StoredRow]:
        """Return the stored rows that `query` asks for.

        Raises:
            QueryError: the query is invalid, with the reason.
            QueryTimeout: it took longer than `QUERY_DEADLINE`.
            StoreUnavailable: the store did not answer.
        """
        ...

    async def close(self) -> None:
        """Close files and connections, and cancel running queries; safe to call twice."""
        ...


@dataclass(frozen=True, slots=True)
class Measurement:
    """The schema of a measurement: its tags, and its fields with their fixed types."""

    name: str
    tags: tuple[str, ...]
    fields: Mapping[str, FieldType]


DEVICE_STATE = Measurement(
    "device_state",
    ("booth", "device", "domain", "kind"),
    {"state": FieldType.STRING, "level": FieldType.INTEGER},
)
"""Liveness: `state` as text, and as `level` 2 live, 1 late, 0 offline; a row at each change, and
one every ten minutes."""

HUB = Measurement(
    "hub",
    ("client",),
    dict.fromkeys(
        (
            *("received", "accepted", "rejected", "duplicate", "ignored", "readings"),
            *("stored", "merged", "waiting", "refused", "outbox_bytes", "lag_ms"),
            *("devices_live", "devices_late", "devices_offline", "hears"),
        ),
        FieldType.INTEGER,
    ),
)
"""The hub's own counters: its accounts, the bytes in its outbox, how old the oldest reading in it
is, its devices by state, and whether (1 or 0) messages reach it."""

REJECTIONS = Measurement("rejections", ("booth", "code"), {"count": FieldType.INTEGER})
"""Messages rejected since the row before, by booth (``-`` where the topic names none) and code."""

BOOTH_READINGS = Measurement("booth_readings", ("booth",), {"count": FieldType.INTEGER})
"""Readings accepted since the row before, by booth: one row a minute, of booths that sent."""

SURPLUS = Measurement("surplus", ("booth", "outcome"), {"count": FieldType.INTEGER})
"""Messages above their booth's quota since the row before, by what became of them: ``dropped`` (QoS
0), ``delayed`` (QoS 1 and 2), or ``counted`` (rejections of which nothing else is kept)."""


REJECTED = Measurement("rejected", ("booth", "code"), {"body": FieldType.STRING})
"""Rejections themselves, as JSON, which a hub that is one of several writes for the wall of all."""

HUB_HEALTH = Measurement(
    "hub_health", ("client",), {"well": FieldType.INTEGER, "body": FieldType.STRING}
)
"""The health of a hub that is one of several, likewise; `well` is 1 or 0."""


OWN = {
    item.name: item
    for item in (
        *(DEVICE_STATE, HUB, BOOTH_READINGS, REJECTIONS),
        *(SURPLUS, REJECTED, HUB_HEALTH),
    )
}
"""The hub's own rows, by name: kept as readings are, and not counted in the accounts."""


def measurements(kinds: Mapping[str, KindSpec]) -> dict[str, Measurement]:
    """Return every measurement of a store by name: each kind, and the hub's own rows."""
    return OWN | {kind.name: measurement_of(kind) for kind in kinds.values()}


def measurement_of(kind: KindSpec) -> Measurement:
    """Return the measurement that holds the readings of a kind."""
    fields = {spec.name: spec.type for spec in kind.fields}
    return Measurement(kind.name, ("booth", "device", "domain"), fields)


_NUMERIC = {FieldType.FLOAT, FieldType.INTEGER}


def columns(measurement: Measurement, query: Query) -> tuple[str, ...]:
    """Return the fields that a query selects, in the order declared.

    Without `query.fields`: all of them, or those that the aggregate applies to.

    Raises:
        QueryError: there is no such field, or the aggregate does not apply to it.
    """
    known = measurement.fields
    for name in query.fields:
        if name not in known:
            raise QueryError(
                f"field: {measurement.name} has no field {name!r}; it has {', '.join(known)}"
            )
    chosen = tuple(name for name in known if name in (query.fields or known))
    if query.every is None or query.aggregate in {Aggregate.LAST, Aggregate.COUNT}:
        return chosen
    unfit = [name for name in chosen if known[name] not in _NUMERIC]
    if query.fields and unfit:
        raise QueryError(
            f"agg: {query.aggregate} needs numbers, {unfit[0]} is not one; use last or count"
        )
    return tuple(name for name in chosen if name not in unfit)
