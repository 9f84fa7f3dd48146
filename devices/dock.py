"""Robotics: the dock in which a drone waits and charges."""

from random import Random
from typing import Any

from devices.day import outdoor
from devices.phases import Phase, Phases
from devices.physics import Battery, Walk, approach, clamp
from devices.thing import START_HOUR, Thing

#: `charging` and `stopped` end by what happens, the others by the clock.
_DUTY = {
    "charging": Phase(1e9, 1e9, {"ready": 1}),
    "ready": Phase(120, 400, {"starting": 12, "stopped": 1}),
    "starting": Phase(25, 40, {"away": 1}),
    "away": Phase(500, 800, {"landing": 1}),
    "landing": Phase(30, 60, {"landed": 1}),
    "landed": Phase(20, 30, {"charging": 1}),
    "stopped": Phase(30, 90, {"ready": 1}),
}
_COVER_OPEN = frozenset({"starting", "landing", "landed"})
_AWAY = frozenset({"away", "landing"})


class Dock(Thing):
    """It opens, the drone leaves, comes back after ten minutes with its battery low, and charges.

    The drone takes 300 W out of 95 Wh in the air, and 220 W from the dock, whose inside is kept at
    24 °C but for the open cover. Now and then somebody presses the emergency stop on it.
    """

    FULL = 95.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._duty = Phases(random, _DUTY, "charging")
        self.drone = Battery(95, random.uniform(35, 94))
        self.inside = 24.0
        self._wind = Walk(random, 2.8, 1.1, 90.0)
        self._damp = Walk(random, 45.0, 3.0, 1800.0)

    def advance(self, seconds: float) -> None:
        """Go on with the drone's day."""
        self._duty.step(seconds)
        if self._duty.name in _AWAY:
            self.drone.drain(300, seconds)
        elif self._duty.name == "charging":
            self.drone.charge(220, seconds)
            if self.drone.level >= self.FULL:
                self._duty.enter("ready")
        open_ = self._duty.name in _COVER_OPEN
        air = outdoor(self.hour) if open_ else 24.0
        self.inside = approach(self.inside, air, seconds, 90.0 if open_ else 600.0)
        self._wind.step(seconds)
        self._damp.step(seconds)

    def reading(self) -> dict[str, Any]:
        """Return cover, drone, and the air outside and inside."""
        duty = self._duty.name
        return {
            "cover_open": duty in _COVER_OPEN,
            "occupied": duty not in _AWAY,
            "charging": duty == "charging",
            "e_stop": duty == "stopped",
            "temperature": round(outdoor(self.hour), 1),
            "inside_temperature": round(self.inside, 1),
            "humidity": round(clamp(self._damp.value, 20, 80), 1),
            "wind_speed": round(max(0.1, self._wind.value), 1),
            "battery": round(self.drone.level, 1),
        }
