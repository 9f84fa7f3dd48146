"""Every path of the interface says in OpenAPI with which errors it may answer, and they do come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import pytest
from pydantic import TypeAdapter
from starlette.types import ASGIApp

from hub.booths import at_broker
from hub.booths.registry import DeviceAccount, Registry
from hub.clock import HeldClock
from hub.errors import (
    AccountRefused,
    BoothError,
    BrokerError,
    MuteError,
    OutboxBroken,
    QueryTimeout,
    StoreUnavailable,
)
from hub.event.catalogue import LARGEST
from hub.event.zone import Zone
from hub.web import body
from hub.web.statuses import ANYWHERE, Error
from tests.web.conftest import TOKEN, Site, app_of, client_of, open_site

OPS = {"authorization": f"Bearer {TOKEN}"}
LONG = "x" * 65
ONE = TypeAdapter(Error)
NDJSON = {"content-type": "application/x-ndjson"}


class Broken(NamedTuple):
    """What of the hub's parts, at the broker or of every file is made to fail, and with what."""

    path: str
    exc: Exception


class Case(NamedTuple):
    """A request that gets an error: its address, what it sends, what is broken meanwhile."""

    path: str
    options: Mapping[str, Any] = MappingProxyType({})
    broken: Broken | None = None


async def never() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


ACCOUNTS = Broken("registry.booths", BoothError("booths.json: cannot be read"))
OUTBOX = Broken("kept.rejections", OutboxBroken("outbox: damaged"))
STORE = Broken("store.query", StoreUnavailable("store: no answer"))
AT = {"run": at_broker, "phone": Zone}
SLOW = Broken("store.query", QueryTimeout("store: took too long"))
AWAY = StoreUnavailable("store: away")
KIND = (
    b'{"$id": "urn:smartlife:kind:tap", "title": "Tap", "type": "object", "properties":'
    b' {"open": {"title": "Open", "type": "boolean"}}, "x-domain": "iot", "x-interval": 5}'
)
MUTE_NOBODY = b"""{"device": {"booth": "b12", "kind": "thermostat", "device": "nobody"},
    "minutes": 15, "by": "Kim"}"""
MUTE = b'{"cause": "offline b12", "minutes": 15, "by": "Kim"}'
ORDER = "/api/booths/b12/accounts/add"
ORDERED = b'{"admin_password": "x", "by": "Kim"}'
CHECK, REPLAY = "/api/kinds/thermostat/check", "/api/replay"
PLAYER = "/api/replays/0123456789ab"
TAP = "/api/show/tap"

#: What is open to everybody.
OPEN = {("get", "/api/ca.crt"), ("post", TAP)}

#: By path and method: each status that it alone declares, and how to get it.
CASES: dict[tuple[str, str], dict[int, Case]] = {
    ("get", "/api/health"): {},  # 503 is a health, no error
    ("get", "/api/accounts"): {},
    ("get", "/metrics"): {},
    ("get", "/api/dialects"): {},
    ("get", "/api/kinds"): {},
    ("get", "/api/asyncapi"): {},
    ("get", "/api/kinds/{kind}/schema"): {
        404: Case("/api/kinds/none/schema"),
        422: Case(f"/api/kinds/{LONG}/schema"),
    },
    ("get", "/api/zone"): {
        422: Case(f"/api/zone?booth={LONG}"),
        503: Case("/api/zone", broken=ACCOUNTS),
    },
    ("get", "/api/booths/{booth}/export"): {
        400: Case("/api/booths/b12/export?format=csv"),
        404: Case("/api/booths/b12/export?kind=none"),
        422: Case("/api/booths/b12/export?day=today"),
        503: Case("/api/booths/b12/export", broken=STORE),
        504: Case("/api/booths/b12/export", broken=SLOW),
    },
    ("get", "/api/booths/{booth}/report"): {
        422: Case("/api/booths/b12/report?day=today"),
        503: Case("/api/booths/b12/report", broken=STORE),
        504: Case("/api/booths/b12/report", broken=SLOW),
    },
    ("get", "/api/booths/{booth}/kinds/{kind}/draft"): {
        404: Case("/api/booths/b12/kinds/none/draft"),
        422: Case(f"/api/booths/b12/kinds/{LONG}/draft"),
        503: Case("/api/booths/b12/kinds/none/draft", broken=OUTBOX),
    },
    ("post", "/api/kinds"): {
        408: Case("/api/kinds", {"content": never}),
        413: Case("/api/kinds", {"content": b"x" * (LARGEST + 1)}),
        422: Case("/api/kinds", {"content": b"{"}),
        503: Case("/api/kinds", {"content": KIND}, Broken("store.declare", AWAY)),
    },
    ("get", "/api/wishes"): {},
    ("post", "/api/booths/{booth}/kinds/{kind}/wish"): {
        404: Case("/api/booths/b12/kinds/none/wish"),
        422: Case(f"/api/booths/b12/kinds/{LONG}/wish"),
        503: Case("/api/booths/b12/kinds/none/wish", broken=OUTBOX),
    },
    ("delete", "/api/booths/{booth}/kinds/{kind}/wish"): {
        404: Case("/api/booths/b12/kinds/none/wish"),
        422: Case(f"/api/booths/b12/kinds/{LONG}/wish"),
    },
    ("post", "/api/kinds/{kind}/accept-rejected"): {
        404: Case("/api/kinds/none/accept-rejected"),
        422: Case(f"/api/kinds/{LONG}/accept-rejected"),
        503: Case(
            "/api/kinds/thermostat/accept-rejected",
            broken=Broken("kept.kept_rejections", OutboxBroken("outbox: damaged")),
        ),
    },
    ("get", "/api/booths"): {503: Case("/api/booths", broken=ACCOUNTS)},
    ("get", "/api/booths/{booth}/sheet"): {
        404: Case("/api/booths/b99/sheet"),
        422: Case("/api/booths/UPPER/sheet"),
        503: Case("/api/booths/b12/sheet", broken=ACCOUNTS),
    },
    ("post", "/api/booths/{booth}/accounts/{action}"): {
        408: Case(ORDER, {"content": never}),
        413: Case(ORDER, {"content": b"x" * 20_000}),
        422: Case(ORDER, {"content": b"{}"}),
        429: Case(ORDER, {"content": ORDERED}, Broken("run", AccountRefused("wrong"))),
        503: Case(ORDER, {"content": ORDERED}, Broken("run", BrokerError("no broker"))),
    },
    ("get", "/api/mutes"): {},
    ("post", "/api/mutes"): {
        404: Case("/api/mutes", {"content": MUTE_NOBODY}),
        408: Case("/api/mutes", {"content": never}),
        413: Case("/api/mutes", {"content": b"x" * 5_000}),
        422: Case("/api/mutes", {"content": b"{}"}),
        503: Case("/api/mutes", {"content": MUTE}, Broken("mutes.add", MuteError("disk: full"))),
    },
    ("delete", "/api/mutes/{mute}"): {
        404: Case("/api/mutes/none"),
        422: Case(f"/api/mutes/{LONG}"),
        503: Case("/api/mutes/x", broken=Broken("mutes.end", MuteError("disk: full"))),
    },
    ("post", "/api/zone/reload"): {422: Case("/api/zone/reload")},
    ("get", "/api/devices"): {
        404: Case("/api/devices?kind=none"),
        422: Case(f"/api/devices?kind={LONG}"),
    },
    ("delete", "/api/devices/{booth}/{kind}/{device}"): {
        404: Case("/api/devices/b12/thermostat/none"),
        422: Case(f"/api/devices/b12/thermostat/{LONG}"),
    },
    ("get", "/api/rejections"): {
        422: Case("/api/rejections?limit=0"),
        503: Case("/api/rejections", broken=OUTBOX),
    },
    ("get", "/api/rejections/causes"): {},
    ("get", "/api/readings"): {
        400: Case("/api/readings?start=yesterday"),
        404: Case("/api/readings?kind=none"),
        422: Case("/api/readings?limit=0"),
        503: Case("/api/readings", broken=STORE),
        504: Case("/api/readings", broken=SLOW),
    },
    ("get", "/api/live"): {
        404: Case("/api/live?domain=none"),
        422: Case(f"/api/live?domain={LONG}"),
        503: Case("/api/live"),
    },
    ("get", "/api/booths/{booth}"): {
        422: Case("/api/booths/UPPER"),
        503: Case("/api/booths/b12", broken=ACCOUNTS),
    },
    ("post", "/api/kinds/{kind}/check"): {
        404: Case("/api/kinds/none/check"),
        408: Case(CHECK, {"content": never}),
        413: Case(CHECK, {"content": b"x" * 300_000}),
        422: Case(f"{CHECK}?booth=UPPER"),
        429: Case(CHECK),
    },
    ("get", "/api/kinds/{kind}/snippets"): {
        404: Case("/api/kinds/none/snippets"),
        422: Case("/api/kinds/thermostat/snippets?host=a%0Ab"),
        503: Case("/api/kinds/thermostat/snippets?booth=b12", broken=ACCOUNTS),
    },
    ("get", "/api/ca.crt"): {
        404: Case("/api/ca.crt"),
        503: Case("/api/ca.crt", broken=Broken("read_bytes", OSError(13, "Permission denied"))),
    },
    ("get", "/api/recording"): {
        404: Case("/api/recording"),
        422: Case("/api/recording?last=-1"),
    },
    ("get", "/api/past"): {404: Case("/api/past"), 422: Case("/api/past?last=0")},
    ("get", "/api/day"): {
        400: Case("/api/day?day=1900-01-01"),
        422: Case("/api/day?day=today"),
        503: Case("/api/day", broken=STORE),
        504: Case("/api/day", broken=SLOW),
    },
    ("post", "/api/replay"): {
        400: Case(REPLAY, {"content": b"x", "headers": NDJSON}),
        408: Case(REPLAY, {"content": never, "headers": NDJSON}),
        413: Case(REPLAY, {"content": b"x" * 5_000_000, "headers": NDJSON}),
        415: Case(REPLAY, {"content": b"x"}),
    },
    ("get", "/api/replays"): {},
    ("put", "/api/replays/{player}"): {
        408: Case(PLAYER, {"content": never}),
        413: Case(PLAYER, {"content": b"x" * 5_000}),
        422: Case(PLAYER, {"content": b"{}"}),
    },
    ("patch", "/api/replays/{player}"): {
        404: Case(PLAYER, {"content": b'{"paused": true}'}),
        408: Case(PLAYER, {"content": never}),
        413: Case(PLAYER, {"content": b"x" * 5_000}),
        422: Case(PLAYER, {"content": b'{"speed": 0}'}),
    },
    ("post", TAP): {
        404: Case(TAP),
        429: Case(TAP),
        503: Case(TAP, broken=Broken("phone", BrokerError("no broker"))),
    },
    ("get", f"{TAP}.svg"): {404: Case(f"{TAP}.svg")},
}


@pytest.fixture
async def hub(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Site]:
    """A hub with a token, a booth's account and an empty file for its CA, that keeps no past."""
    Registry(tmp_path / "data").put("b12", "", "", (DeviceAccount(account="b12-1"),))
    (tmp_path / "ca.crt").touch()
    given = {"past": "0", "broker_ca": str(tmp_path / "ca.crt")}
    async with open_site(tmp_path / "data", clock, TOKEN, **given) as site:
        yield site


def asked(path: str) -> str:
    own = {"mute": "x", "player": "0123456789ab", "action": "add"}
    return path.format(kind="thermostat", booth="b12", device="t1", **own)


def declared() -> dict[tuple[str, str], set[int]]:
    from tools.http_api import interface

    return {
        (method, path): {int(status) for status in what["responses"]} - {200, 204}
        for path, methods in interface()["paths"].items()
        for method, what in methods.items()
    }


def test_every_path_declares_the_errors_that_are_tried_here_and_no_others():
    own = {key: {*cases} | {*ANYWHERE} for key, cases in CASES.items()}
    own["get", "/api/health"].add(503)
    assert declared() == own


def fits(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) - {"message_ko"} == {"error", "message"}
    ONE.validate_python(answer.json())
    assert answer.headers["cache-control"] == "no-store"


TRIED = [(key, status) for key, cases in CASES.items() for status in cases]


@pytest.mark.parametrize(("key", "status"), TRIED, ids=str)
async def test_an_error_of_a_path_has_the_one_shape(hub, monkeypatch, key, status):
    case = CASES[key][status]
    if status == 408:
        monkeypatch.setattr(body, "WHOLE", 0.05)
    monkeypatch.setattr("hub.web.routes.stream.MAX_VIEWERS", 0)
    if case.broken is not None:
        place, _, name = case.broken.path.rpartition(".")
        thing = getattr(hub.hub.parts, place) if place else AT.get(name, Path)
        fails = _fails(case.broken.exc, asynchronous=place in {"kept", "store"})
        monkeypatch.setattr(thing, name, fails)
    options = dict(case.options)
    if callable(options.get("content")):
        options["content"] = options["content"]()
    options["headers"] = OPS | options.get("headers", {})
    answer = await hub.client.request(key[0], case.path, **options)
    while status == 429 and answer.status_code in (200, 403, 404):
        answer = await hub.client.request(key[0], case.path, **options)
    fits(answer, status)


def _fails(exc: Exception, *, asynchronous: bool) -> Callable[..., Any]:
    def now(*_: object, **__: object) -> None:
        raise exc

    async def later(*_: object, **__: object) -> None:
        raise exc

    return later if asynchronous else now


async def stranger(hub: Site, key: tuple[str, str]) -> httpx.Response:
    return await hub.client.request(key[0], asked(key[1]))


async def other_site(hub: Site, key: tuple[str, str]) -> httpx.Response:
    """A link of a booth for what is another's, or a page of another site."""
    token = hub.hub.parts.registry.token("b12")
    headers = {"authorization": f"Bearer {token}", "origin": "http://evil.example"}
    query = "" if key[0] == "post" else "?booth=b13"
    return await hub.client.request(key[0], asked(key[1]) + query, headers=headers)


@lru_cache(maxsize=1)
def open_app(hub: Site) -> ASGIApp:
    """The same hub without a token, made once for all paths."""
    return app_of(hub, ops_token=None)


async def rebound(hub: Site, key: tuple[str, str]) -> httpx.Response:
    async with client_of(open_app(hub)) as client:
        return await client.request(key[0], asked(key[1]), headers={"host": "evil.example"})


async def mistaken(hub: Site, key: tuple[str, str]) -> httpx.Response:
    """A mistake of the hub, wherever: routing itself fails."""
    transport = hub.client._transport
    transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    router = transport.app._app.router  # type: ignore[attr-defined]
    router.middleware_stack = _fails(RuntimeError("a mistake"), asynchronous=True)
    return await hub.client.request(key[0], asked(key[1]), headers=OPS)


EVERYWHERE: dict[int, Callable[..., Awaitable[httpx.Response]]] = {
    401: stranger,
    403: other_site,
    421: rebound,
    500: mistaken,
}


@pytest.mark.parametrize("status", EVERYWHERE)
async def test_an_error_of_all_paths_has_the_one_shape(hub, status):
    assert set(EVERYWHERE) == set(ANYWHERE)
    for key in CASES:
        if status in (401, 403) and key in OPEN:
            continue
        fits(await EVERYWHERE[status](hub, key), status)
