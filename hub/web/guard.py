"""Who may see what, and the headers of every answer. Plain ASGI: it must not hold up a stream."""

import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from functools import partial
from http import HTTPStatus
from http.cookies import SimpleCookie
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from starlette.requests import cookie_parser

from hub.errors import BoothError
from hub.topics import BOOTH
from hub.web import access
from hub.web.refusals import (
    DEAD_LINK,
    ELSEWHERE,
    MISDIRECTED,
    NO_LINK,
    OPS,
    OPS_ONLY,
    OTHER_BOOTH,
    Refusal,
)
from hub.web.view import Linked

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

COOKIE = "hub_ops"
BOOTH_COOKIE = "hub_booth_"
"""What the name of a booth's cookie starts with; the booth's id follows."""
STILL = "hub.still"
"""Where a stream finds, in its scope, what says whether it may still go on."""
LINK = "hub.link"
"""Where a route finds, in its scope, the booth whose link opened it."""
_REMEMBERED = 14 * 86_400
_COOKIES = 20
_SAFE = {"GET", "HEAD", "OPTIONS"}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names by which this machine's own programs reach the hub."""
HEADERS = [
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
"""What every answer carries."""
_OPEN = "/static/"

log = logging.getLogger("hub.web")


class _Request:
    """What of a request decides whether it is served."""

    def __init__(self, scope: Scope) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.secure = scope.get("scheme") == "https"
        self._headers = dict(scope["headers"])

    def header(self, name: bytes) -> str:
        # Tokens are compared as UTF-8, which is what programs and browsers send.
        return bytes(self._headers.get(name, b"")).decode("utf-8", "replace")

    @property
    def parameters(self) -> dict[str, list[str]]:
        return parse_qs(self.query.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def in_link(self) -> str | None:
        """The token in the address of a page that is opened."""
        given = self.parameters.get("token")
        return given[0] if given and self.method in _SAFE else None

    @property
    def bearer(self) -> str:
        scheme, _, token = self.header(b"authorization").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    @property
    def cookies(self) -> dict[str, str]:
        # Not SimpleCookie: it stops at the first cookie of another service that it cannot read.
        found = cookie_parser(self.header(b"cookie"))
        return {name: unquote(value) for name, value in found.items()}

    @property
    def wants_page(self) -> bool:
        return "text/html" in self.header(b"accept")

    @property
    def host(self) -> str:
        return _name(f"//{self.header(b'host')}")

    def sent_from_elsewhere(self, origins: frozenset[str]) -> bool:
        """Whether the browser says that a page of another site sent this; `origins` are the hub's.

        A browser says `Origin` to every address, `Sec-Fetch-Site` only where it trusts the network.
        """
        if self.header(b"sec-fetch-site") == "cross-site":
            return True
        origin = self.header(b"origin").lower()
        here = origin.partition("://")[2] == self.header(b"host").lower()
        return bool(origin) and not here and origin not in origins


def _origin(url: str) -> str:
    """What a browser says as `Origin` for a page at `url`."""
    return "/".join(url.lower().split("/")[:3])


def _name(address: str) -> str:
    """The host that an address names, without the port; empty when it names none."""
    try:
        return (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""


class Guard:
    """Adds the security headers, and asks for the ops token or a booth's link if there is one.

    A token comes as ``Authorization: Bearer``, as a cookie, or once as ``?token=`` in a link, which
    is answered with the cookie and an address without the token. The ops token opens everything, a
    booth's link what `hub.web.access` lists. Without an ops token everything is open, but a link
    that is wrong is refused all the same, so that nobody believes that it works.

    Without an ops token `Host` must be that of one of the hub's `urls`, or of `LOOPBACK`: else a
    page of another site, whose name was made to lead to 127.0.0.1, could read and change everything
    (DNS rebinding).
    """

    def __init__(self, app: App, token: str | None, hub: Linked, urls: Iterable[str] = ()) -> None:
        self._app = app
        self._token = token
        self._hub = hub
        self._origins = frozenset(map(_origin, urls))
        self._names = LOOPBACK | {*map(_name, self._origins)}

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        request = _Request(scope)
        answer = (
            self._misdirected(request) or self._let_in(request) or self._refusal(request, scope)
        )
        if answer is None:
            await self._app(scope, receive, send)
        elif isinstance(answer, Refusal):
            await _refuse(answer, request, send)
        else:
            await _redirect(answer, request, send)

    def _misdirected(self, request: _Request) -> Refusal | None:
        """A refusal when the address that was asked is not the hub's."""
        # HTTP/1.0 may do without; every browser sends it.
        known = not request.header(b"host") or request.host in self._names
        return None if known or self._token is not None else MISDIRECTED

    def _let_in(self, request: _Request) -> tuple[str, str] | Refusal | None:
        """The cookie for whoever opened a link with a token; None when this is no such link."""
        given, booth = request.in_link, access.page_of(request.path)
        if given is None:
            return None
        if self._is_token(given):
            return COOKIE, given
        if booth is None:
            return None
        return (BOOTH_COOKIE + booth, given) if self._opens(booth, given) else DEAD_LINK

    def _refusal(self, request: _Request, scope: Scope) -> Refusal | None:
        """Why a request is not served, if it is not."""
        if request.path.startswith(_OPEN):
            return None
        if request.method not in _SAFE and request.sent_from_elsewhere(self._origins):
            return ELSEWHERE
        if self._token is None or self._is_ops(request):
            return None
        asked = access.asked(request.method, request.path, request.query)
        if asked is None:
            shown = any(True for _ in self._shown(request))
            return OPS_ONLY if shown else OPS
        for booth, token in self._shown(request, asked.booth):
            if asked.booth in (None, booth):
                scope[STILL], scope[LINK] = partial(self._opens, booth, token), booth
                return None
        return OTHER_BOOTH if any(True for _ in self._shown(request)) else NO_LINK

    def _is_ops(self, request: _Request) -> bool:
        return self._is_token(request.bearer) or self._is_token(request.cookies.get(COOKIE, ""))

    def _is_token(self, given: str) -> bool:
        # Compared in constant time, so that an answer's time tells nothing about the token.
        wanted = (self._token or "").encode(errors="replace")
        return hmac.compare_digest(given.encode(errors="replace"), wanted) and bool(self._token)

    def _shown(self, request: _Request, wanted: str | None = None) -> Iterator[tuple[str, str]]:
        """The booths whose link was shown, with the token; `wanted` is looked at first."""
        cookies = {
            name.removeprefix(BOOTH_COOKIE): token
            for name, token in request.cookies.items()
            if name.startswith(BOOTH_COOKIE)
        }
        booths = [wanted] if wanted in cookies else islice(cookies, _COOKIES)
        given = [(booth, cookies[booth]) for booth in booths if booth is not None]
        if request.bearer:
            # One look-up: a stranger's wrong token must not be tried on every booth.
            booth = wanted if wanted is not None else self._opened_by(request.bearer)
            given += [(booth, request.bearer)] if booth is not None else []
        for booth, token in given:
            if self._opens(booth, token):
                yield booth, token

    def _opens(self, booth: str, token: str) -> bool:
        """Whether the token is that of the booth's link; not when nobody can tell."""
        try:
            return bool(BOOTH.fullmatch(booth)) and self._hub.links.opens(booth, token)
        except BoothError as exc:
            log.error("%s", exc)
            return False

    def _opened_by(self, token: str) -> str | None:
        try:
            return self._hub.links.opened_by(token)
        except BoothError as exc:
            log.error("%s", exc)
            return None


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = [*message.get("headers", []), *HEADERS]
            # What is shown is of this moment, and may be of one booth alone.
            cached = any(name.lower() == b"cache-control" for name, _ in given)
            message["headers"] = given if cached else [*given, (b"cache-control", b"no-store")]
        await send(message)

    return sending


async def _redirect(cookie: tuple[str, str], request: _Request, send: Send) -> None:
    """Set the cookie, and lead to the same address without the token."""
    query = {name: values for name, values in request.parameters.items() if name != "token"}
    rest = "?" + urlencode(query, doseq=True) if query else ""
    # One slash in front: a path that starts with two would lead to another host.
    location = (quote("/" + request.path.lstrip("/")) + rest).encode()
    headers = [
        (b"location", location),
        (b"set-cookie", _cookie(*cookie, secure=request.secure).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _cookie(name: str, token: str, *, secure: bool) -> str:
    cookie = SimpleCookie({name: quote(token, safe="")})
    cookie[name]["path"] = "/"
    cookie[name]["httponly"] = True
    cookie[name]["secure"] = secure
    # Not Strict: a browser that came from a chat or a mail would follow the redirect without it.
    cookie[name]["samesite"] = "Lax"
    if name != COOKIE:
        cookie[name]["max-age"] = _REMEMBERED
    return cookie[name].OutputString()


async def _refuse(refusal: Refusal, request: _Request, send: Send) -> None:
    kind, body = refusal.answer(page=request.wants_page)
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept"),
    ]
    if refusal.status is HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": int(refusal.status), "headers": headers})
    shown = b"" if request.method == "HEAD" else body
    await send({"type": "http.response.body", "body": shown})
