"""Rate-limits a repeating log message with exponential back-off. Pure."""

from collections.abc import Callable

FIRST, LONGEST = 1.0, 300.0
"""Seconds until the same may be logged again: the first pause, and the longest."""


class LogThrottle:
    """Rate-limits one message; the pause doubles while it repeats, and is reset after a quiet time.

    Args:
        now: the time in seconds; it must not step.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._pause = FIRST
        self._next = float("-inf")
        self.throttled = 0

    def due(self) -> bool:
        """Whether to log now; `throttled` counts the calls since the last time it was not due."""
        now = self._now()
        if now < self._next:
            self.throttled += 1
            return False
        quiet = now - self._next > LONGEST
        self._pause = FIRST if quiet else min(LONGEST, 2 * self._pause)
        self._next = now + self._pause
        return True

    def pop_throttled(self) -> int:
        """Return how often it was throttled, and reset the count."""
        throttled, self.throttled = self.throttled, 0
        return throttled
