"""What is known of each device now: last values, liveness, rate. Nothing here is durable.

Viewers get what changed, put together at most four times a second. A slow viewer gets less often,
never more at once, and never slows the way of a reading.
"""

import asyncio
import contextlib
import json
from array import array
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from hub.clock import Clock
from hub.liveness import liveness
from hub.model import Lot, Reading, Rejection, State, StateChange, Status
from hub.times import rfc3339
from hub.topics import Address
from schemas import FieldSpec, KindSpec

DEVICES = 20_000
"""Devices known at once; when there are more, the one met first among the offline ones goes."""
TICK = 0.25
"""Seconds between two updates of a viewer."""
SWEEP = 1.0
"""Seconds between two looks at every device's silence."""
_TREND_POINTS = 60
_AT_ONCE = 500
_EVENTS = 200
_CHANGES = 10_000
_SMOOTHED_INTERVALS = 5
_MILLISECOND = 1_000_000


class Device:
    """A device and its latest; `rate` in readings a second.

    `seen`, `born` and `rejected` are the times (ns, 0 for never) of its latest reading, birth
    message and rejection.
    """

    __slots__ = (
        "_average",
        "_counted",
        "_text",
        "_weight",
        "address",
        "born",
        "domain",
        "gone",
        "headline",
        "interval",
        "last",
        "latest",
        "rate",
        "readings",
        "rejected",
        "rejections",
        "seen",
        "state",
        "trend",
        "width",
    )

    def __init__(self, address: Address, kind: KindSpec) -> None:
        self.address = address
        self.domain = kind.domain.id
        self.interval = kind.interval
        self.headline = _headline(kind.fields)
        self.width = len(kind.fields)
        self.state = State.LATE
        self.gone = False
        self.born = self.seen = self.rejected = 0
        self.latest: Reading | None = None
        self.last: dict[str, Any] = {}
        self.readings = 0
        self.rejections = 0
        self.rate = 0.0
        self.trend = array("d")
        self._counted = 0
        self._average = 0.0
        self._weight = 0.0
        self._text: str | None = None

    def take(self, reading: Reading, now: int) -> None:
        """Take in a reading that is on disk; the rest is worked out when it is asked for."""
        self.readings += 1
        self.latest = reading
        whole = len(reading.fields) == self.width
        self.last = reading.fields if whole else self.last | reading.fields
        self.seen = now
        self.gone = False
        self._text = None

    @property
    def heard(self) -> int | None:
        """When it last sent a reading or said that it is online."""
        return max(self.seen, self.born) or None

    @property
    def noticed(self) -> int:
        """When it last sent anything, rejected or not."""
        return max(self.seen, self.born, self.rejected)

    def measure(self, now: int) -> None:
        """Update rate and trend; called every `SWEEP` seconds."""
        new = self.readings - self._counted
        self._counted = self.readings
        # An average over a few of the kind's intervals; the weight makes it right from the start.
        share = SWEEP / (SWEEP + _SMOOTHED_INTERVALS * self.interval)
        self._average += share * (new / SWEEP - self._average)
        self._weight += share * (1 - self._weight)
        self.rate = self._average / self._weight
        value = self.last.get(self.headline)
        if new and isinstance(value, int | float):
            self.trend.extend((now // _MILLISECOND, value))
            del self.trend[: -2 * _TREND_POINTS]

    @property
    def warnings(self) -> list[str]:
        """What is wrong with the device's readings, though they are kept."""
        if self.latest is None:
            return []
        ignored = ", ".join(self.latest.ignored)
        clock = ["clock"] if self.latest.skew is not None else []
        return clock + ([f"ignored: {ignored}"] if ignored else [])

    @property
    def skew_ms(self) -> int | None:
        """How far ahead of the hub's the device's clock is, if its time was not believed."""
        skew = None if self.latest is None else self.latest.skew
        return None if skew is None else skew // _MILLISECOND

    def _identity(self) -> dict[str, Any]:
        return {**self.address._asdict(), "domain": self.domain}

    def as_json(self, trend: bool = False) -> dict[str, Any]:
        """Return the device as the API shows it."""
        shown = self._identity() | {
            "state": self.state.value,
            "last_seen": rfc3339(self.seen) if self.seen else None,
            "last": self.last,
            "warnings": self.warnings,
            "clock_skew_ms": self.skew_ms,
            "readings": self.readings,
            "rejections": self.rejections,
            "rate": round(self.rate, 2),
        }
        if trend:
            points = list(zip(map(int, self.trend[::2]), self.trend[1::2], strict=True))
            shown["trend"] = {"field": self.headline, "points": points}
        return shown

    def event(self) -> str:
        """Return the latest reading as a Server-Sent Event, made once for all viewers."""
        if self._text is None:
            said = self._identity() | {
                "ts": rfc3339(self.latest.ts if self.latest is not None else self.seen),
                "fields": self.last,
                "readings": self.readings,
                "rejections": self.rejections,
                "rate": round(self.rate, 2),
                "warnings": self.warnings,
            }
            self._text = _event("reading", said)
        return self._text


def _headline(fields: Iterable[FieldSpec]) -> str:
    return next((spec.name for spec in fields if spec.numeric), "")


def _event(name: str, said: object) -> str:
    return f"event: {name}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"


_News = tuple[Device | None, StateChange | Rejection]


def _told(news: _News) -> tuple[str | None, str | None, str]:
    """The booth and the domain that a piece of news is about, and its Server-Sent Event."""
    device, item = news
    domain = None if device is None else device.domain
    if isinstance(item, Rejection):
        return item.booth, domain, _event("rejection", item.as_json())
    said = {
        **item.address._asdict(),
        "domain": domain,
        "state": item.state.value,
        "at": rfc3339(item.at),
        "warnings": [] if device is None else device.warnings,
        "clock_skew_ms": None if device is None else device.skew_ms,
    }
    return item.address.booth, domain, _event("state", said)


class Viewer:
    """Someone who watches: what changed since the last update, bounded by the number of devices.

    Of states and rejections the newest are kept when the viewer cannot follow; `missed` counts the
    others.
    """

    def __init__(self, booth: str | None, domain: str | None) -> None:
        self._booth = booth
        self._domain = domain
        self._devices: dict[Device, None] = {}
        self._events: deque[str] = deque(maxlen=_EVENTS)
        self._something = asyncio.Event()
        self._ended = False
        self.missed = 0

    def wants(self, booth: str | None, domain: str | None) -> bool:
        """Whether the viewer asked for something of this booth and domain."""
        return self._booth in (None, booth) and self._domain in (None, domain)

    def changed(self, device: Device) -> None:
        """Show the device's latest reading with the next update."""
        self._devices[device] = None
        if len(self._devices) > DEVICES:  # met and forgotten while the viewer did not follow
            del self._devices[next(iter(self._devices))]

    def tell(self, event: str) -> None:
        """Show an event with the next update."""
        self.missed += len(self._events) == _EVENTS
        self._events.append(event)
        self._something.set()

    def end(self) -> None:
        """Let `updates` come to its end."""
        self._ended = True
        self._something.set()

    async def updates(self, silence: float = 15.0) -> AsyncIterator[str]:
        """Yield updates in the format of Server-Sent Events; a comment after `silence` seconds."""
        while not self._ended:
            try:
                async with asyncio.timeout(silence):
                    await self._something.wait()
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield self._collect()

    def _collect(self) -> str:
        devices = [device for device, _ in zip(self._devices, range(_AT_ONCE), strict=False)]
        for device in devices:
            del self._devices[device]
        text = "".join([*self._events, *(device.event() for device in devices)])
        self._events.clear()
        self._something.clear()
        return text or ": still here\n\n"

    def tick(self) -> None:
        """Go on with what did not fit into the last update."""
        if self._devices:
            self._something.set()


class Live:
    """Every device, and whoever watches."""

    def __init__(self, kinds: Mapping[str, KindSpec], clock: Clock) -> None:
        self._kinds = kinds
        self._clock = clock
        self._devices: dict[Address, Device] = {}
        self._dirty: dict[Device, None] = {}
        self._news: deque[_News] = deque(maxlen=_EVENTS)
        self._viewers: set[Viewer] = set()
        self._ended = False
        self.changes: deque[StateChange] = deque(maxlen=_CHANGES)

    def expect(self, addresses: Iterable[Address]) -> None:
        """Know devices that are to come; they are offline until they do."""
        for address in addresses:
            device = self._device(address)
            if device is not None and device.heard is None:
                device.gone, device.state = True, State.OFFLINE

    def observe(self, lot: Lot) -> None:
        """Take in a lot that is on disk."""
        now = self._clock.now()
        devices, dirty, live = self._devices, self._dirty, State.LIVE
        for reading in chain(lot.readings, lot.delayed):
            device = devices.get(reading.address) or self._meet(reading.address)
            device.take(reading, now)
            dirty[device] = None
            if device.state is not live:
                self._look(device, now)
        for status in lot.statuses:
            self._status(status, now)
        for rejection in lot.rejections:
            self._rejected(rejection)

    def _status(self, status: Status, now: int) -> None:
        device = self._device(status.address)
        if device is not None:
            device.gone = not status.online
            if status.online:
                device.born = now
            self._look(device, now)

    def _rejected(self, rejection: Rejection) -> None:
        device = self._device(rejection.address) if rejection.address is not None else None
        if device is not None:
            device.rejections += 1
            device.gone = False
            device.rejected = self._clock.now()
            self._look(device, device.rejected)
        self._news.append((device, rejection))

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
        device.state = state
        change = StateChange(device.address, device.domain, state, now)
        self.changes.append(change)
        self._news.append((device, change))

    def sweep(self) -> None:
        """Look at every device's silence, rate and trend."""
        now = self._clock.now()
        for device in self._devices.values():
            device.measure(now)
            self._look(device, now)

    def tick(self) -> None:
        """Hand what changed to whoever watches."""
        news, self._news = self._news, deque(maxlen=_EVENTS)
        dirty, self._dirty = self._dirty, {}
        # Made only for viewers, and once for all of them.
        events = [_told(item) for item in news] if self._viewers else []
        for viewer in self._viewers:
            for booth, domain, event in events:
                if viewer.wants(booth, domain):
                    viewer.tell(event)
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
            counts[device.state] += 1
        return counts
