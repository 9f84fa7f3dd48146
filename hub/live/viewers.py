"""Viewers of the live stream: a bounded queue of coalesced updates for each."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from hub.limits.fair import FairBuffer
from hub.live.device import Device, written

DEVICES = 20_000
"""Devices known at once, besides those expected; a viewer's queue holds twice as many."""
EVENTS = 500
"""States and rejections that wait for one viewer, or for the next update, at once."""
_AT_ONCE = 500
BEAT = 10.0
"""Seconds of silence after which a viewer is sent a beat; a page reconnects after 2.5 of them."""


class LiveEvent(NamedTuple):
    """An event of the live stream beside readings, as JSON.

    It is `state`, `rejection`, `forgotten` or `missed`.
    """

    name: str
    json: str


class Update(NamedTuple):
    """One update of a viewer: events, then readings in JSON; empty after a silence."""

    events: list[LiveEvent]
    readings: list[str]


class Viewer:
    """A viewer's queue: changes since the last update, bounded by the number of devices.

    When the viewer is slow, the newest states and rejections are kept, fairly among the booths;
    `missed` counts the others, and a `missed` event reports them. Readings are told as
    `Device.shown` does, in `brief` or not.
    """

    def __init__(self, booth: str | None, domain: str | None, *, brief: bool = False) -> None:
        self._booth = booth
        self._domain = domain
        self._brief = brief
        self._devices: dict[Device, None] = {}
        self._room = 2 * DEVICES
        self._events = FairBuffer[LiveEvent](EVENTS)
        self._changed = asyncio.Event()
        self._ended = False
        self._unreported = 0
        self.missed = 0

    def wants(self, booth: str | None, domain: str | None, *, trial: bool = False) -> bool:
        """Whether the viewer subscribed to this booth and domain; to a trial, to its booth."""
        if trial and self._booth is None:
            return False
        return self._booth in (None, booth) and self._domain in (None, domain)

    def follows(self, booth: str | None) -> bool:
        """Whether it may have missed events of a booth; None is any booth."""
        return self._booth is None or booth in (None, self._booth)

    def changed(self, device: Device) -> None:
        """Add the device's latest reading to the next update."""
        self._devices[device] = None
        if len(self._devices) > self._room:  # evicted while the viewer was slow
            self._devices = {item: None for item in self._devices if not item.forgotten}
            self._room = max(2 * len(self._devices), DEVICES)

    def add_event(self, booth: str | None, event: LiveEvent) -> None:
        """Add an event of a booth to the next update."""
        self._events.add(booth, event)
        self._changed.set()

    def add_missed(self, events: int) -> None:
        """Report in the next update that so many events are missing."""
        self.missed += events
        self._unreported += events
        self._changed.set()

    def end(self) -> None:
        """End `updates`."""
        self._ended = True
        self._changed.set()

    async def updates(self, silence: float = BEAT) -> AsyncIterator[Update]:
        """Yield updates; an empty one after `silence` seconds."""
        while not self._ended:
            try:
                async with asyncio.timeout(silence):
                    await self._changed.wait()
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
        if self._unreported:
            events.append(LiveEvent("missed", written({"events": self._unreported})))
        self._unreported = 0
        self._changed.clear()
        known = [device for device in devices if not device.forgotten]
        return Update(events, [device.shown(brief=self._brief) for device in known])

    def tick(self) -> None:
        """Schedule what did not fit into the last update."""
        if self._devices:
            self._changed.set()
