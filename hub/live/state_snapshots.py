"""Snapshots of the devices' states, for a store that otherwise holds only changes. Pure."""

from collections.abc import Iterable, Iterator

from hub.clock import Instant
from hub.live.device import Device
from hub.messages import State, StateChange
from hub.timestamps import SECOND

GONE_AFTER = 24 * 3600 * SECOND
"""How long a device that is not expected is still said to be offline, in ns."""


FRESH = 240 * SECOND
"""How long the row of a change is enough, in ns: with a turn every 600 s, none is older than 840 s.
"""


def standing(
    devices: Iterable[Device], turn: int, turns: int, now: Instant
) -> Iterator[StateChange]:
    """Yield the states of those devices whose turn it is, out of as many `turns`, 0 the first.

    Left out are states that are new, trials, what is known from a recording alone, and what left a
    day ago.
    """
    for device in devices:
        if hash(device.address) % turns != turn or device.trial:
            continue
        changed, noticed = device.since.monotonic, device.noticed
        fresh = changed and now.monotonic - changed < FRESH
        left = device.state is State.OFFLINE and now.monotonic - noticed > GONE_AFTER
        if not fresh and (device.expected or (noticed and not left)):
            yield StateChange(device.address, device.domain, device.state, now.wall)
