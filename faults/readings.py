"""The readings of the publishers: every value follows from the reading's number. Pure.

So whoever reads the store can tell what is missing, what is there twice and what is not as sent.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

STEP = 1_000
"""ns between the times of two readings of a device that sends `ts`."""
_STATES = ("running", "suspended", "failed")


class Numbered(NamedTuple):
    """A kind as it is published here: the field that takes the number, and all of the values."""

    field: str
    values: Callable[[int], dict[str, Any]]


KINDS = {
    "stream_meter": Numbered(
        "errors",
        lambda n: {"errors": n, "records_rate": n * 0.5, "state": _STATES[n % len(_STATES)]},
    ),
    "wearable": Numbered(
        "steps", lambda n: {"steps": n, "heart_rate": 40 + n % 120, "worn": n % 2 == 0}
    ),
    "smart_plug": Numbered("energy", lambda n: {"energy": n, "power": n % 1_000 * 0.25}),
    "light": Numbered("power", lambda n: {"power": n, "brightness": n % 100}),
}
"""Integers, floats, booleans and strings; `light` is there to be refused by a database."""
MIX = ("stream_meter", "wearable", "smart_plug")
BAD = "bad"
"""Devices whose names begin so publish readings that are to be rejected: a field is missing."""
REFUSED = "refused"
"""Devices whose names begin so publish readings that the database is made to refuse."""
ALIKE = "alike"
"""Devices whose names begin so say the same each time, without `ts`: they can only be counted."""


class Device(NamedTuple):
    """A device of the load, written as KIND:NAME:QOS with `:ts` after it if it sends a time."""

    kind: str
    name: str
    qos: int
    with_ts: bool

    @classmethod
    def parse(cls, text: str) -> "Device":
        """Read a device as it is written."""
        kind, name, qos, *rest = text.split(":")
        return cls(kind, name, int(qos), bool(rest))

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}:{self.qos}" + (":ts" if self.with_ts else "")

    @property
    def bad(self) -> bool:
        """Whether its readings are to be rejected."""
        return self.name.startswith(BAD)

    @property
    def refused(self) -> bool:
        """Whether its readings are to be refused by the database."""
        return self.name.startswith(REFUSED)

    @property
    def alike(self) -> bool:
        """Whether all of its readings are alike."""
        return self.name.startswith(ALIKE)

    def payload(self, number: int, start: int) -> dict[str, Any]:
        """Return a reading; `start` is the time (ns) of the one with the number 0."""
        if self.bad:
            return {KINDS[self.kind].field: number}
        values = KINDS[self.kind].values(0 if self.alike else number)
        return {**values, "ts": start + number * STEP} if self.with_ts else values


def alike(count: int) -> list[Device]:
    """Return `count` devices that say the same each time."""
    return [Device(MIX[at % len(MIX)], f"{ALIKE}{at}", 1, False) for at in range(count)]


def mix(name: str, count: int, qos: int) -> list[Device]:
    """Return `count` devices of all kinds, every other one with a time of its own."""
    return [
        Device(MIX[at % len(MIX)], f"{name}{at}", qos, at // len(MIX) % 2 == 1)
        for at in range(count)
    ]
