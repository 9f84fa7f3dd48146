"""The live state of all devices: last values, liveness, rate; in memory only.

Viewers get coalesced updates, at most four a second. A slow viewer gets them less often, and never
slows the way of a reading.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from hub.clock import NEVER, Clock, Instant, instant
from hub.limits.fair import BOOTHS, FairBuffer, FairMap
from hub.live.broadcast import Broadcast
from hub.live.causes import Causes
from hub.live.device import Device
from hub.live.forgotten import Forgotten
from hub.live.lately import Lately
from hub.live.liveness import Cadence, liveness
from hub.live.roster import Roster
from hub.live.state_snapshots import standing
from hub.messages import Code, Reading, Rejection, State, StateChange, Status, Translated
from hub.pipeline.batch import Batch, Decision
from hub.timestamps import SECOND
from hub.topics import STATUS, Address
from schemas import KindSpec

SWEEP = 1.0
"""Seconds between two looks at who is silent."""
TICK = 0.25
"""Seconds between two updates of a viewer, at least."""
LINGER = 0.06
"""Seconds more that an update waits for a batch. Batches come a little less often than updates
(`hub.mqtt.gathering`), so that these fall into step: a batch is told as soon as it is on disk."""
OFTEN = 1.0
"""Where the latest batch came longer ago (s), the next is not waited for."""
STRAY_AFTER = 600 * SECOND
"""How long a device that is not expected and never sent a valid reading stays, in ns."""
TRIAL_AFTER = 60 * SECOND
"""How long a trial stays on its booth's page after its latest message, in ns."""
STRAYS_EVERY = 10 * SECOND
_QUEUED = 60 * SECOND
CHANGES = 10_000
_STATUS = f"/{STATUS}"

_WORSE = {State.LIVE: 0, State.LATE: 1, State.OFFLINE: 2}


class Live:
    """Holds every device; what changes is passed on by `broadcast`.

    `is_open` tells whether the exhibition is open at a time (ns): outside its hours none is late.
    `hears` tells whether messages reach the hub: while none do, no silence is a device's, and each
    has its intervals anew from when they do again.

    `roster` says which devices there are. `deaf_since` is when messages ceased to reach the hub
    (ns), while none do.
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
        self._clock = clock
        self.roster = Roster(kinds, clock, forgotten)
        self._dirty: dict[Device, None] = {}
        self._observed, self._observed_at = asyncio.Event(), NEVER.monotonic
        self._rejected = FairMap[str, dict[Code, Rejection]](BOOTHS)
        self._causes = Causes()
        self.broadcast = Broadcast()
        self._replayed: dict[Device, None] = {}
        self._strays_due = 0
        self.changes = FairBuffer[StateChange](CHANGES)
        self.lately = Lately()

    @property
    def kinds(self) -> Mapping[str, KindSpec]:
        """The kinds of devices that are shown."""
        return self.roster.kinds

    def expect(self, cadences: Mapping[Address, Cadence]) -> None:
        """Expect these devices and no others: see `Roster.expect`."""
        for device in self.roster.expect(cadences):
            self._went(device)

    def observe(self, batch: Batch) -> None:
        """Update the devices from a batch that is on disk."""
        now = instant(self._clock)
        if batch.only_readings:
            self._update(batch.readings, now)
        else:
            for decision in batch.decisions:
                self._decided(decision, now)
        self._observed_at = now.monotonic
        self._observed.set()

    def _update(self, readings: Iterable[Reading], now: Instant) -> None:
        """Update the devices from readings of their own. The hot path: 0.6 µs each."""
        known, dirty, live = self.roster.get, self._dirty, State.LIVE
        for reading in readings:
            device = known(reading.address) or self.roster.add(reading.address)
            if device is None:
                continue
            if device.seen is not now:
                dirty[device] = None
            device.update(reading, now)
            if device.state is not live:
                self._update_state(device, now)

    def _decided(self, decision: Decision, now: Instant) -> None:
        if type(decision) is Reading:
            self._update([decision], now)
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
        device = self.roster.find(reading.address)
        if device is None:
            return
        if reading.remarks.source is not None:
            self.roster.set_source(device, reading.remarks.source)
        device.update(reading, now)
        self._dirty[device] = None
        if device.state is not State.LIVE:
            self._update_state(device, now)

    def replay(self, readings: Iterable[Reading]) -> int:
        """Show readings of a recording, marked as replayed; return how many were not shown.

        A device that is live shows its own and no other. Nothing of a replay is counted or kept,
        and it changes no device's state; a device that is known from it alone goes when it ends.
        """
        now, left_out = self._clock.monotonic(), 0
        for reading in readings:
            device = self.roster.get(reading.address) or self.roster.record(reading.address)
            if device is None or device.state is State.LIVE:
                left_out += 1
                continue
            device.show(reading, now)
            self._replayed[device] = None
            self._dirty[device] = None
        return left_out

    def _end_replays(self, now: int) -> None:
        for device in list(self._replayed):
            if device.end_replay(now):
                self._dirty[device] = None
            if device.replay is None:
                del self._replayed[device]
                self.roster.end_recorded(device)

    def _status(self, status: Status, now: Instant) -> None:
        if status.address in self.roster.forgotten and (status.retained or not status.online):
            return
        device = self.roster.find(status.address)
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
            device = self.roster.get(rejection.address)
        else:
            device = self.roster.find(rejection.address)
            if device is not None:
                if device.gone:  # it is there again, but has sent nothing since that is accepted
                    device.ended = device.left
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

    def forget(self, address: Address) -> bool:
        """Forget a device until it sends again; returns False if there is none."""
        device = self.roster.get(address)
        if device is None:
            return False
        self.roster.forgotten.add(address)
        self._drop(device)
        return True

    def _drop(self, device: Device) -> None:
        self.roster.drop(device)
        self._went(device)

    def _went(self, device: Device) -> None:
        """Pass on that a device is no longer there."""
        self._dirty.pop(device, None)
        self._replayed.pop(device, None)
        self.broadcast.add(device.address.booth, (device, device.address))

    def _update_state(self, device: Device, now: Instant) -> None:
        """Update the device's state, and add an event if it changed."""
        heard, noticed = device.heard, device.noticed
        state = liveness(now.monotonic, heard, noticed, device.cadence, gone=device.gone)
        if _WORSE[state] > _WORSE[device.state] and not device.gone:
            state = self._after_silence(device, now.monotonic)
        closed = state is State.LATE and not self._deaf and not self._is_open(now.wall)
        if closed and heard is not None:  # else it is there, and nothing of it was accepted
            state = State.LIVE
        if state is device.state:
            return
        address = device.address
        change = StateChange(address, device.domain, state, now.wall)
        if not device.trial:
            self.lately.changed(change, device.state)
        offline = State.OFFLINE in (state, device.state)
        device.state, device.since = state, now
        if offline:
            self.roster.rank(device)
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
        """Update every device's liveness."""
        now = instant(self._clock)
        monotonic, live = now.monotonic, State.LIVE
        self._listen(monotonic)
        for device in self.roster.values():
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
        self._strays_due = now + STRAYS_EVERY
        for device in [item for item in self.roster.values() if item.stray or item.trial]:
            silent = now - (device.noticed or device.since.monotonic)
            if device.trial:
                over = silent >= TRIAL_AFTER
            else:
                over = device.state is State.OFFLINE and silent >= STRAY_AFTER
            if over and not self.roster.is_recorded(device):
                self._drop(device)

    def tick(self) -> None:
        """Pass on what changed to the viewers."""
        dirty, self._dirty = self._dirty, {}
        self.broadcast.publish(dirty)

    async def run(self) -> None:
        """Tick and sweep until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._sweep_forever(), name="hub.live.sweep")
                tasks.create_task(self._tick_forever(), name="hub.live.tick")
        finally:
            self.broadcast.end()

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            self.sweep()

    async def _tick_forever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._observed.clear()
            if TICK / 2 < (self._clock.monotonic() - self._observed_at) / SECOND < OFTEN:
                await self._linger()
            self.tick()

    async def _linger(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await self._observed.wait()

    def rejected(self, booth: str) -> Mapping[Code, Rejection]:
        """Return a booth's newest rejection of each code since the hub started."""
        return MappingProxyType(self._rejected.get(booth) or {})

    def causes(self) -> dict[str, Any]:
        """Return the causes of the latest rejections as the API shows them."""
        return self._causes.as_json(self._clock.monotonic())

    def devices(
        self, booth: str | None = None, kind: str | None = None, domain: str | None = None
    ) -> list[Device]:
        """Return the matching devices, sorted by booth, kind and device; trials of a booth only."""
        found = (
            device
            for device in (self.roster.values() if booth is None else self.roster.of(booth))
            if kind in (None, device.address.kind)
            and domain in (None, device.domain)
            and not (booth is None and device.trial)
        )
        return sorted(found, key=lambda device: device.address)

    def states(self, turn: int, turns: int) -> Iterable[StateChange]:
        """Return the devices' states as they stand, a turn at a time; none while it is deaf."""
        if self._deaf:
            return ()
        return standing(self.roster.values(), turn, turns, instant(self._clock))

    def count(self) -> dict[State, int]:
        """Return how many devices are in each state."""
        counts = dict.fromkeys(State, 0)
        for device in self.roster.values():
            counts[device.state] += not (device.trial or self.roster.is_recorded(device))
        return counts
