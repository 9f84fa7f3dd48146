"""Tables and buffers that booths share: full, they cost the booth that fills them. Pure.

Every call takes the same time, amortised, however much is held; None stands for no known booth.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")

BOOTHS = 2_000
"""Booths that are told apart where each has a count or a state of its own."""


class Shares:
    """Counts what each booth holds, and knows the one that holds most."""

    def __init__(self) -> None:
        self._held: dict[str | None, int] = {}
        self._holding: dict[int, dict[str | None, None]] = {}
        self._most = 0
        self.total = 0

    def of(self, booth: str | None) -> int:
        """Return how much a booth holds."""
        return self._held.get(booth, 0)

    def add(self, booth: str | None, count: int) -> None:
        """Let a booth hold so much more; less if `count` is negative."""
        before = self._held.pop(booth, 0)
        if before:
            level = self._holding[before]
            del level[booth]
            if not level:
                del self._holding[before]
        held = before + count
        if held:
            self._held[booth] = held
            self._holding.setdefault(held, {})[booth] = None
        self.total += count
        self._most = max(self._most, held)
        while self._most and self._most not in self._holding:  # as often as something was added
            self._most -= 1

    def largest(self) -> str | None:
        """Return the booth that holds most; of several the one that came to it last."""
        return next(reversed(self._holding[self._most]))

    def loser(self, booth: str | None) -> str | None:
        """Return the booth that has to give something away when `booth` gets one more."""
        held = self.of(booth)
        return booth if held and held + 1 >= self._most else self.largest()


class FairMap(Generic[K, T]):
    """A bounded mapping; when full, the booth with the most entries loses its oldest.

    Args:
        size: entries that are held at most, besides those of `keep`.
        each: entries of one booth that are held at most, likewise.
    """

    def __init__(self, size: int, each: int | None = None) -> None:
        self._size = size
        self._each = size if each is None else each
        self._values: dict[K, T] = {}
        self._order: dict[str | None, OrderedDict[K, None]] = {}
        self._kept: dict[str | None, dict[K, None]] = {}
        self._shares = Shares()
        self.get: Callable[[K], T | None] = self._values.get
        self.entries: Mapping[K, T] = self._values  # a dict, for where each look-up counts

    def __len__(self) -> int:
        return len(self._values)

    def count(self, booth: str | None) -> int:
        """Return how many entries of a booth there are, besides those of `keep`."""
        return self._shares.of(booth)

    def values(self) -> ValuesView[T]:
        """Return all values, in the order they came."""
        return self._values.values()

    def items(self) -> ItemsView[K, T]:
        """Return all keys with their values, in the order they came."""
        return self._values.items()

    def of(self, booth: str | None) -> list[T]:
        """Return the values of one booth."""
        keys = chain(self._kept.get(booth, ()), self._order.get(booth, ()))
        return [self._values[key] for key in keys]

    def next_out(self, booth: str | None) -> T | None:
        """Return the value that has to go when one more entry of `booth` is added, if any."""
        out = self._out(booth)
        return None if out is None else self._values[out[1]]

    def _out(self, booth: str | None) -> tuple[str | None, K] | None:
        if self._shares.of(booth) >= self._each:
            loser = booth
        elif self._shares.total >= self._size:
            loser = self._shares.loser(booth)
        else:
            return None
        return loser, next(iter(self._order[loser]))

    def add(self, booth: str | None, key: K, value: T) -> None:
        """Add an entry, which is not there yet, as the newest of `booth`."""
        out = self._out(booth)
        if out is not None and out[0] == booth:  # as in a flood; its share stays as it is
            del self._values[out[1]], self._order[booth][out[1]]
        else:
            if out is not None:
                self.pop(*out)
            self._shares.add(booth, 1)
        self._values[key] = value
        self._order.setdefault(booth, OrderedDict())[key] = None

    def keep(self, booth: str | None, key: K, value: T) -> None:
        """Add an entry that never has to go, and takes no other's place."""
        self.pop(booth, key)
        self._values[key] = value
        self._kept.setdefault(booth, {})[key] = None

    def pop(self, booth: str | None, key: K) -> T | None:
        """Take out an entry of `booth`, if it is there and may go."""
        order = self._order.get(booth)
        if order is None or key not in order:
            return None
        del order[key]
        if not order:
            del self._order[booth]
        self._shares.add(booth, -1)
        return self._values.pop(key)

    def move(self, booth: str | None, key: K, *, last: bool) -> None:
        """Let an entry of `booth` go after all its others, or before them."""
        order = self._order.get(booth)
        if order is not None and key in order:
            order.move_to_end(key, last)


class FairBuffer(Generic[T]):
    """A bounded event buffer; when full, the booth with the most events loses its oldest.

    `left_out` counts the lost ones since the beginning.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._added = 0
        self.left_out = 0
        self._clear()

    def _clear(self) -> None:
        self._events: dict[str | None, deque[tuple[int, T]]] = {}
        self._shares = Shares()
        self._lost = BoothCounter(self._size)

    def __len__(self) -> int:
        return self._shares.total

    def __iter__(self) -> Iterator[T]:
        """Iterate over what is held, in the order it came."""
        numbered = sorted(chain.from_iterable(self._events.values()), key=itemgetter(0))
        return (event for _, event in numbered)

    def add(self, booth: str | None, event: T) -> None:
        """Add what happened at a booth."""
        if self._shares.total >= self._size:
            self._leave_out(self._shares.loser(booth))
        self._added += 1
        self._events.setdefault(booth, deque()).append((self._added, event))
        self._shares.add(booth, 1)

    def _leave_out(self, booth: str | None) -> None:
        events = self._events[booth]
        events.popleft()
        if not events:
            del self._events[booth]
        self._shares.add(booth, -1)
        self._lost.add(booth)
        self.left_out += 1

    def pop_all(self) -> tuple[list[T], dict[str | None, int]]:
        """Return all events in the order they came, and how many of each booth were left out."""
        if not self._shares.total:
            return [], {}
        events = list(self)
        lost = {booth: count for (booth, _), count in self._lost.pop_all().items()}
        self._clear()
        return events, lost


class BoothCounter:
    """Counts by booth, and by what; the booths beyond `size` are counted as one, as None."""

    def __init__(self, size: int = BOOTHS) -> None:
        self._size = size
        self._booths: set[str | None] = set()
        self._counts = Counter[tuple[str | None, str]]()

    def add(self, booth: str | None, what: str = "", count: int = 1) -> None:
        """Count so many more."""
        if booth not in self._booths:
            if len(self._booths) >= self._size:
                booth = None
            self._booths.add(booth)
        self._counts[booth, what] += count

    def pop_all(self) -> dict[tuple[str | None, str], int]:
        """Return the counts since the last call."""
        counts, self._counts = self._counts, Counter()
        self._booths.clear()
        return dict(counts)
