"""Mobility: shared scooters on the streets around COEX, self-driving shuttles in the hall."""

from random import Random
from typing import Any, NamedTuple

from devices.drive import Drive, Wait
from devices.hall import SHUTTLE_LOOP, hall_route
from devices.phases import Phase, Phases
from devices.physics import Battery, Walk, approach, chance
from devices.route import TOMBS_LOOP, Route
from devices.thing import START_HOUR, Thing

_KMH = 3.6
_TOMBS = Route(TOMBS_LOOP)
_HALL = hall_route(SHUTTLE_LOOP)
#: How long one stands at a crossing.
_CROSSING: Wait = (0.0, 35.0)
#: How long one looks around a corner of the hall.
_CORNER: Wait = (0.0, 2.0)

_HIRE = {
    "available": Phase(60, 400, {"reserved": 1, "on_trip": 2}),
    "reserved": Phase(30, 120, {"on_trip": 9, "available": 1}),
    "on_trip": Phase(240, 1100, {"available": 1}),
    "non_operational": Phase(90, 300, {"available": 1}),
}


class Scooter(Thing):
    """A shared scooter between hires, ridden along Teheran-ro, Seolleung-ro and Bongeunsa-ro.

    Out of 460 Wh it takes 14 Wh a kilometre; below 15 % the service team changes the battery.
    """

    stride = 1.0
    PER_KM = 14.0  # Wh
    LOW = 15.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        lights = dict.fromkeys(_TOMBS.corners, _CROSSING)
        self._drive = Drive(random, _TOMBS, cruise=5.5, pull=0.9, stops=lights)
        self._hire = Phases(random, _HIRE, random.choice(("available", "on_trip")))
        self.battery = Battery(460, random.uniform(30, 100))
        self.odometer = random.uniform(200, 4000)
        self.warmth = 18.0
        self.tipped = 0.0

    @property
    def state(self) -> str:
        """Whether somebody rides it."""
        return self._hire.name

    def hire(self) -> None:
        """Begin a trip now."""
        self._hire.enter("on_trip")
        self.tipped = 0.0

    def advance(self, seconds: float) -> None:
        """Wait for a rider, ride, or be serviced."""
        before = self.state
        if self._hire.step(seconds):
            self._begin(before)
        self.tipped = max(0.0, self.tipped - seconds)
        if self.state == "on_trip":
            self._ride(seconds)
        else:
            self._drive.brake(seconds, 2.0)
        if self.state == "available" and chance(self.random, seconds, 3600.0):
            self.tipped = self.random.uniform(40, 200)
        warm = 18 + 2.2 * self._drive.speed
        self.warmth = approach(self.warmth, warm, seconds, 400.0)

    def _begin(self, before: str) -> None:
        self._drive.cruise = self.random.uniform(4.2, 6.6)
        if before == "non_operational":
            self.battery.level = self.random.uniform(95, 100)
        if self.state == "on_trip":
            self.tipped = 0.0

    def _ride(self, seconds: float) -> None:
        before = self._drive.distance
        self._drive.advance(seconds)
        metres = self._drive.distance - before
        self.odometer += metres / 1000
        self.battery.drain(3.0, seconds)
        self.battery.drain(self.PER_KM * 3.6 * metres, 1.0)
        if self.battery.level < self.LOW:
            self._hire.enter("non_operational")

    def reading(self) -> dict[str, Any]:
        """Return the position to about a metre, as its receiver does."""
        place = _TOMBS.place(self._drive.distance)
        return {
            "battery": round(self.battery.level, 1),
            "latitude": round(place.latitude, 5),
            "longitude": round(place.longitude, 5),
            "speed": round(self._drive.speed * _KMH, 1),
            "state": self.state,
            "remaining_range": round(
                self.battery.level / 100 * self.battery.capacity / self.PER_KM, 1
            ),
            "odometer": round(self.odometer, 2),
            "battery_temperature": round(self.warmth, 1),
            "locked": self.state != "on_trip",
            "tipped_over": self.tipped > 0,
        }


class Stop(NamedTuple):
    """A stop of the shuttle: its name, and where it is along the loop (0 to 1)."""

    name: str
    share: float


_STOPS = (
    Stop("북쪽 통로", 0.17),
    Stop("동쪽 통로", 0.42),
    Stop("남쪽 통로", 0.67),
    Stop("서쪽 통로", 0.92),
)


class Shuttle(Thing):
    """A shuttle of 11 seats through the aisles of the hall at up to 8 km/h.

    Out of 44 kWh it takes 0.6 kWh a kilometre and 1.8 kW for computers and air; below 25 % it
    charges with 50 kW at the stop in the east.
    """

    stride = 0.5
    SEATS = 11
    PER_METRE = 0.6 * 3600  # W s
    LOW, FULL = 25.0, 90.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._names = {stop.share * _HALL.length: stop.name for stop in _STOPS}
        self._depot = _STOPS[1].share * _HALL.length
        waits: dict[float, Wait] = dict.fromkeys(_HALL.corners, _CORNER)
        waits |= dict.fromkeys(self._names, (12.0, 25.0))
        self._drive = Drive(random, _HALL, cruise=2.2, pull=0.5, stops=waits)
        self.battery = Battery(44_000, random.uniform(40, 95))
        self.passengers = random.randint(0, self.SEATS)
        self.mode = "autonomous"
        self.takeovers = 0
        self.e_stop = False
        self._for = 0.0
        self._ahead = Walk(random, 12.0, 4.0, 8.0)

    def advance(self, seconds: float) -> None:
        """Drive, serve the stops, charge; now and then stop safely or hand over to the driver."""
        self._ahead.step(seconds)
        self.battery.drain(1800, seconds)
        if self.mode == "parked":
            self._charge(seconds)
        elif self.mode == "safe_stop":
            self._stand(seconds)
        else:
            self._travel(seconds)

    def _charge(self, seconds: float) -> None:
        self.battery.charge(50_000, seconds)
        if self.battery.level >= self.FULL:
            self.mode = "autonomous"

    def _stand(self, seconds: float) -> None:
        self._drive.brake(seconds, 3.0)
        self._for -= seconds
        if self._for <= 0:
            self.e_stop = False
            self._take_over()

    def _take_over(self) -> None:
        self.mode, self._for = "manual", self.random.uniform(20, 60)
        self.takeovers += 1

    def _travel(self, seconds: float) -> None:
        before = self._drive.distance
        if self._drive.advance(seconds):
            self._arrive()
        metres = self._drive.distance - before
        self.battery.drain(self.PER_METRE * metres, 1.0)
        if self.mode == "manual":
            self._for -= seconds
            if self._for <= 0:
                self.mode = "autonomous"
        elif self._drive.speed > 1:
            self._happen(seconds)

    def _arrive(self) -> None:
        if self._drive.at not in self._names:
            return
        off = self.random.randint(0, min(self.passengers, 5))
        on = self.random.randint(0, min(self.SEATS - self.passengers + off, 5))
        self.passengers += on - off
        if self._drive.at == self._depot and self.battery.level < self.LOW:
            self.mode, self.passengers = "parked", 0

    def _happen(self, seconds: float) -> None:
        if chance(self.random, seconds, 900.0):
            self.mode, self._for = "safe_stop", self.random.uniform(4, 12)
            self.e_stop = self.random.random() < 0.2
        elif chance(self.random, seconds, 1200.0):
            self._take_over()

    def _next_stop(self) -> str:
        later = [at for at in self._names if at >= self._drive.stop]
        return self._names[later[0] if later else next(iter(self._names))]

    def reading(self) -> dict[str, Any]:
        """Return the position to about 10 cm and who drives."""
        drive, place = self._drive, _HALL.place(self._drive.distance)
        near = 1.5 if self.mode == "safe_stop" else max(2.0, self._ahead.value)
        return {
            "speed": round(drive.speed * _KMH, 1),
            "latitude": round(place.latitude, 6),
            "longitude": round(place.longitude, 6),
            "heading": round(place.heading, 1) % 360,
            "mode": self.mode,
            "passengers": self.passengers,
            "next_stop": self._next_stop(),
            "battery": round(self.battery.level, 1),
            "obstacle_distance": round(near, 1),
            "takeovers": self.takeovers,
            "door_open": drive.at in self._names and drive.waiting > 2,
            "e_stop": self.e_stop,
        }
