"""Clocks: the system's, and a held one for tests; unique times of arrival."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

SECOND = 1_000_000_000
"""One second in nanoseconds."""
STRIDE = 100
"""Nanoseconds from one time of arrival to the next of the same batch."""
_SLACK = SECOND
"""A clock that steps back by no more than this is waited for: stamps go on from the last one."""
_BOOT_TIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # counts a suspended laptop too
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """The interface of a clock: the time of day, and a monotonic time."""

    @property
    def boot(self) -> str:
        """The id of the boot since which `monotonic` counts; empty if it is unknown."""
        ...

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch; they may step."""
        ...

    def monotonic(self) -> int:
        """Return nanoseconds that never step nor stop, for durations."""
        ...


class SystemClock:
    """The system's clocks."""

    def __init__(self) -> None:
        try:
            self.boot = _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            self.boot = ""

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch."""
        return time.time_ns()

    def monotonic(self) -> int:
        """Return the nanoseconds since the machine was started."""
        return time.clock_gettime_ns(_BOOT_TIME)


class HeldClock:
    """A clock that stands still until it is advanced or set."""

    boot = ""

    def __init__(self, now: int = 1_760_000_000 * SECOND) -> None:
        self._now = now
        # Far from the time of day, so that confusing the two fails.
        self._monotonic = 1_000 * SECOND + now % SECOND

    def now(self) -> int:
        """Return the nanoseconds since the Unix epoch at which the clock is held."""
        return self._now

    def monotonic(self) -> int:
        """Return how far the clock was moved on, in ns, from some beginning."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Advance the clock by `seconds`."""
        self.pass_by(round(seconds * SECOND))

    def pass_by(self, nanoseconds: int) -> None:
        """Advance the clock by nanoseconds; it never goes back."""
        if nanoseconds < 0:
            raise ValueError(f"{nanoseconds} ns cannot pass; hold_at sets the clock back")
        self._now += nanoseconds
        self._monotonic += nanoseconds

    def hold_at(self, now: int) -> None:
        """Set the time of day, in ns, as one sets a clock: it steps, and no time passes."""
        self._now = now


class Instant(NamedTuple):
    """A point in time: `wall` to show, `monotonic` for durations (both in ns)."""

    wall: int
    monotonic: int


NEVER = Instant(0, 0)


def instant(clock: Clock) -> Instant:
    """Return the clock's current time of both kinds."""
    return Instant(clock.now(), clock.monotonic())


class Arrivals:
    """Allocates times of arrival in ns: the clock's time, and none twice.

    Two stamps of one *track* differ by a multiple of `STRIDE`, so each track has a remainder by
    `STRIDE` of its own, and within a track stamps only go up. Hence no two stamps are equal,
    whatever the clock does, as long as `lasts`, the latest stamp of each track, is known: the
    outbox keeps it in the transaction that keeps what was stamped, so also after a restart within
    the same moment. A clock that does not go back needs one track. After a step back by more than a
    second, another track is used, whose latest stamp is not ahead. Only a clock that went back 100
    times, each time behind all times before, leaves no such track; then the one that is least ahead
    is used, still without repeating any.

    A stamp is behind the clock by less than `STRIDE`. It is ahead by at most a second, after a step
    back by that much, and by `STRIDE` for each message that came in the same moment.

    Args:
        clock: what they are the times of.
        lasts: as it was before the restart; the track that was used last stands last.
    """

    def __init__(self, clock: Clock, lasts: Iterable[int] = ()) -> None:
        self._clock = clock
        self.lasts = list(lasts) or [0]

    @property
    def last(self) -> int:
        """The time that was allocated last."""
        return self.lasts[-1]

    def now(self) -> int:
        """Return the clock's time, which may step."""
        return self._clock.now()

    def monotonic(self) -> int:
        """Return the clock's time for durations."""
        return self._clock.monotonic()

    def allocate(self, count: int, now: int) -> int:
        """Allocate `count` times at `now`, `STRIDE` apart; return the first."""
        last = self.lasts[-1]
        if last - now > _SLACK:
            last = self._change_track(now)
        first = max(now - (now - last) % STRIDE, last + STRIDE)
        self.lasts[-1] = first + (count - 1) * STRIDE
        return first

    def _change_track(self, now: int) -> int:
        """Switch to the track that is furthest behind, or to a new one if that is ahead as well."""
        last = min(self.lasts)
        if last > now and len(self.lasts) < STRIDE:
            last = min({*range(STRIDE)} - {item % STRIDE for item in self.lasts})
        else:
            self.lasts.remove(last)
        self.lasts.append(last)
        return last
