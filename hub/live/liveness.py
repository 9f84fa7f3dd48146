"""Liveness: whether a device is live, late or offline. Pure."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from hub.clock import SECOND
from hub.event.zone import Zone
from hub.messages import State
from hub.topics import Address
from schemas import KindSpec

LATE_AFTER = 3
"""Expected intervals without a reading after which a device is late."""
OFFLINE_AFTER = 10
"""Expected intervals without a reading after which it is offline, Last Will or not."""
LATE_AT_LEAST, OFFLINE_AT_LEAST = 5.0, 20.0
"""Seconds of silence for which it is neither, however short its interval."""

UNHEARD = 60.0
"""Seconds of silence after which an event-driven device is offline that never was accepted."""


class Cadence(NamedTuple):
    """How often a device says something.

    `interval` is the seconds between two readings; an event-driven device has none, and says
    something when something happens. `silence` is after how many seconds it is offline without its
    Last Will: if it is not given, after ten intervals, and an event-driven one never.
    """

    interval: float | None
    silence: float | None = None

    @property
    def late_after(self) -> float | None:
        """The seconds of silence after which the device is late; None for never."""
        return None if self.interval is None else max(LATE_AFTER * self.interval, LATE_AT_LEAST)

    @property
    def offline_after(self) -> float | None:
        """The seconds of silence after which the device is offline; None for never."""
        if self.interval is None or self.silence is not None:
            return self.silence
        return max(OFFLINE_AFTER * self.interval, OFFLINE_AT_LEAST)


def cadence_of(
    kind: KindSpec, interval: float | None = None, silence: float | None = None
) -> Cadence:
    """Return the cadence of a device of a kind, with what the zone file says of it, in seconds."""
    declared = None if kind.event_driven else kind.interval
    return Cadence(interval or declared, silence)


def cadences(
    zone: Zone, kinds: Mapping[str, KindSpec], booths: Collection[str] = ()
) -> dict[Address, Cadence]:
    """Return the cadence of each device that the zone file expects, of `booths` or of all."""
    return {
        address: cadence_of(kinds[address.kind], item.interval, item.silence)
        for address, item in zone.planned().items()
        if address.kind in kinds and (not booths or address.booth in booths)
    }


def liveness(now: int, heard: int | None, noticed: int, cadence: Cadence, *, gone: bool) -> State:
    """Return the state of a device.

    Args:
        now: the time, in ns; this and the two others by a monotonic clock.
        heard: the time of its latest reading or online status, in ns; None for never.
        noticed: the time of its latest message, rejected or not, in ns.
        cadence: how often it says something.
        gone: whether its latest message is the status offline, as its Last Will sends it.
    """
    late_after, offline_after = cadence.late_after, cadence.offline_after
    if heard is None and offline_after is None:
        offline_after = UNHEARD
    silent = (now - noticed) / SECOND
    if gone or (offline_after is not None and silent >= offline_after):
        return State.OFFLINE
    # A device that sends what cannot be accepted is there, but late with readings.
    if heard is None:
        return State.LATE
    late = late_after is not None and (now - heard) / SECOND >= late_after
    return State.LATE if late else State.LIVE
