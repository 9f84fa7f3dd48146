"""The causes of the latest rejections: how many messages of which booths each has cost. Pure."""

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from hub.clock import SECOND
from hub.limits.fair import BOOTHS, FairMap
from hub.messages import Rejection
from hub.timestamps import rfc3339

WINDOW = 600
"""Seconds for which a rejection counts."""
KEPT = 5
"""Causes of one booth that are counted separately in one slot; the others are counted as one."""
_SLOT = 60 * SECOND
_SLOTS = WINDOW * SECOND // _SLOT


class Cause(NamedTuple):
    """What rejections have in common: `field` and `rule` are of the first fault, if there is one.

    `code` is empty for those that are counted as one.
    """

    code: str = ""
    kind: str = ""
    field: str = ""
    rule: str = ""


def cause_of(rejection: Rejection) -> Cause:
    """Return the cause of a rejection."""
    kind = "" if rejection.address is None else rejection.address.kind
    if not rejection.errors:
        return Cause(rejection.code.value, kind)
    first = rejection.errors[0]
    return Cause(rejection.code.value, kind, first.field, first.rule)


class _Slot:
    """A minute of a booth: by cause how many, and when the newest came (ns)."""

    __slots__ = ("counts", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.counts: dict[Cause, tuple[int, int]] = {}

    def add(self, cause: Cause, at: int) -> None:
        if cause not in self.counts and len(self.counts) >= KEPT:
            cause = Cause()
        self.counts[cause] = (self.counts.get(cause, (0, 0))[0] + 1, at)


class Causes:
    """Counts the rejections of the last `WINDOW` seconds, by cause and booth; times monotonic."""

    def __init__(self) -> None:
        self._booths = FairMap[str, deque[_Slot]](BOOTHS)

    def add(self, rejection: Rejection, now: int) -> None:
        """Count a rejection."""
        booth, number = rejection.booth or "", now // _SLOT
        slots = self._booths.get(booth)
        if slots is None:
            slots = deque[_Slot](maxlen=_SLOTS)
            self._booths.add(booth, booth, slots)
        if not slots or slots[-1].number != number:
            slots.append(_Slot(number))
        slots[-1].add(cause_of(rejection), rejection.at)

    def _recent(self, now: int) -> Iterator[tuple[str, Cause, int, int]]:
        oldest = now // _SLOT - _SLOTS
        for booth, slots in self._booths.items():
            for slot in slots:
                if slot.number > oldest:
                    for cause, (count, at) in slot.counts.items():
                        yield booth, cause, count, at

    def as_json(self, now: int) -> dict[str, Any]:
        """Return the causes as the API shows them, those of most messages first."""
        found: dict[Cause, dict[str, int]] = {}
        newest: dict[Cause, int] = {}
        for booth, cause, count, at in self._recent(now):
            booths = found.setdefault(cause, {})
            booths[booth] = booths.get(booth, 0) + count
            newest[cause] = max(at, newest.get(cause, 0))
        causes = [
            {
                **cause._asdict(),
                "count": sum(booths.values()),
                "booths": booths,
                "at": rfc3339(newest[cause], 6),
            }
            for cause, booths in found.items()
        ]
        causes.sort(key=lambda item: (-item["count"], item["code"], item["kind"], item["field"]))
        total = sum(item["count"] for item in causes)
        return {"seconds": WINDOW, "total": total, "causes": causes}
