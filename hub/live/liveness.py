"""When a device is live, late or offline. Pure."""

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
        heard: when it last sent a reading or said that it is online, in ns; None for never.
        noticed: when it last sent anything, rejected or not, in ns.
        interval: the kind's declared interval, in seconds.
        gone: whether its Last Will (or its own word) said offline, and nothing came since.
    """
    if gone or (now - noticed) / SECOND >= OFFLINE_AFTER * interval:
        return State.OFFLINE
    # A device that sends what cannot be accepted is there, but late with readings.
    late = heard is None or (now - heard) / SECOND >= LATE_AFTER * interval
    return State.LATE if late else State.LIVE
