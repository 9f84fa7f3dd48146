"""HTTP/1.1 within limits, on uvicorn's protocol with h11."""

import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from hub.web.connections import Connections
from hub.web.guard import HEADERS
from hub.web.limits import address_of
from hub.web.routes.stream import PATH as STREAM

LINGER = 2.0
"""Seconds in which what is still on its way after a refusal is read and thrown away."""

_ABSOLUTE = re.compile(rb"https?://([^/]+)(/.*)?", re.IGNORECASE | re.DOTALL)


def origin_form(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a request differs whose target is a whole URL, as those to a proxy are.

    A server accepts it, and takes the host from there in place of Host (RFC 9112, 3.2.2).
    """
    found = _ABSOLUTE.fullmatch(scope["raw_path"])
    if found is None:
        return {}
    raw_path = found[2] or b"/"
    others = [item for item in scope["headers"] if item[0] != b"host"]
    return {
        "raw_path": raw_path,
        "path": unquote(raw_path.decode("ascii")),
        "headers": [(b"host", found[1]), *others],
    }


class Http11(H11Protocol):
    """HTTP/1.1 within limits, with errors of the one shape also for invalid HTTP."""

    # uvicorn's class is no public interface: `cycle`, `scope`, `send_400_response` may change with
    # any version, so pyproject.toml has an upper bound. Without this class uvicorn bounds neither
    # the connections of an address nor the time for a request's head or for reading an answer, and
    # says errors as plain text (tests/web, tests/security). Before the bound is raised, run those.

    _lingering: asyncio.TimerHandle | None = None

    def __init__(self, connections: Connections, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection within the limits, else refuse it."""
        super().connection_made(transport)
        self.address = address_of(transport.get_extra_info("peername"))
        self.since = self.loop.time()
        self._served: object = None
        if not self._limits.opened(self.address):
            self._say(503, "connections", "too many connections are open; try again in a moment")
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection as closed."""
        self._limits.closed(self)
        if self._lingering is not None:
            self._lingering.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Note when the next request begins."""
        super().handle_events()
        if self.cycle is not self._served:
            self._served, self.since = self.cycle, self.loop.time()
            # The task that serves it has not begun: that is the next pass of the loop.
            cast("Any", self.scope).update(origin_form(self.scope))

    def on_response_complete(self) -> None:
        """Note when the time for the next request begins: it does not with each byte of one."""
        self.since = self.loop.time()
        super().on_response_complete()

    @property
    def waits(self) -> bool:
        """Whether no request is being served."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def streams(self) -> bool:
        """Whether it serves a live stream, which has separate limits."""
        return not self.waits and self.cycle.response_started and self.scope["path"] == STREAM

    def unsent(self) -> int:
        """Return the bytes in the send buffer, which the client did not read yet."""
        return self.transport.get_write_buffer_size()

    def abort(self) -> None:
        """Close at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Parse what is received, but not after a refusal."""
        if self._lingering is None:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Answer invalid HTTP, if the connection can still be written to."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # what it says now would come behind this answer
        self._say(400, "http", "this is no HTTP request that the hub can read")
        # Closed at once, with the rest unread, TCP would take the answer back (RFC 9112, 9.6).
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._lingering = self.loop.call_later(LINGER, self.transport.abort)

    def _say(self, status: int, code: str, message: str) -> None:
        """Send a response without the application, with `Connection: close`."""
        body = json.dumps({"error": code, "message": message}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            *HEADERS,
        ]
        with contextlib.suppress(h11.LocalProtocolError):  # an answer is already under way
            for event in (
                h11.Response(
                    status_code=status, headers=headers, reason=HTTPStatus(status).phrase.encode()
                ),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
