"""The notification policy that Grafana provisions, with the event's opening hours. Pure.

Outside them a device that is switched off is nobody's trouble: what is `closed: quiet` is then
muted, and told when the event opens if it still lasts. Grafana's mute timings are Alertmanager's
time intervals, whose ends are exclusive: ranges of times, days, months and years in a time zone.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.event.zone import Event

CLOSED = ("closed", "quiet")
"""The label of the rules that are muted while the event is closed."""
MUTE = "smartlife-closed"
"""The mute timing's name."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2099

Interval = dict[str, Any]

_POLICY = """\
# Written by `make gen`, or by `hub boards build --zone` with the opening hours of the event; it
# replaces the notification policy that Grafana has. The contact point is in contact-points.yaml.
apiVersion: 1
policies:
  - orgId: 1
    receiver: smartlife-ops
    group_by: [alertname, booth]
    group_wait: 10s
    group_interval: 1m
    repeat_interval: 1h
"""
_ROUTE = f"""\
    routes:
      - receiver: smartlife-ops
        object_matchers: [[{CLOSED[0]}, "=", {CLOSED[1]}]]
        mute_time_intervals: [{MUTE}]
muteTimes:
  - orgId: 1
    name: {MUTE}
    time_intervals:
"""


def files(event: Event) -> dict[str, str]:
    """Return the policy's file by its path from the project's folder."""
    intervals = list(closed(event))
    text = _POLICY
    if intervals:
        text += _ROUTE + "".join(f"      - {json.dumps(item)}\n" for item in intervals)
    return {"grafana/provisioning/alerting/policies.yaml": text}


def closed(event: Event) -> Iterator[Interval]:
    """Yield the intervals in which the event is closed; none if it has no opening hours."""
    if event.opens is None or event.closes is None:
        return
    opens, closes = (item.isoformat("minutes") for item in (event.opens, event.closes))
    times = [("00:00", opens), (closes, "24:00")]
    here = {"location": event.timezone}
    yield {"times": [_times(*item) for item in times if item[0] != item[1]], **here}
    if event.starts is not None:
        yield from ({**item, **here} for item in _before(event.starts))
    if event.ends is not None:
        yield from ({**item, **here} for item in _after(event.ends))


def _times(start: str, end: str) -> dict[str, str]:
    return {"start_time": start, "end_time": end}


def _before(day: date) -> Iterator[Interval]:
    year, month = {"years": [str(day.year)]}, {"months": [str(day.month)]}
    yield {"years": [f"{_FIRST_YEAR}:{day.year - 1}"]}
    if day.month > 1:
        yield {**year, "months": [f"1:{day.month - 1}"]}
    if day.day > 1:
        yield {**year, **month, "days_of_month": [f"1:{day.day - 1}"]}


def _after(day: date) -> Iterator[Interval]:
    year, month = {"years": [str(day.year)]}, {"months": [str(day.month)]}
    yield {"years": [f"{day.year + 1}:{_LAST_YEAR}"]}
    if day.month < 12:
        yield {**year, "months": [f"{day.month + 1}:12"]}
    if day.day < 31:
        yield {**year, **month, "days_of_month": [f"{day.day + 1}:31"]}
