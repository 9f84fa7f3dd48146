"""Mobility, standing: a charging point and the vehicles that come to it."""

from random import Random
from typing import Any

from devices.phases import Phase, Phases
from devices.physics import Battery, approach, slide
from devices.thing import START_HOUR, Thing

_POINT = {
    "available": Phase(60, 420, {"connected": 30, "reserved": 4, "faulted": 1}),
    "reserved": Phase(60, 240, {"connected": 1}),
    "connected": Phase(6, 20, {"charging": 1}),
    "charging": Phase(1e9, 1e9, {"suspended": 1}),
    "suspended": Phase(40, 240, {"available": 1}),
    "faulted": Phase(30, 90, {"available": 1}),
}
_PLUGGED = frozenset({"connected", "charging", "suspended"})


class EvCharger(Thing):
    """A 100 kW point with CCS1; vehicles of 58 to 84 kWh leave it at 85 to 100 %.

    Power rises by 8 kW a second and tapers above 80 %; the pack's voltage rises with its charge;
    the connector warms with the square of the current, 0.9 mK for each A².
    """

    stride = 1.0
    FULL_POWER = 100.0  # kW
    RAMP = 8.0  # kW a second

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._point = Phases(random, _POINT, "available")
        self.vehicle = Battery(77_000, 40.0)
        self.power = 0.0
        self.energy = 0.0
        self.session = 0.0
        self.connector = 22.0
        self._until = 90.0
        if random.random() < 0.7:
            self.plug_in(random.uniform(15, 80))

    @property
    def status(self) -> str:
        """What the point does."""
        return self._point.name

    def plug_in(self, level: float) -> None:
        """Connect a vehicle charged to `level` % and begin to charge it."""
        self._arrive(level)
        self._point.enter("charging")

    def _arrive(self, level: float) -> None:
        self.vehicle = Battery(self.random.choice((58_000, 72_600, 77_400, 84_000)), level)
        self.energy = self.session = 0.0
        self._until = self.random.uniform(85, 100)

    def advance(self, seconds: float) -> None:
        """Vehicles come, charge, and leave."""
        if self._point.step(seconds) and self._point.name == "connected":
            self._arrive(self.random.uniform(12, 60))
        if self.status in _PLUGGED:
            self.session += seconds
        self._charge(seconds)
        self.connector = approach(self.connector, 22 + 0.0009 * self._current() ** 2, seconds, 300)

    def _charge(self, seconds: float) -> None:
        if self.status != "charging":
            self.power = slide(self.power, 0.0, 40 * seconds)
            return
        offered = slide(self.power, self.FULL_POWER, self.RAMP * seconds)
        self.power = self._draw(offered, seconds)
        self.energy += self.power * seconds / 3600
        if self.vehicle.level >= self._until - 0.05:
            self._point.enter("suspended")

    def _draw(self, offered: float, seconds: float) -> float:
        """What the vehicle takes of the offered kW; the taper is of the full power."""
        before = self.vehicle.level
        allowed = self.vehicle.charge(self.FULL_POWER * 1000, 0) / 1000
        power = min(offered, allowed)
        self.vehicle.level = min(
            100.0, before + power * 1000 * seconds / 36 / self.vehicle.capacity
        )
        return power

    def _voltage(self) -> float:
        return 620 + 1.4 * self.vehicle.level + 0.25 * self.power

    def _current(self) -> float:
        return self.power * 1000 / self._voltage()

    def reading(self) -> dict[str, Any]:
        """Return the point; what is measured at a vehicle only while there is one."""
        said: dict[str, Any] = {
            "status": self.status,
            "power": round(self.power, 1),
            "connector_temperature": round(self.connector, 1),
            "connector": "ccs1",
            "ground_fault": self.status == "faulted",
        }
        if self.status in _PLUGGED:
            said |= {
                "energy": round(self.energy, 2),
                "state_of_charge": round(self.vehicle.level, 1),
                "voltage": round(self._voltage(), 1),
                "current": round(self._current(), 1),
                "session_time": round(self.session / 60, 1),
            }
        return said
