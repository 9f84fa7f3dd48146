"""Smart home, what runs for years on a button cell: contacts, presence, safety, climate."""

from random import Random
from typing import Any

from devices.day import crowd, sun
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing

_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 86_400.0


class _Wireless(Thing):
    """A sensor with a battery that lasts two years, and a radio."""

    stride = 10.0
    LASTS = 730 * _DAY
    LOW = 15.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.battery = random.uniform(35, 100)
        self._signal = Walk(random, random.uniform(-78, -55), 2.5, 120.0)

    def advance(self, seconds: float) -> None:
        """The battery runs down, the radio has its moods."""
        self.battery = max(0.0, self.battery - 100 * seconds / self.LASTS)
        self._signal.step(seconds)

    def _radio(self) -> dict[str, Any]:
        return {
            "battery": round(self.battery, 1),
            "signal": round(clamp(self._signal.value, -100, -30)),
        }


class ContactSensor(_Wireless):
    """On a window: visitors try it, and somebody shuts it again; seldom one pulls it off."""

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.is_open = False
        self._pulled_off = 0.0

    def advance(self, seconds: float) -> None:
        """Open and shut: the more often the more people there are."""
        super().advance(seconds)
        every = 4 * _MINUTE if self.is_open else 10 * _MINUTE / max(crowd(self.hour), 0.1)
        if chance(self.random, seconds, every):
            self.is_open = not self.is_open
        self._pulled_off = max(0.0, self._pulled_off - seconds)
        if chance(self.random, seconds, 16 * _HOUR):
            self._pulled_off = self.random.uniform(60, 180)

    def reading(self) -> dict[str, Any]:
        """Return the contact and the sensor's own state."""
        return {
            "is_open": self.is_open,
            "tamper": self._pulled_off > 0,
            **self._radio(),
            "battery_low": self.battery < self.LOW,
        }


class PresenceSensor(_Wireless):
    """In a show room: somebody is there the more often the fuller the hall; then the light is on.

    Daylight comes through the window, 250 lx at most.
    """

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.occupied = random.random() < crowd(self.hour)
        self._lit = 320.0 if self.occupied else 0.0
        self._daylight = Walk(random, 1.0, 0.15, 10 * _MINUTE)

    def advance(self, seconds: float) -> None:
        """Visitors come and go; the light follows."""
        super().advance(seconds)
        busy = clamp(crowd(self.hour), 0.02, 0.95)
        every = 6 * _MINUTE * (busy if self.occupied else 1 - busy)
        if chance(self.random, seconds, every):
            self.occupied = not self.occupied
        self._lit = approach(self._lit, 320.0 if self.occupied else 0.0, seconds, 2.0)
        self._daylight.step(seconds)

    def reading(self) -> dict[str, Any]:
        """Return whether somebody is there, and how light it is."""
        daylight = 250 * sun(self.hour) * max(0.1, self._daylight.value)
        return {
            "occupied": self.occupied,
            "illuminance": round(4 + self._lit + daylight),
            **self._radio(),
            "battery_low": self.battery < self.LOW,
        }


class SafetySensor(_Wireless):
    """In a show kitchen, where something is shown to it every few hours; it warns of just that."""

    DANGERS = ("smoke", "gas", "carbon_monoxide", "water_leak")

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.danger = ""
        self._lasts = 0.0

    def advance(self, seconds: float) -> None:
        """Something is shown to the sensor, or over again."""
        super().advance(seconds)
        self._lasts -= seconds
        if self._lasts <= 0:
            self.danger = ""
        if not self.danger and chance(self.random, seconds, 3 * _HOUR):
            self.danger = self.random.choice(self.DANGERS)
            self._lasts = self.random.uniform(60, 180)

    def reading(self) -> dict[str, Any]:
        """Return the alarm, which is that of any danger."""
        dangers = {name: name == self.danger for name in self.DANGERS}
        return {"alarm": bool(self.danger), **dangers, "tamper": False, **self._radio()}


class ClimateSensor(_Wireless):
    """On a shelf in the hall: people warm the air and make it damp, the light is on by day."""

    stride = 30.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._temperature = Walk(random, 21.5, 0.5, 30 * _MINUTE)
        self._humidity = Walk(random, 40.0, 2.0, 30 * _MINUTE)
        self._pressure = Walk(random, 1018.0, 3.0, 6 * _HOUR)
        self._light = Walk(random, 1.0, 0.05, 5 * _MINUTE)

    def advance(self, seconds: float) -> None:
        """The air of the hall changes slowly."""
        super().advance(seconds)
        for walk in (self._temperature, self._humidity, self._pressure, self._light):
            walk.step(seconds)

    def reading(self) -> dict[str, Any]:
        """Return the air, the light, and the sensor's own state."""
        people = crowd(self.hour)
        lamps = 380 if 8 < self.hour < 20 else 15
        return {
            "temperature": round(self._temperature.value + 2.2 * people, 1),
            "humidity": round(clamp(self._humidity.value + 8 * people, 15, 85), 1),
            "pressure": round(self._pressure.value, 1),
            "illuminance": round(lamps * clamp(self._light.value, 0.7, 1.3)),
            **self._radio(),
        }
