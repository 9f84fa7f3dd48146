"""The live state of all devices: last values, liveness, rate; in memory only.

Viewers get coalesced updates, at most four a second. A slow viewer gets them less often, and never
slows the way of a reading.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from hub.clock import Clock, Instant, instant
from hub.limits.fair import BOOTHS, FairBuffer, FairMap
from hub.live.broadcast import Broadcast
from hub.live.causes import Causes
from hub.live.device import SWEEP, Device
from hub.live.forgotten import Forgotten
from hub.live.lately import Lately
from hub.live.liveness import Cadence, cadence_of, liveness
from hub.live.state_snapshots import standing
from hub.live.viewers import DEVICES
from hub.messages import Code, Reading, Rejection, Source, State, StateChange, Status, Translated
from hub.pipeline.batch import Batch
from hub.timestamps import SECOND
from hub.topics import STATUS, Address
from schemas import KindSpec

TICK = 0.25
"""Seconds between two updates of a viewer."""
BOOTH_DEVICES = 2_000
"""Devices of one booth known at once, besides those expected."""
OWN_DEVICES = 500
"""Devices of one booth that no other booth's can evict while they are not offline."""
STRAY_AFTER = 600 * SECOND
"""How long a device that is not expected and never sent a valid reading stays, in ns."""
TRIAL_AFTER = 60 * SECOND
"""How long a trial stays on its booth's page after its latest message, in ns."""
_STRAYS_EVERY = 10 * SECOND
_QUEUED = 60 * SECOND
_CHANGES = 10_000
_STATUS = f"/{STATUS}"
_SHOWN = 10 * SECOND

_WORSE = {State.LIVE: 0, State.LATE: 1, State.OFFLINE: 2}


class _LeftOut:
    """How many devices of a booth were left out, and when the last of them was (ns)."""

    __slots__ = ("at", "count")

    def __init__(self) -> None:
        self.at = self.count = 0


class Live:
    """Holds every device; what changes is passed on by `broadcast`.

    `is_open` tells whether the exhibition is open at a time (ns): outside its hours none is late.
    `hears` tells whether messages reach the hub: while none do, no silence is a device's, and each
    has its intervals anew from when they do again.

    When full, a new device evicts one of the booth with the most: one that is offline, or another
    booth's oldest if that booth has more than `OWN_DEVICES`. Else the new one is left out.
    `deaf_since` is when messages ceased to reach the hub (ns), while none do, and
    `devices_left_out` counts the devices evicted or left out.
    """

    def __init__(
        self,
        kinds: Mapping[str, KindSpec],
        clock: Clock,
        forgotten: Forgotten | None = None,
        is_open: Callable[[int], bool] = lambda _: True,
        hears: Callable[[], bool] = lambda: True,
    ) -> None:
        self._is_open = is_open
        self._hears = hears
        self._deaf = False
        self.deaf_since: int | None = None
        self._heard_again = 0
        self._kinds = kinds
        self._clock = clock
        self._devices = FairMap[Address, Device](DEVICES, BOOTH_DEVICES)
        self._left_out = FairMap[str, _LeftOut](BOOTHS)
        self._dirty: dict[Device, None] = {}
        self._rejected = FairMap[str, dict[Code, Rejection]](BOOTHS)
        self._causes = Causes()
        self.broadcast = Broadcast()
        self._replayed: dict[Device, None] = {}
        self._replay_only: set[Address] = set()
        self._strays_due = 0
        self._expected: Mapping[Address, Cadence] = {}
        self.forgotten = forgotten or Forgotten()
        self.changes = FairBuffer[StateChange](_CHANGES)
        self.lately = Lately()
        self.devices_left_out = 0

    @property
    def kinds(self) -> Mapping[str, KindSpec]:
        """The kinds of devices that are shown."""
        return self._kinds

    def expect(self, cadences: Mapping[Address, Cadence]) -> None:
        """Expect these devices and no others; they are offline until their first message.

        One that was forgotten stays so until it sends. One that is expected no longer stays only
        if something was heard of it.
        """
        before, self._expected = self._expected, cadences
        for address in before.keys() - cadences.keys():
            device = self._devices.get(address)
            if device is not None:
                device.expected = False
                self._set_cadence(device)
                self._drop(device)
                if device.noticed:
                    device.forgotten = False
                    self._devices.add(address.booth, address, device)
        for address in cadences:
            if address not in self.forgotten:
                device = self._devices.get(address) or self._new(address)
                self._devices.keep(address.booth, address, device)
                device.expected = True
                self._set_cadence(device)
                if device.heard is None and not device.noticed:
                    device.gone, device.state = True, State.OFFLINE

    def expect_again(self, booth: str) -> None:
        """Expect a booth's devices that were forgotten, if they still are in the plan."""
        for address in self._expected:
            if address.booth == booth:
                self.forgotten.discard(address)
        self.expect(self._expected)

    def recall(self, addresses: Iterable[Address]) -> None:
        """Add devices that were there before, as the store knows: offline until they send.

        They evict no other.
        """
        for address in addresses:
            known = address in self.forgotten or self._devices.get(address) is not None
            if known or address.kind not in self._kinds:
                continue
            if self._devices.next_out(address.booth) is None:
                self._add_offline(address).expected = True

    def observe(self, batch: Batch) -> None:
        """Update the devices from a batch that is on disk."""
        now, known, dirty, live = instant(self._clock), self._devices.get, self._dirty, State.LIVE
        for decision in batch.decisions:
            if type(decision) is Reading:
                device = known(decision.address) or self._add(decision.address)
                if device is None:
                    continue
                device.update(decision, now)
                dirty[device] = None
                if device.state is not live:
                    self._update_state(device, now)
            elif type(decision) is Translated:
                for reading in decision.readings:
                    self._translated(reading, now)
                for status in decision.statuses:
                    self._status(status, now)
            elif type(decision) is Rejection:
                self._reject(decision)
            elif type(decision) is Status:
                self._status(decision, now)

    def _translated(self, reading: Reading, now: Instant) -> None:
        """Update a device from a reading in a message of its dialect."""
        device = self._device(reading.address)
        if device is None:
            return
        if reading.remarks.source is not None:
            self._set_source(device, reading.remarks.source)
        device.update(reading, now)
        self._dirty[device] = None
        if device.state is not State.LIVE:
            self._update_state(device, now)

    def _set_source(self, device: Device, source: Source) -> None:
        """Set how a device is called and how often it speaks."""
        if device.source != source:
            device.source = source
            self._set_cadence(device)

    def _set_cadence(self, device: Device) -> None:
        """Set how often a device speaks: as the zone file says, else its dialect, else its kind."""
        planned, source = self._expected.get(device.address), device.source
        if source is not None and planned in (None, cadence_of(device.kind)):
            planned = Cadence(source.interval, source.silence)
        device.set_cadence(planned)

    def replay(self, readings: Iterable[Reading]) -> int:
        """Show readings of a recording, marked as replayed; return how many were not shown.

        A device that is live shows its own and no other. Nothing of a replay is counted or kept,
        and it changes no device's state; a device that is known from it alone goes when it ends.
        """
        now, left_out = self._clock.monotonic(), 0
        for reading in readings:
            device = self._devices.get(reading.address) or self._add_replay_only(reading.address)
            if device is None or device.state is State.LIVE:
                left_out += 1
                continue
            device.show(reading, now)
            self._replayed[device] = None
            self._dirty[device] = None
        return left_out

    def _add_replay_only(self, address: Address) -> Device | None:
        """Add a device known from a recording alone; it evicts no other, and is offline."""
        if address in self.forgotten or self._devices.next_out(address.booth) is not None:
            return None
        self._replay_only.add(address)
        return self._add_offline(address)

    def _add_offline(self, address: Address) -> Device:
        device = self._new(address)
        device.gone, device.state = True, State.OFFLINE
        self._devices.add(address.booth, address, device)
        self._devices.move(address.booth, address, last=False)
        return device

    def _end_replays(self, now: int) -> None:
        for device in list(self._replayed):
            if device.end_replay(now):
                self._dirty[device] = None
            if device.replay is None:
                del self._replayed[device]
                if self._devices.get(device.address) is device:
                    if self._is_replay_only(device):
                        self._devices.pop(device.address.booth, device.address)
                        device.forgotten = True
                    self._replay_only.discard(device.address)

    def _is_replay_only(self, device: Device) -> bool:
        return device.address in self._replay_only and not device.noticed

    def _status(self, status: Status, now: Instant) -> None:
        if status.address in self.forgotten and (status.retained or not status.online):
            return
        device = self._device(status.address)
        if device is None:
            return
        device.source = device.source or status.source
        if status.online and not status.retained:
            device.born = now
        if not status.online:
            device.gone, device.left = True, now.monotonic
        elif not status.retained:
            device.gone = False
        else:
            # It may be of a device that has died since: it is expected, not live. After a queued
            # `offline` it is what came next; after one of long ago it may be older than that.
            device.expected = True
            just_now = now.monotonic - device.left < _QUEUED
            if not device.noticed:
                device.gone = True
            elif just_now or device.cadence.interval is not None:
                device.gone = False
        self._update_state(device, now)

    def _reject(self, rejection: Rejection) -> None:
        if rejection.address is None:
            device = None
        elif rejection.code is Code.TOPIC or rejection.topic.endswith(_STATUS):
            # There is no room for its name, or it says nothing of whether the device is there.
            device = self._devices.get(rejection.address)
        else:
            device = self._device(rejection.address)
            if device is not None:
                device.gone = False
                device.rejected = instant(self._clock)
                self._update_state(device, device.rejected)
        if device is not None:
            device.rejections += 1
        if rejection.booth is not None:
            known = self._rejected.get(rejection.booth)
            if known is None:
                known = {}
                self._rejected.add(rejection.booth, rejection.booth, known)
            known[rejection.code] = rejection  # the newest of each code
        self._causes.add(rejection, self._clock.monotonic())
        self.lately.rejected(rejection)
        self.broadcast.add(rejection.booth, (device, rejection))

    def _device(self, address: Address) -> Device | None:
        """The device at an address, added if it is new; None without such a kind, or room."""
        if address.kind not in self._kinds:
            return None
        return self._devices.get(address) or self._add(address)

    def _add(self, address: Address) -> Device | None:
        if address in self._expected:  # it was forgotten, and is back
            device = self._new(address)
            self._devices.keep(address.booth, address, device)
            self.forgotten.discard(address)
            return device
        evicted = self._devices.next_out(address.booth)
        if evicted is not None:
            owner = evicted.address.booth
            crowd = owner != address.booth and self._devices.count(owner) > OWN_DEVICES
            if not crowd and evicted.state is not State.OFFLINE:  # it sends, and would soon be back
                self._count_left_out(address.booth)
                return None
            self._count_left_out(owner)
            evicted.forgotten = True
            self._replay_only.discard(evicted.address)
        device = self._new(address)
        self._devices.add(address.booth, address, device)
        self.forgotten.discard(address)
        return device

    def _new(self, address: Address) -> Device:
        device = Device(address, self._kinds[address.kind], self._expected.get(address))
        device.expected = address in self._expected
        return device

    def forget(self, address: Address) -> bool:
        """Forget a device until it sends again; returns False if there is none."""
        device = self._devices.get(address)
        if device is None:
            return False
        self._drop(device)
        self.forgotten.add(address)
        return True

    def _drop(self, device: Device) -> None:
        self._devices.pop(device.address.booth, device.address)
        self._dirty.pop(device, None)
        self._replayed.pop(device, None)
        self._replay_only.discard(device.address)
        device.forgotten = True
        self.broadcast.add(device.address.booth, (device, device.address))

    def _count_left_out(self, booth: str) -> None:
        left_out = self._left_out.get(booth)
        if left_out is None:
            left_out = _LeftOut()
            self._left_out.add(booth, booth, left_out)
        left_out.count += 1
        left_out.at = self._clock.monotonic()
        self.devices_left_out += 1

    def _update_state(self, device: Device, now: Instant) -> None:
        """Update the device's state, and add an event if it changed."""
        heard, noticed = device.heard, device.noticed
        state = liveness(now.monotonic, heard, noticed, device.cadence, gone=device.gone)
        if _WORSE[state] > _WORSE[device.state] and not device.gone:
            state = self._after_silence(device, now.monotonic)
        if state is device.state:
            return
        if state is State.LATE and device.state is State.LIVE and not self._is_open(now.wall):
            return  # outside the opening hours nothing is late
        address = device.address
        if State.OFFLINE in (state, device.state):  # those that are offline are evicted first
            self._devices.move(address.booth, address, last=state is not State.OFFLINE)
        change = StateChange(address, device.domain, state, now.wall)
        if not device.trial:
            self.lately.changed(change, device.state)
        device.state, device.since = state, now
        self.changes.add(address.booth, change)
        self.broadcast.add(address.booth, (device, change))

    def _after_silence(self, device: Device, now: int) -> State:
        """The state of a device that is silent; what the hub could not hear is no silence."""
        if self._deaf:
            return device.state
        again, heard = self._heard_again, device.heard
        if heard is not None:
            heard = max(heard, again)
        state = liveness(now, heard, max(device.noticed, again), device.cadence, gone=False)
        return state if _WORSE[state] > _WORSE[device.state] else device.state

    def _listen(self, now: int) -> None:
        """Note whether the hub hears, and since when again."""
        before, self._deaf = self._deaf, not self._hears()
        if before and not self._deaf:
            self._heard_again, self.deaf_since = now, None
        elif self._deaf and not before:
            self.deaf_since = self._clock.now()

    def sweep(self) -> None:
        """Update every device's liveness, rate and trend."""
        now = instant(self._clock)
        wall, monotonic, live = now.wall, now.monotonic, State.LIVE
        self._listen(monotonic)
        for device in self._devices.values():
            device.measure(wall)
            # Most are live, and were heard of just now: 1 µs less for each of 10,000.
            if (
                device.state is not live
                or device.gone
                or not 0 <= monotonic - device.seen.monotonic < device.late_after
            ):
                self._update_state(device, now)
        self._drop_strays(monotonic)
        self._end_replays(monotonic)

    def _drop_strays(self, now: int) -> None:
        """Drop trials, and what was nobody's, once they have been silent for a while."""
        if now < self._strays_due:
            return
        self._strays_due = now + _STRAYS_EVERY
        for device in [item for item in self._devices.values() if item.stray or item.trial]:
            silent = now - (device.noticed or device.since.monotonic)
            if device.trial:
                over = silent >= TRIAL_AFTER
            else:
                over = device.state is State.OFFLINE and silent >= STRAY_AFTER
            if over and not self._is_replay_only(device):
                self._drop(device)

    def tick(self) -> None:
        """Pass on what changed to the viewers."""
        dirty, self._dirty = self._dirty, {}
        self.broadcast.publish(dirty)

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
            self.broadcast.end()

    def rejected(self, booth: str) -> Mapping[Code, Rejection]:
        """Return a booth's newest rejection of each code since the hub started."""
        return MappingProxyType(self._rejected.get(booth) or {})

    def causes(self) -> dict[str, Any]:
        """Return the causes of the latest rejections as the API shows them."""
        return self._causes.as_json(self._clock.monotonic())

    def left_out_of(self, booth: str) -> int:
        """Return how often a device of a booth was left out or evicted."""
        left_out = self._left_out.get(booth)
        return 0 if left_out is None else left_out.count

    def crowded(self) -> list[str]:
        """Return the booths of which a device was left out just now."""
        now = self._clock.monotonic()
        return sorted(
            booth for booth, left_out in self._left_out.items() if 0 <= now - left_out.at < _SHOWN
        )

    def devices(
        self, booth: str | None = None, kind: str | None = None, domain: str | None = None
    ) -> list[Device]:
        """Return the matching devices, sorted by booth, kind and device; trials of a booth only."""
        found = (
            device
            for device in (self._devices.values() if booth is None else self._devices.of(booth))
            if kind in (None, device.address.kind)
            and domain in (None, device.domain)
            and not (booth is None and device.trial)
        )
        return sorted(found, key=lambda device: device.address)

    def states(self, turn: int, turns: int) -> Iterable[StateChange]:
        """Return the devices' states as they stand, a turn at a time; none while it is deaf."""
        if self._deaf:
            return ()
        return standing(self._devices.values(), turn, turns, instant(self._clock))

    def count(self) -> dict[State, int]:
        """Return how many devices are in each state."""
        counts = dict.fromkeys(State, 0)
        for device in self._devices.values():
            counts[device.state] += not (device.trial or self._is_replay_only(device))
        return counts
