"""Clock steps: detects them by the monotonic clock, and which timestamps they make wrong. Pure."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from hub.clock import SECOND, Clock, instant
from hub.timestamps import rfc3339

TOLERANCE = 2 * SECOND
"""A step by no more than this is none (ns): a leap second is one second."""
KEPT = 10
"""Settings of the clock that are remembered; the oldest go first."""
INTERVAL = 1.0
"""Seconds between two looks."""


class WrongStamps(NamedTuple):
    """Timestamps from `start` to `stop`, as allocated, are `ahead` of the true time (ns)."""

    start: int
    stop: int
    ahead: int

    def as_json(self) -> dict[str, Any]:
        """Return them as health shows them."""
        return {
            "from": rfc3339(self.start, 3),
            "to": rfc3339(self.stop, 3),
            "ahead_s": round(self.ahead / SECOND),
        }


@dataclass(slots=True)
class _Setting:
    """The clock between two steps: its `offset` from the monotonic one, its first and last time."""

    offset: int
    start: int
    stop: int


class ClockSteps:
    """Detects steps of a clock, and corrects its earlier settings by the present one.

    A clock is set because it was wrong, so its present setting counts as right; an earlier setting
    with the same offset (set wrong, then right) was right too. This persists over a restart of the
    hub; over one of the machine the monotonic clock restarts: what was found wrong until then stays
    so, and only a clock that went back is detected.

    Args:
        clock: the clock.
        kept: what `kept` returned before the restart.
        last: the last stamp before the restart, in ns.
    """

    def __init__(self, clock: Clock, kept: Mapping[str, Any] | None = None, last: int = 0) -> None:
        self._clock = clock
        known = kept or {}
        self._found = deque((WrongStamps(*item) for item in known.get("wrong", ())), KEPT)
        self._settings = deque((_Setting(*item) for item in known.get("settings", ())), KEPT)
        now = instant(clock)
        self._looked = now.monotonic
        if self._settings:
            self._settings[-1].stop = max(self._settings[-1].stop, last)
            if not clock.boot or known.get("boot") != clock.boot:
                self._conclude(now.wall)
        self._set(now.wall - now.monotonic, now.wall, now.wall)
        self._news = True

    def _conclude(self, wall: int) -> None:
        """Judge what was before the machine was started, by its last setting for want of more."""
        last = self._settings[-1]
        if last.stop - wall > TOLERANCE:  # it was ahead, so nothing can be judged by it
            self._found.append(WrongStamps(last.start, last.stop, last.stop - wall))
        else:
            self._found.extend(self._judged())
        self._settings.clear()

    def _set(self, offset: int, start: int, stop: int) -> bool:
        """Go on with a setting, or begin with it if it is another; return whether it is."""
        if self._settings and abs(self._settings[-1].offset - offset) <= TOLERANCE:
            self._settings[-1].stop = stop
            return False
        self._settings.append(_Setting(offset, start, stop))
        return True

    def update(self) -> bool:
        """Look whether the clock stepped; return whether there is something to keep."""
        now, before = instant(self._clock), self._settings[-1]
        offset = now.wall - now.monotonic
        # It stepped some time since the last look: each setting may have lasted until here.
        if self._set(offset, self._looked + offset, now.wall):
            before.stop = now.monotonic + before.offset
            self._news = True
        self._looked = now.monotonic
        news, self._news = self._news, False
        return news

    def _judged(self) -> list[WrongStamps]:
        right = self._settings[-1].offset
        found = [WrongStamps(item.start, item.stop, item.offset - right) for item in self._settings]
        return [item for item in found if abs(item.ahead) > TOLERANCE]

    @property
    def wrong(self) -> Sequence[WrongStamps]:
        """Stamps that are wrong by the clock as it is now, the newest last."""
        return [*self._found, *self._judged()][-KEPT:]

    def kept(self) -> dict[str, Any]:
        """Return what must be known after a restart, JSON-typed."""
        settings = [astuple(item) for item in self._settings]
        return {"boot": self._clock.boot, "settings": settings, "wrong": list(self._found)}
