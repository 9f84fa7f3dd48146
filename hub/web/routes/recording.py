"""Downloads the flight recorder of a running hub as a recording."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import StreamingResponse

from hub import topics
from hub.errors import RecordingError
from hub.web.parts import Parts
from hub.web.statuses import errors
from hub.web.turns import Turns

_LONGEST = 86_400.0


def add_recording(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the route to an API."""

    @router.get(
        "/api/recording",
        tags=["readings"],
        response_class=StreamingResponse,
        responses=errors(404, 422),
    )
    async def recording(
        last: Annotated[
            float, Query(description="Seconds back from now.", gt=0, le=_LONGEST)
        ] = 60.0,
        booth: Annotated[
            str | None, Query(description="Only this booth.", pattern=f"^{topics.BOOTH.pattern}$")
        ] = None,
        kind: Annotated[
            str | None, Query(description="Only this kind.", pattern=f"^{topics.KIND.pattern}$")
        ] = None,
    ) -> StreamingResponse:
        """What came lately, rejected messages too, as a recording in MCAP; see HUB_PAST."""
        try:
            blocks = parts.flight_recorder.recording(parts.clock.now(), last, booth, kind)
        except RecordingError as exc:
            raise HTTPException(404, str(exc)) from exc
        headers = {
            "content-disposition": 'attachment; filename="past.mcap"',
            "cache-control": "no-store",
        }
        return StreamingResponse(
            _made(turns, blocks), media_type="application/octet-stream", headers=headers
        )


async def _made(turns: Turns, blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while block := await turns.in_thread(next, blocks, b""):
        yield block
