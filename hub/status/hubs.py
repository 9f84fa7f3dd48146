"""What the hubs of a cluster wrote to the store about themselves, for the wall of all."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, NamedTuple

from hub.clock import Clock
from hub.counters import Accounts
from hub.errors import HubError
from hub.limits.fair import FairBuffer
from hub.live.devices import Live
from hub.messages import StateChange
from hub.pipeline.fence import StoreFence
from hub.pipeline.selfstats import BACKLOG, INTERVAL, STATES_EVERY, state_line
from hub.stores.store import DEVICE_STATE, HUB, HUB_HEALTH, REJECTED, Aggregate, Query, Store
from hub.stores.store import StoredRow as Row
from hub.timestamps import SECOND
from hub.topics import Address

POLL = 1.0
"""Seconds between two looks at the store."""
SILENT = 3 * INTERVAL * SECOND
"""How old (ns) a hub's newest row may be before the hub counts as silent."""
_FIRST, _AGAIN = 3_600 * SECOND, 60 * SECOND
_AHEAD = 60 * SECOND
"""How far the clock of a hub may be ahead of the wall's, in ns."""
_PAST = 7 * 86_400 * SECOND
_ROWS, _DEVICES = 10_000, 100_000
_MAX_HUBS = 1_000
_COUNTED = [item.name for item in fields(Accounts)]

log = logging.getLogger("hub.status.hubs")


class HubState(NamedTuple):
    """A hub's newest health: `at` a time in ns, `well` as it said, and why not, in both languages.

    `trouble` and `trouble_ko` are empty if every part is ok.
    """

    at: int
    well: bool
    trouble: str
    trouble_ko: str


class Hubs:
    """Reads what the hubs write: accounts, health, rejections, and which devices there were.

    With `judges` the hubs share each device's readings, and only who sees all can tell that one is
    silent: then the changes of state that the wall sees are written to the store.
    """

    def __init__(
        self, store: Store, fence: StoreFence, live: Live, clock: Clock, *, judges: bool
    ) -> None:
        self._store, self._fence, self._live, self._clock = store, fence, live, clock
        self._judges = judges
        self._accounts: dict[str, Accounts] = {}
        self._backlog = FairBuffer[str](BACKLOG)
        self._since = _FIRST
        self._recalled = False
        self._looks = 0
        self.states: dict[str, HubState] = {}
        self.error: str | None = None

    @property
    def accounts(self) -> Accounts:
        """The sum of the hubs' accounts, as each wrote them last."""
        kept = self._accounts.values()
        return Accounts(*(sum(getattr(item, name) for item in kept) for name in _COUNTED))

    async def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first, of one booth or of all.

        Raises:
            StoreUnavailable: the store did not answer.
        """
        rows = await self._rows(REJECTED.name, _PAST, limit=limit, booth=booth)
        return [json.loads(row.fields["body"]) for row in reversed(rows)]

    async def run(self) -> None:
        """Read and write until cancelled."""
        while True:
            try:
                await self.step()
            except HubError as exc:
                if self.error is None:
                    log.warning("%s", exc)
                self.error = str(exc)
            await asyncio.sleep(POLL)

    async def step(self) -> None:
        """Read what the hubs wrote last, and write what the wall alone can tell.

        Raises:
            StoreUnavailable: the store did not answer.
        """
        for row in await self._rows(HUB.name, self._since, limit=_ROWS):
            self._accounts[row.tags["client"]] = _accounts(row.fields)
        for row in await self._rows(HUB_HEALTH.name, self._since, limit=_ROWS):
            self.states[row.tags["client"]] = _state(row)
        _bound(self._accounts)
        _bound(self.states)
        self._since = _AGAIN
        if not self._recalled:
            await self._recall()
        await self._write_states()
        self.error = None

    async def _recall(self) -> None:
        """Show the devices that were there before this wall was."""
        query = Query(
            DEVICE_STATE.name,
            self._clock.now() - _PAST,
            self._clock.now() + _AHEAD,
            fields=("level",),
            every=2 * _PAST,
            aggregate=Aggregate.LAST,
            limit=_DEVICES,
        )
        rows = await self._fence.query(self._store, query)
        self._live.roster.recall(_addresses(rows))
        self._recalled = True

    async def _write_states(self) -> None:
        changes, _ = self._live.changes.pop_all()
        if not self._judges:
            return
        standing: Iterable[StateChange] = ()
        if self._looks % INTERVAL == 0:
            turns = STATES_EVERY // INTERVAL
            standing = self._live.states(self._looks // INTERVAL % turns, turns)
        self._looks += 1
        for change in (*changes, *standing):
            self._add(change)
        if lines := list(self._backlog):
            # One that is unavailable gets them with the next: they wait in a bounded backlog.
            await self._store.write(["\n".join(lines).encode()])
            self._backlog.pop_all()

    def _add(self, change: StateChange) -> None:
        self._backlog.add(change.address.booth, state_line(change))

    async def _rows(
        self, name: str, since: int, *, limit: int, booth: str | None = None
    ) -> list[Row]:
        now = self._clock.now()
        query = Query(name, now - since, now + _AHEAD, booth=booth, limit=limit)
        return await self._fence.query(self._store, query)


def _accounts(found: dict[str, Any]) -> Accounts:
    """The accounts in a row of `hub`; readings beyond one a message are `extra`."""
    extra = found.get("readings", 0) - found.get("accepted", 0)
    kept = {name: int(found.get(name, 0)) for name in _COUNTED}
    return Accounts(**(kept | {"extra": int(extra)}))


def _state(row: Row) -> HubState:
    well, said, said_ko = bool(row.fields.get("well")), list[str](), list[str]()
    with contextlib.suppress(ValueError, KeyError, TypeError):
        for part in json.loads(row.fields["body"])["parts"].values():
            if part["state"] != "ok":
                said.append(part["message"])
                said_ko.append(part["message_ko"])
    return HubState(row.ts, well, "; ".join(said), "; ".join(said_ko))


def _addresses(rows: Iterable[Row]) -> list[Address]:
    return [Address(*(row.tags[name] for name in ("booth", "kind", "device"))) for row in rows]


def _bound(known: dict[str, Any]) -> None:
    while len(known) > _MAX_HUBS:
        del known[next(iter(known))]
