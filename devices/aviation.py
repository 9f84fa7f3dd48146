"""Mobility, in the air: a drone above the stands of the hall."""

from random import Random
from typing import Any

from devices.drive import Drive
from devices.hall import HALL_FLIGHT, hall_route
from devices.physics import Battery, Walk, chance, clamp, slide
from devices.thing import START_HOUR, Thing

_ROUTE = hall_route(HALL_FLIGHT)
#: Metres along the route within which its pads lie.
_PADS = 5.0


class Drone(Thing):
    """Takes off, flies some laps above the stands at about 6 m, lands, and charges.

    Out of 95 Wh it takes 260 W in the air and 8 W on the ground, and charges with 350 W; it comes
    down at once when less than 25 % is left or its failsafe says so.
    """

    stride = 0.5
    FULL, LOW = 88.0, 25.0
    CLIMB, SINK = 1.0, 0.7  # m/s

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        pad = random.uniform(0, _PADS)
        self._drive = Drive(random, _ROUTE, cruise=1.8, pull=0.8, stops={pad: (2, 4)}, start=pad)
        self.battery = Battery(95, random.uniform(86, 98))
        self.state = "on_ground"
        self.altitude = 0.0
        self.climb = 0.0
        self.failsafe = False
        self._pause = random.uniform(5, 60)
        self._laps = 1
        self._level = 6.0
        self._wind = Walk(random, 0.0, 0.2, 6.0)
        self._sky = Walk(random, 17.0, 1.6, 40.0)

    def advance(self, seconds: float) -> None:
        """Do what the phase of flight asks for."""
        self._wind.step(seconds)
        self._sky.step(seconds)
        before = self.altitude
        match self.state:
            case "on_ground":
                self._rest(seconds)
            case "takeoff":
                self._rise(seconds)
            case "in_air":
                self._fly(seconds)
            case _:
                self._sink(seconds)
        self.climb = (self.altitude - before) / seconds

    def _rest(self, seconds: float) -> None:
        self._pause -= seconds
        self.battery.drain(8, seconds)
        self.battery.charge(350, seconds)
        if self._pause <= 0 and self.battery.level >= self.FULL:
            self.take_off()

    def take_off(self) -> None:
        """Start the next flight now."""
        self.state, self.failsafe = "takeoff", False
        self._level = self.random.uniform(5, 8)
        self._laps = self.random.randint(2, 4)

    def _rise(self, seconds: float) -> None:
        self.battery.drain(310, seconds)
        self.altitude = slide(self.altitude, self._level, self.CLIMB * seconds)
        if self.altitude >= self._level:
            self.state = "in_air"

    def _fly(self, seconds: float) -> None:
        self.battery.drain(260, seconds)
        self.altitude = slide(self.altitude, self._level + self._wind.value, 0.8 * seconds)
        if self._drive.advance(seconds):
            self._laps -= 1
        if chance(self.random, seconds, 2400.0):
            self.failsafe = True
        if self._laps <= 0 or self.failsafe or self.battery.level < self.LOW:
            self.state = "landing"

    def _sink(self, seconds: float) -> None:
        self.battery.drain(230, seconds)
        self._drive.brake(seconds)
        self.altitude = slide(self.altitude, 0.0, self.SINK * seconds)
        if self.altitude <= 0:
            self.state, self.failsafe = "on_ground", False
            self._pause = self.random.uniform(20, 90)

    def reading(self) -> dict[str, Any]:
        """Return the altitude above the pad to a decimetre, the position to about 10 cm."""
        drive = self._drive
        place = _ROUTE.place(drive.distance)
        return {
            "altitude": round(self.altitude, 1),
            "latitude": round(place.latitude, 6),
            "longitude": round(place.longitude, 6),
            "speed": round(drive.speed, 1),
            "climb": round(self.climb, 2),
            "heading": round(place.heading, 1) % 360,
            "battery": round(self.battery.level, 1),
            "satellites": round(clamp(self._sky.value, 8, 24)),
            "state": self.state,
            "failsafe": self.failsafe,
        }
