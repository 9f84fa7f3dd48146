"""The newest rejections, and their causes."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hub.web.parts import Parts
from hub.web.routes.parameters import JSON, Booth
from hub.web.statuses import errors
from hub.web.turns import Turns


def add_rejections(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""
    one = asyncio.Lock()

    @router.get(
        "/api/rejections",
        tags=["readings"],
        response_model=list[dict[str, Any]],
        responses=errors(422, 503),
    )
    async def rejections(
        booth: Booth = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50
    ) -> Response:
        """The newest rejections, newest first."""
        async with one:  # the thread that reads them also commits what comes
            found = await parts.kept.rejections(booth, limit)
        return StreamingResponse(turns.array(found), media_type=JSON)

    @router.get("/api/rejections/causes", tags=["readings"], response_model=dict[str, Any])
    async def causes() -> JSONResponse:
        """What the rejections of the last ten minutes have in common: how many, of which booths."""
        return JSONResponse(await turns.run(parts.live.causes))
