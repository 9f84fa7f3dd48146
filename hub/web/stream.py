"""The live stream over HTTP: Server-Sent Events, for as long as whoever watches may."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from hub.web.guard import STILL
from hub.web.view import Hub, Viewer

MAX_VIEWERS = 1_000
"""The most streams that are open at once."""
BOOTH_VIEWERS = 50
"""The most streams that the link of one booth holds open at once."""
RESERVED = 100
"""Streams of these that no booth's link can take, so that the wall always finds one."""
LOOK = 2.0
"""Seconds between two looks at whether a booth's link still opens its stream."""


def add_live(router: APIRouter, hub: Hub) -> None:
    """Add the live stream."""
    by_link = Counter[str | None]()

    @router.get("/api/live", tags=["readings"], response_class=StreamingResponse)
    async def live(
        request: Request,
        booth: Annotated[str | None, Query(description="Only this booth.", max_length=32)] = None,
        domain: Annotated[str | None, Query(description="Only this domain.", max_length=32)] = None,
    ) -> StreamingResponse:
        """Server-Sent Events `reading`, `state` and `rejection`, at most four updates a second."""
        still: Callable[[], bool] | None = request.scope.get(STILL)
        most = MAX_VIEWERS if still is None else MAX_VIEWERS - RESERVED
        if hub.live.viewers >= most:
            raise HTTPException(503, f"{most} streams are open, which is the most; try later")
        if still is not None and by_link[booth] >= BOOTH_VIEWERS:
            raise HTTPException(
                503,
                f"{BOOTH_VIEWERS} streams of booth {booth} are open, which is the most of one "
                "booth; close some of its pages, or try later",
            )

        async def stream() -> AsyncIterator[str]:
            with hub.live.watch(booth, domain) as viewer:
                yield ": welcome\n\n"
                updates = viewer.updates() if still is None else _while(still, viewer)
                async for update in updates:
                    yield update

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        media = "text/event-stream"
        if still is None:
            return StreamingResponse(stream(), media_type=media, headers=headers)
        return _Counted(by_link, booth, stream(), media_type=media, headers=headers)


class _Counted(StreamingResponse):
    """A stream that counts from before its start, so that many at once find the count right."""

    def __init__(
        self, count: Counter[str | None], booth: str | None, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._count, self._booth = count, booth
        count[booth] += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; the stream counts no more when it is over, however it ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._count[self._booth] -= 1
            if not self._count[self._booth]:
                del self._count[self._booth]


async def _while(still: Callable[[], bool], viewer: Viewer) -> AsyncIterator[str]:
    """Updates until a link was replaced; it is looked at now and then, for that reads a file."""
    clock = asyncio.get_running_loop().time
    look_at = clock() + LOOK
    async for update in viewer.updates(LOOK):
        if clock() >= look_at:
            if not still():
                return
            look_at = clock() + LOOK
        yield update
