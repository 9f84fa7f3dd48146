"""Mobility, what rides along: a tracker in a service van."""

from random import Random
from typing import Any

from devices.drive import Drive
from devices.physics import Battery, Walk, clamp
from devices.route import COEX_LOOP, Route
from devices.thing import START_HOUR, Thing

_KMH = 3.6
_ROUTE = Route(COEX_LOOP)


class Tracker(Thing):
    """A phone in a van that goes round COEX at up to 36 km/h, and waits at each crossing.

    Its battery lasts ten hours, and is charged in the van when it gets low.
    """

    LOW, FULL = 30.0, 97.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        crossings = dict.fromkeys(_ROUTE.corners, (0.0, 45.0))
        self._drive = Drive(random, _ROUTE, cruise=10.0, pull=1.2, stops=crossings)
        self.battery = Battery(15, random.uniform(40, 95))
        self.plugged_in = False
        self._sky = Walk(random, 6.0, 2.0, 40.0)
        self._height = Walk(random, 31.0, 1.5, 60.0)

    def advance(self, seconds: float) -> None:
        """Drive on; charge when the battery is low."""
        self._drive.advance(seconds)
        self._sky.step(seconds)
        self._height.step(seconds)
        self.battery.drain(1.5, seconds)
        if self.plugged_in:
            self.battery.charge(18, seconds)
        if self.battery.level < self.LOW or self.battery.level > self.FULL:
            self.plugged_in = self.battery.level < self.LOW

    def reading(self) -> dict[str, Any]:
        """Return the position to about a metre, as its receiver does."""
        place = _ROUTE.place(self._drive.distance)
        return {
            "latitude": round(place.latitude, 5),
            "longitude": round(place.longitude, 5),
            "altitude": round(self._height.value, 1),
            "accuracy": round(clamp(self._sky.value, 3, 25), 1),
            "speed": round(self._drive.speed * _KMH, 1),
            "heading": round(place.heading, 1) % 360,
            "battery": round(self.battery.level, 1),
        }
