"""What a dialect remembers between messages: bounded for each booth, kept over restarts. Pure.

A device says some things only once: what it has (discovery, births), which kinds it is of. That is
committed to the outbox in the same transaction as the readings of the message that said it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from hub.limits.fair import FairMap

ENTRIES = 40_000
"""Entries of all booths together; when full, the booth with the most loses its oldest."""
EACH = 4_000
"""Entries of one booth."""
BYTES = 64 * 1024 * 1024
"""Bytes of all entries together, as JSON; when full, the booth with the most loses its oldest."""
BYTES_EACH = 4 * 1024 * 1024
"""Bytes of the entries of one booth."""
_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__


class Key(NamedTuple):
    """Where an entry belongs: a booth, a dialect, and a name of the dialect's own."""

    booth: str
    dialect: str
    name: str


class Memories:
    """The entries of every booth, and those that are not on disk yet."""

    def __init__(self, kept: Iterable[tuple[str, str, str, Any]] = ()) -> None:
        self._entries = FairMap[Key, Any](ENTRIES, EACH)
        self.get: Callable[[Key], Any] = self._entries.get
        self._sizes: dict[Key, int] = {}
        self._held = Counter[str]()
        self._total = 0
        self._unsaved: dict[Key, Any] = {}
        self.evicted = 0  # how many entries made room for others
        for booth, dialect, name, value in kept:
            self.set(Key(booth, dialect, name), value)
        self._unsaved = {key: value for key, value in self._unsaved.items() if value is None}

    def of(self, booth: str, dialect: str) -> "Memory":
        """Return what a dialect remembers of a booth."""
        return Memory(self, booth, dialect)

    def set(self, key: Key, value: Any) -> None:
        """Remember a JSON-typed value; None forgets it."""
        if self._entries.get(key) == value:
            return
        self._drop(key)
        if value is not None:
            size = len(key.name) + len(json.dumps(value))
            while (evicted := self._next_out(key.booth, size)) is not None:
                self._drop(evicted)
                self._unsaved[evicted] = None
                self.evicted += 1
            self._entries.add(key.booth, key, value)
            self._count(key, size)
        self._unsaved[key] = value

    def _next_out(self, booth: str, size: int) -> Key | None:
        """The entry that makes room for one more of so many bytes, if there is too little."""
        if self._held[booth] + size > BYTES_EACH:
            return self._entries.oldest_key(booth)
        if self._total + size > BYTES:
            return self._entries.oldest_key(max(self._held, key=self._held.__getitem__))
        return self._entries.next_key_out(booth)

    def _drop(self, key: Key) -> None:
        if self._entries.pop(key.booth, key) is not None:
            self._count(key, -self._sizes.pop(key))

    def _count(self, key: Key, size: int) -> None:
        if size > 0:
            self._sizes[key] = size
        self._held[key.booth] += size
        self._total += size
        if not self._held[key.booth]:
            del self._held[key.booth]

    def names(self, booth: str, dialect: str, start: str) -> list[str]:
        """Return the names of a dialect's entries of a booth that begin with `start`."""
        return [
            key.name
            for key in self._entries.keys_of(booth)
            if key.dialect == dialect and key.name.startswith(start)
        ]

    def pop_unsaved(self) -> dict[Key, Any]:
        """Return what changed since the last call; None for what was forgotten."""
        unsaved, self._unsaved = self._unsaved, {}
        return unsaved


class Memory:
    """What one dialect remembers of one booth, by name."""

    __slots__ = ("_booth", "_dialect", "_get", "_memories")

    def __init__(self, memories: Memories, booth: str, dialect: str) -> None:
        self._memories, self._booth, self._dialect = memories, booth, dialect
        self._get = memories.get

    def get(self, name: str) -> Any:
        """Return what is remembered under a name, JSON-typed; None if nothing is."""
        return self._get(_new(Key, (self._booth, self._dialect, name)))

    def set(self, name: str, value: Any) -> None:
        """Remember a JSON-typed value under a name; None forgets it."""
        self._memories.set(Key(self._booth, self._dialect, name), value)

    def names(self, start: str = "") -> list[str]:
        """Return the names under which something is remembered that begin with `start`."""
        return self._memories.names(self._booth, self._dialect, start)
