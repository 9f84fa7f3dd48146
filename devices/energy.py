"""IoT, electrical energy: the meter where a stand with chargers is connected to the grid."""

from random import Random
from typing import Any

from devices.day import crowd, sun
from devices.physics import Battery, Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing


class PowerMeter(Thing):
    """Lights and a charger take, panels of 9 kWp give, and a battery of 14 kWh evens it out.

    What the sun leaves over is sold: then power is negative, and the other counter runs. The
    voltage falls by 10 mV for each ampere.
    """

    stride = 5.0
    PANELS, CHARGER, BATTERY = 9_000.0, 7_000.0, 3_000.0  # W

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.battery = Battery(14_000, random.uniform(30, 80))
        self.energy = random.uniform(2_000, 6_000)
        self.exported = random.uniform(200, 900)
        self.power = 0.0
        self._car = random.random() < 0.5
        self._charging = 0.0
        self._clouds = Walk(random, 0.75, 0.2, 300.0)
        self._lights = Walk(random, 1_200.0, 60.0, 120.0)
        self._mains = Walk(random, 221.0, 0.8, 120.0)
        self._grid = Walk(random, 60.0, 0.015, 60.0)
        self._factor = Walk(random, 0.97, 0.006, 60.0)

    def advance(self, seconds: float) -> None:
        """Take, give, and count both."""
        for walk in (self._clouds, self._lights, self._mains, self._grid, self._factor):
            walk.step(seconds)
        if chance(self.random, seconds, 900.0):
            self._car = not self._car
        self._charging = approach(self._charging, self.CHARGER * self._car, seconds, 8.0)
        wanted = max(0.0, self._lights.value) * (0.4 + 0.6 * crowd(self.hour)) + self._charging
        given = self.PANELS * sun(self.hour) * clamp(self._clouds.value, 0.1, 1.0)
        self.power = self._evened(wanted - given, seconds)
        counted = self.power * seconds / 3.6e6
        self.energy += max(0.0, counted)
        self.exported += max(0.0, -counted)

    def _evened(self, watts: float, seconds: float) -> float:
        """What the grid has to do with, once the battery has taken or given its part."""
        if watts < 0:
            return watts + self.battery.charge(min(-watts, self.BATTERY), seconds)
        drawn = min(watts, self.BATTERY) if self.battery.level > 20 else 0.0
        self.battery.drain(drawn, seconds)
        return watts - drawn

    def reading(self) -> dict[str, Any]:
        """Return what the meter's chip resolves."""
        factor = round(clamp(self._factor.value, 0.9, 0.999), 3)
        current = self.power / (self._mains.value * factor)
        return {
            "power": round(self.power),
            "voltage": round(self._mains.value - 0.01 * current, 1),
            "current": round(current, 2),
            "frequency": round(self._grid.value, 2),
            "power_factor": factor,
            "energy": round(self.energy, 3),
            "energy_exported": round(self.exported, 3),
            "state_of_charge": round(self.battery.level, 1),
        }
