"""The few laws that the models share: first-order lag, mean-reverting noise, batteries, chance."""

import math
from dataclasses import dataclass
from random import Random

#: Above this state of charge, in %, a lithium-ion charger goes from constant current to constant
#: voltage and its power falls; the usual figure for packs in vehicles and robots.
TAPER_FROM = 80.0
#: What is left of the power at 100 %.
TAPER_FLOOR = 0.06


def clamp(value: float, low: float, high: float) -> float:
    """Return `value`, or the end of `low`..`high` that it lies beyond."""
    return min(max(value, low), high)


def chance(random: Random, seconds: float, every: float) -> bool:
    """Whether an event that comes `every` so many seconds on average came within `seconds`.

    The events are a Poisson process: P = 1 - exp(-seconds / every).
    """
    return random.random() < -math.expm1(-seconds / every)


def approach(value: float, target: float, seconds: float, tau: float) -> float:
    """Return where a first-order lag with time constant `tau` (s) is after `seconds`.

    The exact solution of dx/dt = (target - x) / tau, so any step is stable.
    """
    return target + (value - target) * math.exp(-seconds / tau)


def slide(value: float, target: float, largest: float) -> float:
    """Return `value` moved towards `target` by at most `largest`."""
    return value + clamp(target - value, -largest, largest)


class Walk:
    """A value that wanders about a mean: an Ornstein-Uhlenbeck process, discretised exactly.

    `spread` is its standard deviation in the long run, `tau` (s) how long it remembers.
    """

    def __init__(self, random: Random, mean: float, spread: float, tau: float) -> None:
        self._random = random
        self.mean = mean
        self.spread = spread
        self.tau = tau
        self.value = random.gauss(mean, spread)

    def step(self, seconds: float) -> float:
        """Let `seconds` pass and return the value."""
        kept = math.exp(-seconds / self.tau)
        noise = self.spread * math.sqrt(1 - kept * kept)
        self.value = self.mean + (self.value - self.mean) * kept + self._random.gauss(0, noise)
        return self.value


def taper(level: float) -> float:
    """Return the share (0 to 1) of its full power that a charger gives at `level` %."""
    if level <= TAPER_FROM:
        return 1.0
    fallen = (level - TAPER_FROM) / (100 - TAPER_FROM)
    return max(TAPER_FLOOR, 1 - (1 - TAPER_FLOOR) * fallen)


@dataclass(slots=True)
class Battery:
    """A battery of `capacity` Wh, charged to `level` % (0 to 100)."""

    capacity: float
    level: float

    def drain(self, watts: float, seconds: float) -> None:
        """Take `watts` for `seconds`."""
        self._move(-watts, seconds)

    def charge(self, watts: float, seconds: float) -> float:
        """Charge with up to `watts` for `seconds`; return the power taken, less above 80 %."""
        power = watts * taper(self.level)
        self._move(power, seconds)
        return power

    def _move(self, watts: float, seconds: float) -> None:
        self.level = clamp(self.level + watts * seconds / 36 / self.capacity, 0, 100)
