"""Bounded queues of updates, one for each viewer, who reads at its own pace and delays nobody."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from hub.limits.fair import FairBuffer
from hub.live.device import Device, written

DEVICES = 20_000
"""Devices known at once, besides those expected; a viewer is told later of twice as many."""
EVENTS = 500
"""States and rejections that wait for one viewer, or for the next update, at once."""
_AT_ONCE = 500


class LiveEvent(NamedTuple):
    """What viewers are told beside readings: `state`, `rejection` or `missed`, with its JSON."""

    name: str
    json: str


class Update(NamedTuple):
    """What a viewer is told at once: events, then readings in JSON; nothing after a silence."""

    events: list[LiveEvent]
    readings: list[str]


class Viewer:
    """Someone who watches: what changed since the last update, bounded by the number of devices.

    Of states and rejections the newest are kept when the viewer cannot follow, fairly among the
    booths; `missed` counts the others, and a `missed` event tells of them.
    """

    def __init__(self, booth: str | None, domain: str | None) -> None:
        self._booth = booth
        self._domain = domain
        self._devices: dict[Device, None] = {}
        self._room = 2 * DEVICES
        self._events = FairBuffer[LiveEvent](EVENTS)
        self._something = asyncio.Event()
        self._ended = False
        self._untold = 0
        self.missed = 0

    def wants(self, booth: str | None, domain: str | None) -> bool:
        """Whether the viewer asked for something of this booth and domain."""
        return self._booth in (None, booth) and self._domain in (None, domain)

    def follows(self, booth: str | None) -> bool:
        """Whether it may have missed something of a booth; None is any booth."""
        return self._booth is None or booth in (None, self._booth)

    def changed(self, device: Device) -> None:
        """Show the device's latest reading with the next update."""
        self._devices[device] = None
        if len(self._devices) > self._room:  # met and forgotten while the viewer did not follow
            self._devices = {item: None for item in self._devices if not item.forgotten}
            self._room = max(2 * len(self._devices), DEVICES)

    def add_event(self, booth: str | None, event: LiveEvent) -> None:
        """Show an event about a booth with the next update."""
        self._events.add(booth, event)
        self._something.set()

    def add_missed(self, events: int) -> None:
        """Say with the next update that it lacks so many events."""
        self.missed += events
        self._untold += events
        self._something.set()

    def end(self) -> None:
        """Let `updates` come to its end."""
        self._ended = True
        self._something.set()

    async def updates(self, silence: float = 15.0) -> AsyncIterator[Update]:
        """Yield updates; an empty one after `silence` seconds."""
        while not self._ended:
            try:
                async with asyncio.timeout(silence):
                    await self._something.wait()
            except TimeoutError:
                yield Update([], [])
                continue
            yield self._collect()

    def _collect(self) -> Update:
        devices = [device for device, _ in zip(self._devices, range(_AT_ONCE), strict=False)]
        for device in devices:
            del self._devices[device]
        events, lost = self._events.pop_all()
        if lost:
            self.add_missed(sum(lost.values()))
        if self._untold:
            events.append(LiveEvent("missed", written({"events": self._untold})))
        self._untold = 0
        self._something.clear()
        return Update(events, [device.shown() for device in devices if not device.forgotten])

    def tick(self) -> None:
        """Go on with what did not fit into the last update."""
        if self._devices:
            self._something.set()
