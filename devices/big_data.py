"""Big data: a pipeline that works on a stream of records."""

from random import Random
from typing import Any

from devices.day import crowd
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing


class StreamMeter(Thing):
    """Records come with the visitors and in bursts; what the job cannot work off waits.

    d(lag)/dt = arrivals - worked off. A restart works off nothing for a while and is then behind.
    """

    stride = 1.0
    BYTES = 292.0  # a record

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.capacity = random.uniform(14_000, 20_000)
        self.lag = 300.0
        self.errors = random.randint(0, 20)
        self.restarts = 0
        self.checkpoint = 800.0
        self.pressure = 5.0
        self.worked = 0.0
        self._burst = 1.0
        self._down = 0.0
        self._noise = Walk(random, 1.0, 0.05, 12.0)

    @property
    def state(self) -> str:
        """Whether the job runs."""
        return "restarting" if self._down > 0 else "running"

    def restart(self, seconds: float) -> None:
        """Take the job down for `seconds`."""
        self._down = seconds
        self.restarts += 1

    def advance(self, seconds: float) -> None:
        """Take in, work off, fall behind, catch up."""
        self._happen(seconds)
        came = self._arrivals() * seconds
        able = 0.0 if self._down > 0 else self.capacity * seconds
        done = min(self.lag + came, able)
        self.lag = max(self.lag + came - done, 0.0)
        self.worked = approach(self.worked, done / seconds, seconds, 1.5)
        busy = clamp(self.lag / self.capacity, 0, 1)
        self.pressure = approach(self.pressure, 3 + 90 * busy, seconds, 6.0)
        self.checkpoint = approach(self.checkpoint, 700 + 2600 * busy, seconds, 20.0)

    def _arrivals(self) -> float:
        usual = self.capacity * (0.15 + 0.6 * crowd(self.hour))
        return max(0.0, usual * self._burst * self._noise.value)

    def _happen(self, seconds: float) -> None:
        self._noise.step(seconds)
        self._burst = approach(self._burst, 1.0, seconds, 18.0)
        self._down = max(0.0, self._down - seconds)
        if chance(self.random, seconds, 150.0):
            self._burst = self.random.uniform(1.5, 3.0)
        if chance(self.random, seconds, 90.0):
            self.errors += self.random.randint(1, 6)
        if self._down <= 0 and chance(self.random, seconds, 1800.0):
            self.restart(self.random.uniform(8, 25))

    def reading(self) -> dict[str, Any]:
        """Return the job's metrics."""
        waiting = self.lag + 0.012 * self.worked
        return {
            "records_rate": round(self.worked),
            "bytes_rate": round(self.worked * self.BYTES),
            "lag": int(waiting),
            "latency": round(60 + 1000 * self.lag / self.capacity + 40 * self._noise.value, 1),
            "errors": self.errors,
            "backpressure": round(clamp(self.pressure, 0, 100), 1),
            "checkpoint_time": round(self.checkpoint),
            "restarts": self.restarts,
            "state": self.state,
        }
