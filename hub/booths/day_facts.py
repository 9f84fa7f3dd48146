"""Summarises a booth's day: readings, hours live, rejections, curves; by bounded queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.booths.take_home import Ask, Day, pieces
from hub.stores.store import DEVICE_STATE, REJECTIONS, Aggregate, Query, StoredRow
from hub.timestamps import SECOND
from hub.topics import TRIAL
from schemas import Draw, FieldSpec, KindSpec

_HOUR = 3_600 * SECOND
BUCKET = 900 * SECOND
"""Time of which a curve has one point, in ns: 96 a day."""
CURVES = 24
"""Curves of a report, at most."""
DEVICES = 100
"""Devices that a report lists, at most."""
_STANDS = 660 * SECOND
"""How long a state that was written down stands without another: one comes every ten minutes."""
_LIVE = 2
_ROWS = 10_000
_CURVED = frozenset({Draw.STAT, Draw.GAUGE, Draw.SERIES})

DeviceOfKind = tuple[str, str]


class Curve(NamedTuple):
    """The means of a field of a device: times in ns, and values."""

    kind: KindSpec
    device: str
    field: FieldSpec
    points: tuple[tuple[int, float], ...]


@dataclass(slots=True)
class DayFacts:
    """A booth's day: `readings` and `live` (ns) of each kind and device, without trials."""

    readings: Counter[DeviceOfKind] = field(default_factory=Counter)
    live: Counter[DeviceOfKind] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    curves: list[Curve] = field(default_factory=list)
    curves_left_out: int = 0


async def day_facts(ask: Ask, kinds: Mapping[str, KindSpec], booth: str, day: Day) -> DayFacts:
    """Ask the store for what a booth did on a day; raises as the store does."""
    found, (begin, end) = DayFacts(), day.span
    for kind in kinds.values():
        query = Query(
            kind.name, begin, end, booth, every=_HOUR, aggregate=Aggregate.COUNT, limit=_ROWS
        )
        counts = await ask(query)
        for row in _lasting(counts):
            most = max((int(value) for value in row.fields.values()), default=0)
            found.readings[kind.name, row.tags["device"]] += most
        names = tuple(it.name for it in kind.fields if it.numeric and it.draw in _CURVED)
        if counts and names:
            query = Query(kind.name, begin, end, booth, fields=names, every=BUCKET, limit=_ROWS)
            _add_curves(found, kind, _lasting(await ask(query)))
    async for rows in pieces(ask, REJECTIONS.name, booth, day):
        for row in rows:
            found.rejected[row.tags["code"]] += int(row.fields["count"])
    states = [row async for rows in pieces(ask, DEVICE_STATE.name, booth, day) for row in rows]
    found.live = live_time(_lasting(states), end)
    return found


def _lasting(rows: Iterable[StoredRow]) -> Iterable[StoredRow]:
    """The rows of devices that are no trials."""
    return (row for row in rows if row.tags["device"] != TRIAL)


def live_time(states: Iterable[StoredRow], end: int) -> Counter[DeviceOfKind]:
    """Return how long each device was live (ns), from the states that were written down."""
    live, last = Counter[DeviceOfKind](), dict[DeviceOfKind, tuple[int, bool]]()

    def until(key: DeviceOfKind, now: int) -> None:
        since, was_live = last.get(key, (now, False))
        if was_live:
            live[key] += min(now - since, _STANDS)

    for row in sorted(states, key=lambda row: row.ts):
        key = row.tags.get("kind", ""), row.tags["device"]
        until(key, row.ts)
        last[key] = row.ts, row.fields.get("level") == _LIVE
    newest = max((ts for ts, _ in last.values()), default=end)
    for key in last:
        until(key, min(end, newest))
    return live


def _add_curves(found: DayFacts, kind: KindSpec, rows: Iterable[StoredRow]) -> None:
    points = dict[tuple[str, str], list[tuple[int, float]]]()
    for row in rows:
        for name, value in row.fields.items():
            points.setdefault((row.tags["device"], name), []).append((row.ts, float(value)))
    for (device, name), values in sorted(points.items()):
        if len(found.curves) >= CURVES:
            found.curves_left_out += 1
        else:
            found.curves.append(Curve(kind, device, kind.field(name), tuple(values)))
