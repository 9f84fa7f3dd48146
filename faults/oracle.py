"""What became of the readings: those with a PUBACK against the rows of the store. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from faults.readings import KINDS, STEP, Device


class Row(NamedTuple):
    """A stored reading; `ts` in ns, `fields` without those that are not there."""

    kind: str
    device: str
    ts: int
    fields: Mapping[str, Any]


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


@dataclass
class Verdict:
    """What a run came to.

    `lost` was acknowledged and is not stored, `twice` is stored under more than one time, `wrong`
    is stored with a value, a time or a number that was never sent. `repeated` was sent twice by its
    publisher, without `ts`, and is stored twice for that. `examples` name the first of each.
    """

    acknowledged: int = 0
    rejected: int = 0
    refused: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
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


_FIELDS = tuple(item.name for item in fields(Verdict))


def judge(
    sent: Iterable[Sent], rows: Iterable[Row], *, times: bool = True, twice_allowed: bool = False
) -> Verdict:
    """Compare what was sent with what is stored.

    Without `times` a reading may be stored under another time than its `ts`: its clock, or the
    hub's, was not believed. `twice_allowed` counts as `repeated` whatever is stored twice without
    `ts`, whoever repeated it.
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
        else:
            _compare(verdict, item, there, times, twice_allowed)
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
