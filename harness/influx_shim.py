"""InfluxDB's write call of version 2 before influxd 1.6, with its faults: the shim.

influxd 1.6 has no `/api/v2/write` (1.8 has); the shim maps bucket to database and the precisions,
checks the token, and can answer as InfluxDB 2 and 3 and a failing network do.
"""

import asyncio
import contextlib
import json
import re
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from harness.influxd import Influxd
from harness.ports import free_port
from harness.wait import DEADLINE

TOKEN = "token-of-the-tests"
ORG = "expo-org"
_PRECISIONS = {"ns": "n", "us": "u", "ms": "ms", "s": "s"}
"""1.6 reads an unknown precision, like `us`, silently as ns."""


class Mishap(Enum):
    """What can become of a write on its way."""

    HANG = "no answer ever"
    CUT_BEFORE = "cut before it arrives"
    CUT_AFTER = "stored, and cut before the answer"
    CUT_WITHIN = "stored, and cut within the answer"


@dataclass(frozen=True)
class Reply:
    """A canned answer, instead of the server's."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Manner(Enum):
    """Whose way of refusing lines the shim has."""

    ONE = "400, the other lines are kept"
    TWO = "422 for a conflict; a bad line is 400 and nothing is kept"
    THREE = "400 for both, with the number of each refused line; the other lines are kept"


class Shim:
    """The v2 write call before influxd, in a thread of its own.

    `planned` are mishaps and replies for the next writes, in order; `writes` holds the lines of
    each request that came. `delay` is how long (s) it takes to deal with one. `tls` is a PEM file
    with key and certificate.
    """

    def __init__(self, influxd: Influxd, *, remember: bool = True, tls: Path | None = None) -> None:
        self._influxd = influxd
        self._remember = remember
        self._tls = tls
        self.manner = Manner.ONE
        self.token = TOKEN
        self.max_body: int | None = None
        self.planned: deque[Mishap | Reply] = deque()
        self.writes: list[list[bytes]] = []
        self.targets: list[tuple[str, str]] = []
        self.most_in_flight = 0
        self._in_flight = 0
        self.gate: Callable[[int], bool] | None = None
        self.delay = 0.0
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="influx.shim", daemon=True)
        self._ready = threading.Event()

    def start(self) -> Self:
        self._thread.start()
        assert self._ready.wait(DEADLINE), "the shim did not start"
        return self

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._ending = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/api/v2/write", self._write)
        app.router.add_post("/query", self._query)
        app.router.add_get("/health", self._health)
        async with aiohttp.ClientSession(self._influxd.url) as self._session:
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", self.port, ssl_context=self._trust())
            await site.start()
            listening = site._server
            self._ready.set()
            await self._ending.wait()
            await runner.cleanup()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    while _connections(listening):  # noqa: ASYNC110 - a failed handshake has no event
                        await asyncio.sleep(0.005)

    def _trust(self) -> ssl.SSLContext | None:
        if self._tls is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._tls)
        return context

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"name": "influxdb", "status": "pass"})

    async def _query(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return _said(401, "unauthorized", "unauthorized access")
        form = await request.post()
        return await self._forward(request, "/query", dict(request.query), dict(form))

    async def _write(self, request: web.Request) -> web.Response:
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            while self.gate is not None and not self.gate(self._in_flight):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await asyncio.sleep(self.delay)
            return await self._written(request)
        finally:
            self._in_flight -= 1

    async def _written(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self._remember:
            self.writes.append(body.split(b"\n"))
            self.targets.append((request.query["org"], request.query["bucket"]))
        plan = self.planned.popleft() if self.planned else None
        if isinstance(plan, Reply):
            return web.Response(status=plan.status, text=plan.body, headers=plan.headers)
        if plan is Mishap.HANG:
            await self._ending.wait()
        if plan in (Mishap.HANG, Mishap.CUT_BEFORE):
            return _cut(request)
        if not self._known(request):
            return _said(401, "unauthorized", "unauthorized access")
        if self.max_body is not None and len(body) > self.max_body:
            return web.Response(status=413, text="<html>413 Request Entity Too Large</html>")
        answer = await self._store(request, body)
        if plan is Mishap.CUT_WITHIN:
            partial = web.StreamResponse(status=400, headers={"Content-Length": "1000"})
            await partial.prepare(request)
            await partial.write(b'{"error": "parti')
        return _cut(request) if plan is not None else answer

    async def _store(self, request: web.Request, body: bytes) -> web.Response:
        precision = _PRECISIONS[request.query.get("precision", "ns")]
        query = {"db": request.query["bucket"], "precision": precision}
        if self.manner is Manner.TWO and (bad := _unparsable(body)):
            return _said(400, "invalid", f"unable to parse '{bad}': missing field value")
        answer = await self._forward(request, "/write", query, body)
        if self.manner is Manner.THREE and answer.status == 400:
            return await self._named(request, query, body)
        return _in_manner(self.manner, answer)

    async def _named(
        self, request: web.Request, query: dict[str, str], body: bytes
    ) -> web.Response:
        """Name the refused lines as InfluxDB 3 does: each is found by sending it alone."""
        data = []
        for number, line in enumerate(body.split(b"\n"), 1):
            answer = await self._forward(request, "/write", query, line)
            if answer.status == 400:
                error = str(json.loads(answer.text or "")["error"]).split(": ", 1)[1]
                # InfluxDB 3 shows strings without their quotes, and no more than 20 bytes.
                shown = line.decode().replace('"', "")[:20]
                data.append({"error_message": error, "line_number": number, "original_line": shown})
        said = {"error": "partial write of line protocol occurred", "data": data}
        return web.json_response(said, status=400)

    async def _forward(
        self, request: web.Request, path: str, query: dict[str, str], data: Any
    ) -> web.Response:
        try:
            async with self._session.post(path, params=query, data=data) as answer:
                kind = answer.headers.get("Content-Type", "text/plain").partition(";")[0]
                text = await answer.text()
                return web.Response(status=answer.status, text=text, content_type=kind)
        except aiohttp.ClientError:
            return _cut(request)

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Token {self.token}"


def _connections(server: Any) -> int:
    """How many are not yet closed, in the words of Python 3.11, or of 3.12 and later."""
    return len(getattr(server, "_clients", ())) + int(getattr(server, "_active_count", 0))


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _said(status: int, code: str, message: str) -> web.Response:
    """An error as InfluxDB 2 tells it."""
    return web.json_response({"code": code, "message": message}, status=status)


def _unparsable(body: bytes) -> str | None:
    bad = (line for line in body.decode().split("\n") if re.search(r"=( |,|$)", line))
    return next(bad, None)


def _in_manner(manner: Manner, answer: web.Response) -> web.Response:
    """Turn a partial write of InfluxDB 1 into that of 2."""
    text = answer.text or ""
    if answer.status != 400 or "partial write" not in text or manner is Manner.ONE:
        return answer
    error = json.loads(text)["error"]
    said = f"failure writing points to database: {error}"
    return _said(422, "unprocessable entity", said)


class Influx:
    """influxd and its shim, for one test: `bucket` is empty."""

    def __init__(self, influxd: Influxd, shim: Shim, bucket: str) -> None:
        self.influxd = influxd
        self.shim = shim
        self.bucket = bucket

    @property
    def address(self) -> str:
        """The address, as in HUB_STORE."""
        return f"influx://127.0.0.1:{self.shim.port}/{self.bucket}?org={ORG}"
