"""A booth's readings of a day, to take home."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial
from typing import IO, Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import StreamingResponse

from hub.booths.take_home import Day, DayExport, Language
from hub.errors import QueryError
from hub.timestamps import SECOND
from hub.web.limits import ConcurrencyLimits
from hub.web.parts import Parts
from hub.web.routes.parameters import BoothId, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns

MOST_ROWS = 1_000_000
"""The most rows of one answer; the command gives more."""
_IN_MEMORY = 4 * 1024 * 1024
_BLOCK = 256 * 1024
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add_export(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the route."""
    one = asyncio.Semaphore(1)
    writing = ConcurrencyLimits()  # one that waits of each booth, so that none waits for many

    @router.get(
        "/api/booths/{booth}/export",
        tags=["booth"],
        response_class=StreamingResponse,
        responses=errors(400, 404, 422, 503, 504),
    )
    async def export(
        booth: BoothId,
        day: Annotated[
            date | None, Query(description="A day of the event, like 2026-10-07. [default: today]")
        ] = None,
        kind: Annotated[
            str | None, Query(description="Only this kind; csv needs one.", max_length=64)
        ] = None,
        format: Annotated[  # noqa: A002 - the parameter's name
            Literal["csv", "xlsx"], Query(description="What to write.")
        ] = "xlsx",
        lang: Annotated[Language, Query(description="The language of the head.")] = "en",
    ) -> StreamingResponse:
        """A booth's readings of a day as a table, with names, units and the event's time."""
        if kind is None and format == "csv":
            raise QueryError("kind: csv holds one kind; name it, or ask for format=xlsx")
        zone = ZoneInfo(parts.plan.zone.event.timezone)
        now = datetime.fromtimestamp(parts.clock.now() / SECOND, zone)
        chosen = Day(day or now.date(), zone)
        names = [known_kind(parts, kind).name] if kind is not None else list(parts.kinds)
        if writing.acquire({booth: 1}) is not None:
            said = f"another table of {booth} is being written; try again in a moment"
            raise HTTPException(503, said, {"retry-after": "5"})
        file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `_blocks` ends it
        try:
            async with one:
                ask = partial(parts.store_fence.query, parts.store)
                written = DayExport(ask, booth, chosen, lang, turns.in_thread, MOST_ROWS)
                specs = [parts.kinds[name] for name in names]
                if format == "csv":
                    await written.csv(specs[0], file)
                else:
                    await written.xlsx(specs, file)
        except BaseException:
            file.close()
            raise
        finally:
            writing.release([booth])
        name = "-".join(filter(None, (booth, kind, chosen.day.isoformat())))
        headers = {"content-disposition": f'attachment; filename="{name}.{format}"'}
        return StreamingResponse(_blocks(file), media_type=_TYPES[format], headers=headers)


async def _blocks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block
