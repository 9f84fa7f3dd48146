"""Doing one thing after another: phases of random length in a fixed order or by chance."""

from collections.abc import Mapping
from random import Random
from typing import NamedTuple


class Phase(NamedTuple):
    """What may last `least` to `most` seconds, and what follows it, with weights."""

    least: float
    most: float
    then: Mapping[str, float]


class Phases:
    """The phase that something is in; `name` is its name, `elapsed` and `left` are in seconds."""

    name: str
    elapsed: float
    left: float

    def __init__(self, random: Random, table: Mapping[str, Phase], first: str) -> None:
        self._random = random
        self._table = table
        self.enter(first)
        self.left = random.uniform(0, self.left)

    def enter(self, name: str) -> None:
        """Begin the phase called `name` now."""
        phase = self._table[name]
        self.name = name
        self.elapsed = 0.0
        self.left = self._random.uniform(phase.least, phase.most)

    def step(self, seconds: float) -> bool:
        """Let `seconds` pass; return whether a new phase began."""
        self.elapsed += seconds
        self.left -= seconds
        if self.left > 0:
            return False
        then = self._table[self.name].then
        self.enter(self._random.choices(list(then), list(then.values()))[0])
        return True
