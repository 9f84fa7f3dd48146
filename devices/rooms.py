"""Smart home, the air of a room: thermostats and air quality monitors."""

from random import Random
from typing import Any

from devices.day import crowd, outdoor
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing

_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 86_400.0


class Room:
    """One room as a first-order thermal mass.

    dT/dt = (outside - T) / tau + warming: tau is 5 h with the window shut and 20 min with it
    open; full heating warms the air by 9 K an hour, full cooling cools it by as much.
    """

    SHUT = 5 * _HOUR
    OPEN = 20 * _MINUTE
    FULL_POWER = 9.0 / _HOUR

    def __init__(self, temperature: float, humidity: float = 42.0) -> None:
        self.temperature = temperature
        self.humidity = humidity
        self.window_open = False

    def advance(self, seconds: float, outside: float, power: float = 0.0) -> None:
        """Let `seconds` pass at `outside` °C with `power` from -1 (cooling) to 1 (heating)."""
        tau = self.OPEN if self.window_open else self.SHUT
        steady = outside + power * self.FULL_POWER * tau
        self.temperature = approach(self.temperature, steady, seconds, tau)
        damp = 58.0 if self.window_open else 42.0
        self.humidity = approach(self.humidity, damp, seconds, tau / 4)


class Thermostat(Thing):
    """A thermostat that visitors play with: they turn it up, open the window, change the mode."""

    stride = 5.0
    _MODES = ("heat", "heat", "heat", "heat", "auto", "auto", "cool", "off")

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.target = random.choice((21.0, 21.5, 22.0, 22.5, 23.0))
        self.room = Room(self.target + random.uniform(-2.0, 0.5), random.uniform(36, 48))
        self.mode = "heat"
        self.demand = 0.0
        self.battery = random.uniform(55, 99)
        self._noise = Walk(random, 0.0, 0.04, 30.0)

    def advance(self, seconds: float) -> None:
        """Visitors act, the valve follows the error, the room follows the valve."""
        self._play(seconds)
        cooling = self._cooling()
        wanted = self._wanted()
        self.demand = approach(self.demand, wanted, seconds, 40.0)
        power = self.demand / 100 - cooling
        self.room.advance(seconds, outdoor(self.hour), power)
        self.battery = max(0.0, self.battery - 1.5 * seconds / _DAY)
        self._noise.step(seconds)

    def _play(self, seconds: float) -> None:
        if chance(self.random, seconds, 8 * _MINUTE):
            self.target = clamp(self.target + self.random.choice((-1.5, -1, -0.5, 0.5, 1)), 19, 25)
        if chance(self.random, seconds, 12 * _MINUTE):
            self.mode = self.random.choice(self._MODES)
        every = 3 * _MINUTE if self.room.window_open else 15 * _MINUTE
        if chance(self.random, seconds, every):
            self.room.window_open = not self.room.window_open

    def _wanted(self) -> float:
        """The heating output in %: 70 % for each kelvin below the set point, none if open."""
        if self.mode in {"off", "cool"} or self.room.window_open:
            return 0.0
        return clamp((self.target - self.room.temperature) * 70 + 15, 0, 100)

    def _cooling(self) -> float:
        if self.mode not in {"cool", "auto"} or self.room.window_open:
            return 0.0
        return clamp(self.room.temperature - self.target - 0.3, 0, 1)

    def reading(self) -> dict[str, Any]:
        """Return temperature and humidity to a tenth, as such sensors resolve."""
        return {
            "temperature": round(self.room.temperature + self._noise.value, 2),
            "target": self.target,
            "humidity": round(clamp(self.room.humidity - 8 * self._noise.value, 0, 100), 1),
            "mode": self.mode,
            "demand": round(self.demand, 1),
            "window_open": self.room.window_open,
            "battery": round(self.battery, 1),
        }


#: Steps of the level by CO₂ in ppm and PM2.5 in µg/m³; the first step of each is good.
_CO2_STEPS = (800, 1000, 1400, 2000, 3500)
_PM_STEPS = (15, 35, 50, 75, 150)
_LEVELS = ("good", "fair", "moderate", "poor", "very_poor", "extremely_poor")


class AirQuality(Thing):
    """The air of a show room of 70 m³ with some visitors in it, and now and then something frying.

    The balance of CO₂ is that of a well-mixed room: each person adds 0.005 litres a second (light
    activity; A. Persily, L. de Jonge, Indoor Air 27, 2017), fresh air comes 3.5 times an hour.
    """

    stride = 5.0
    VOLUME = 70_000.0  # litres
    FRESH = 3.5 / _HOUR
    OUTSIDE_CO2 = 425.0
    BREATH = 0.005

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.people = round(9 * crowd(self.hour))
        self.co2 = self.OUTSIDE_CO2 + 73 * self.people
        self.dust = random.uniform(8, 18)
        self.vapours = random.uniform(80, 160)
        self.frying = 0.0
        self._temperature = Walk(random, 23.0, 0.6, 30 * _MINUTE)
        self._humidity = Walk(random, 44.0, 3.0, 30 * _MINUTE)
        self._noise = Walk(random, 0.0, 1.0, 20.0)

    def advance(self, seconds: float) -> None:
        """People come and go and breathe; dust and vapours rise, settle, and leave."""
        self._come_and_go(seconds)
        breath = self.people * self.BREATH / self.VOLUME * 1e6
        steady = self.OUTSIDE_CO2 + breath / self.FRESH
        self.co2 = approach(self.co2, steady, seconds, 1 / self.FRESH)
        fry = 1.0 if self.frying > 0 else 0.0
        dusty = 11 + 0.8 * self.people + 90 * fry
        self.dust = approach(self.dust, dusty, seconds, 4 * _MINUTE if fry else 12 * _MINUTE)
        smelly = 90 + 22 * self.people + 600 * fry
        self.vapours = approach(self.vapours, smelly, seconds, 6 * _MINUTE)
        for walk in (self._temperature, self._humidity, self._noise):
            walk.step(seconds)

    def _come_and_go(self, seconds: float) -> None:
        self.frying = max(0.0, self.frying - seconds)
        if crowd(self.hour) > 0.2 and chance(self.random, seconds, 25 * _MINUTE):
            self.frying = self.random.uniform(90, 240)
        if chance(self.random, seconds, 45.0):
            wanted = 10 * crowd(self.hour) * self.random.uniform(0.5, 1.4)
            self.people += (wanted > self.people) - (wanted < self.people)

    def reading(self) -> dict[str, Any]:
        """Return gas to 1 ppm or ppb, dust to a tenth, and the worse of the two levels."""
        noise = self._noise.value
        pm2_5 = max(0.0, self.dust + 0.4 * noise)
        co2 = max(400.0, self.co2 + 4 * noise)
        step = max(_step(co2, _CO2_STEPS), _step(pm2_5, _PM_STEPS))
        return {
            "co2": round(co2),
            "pm2_5": round(pm2_5, 1),
            "pm10": round(pm2_5 * 1.7 + 3, 1),
            "tvoc": round(max(0.0, self.vapours + 3 * noise)),
            "co": round(0.4 + self.dust / 60, 2),
            "temperature": round(self._temperature.value + 0.05 * self.people, 1),
            "humidity": round(clamp(self._humidity.value + 0.3 * self.people, 0, 100), 1),
            "level": _LEVELS[step],
        }


def _step(value: float, steps: tuple[int, ...]) -> int:
    return sum(value >= step for step in steps)
