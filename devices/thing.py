"""What every demo device is: a thing that lives for some seconds and then says how it is."""

import math
from abc import ABC, abstractmethod
from random import Random
from typing import Any, ClassVar

#: The hour of the day at which a thing starts unless told otherwise: the doors opened at ten.
START_HOUR = 11.0
_HOUR = 3600.0


class Thing(ABC):
    """A model of one device: pure, without clock or I/O, and the same for the same seed.

    All that is left to chance comes out of `random`; `hour` (0 to 24, local time) is the time of
    day in the model at the start. The same seed and the same steps give the same readings.
    """

    #: The longest piece of time, in seconds, that `advance` is asked to bridge at once.
    stride: ClassVar[float] = 1.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        self.random = random
        self.seconds = hour * _HOUR

    @property
    def hour(self) -> float:
        """The time of day in the model, in hours from 0 up to 24."""
        return (self.seconds / _HOUR) % 24

    def step(self, seconds: float) -> dict[str, Any]:
        """Let `seconds` (not negative) pass and return the reading at their end."""
        if seconds < 0:
            raise ValueError(f"seconds: {seconds} is negative; time only goes forward")
        pieces = math.ceil(seconds / self.stride)
        for _ in range(pieces):
            self.seconds += seconds / pieces
            self.advance(seconds / pieces)
        return self.reading()

    @abstractmethod
    def advance(self, seconds: float) -> None:
        """Move the model on by `seconds`, at most about `stride`."""

    @abstractmethod
    def reading(self) -> dict[str, Any]:
        """Return the payload that the device would publish now, rounded as its sensors are."""
