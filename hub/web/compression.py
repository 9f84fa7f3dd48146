"""Compression of JSON, as ASGI middleware that holds back no stream.

Only JSON is compressed: the live stream is sent event by event, downloads keep their length, and
the pages' files are compressed once (`hub.web.pages`). No answer holds a secret beside what its
reader sent (passwords are at the broker, tokens in cookies only), so that the size of a compressed
answer tells nothing (BREACH); and a page of another site gets no answer with a cookie of the hub's.
"""

import asyncio
import zlib
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 4096
"""Bytes from which on an answer is compressed."""
_LEVEL = 6  # 1 MB of readings in 40 ms to 7 %; level 1: 18 ms, and a third more of /api/kinds
_PIECE = 65_536
_GZIP = 16 + zlib.MAX_WBITS


def accepts_gzip(headers: Headers) -> bool:
    """Whether a request accepts gzip (RFC 9110, 12.5.3)."""
    for item in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = (part.strip() for part in item.partition(";"))
        if coding == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


class CompressedJson:
    """Compresses JSON of `LEAST` bytes or more for whoever accepts gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "GET":
            send = _Compressing(send, accepted=accepts_gzip(Headers(scope=scope)))
        await self._app(scope, receive, send)


class _Compressing:
    """Sends an answer: held until it is known whether it is long enough to be compressed."""

    def __init__(self, send: Send, *, accepted: bool) -> None:
        self._send = send
        self._accepted = accepted
        self._start: MutableMapping[str, Any] | None = None
        self._held = b""
        self._packer: Any = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            MutableHeaders(raw=message["headers"]).add_vary_header("accept-encoding")
            if self._accepted:
                self._start = message
                return
        if message["type"] != "http.response.body" or (self._start is None and not self._packer):
            await self._send(message)
            return
        await self._body(message.get("body", b""), more=message.get("more_body", False))

    async def _body(self, body: bytes, *, more: bool) -> None:
        if self._start is not None:
            self._held += body
            if more and len(self._held) < LEAST:
                return
            body, start, self._start = self._held, self._start, None
            if len(body) >= LEAST:
                self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
                headers = MutableHeaders(raw=start["headers"])
                headers["content-encoding"] = "gzip"
                del headers["content-length"]
            await self._send(start)
        if self._packer:
            body = await self._packed(body, more=more)
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _packed(self, body: bytes, *, more: bool) -> bytes:
        """Compress in pieces of a few milliseconds, with a pass of the loop between."""
        packed = []
        for at in range(0, len(body), _PIECE):
            packed.append(self._packer.compress(body[at : at + _PIECE]))
            if at + _PIECE < len(body):
                await asyncio.sleep(0)
        return b"".join(packed) + (b"" if more else self._packer.flush())


def _is_json(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    media = headers.get("content-type", "").partition(";")[0]
    return media.endswith(("/json", "+json")) and "content-encoding" not in headers
