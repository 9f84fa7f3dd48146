"""Controls of a replay, for who watches it: pause, step, speed, position."""

import asyncio

KEYS = "space pauses, . plays one message, + and - change the speed, ← and → go 10 s back and on"
_FASTEST = 1_024.0
_SEEK = {"\x1b[C": 10, "\x1b[D": -10}


class Controls:
    """The keys that were pressed, or requests of the wall; the speed is multiplied by `factor`.

    `seek` is where to go, in seconds from where it is, until `sought` takes it.
    """

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._steps = 0
        self.paused = False
        self.factor = 1.0
        self.seek = 0.0

    def press(self, key: str) -> None:
        """Take a key: see `KEYS`; others do nothing."""
        if key == " ":
            self.paused = not self.paused
        elif key == ".":
            self.paused = True
            self._steps += 1
        elif key in {"+", "-"}:
            factor = self.factor * (2 if key == "+" else 0.5)
            self.factor = min(_FASTEST, max(1 / _FASTEST, factor))
        elif key in _SEEK:
            self.seek += _SEEK[key]
        self._changed.set()

    def want(
        self,
        *,
        paused: bool | None = None,
        steps: int = 0,
        factor: float | None = None,
        seek: float = 0.0,
    ) -> None:
        """Apply a request; `seek` in seconds from where it is."""
        self.paused = self.paused if paused is None else paused
        if steps:
            self.paused = True
            self._steps += steps
        if factor is not None:
            self.factor = min(_FASTEST, max(1 / _FASTEST, factor))
        self.seek += seek
        self._changed.set()

    def step(self) -> bool:
        """Return whether one message is to be played though it is paused."""
        wanted = self._steps > 0
        self._steps -= wanted
        return wanted

    def sought(self) -> float:
        """Return where to go, once."""
        seek, self.seek = self.seek, 0.0
        return seek

    async def change(self, seconds: float | None = None) -> bool:
        """Wait for a key, so many seconds at most; return whether there was one."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True
