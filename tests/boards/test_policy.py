"""Grafana mutes what is silent while the event is closed, by the zone file's opening hours."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from hub.boards import alerts, policy
from hub.event.zone import Event
from hub.timestamps import SECOND
from schemas import kinds

HOURS: dict[str, Any] = {"opens": time(10), "closes": time(18, 30)}
SEOUL, NEW_YORK = "Asia/Seoul", "America/New_York"
EVENTS = {
    "three days": Event(
        name="x", starts=date(2026, 11, 21), ends=date(2026, 11, 23), **HOURS, timezone=SEOUL
    ),
    "over a year's end": Event(
        name="x", starts=date(2026, 12, 30), ends=date(2027, 1, 2), **HOURS, timezone=NEW_YORK
    ),
    "first and last of a month": Event(
        name="x", starts=date(2026, 1, 1), ends=date(2026, 1, 31), **HOURS
    ),
    "every day": Event(name="x", **HOURS),
    "from midnight": Event(name="x", opens=time(0), closes=time(20)),
    "without an end": Event(name="x", starts=date(2026, 3, 5), **HOURS),
}


def written(event: Event) -> dict[str, Any]:
    (text,) = policy.files(event).values()
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def holds(item: dict[str, Any], now: datetime) -> bool:
    """Whether an Alertmanager time interval holds: of each kind of range one does."""
    here = now.astimezone(ZoneInfo(item["location"]))

    def within(ranges: list[str], value: int) -> bool:
        ends = [(text.partition(":")[0], text.rpartition(":")[2]) for text in ranges]
        return any(int(low) <= value <= int(high) for low, high in ends)

    minute = f"{here:%H:%M}"
    return (
        within(item.get("years", ["0:9999"]), here.year)
        and within(item.get("months", ["1:12"]), here.month)
        and within(item.get("days_of_month", ["1:31"]), here.day)
        and any(
            part["start_time"] <= minute < part["end_time"]
            for part in item.get("times", [{"start_time": "00:00", "end_time": "24:00"}])
        )
    )


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_it_is_muted_exactly_while_the_event_is_closed(event):
    (mute,) = written(event)["muteTimes"]
    now = datetime(2025, 12, 25, tzinfo=ZoneInfo("UTC"))
    while now.year < 2028:
        muted = any(holds(item, now) for item in mute["time_intervals"])
        assert muted is not event.open_at(round(now.timestamp()) * SECOND), now
        now += timedelta(minutes=7 * 60 + 10)


@pytest.mark.parametrize("minute", [0, 1, 599, 600, 601, 1109, 1110, 1111, 1439])
def test_the_minutes_of_opening_and_closing_are_right(minute):
    event = EVENTS["three days"]
    now = datetime(2026, 11, 22, tzinfo=ZoneInfo(SEOUL)) + timedelta(minutes=minute)
    muted = any(holds(item, now) for item in policy.closed(event))
    assert muted is not event.open_at(round(now.timestamp()) * SECOND)


def test_what_is_a_booth_s_is_muted_and_what_is_the_hub_s_never():
    read = written(EVENTS["three days"])
    (route,) = read["policies"][0]["routes"]
    assert route["mute_time_intervals"] == [item["name"] for item in read["muteTimes"]]
    ((label, how, value),) = route["object_matchers"]
    rules = alerts.rules(kinds())
    quiet = {rule.name for rule in rules if (label, value) in rule.labels}
    ours = {"hub-down", "hub-deaf", "store-down", "store-behind"}
    assert (how, quiet) == ("=", {rule.name for rule in rules} - ours)


def test_without_opening_hours_nothing_is_muted():
    read = written(Event(name="x", starts=date(2026, 11, 21)))
    assert read.keys() == {"apiVersion", "policies"}
    assert "routes" not in read["policies"][0]
