"""Updates of the hub and of a booth in the live stream, so that pages need not poll."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from hub.errors import BoothError
from hub.live.device import written

LOOK = 1.0
"""Seconds between two looks at a booth, however many pages show it."""
SLOW = 5.0
"""Seconds between two updates of which only counts and values differ: phones pay for each."""
OFTEN = 2.0
"""The same for the hub's own counts, which walls show."""
SUBJECTS = 1_000
"""Booths of which the latest update is kept; of more it is made again for each page."""
_COUNTS = ("devices", "readings", "rejections", "heard")

Settled = Callable[[dict[str, Any]], object]
"""Selects what of a subject is sent as soon as it changes; the rest goes every `SLOW` seconds."""


class StreamUpdate(NamedTuple):
    """The state of a subject as JSON, and when it was made (s)."""

    at: float
    json: str
    settled: str
    """The same without counts and values."""


class StreamEvents:
    """Makes the updates of a subject, at most once in `LOOK` seconds, for all of its pages."""

    def __init__(
        self,
        details: Callable[[str], Awaitable[dict[str, Any]]],
        settled: Settled,
        slow: float | None = None,
    ) -> None:
        self._details, self._settled, self._slow = details, settled, slow
        self._latest: dict[str, StreamUpdate] = {}
        self._making = asyncio.Lock()

    async def since(self, subject: str, known: StreamUpdate | None) -> StreamUpdate | None:
        """Return the update of a subject for a page that has `known`; None if it needs none."""
        try:
            update = await self._of(subject)
        except BoothError:  # the log says so; the page keeps what it shows
            return None
        if known is None or update.settled != known.settled:
            return update
        changed = update.json != known.json and update.at - known.at >= (self._slow or SLOW)
        return update if changed else None

    async def _of(self, subject: str) -> StreamUpdate:
        async with self._making:
            now, latest = asyncio.get_running_loop().time(), self._latest.get(subject)
            if latest is not None and now - latest.at < LOOK:
                return latest
            made = await self._details(subject)
            update = StreamUpdate(now, written(made), written(self._settled(made)))
            if len(self._latest) >= SUBJECTS:
                self._latest.clear()
            self._latest[subject] = update
            return update


def settled_booth(details: dict[str, Any]) -> dict[str, Any]:
    """Return what `/api/booths/{booth}` says, without counts and values."""
    quota = details["quota"]
    return {
        **{name: value for name, value in details.items() if name not in _COUNTS},
        "quota": quota and quota["over"],
    }


def settled_hub(said: dict[str, Any]) -> dict[str, Any]:
    """Return what `/api/health` says, without messages and figures."""
    health = said["health"]
    parts = {name: part["state"] for name, part in health["parts"].items()}
    return {**health, "parts": parts}
