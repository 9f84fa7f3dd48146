"""Digital healthcare: wearables on visitors, and a scale that they step on."""

import math
from random import Random
from typing import Any, NamedTuple

from devices.day import crowd
from devices.phases import Phase, Phases
from devices.physics import Walk, approach, chance, clamp
from devices.thing import START_HOUR, Thing

_HOUR = 3600.0


class Effort(NamedTuple):
    """What an activity asks of the body: heart rate above rest (bpm), steps a second, MET.

    MET after the Compendium of Physical Activities (2011).
    """

    above_rest: float
    cadence: float
    met: float


_EFFORTS = {
    "sitting": Effort(4, 0.0, 1.3),
    "standing": Effort(12, 0.0, 1.8),
    "strolling": Effort(26, 1.4, 2.5),
    "walking": Effort(40, 1.85, 3.5),
    "stairs": Effort(66, 1.6, 6.0),
}
_VISIT = {
    "sitting": Phase(60, 300, {"standing": 1, "strolling": 1}),
    "standing": Phase(40, 180, {"strolling": 3, "sitting": 1}),
    "strolling": Phase(40, 200, {"standing": 3, "walking": 1, "off": 0.05}),
    "walking": Phase(40, 180, {"standing": 2, "stairs": 0.6, "strolling": 1}),
    "stairs": Phase(15, 45, {"strolling": 1}),
    "off": Phase(20, 60, {"standing": 1}),
}


class Wearable(Thing):
    """A band on a visitor; the heart follows the effort as a first-order lag.

    It rises with a time constant of 25 s and falls with one of 50 s, the order of the fast phase
    of heart rate kinetics (M. S. Zakynthinaki, PLoS ONE 10(4), 2015). Now and then the band is
    off the wrist and says 0.
    """

    stride = 1.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.rest = random.uniform(56, 74)
        self.weight = random.uniform(52, 85)
        self._visit = Phases(random, _VISIT, random.choice(("standing", "strolling")))
        self.heart_rate = self.rest + 15
        self.skin = 33.0
        self.walked = random.uniform(800, 5000)
        self.calories = self.walked * 0.045
        self.battery = random.uniform(35, 98)
        self.fall = 0.0
        self._beat = Walk(random, 0.0, 1.8, 10.0)
        self._oxygen = Walk(random, 97.4, 0.5, 60.0)

    @property
    def activity(self) -> str:
        """What the wearer does; `off` when the band is not worn."""
        return self._visit.name

    def do(self, activity: str) -> None:
        """Begin another activity now."""
        self._visit.enter(activity)

    def advance(self, seconds: float) -> None:
        """The wearer goes on with the visit, the body follows."""
        self._visit.step(seconds)
        self._beat.step(seconds)
        self._oxygen.step(seconds)
        worn = self.activity != "off"
        effort = _EFFORTS.get(self.activity, _EFFORTS["standing"])
        self._follow(effort, seconds)
        self.skin = approach(self.skin, 33.4 if worn else 24.0, seconds, 180.0)
        self.battery = max(1.0, self.battery - 1.2 * seconds / _HOUR)
        if worn:
            self.walked += effort.cadence * seconds
            self.calories += effort.met * self.weight * seconds / _HOUR
        self._fall(seconds)

    def _follow(self, effort: Effort, seconds: float) -> None:
        target = self.rest + effort.above_rest
        tau = 25.0 if target > self.heart_rate else 50.0
        self.heart_rate = approach(self.heart_rate, target, seconds, tau)

    def _fall(self, seconds: float) -> None:
        self.fall = max(0.0, self.fall - seconds)
        if self.activity == "walking" and chance(self.random, seconds, 2 * _HOUR):
            self.fall = self.random.uniform(8, 25)

    def reading(self) -> dict[str, Any]:
        """Return the body while the band is worn, and zeros for the heart while it is not."""
        worn = self.activity != "off"
        said: dict[str, Any] = {
            "heart_rate": round(self.heart_rate + self._beat.value) if worn else 0,
            "skin_temperature": round(self.skin, 1),
            "steps": int(self.walked),
            "calories": round(self.calories, 1),
            "worn": worn,
            "fall": self.fall > 0,
            "battery": round(self.battery, 1),
        }
        return said | self._vitals() if worn else said

    def _vitals(self) -> dict[str, Any]:
        above = self.heart_rate - self.rest
        return {
            "spo2": round(clamp(self._oxygen.value, 93, 100), 1),
            "respiratory_rate": round(12.5 + 0.16 * above + 0.2 * self._beat.value, 1),
            "heart_rate_variability": round(58 * math.exp(-above / 30) + self._beat.value, 1),
        }


class Person(NamedTuple):
    """Somebody on the scale: m, kg, years, and the share of fat (0 to 1)."""

    height: float
    weight: float
    age: int
    fat: float
    male: bool


class BodyScale(Thing):
    """A scale between visitors; it shows the last one's result until the next one steps on.

    The needle settles as a damped swing. Basal metabolism after M. D. Mifflin, S. T. St Jeor
    (Am J Clin Nutr 51, 1990); 73 % of what is not fat is water; 94 % of it counts as muscle.
    """

    stride = 2.0
    SETTLES = 4.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.person = self._somebody()
        self.standing = 60.0
        self._next = random.uniform(10, 60)
        self.battery = random.uniform(60, 97)

    def _somebody(self) -> Person:
        random = self.random
        male = random.random() < 0.5
        height = random.gauss(1.735 if male else 1.61, 0.06)
        bmi = clamp(random.gauss(24.2 if male else 22.4, 2.8), 17, 36)
        age = random.randint(19, 68)
        # Deurenberg et al., Br J Nutr 65, 1991.
        fat = 1.2 * bmi + 0.23 * age - 10.8 * male - 5.4
        return Person(height, bmi * height**2, age, clamp(fat / 100, 0.06, 0.45), male)

    def advance(self, seconds: float) -> None:
        """Wait for the next visitor; there are more of them when the hall is full."""
        self.standing += seconds
        self._next -= seconds * max(crowd(self.hour), 0.02)
        if self._next <= 0:
            self.person, self.standing = self._somebody(), 0.0
            self._next = self.random.uniform(15, 50)
            self.battery = max(0.0, self.battery - 0.01)

    def _shown(self) -> float:
        swing = math.exp(-2.5 * self.standing) * math.cos(6 * self.standing)
        return self.person.weight * (1 - swing)

    def reading(self) -> dict[str, Any]:
        """Return the weight, and once it has settled what it is made of."""
        settled = self.standing >= self.SETTLES
        weight = round(max(0.0, self._shown()) * 20) / 20
        said: dict[str, Any] = {
            "weight": round(weight, 2),
            "stable": settled,
            "battery": round(self.battery, 1),
        }
        return said | self._composition() if settled else said

    def _composition(self) -> dict[str, Any]:
        person = self.person
        lean = person.weight * (1 - person.fat)
        sex = 5 if person.male else -161
        basal = 10 * person.weight + 625 * person.height - 5 * person.age + sex
        return {
            "bmi": round(person.weight / person.height**2, 1),
            "body_fat": round(100 * person.fat, 1),
            "muscle_mass": round(0.94 * lean, 1),
            "body_water": round(73 * (1 - person.fat), 1),
            "basal_metabolism": round(basal),
        }
