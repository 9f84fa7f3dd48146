"""What is known of each device now: last values, liveness, rate. Nothing here is durable.

Viewers get what changed, put together at most four times a second. A slow viewer gets less often,
never more at once, and never slows the way of a reading.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from hub.clock import Clock
from hub.device import SWEEP, Device, sse
from hub.liveness import liveness
from hub.model import Code, Lot, Reading, Rejection, State, StateChange, Status
from hub.news import News
from hub.times import rfc3339
from hub.topics import Address
from hub.viewers import DEVICES, EVENTS, Viewer
from schemas import KindSpec

TICK = 0.25
"""Seconds between two updates of a viewer."""
BOOTHS = 2_000
"""Booths whose newest rejections are remembered; the one met first goes when there are more."""
_CHANGES = 10_000

_News = tuple[Device | None, StateChange | Rejection]


def _told(news: _News) -> tuple[str | None, str | None, str]:
    """The booth and the domain that a piece of news is about, and its Server-Sent Event."""
    device, item = news
    domain = None if device is None else device.domain
    if isinstance(item, Rejection):
        return item.booth, domain, sse("rejection", item.as_json())
    said = {
        **item.address._asdict(),
        "domain": domain,
        "state": item.state.value,
        "at": rfc3339(item.at),
        "warnings": [] if device is None else device.warnings,
        "clock_skew_ms": None if device is None else device.skew_ms,
    }
    return item.address.booth, domain, sse("state", said)


class Live:
    """Every device, and whoever watches."""

    def __init__(self, kinds: Mapping[str, KindSpec], clock: Clock) -> None:
        self._kinds = kinds
        self._clock = clock
        self._devices: dict[Address, Device] = {}
        self._dirty: dict[Device, None] = {}
        self._news = News[_News](EVENTS)
        self._rejected: dict[str, dict[Code, Rejection]] = {}
        self._viewers: set[Viewer] = set()
        self._ended = False
        self._replayed: dict[Device, None] = {}
        self._visitors: set[Address] = set()
        self.changes: deque[StateChange] = deque(maxlen=_CHANGES)

    def expect(self, addresses: Iterable[Address]) -> None:
        """Know devices that are to come; they are offline until they do."""
        for address in addresses:
            device = self._device(address)
            if device is not None and device.heard is None:
                device.gone, device.state = True, State.OFFLINE

    def observe(self, lot: Lot) -> None:
        """Take in a lot that is on disk."""
        now, taken = self._clock.now(), 0
        for place, other in lot.others:
            self._take(lot.readings[taken:place], now)
            taken = place
            if isinstance(other, Rejection):
                self._reject(other)
            else:
                self._status(other, now)
        self._take(lot.readings[taken:], now)

    def _take(self, readings: Iterable[Reading], now: int) -> None:
        devices, dirty, live = self._devices, self._dirty, State.LIVE
        for reading in readings:
            device = devices.get(reading.address) or self._meet(reading.address)
            device.take(reading, now)
            dirty[device] = None
            if device.state is not live:
                self._look(device, now)

    def replay(self, readings: Iterable[Reading]) -> int:
        """Show readings of a recording, as such; return how many were not shown.

        A device that is live shows its own and no other. Nothing of a replay is counted or kept,
        and it changes no device's state; a device that is known from it alone goes when it ends.
        """
        now, left_out = self._clock.now(), 0
        for reading in readings:
            device = self._devices.get(reading.address) or self._visit(reading.address)
            if device is None or device.state is State.LIVE:
                left_out += 1
                continue
            device.show(reading, now)
            self._replayed[device] = None
            self._dirty[device] = None
        return left_out

    def _visit(self, address: Address) -> Device | None:
        """Meet a device by a recording; it pushes out no other, and is offline."""
        if len(self._devices) >= DEVICES:
            return None
        device = self._meet(address)
        device.gone, device.state = True, State.OFFLINE
        self._visitors.add(address)
        return device

    def _end_replays(self, now: int) -> None:
        for device in list(self._replayed):
            if device.end_replay(now):
                self._dirty[device] = None
            if device.replay is None:
                del self._replayed[device]
                if self._is_visitor(device):
                    self._devices.pop(device.address, None)
                self._visitors.discard(device.address)

    def _is_visitor(self, device: Device) -> bool:
        return device.address in self._visitors and not device.noticed

    def _status(self, status: Status, now: int) -> None:
        device = self._device(status.address)
        if device is not None:
            device.gone = not status.online
            if status.online:
                device.born = now
            self._look(device, now)

    def _reject(self, rejection: Rejection) -> None:
        device = self._device(rejection.address) if rejection.address is not None else None
        if device is not None:
            device.rejections += 1
            device.gone = False
            device.rejected = self._clock.now()
            self._look(device, device.rejected)
        if rejection.booth is not None:
            self._remember(rejection.booth, rejection)
        self._news.add(rejection.booth, (device, rejection))

    def _remember(self, booth: str, rejection: Rejection) -> None:
        """Keep a booth's newest rejection of each sort."""
        known = self._rejected.get(booth)
        if known is None:
            if len(self._rejected) >= BOOTHS:
                del self._rejected[next(iter(self._rejected))]
            known = self._rejected[booth] = {}
        known[rejection.code] = rejection

    def _device(self, address: Address) -> Device | None:
        """The device at an address, met now if need be; None when there is no such kind."""
        if address.kind not in self._kinds:
            return None
        return self._devices.get(address) or self._meet(address)

    def _meet(self, address: Address) -> Device:
        if len(self._devices) >= DEVICES:
            self._forget_one()
        device = self._devices[address] = Device(address, self._kinds[address.kind])
        return device

    def _forget_one(self) -> None:
        silent = (a for a, device in self._devices.items() if device.state is State.OFFLINE)
        del self._devices[next(silent, next(iter(self._devices)))]

    def _look(self, device: Device, now: int) -> None:
        """Bring the device's state up to date, and tell if it changed."""
        state = liveness(now, device.heard, device.noticed, device.interval, gone=device.gone)
        if state is device.state:
            return
        device.state, device.since = state, now
        change = StateChange(device.address, device.domain, state, now)
        self.changes.append(change)
        self._news.add(device.address.booth, (device, change))

    def sweep(self) -> None:
        """Look at every device's silence, rate and trend."""
        now = self._clock.now()
        for device in self._devices.values():
            device.measure(now)
            self._look(device, now)
        self._end_replays(now)

    def tick(self) -> None:
        """Hand what changed to whoever watches."""
        news, lost = self._news.take()
        dirty, self._dirty = self._dirty, {}
        # Made only for viewers, and once for all of them.
        events = [_told(item) for item in news] if self._viewers else []
        for viewer in self._viewers:
            for booth, domain, event in events:
                if viewer.wants(booth, domain):
                    viewer.tell(booth, event)
            missed = sum(count for booth, count in lost.items() if viewer.follows(booth))
            if missed:
                viewer.miss(missed)
            for device in dirty:
                if viewer.wants(device.address.booth, device.domain):
                    viewer.changed(device)
            viewer.tick()

    async def run(self) -> None:
        """Tick and sweep until cancelled."""
        ticks = 0
        try:
            while True:
                await asyncio.sleep(TICK)
                ticks += 1
                if ticks % round(SWEEP / TICK) == 0:
                    self.sweep()
                self.tick()
        finally:
            self.end()

    @contextlib.contextmanager
    def watch(self, booth: str | None = None, domain: str | None = None) -> Iterator[Viewer]:
        """Watch the devices of a booth or a domain, or all."""
        viewer = Viewer(booth, domain)
        self._viewers.add(viewer)
        if self._ended:
            viewer.end()
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)

    def end(self) -> None:
        """Let every viewer come to its end."""
        self._ended = True
        for viewer in self._viewers:
            viewer.end()

    def rejected(self, booth: str) -> Mapping[Code, Rejection]:
        """Return the newest rejection of each sort that a booth got since the hub started."""
        return MappingProxyType(self._rejected.get(booth, {}))

    @property
    def left_out(self) -> int:
        """How many states and rejections no viewer was told of: more came than one update holds."""
        return self._news.left_out

    @property
    def viewers(self) -> int:
        """How many watch."""
        return len(self._viewers)

    def devices(
        self, booth: str | None = None, kind: str | None = None, domain: str | None = None
    ) -> list[Device]:
        """Return the devices that fit, by booth, kind and name."""
        found = (
            device
            for device in self._devices.values()
            if booth in (None, device.address.booth)
            and kind in (None, device.address.kind)
            and domain in (None, device.domain)
        )
        return sorted(found, key=lambda device: device.address)

    def count(self) -> dict[State, int]:
        """Return how many devices are in each state."""
        counts = dict.fromkeys(State, 0)
        for device in self._devices.values():
            counts[device.state] += not self._is_visitor(device)
        return counts
