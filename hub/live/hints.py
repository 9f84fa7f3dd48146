"""Hints at a wrong unit, by what the first hundred readings of a device were. Pure.

Never a reason to reject: 0.4 may be 0.4 %. Only what hardly can be gives a hint: a percentage
that never was above 1, a room temperature that nobody stands in °C, an angle of a moving thing that
never left ±π; and what `electricity` finds.
"""

from collections.abc import Callable, Iterator, Mapping
from math import pi
from typing import Any, NamedTuple

from hub.live.electricity import Electricity
from hub.pipeline import sentinels
from schemas import FieldSpec, KindSpec, Label, Unit

READINGS, EACH = 100, 10
"""The readings by which a device is judged, and which of them is looked at: all cost 10 µs each."""
_MOVED = 0.5
_ROOM = 45.0
_FAHRENHEIT = (55.0, 110.0)
_ANGLES = ("heading", "joint_")


class Range(NamedTuple):
    """The lowest and the highest value that a field had."""

    low: float
    high: float


def _ratio(spec: FieldSpec, seen: Range) -> bool:
    low_is_good = spec.normal is not None and spec.normal[0] is None  # as of a deviation
    percent = spec.unit is Unit.PERCENT and not low_is_good
    return percent and seen.low >= 0 and 0 < seen.high <= 1


def _fahrenheit(spec: FieldSpec, seen: Range) -> bool:
    most = spec.normal[1] if spec.normal else None
    low, high = _FAHRENHEIT
    room = spec.unit is Unit.CELSIUS and most is not None and most <= _ROOM
    return room and low <= seen.low and seen.high <= high


def _radians(spec: FieldSpec, seen: Range) -> bool:
    angle = spec.unit is Unit.DEGREE and spec.name.startswith(_ANGLES)
    return angle and -pi <= seen.low and seen.high <= pi and seen.high - seen.low >= _MOVED


_HINTS: tuple[tuple[Callable[[FieldSpec, Range], bool], Label], ...] = (
    (
        _ratio,
        Label(
            "never above 1 in {n} readings; if it is a ratio from 0 to 1, send per cent",
            "{n}회 동안 1을 넘지 않았습니다. 0~1 비율이라면 백분율(%)로 보내세요",
        ),
    ),
    (
        _fahrenheit,
        Label(
            "{low:g} to {high:g} °C in {n} readings; if it is °F, send °C",
            "{n}회 동안 {low:g}~{high:g} °C입니다. 화씨라면 섭씨로 바꾸어 보내세요",
        ),
    ),
    (
        _radians,
        Label(
            "never left ±π in {n} readings; if it is in radians, send degrees",
            "{n}회 동안 ±π를 벗어나지 않았습니다. 라디안이라면 도(°)로 바꾸어 보내세요",
        ),
    ),
)


class Hints:
    """Takes in the first readings of a device, then says what its values hint at."""

    __slots__ = ("_electricity", "_found", "_kind", "_seen", "_special", "_taken")

    def __init__(self, kind: KindSpec) -> None:
        self._kind = kind
        self._seen: dict[str, Range] = {}
        self._found: list[tuple[FieldSpec, Callable[[FieldSpec, Range], bool], Label]] = []
        self._electricity = Electricity.of(kind)
        self._special = [spec for spec in kind.fields if sentinels.within(spec)]
        self._taken = 0

    @property
    def done(self) -> bool:
        """Whether there is nothing more to say, whatever comes."""
        more = self._found or self._special or (self._electricity and not self._electricity.done)
        return self._taken >= READINGS // EACH and not more

    def take(self, fields: Mapping[str, Any], ts: int) -> None:
        """Take in each `EACH`th of the first `READINGS` readings, with its time (ns)."""
        seen = self._seen
        for name, value in fields.items():
            if isinstance(value, int | float):
                low, high = seen.get(name, (value, value))
                seen[name] = Range(min(low, value), max(high, value))
        if self._electricity is not None:
            self._electricity.take(fields, ts)
        self._taken += 1
        if self._taken == READINGS // EACH:
            if self._electricity is not None:
                self._electricity.judge()
            self._found = [
                (spec, fits, label)
                for spec in self._kind.fields
                if spec.name in seen and spec.numeric
                for fits, label in _HINTS
                if fits(spec, seen[spec.name])
            ]

    def current(self, fields: Mapping[str, Any]) -> Iterator[tuple[str, Label]]:
        """Yield each field that its value still hints at something, and what; others are done."""
        for item in list(self._found):
            spec, fits, label = item
            value = fields.get(spec.name)
            if not isinstance(value, int | float):
                continue
            seen = self._seen[spec.name]
            seen = Range(min(seen.low, value), max(seen.high, value))
            if not fits(spec, seen):
                self._found.remove(item)
                continue
            values = {"n": READINGS, "low": seen.low, "high": seen.high}
            said = Label(label.en.format(**values), label.ko.format(**values))
            yield spec.name, _named(spec, said)
        if self._electricity is not None:
            for spec, said in self._electricity.current(fields):
                yield spec.name, _named(spec, said)
        for spec in self._special:
            known = sentinels.meaning(spec, fields.get(spec.name))
            if known is not None:
                yield spec.name, _named(spec, known)


def _named(spec: FieldSpec, said: Label) -> Label:
    return Label(f"hint: {spec.name}: {said.en}", f"hint: {spec.name}: {said.ko}")
