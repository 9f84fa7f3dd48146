"""The live stream over HTTP: Server-Sent Events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from hub import __version__
from hub.live.viewers import BEAT, LiveEvent, Update, Viewer
from hub.topics import BOOTH
from hub.web.guard import STILL
from hub.web.limits import ConcurrencyLimits, address_of, is_loopback
from hub.web.parts import Parts
from hub.web.routes.booths import details
from hub.web.routes.parameters import Booth, Domain, known_domain
from hub.web.statuses import errors
from hub.web.stream_events import (
    LOOK,
    OFTEN,
    StreamEvents,
    StreamUpdate,
    settled_booth,
    settled_hub,
)
from hub.web.turns import Turns

PATH = "/api/live"
MAX_VIEWERS = 1_000
"""The most streams that are open at once."""
ADDRESS_VIEWERS = 250
"""The most streams of one address; this machine's own may have all, for a reverse proxy has."""
BOOTH_VIEWERS = 50
"""The most streams that the link of one booth holds open at once."""
RESERVED = 100
"""Streams of these that no booth's link can take, so that the wall always finds one."""
_LINES = "\x85\u2028\u2029"
"""Line separators of Unicode, escaped in JSON: programs may split lines there, as SSE does not."""
Batch = Annotated[
    bool,
    Query(
        description="Whether the readings of an update are one event `readings`, an array, of "
        "each what is not empty, false or 0: for a program that takes in thousands a second."
    ),
]
_READING = "event: reading\ndata: "


def add_live(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the live stream."""
    open_ = ConcurrencyLimits()
    booths = StreamEvents(partial(details, parts, turns), settled_booth)
    whole = StreamEvents(partial(_hub, parts), settled_hub, OFTEN)

    def subject_of(booth: str | None, domain: str | None) -> _Subject | None:
        if booth is None and domain is None:
            return _Subject("hub", partial(whole.since, ""))
        shown = booth is not None and BOOTH.fullmatch(booth)
        return _Subject("booth", partial(booths.since, booth)) if booth and shown else None

    @router.get(
        PATH, tags=["readings"], response_class=StreamingResponse, responses=errors(404, 422, 503)
    )
    async def live(
        request: Request,
        booth: Booth = None,
        domain: Domain = None,
        batch: Batch = False,
    ) -> StreamingResponse:
        """Server-Sent Events, at most four updates a second.

        They are `reading`, `state`, `rejection` and `forgotten`, beside `booth` or `hub`.
        """
        known_domain(domain)
        still: Callable[[], bool] | None = request.scope.get(STILL)
        limits = _limits(None if still is None else booth, address_of(request.scope.get("client")))
        full = open_.acquire(limits)
        if full is not None:
            raise HTTPException(
                503,
                f"{limits[full]} streams{full} are open, which is the most; "
                "close some of its pages, or try later",
            )

        async def stream() -> AsyncIterator[str]:
            with parts.live.broadcast.watch(booth, domain, brief=batch) as viewer:
                yield ": welcome\n\n"
                subject, updates = subject_of(booth, domain), viewer.updates()
                if still is not None or subject is not None:
                    updates = _watched(viewer, still, subject)
                async for update in updates:
                    yield sse(update, batch=batch)

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        media = "text/event-stream"
        return _Counted(open_, limits, stream(), media_type=media, headers=headers)


def sse(update: Update, *, batch: bool = False) -> str:
    """Return an update as Server-Sent Events, a beat if it is empty; JSON has no line breaks.

    In a `batch` its readings are one event.
    """
    told = [f"event: {name}\ndata: {json}\n\n" for name, json in update.events]
    if batch and update.readings:
        told += ["event: readings\ndata: [", ",".join(update.readings), "]\n\n"]
    elif update.readings:  # joined, not written one by one: there may be hundreds, for each viewer
        told += [_READING, f"\n\n{_READING}".join(update.readings), "\n\n"]
    text = "".join(told)
    for sign in _LINES:
        if sign in text:
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text or "event: beat\ndata: {}\n\n"


def _limits(link: str | None, address: str) -> dict[str, int]:
    """The limits that a stream counts towards, by the words that name each."""
    limits = {"": MAX_VIEWERS if link is None else MAX_VIEWERS - RESERVED}
    if link is not None:
        limits[f" of booth {link}"] = BOOTH_VIEWERS
    if not is_loopback(address):
        limits[f" of {address}"] = ADDRESS_VIEWERS
    return limits


class _Counted(StreamingResponse):
    """A stream that releases its limits when it ends; they were acquired before it began."""

    def __init__(
        self, open_: ConcurrencyLimits, limits: Mapping[str, int], *args: Any, **opt: Any
    ) -> None:
        super().__init__(*args, **opt)
        self._open, self._limits = open_, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, however it ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._open.release(self._limits)


class _Subject(NamedTuple):
    """The event that updates a stream's subject, a booth or the whole hub, and how to get one."""

    event: str
    since: Callable[[StreamUpdate | None], Awaitable[StreamUpdate | None]]


async def _hub(parts: Parts, _: str) -> dict[str, Any]:
    health = parts.status.health().as_json(__version__)
    return {"health": health, "accounts": parts.kept.accounts.as_json()}


async def _watched(
    viewer: Viewer, still: Callable[[], bool] | None, subject: _Subject | None
) -> AsyncIterator[Update]:
    """Yield updates with those of a subject, until the link of the booth is rotated."""
    clock = asyncio.get_running_loop().time
    known: StreamUpdate | None = None
    look_at, beat_at = 0.0, clock() + BEAT
    async for update in _from_now(viewer):
        events = update.events
        if clock() >= look_at:  # now and then, for that reads files
            look_at = clock() + LOOK
            if still is not None and not still():
                return
            new = await subject.since(known) if subject is not None else None
            if subject is not None and new is not None:
                events, known = [*events, LiveEvent(subject.event, new.json)], new
        if events or update.readings or clock() >= beat_at:
            beat_at = clock() + BEAT
            yield Update(events, update.readings)


async def _from_now(viewer: Viewer) -> AsyncIterator[Update]:
    """Yield an empty update at once, then the viewer's, at least one in `LOOK` seconds."""
    yield Update([], [])
    async for update in viewer.updates(LOOK):
        yield update
