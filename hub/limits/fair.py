"""Bounded maps and buffers that booths share, with fair eviction. Pure.

Every call is O(1), amortised; None stands for no known booth.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")

BOOTHS = 2_000
"""Booths with a count or a state each; those beyond are counted as one."""


class Shares:
    """Counts the entries of each booth, and tracks the booth with the most."""

    def __init__(self) -> None:
        self._held: dict[str | None, int] = {}
        self._holding: dict[int, dict[str | None, None]] = {}
        self._most = 0
        self.total = 0

    def of(self, booth: str | None) -> int:
        """Return the count of a booth."""
        return self._held.get(booth, 0)

    def add(self, booth: str | None, count: int) -> None:
        """Add to the count of a booth; `count` may be negative."""
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
        """Return the booth with the most; of several the one that reached it last."""
        return next(reversed(self._holding[self._most]))

    def loser(self, booth: str | None) -> str | None:
        """Return the booth that loses an entry when `booth` gets one more."""
        held = self.of(booth)
        return booth if held and held + 1 >= self._most else self.largest()


class FairMap(Generic[K, T]):
    """A bounded mapping; when full, the booth with the most entries loses its oldest.

    Args:
        size: most entries, besides those of `keep`.
        each: most entries of one booth, likewise.
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
        """Return all values, in the order they were added."""
        return self._values.values()

    def items(self) -> ItemsView[K, T]:
        """Return all keys with their values, in the order they were added."""
        return self._values.items()

    def of(self, booth: str | None) -> list[T]:
        """Return the values of one booth."""
        return [self._values[key] for key in self.keys_of(booth)]

    def keys_of(self, booth: str | None) -> list[K]:
        """Return the keys of one booth."""
        return [*self._kept.get(booth, ()), *self._order.get(booth, ())]

    def next_key_out(self, booth: str | None) -> K | None:
        """Return the key that is evicted when one more entry of `booth` is added, if any."""
        out = self._out(booth)
        return None if out is None else out[1]

    def oldest_key(self, booth: str | None) -> K | None:
        """Return the key of the oldest entry of a booth, if it has one besides those of `keep`."""
        return next(iter(self._order.get(booth, ())), None)

    def next_out(self, booth: str | None) -> T | None:
        """Return the value that is evicted when one more entry of `booth` is added, if any."""
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
        """Add an entry with a new key, as the newest of `booth`; evict one when full."""
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
        """Add an entry that is never evicted, and evicts no other."""
        self.pop(booth, key)
        self._values[key] = value
        self._kept.setdefault(booth, {})[key] = None

    def pop(self, booth: str | None, key: K) -> T | None:
        """Remove an entry of `booth`, if it exists."""
        kept = self._kept.get(booth, {})
        if key in kept:
            del kept[key]
            return self._values.pop(key)
        order = self._order.get(booth)
        if order is None or key not in order:
            return None
        del order[key]
        if not order:
            del self._order[booth]
        self._shares.add(booth, -1)
        return self._values.pop(key)

    def move(self, booth: str | None, key: K, *, last: bool) -> None:
        """Make an entry of `booth` the last to be evicted of its entries, or the first."""
        order = self._order.get(booth)
        if order is not None and key in order:
            order.move_to_end(key, last)


class FairBuffer(Generic[T]):
    """A bounded event buffer; when full, the booth with the most events loses its oldest.

    `left_out` counts the lost ones since the start.
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
        """Iterate over the buffered events, oldest first."""
        numbered = sorted(chain.from_iterable(self._events.values()), key=itemgetter(0))
        return (event for _, event in numbered)

    def add(self, booth: str | None, event: T) -> None:
        """Add an event of a booth."""
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
        """Remove and return all events, oldest first, and how many of each booth were lost."""
        if not self._shares.total:
            return [], {}
        events = list(self)
        lost = {booth: count for (booth, _), count in self._lost.pop_all().items()}
        self._clear()
        return events, lost


class BoothCounter:
    """Counts by booth and by name; the booths beyond `size` are counted as one, None."""

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
        """Return the counts since the last call, and reset them."""
        counts, self._counts = self._counts, Counter()
        self._booths.clear()
        return dict(counts)
