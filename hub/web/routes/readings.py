"""Stored readings, raw or in time buckets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from hub import timestamps
from hub.errors import QueryError, QueryTimeout
from hub.stores import store
from hub.stores.store import Aggregate
from hub.web import serializers
from hub.web.parts import Parts
from hub.web.routes.parameters import JSON, Booth, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns

_TS = attrgetter("ts")
MAX_ROWS = 100_000
"""The most rows that one answer holds."""
QUERIES = 2
"""Answers of stored rows that are made at once: each may take 1 KB of memory a row."""


def add_readings(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the route."""
    few = asyncio.Semaphore(QUERIES)

    @router.get(
        "/api/readings",
        tags=["readings"],
        response_model=list[dict[str, Any]],
        responses=errors(400, 404, 422, 503, 504),
    )
    async def readings(
        booth: Booth = None,
        kind: Annotated[
            str | None,
            Query(description="Only this kind, or own rows, like device_state.", max_length=64),
        ] = None,
        device: Annotated[str | None, Query(description="Only this device.", max_length=64)] = None,
        field: Annotated[
            list[str] | None, Query(description="Only these fields; repeat it or use commas.")
        ] = None,
        start: Annotated[str, Query(description="RFC 3339, epoch or -15m.")] = "-1h",
        stop: Annotated[str, Query(description="RFC 3339, epoch, -1m or now.")] = "now",
        every: Annotated[str | None, Query(description="Time buckets: 10s, 1m, 1h.")] = None,
        agg: Annotated[Aggregate, Query(description="How a bucket becomes one value.")] = (
            Aggregate.MEAN
        ),
        limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = 10_000,
    ) -> Response:
        """Stored values, oldest first, raw or put together in time buckets."""
        if kind is not None and kind not in store.OWN:
            known_kind(parts, kind)
        fields = tuple(name for item in field or () for name in item.split(",") if name)
        first, last, bucket = _span(parts, start, stop, every)
        asked = [kind] if kind is not None else _declaring(parts, fields)
        queries = [
            store.Query(name, first, last, booth, device, fields, bucket, agg, limit)
            for name in asked
        ]
        async with few:
            rows = await _newest(parts, turns, queries)
            # Written at once: as bytes they take a tenth of the memory, however slowly it is read.
            pieces = [piece async for piece in turns.array(rows, serializers.row)]
        return StreamingResponse(_each(pieces), media_type=JSON)


async def _newest(
    parts: Parts, turns: Turns, queries: Sequence[store.Query]
) -> list[store.StoredRow]:
    """The newest rows of all queries, oldest first, as many as the limit that they share.

    Once there are as many, no older ones are asked for: no more than twice the limit are in memory.

    Raises:
        QueryTimeout: all together took longer than one may.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + store.QUERY_DEADLINE
    found: list[store.StoredRow] = []
    for query in queries:
        if clock() > deadline:
            raise QueryTimeout(store.TOO_LONG)
        full = len(found) == query.limit
        since = max(query.start, found[0].ts) if full else query.start
        rows = await parts.store_fence.query(parts.store, replace(query, start=since))
        found = (await turns.run(sorted, [*found, *rows], key=_TS))[-query.limit :]
    return found


async def _each(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _declaring(parts: Parts, fields: tuple[str, ...]) -> list[str]:
    """The kinds that have every field asked for."""
    names = [
        kind.name
        for kind in parts.kinds.values()
        if {spec.name for spec in kind.fields} >= {*fields}
    ]
    if not names:
        raise QueryError(f"field: no kind has {', '.join(fields)}; /api/kinds lists the fields")
    return names


def _span(parts: Parts, start: str, stop: str, every: str | None) -> tuple[int, int, int | None]:
    now = parts.clock.now()
    try:
        # A reading that came just now belongs to "now".
        first, last = timestamps.moment(start, now), timestamps.moment(stop, now) + (stop == "now")
        return first, last, None if every is None else timestamps.duration(every)
    except ValueError as exc:
        raise QueryError(str(exc)) from exc
