"""Hints at W for kW, kW for W and Wh for kWh, by what measured values have to do with each other.

A power alone says nothing: 64 is a lamp in W and a charger in kW. But voltage times current is what
flows, whatever the device, so a power a thousand times off shows in it; and an energy by how fast
it rises while an even power flows. Pure.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Protocol

from hub.timestamps import SECOND
from schemas import FieldSpec, KindSpec, Label, Unit

_APPARENT = 20.0
"""Volt-amperes below which current sensors say nothing of use."""
_SAMPLES = 5
_TOO_MUCH = 50.0
"""Of the apparent power; three phases of which one is measured have 3."""
_TOO_LITTLE = 0.003
"""Of the apparent power; what is all reactive, as an idle transformer, has 0.01 and more."""
_EVEN = 3.0
"""How often the highest power has the lowest, at most, while energy is compared with it."""
_RISES = 3
"""Steps in which an energy rises before its speed is known: some count whole kWh."""
_THOUSAND = (300.0, 3_000.0)
_JOULES = 3.6e6
"""Of a kWh."""

_WATT_FOR_KILOWATT = Label(
    "about 1,000 times what voltage and current make; if it is in W, send kW",
    "전압과 전류로 계산한 값의 약 1,000배입니다. W라면 kW로 바꾸어 보내세요",
)
_KILOWATT_FOR_WATT = Label(
    "about a thousandth of what voltage and current make; if it is in kW, send W",
    "전압과 전류로 계산한 값의 약 1,000분의 1입니다. kW라면 W로 바꾸어 보내세요",
)
_WATT_HOURS = Label(
    "rises about 1,000 times as fast as {power} makes it; if it is in Wh, send kWh",
    "{power}(으)로 계산한 것보다 약 1,000배 빨리 늘어납니다. Wh라면 kWh로 바꾸어 보내세요",
)


class Values(Protocol):
    """What knows the value of each field: a reading, or a dict."""

    def get(self, name: str, /) -> Any:
        """Return the value of a field, None if there is none."""
        ...


class Electricity:
    """Takes in the first readings of a device with a power, then says what they hint at."""

    __slots__ = ("_energies", "_energy", "_factor", "_found", "_power", "_shares", "_watts")

    def __init__(self, power: FieldSpec, energy: FieldSpec | None) -> None:
        self._power = power
        self._energy = energy
        self._factor = 1000 if power.unit is Unit.KILOWATT else 1
        self._shares: list[float] = []
        self._watts: list[float] = []
        self._energies: list[tuple[int, float]] = []
        self._found: dict[str, Label] = {}

    @classmethod
    def of(cls, kind: KindSpec) -> "Electricity | None":
        """Return that of a kind, if it has a power."""
        specs = {spec.name: spec for spec in kind.fields}
        power, energy = specs.get("power"), specs.get("energy")
        if power is None or power.unit not in {Unit.WATT, Unit.KILOWATT}:
            return None
        metered = energy is not None and energy.unit is Unit.KILOWATT_HOUR
        return cls(power, energy if metered else None)

    def take(self, values: Values, ts: int) -> None:
        """Take in a reading of the time `ts` (ns)."""
        share, watts = self._share(values), self._watts_of(values)
        if share is not None:
            self._shares.append(share)
        if watts is not None:
            self._watts.append(watts)
        if self._energy is not None and (value := _number(values, self._energy.name)) is not None:
            self._energies.append((ts, value))

    def judge(self) -> None:
        """Judge by all that was taken in."""
        off = len(self._shares) >= _SAMPLES and _thousandfold(self._shares, self._factor)
        if off:
            self._found[self._power.name] = off
        elif self._energy is not None and self._rises_too_fast():
            en, ko = (text.format(power=self._power.name) for text in _WATT_HOURS)
            self._found[self._energy.name] = Label(en, ko)

    def current(self, values: Values) -> Iterator[tuple[FieldSpec, Label]]:
        """Yield each field that still is what was hinted at, and the hint; others are done."""
        share = self._share(values)
        if share is not None and not _thousandfold([share], self._factor):
            self._found.pop(self._power.name, None)
        if self._energy is not None and self._energies:
            value = _number(values, self._energy.name)
            if value is not None and value < self._energies[0][1]:  # it counts anew
                self._found.pop(self._energy.name, None)
        for spec in (self._power, self._energy):
            if spec is not None and spec.name in self._found:
                yield spec, self._found[spec.name]

    @property
    def done(self) -> bool:
        """Whether nothing is hinted at."""
        return not self._found

    def _watts_of(self, values: Values) -> float | None:
        value = _number(values, self._power.name)
        return None if value is None else abs(value) * self._factor

    def _share(self, values: Values) -> float | None:
        """The power by volts times amperes; None where too little flows to tell."""
        watts = self._watts_of(values)
        volts, amperes = _number(values, "voltage"), _number(values, "current")
        if watts is None or volts is None or amperes is None:
            return None
        apparent = abs(volts * amperes)
        return watts / apparent if apparent >= _APPARENT else None

    def _rises_too_fast(self) -> bool:
        """Whether the energy rises a thousand times as fast as an even power makes it."""
        energies, watts = self._energies, self._watts
        if len(energies) < _SAMPLES or len(watts) < _SAMPLES:
            return False
        rises = sum(before < value for (_, before), (_, value) in pairwise(energies))
        if rises < _RISES or not 0 < max(watts) <= _EVEN * min(watts):
            return False
        seconds = (energies[-1][0] - energies[0][0]) / SECOND
        made = sum(watts) / len(watts) * seconds
        risen = (energies[-1][1] - energies[0][1]) * _JOULES
        return made > 0 and _THOUSAND[0] <= risen / made <= _THOUSAND[1]


def _thousandfold(shares: list[float], factor: int) -> Label | None:
    """What shares of the apparent power say, all of them, of a power that is 1,000 times off."""
    if factor > 1 and min(shares) >= _TOO_MUCH:
        return _WATT_FOR_KILOWATT
    if factor == 1 and 0 < max(shares) <= _TOO_LITTLE:
        return _KILOWATT_FOR_WATT
    return None


def _number(values: Values, name: str) -> float | None:
    value = values.get(name)
    return value if isinstance(value, int | float) else None
