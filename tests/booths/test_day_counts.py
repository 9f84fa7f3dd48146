"""The course of a day at all booths: what came in each part of it, within the opening hours."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.booths.day_counts import PARTS, Span, day_counts, open_hours
from hub.booths.take_home import Day
from hub.event.zone import Event
from hub.stores.store import Query, StoredRow
from hub.testing.hub import HeldHub, held_hub
from hub.testing.outcome import at_once
from hub.timestamps import SECOND, parse

DAY = Day(date(2026, 10, 7), ZoneInfo("Asia/Seoul"))
TEN = parse("2026-10-07T10:00:00+09:00")
HOURS = Event.model_validate({"name": "Week", "opens": "10:00:00", "closes": "18:00:00"})
ALWAYS = Event(name="Week")
NIGHT = parse("2026-10-07T23:00:00+09:00")


def _sent(hub: HeldHub) -> None:
    """Two readings and a rejection in the first minute, another reading ten minutes later."""
    hub.publish("b12/thermostat/t1", {"temperature": 21.5})
    hub.publish("b13/thermostat/t1", {"temperature": 21.5})
    hub.publish("b13/thermostat/t1", {"temperature": 412})
    hub.advance(600)
    hub.publish("b12/thermostat/t1", {"temperature": 22})
    hub.advance(61)


def _counted(hub: HeldHub, event: Event, now: int) -> dict[str, object]:
    return at_once(day_counts(hub._store.query, DAY, open_hours(event, DAY, now)))


def test_what_came_is_counted_by_part_of_the_day_and_booth(tmp_path: Path):
    with held_hub(tmp_path, now=TEN + 30 * SECOND) as hub:
        _sent(hub)
        assert _counted(hub, HOURS, NIGHT) == {
            "day": "2026-10-07",
            "from": "2026-10-07T01:00:00.000Z",
            "to": "2026-10-07T09:00:00.000Z",
            "every_s": 300,
            "booths": ["b12", "b13"],
            "readings": [[0, 0, 1], [0, 1, 1], [2, 0, 1]],
            "rejections": [[0, 1, 1]],
        }


def test_a_day_without_hours_is_as_long_as_something_came(tmp_path: Path):
    with held_hub(tmp_path, now=TEN + 30 * SECOND) as hub:
        _sent(hub)
        found = _counted(hub, ALWAYS, NIGHT)
    assert (found["every_s"], found["from"]) == (60, "2026-10-07T01:00:00.000Z")
    assert found["to"] == "2026-10-07T01:11:00.000Z"


def test_today_ends_now_and_a_day_without_anything_is_empty(tmp_path: Path):
    with held_hub(tmp_path, now=TEN) as hub:
        found = _counted(hub, HOURS, TEN + 3_600 * SECOND)
    assert (found["to"], found["booths"]) == ("2026-10-07T02:00:00.000Z", [])
    assert open_hours(ALWAYS, DAY, NIGHT).end - DAY.span[0] <= PARTS * 900 * SECOND


@pytest.mark.parametrize(
    ("minutes", "every"),
    [
        *[(1, 60), (120, 60), (121, 120), (240, 120), (241, 300), (600, 300), (601, 600)],
        *[(1_200, 600), (1_201, 900), (1_500, 900)],
    ],
)
def test_a_day_has_at_most_120_parts_of_whole_minutes(minutes: int, every: int):
    async def ask(_: Query) -> list[StoredRow]:
        return []

    span = Span(TEN, TEN + minutes * 60 * SECOND, whole=False)
    assert at_once(day_counts(ask, DAY, span))["every_s"] == every
