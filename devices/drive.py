"""Driving along a loop: speeding up, braking in time, waiting at stops."""

import math
from collections.abc import Mapping
from random import Random

from devices.physics import clamp, slide
from devices.route import Loop

#: How near to a stop, in metres, is there.
_THERE = 0.3
#: Below this speed, in m/s, something creeps to its stop.
_CREEP = 0.15

#: The least and the most seconds that something waits.
Wait = tuple[float, float]


class Drive:
    """The place and speed of something that drives round and round a loop.

    `cruise` is its speed in m/s, `pull` how hard it speeds up and brakes in m/s², `stops` says
    where (metres along the loop) it waits how long. It starts standing, at `start` metres or
    anywhere.
    """

    def __init__(
        self,
        random: Random,
        loop: Loop,
        *,
        cruise: float,
        pull: float = 1.0,
        stops: Mapping[float, Wait] | None = None,
        start: float | None = None,
    ) -> None:
        self._random = random
        self.loop = loop
        self.cruise = cruise
        self.pull = pull
        self._stops = dict(sorted((stops or {}).items()))
        self.distance = random.uniform(0, loop.length) if start is None else start
        self.speed = 0.0
        self.waiting = 0.0
        self.stop, self._to = self._following()
        self.at: float | None = None

    @property
    def left(self) -> float:
        """Metres to the next stop."""
        return self._to - self.distance

    def advance(self, seconds: float) -> bool:
        """Drive or wait for `seconds`; return whether a stop was just reached.

        While it waits, `at` is the stop where it does, else `None`; `stop` is the next one.
        """
        if self.waiting > 0:
            self.waiting = max(0.0, self.waiting - seconds)
            return False
        self.at = None
        braking = math.sqrt(2 * self.pull * max(self.left - _THERE, 0.0))
        target = max(min(self.cruise, braking), _CREEP)
        speed = slide(self.speed, target, self.pull * seconds)
        # A step is coarse: what would pass the braking curve follows it.
        self.speed = clamp(min(speed, target), 0, max(self.left, 0.0) / seconds)
        self.distance += self.speed * seconds
        if self.left <= _THERE:
            self._arrive()
            return True
        return False

    def brake(self, seconds: float, hard: float = 1.0) -> None:
        """Come to a standstill, or stay there, `hard` times as hard as usual."""
        self.speed = slide(self.speed, 0.0, self.pull * hard * seconds)
        self.distance = min(self.distance + self.speed * seconds, self._to)

    def _arrive(self) -> None:
        self.distance, self.speed, self.at = self._to, 0.0, self.stop
        self.waiting = self._random.uniform(*self._stops[self.stop])
        self.stop, self._to = self._following()

    def _following(self) -> tuple[float, float]:
        """The next stop, and its distance from the very beginning."""
        lap, along = divmod(self.distance + _THERE, self.loop.length)
        start = lap * self.loop.length
        for stop in self._stops:
            if stop > along:
                return stop, start + stop
        if not self._stops:
            return 0.0, math.inf
        first = next(iter(self._stops))
        return first, start + self.loop.length + first
