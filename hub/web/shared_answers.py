"""Answers that cost something, made once for all who ask at about the same time."""

import asyncio
from collections.abc import Awaitable, Callable

from hub.clock import Clock
from hub.timestamps import SECOND

KEPT = 8
"""Answers that are kept; of more the one that nobody asked for longest goes."""


class SharedAnswers:
    """Makes answers one at a time, and gives each to whoever asks within so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._kept_for = round(seconds * SECOND)
        self._made: dict[str, tuple[int, bytes]] = {}
        self._making = asyncio.Lock()

    async def of(self, clock: Clock, asked: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return the answer to what is asked; raises as `make` does, which is then tried again."""
        async with self._making:
            made = self._made.pop(asked, None)
            if made is None or clock.monotonic() - made[0] >= self._kept_for:
                made = (clock.monotonic(), await make())
            self._made[asked] = made
            if len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
            return made[1]
