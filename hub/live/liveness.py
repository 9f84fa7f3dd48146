"""Liveness: whether a device is live, late or offline. Pure."""

from hub.clock import SECOND
from hub.messages import State

LATE_AFTER = 3
"""Expected intervals without a reading after which a device is late."""
OFFLINE_AFTER = 10
"""Expected intervals without a reading after which it is offline, Last Will or not."""


def liveness(now: int, heard: int | None, noticed: int, interval: float, *, gone: bool) -> State:
    """Return the state of a device.

    Args:
        now: the time, in ns; this and the two others by a monotonic clock.
        heard: the time of its latest reading or online status, in ns; None for never.
        noticed: the time of its latest message, rejected or not, in ns.
        interval: the kind's declared interval, in seconds.
        gone: whether its latest message is the status offline, as its Last Will sends it.
    """
    if gone or (now - noticed) / SECOND >= OFFLINE_AFTER * interval:
        return State.OFFLINE
    # A device that sends what cannot be accepted is there, but late with readings.
    late = heard is None or (now - heard) / SECOND >= LATE_AFTER * interval
    return State.LATE if late else State.LIVE
