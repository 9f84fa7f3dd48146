"""The web application and the server that runs it."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp

from hub import __version__, topics
from hub.errors import (
    AccountRefused,
    BoothError,
    BrokerError,
    HubError,
    KindError,
    MuteError,
    OutboxError,
    PortTaken,
    QueryError,
    QueryTimeout,
    StoreUnavailable,
    ZoneError,
)
from hub.settings.values import HttpAddress
from hub.web.compression import CompressedJson
from hub.web.connections import (
    FILES_EACH,
    MAX_CONNECTIONS,
    RESERVED_FILES,
    Connections,
    allow_files,
)
from hub.web.guard import ENDLESS, Guard
from hub.web.http11 import Http11
from hub.web.pages import page_files
from hub.web.parts import Parts
from hub.web.routes.api import routes
from hub.web.routes.tap import NO_PHONES, PAGE, TAP
from schemas import Label

STATIC = Path(__file__).parent / "static"
BACKLOG = 64
"""Connections that wait to be accepted, and the most that are accepted in one moment."""
GRACE = 2
"""Seconds that requests under way have once the hub ends."""
log = logging.getLogger("hub.web")

_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    415: "media_type",
    422: "parameter",
    429: "too_many",
    503: "unavailable",
}

_ANSWERS: dict[type[HubError], tuple[int, str]] = {
    QueryError: (400, "query"),
    AccountRefused: (403, "admin_password"),
    ZoneError: (422, "zone"),
    KindError: (422, "kind"),
    StoreUnavailable: (503, "store"),
    OutboxError: (503, "outbox"),
    BrokerError: (503, "broker"),
    BoothError: (503, "booths"),
    MuteError: (503, "mutes"),
    QueryTimeout: (504, "timeout"),
}
"""The status and the code of each error that the hub raises on purpose."""


def create_app(parts: Parts) -> ASGIApp:
    """Return the web application of a running hub."""
    app = FastAPI(
        title="Smart Life hub",
        version=__version__,
        description="Live readings from the Smart Life zone.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    api = routes(parts)
    app.include_router(api)
    app.add_middleware(CompressedJson)
    _add_pages(app, parts)
    _add_errors(app, api)
    settings, token = parts.settings, parts.settings.ops_token
    if settings.short_token is not None:
        log.warning("%s", settings.short_token)
    urls = filter(None, (settings.http.url, settings.public_http))
    secret = token.get_secret_value() if token is not None else None
    return Guard(app, secret, parts.registry, urls, public=(PAGE, TAP))


def _add_pages(app: FastAPI, parts: Parts) -> None:
    files = page_files(STATIC)

    @app.api_route("/static/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def static(path: str, request: Request) -> Response:
        return files.file(path, request.headers)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def wall(request: Request) -> Response:
        return files.page("index.html", request.headers)

    @app.api_route("/booths/{booth}", methods=["GET", "HEAD"], include_in_schema=False)
    async def booth_page(booth: str, request: Request) -> Response:
        if not topics.BOOTH.fullmatch(booth):
            raise HTTPException(404, f"{booth[:40]!r} is no booth; its id is like b12")
        return files.page("booth.html", request.headers)

    @app.api_route("/ops", methods=["GET", "HEAD"], include_in_schema=False)
    async def ops(request: Request) -> Response:
        return files.page("ops.html", request.headers)

    @app.api_route(PAGE, methods=["GET", "HEAD"], include_in_schema=False)
    async def tap(request: Request) -> Response:
        if parts.plan.zone.phone() is None:
            raise HTTPException(404, NO_PHONES)
        return files.page("tap.html", request.headers)

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return files.page("docs.html", request.headers)


def _add_errors(app: FastAPI, api: APIRouter) -> None:
    """Every error has one shape: `{"error": code, "message": text}`, with its Korean if any."""

    @app.exception_handler(StarletteHTTPException)
    async def http(request: Request, exc: StarletteHTTPException) -> JSONResponse:
        detail: Any = exc.detail
        said = detail if isinstance(detail, Label) else Label(str(detail), "")
        answer = _error(exc.status_code, _CODES.get(exc.status_code, "error"), *said)
        answer.headers.update(exc.headers or {})
        if exc.status_code == 405:
            answer.headers["allow"] = _allowed(request, [*app.routes, *api.routes])
        return answer

    @app.exception_handler(RequestValidationError)
    async def validation(_: Request, exc: RequestValidationError) -> JSONResponse:
        first = exc.errors()[0]
        if first.get("ctx", {}).get("pattern") == f"^{topics.BOOTH.pattern}$":
            return _error(422, "parameter", *_no_booth(str(first["input"])))
        return _error(422, "parameter", f"{first['loc'][-1]}: {first['msg']}")

    for foreseen, (status, code) in _ANSWERS.items():
        app.add_exception_handler(foreseen, _answering(status, code))

    @app.exception_handler(Exception)
    async def mistake(_: Request, __: Exception) -> JSONResponse:
        return _error(500, "internal", "internal error; see the hub's log")


def _allowed(request: Request, routes: Sequence[BaseRoute]) -> str:
    """The methods of all routes of a path: Starlette names those of the first that it finds."""
    methods = {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    if "GET" in methods and request.url.path != ENDLESS:
        methods.add("HEAD")  # which the guard makes GET
    return ", ".join(sorted(methods))


def _no_booth(said: str) -> Label:
    shown = repr(said[:40])
    return Label(
        f"booth: {shown} is no booth id like b12, which has {topics.BOOTH_IN_WORDS.en}",
        f"booth: {shown}: b12 같은 부스 id가 아닙니다. {topics.BOOTH_IN_WORDS.ko}",
    )


def _answering(status: int, code: str) -> Callable[[Request, Exception], JSONResponse]:
    def answer(_: Request, exc: Exception) -> JSONResponse:
        return _error(status, code, str(exc), exc.ko if isinstance(exc, HubError) else "")

    return answer


def _error(status: int, code: str, message: str, ko: str = "") -> JSONResponse:
    korean = {"message_ko": ko} if ko else {}
    return JSONResponse({"error": code, "message": message, **korean}, status)


def listen(address: HttpAddress) -> socket.socket:
    """Return a socket that listens at `address`; port 0 is any free one.

    Raises:
        PortTaken: something else listens there, or it is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen(128)
    except OSError as exc:
        listener.close()
        raise PortTaken(
            f"HUB_HTTP: cannot listen on {address}: {exc.strerror or exc}; "
            "set HUB_HTTP to another, like 127.0.0.1:8081"
        ) from exc
    return listener


class _Server(uvicorn.Server):
    """uvicorn, with limits for connections, and the signals left to the hub."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._limits = connections
        self._ending = asyncio.Event()

    async def main_loop(self) -> None:
        """Tick each second until the end; uvicorn's ten times cost half of an idle hub's CPU."""
        while not await self.on_tick(0):  # 0: the second at which uvicorn renews its Date
            open_ = cast("set[Http11]", self.server_state.connections)
            self._limits.enforce(open_, asyncio.get_running_loop().time())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 1)

    def end(self) -> None:
        """Take nothing more, and end what is open."""
        self.should_exit = True
        self._ending.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until cancelled, then close what is open."""
    files, most = allow_files()
    if most < MAX_CONNECTIONS:
        log.warning(
            "only %d files may be open, so only %d connections; raise the limit (ulimit -n, or "
            "LimitNOFILE= in systemd) to %d",
            files,
            most,
            FILES_EACH * MAX_CONNECTIONS + RESERVED_FILES,
        )
    connections = Connections(most)
    config = uvicorn.Config(
        app,
        http=cast("Any", partial(Http11, connections)),
        ws="none",
        backlog=BACKLOG,
        log_level="error",  # a line for each thing that is no HTTP would fill the disk
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
    )
    server = _Server(config, connections)
    serving = asyncio.create_task(server.serve([listener]), name="hub.uvicorn")
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.end()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        raise
