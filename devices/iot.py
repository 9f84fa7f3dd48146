"""IoT: a weather and environment station in front of the hall."""

import math
from random import Random
from typing import Any

from devices.day import crowd, outdoor, sun
from devices.physics import Battery, Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing

_HOUR = 3600.0


class EnvironmentStation(Thing):
    """The weather of an October day: the sun's course, passing clouds, wind, seldom a shower.

    The relative humidity falls as the air warms at the same dew point (Magnus formula); the
    station lives on 40 Wh, a panel of 12 W and 0.7 W of its own.
    """

    stride = 10.0
    NOON = 78_000.0  # lux at the height of an October day

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.cloud = random.uniform(0.1, 0.7)
        self.rain = 0.0
        self._shower = 0.0
        self._warm = Walk(random, random.uniform(-1.5, 1.5), 0.5, 2 * _HOUR)
        self._dew = Walk(random, 7.5, 1.0, 3 * _HOUR)
        self._pressure = Walk(random, 1018.0, 3.0, 6 * _HOUR)
        self._wind = Walk(random, 2.4, 0.9, 120.0)
        self._gusts = Walk(random, 1.55, 0.2, 20.0)
        self._from = Walk(random, random.uniform(240, 320), 25.0, 600.0)
        self._sky = Walk(random, 0.4, 0.25, 900.0)
        self._street = Walk(random, 0.0, 1.6, 25.0)
        self._sensor = Walk(random, 0.0, 0.06, 60.0)
        self.battery = Battery(40, random.uniform(70, 96))

    def advance(self, seconds: float) -> None:
        """Clouds pass, showers come and go, the panel feeds the battery."""
        walks = (self._warm, self._dew, self._pressure, self._wind, self._gusts, self._from)
        for walk in (*walks, self._sky, self._street, self._sensor):
            walk.step(seconds)
        self._shower = max(0.0, self._shower - seconds)
        if self.cloud > 0.6 and chance(self.random, seconds, 2 * _HOUR):
            self._shower = self.random.uniform(300, 1500)
        pouring = 4.5 if self._shower > 0 else 0.0
        self.rain = approach(self.rain, pouring, seconds, 90.0)
        cover = max(self._sky.value, 0.9 if self._shower > 0 else 0.0)
        self.cloud = approach(self.cloud, clamp(cover, 0.02, 0.98), seconds, 120.0)
        self.battery.charge(12 * self._light(), seconds)
        self.battery.drain(0.7, seconds)

    def _light(self) -> float:
        """How much of the light of a clear noon there is (0 to 1)."""
        return sun(self.hour) * (1 - 0.78 * self.cloud)

    def _temperature(self) -> float:
        return outdoor(self.hour) + self._warm.value + 1.5 * self._light() - 0.3 * self.rain

    def _humidity(self) -> float:
        air = self._temperature()
        dry = 100 * math.exp(_magnus(min(self._dew.value, air)) - _magnus(air))
        return clamp(dry + 6 * self.rain, 0, 100)

    def reading(self) -> dict[str, Any]:
        """Return what the station's sensors resolve."""
        wind = max(0.1, self._wind.value)
        light = self._light()
        return {
            "temperature": round(self._temperature() + self._sensor.value, 1),
            "humidity": round(self._humidity()),
            "pressure": round(self._pressure.value, 1),
            "wind_speed": round(wind, 1),
            "wind_gust": round(wind * max(1.1, self._gusts.value), 1),
            "wind_direction": round(self._from.value % 360, 0) % 360,
            "rain_rate": round(self.rain, 1) if self.rain >= 0.05 else 0.0,
            "illuminance": round(max(12.0, self.NOON * light)),
            "uv_index": round(5.5 * light * sun(self.hour), 1),
            "noise": round(56 + 9 * crowd(self.hour) + self._street.value + self.rain, 1),
            "battery": round(self.battery.level, 1),
        }


def _magnus(celsius: float) -> float:
    """The exponent of the Magnus formula over water (WMO-No. 8, annex 4.B)."""
    return 17.62 * celsius / (243.12 + celsius)
