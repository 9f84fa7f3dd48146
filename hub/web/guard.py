"""Who may see what, and the headers of every answer. Plain ASGI: it must not hold up a stream."""

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import cookie_parser

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

COOKIE = "hub_ops"
_HEADERS = [
    (
        b"content-security-policy",
        (
            b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            b"frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_OPEN = ("/booths/", "/static/")


class Guard:
    """Adds the security headers, and asks for the ops token if there is one.

    The token comes as ``Authorization: Bearer``, as the cookie, or once as ``?token=`` in a link,
    which is answered with the cookie and an address without the token.
    """

    def __init__(self, app: App, token: str | None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._token is not None and self._in_link(scope):
            await _let_in(scope, self._token, _with_headers(send))
        elif self._token is None or scope["path"].startswith(_OPEN) or self._shown(scope):
            await self._app(scope, receive, _with_headers(send))
        else:
            await _refuse(_with_headers(send))

    def _shown(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        scheme, _, bearer = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        # Not SimpleCookie: it stops at the first cookie of another service that it cannot read.
        cookies = cookie_parser(headers.get(b"cookie", b"").decode("latin-1"))
        shown = bearer if scheme.lower() == "bearer" else ""
        return self._is_token(shown) or self._is_token(cookies.get(COOKIE, ""))

    def _in_link(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        return self._is_token(given[0])

    def _is_token(self, given: str) -> bool:
        # Compared in constant time, so that an answer's time tells nothing about the token.
        return hmac.compare_digest(given.encode(), (self._token or "").encode())


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return sending


async def _let_in(scope: Scope, token: str, send: Send) -> None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    del query["token"]
    rest = "?" + urlencode(query, doseq=True) if query else ""
    # One slash in front: a path that starts with two would lead to another host.
    location = (quote("/" + scope["path"].lstrip("/")) + rest).encode()
    cookie = SimpleCookie({COOKIE: token})
    cookie[COOKIE]["path"] = "/"
    cookie[COOKIE]["httponly"] = True
    cookie[COOKIE]["samesite"] = "Strict"
    headers = [(b"location", location), (b"set-cookie", cookie[COOKIE].OutputString().encode())]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(send: Send) -> None:
    said = {"error": "ops_token", "message": "open the link with ?token=… that ops staff have"}
    headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})
