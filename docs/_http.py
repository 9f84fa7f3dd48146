"""The page of the HTTP interface: paths from OpenAPI, answers from the code that makes them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI

from docs._text import MOMENT, as_json, code, fence, page, table
from hub import health, store
from hub.accounts import Accounts
from hub.clock import HeldClock
from hub.decode import Decoder
from hub.live import Live
from hub.model import Connection, Lot, Reading, Rejection
from hub.rejections import SHOWN
from hub.settings_table import SETTINGS
from hub.web import shapes
from hub.web.api import MAX_ROWS, MAX_VIEWERS, routes
from hub.web.guard import COOKIE
from hub.web.view import Hub, MqttAddress
from hub.zone import Booth, Place, Zone
from schemas import kinds

_ROOT = SETTINGS["root"].default or ""
_SENT = (
    (f"{_ROOT}/b12/thermostat/t1", b'{"temperature": 21.5, "mode": "heat", "note": "x"}'),
    (f"{_ROOT}/b12/thermostat/t1", b'{"temperature": 412}'),
)

PAGES = {
    "/": "The live wall. `?lang=en` or `?lang=ko` sets the language; `?kiosk=15` shows one board "
    "after another, each for 15 s.",
    "/booths/{booth}": "The page of one booth, for its exhibitor: how to connect, each device's "
    "state, the last readings, the last rejections with the reason.",
    "/docs": "This interface to try out, made from `/openapi.json`.",
    "/openapi.json": "The interface as OpenAPI 3.1.",
    "/static/": "What the pages load: scripts, styles, pictures. Nothing comes from elsewhere.",
}

_INTRO = f"""\
The hub listens at `HUB_HTTP`, `{SETTINGS["http"].default}` by default. All answers are JSON in
UTF-8, except where another type is named. There is no way to write over HTTP: readings come by
MQTT.

## Who may see what

On a loopback address (127.0.0.1) everything is open. On any other address the hub starts only
with `HUB_OPS_TOKEN`, and everything but `/booths/…` and `/static/…` asks for that token, in one
of three ways:

- the header `Authorization: Bearer TOKEN`;
- `?token=TOKEN` in a link, once: the answer sets the cookie `{COOKIE}` and leads to the address
  without the token;
- that cookie.

## Errors

Every error has one shape:"""

_ERRORS = (
    ("400", "query", "a time, a field or an aggregate that makes no sense"),
    ("401", "ops_token", "the token is missing or wrong"),
    ("404", "not_found", "no such path, or no such kind"),
    ("405", "method_not_allowed", "only GET is served"),
    ("422", "parameter", "a parameter is not what it should be"),
    ("503", "store", "the store does not answer now"),
    ("503", "unavailable", f"{MAX_VIEWERS:,} live streams are open, which is the most"),
)

_TIMES = f"""\
Times in `start` and `stop` are RFC 3339 (`2026-10-07T10:00:00+09:00`; write `+` as `%2B`), a Unix
epoch number, `now`, or so long before now: `-15m`. Durations in `every` are like `250ms`, `10s`,
`1m`, `2h`, `7d`. `start` is in the answer, `stop` is not. Without `every` the rows are as stored;
with it there is one row for each device and bucket, stamped with the bucket's start, buckets
being counted from 1970-01-01 UTC. `mean`, `min` and `max` apply to numbers, `last` and `count` to
every field. When there are more rows than `limit` (at most {MAX_ROWS:,}) the newest are given.
Besides the kinds, `kind` may be `device_state`, each change between live, late and offline
(`level` 2, 1, 0), `hub`, the hub's own counters every 10 s, or `rejections`, counted by booth and
code every 10 s; they are left out unless they are asked for by name."""

_NOTES = {
    "/api/health": (
        "`broker`, `outbox` and `store` each have a `state`, a `message` that says what to "
        "do, and the same in Korean. The hub is well while broker and outbox are `ok`: "
        "without the store readings wait in the outbox. The states are in [run at an "
        "event](../how-to/run-at-an-event.md#what-to-do-when-health-says)."
    ),
    "/api/accounts": (
        "Counted since the data folder was made, over restarts. They balance at every moment: "
        "`received = accepted + rejected + duplicate + ignored` and `accepted = stored + "
        "waiting + refused`. See [guarantees](../explanation/guarantees.md)."
    ),
    "/api/kinds": "One kind of the list, with one of its fields:",
    "/api/kinds/{kind}/schema": ("The same texts are in the project's folder `schemas/json/`."),
    "/api/zone": (
        "What the [zone file](../how-to/run-at-an-event.md#the-zone-file) says, and the state "
        "of each booth: `live` when all of its devices are, `late` when some are not, "
        "`offline` when none is, `empty` when none is known. A booth that is not in the file "
        "but sends is listed too."
    ),
    "/api/devices": (
        "Known since the hub started, or expected by the zone file. `readings` and "
        "`rejections` count since the start, `rate` is in readings a second. `last` has the "
        "latest value of each field. What `warnings` say is in [topics](topics.md#readings)."
    ),
    "/api/readings": _TIMES,
    "/api/rejections": (
        f"See [rejections](rejections.md). `payload` holds {SHOWN:,} characters at most."
    ),
    "/api/live": (
        "`reading` carries a device's latest values, `state` a change between live, late and "
        "offline, `rejection` a [rejection](rejections.md). Readings of one device that come "
        "faster are put together; `readings` tells how many there were. A comment line comes "
        "after 15 s of silence."
    ),
    "/metrics": "See [metrics](metrics.md).",
}


class _Nowhere:
    """A connection for examples: nobody is at its other end."""

    def acknowledge(self, _: object) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


def files() -> dict[str, str]:
    """Return the page of the HTTP interface."""
    error = {"error": "not_found", "message": "there is no kind 'lamp'; /api/kinds lists them"}
    rows = [(code(path), what) for path, what in PAGES.items()]
    errors = [(status, code(name), what) for status, name, what in _ERRORS]
    parts = [
        _INTRO,
        as_json(error),
        table(("status", "error", "when"), errors),
        "## Pages\n\n" + table(("path", "what"), rows),
        *_paths(),
    ]
    return {"docs/reference/http.md": page("_http", "HTTP", *parts)}


def interface() -> dict[str, Any]:
    """Return the interface as OpenAPI; its routes ask the hub only when they are called."""
    app = FastAPI()
    app.include_router(routes(cast("Hub", SimpleNamespace(kinds=kinds()))))
    return app.openapi()


def _paths() -> Iterator[str]:
    examples = _examples()
    for path, methods in interface()["paths"].items():
        for method, what in methods.items():
            yield f"## {method.upper()} {path}"
            yield what["description"]
            if what.get("parameters"):
                yield _parameters(what["parameters"])
            yield from filter(None, (_NOTES.get(path), examples.get(path)))


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = [
        (code(item["name"]), item.get("description", ""), _type(item["schema"]), _default(item))
        for item in parameters
    ]
    return table(("parameter", "what", "type", "default"), rows)


def _type(schema: dict[str, Any]) -> str:
    given = next(item for item in schema.get("anyOf", [schema]) if item.get("type") != "null")
    if "$ref" in given:
        return ", ".join(code(item.value) for item in store.Aggregate)
    if "minimum" in given:
        return f"{given['minimum']} to {given['maximum']}"
    name = str(given["type"])
    return {"array": "text, more than once", "string": "text"}.get(name, name)


def _default(item: dict[str, Any]) -> str:
    if item["in"] == "path":
        return "needed"
    default = item["schema"].get("default")
    return code(str(default).lower() if isinstance(default, bool) else str(default or ""))


def _examples() -> dict[str, str]:
    """Answers as the code makes them, for a booth with one thermostat."""
    lot = _lot()
    live = Live(kinds(), HeldClock(MOMENT))
    with live.watch() as viewer:
        live.observe(lot)
        live.tick()
        events = asyncio.run(_first(viewer.updates()))
    device = live.devices()[0]
    reading = lot.readings[0]
    domain = kinds()[reading.address.kind].domain.id
    tags = {"booth": reading.address.booth, "device": reading.address.device, "domain": domain}
    row = store.StoredRow(reading.ts, reading.address.kind, tags, reading.fields)
    kind = shapes.kind(kinds()["thermostat"], _ROOT)
    accounts = Accounts(accepted=1204, rejected=3, ignored=2, stored=1203)
    place = Place(x=4, y=4, width=6, depth=4)
    booth = Booth(id="b12", name="Hanbit Home", name_ko="한빛홈", place=place)
    mqtt = MqttAddress("10.0.0.5", 1883, False, _ROOT)
    zone = shapes.zone(Zone(booth=(booth,)), [device], mqtt)
    return {
        "/api/health": as_json(_health().as_json("0.1.0")),
        "/api/accounts": as_json(accounts.as_json()),
        "/api/kinds": as_json([{**kind, "fields": kind["fields"][:1]}]),
        "/api/zone": as_json(zone),
        "/api/devices": as_json([device.as_json()]),
        "/api/readings": as_json([shapes.row(row)]),
        "/api/rejections": as_json([lot.rejections[0].as_json()]),
        "/api/live": fence(events.strip(), "text"),
    }


async def _first(updates: AsyncIterator[str]) -> str:
    return await anext(updates)


def _lot() -> Lot:
    lot = Lot(cast("Connection", _Nowhere()), len(_SENT))
    decoder = Decoder(_ROOT, kinds())
    for topic, payload in _SENT:
        verdict = decoder.decode(topic, payload, MOMENT)
        if isinstance(verdict, Reading):
            lot.readings.append(verdict)
        elif isinstance(verdict, Rejection):
            lot.rejections.append(verdict)
    return lot


def _health() -> health.Health:
    return health.Health(
        {
            "broker": health.broker("mqtt://127.0.0.1:1883", None),
            "outbox": health.outbox(None, 0, 2 * 1024**3),
            "store": health.store("store hub-data/store.db: disk I/O error", 812),
        }
    )
