"""Digital twin: the link between a thing and its twin."""

from random import Random
from typing import Any

from devices.day import crowd
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing


class TwinLink(Thing):
    """A link over the hall's network: some 80 ms behind, more when the hall is full.

    While the link is cut the twin grows older by a second each second and what it shows drifts
    off; then it catches up. The clocks drift apart by 15 ppm and are set again now and then.
    """

    stride = 0.5
    RATE = 20.0  # Hz
    DRIFT = 0.015  # ms a second: 15 ppm
    LATE = 500.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.lag = 80.0
        self.objects = random.randint(180, 640)
        self.lost = 0
        self.offset = random.uniform(-4, 4)
        self.rate = self.RATE
        self.frames = 60.0
        self.deviation = 0.6
        self.cut = 0.0
        self._network = Walk(random, random.uniform(55, 85), 9.0, 20.0)
        self._burst = 0.0
        self._gpu = Walk(random, 0.0, 1.2, 10.0)

    def advance(self, seconds: float) -> None:
        """The network has its moods, the twin follows."""
        self._network.step(seconds)
        self._gpu.step(seconds)
        self._happen(seconds)
        if self.cut > 0:
            self.cut -= seconds
            self.lag += 1000 * seconds
            self.lost += round(self.RATE * seconds)
        else:
            steady = max(15.0, self._network.value * (1 + 0.8 * crowd(self.hour))) + self._burst
            self.lag = approach(self.lag, steady, seconds, 2.0)
        self.rate = approach(self.rate, 0.0 if self.cut > 0 else self.RATE, seconds, 1.5)
        wrong = 0.4 + self.lag / 300
        self.deviation = approach(self.deviation, wrong, seconds, 3.0)
        heavy = 60 - 8 * crowd(self.hour) - self.lag / 400
        self.frames = approach(self.frames, clamp(heavy, 24, 60), seconds, 4.0)

    def _happen(self, seconds: float) -> None:
        self._burst = approach(self._burst, 0.0, seconds, 8.0)
        if chance(self.random, seconds, 120.0):
            self._burst = self.random.uniform(80, 450)
            self.lost += self.random.randint(0, 4)
        if self.cut <= 0 and chance(self.random, seconds, 1200.0):
            self.cut = self.random.uniform(3, 15)
        if chance(self.random, seconds, 240.0):
            self.objects = max(1, self.objects + self.random.randint(-6, 6))
        self.offset += self.DRIFT * seconds
        if abs(self.offset) > 6 or chance(self.random, seconds, 256.0):
            self.offset = self.random.gauss(0, 0.8)

    def reading(self) -> dict[str, Any]:
        """Return the state of the link; in sync means less than half a second behind."""
        return {
            "lag": round(self.lag, 1),
            "synced": self.lag < self.LATE,
            "deviation": round(clamp(self.deviation, 0, 100), 2),
            "update_rate": round(self.rate, 1),
            "clock_offset": round(self.offset, 2),
            "objects": self.objects,
            "lost_updates": self.lost,
            "frame_rate": round(clamp(self.frames + self._gpu.value, 10, 62), 1),
        }
