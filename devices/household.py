"""Smart home, what is switched and locked: plugs, locks and lights."""

import math
from random import Random
from typing import Any, NamedTuple

from devices.day import crowd
from devices.phases import Phase, Phases
from devices.physics import Walk, approach, chance, clamp, slide
from devices.thing import START_HOUR, Thing

_DAY = 86_400.0


class Appliance(NamedTuple):
    """What hangs on a plug: its phases, and for each the watts it draws and its power factor."""

    phases: dict[str, Phase]
    draws: dict[str, tuple[float, float]]


#: Power and power factor after measured load profiles of such appliances in UK and Korean homes:
#: rounded to what makes them recognisable on a chart.
_WASHER = Appliance(
    {
        "standby": Phase(60, 180, {"fill": 1}),
        "fill": Phase(40, 80, {"heat": 1}),
        "heat": Phase(240, 480, {"wash": 1}),
        "wash": Phase(300, 600, {"spin": 1, "fill": 0.4}),
        "spin": Phase(120, 240, {"standby": 1}),
    },
    {
        "standby": (1.4, 0.35),
        "fill": (38.0, 0.55),
        "heat": (1930.0, 0.99),
        "wash": (175.0, 0.62),
        "spin": (430.0, 0.71),
    },
)
_FRIDGE = Appliance(
    {
        "rest": Phase(300, 900, {"cool": 1}),
        "cool": Phase(420, 900, {"rest": 1, "defrost": 0.15}),
        "defrost": Phase(180, 300, {"rest": 1}),
    },
    {"rest": (3.2, 0.4), "cool": (96.0, 0.82), "defrost": (280.0, 0.98)},
)
_HEATER = Appliance(
    {
        "off": Phase(120, 300, {"low": 1}),
        "low": Phase(120, 400, {"high": 1, "off": 1}),
        "high": Phase(120, 500, {"low": 1, "off": 0.5, "overload": 0.08}),
        "overload": Phase(6, 20, {"off": 1}),
    },
    {"off": (0.0, 1.0), "low": (860.0, 1.0), "high": (1760.0, 1.0), "overload": (3680.0, 1.0)},
)


class SmartPlug(Thing):
    """A plug with a washing machine, a refrigerator or a heater on it.

    The voltage sags by 0.35 V for each ampere (the wires of a hall); the plug's contacts warm with
    the square of the current.
    """

    stride = 2.0
    OVERLOAD = 3520.0

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.appliance = random.choice((_WASHER, _FRIDGE, _HEATER))
        self._phases = Phases(random, self.appliance.phases, next(iter(self.appliance.phases)))
        self._mains = Walk(random, 221.0, 1.2, 120.0)
        self._grid = Walk(random, 60.0, 0.015, 60.0)
        self._load = Walk(random, 1.0, 0.012, 8.0)
        self.power = 0.0
        self.energy = random.uniform(4, 60)
        self.temperature = 26.0

    def advance(self, seconds: float) -> None:
        """The appliance goes on with its programme, the meter counts."""
        self._phases.step(seconds)
        watts = self.appliance.draws[self._phases.name][0] * max(0.8, self._load.step(seconds))
        self.power = approach(self.power, watts, seconds, 1.5)
        self._mains.step(seconds)
        self._grid.step(seconds)
        self.energy += self.power * seconds / 3.6e6
        self.temperature = approach(
            self.temperature, 25.0 + 0.16 * self._current() ** 2, seconds, 240.0
        )

    def _factor(self) -> float:
        return self.appliance.draws[self._phases.name][1]

    def _current(self) -> float:
        return self.power / (self._mains.value * self._factor())

    def reading(self) -> dict[str, Any]:
        """Return what the meter's chip resolves."""
        current = self._current()
        return {
            "power": round(self.power, 1),
            "switched_on": self._phases.name != "off",
            "voltage": round(self._mains.value - 0.35 * current, 1),
            "current": round(current, 2),
            "frequency": round(self._grid.value, 2),
            "power_factor": self._factor(),
            "energy": round(self.energy, 3),
            "temperature": round(self.temperature, 1),
            "overload": self.power > self.OVERLOAD,
        }


_DOOR = {
    "locked": Phase(20, 120, {"unlocked": 0.82, "refused": 0.18}),
    "refused": Phase(4, 12, {"locked": 0.2, "unlocked": 0.5, "refused": 0.3}),
    "unlocked": Phase(2, 8, {"open": 0.95, "locked": 0.05}),
    "open": Phase(6, 40, {"closing": 0.94, "ajar": 0.06}),
    "ajar": Phase(15, 60, {"closing": 1}),
    "closing": Phase(4, 10, {"locked": 1}),
}
_LOCK_STATE = {"locked": "locked", "refused": "locked", "ajar": "not_fully_locked"}
_DOOR_STATE = {"open": "open", "ajar": "ajar"}


class DoorLock(Thing):
    """The front door of a show home: visitors try the codes, open, and let it fall shut."""

    _WAYS = ("keypad", "keypad", "biometric", "biometric", "card", "remote", "manual")

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._door = Phases(random, _DOOR, "locked")
        self.operated_by = "auto"
        self.failed = 0
        self.tamper = False
        self.battery = random.uniform(60, 98)
        self._signal = Walk(random, random.uniform(-68, -52), 2.5, 120.0)

    def advance(self, seconds: float) -> None:
        """The door goes its way; the alarm lasts until somebody with a right opens."""
        if self._door.step(seconds):
            self._begin(self._door.name)
        self.battery = max(0.0, self.battery - 0.8 * seconds / _DAY)
        self._signal.step(seconds)

    def _begin(self, phase: str) -> None:
        match phase:
            case "refused":
                self.failed = min(self.failed + 1, 255)
                self.tamper = self.failed >= 5
            case "unlocked":
                self.operated_by = self.random.choice(self._WAYS)
                self.failed, self.tamper = 0, False
                self.battery = max(0.0, self.battery - 0.005)
            case "locked" if self.failed == 0:
                self.operated_by = "auto"

    def reading(self) -> dict[str, Any]:
        """Return bolt and door."""
        phase = self._door.name
        return {
            "state": _LOCK_STATE.get(phase, "unlocked"),
            "door": _DOOR_STATE.get(phase, "closed"),
            "operated_by": self.operated_by,
            "failed_attempts": self.failed,
            "tamper": self.tamper,
            "battery": round(self.battery, 1),
            "signal": round(clamp(self._signal.value, -95, -30)),
        }


class Scene(NamedTuple):
    """A light setting: %, K, ° and %."""

    brightness: float
    color_temperature: float
    hue: float
    saturation: float


_SCENES = {
    "daylight": Scene(100, 5700, 45, 4),
    "reading": Scene(80, 4000, 38, 18),
    "dinner": Scene(45, 2700, 30, 45),
    "film": Scene(12, 2200, 24, 70),
    "party": Scene(70, 3000, 285, 85),
    "off": Scene(0, 2700, 30, 45),
}


class Light(Thing):
    """A lamp of 9 W that fades from scene to scene; failing now and then, until it is replaced."""

    WATTS = 9.0
    FADE = 25.0  # per cent a second

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self.scene = random.choice([name for name in _SCENES if name != "off"])
        self.brightness = _SCENES[self.scene].brightness
        self._now = _SCENES[self.scene]
        self.failed = 0.0
        self.temperature = 35.0

    def advance(self, seconds: float) -> None:
        """Somebody picks a scene, the lamp fades to it, its body follows its power."""
        every = 100.0 if crowd(self.hour) > 0.1 else 900.0
        if chance(self.random, seconds, every):
            self.scene = self.random.choice(list(_SCENES))
        self.failed = max(0.0, self.failed - seconds)
        if chance(self.random, seconds, 4 * 3600.0):
            self.failed = self.random.uniform(60, 180)
        wanted = _SCENES[self.scene]
        lit = 0.0 if self.failed else wanted.brightness
        self.brightness = slide(self.brightness, lit, self.FADE * seconds)
        self._now = Scene(
            *(
                approach(now, goal, seconds, 1.2)
                for now, goal in zip(self._now, wanted, strict=True)
            )
        )
        self.temperature = approach(self.temperature, 24 + 4.2 * self._power(), seconds, 300.0)

    def _power(self) -> float:
        return 0.3 + (self.WATTS - 0.3) * math.pow(self.brightness / 100, 1.2)

    def reading(self) -> dict[str, Any]:
        """Return the light as it is now, in the middle of a fade if so."""
        return {
            "brightness": round(self.brightness, 1),
            "switched_on": self.scene != "off",
            "color_temperature": round(self._now.color_temperature),
            "hue": round(self._now.hue, 1),
            "saturation": round(self._now.saturation, 1),
            "power": round(self._power(), 2),
            "temperature": round(self.temperature, 1),
            "lamp_failure": self.failed > 0,
        }
