"""Native topics, outside the root: maps each to its booth, by the zone file and the accounts."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from hub.booths.registry import Registry
from hub.dialects.memory import Memories
from hub.errors import BoothError
from hub.event.plan import ZonePlan
from hub.pipeline.dialect_routes import Dialects, Native
from hub.settings import Settings
from hub.topics import overlap

log = logging.getLogger("hub.booths.natives")

EVERY = 2.0
"""Seconds between two looks at the accounts' file, which `hub booth add --native` writes."""


def dialects_of(settings: Settings) -> Dialects:
    """Return what a program beside the hub needs to know of the zone file and the accounts.

    Raises:
        ZoneError: the zone file cannot be read or is invalid.
    """
    plan, registry = ZonePlan(settings.zone), Registry(settings.data)
    return Natives(settings.root, plan, registry, Memories()).dialects()


class Natives:
    """Maps native topics to booths, and follows changes of the zone file and the accounts."""

    def __init__(self, root: str, plan: ZonePlan, registry: Registry, memories: Memories) -> None:
        self._root = f"{root}/#"
        self._plan, self._registry, self._memories = plan, registry, memories
        self._used: list[Native] = []
        self._of_accounts: list[Native] = []
        self._said: set[str] = set()

    def dialects(self) -> Dialects:
        """Return what translation needs to know of the zone file and the accounts."""
        zone, self._used = self._plan.zone, self._all()
        return Dialects(self._memories, self._used, zone.kinds_planned(), zone.event.timezone)

    def _all(self) -> list[Native]:
        zone = self._plan.zone
        with contextlib.suppress(BoothError):  # the pages tell that the file cannot be read
            self._of_accounts = [
                Native(pattern, booth, item.dialect)
                for booth, account in self._registry.booths().items()
                for item in account.native
                for pattern in item.topics
            ]
        of_zone = [Native(pattern, booth, name) for booth, pattern, name in zone.natives()]
        found = list[Native]()
        for item in dict.fromkeys((*of_zone, *self._of_accounts)):
            # A broker sends a message once for each filter that it matches (MQTT-3.3.4).
            others = (self._root, *(other.pattern for other in found))
            taken = next((other for other in others if overlap(item.pattern, other)), None)
            if taken is None:
                found.append(item)
            else:
                self._say(f"{item.booth}: {item.pattern} is left out: it overlaps {taken}")
        return found

    def _say(self, words: str) -> None:
        if words not in self._said:
            log.warning("native topics: %s", words)
            self._said.add(words)

    async def follow(
        self, changed: Callable[[], Awaitable[None]], refused: Callable[[], bool]
    ) -> None:
        """Call a function when the accounts have given topics to a booth, until cancelled.

        Also while the broker has `refused` some: `hub booth add` gives the right to read them.
        """
        while True:
            await asyncio.sleep(EVERY)
            if self._all() != self._used or refused():
                await changed()
