"""Updates of a booth in the live stream, so that its pages need not poll."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from hub.errors import BoothError
from hub.live.device import written

LOOK = 1.0
"""Seconds between two looks at a booth, however many pages show it."""
SLOW = 5.0
"""Seconds between two updates of which only counts and values differ: phones pay for each."""
BOOTHS = 1_000
"""Booths of which the latest update is kept; of more it is made again for each page."""
_COUNTS = ("devices", "readings", "rejections", "heard")


class BoothUpdate(NamedTuple):
    """What is to be said of a booth, and when it was made (s)."""

    at: float
    json: str
    settled: str
    """The same without counts and values."""


class BoothEvents:
    """Makes the updates of a booth, at most once in `LOOK` seconds, for all of its pages."""

    def __init__(self, details: Callable[[str], Awaitable[dict[str, Any]]]) -> None:
        self._details = details
        self._latest: dict[str, BoothUpdate] = {}
        self._making = asyncio.Lock()

    async def since(self, booth: str, known: BoothUpdate | None) -> BoothUpdate | None:
        """Return the update of a booth for a page that has `known`; None if it needs none."""
        try:
            news = await self._of(booth)
        except BoothError:  # the log says so; the page keeps what it shows
            return None
        if known is None or news.settled != known.settled:
            return news
        changed = news.json != known.json and news.at - known.at >= SLOW
        return news if changed else None

    async def _of(self, booth: str) -> BoothUpdate:
        async with self._making:
            now, latest = asyncio.get_running_loop().time(), self._latest.get(booth)
            if latest is not None and now - latest.at < LOOK:
                return latest
            made = await self._details(booth)
            news = BoothUpdate(now, written(made), written(_settled(made)))
            if len(self._latest) >= BOOTHS:
                self._latest.clear()
            self._latest[booth] = news
            return news


def _settled(details: dict[str, Any]) -> dict[str, Any]:
    quota = details["quota"]
    return {
        **{name: value for name, value in details.items() if name not in _COUNTS},
        "quota": quota and quota["over"],
    }
