"""Hints at a wrong unit, by what the first hundred readings of a device were. Pure.

Never a reason to reject: 0.4 may be 0.4 %. Only what hardly can be gives a hint: a percentage
that never was above 1, a room temperature that nobody stands in °C, an angle of a moving thing that
never left ±π; and what `electricity` finds.
"""

from collections.abc import Callable, Iterator
from math import inf, pi
from typing import NamedTuple

from hub.live.electricity import Electricity, Values
from hub.pipeline import sentinels
from schemas import FieldSpec, KindSpec, Label, Unit

READINGS, EACH = 100, 10
"""The readings by which a device is judged, and which of them is looked at."""
_MOVED = 0.5
_ROOM = 45.0
_FAHRENHEIT = (55.0, 110.0)
_ANGLES = ("heading", "joint_")


class _Rule(NamedTuple):
    """A hint about the fields that `applies` says, while their lowest and highest value fit."""

    applies: Callable[[FieldSpec], bool]
    fits: Callable[[float, float], bool]
    label: Label


def _percent(spec: FieldSpec) -> bool:
    low_is_good = spec.normal is not None and spec.normal[0] is None  # as of a deviation
    return spec.unit is Unit.PERCENT and not low_is_good


def _room(spec: FieldSpec) -> bool:
    most = spec.normal[1] if spec.normal else None
    return spec.unit is Unit.CELSIUS and most is not None and most <= _ROOM


def _angle(spec: FieldSpec) -> bool:
    return spec.unit is Unit.DEGREE and spec.name.startswith(_ANGLES)


_RULES = (
    _Rule(
        _percent,
        lambda low, high: low >= 0 and 0 < high <= 1,
        Label(
            "never above 1 in {n} readings; if it is a ratio from 0 to 1, send per cent",
            "{n}회 동안 1을 넘지 않았습니다. 0~1 비율이라면 백분율(%)로 보내세요",
        ),
    ),
    _Rule(
        _room,
        lambda low, high: _FAHRENHEIT[0] <= low and high <= _FAHRENHEIT[1],
        Label(
            "{low:g} to {high:g} °C in {n} readings; if it is °F, send °C",
            "{n}회 동안 {low:g}~{high:g} °C입니다. 화씨라면 섭씨로 바꾸어 보내세요",
        ),
    ),
    _Rule(
        _angle,
        lambda low, high: -pi <= low and high <= pi and high - low >= _MOVED,
        Label(
            "never left ±π in {n} readings; if it is in radians, send degrees",
            "{n}회 동안 ±π를 벗어나지 않았습니다. 라디안이라면 도(°)로 바꾸어 보내세요",
        ),
    ),
)


class _Watched:
    """A field that a rule may fit, and the lowest and the highest value that it had."""

    __slots__ = ("high", "low", "name", "rule", "spec")

    def __init__(self, spec: FieldSpec, rule: _Rule) -> None:
        self.spec, self.rule, self.name = spec, rule, spec.name
        self.low, self.high = inf, -inf

    def take(self, value: float | None) -> None:
        if value is not None:
            self.low, self.high = min(self.low, value), max(self.high, value)

    @property
    def fits(self) -> bool:
        return self.low <= self.high and self.rule.fits(self.low, self.high)

    def said(self) -> Label:
        values = {"n": READINGS, "low": self.low, "high": self.high}
        label = self.rule.label
        return Label(label.en.format(**values), label.ko.format(**values))


class Hints:
    """Takes in the first readings of a device, then says what its values hint at."""

    __slots__ = ("_electricity", "_special", "_taken", "_watched")

    def __init__(self, kind: KindSpec) -> None:
        self._watched = [
            _Watched(spec, rule) for spec in kind.fields for rule in _RULES if rule.applies(spec)
        ]
        self._electricity = Electricity.of(kind)
        sentinel = [(spec, sentinels.within(spec)) for spec in kind.fields]
        self._special = [(spec, special) for spec, special in sentinel if special]
        self._taken = 0

    @property
    def judged(self) -> bool:
        """Whether enough was taken in to say something by it."""
        return self._taken >= READINGS // EACH

    @property
    def done(self) -> bool:
        """Whether there is nothing more to say, whatever comes."""
        more = self._watched or self._special or (self._electricity and not self._electricity.done)
        return self.judged and not more

    def take(self, values: Values, ts: int) -> None:
        """Take in each `EACH`th of the first `READINGS` readings, with its time (ns)."""
        for item in self._watched:
            item.take(values.get(item.name))
        if self._electricity is not None:
            self._electricity.take(values, ts)
        self._taken += 1
        if self.judged:
            if self._electricity is not None:
                self._electricity.judge()
            self._watched = [item for item in self._watched if item.fits]

    def current(self, values: Values) -> Iterator[tuple[str, Label]]:
        """Yield each field that its value still hints at something, and what; others are done."""
        if self.judged:
            yield from self._still(values)
        for spec, special in self._special:
            value = values.get(spec.name)
            if value in special:
                known = sentinels.meaning(spec, value)
                if known is not None:
                    yield spec.name, _named(spec, known)

    def _still(self, values: Values) -> Iterator[tuple[str, Label]]:
        for item in self._watched.copy():
            value = values.get(item.name)
            item.take(value)
            if not item.fits:
                self._watched.remove(item)
            elif value is not None:
                yield item.name, _named(item.spec, item.said())
        if self._electricity is not None:
            for spec, said in self._electricity.current(values):
                yield spec.name, _named(spec, said)


def _named(spec: FieldSpec, said: Label) -> Label:
    return Label(f"hint: {spec.name}: {said.en}", f"hint: {spec.name}: {said.ko}")
