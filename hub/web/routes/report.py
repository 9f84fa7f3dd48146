"""A booth's report of a day, as a page to print."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from hub.booths.day_facts import day_facts
from hub.booths.report import ReportHead, report
from hub.booths.take_home import Day, Language
from hub.event.zone import Zone
from hub.timestamps import SECOND
from hub.web.limits import ConcurrencyLimits
from hub.web.parts import Parts
from hub.web.routes.parameters import BoothId
from hub.web.statuses import errors
from hub.web.turns import Turns
from schemas import Label


def add_report(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the route."""
    making = ConcurrencyLimits()  # one of each booth, two in all

    @router.get(
        "/api/booths/{booth}/report",
        tags=["booth"],
        response_class=HTMLResponse,
        responses=errors(422, 503, 504),
    )
    async def day_report(
        booth: BoothId,
        day: Annotated[
            date | None, Query(description="A day of the event, like 2026-10-07. [default: today]")
        ] = None,
        lang: Annotated[Language, Query(description="The language of the report.")] = "en",
    ) -> HTMLResponse:
        """A booth's day as a page to print: readings, hours live, rejections, curves."""
        zone, now = parts.plan.zone, parts.clock.now()
        timezone = ZoneInfo(zone.event.timezone)
        today = datetime.fromtimestamp(now / SECOND, timezone).date()
        chosen = Day(day or today, timezone)
        if making.acquire({booth: 1, "": 2}) is not None:
            said = f"another report of {booth} is being made; try again in a moment"
            raise HTTPException(503, said, {"retry-after": "5"})
        try:
            ask, kinds = partial(parts.store_fence.query, parts.store), dict(parts.kinds)
            facts = await day_facts(ask, kinds, booth, chosen)
            head = ReportHead(zone.event.label(), booth, _name(zone, booth), now)
            return HTMLResponse(await turns.in_thread(report, head, chosen, kinds, facts, lang))
        finally:
            making.release([booth, ""])


def _name(zone: Zone, booth: str) -> Label:
    return next((item.label() for item in zone.booth if item.id == booth), Label("", ""))
