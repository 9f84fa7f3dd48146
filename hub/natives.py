"""Whose topics outside the root are: by the zone file and by the accounts, while both change."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from hub.booths.registry import Registry
from hub.dialects.memory import Memories
from hub.errors import BoothError
from hub.pipeline.translate import Dialects, Native
from hub.plan import ZonePlan

EVERY = 2.0
"""Seconds between two looks at the accounts' file, which `hub booth add --native` writes."""


class Natives:
    """Knows the topics that booths' devices use by themselves, and follows their changes."""

    def __init__(self, plan: ZonePlan, registry: Registry, memories: Memories) -> None:
        self._plan, self._registry, self._memories = plan, registry, memories
        self._used: list[Native] = []

    def dialects(self) -> Dialects:
        """Return what translation needs to know of the zone file and the accounts."""
        zone, self._used = self._plan.zone, self._all()
        return Dialects(self._memories, self._used, zone.kinds_planned(), zone.event.timezone)

    def _all(self) -> list[Native]:
        zone = self._plan.zone
        found = [Native(pattern, booth, name) for booth, pattern, name in zone.natives()]
        with contextlib.suppress(BoothError):  # the pages tell that the file cannot be read
            found += [
                Native(pattern, booth, item.dialect)
                for booth, account in self._registry.booths().items()
                for item in account.native
                for pattern in item.topics
            ]
        return list(dict.fromkeys(found))

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Call a function when the accounts have given topics to a booth, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if self._all() != self._used:
                await changed()
