"""When a device is live, late or offline. Pure."""

from hub.clock import SECOND
from hub.model import State

LATE_AFTER = 3
"""Expected intervals without a reading after which a device is late."""
OFFLINE_AFTER = 10
"""Expected intervals without a reading after which it is offline, Last Will or not."""


def liveness(now: int, heard: int | None, interval: float, gone: bool) -> State:
    """Return the state of a device.

    Args:
        now: the time, in ns.
        heard: when it last sent a reading or said that it is online, in ns; None for never.
        interval: the kind's declared interval, in seconds.
        gone: whether its Last Will (or its own word) said offline, and nothing came since.
    """
    if gone:
        return State.OFFLINE
    if heard is None:
        return State.LATE  # it does send, but nothing that could be accepted
    silence = (now - heard) / SECOND
    if silence >= OFFLINE_AFTER * interval:
        return State.OFFLINE
    return State.LATE if silence >= LATE_AFTER * interval else State.LIVE
