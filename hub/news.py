"""The newest of what happened, shared fairly among those it is about. Pure."""

from collections import Counter, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class News(Generic[T]):
    """Holds at most `size` items; when there are more, whoever has the most loses its oldest.

    So a booth that floods pushes out its own news and no other's. `left_out` counts what was lost.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: dict[str | None, deque[tuple[int, T]]] = {}
        self._lost = Counter[str | None]()
        self._held = 0
        self._added = 0
        self.left_out = 0

    def __len__(self) -> int:
        return self._held

    def add(self, booth: str | None, item: T) -> None:
        """Add what happened at a booth, or at none that is known."""
        self._added += 1
        self._held += 1
        self._items.setdefault(booth, deque()).append((self._added, item))
        if self._held > self._size:
            self._leave_out()

    def _leave_out(self) -> None:
        longest = max(self._items, key=lambda booth: len(self._items[booth]))
        self._items[longest].popleft()
        if not self._items[longest]:
            del self._items[longest]
        self._held -= 1
        self._lost[longest] += 1
        self.left_out += 1
        if len(self._lost) > self._size:  # as many strangers as that are one
            self._lost = Counter({None: self._lost.total()})

    def take(self) -> tuple[list[T], dict[str | None, int]]:
        """Return all items in the order they came, and how many of each booth were left out."""
        items = [item for _, item in sorted(self._numbered(), key=lambda pair: pair[0])]
        lost = dict(self._lost)
        self._items, self._lost, self._held = {}, Counter(), 0
        return items, lost

    def _numbered(self) -> list[tuple[int, T]]:
        return [pair for queue in self._items.values() for pair in queue]
