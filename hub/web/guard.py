"""Authorisation and security headers, as ASGI middleware that does not buffer a stream."""

import hmac
import logging
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from itertools import islice
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.booths import handout, report
from hub.booths.registry import Registry
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
    AccessRefusal,
)

COOKIE = "hub_ops"
BOOTH_COOKIE = "hub_booth_"
"""What the name of a booth's cookie starts with; the booth's id follows."""
STILL = "hub.still"
"""Where a stream finds, in its scope, what says whether it may still go on."""
LINK = "hub.link"
"""Where a route finds, in its scope, the booth whose link opened it."""
REMEMBERED = 14 * 86_400
COOKIES = 20
_SAFE = {"GET", "HEAD", "OPTIONS"}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names by which this machine's own programs reach the hub."""
_STYLES = " ".join(
    f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    for style in (report.STYLE, handout.STYLE)
)
"""A booth's report and its hand-out are files to be kept: the only pages with styles inside."""
_POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
"""What every answer carries."""
_PAGE_HEADERS = [
    (b"content-security-policy", f"{_POLICY}; style-src 'self' {_STYLES}".encode()),
    *HEADERS[1:],
]
"""What pages carry: without the styles 5 kB of a wall's first load are saved."""
_OPEN = ("/static/", "/api/ca.crt")
"""What anybody may read: the pages' own files, and the certificate, which is public."""

log = logging.getLogger("hub.web")


class _Request(Request):
    """The parts of a request that authorisation uses."""

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def in_link(self) -> str | None:
        """The token in the address of a page that is opened."""
        given = self.query_params.getlist("token")
        return given[0] if given and self.method in _SAFE else None

    @property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return _utf8(token) if scheme.lower() == "bearer" else ""

    @property
    def tokens(self) -> dict[str, str]:
        """The cookies, as they were set."""
        return {name: _utf8(unquote(value, "latin-1")) for name, value in self.cookies.items()}

    @property
    def wants_page(self) -> bool:
        return "text/html" in self.headers.get("accept", "")

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    def sent_from_elsewhere(self, origins: frozenset[str]) -> bool:
        """Whether the request is cross-site, by Origin or Sec-Fetch-Site; `origins` are the hub's.

        A browser sends `Origin` to every address, `Sec-Fetch-Site` only to trustworthy ones.
        """
        if self.headers.get("sec-fetch-site") == "cross-site":
            return True
        origin = self.headers.get("origin", "").lower()
        here = origin.partition("://")[2] == self.host.lower()
        return bool(origin) and not here and origin not in origins


ENDLESS = "/api/live"


def _as_meant(scope: Scope) -> Scope:
    """A request to the API as it is meant: an empty parameter is one left out, HEAD is GET.

    The server leaves out the body of an answer to HEAD by itself. That of the live stream has no
    end, so there HEAD stays what it is: not allowed.
    """
    if not scope["path"].startswith(("/api/", "/metrics", "/docs")):
        return scope
    given = scope["query_string"].split(b"&")
    query = b"&".join([item for item in given if item.partition(b"=")[2]])
    head = scope["method"] == "HEAD" and scope["path"] != ENDLESS
    return {**scope, "query_string": query, "method": "GET" if head else scope["method"]}


def _utf8(text: str) -> str:
    """Decode as UTF-8, which programs and browsers send, what Starlette decoded as Latin-1."""
    return text.encode("latin-1").decode("utf-8", "replace")


def _origin(url: str) -> str:
    """The `Origin` that a browser sends for a page at `url`."""
    return "/".join(url.lower().split("/")[:3])


def _name(address: str) -> str:
    """The host of a `Host` header or URL, without the port; empty without one."""
    try:
        return (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""


class Guard:
    """Adds the security headers, and requires the ops token or a booth's link if there is one.

    A token comes as ``Authorization: Bearer``, as a cookie, or once as ``?token=`` in a link, which
    is answered with the cookie and an address without the token. The ops token opens everything, a
    booth's link what `hub.web.access` lists. Without an ops token everything is open, but a wrong
    link is refused all the same, so that nobody believes that it works.

    Without an ops token `Host` must be that of one of the hub's `urls`, or of `LOOPBACK`: else a
    page of another site could read and change everything by DNS rebinding to 127.0.0.1.

    Whoever reaches the hub may use the paths that are `public`.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str | None,
        registry: Registry,
        urls: Iterable[str],
        public: Collection[str] = (),
    ) -> None:
        self._app = app
        self._token = token
        self._registry = registry
        self._public = public
        self._origins = frozenset(map(_origin, urls))
        self._names = LOOPBACK | {*map(_name, self._origins)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        scope = _as_meant(scope)
        request = _Request(scope)
        answer = (
            self._misdirected(request) or self._let_in(request) or self._refusal(request, scope)
        )
        app: ASGIApp = self._app
        if isinstance(answer, AccessRefusal):
            app = _refused(answer, request)
        elif answer is not None:
            app = _redirected(answer, request)
        await app(scope, receive, send)

    def _misdirected(self, request: _Request) -> AccessRefusal | None:
        """A refusal (421) when `Host` is not the hub's."""
        # HTTP/1.0 may do without; every browser sends it.
        known = not request.host or _name(f"//{request.host}") in self._names
        return None if known or self._token is not None else MISDIRECTED

    def _let_in(self, request: _Request) -> tuple[str, str] | AccessRefusal | None:
        """The cookie to set for a link with a valid token; None for other requests."""
        given, booth = request.in_link, access.page_of(request.path)
        if given is None:
            return None
        if self._is_token(given):
            return COOKIE, given
        if booth is None:
            return None
        return (BOOTH_COOKIE + booth, given) if self._opens(booth, given) else DEAD_LINK

    def _refusal(self, request: _Request, scope: Scope) -> AccessRefusal | None:
        """Why a request is refused; None when it is served."""
        if request.path.startswith(_OPEN):
            return None
        if request.method not in _SAFE and request.sent_from_elsewhere(self._origins):
            return ELSEWHERE
        if request.path in self._public or self._token is None or self._is_ops(request):
            return None
        asked = access.asked(request.method, request.path, request.scope["query_string"])
        if asked is None:
            shown = any(True for _ in self._shown(request))
            return OPS_ONLY if shown else OPS
        for booth, token in self._shown(request, asked.booth):
            if asked.booth in (None, booth):
                scope[STILL], scope[LINK] = partial(self._opens, booth, token), booth
                return None
        return OTHER_BOOTH if any(True for _ in self._shown(request)) else NO_LINK

    def _is_ops(self, request: _Request) -> bool:
        return self._is_token(request.bearer) or self._is_token(request.tokens.get(COOKIE, ""))

    def _is_token(self, given: str) -> bool:
        # Compared in constant time, so that response times leak nothing about the token.
        wanted = (self._token or "").encode(errors="replace")
        return hmac.compare_digest(given.encode(errors="replace"), wanted) and bool(self._token)

    def _shown(self, request: _Request, wanted: str | None = None) -> Iterator[tuple[str, str]]:
        """The booths whose valid token the request has; only `wanted`'s cookie if it has one."""
        cookies = {
            name.removeprefix(BOOTH_COOKIE): token
            for name, token in request.tokens.items()
            if name.startswith(BOOTH_COOKIE)
        }
        booths = [wanted] if wanted in cookies else islice(cookies, COOKIES)
        given = [(booth, cookies[booth]) for booth in booths if booth is not None]
        if request.bearer:
            # One look-up: a stranger's wrong token must not be tried on every booth.
            booth = wanted if wanted is not None else self._opened_by(request.bearer)
            given += [(booth, request.bearer)] if booth is not None else []
        for booth, token in given:
            if self._opens(booth, token):
                yield booth, token

    def _opens(self, booth: str, token: str) -> bool:
        """Whether the token is that of the booth's link; False when the registry is unreadable."""
        try:
            return bool(BOOTH.fullmatch(booth)) and self._registry.opens(booth, token)
        except BoothError as exc:
            log.error("%s", exc)
            return False

    def _opened_by(self, token: str) -> str | None:
        try:
            return self._registry.opened_by(token)
        except BoothError as exc:
            log.error("%s", exc)
            return None


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = message.get("headers", [])
            page = any(value.startswith(b"text/html") for _, value in given)
            given = [*given, *(_PAGE_HEADERS if page else HEADERS)]
            # Responses are of this moment, and may be private to a booth.
            cached = any(name.lower() == b"cache-control" for name, _ in given)
            message["headers"] = given if cached else [*given, (b"cache-control", b"no-store")]
        await send(message)

    return sending


def _redirected(cookie: tuple[str, str], request: _Request) -> Response:
    """Set the cookie, and redirect to the same address without the token."""
    query = [(name, said) for name, said in request.query_params.multi_items() if name != "token"]
    # One slash in front: a path that starts with two would redirect to another host.
    location = quote("/" + request.path.lstrip("/")) + ("?" + urlencode(query) if query else "")
    name, token = cookie
    response = RedirectResponse(location, HTTPStatus.SEE_OTHER, {"cache-control": "no-store"})
    response.set_cookie(
        name,
        quote(token, safe=""),
        max_age=None if name == COOKIE else REMEMBERED,
        secure=request.scope.get("scheme") == "https",
        httponly=True,
        # Not strict: a browser that came from a chat or mail would follow the redirect without it.
        samesite="lax",
    )
    return response


def _refused(refusal: AccessRefusal, request: _Request) -> Response:
    kind, body = refusal.answer(page=request.wants_page)
    headers = {"cache-control": "no-store", "vary": "accept"}
    if refusal.status is HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return Response(body, refusal.status, headers, kind)
