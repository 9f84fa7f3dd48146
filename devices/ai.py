"""AI: a camera at a gate that counts people."""

from random import Random
from typing import Any

from devices.day import crowd
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing


class VisionAi(Thing):
    """People come into view at random and stay a while, more of them when the hall is full.

    A queue without limit (M/M/infinity): arrivals at `crowd` times the gate's busiest, each stays
    `DWELL` seconds on average. The network is slower, less sure and warmer the more it sees.
    """

    stride = 1.0
    BUSIEST = 0.7  # persons a second
    DWELL = 50.0
    FRAMES = 30.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._share = random.uniform(0.6, 1.0)
        self.people = round(self._arrivals() * self.DWELL)
        self.exited = round(6000 * self._share * crowd(self.hour))
        self.entered = self.exited + self.people
        self.dwell = self.DWELL
        self.blocked = 0.0
        self.gpu_temperature = 55.0
        self._load = Walk(random, 0.0, 2.0, 8.0)
        self._sure = Walk(random, 0.0, 0.015, 12.0)

    def _arrivals(self) -> float:
        """Persons a second who come into view now."""
        return self.BUSIEST * self._share * crowd(self.hour)

    def advance(self, seconds: float) -> None:
        """People come and go, the processor follows."""
        self._come_and_go(seconds)
        self._load.step(seconds)
        self._sure.step(seconds)
        self.dwell = approach(self.dwell, self.DWELL * (0.7 + 0.6 * crowd(self.hour)), seconds, 120)
        self.blocked = max(0.0, self.blocked - seconds)
        if chance(self.random, seconds, 3000.0):
            self.blocked = self.random.uniform(5, 20)
        self.gpu_temperature = approach(
            self.gpu_temperature, 34 + 0.42 * self._gpu_load(), seconds, 90.0
        )

    def _come_and_go(self, seconds: float) -> None:
        came = _poisson(self.random, self._arrivals() * seconds)
        went = sum(chance(self.random, seconds, self.DWELL) for _ in range(self.people))
        self.entered += came
        self.exited += went
        self.people += came - went

    def _seen(self) -> int:
        return 0 if self.blocked else self.people

    def _gpu_load(self) -> float:
        return clamp(32 + 1.1 * self._seen() + self._load.value, 0, 100)

    def reading(self) -> dict[str, Any]:
        """Return what the network says of the last second."""
        seen, load = self._seen(), self._gpu_load()
        sure = 0.12 if self.blocked else 0.93 - 0.0022 * seen + self._sure.value
        return {
            "people": seen,
            "entered": self.entered,
            "exited": self.exited,
            "dwell_time": round(self.dwell, 1),
            "confidence": round(clamp(sure, 0, 1), 3),
            "latency": round(16 + 0.35 * seen + 0.4 * abs(self._load.value), 1),
            "frame_rate": round(clamp(self.FRAMES - max(0.0, load - 70) * 0.3, 5, 30), 1),
            "gpu_load": round(load, 1),
            "gpu_temperature": round(self.gpu_temperature, 1),
            "camera_blocked": self.blocked > 0,
            "model": "gate-counter 2.1",
        }


def _poisson(random: Random, mean: float) -> int:
    """How many independent events come when `mean` are expected: waiting times until 1 is over."""
    events, waited = 0, 0.0
    while mean > 0 and (waited := waited + random.expovariate(mean)) < 1:
        events += 1
    return events
