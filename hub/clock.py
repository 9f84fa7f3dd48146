"""Time, as the hub asks for it: the system's clock, or one that a test holds in its hand."""

import time
from typing import Protocol

SECOND = 1_000_000_000
"""One second in nanoseconds."""


class Clock(Protocol):
    """Where the hub reads the time."""

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch."""
        ...


class SystemClock:
    """The system's clock. It may step; `Arrivals` keeps what the hub stamps in order."""

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch."""
        return time.time_ns()


class HeldClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: int = 1_760_000_000 * SECOND) -> None:
        self._now = now

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch at which the clock is held."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds`, back if negative."""
        self._now += round(seconds * SECOND)

    def hold_at(self, now: int) -> None:
        """Set the clock to a time, in ns."""
        self._now = now


class Arrivals:
    """Times of arrival in ns, strictly increasing whatever the clock does.

    `last` is the latest time given out, to be kept over a restart.
    """

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self.last = last

    def now(self) -> int:
        """Return the clock's time, which may go back."""
        return self._clock.now()

    def take(self, count: int) -> int:
        """Reserve `count` consecutive times and return the first of them."""
        first = max(self._clock.now(), self.last + 1)
        self.last = first + count - 1
        return first
