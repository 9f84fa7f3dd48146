"""The HTTP API: what the contract lists, in JSON."""

import heapq
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from hub import __version__, store, times
from hub.errors import QueryError
from hub.store import Aggregate
from hub.web import shapes
from hub.web.booths import add_booths, known_kind
from hub.web.metrics import Metrics
from hub.web.recording import add_recording
from hub.web.replay import add_replay
from hub.web.stream import add_live
from hub.web.view import Hub

_HOUR = 3600 * times.SECOND
MAX_ROWS = 100_000
"""The most rows that one answer holds."""

Booth = Annotated[str | None, Query(description="Only this booth.", max_length=32)]
Kind = Annotated[str | None, Query(description="Only this kind.", max_length=64)]
Domain = Annotated[str | None, Query(description="Only this domain.", max_length=32)]


def routes(hub: Hub) -> APIRouter:
    """Return the API of a running hub."""
    router = APIRouter()
    _add_state(router, hub)
    _add_catalogue(router, hub)
    _add_devices(router, hub)
    _add_stored(router, hub)
    add_live(router, hub)
    add_booths(router, hub)
    add_recording(router, hub)
    add_replay(router, hub)
    return router


def _add_state(router: APIRouter, hub: Hub) -> None:
    metrics = Metrics(hub)

    @router.head("/api/health", include_in_schema=False)
    @router.get("/api/health", tags=["state"])
    async def health() -> JSONResponse:
        """Whether the hub can take and keep readings: 200, else 503, with each part's state."""
        state = hub.health()
        return JSONResponse(state.as_json(__version__), 200 if state.well else 503)

    @router.get("/api/accounts", tags=["state"])
    async def accounts() -> dict[str, int]:
        """What became of every message."""
        return hub.accounts.as_json()

    @router.get("/metrics", tags=["state"], response_class=Response)
    async def prometheus() -> Response:
        """Metrics in Prometheus text."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _add_catalogue(router: APIRouter, hub: Hub) -> None:
    @router.get("/api/kinds", tags=["catalogue"])
    async def kinds() -> list[dict[str, Any]]:
        """Every kind of device with its fields."""
        return [shapes.kind(spec, hub.mqtt.root) for spec in hub.kinds.values()]

    @router.get("/api/kinds/{kind}/schema", tags=["catalogue"])
    async def schema(kind: str) -> JSONResponse:
        """JSON Schema 2020-12 of a kind's payload."""
        return JSONResponse(
            known_kind(hub, kind).json_schema(), media_type="application/schema+json"
        )

    @router.get("/api/zone", tags=["catalogue"])
    async def zone(booth: Booth = None) -> dict[str, Any]:
        """Event, zones and booths, with place and state."""
        plan, accounts = hub.zone, hub.links.booths()
        if booth is not None:
            plan = shapes.only(plan, booth, accounts.get(booth))
            accounts = {id_: account for id_, account in accounts.items() if id_ == booth}
        return shapes.zone(plan, hub.live.devices(booth), hub.mqtt, accounts)


def _add_devices(router: APIRouter, hub: Hub) -> None:
    @router.get("/api/devices", tags=["readings"])
    async def devices(
        booth: Booth = None,
        kind: Kind = None,
        domain: Domain = None,
        trend: Annotated[bool, Query(description="With the last minute of the headline.")] = False,
    ) -> list[dict[str, Any]]:
        """Each device: its state, last values and warnings."""
        return [device.as_json(trend) for device in hub.live.devices(booth, kind, domain)]

    @router.get("/api/rejections", tags=["readings"])
    async def rejections(
        booth: Booth = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50
    ) -> list[dict[str, Any]]:
        """The newest rejections, newest first."""
        return await hub.rejections(booth, limit)


def _add_stored(router: APIRouter, hub: Hub) -> None:
    measurements = store.measurements(hub.kinds)

    @router.get("/api/readings", tags=["readings"])
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
    ) -> list[dict[str, Any]]:
        """Stored values, oldest first, raw or put together in time buckets."""
        if kind is not None and kind not in measurements:
            known_kind(hub, kind)
        fields = tuple(name for item in field or () for name in item.split(",") if name)
        first, last, bucket = _span(hub, start, stop, every)
        asked = [kind] if kind is not None else _declaring(hub, fields)
        rows = [
            await hub.query(
                store.Query(name, first, last, booth, device, fields, bucket, agg, limit)
            )
            for name in asked
        ]
        merged = list(heapq.merge(*rows, key=lambda row: row.ts))
        return [shapes.row(row) for row in merged[-limit:]]


def _declaring(hub: Hub, fields: tuple[str, ...]) -> list[str]:
    """The kinds that have every field asked for."""
    names = [
        kind.name for kind in hub.kinds.values() if {spec.name for spec in kind.fields} >= {*fields}
    ]
    if not names:
        raise QueryError(f"field: no kind has {', '.join(fields)}; /api/kinds lists the fields")
    return names


def _span(hub: Hub, start: str, stop: str, every: str | None) -> tuple[int, int, int | None]:
    now = hub.clock.now()
    try:
        # A reading that came just now belongs to "now".
        first, last = times.moment(start, now), times.moment(stop, now) + (stop == "now")
        return first, last, None if every is None else times.duration(every)
    except ValueError as exc:
        raise QueryError(str(exc)) from exc
