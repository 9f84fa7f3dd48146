"""Robotics, moving: mobile robots in the aisles, a humanoid on its stage."""

import math
from random import Random
from typing import Any, NamedTuple

from devices.day import crowd
from devices.drive import Drive
from devices.phases import Phase, Phases
from devices.physics import Battery, Walk, approach, chance, clamp
from devices.route import AISLE_LOOP, Loop
from devices.thing import START_HOUR, Thing

#: Stations of the mobile robots along the aisle loop, in metres; it charges at the first one.
_DOCK = 4.0
_STATIONS = (_DOCK, 38.0, 74.0, 105.0)


class MobileRobot(Thing):
    """Carries goods from station to station around the middle row, and charges at its dock.

    It draws 190 W driving and 45 W standing out of 480 Wh, and charges with 700 W.
    """

    stride = 0.5
    LOW, FULL = 45.0, 90.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        stops = dict.fromkeys(_STATIONS, (6.0, 18.0))
        self._drive = Drive(random, Loop(AISLE_LOOP), cruise=1.1, pull=0.5, stops=stops)
        self.battery = Battery(480, random.uniform(45, 90))
        self.load = random.choice((0.0, 20.0, 35.0))
        self.state = "driving"
        self.e_stop = False
        self._held = 0.0
        self._score = Walk(random, 0.94, 0.02, 15.0)
        self._away = random.uniform(-0.4, 0.4)

    def advance(self, seconds: float) -> None:
        """Hold for who stands in the way, charge, handle goods, or drive on."""
        self._score.step(seconds)
        watts = 190.0 if self._drive.speed > 0 else 45.0
        if self.state == "charging":
            self._charge(seconds)
            return
        self.battery.drain(watts, seconds)
        if self._held > 0:
            self._hold(seconds)
            return
        self._go(seconds)
        self._happen(seconds)

    def _charge(self, seconds: float) -> None:
        self.battery.charge(700, seconds)
        if self.battery.level >= self.FULL:
            self.state = "idle"

    def _hold(self, seconds: float) -> None:
        self._held -= seconds
        self._drive.brake(seconds, 4.0)
        if self._held <= 0:
            self.state, self.e_stop = "driving", False

    def _go(self, seconds: float) -> None:
        if self._drive.advance(seconds):
            self._arrive()
        elif self._drive.waiting <= 0:
            self.state = "driving"

    def _arrive(self) -> None:
        if self._drive.at == _DOCK and self.battery.level < self.LOW:
            self.state, self.load = "charging", 0.0
            return
        self.state = "loading"
        self.load = self.random.choice((0.0, 12.5, 20.0, 35.0, 50.0))

    def _happen(self, seconds: float) -> None:
        if self._drive.speed < 0.3:
            return
        if chance(self.random, seconds, 150 / max(crowd(self.hour), 0.05)):
            self.state, self._held = "blocked", self.random.uniform(2, 8)
        elif chance(self.random, seconds, 5400.0):
            self.state, self._held, self.e_stop = "paused", self.random.uniform(10, 25), True

    def reading(self) -> dict[str, Any]:
        """Return the position in metres on the hall's floor plan."""
        spot = self._drive.loop.spot(self._drive.distance)
        return {
            "state": self.state,
            "x": round(spot.x, 2),
            "y": round(spot.y + self._away, 2),
            "heading": round(spot.heading, 1),
            "speed": round(self._drive.speed, 2),
            "battery": round(self.battery.level, 1),
            "load": self.load,
            "localization_score": round(clamp(self._score.value, 0.6, 1.0), 3),
            "field_violation": self.state == "blocked",
            "e_stop": self.e_stop,
        }


class Act(NamedTuple):
    """What an act of the humanoid takes: m/s, W, and the motors' temperature in the long run."""

    speed: float
    watts: float
    warm: float


_ACTS = {
    "standby": Act(0.0, 60, 30),
    "standing": Act(0.0, 180, 44),
    "walking": Act(0.75, 460, 66),
    "handling": Act(0.0, 330, 58),
    "talking": Act(0.0, 210, 45),
    "charging": Act(0.0, 40, 30),
    "fallen": Act(0.0, 90, 36),
}
_SHOW = {
    "standby": Phase(20, 60, {"standing": 1}),
    "standing": Phase(5, 25, {"walking": 4, "handling": 3, "talking": 3, "standby": 0.4}),
    "walking": Phase(15, 60, {"standing": 60, "handling": 20, "fallen": 1}),
    "handling": Phase(20, 60, {"standing": 2, "walking": 1}),
    "talking": Phase(15, 60, {"standing": 1}),
    "charging": Phase(1e9, 1e9, {"standing": 1}),
    "fallen": Phase(15, 40, {"standing": 1}),
}


class Humanoid(Thing):
    """Gives its show on a stage: walks, handles things, talks to people, seldom falls.

    Out of 900 Wh; it sways with its gait, 0.45 m a step.
    """

    stride = 0.25
    STEP = 0.45

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._show = Phases(random, _SHOW, "standing")
        self.battery = Battery(900, random.uniform(50, 95))
        self.speed = 0.0
        self.walked = random.uniform(200, 1500)
        self.motor = 42.0
        self.power = 180.0
        self.payload = 0.0
        self.e_stop = False
        self.lying = 0.0
        self._sway = Walk(random, 0.0, 0.8, 1.5)

    def advance(self, seconds: float) -> None:
        """Go on with the show, feel it in motors and battery."""
        if self._show.step(seconds):
            self._begin()
        act = _ACTS[self._show.name]
        self.speed = approach(self.speed, act.speed, seconds, 0.7)
        self.walked += self.speed * seconds
        self.power = approach(self.power, act.watts + 20 * self.payload, seconds, 2.0)
        self.motor = approach(self.motor, act.warm, seconds, 150.0)
        self.lying = approach(self.lying, self._show.name == "fallen", seconds, 0.4)
        self._sway.step(seconds)
        self._feed(seconds)

    def _begin(self) -> None:
        name = self._show.name
        self.payload = self.random.choice((0.5, 1.0, 2.5, 4.0)) if name == "handling" else 0.0
        self.e_stop = name == "fallen"

    def _feed(self, seconds: float) -> None:
        if self._show.name == "charging":
            self.battery.charge(800, seconds)
            if self.battery.level >= 92:
                self._show.enter("standing")
            return
        self.battery.drain(self.power, seconds)
        if self.battery.level < 18 and self._show.name in {"standing", "standby"}:
            self._show.enter("charging")

    def reading(self) -> dict[str, Any]:
        """Return the act and the body."""
        gait = math.sin(math.pi * self.walked / self.STEP) * min(1.0, self.speed / 0.5)
        return {
            "state": self._show.name,
            "battery": round(self.battery.level, 1),
            "speed": round(self.speed, 2),
            "roll": round(2.6 * gait + 0.4 * self._sway.value + 8 * self.lying, 1),
            "pitch": round(2.5 + 2 * self.speed + self._sway.value + 82 * self.lying, 1),
            "motor_temperature": round(self.motor, 1),
            "power": round(max(0.0, self.power * (1 + 0.03 * self._sway.value))),
            "payload": self.payload,
            "steps": int(self.walked / self.STEP),
            "e_stop": self.e_stop,
        }
