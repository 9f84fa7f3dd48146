"""The plan: the zone file as it was last read without a mistake, read again while the hub runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from hub.errors import ZoneError
from hub.event.zone import Zone, load

log = logging.getLogger("hub.event.zone")

Follower = Callable[[Zone], Awaitable[None]]


class ZonePlan:
    """Holds the zone file; whoever needs it asks for `zone` each time, or follows.

    `error` is why the file was not taken when it was last read, if it was not.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._reading = asyncio.Lock()
        self._followers: list[Follower] = []
        self.zone = load(path)
        self.error: ZoneError | None = None

    def open_at(self, now: int) -> bool:
        """Whether the exhibition is open at a time (ns)."""
        return self.zone.event.open_at(now)

    def follow(self, follower: Follower) -> None:
        """Call a function with the zone whenever the file was read again and is another."""
        self._followers.append(follower)

    async def reload(self) -> Zone:
        """Read the file again; one with a mistake changes nothing.

        Raises:
            ZoneError: it cannot be read or is invalid, or there is none.
        """
        if self._path is None:
            raise ZoneError(
                "HUB_ZONE: is not set, so there is no zone file to read again",
                ko="HUB_ZONE을 설정하지 않아 다시 읽을 존 파일이 없습니다",
            )
        async with self._reading:
            try:
                zone = await asyncio.to_thread(load, self._path)
            except ZoneError as exc:
                self.error = exc
                log.error("%s; the zone file of before stays in force", exc)
                raise
            self.error = None
            if zone != self.zone:
                self.zone = zone
                for follower in self._followers:
                    await follower(zone)
            log.info("the zone file was read again: %d booths", len(zone.booth))
        return zone
