"""How a day went at all booths: readings and rejections in the course of it, by two queries."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from hub.booths.take_home import Ask, Day
from hub.event.zone import Event
from hub.pipeline.selfstats import NOWHERE
from hub.stores.store import BOOTH_READINGS, REJECTIONS, Aggregate, Measurement, Query
from hub.timestamps import SECOND, rfc3339

PARTS = 120
"""The most parts of a day."""
ROWS = 100_000
"""Rows of the store that are looked at: of more the newest."""
_LENGTHS = [seconds * SECOND for seconds in (60, 120, 300, 600, 900)]
"""How long a part may be (ns); 120 of the longest are more than a day."""


class Span(NamedTuple):
    """A part of a day, in ns; `whole` if the event has no opening hours."""

    begin: int
    end: int
    whole: bool


def open_hours(event: Event, day: Day, now: int) -> Span:
    """Return when the event is open on a day, until `now` (ns), or the whole day without hours.

    Raises:
        QueryError: no reading can be of that day.
    """
    begin, end = day.span
    whole = event.opens is None or event.closes is None
    if event.opens is not None and event.closes is not None:
        begin, end = (
            int(datetime.combine(day.day, hour, day.zone).timestamp()) * SECOND
            for hour in (event.opens, event.closes)
        )
    return Span(begin, max(begin + _LENGTHS[0], min(end, now)), whole)


async def day_counts(ask: Ask, day: Day, span: Span) -> dict[str, Any]:
    """Return the counts of readings and rejections by part of the day and booth, as the API does.

    A whole day begins and ends with what came. Raises as the store does.
    """
    if span.whole:
        span = await _used(ask, span)
    every = next(item for item in _LENGTHS if (span.end - span.begin) <= PARTS * item)
    readings = await _counts(ask, BOOTH_READINGS, span, every)
    rejections = await _counts(ask, REJECTIONS, span, every)
    starts = [ts for ts, _ in (*readings, *rejections)]
    begin, end = span.begin // every * every, span.end
    if span.whole and starts:
        begin, end = min(starts), min(max(starts) + every, end)
    booths = sorted({booth for _, booth in (*readings, *rejections)})
    places = {booth: index for index, booth in enumerate(booths)}

    def listed(counts: Counter[tuple[int, str]]) -> list[list[int]]:
        return [
            [(ts - begin) // every, places[booth], count]
            for (ts, booth), count in sorted(counts.items())
        ]

    return {
        "day": day.day.isoformat(),
        "from": rfc3339(begin, 3),
        "to": rfc3339(end, 3),
        "every_s": every // SECOND,
        "booths": booths,
        "readings": listed(readings),
        "rejections": listed(rejections),
    }


async def _used(ask: Ask, span: Span) -> Span:
    """The part of a day in which something came, to a quarter of an hour."""
    every = _LENGTHS[-1]
    found = [await _counts(ask, item, span, every) for item in (BOOTH_READINGS, REJECTIONS)]
    starts = [ts for counts in found for ts, _ in counts]
    if not starts:
        return span
    return span._replace(begin=max(span.begin, min(starts)), end=min(span.end, max(starts) + every))


async def _counts(
    ask: Ask, measurement: Measurement, span: Span, every: int
) -> Counter[tuple[int, str]]:
    rows = await ask(
        Query(
            measurement.name,
            span.begin,
            span.end,
            every=every,
            aggregate=Aggregate.SUM,
            limit=ROWS,
        )
    )
    counts = Counter[tuple[int, str]]()
    for row in rows:
        if row.tags["booth"] != NOWHERE:
            counts[row.ts, row.tags["booth"]] += int(row.fields["count"])
    return counts
