"""The HTTP API: what the contract lists, in JSON."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hub import __version__, timestamps
from hub.dialects import DIALECTS
from hub.errors import QueryError, QueryTimeout
from hub.stores import store
from hub.stores.store import Aggregate
from hub.topics import Address
from hub.web import serializers
from hub.web.metrics import Metrics
from hub.web.parts import Parts
from hub.web.routes.booths import KindName, add_booths, known_kind
from hub.web.routes.export import add_export
from hub.web.routes.kinds import add_kinds
from hub.web.routes.recording import add_recording
from hub.web.routes.replay import add_replay
from hub.web.routes.stream import add_live
from hub.web.statuses import ANYWHERE, errors
from hub.web.turns import Turns

_TS = attrgetter("ts")
MAX_ROWS = 100_000
"""The most rows that one answer holds."""
QUERIES = 2
"""Answers of stored rows that are made at once: each may take 1 KB of memory a row."""
JSON = "application/json"

Booth = Annotated[str | None, Query(description="Only this booth.", max_length=32)]
Kind = Annotated[str | None, Query(description="Only this kind.", max_length=64)]
Domain = Annotated[str | None, Query(description="Only this domain.", max_length=32)]


def routes(parts: Parts) -> APIRouter:
    """Return the API of a running hub."""
    router, turns = APIRouter(responses=errors(*ANYWHERE)), Turns()
    _add_state(router, parts, turns)
    _add_catalogue(router, parts, turns)
    _add_reload(router, parts)
    _add_devices(router, parts, turns)
    _add_forgetting(router, parts)
    _add_stored(router, parts, turns)
    add_live(router, parts)
    add_booths(router, parts, turns)
    add_kinds(router, parts)
    add_export(router, parts, turns)
    add_recording(router, parts, turns)
    add_replay(router, parts, turns)
    return router


def _add_state(router: APIRouter, parts: Parts, turns: Turns) -> None:
    metrics = Metrics(parts.status)

    @router.head("/api/health", include_in_schema=False)
    @router.get(
        "/api/health", tags=["state"], responses={503: {"description": "The hub is not well"}}
    )
    async def health() -> JSONResponse:
        """Whether the hub can take and keep readings: 200, else 503, with each part's state."""
        state = parts.status.health()
        return JSONResponse(state.as_json(__version__), 200 if state.well else 503)

    @router.get("/api/accounts", tags=["state"])
    async def accounts() -> dict[str, int]:
        """What became of every message."""
        return parts.outbox.accounts.as_json()

    @router.get("/metrics", tags=["state"], response_class=Response)
    async def prometheus() -> Response:
        """Metrics in Prometheus text."""
        text = await turns.run(metrics.text)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _add_catalogue(router: APIRouter, parts: Parts, turns: Turns) -> None:
    @router.get("/api/kinds", tags=["catalogue"], response_model=list[dict[str, Any]])
    async def kinds() -> Response:
        """Every kind of device with its fields."""
        root = parts.settings.root
        listed = turns.array(parts.kinds.values(), lambda spec: serializers.kind(spec, root))
        return StreamingResponse(listed, media_type=JSON)

    @router.get("/api/kinds/{kind}/schema", tags=["catalogue"], responses=errors(404, 422))
    async def schema(kind: KindName) -> JSONResponse:
        """JSON Schema 2020-12 of a kind's payload."""
        found = await turns.run(known_kind(parts, kind).json_schema)
        return JSONResponse(found, media_type="application/schema+json")

    @router.get("/api/dialects", tags=["catalogue"])
    async def dialects() -> list[dict[str, Any]]:
        """What devices may speak by themselves, and what to set in them."""
        return [serializers.dialect(item, parts.settings.root) for item in DIALECTS.values()]

    @router.get(
        "/api/zone",
        tags=["catalogue"],
        response_model=dict[str, Any],
        responses=errors(422, 503),
    )
    async def zone(booth: Booth = None) -> Response:
        """Event, zones and booths, with place and state."""
        plan, accounts = parts.plan.zone, parts.registry.booths()
        if booth is not None:
            plan = serializers.only(plan, booth, accounts.get(booth))
            accounts = {id_: account for id_, account in accounts.items() if id_ == booth}
        devices = await turns.run(parts.live.devices, booth)
        now = parts.clock.now()
        found = await turns.run(serializers.zone, plan, devices, parts.settings, now, accounts)
        return JSONResponse(found)


def _add_reload(router: APIRouter, parts: Parts) -> None:
    @router.post("/api/zone/reload", tags=["catalogue"], responses=errors(422))
    async def reload() -> dict[str, int]:
        """Read the zone file again; one with a mistake is told and changes nothing."""
        zone = await parts.plan.reload()
        return {"booths": len(zone.booth), "devices": len(zone.expected())}


def _add_devices(router: APIRouter, parts: Parts, turns: Turns) -> None:
    one = asyncio.Lock()

    @router.get(
        "/api/devices",
        tags=["readings"],
        response_model=list[dict[str, Any]],
        responses=errors(422),
    )
    async def devices(
        booth: Booth = None,
        kind: Kind = None,
        domain: Domain = None,
        trend: Annotated[bool, Query(description="With the last minute of the headline.")] = False,
    ) -> Response:
        """Each device: its state, last values and warnings."""
        found = await turns.run(parts.live.devices, booth, kind, domain)
        listed = turns.array(found, lambda device: device.as_json(trend))
        return StreamingResponse(listed, media_type=JSON)

    @router.get(
        "/api/rejections",
        tags=["readings"],
        response_model=list[dict[str, Any]],
        responses=errors(422, 503),
    )
    async def rejections(
        booth: Booth = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50
    ) -> Response:
        """The newest rejections, newest first."""
        async with one:  # the thread that reads them also commits what comes
            found = await parts.outbox.rejections(booth, limit)
        return StreamingResponse(turns.array(found), media_type=JSON)

    @router.get("/api/rejections/causes", tags=["readings"], response_model=dict[str, Any])
    async def causes() -> JSONResponse:
        """What the rejections of the last ten minutes have in common: how many, of which booths."""
        return JSONResponse(await turns.run(parts.live.causes))


def _add_forgetting(router: APIRouter, parts: Parts) -> None:
    @router.delete(
        "/api/devices/{booth}/{kind}/{device}",
        tags=["state"],
        responses=errors(404, 422),
        status_code=204,
    )
    async def forget(
        booth: Annotated[str, Path(max_length=32)],
        kind: Annotated[str, Path(max_length=64)],
        device: Annotated[str, Path(max_length=64)],
    ) -> None:
        """Forget a device until it sends again, also over a restart; its readings stay stored."""
        if not parts.live.forget(Address(booth, kind, device)):
            raise HTTPException(404, f"{booth}/{kind}/{device}: no such device is known")


def _add_stored(router: APIRouter, parts: Parts, turns: Turns) -> None:
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
            Query(description="Only this kind, or device_state, hub or rejections.", max_length=64),
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
