"""The hub's own rows: writes liveness changes, states and counters to the store.

They pass through the outbox like readings, but no account counts them.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hub.clock import Clock
from hub.errors import OutboxError
from hub.limits.fair import BoothCounter, FairBuffer
from hub.limits.token_bucket import TokenBuckets
from hub.messages import Rejection, State, StateChange
from hub.pipeline.batch import Batch
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.outbox.entries import Commit
from hub.stores import line_protocol
from hub.stores.store import (
    BOOTH_READINGS,
    DEVICE_STATE,
    HUB,
    HUB_HEALTH,
    REJECTED,
    REJECTIONS,
    SURPLUS,
)

BACKLOG = 10_000
"""Rows that wait while the outbox takes none, without the counters; then the oldest go of the booth
that has the most."""
INTERVAL = 10
"""Seconds between two rows of counters."""
READINGS_EVERY = 60
"""Seconds between two rows of a booth's readings."""
STATES_EVERY = 600
"""Seconds between two rows of a device whose state does not change: who asks for fifteen minutes
finds each device."""
NOWHERE = "-"
"""The booth of a rejection whose topic names none; no booth is called so."""
PER_SECOND, BURST = 5, 50
"""Rejections of a booth that are written for the wall of several hubs, a second and at once."""
_LEVELS = {State.LIVE: 2, State.LATE: 1, State.OFFLINE: 0}

log = logging.getLogger("hub.pipeline.selfstats")


def state_line(change: StateChange) -> str:
    """Return a liveness change as a line of `device_state`."""
    address = change.address
    tags = {
        "booth": address.booth,
        "device": address.device,
        "domain": change.domain,
        "kind": address.kind,
    }
    fields = {"state": change.state.value, "level": _LEVELS[change.state]}
    return line_protocol.line(DEVICE_STATE.name, tags, fields, change.at)


def counters_line(client_id: str, counters: Mapping[str, int], at: int) -> str:
    """Return the hub's counters as a line of `hub`."""
    return line_protocol.line(HUB.name, {"client": client_id}, counters, at)


def rejections_line(booth: str | None, code: str, count: int, at: int) -> str:
    """Return a count of messages rejected for one reason as a line of `rejections`."""
    tags = {"booth": booth or NOWHERE, "code": code}
    return line_protocol.line(REJECTIONS.name, tags, {"count": count}, at)


def readings_line(booth: str | None, count: int, at: int) -> str:
    """Return a count of a booth's readings as a line of `booth_readings`."""
    return line_protocol.line(
        BOOTH_READINGS.name, {"booth": booth or NOWHERE}, {"count": count}, at
    )


def surplus_line(booth: str, outcome: str, count: int, at: int) -> str:
    """Return a count of a booth's messages above its quota as a line of `surplus`."""
    tags = {"booth": booth or NOWHERE, "outcome": outcome}
    return line_protocol.line(SURPLUS.name, tags, {"count": count}, at)


def rejected_line(rejection: Rejection) -> str:
    """Return a rejection as a line of `rejected`."""
    tags = {"booth": rejection.booth or NOWHERE, "code": rejection.code.value}
    body = json.dumps(rejection.as_json(), ensure_ascii=False)
    return line_protocol.line(REJECTED.name, tags, {"body": body}, rejection.at)


def health_line(client_id: str, health: Mapping[str, Any], at: int) -> str:
    """Return the hub's health, as the API shows it, as a line of `hub_health`."""
    body = json.dumps(health, ensure_ascii=False)
    fields = {"well": int(health["status"] == "ok"), "body": body}
    return line_protocol.line(HUB_HEALTH.name, {"client": client_id}, fields, at)


class SelfStats:
    """Writes the hub's own rows every second, if there are any.

    `states` returns the states of devices as they stand, those of one turn out of so many.
    `health` is asked of a hub that is one of several: then what the wall of all needs is written
    too. With `shared` the hub gets a share of each device's readings: silence is not known here,
    and no change of state is written.
    """

    def __init__(
        self,
        outbox: AsyncOutbox,
        changes: FairBuffer[StateChange],
        surplus: Callable[[], Mapping[tuple[str, str], int]],
        counters: Callable[[], Mapping[str, int]],
        client_id: str,
        clock: Clock,
        states: Callable[[int, int], Iterable[StateChange]] = lambda *_: (),
        health: Callable[[], Mapping[str, Any]] | None = None,
        *,
        shared: bool = False,
    ) -> None:
        self._health = health
        self._shared = shared
        self._told: dict[str, str] = {}
        self._limit = TokenBuckets[str | None](PER_SECOND, BURST)
        self._outbox = outbox
        self._changes = changes
        self._readings, self._rejected = BoothCounter(), BoothCounter()
        self._surplus = surplus
        self._counters = counters
        self._client_id = client_id
        self._clock = clock
        self._states = states
        self._seconds = 0
        self._backlog = FairBuffer[str](BACKLOG)
        self.left_out = 0

    def observe(self, batch: Batch) -> None:
        """Count the readings and the rejections of a batch that is on disk."""
        senders = Counter([reading.address.booth for reading in batch.readings])
        for sender, count in senders.items():
            self._readings.add(sender, count=count)
        for item in batch.rejections:
            self._rejected.add(item.booth, item.code.value)
            if self._health is not None:
                self._tell(item)
        for booth, code in batch.counted:
            self._rejected.add(booth, code)

    def _tell(self, rejection: Rejection) -> None:
        """Write a rejection for the wall of all, unless its booth has very many."""
        now, booth = self._clock.monotonic(), rejection.booth
        if not self._limit.delay(booth, now):
            self._limit.consume(booth, now, booth)
            self._backlog.add(booth, rejected_line(rejection))

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(1)

    async def step(self) -> None:
        """Write the rows of one second."""
        now = self._clock.now()
        add = self._backlog.add
        changes, lost = self._changes.pop_all()
        self.left_out += sum(lost.values())
        for change in [] if self._shared else changes:
            add(change.address.booth, state_line(change))
        counters = self._health_lines(now)
        if self._seconds % INTERVAL == 0:
            counters.append(counters_line(self._client_id, self._counters(), now))
            for (booth, code), count in self._rejected.pop_all().items():
                add(booth, rejections_line(booth, code, count, now))
            for (name, outcome), count in self._surplus().items():
                add(name, surplus_line(name, outcome, count, now))
            turns = STATES_EVERY // INTERVAL
            turn = self._seconds // INTERVAL % turns
            for state in () if self._shared else self._states(turn, turns):
                add(state.address.booth, state_line(state))
        if self._seconds % READINGS_EVERY == 0:
            for (sender, _), count in self._readings.pop_all().items():
                add(sender, readings_line(sender, count, now))
        self._seconds += 1
        await self._write([*counters, *self._backlog], now)

    def _health_lines(self, now: int) -> list[str]:
        """The hub's health as one of several: when a part's state changes, and now and then."""
        if self._health is None:
            return []
        health = self._health()
        told = {name: str(part["state"]) for name, part in health["parts"].items()}
        if told == self._told and self._seconds % INTERVAL:
            return []
        self._told = told
        return [health_line(self._client_id, health, now)]

    async def _write(self, lines: Iterable[str], now: int) -> None:
        text = "\n".join(lines)
        if not text:
            return
        try:
            await self._outbox.commit(Commit(text.encode(), last_arrival=now, own=True))
        except OutboxError:
            # No room: readings come first. The next row of counters supersedes this one; the other
            # rows wait in a bounded backlog.
            return
        _, lost = self._backlog.pop_all()
        self.left_out += sum(lost.values())
        if self.left_out:
            log.warning("%d rows of the hub's own were left out for want of room", self.left_out)
            self.left_out = 0
