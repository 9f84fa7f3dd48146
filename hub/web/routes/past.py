"""What a wall plays again in its page: the latest seconds, and a whole day."""

from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Response

from hub.booths.day_counts import day_counts, open_hours
from hub.booths.take_home import Day
from hub.errors import RecordingError
from hub.live.device import written
from hub.timestamps import SECOND
from hub.web.parts import Parts
from hub.web.past import PastSteps
from hub.web.routes.parameters import JSON
from hub.web.shared_answers import SharedAnswers
from hub.web.statuses import errors
from hub.web.turns import Turns

LONGEST = 120
"""Seconds of the longest past that can be played again."""
PAST_SHARED, DAY_SHARED = 1.0, 30.0
"""Seconds for which whoever asks gets the same past, and the same day."""
_PIECE = 200
"""Messages that are looked at in one piece, which takes some 2 ms."""


def add_past(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""
    pasts, days = SharedAnswers(PAST_SHARED), SharedAnswers(DAY_SHARED)

    @router.get(
        "/api/past", tags=["readings"], response_model=dict[str, Any], responses=errors(404, 422)
    )
    async def past(
        last: Annotated[int, Query(description="Seconds back from now.", ge=1, le=LONGEST)] = 60,
    ) -> Response:
        """The latest seconds in steps, for a page that plays them again; see HUB_PAST."""
        try:
            answer = await pasts.of(parts.clock, str(last), partial(_past, parts, turns, last))
        except RecordingError as exc:
            raise HTTPException(404, str(exc)) from exc
        return Response(answer, media_type=JSON)

    @router.get(
        "/api/day",
        tags=["readings"],
        response_model=dict[str, Any],
        responses=errors(400, 422, 503, 504),
    )
    async def day(
        day: Annotated[
            date | None, Query(description="A day of the event, like 2026-10-07. [default: today]")
        ] = None,
    ) -> Response:
        """How many readings and rejections each booth had in the course of a day."""
        timezone = ZoneInfo(parts.plan.zone.event.timezone)
        today = datetime.fromtimestamp(parts.clock.now() / SECOND, timezone).date()
        chosen = Day(day or today, timezone)
        answer = await days.of(parts.clock, str(chosen.day), partial(_day, parts, turns, chosen))
        return Response(answer, media_type=JSON)


async def _past(parts: Parts, turns: Turns, last: int) -> bytes:
    now = parts.clock.now()
    # Nothing is known of the time before the hub began to listen, so it is not played.
    start = max(now - last * SECOND, min(parts.flight_recorder.begins, now))
    received = parts.flight_recorder.received(start)
    steps = PastSteps(start, now, parts.flight_recorder.decoder(), parts.live.kinds)
    while await turns.run(steps.take, islice(received, _PIECE)):
        pass
    devices = await turns.run(parts.live.devices)
    found = await turns.run(steps.as_json, devices, parts.live.lately)
    return (await turns.run(written, found)).encode()


async def _day(parts: Parts, turns: Turns, day: Day) -> bytes:
    ask = partial(parts.store_fence.query, parts.store)
    span = open_hours(parts.plan.zone.event, day, parts.clock.now())
    found = await day_counts(ask, day, span)
    return (await turns.run(written, found)).encode()
