"""A model of any declared kind, made from its declaration alone."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

from devices.physics import Walk, chance, clamp
from devices.route import COEX
from devices.thing import START_HOUR, Thing
from schemas import FieldSpec, FieldType, KindSpec

#: A number remembers its course for so many intervals; a state lasts so many on average.
_MEMORY = 60.0
_STATE_LASTS = 40.0
_ALARM_LASTS = 8.0
#: The share of a range that a value without a normal band keeps to.
_MIDDLE = 0.5
#: What is on the map is around COEX, within so many degrees.
_NEAR = {"latitude": COEX[0], "longitude": COEX[1]}
_AROUND = 0.004

Source = Callable[[float], Any]


class Generic(Thing):
    """Numbers that wander within their normal band, states that change now and then.

    Every field is always present, and within what its declaration allows.
    """

    stride = 60.0

    def __init__(self, kind: KindSpec, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._sources = {spec.name: _source(spec, kind.interval, random) for spec in kind.fields}
        self._values: dict[str, Any] = {}
        self.advance(0.0)

    def advance(self, seconds: float) -> None:
        """Let every field move on by itself."""
        self._values = {name: source(seconds) for name, source in self._sources.items()}

    def reading(self) -> dict[str, Any]:
        """Return every declared field."""
        return dict(self._values)


def _source(spec: FieldSpec, interval: float, random: Random) -> Source:
    if spec.numeric:
        return _number(spec, interval, random)
    if spec.type is FieldType.BOOLEAN:
        return _states((False, True), spec.alarm, interval, random)
    if spec.choices:
        return _states(tuple(spec.choices), spec.alarm, interval, random)
    word = f"{spec.name}-{random.randint(1, 9)}"[: spec.max_length]
    return lambda _: word


def _number(spec: FieldSpec, interval: float, random: Random) -> Source:
    low, high = _band(spec)
    walk = Walk(random, (low + high) / 2, (high - low) / 8, interval * _MEMORY)
    digits = _digits(high - low)

    def value(seconds: float) -> float | int:
        now = walk.step(seconds)
        if spec.type is FieldType.INTEGER:
            return clamp(round(now), math.ceil(low), math.floor(high))
        return clamp(round(now, digits), low, high)

    return value


def _band(spec: FieldSpec) -> tuple[float, float]:
    """The normal band, or the middle of the range where a side is not given."""
    if spec.name in _NEAR:
        return _NEAR[spec.name] - _AROUND, _NEAR[spec.name] + _AROUND
    least = 0.0 if spec.minimum is None else spec.minimum
    most = least + 100.0 if spec.maximum is None else spec.maximum
    margin = (most - least) * (1 - _MIDDLE) / 2
    low, high = spec.normal or (None, None)
    bottom = least + margin if low is None else max(least, low)
    top = most - margin if high is None else min(most, high)
    if bottom < top:
        return bottom, top
    return (least, top) if low is None else (bottom, most)


def _digits(width: float) -> int:
    """Digits after the point: three for a range of about one, fewer for a wider one."""
    return 5 if width < 0.1 else 3 if width < 10 else 1


def _states(
    words: tuple[Any, ...], alarm: tuple[Any, ...], interval: float, random: Random
) -> Source:
    calm = tuple(word for word in words if word not in alarm) or words
    now = random.choice(calm)

    def state(seconds: float) -> Any:
        nonlocal now
        lasts = _ALARM_LASTS if now in alarm else _STATE_LASTS
        if chance(random, seconds, lasts * interval):
            now = random.choice(words if now in calm else calm)
        return now

    return state
