"""What became of the readings: those with a PUBACK against the rows of the store. Pure."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from faults.readings import KINDS, STEP, Device

_TOLERANCE = 1_000_000_000
"""ns by which two programs may read the time of one machine differently."""


class Row(NamedTuple):
    """A stored reading; `ts` in ns, `fields` without those that are not there."""

    kind: str
    device: str
    ts: int
    fields: Mapping[str, Any]


@dataclass
class Moments:
    """When the readings of a publisher were sent; its devices take turns."""

    devices: int
    _times: list[int] = field(default_factory=list)
    _counts: list[int] = field(default_factory=list)

    def note(self, time: int, count: int) -> None:
        """Note that so many had been sent at a time (ns), and others are sent from then on."""
        self._times.append(time)
        self._counts.append(count)

    def of(self, place: int, number: int) -> int:
        """Return the time (ns) after which a device sent a reading, at most a tick before it."""
        return self._times[bisect_right(self._counts, number * self.devices + place) - 1]


@dataclass
class Sent:
    """What a device published: how many, which of them have a PUBACK, which were sent again.

    `repeats` counts each time that one was sent again.
    A publisher sends again what has no PUBACK when its connection ends. Then the broker may have it
    twice, and without `ts` nobody can tell the second from a new reading.
    """

    device: Device
    start: int
    count: int = 0
    acknowledged: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)
    repeats: int = 0
    moments: Moments = field(default_factory=lambda: Moments(1))
    place: int = 0

    def at(self, number: int) -> int:
        """Return when a reading was sent (ns)."""
        return self.moments.of(self.place, number)


@dataclass
class Verdict:
    """What a run came to.

    `lost` was acknowledged and is not stored, `twice` is stored under more than one time, `wrong`
    is stored with a value, a `ts` or a number that was never sent, `wrong_time` was sent while the
    hub's clock was right and is stored under another time than that of its arrival or its `ts`.
    `repeated` was sent twice by its publisher, without `ts`, and is stored twice for that.
    `examples` name the first of each.
    """

    acknowledged: int = 0
    rejected: int = 0
    refused: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
    wrong_time: int = 0
    repeated: int = 0
    rows: int = 0
    examples: list[str] = field(default_factory=list)

    def __add__(self, other: "Verdict") -> "Verdict":
        """Return what two loads came to together."""
        return Verdict(*(getattr(self, name) + getattr(other, name) for name in _FIELDS))

    def note(self, what: str, device: Device, numbers: Iterable[object]) -> int:
        """Keep an example, and return how many there are."""
        found = list(numbers)
        if found:
            self.examples.append(f"{what}: {device}: {len(found)}, the first {found[:5]}")
        return len(found)


BAD = "lost", "twice", "wrong", "wrong_time"
"""The fields of a verdict that must be 0."""
_FIELDS = tuple(item.name for item in fields(Verdict))


def judge(
    sent: Iterable[Sent],
    rows: Iterable[Row],
    *,
    times: bool = True,
    twice_allowed: bool = False,
    right: Sequence[tuple[int, int]] = (),
) -> Verdict:
    """Compare what was sent with what is stored.

    Without `times` a reading may be stored under another time than its `ts`: its clock, or the
    hub's, was not believed. `twice_allowed` counts as `repeated` whatever is stored twice without
    `ts`, whoever repeated it. `right` are the spans of time (ns) in which the hub's clock was right
    and at whose end everything sent had arrived.
    """
    verdict = Verdict()
    stored: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        stored[row.kind, row.device].append(row)
        verdict.rows += 1
    for item in sent:
        there = stored.pop((item.device.kind, item.device.name), [])
        if item.device.bad or item.device.refused:
            kept = len(item.acknowledged)
            verdict.rejected += kept * item.device.bad
            verdict.refused += kept * item.device.refused
            verdict.wrong += verdict.note("stored all the same", item.device, there)
        elif item.device.alike:
            _count(verdict, item, there, twice_allowed)
        else:
            _compare(verdict, item, there, times, twice_allowed)
            if right:
                _compare_times(verdict, item, there, right)
    for (kind, name), there in stored.items():
        verdict.wrong += verdict.note("never sent", Device(kind, name, 0, False), there)
    return verdict


def _compare(
    verdict: Verdict, sent: Sent, rows: list[Row], times: bool, twice_allowed: bool
) -> None:
    device = sent.device
    name, values = KINDS[device.kind]
    counted = Counter(int(row.fields.get(name, -1)) for row in rows)
    verdict.acknowledged += len(sent.acknowledged)
    verdict.lost += verdict.note("lost", device, sorted(sent.acknowledged - counted.keys()))
    more = {number for number, count in counted.items() if count > 1}
    excused = set() if device.with_ts else more if twice_allowed else more & sent.again
    verdict.repeated += len(excused)
    verdict.twice += verdict.note("twice", device, sorted(more - excused))
    check_times = times and device.with_ts
    verdict.wrong += verdict.note(
        "wrong",
        device,
        (
            row
            for row in rows
            if not 0 <= (number := int(row.fields.get(name, -1))) < sent.count
            or row.fields != values(number)
            or (check_times and row.ts != sent.start + number * STEP)
        ),
    )


def _count(verdict: Verdict, sent: Sent, rows: list[Row], twice_allowed: bool) -> None:
    """Compare numbers alone, for readings that are all alike."""
    device = sent.device
    verdict.acknowledged += len(sent.acknowledged)
    missing = len(sent.acknowledged) - len(rows)
    verdict.lost += verdict.note("lost", device, range(missing))
    more = max(0, len(rows) - sent.count)
    excused = more if twice_allowed else min(more, sent.repeats)
    verdict.repeated += excused
    verdict.twice += verdict.note("twice", device, range(more - excused))
    values = KINDS[device.kind].values(0)
    verdict.wrong += verdict.note("wrong", device, (row for row in rows if row.fields != values))


def _compare_times(
    verdict: Verdict, sent: Sent, rows: list[Row], right: Sequence[tuple[int, int]]
) -> None:
    name, _ = KINDS[sent.device.kind]

    def is_wrong(row: Row) -> bool:
        number = int(row.fields.get(name, -1))
        at = sent.at(number)
        end = next((end for begin, end in right if begin <= at < end), None)
        if end is None:
            return False
        if sent.device.with_ts:
            return row.ts != sent.start + number * STEP
        return not at - _TOLERANCE <= row.ts <= end + _TOLERANCE

    found = [row for row in rows if is_wrong(row)]
    verdict.wrong_time += verdict.note("wrong time", sent.device, found)
