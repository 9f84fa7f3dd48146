"""Compares two recordings by topic and field. Pure.

The first message of a topic is compared with the first of the other recording, and so on; times do
not count, so that a recording can be compared with one of the next day.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from hub.errors import RecordingError
from hub.recording.layout import Recorded

MAX_WAITING = 100_000
"""Messages that wait for their like in the other recording, at most."""
MAX_BYTES = 256 * 1024 * 1024
"""Bytes of payload that wait, at most."""
MAX_NAMED = 10_000
"""Topics and fields whose differences are counted separately; those of others together."""
OTHERS = "(others)"
_LONGEST = 80
_TIMES = frozenset({"ts"})
_MISSING = object()
VERDICT, PAYLOAD = "(verdict)", "(payload)"
"""What stands in place of a field's name."""


@dataclass(slots=True)
class FieldDifference:
    """The differences of a field of a topic: how many, the largest, and the first pair."""

    first: tuple[Any, Any]
    at: int
    count: int = 0
    most: float = 0.0


@dataclass(slots=True)
class Compared:
    """The result: messages compared, differences by topic and field, and messages of one alone."""

    compared: int = 0
    differences: dict[tuple[str, str], FieldDifference] = field(default_factory=dict)
    only_first: Counter[str] = field(default_factory=Counter)
    only_second: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        """Whether they differ."""
        return bool(self.differences or self.only_first or self.only_second)

    def lines(self, first: str, second: str) -> Iterator[str]:
        """Say the differences of the recordings `first` and `second`, one a line."""
        for (topic, name), found in sorted(self.differences.items()):
            most = f", by {found.most:g} at most" if found.most else ""
            pair = " and ".join(_shown(value) for value in found.first)
            yield f"{topic} {name}: {found.count:,} differ{most}; the first: {pair}"
        for counts, where in ((self.only_first, first), (self.only_second, second)):
            for topic, count in sorted(counts.items()):
                yield f"{topic}: {count:,} messages more in {where}"


def _short(value: Any) -> Any:
    """A value as it is reported: of a long one no more is kept."""
    if isinstance(value, bytes | str):
        return value[:_LONGEST]
    return _shown(value) if isinstance(value, list | dict) else value


def _shown(value: object) -> str:
    return "nothing" if value is _MISSING else str(value)[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much two numbers may differ: absolute, or as a share of the larger one."""

    absolute: float = 0.0
    share: float = 0.0

    @classmethod
    def of(cls, text: str) -> "Tolerance":
        """Parse ``0.1`` or ``1%``.

        Raises:
            ValueError: it is neither.
        """
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            raise ValueError(f"{text!r} is no tolerance; write it like 0.1 or 1%")
        return cls(share=number / 100) if text.endswith("%") else cls(number)

    def allows(self, one: float, other: float) -> bool:
        """Return whether two numbers are near enough."""
        near = max(self.absolute, self.share * max(abs(one), abs(other)))
        return one == other or abs(one - other) <= near


def compare(
    first: Iterable[Recorded], second: Iterable[Recorded], tolerance: Tolerance
) -> Compared:
    """Compare messages; both are read side by side, with bounded memory.

    Raises:
        RecordingError: too many messages of one have none of the other.
    """
    result, waiting = Compared(), defaultdict[str, deque[tuple[bool, Recorded]]](deque)
    held = size = 0
    for pair in zip_longest(first, second):
        for of_first, message in zip((True, False), pair, strict=True):
            if message is None:
                continue
            queue = waiting[message.topic]
            if not queue or queue[0][0] is of_first:
                queue.append((of_first, message))
                held, size = held + 1, size + len(message.payload)
                continue
            other = queue.popleft()[1]
            held, size = held - 1, size - len(other.payload)
            if not queue:
                del waiting[message.topic]
            one, another = (message, other) if of_first else (other, message)
            _compare(result, one, another, tolerance)
        if held > MAX_WAITING or size > MAX_BYTES:
            raise RecordingError(
                f"{held:,} messages, {size:,} bytes, have none in the other recording: they are "
                "too different; compare one --booth or --kind"
            )
    for topic, queue in waiting.items():
        for of_first, _ in queue:
            counts = result.only_first if of_first else result.only_second
            counts[topic if topic in counts or len(counts) < MAX_NAMED else OTHERS] += 1
    return result


def _compare(result: Compared, one: Recorded, other: Recorded, tolerance: Tolerance) -> None:
    result.compared += 1
    if one.verdict != other.verdict:
        _note(result, one, VERDICT, (one.verdict, other.verdict))
    ours, theirs = _fields(one.payload), _fields(other.payload)
    if ours is None or theirs is None:
        if one.payload != other.payload:
            _note(result, one, PAYLOAD, (one.payload, other.payload))
        return
    for name in sorted((ours.keys() | theirs.keys()) - _TIMES):
        pair = ours.get(name, _MISSING), theirs.get(name, _MISSING)
        if not _same(*pair, tolerance):
            _note(result, one, name, pair)


def _fields(payload: bytes) -> Mapping[str, Any] | None:
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Any, other: Any, tolerance: Tolerance) -> bool:
    if _is_number(one) and _is_number(other):
        return tolerance.allows(one, other)
    return type(one) is type(other) and bool(one == other)


def _note(result: Compared, message: Recorded, name: str, pair: tuple[Any, Any]) -> None:
    key = (message.topic, name)
    if key not in result.differences and len(result.differences) >= MAX_NAMED:
        key = (OTHERS, OTHERS)
    found = result.differences.get(key)
    if found is None:
        short = (_short(pair[0]), _short(pair[1]))
        found = result.differences[key] = FieldDifference(short, message.at)
    found.count += 1
    if all(map(_is_number, pair)):
        found.most = max(found.most, abs(pair[0] - pair[1]))
