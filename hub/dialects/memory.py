"""What a dialect remembers between messages: bounded for each booth, kept over restarts. Pure.

A device says some things only once: what it has (discovery, births), which kinds it is of. That is
committed to the outbox in the same transaction as the readings of the message that said it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hub.limits.fair import FairMap

ENTRIES = 40_000
"""Entries of all booths together; when full, the booth with the most loses its oldest."""
EACH = 4_000
"""Entries of one booth."""


class Key(NamedTuple):
    """Where an entry belongs: a booth, a dialect, and a name of the dialect's own."""

    booth: str
    dialect: str
    name: str


class Memories:
    """The entries of every booth, and those that are not on disk yet."""

    def __init__(self, kept: Iterable[tuple[str, str, str, Any]] = ()) -> None:
        self._entries = FairMap[Key, Any](ENTRIES, EACH)
        self._unsaved: dict[Key, Any] = {}
        for booth, dialect, name, value in kept:
            self._entries.add(booth, Key(booth, dialect, name), value)

    def of(self, booth: str, dialect: str) -> "Memory":
        """Return what a dialect remembers of a booth."""
        return Memory(self, booth, dialect)

    def get(self, key: Key) -> Any:
        """Return an entry; None if there is none."""
        return self._entries.get(key)

    def set(self, key: Key, value: Any) -> None:
        """Remember a JSON-typed value; None forgets it."""
        if self._entries.get(key) == value:
            return
        self._entries.pop(key.booth, key)
        if value is not None:
            evicted = self._entries.next_key_out(key.booth)
            if evicted is not None:
                self._unsaved[evicted] = None
            self._entries.add(key.booth, key, value)
        self._unsaved[key] = value

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

    __slots__ = ("_booth", "_dialect", "_memories")

    def __init__(self, memories: Memories, booth: str, dialect: str) -> None:
        self._memories, self._booth, self._dialect = memories, booth, dialect

    def get(self, name: str) -> Any:
        """Return what is remembered under a name, JSON-typed; None if nothing is."""
        return self._memories.get(Key(self._booth, self._dialect, name))

    def set(self, name: str, value: Any) -> None:
        """Remember a JSON-typed value under a name; None forgets it."""
        self._memories.set(Key(self._booth, self._dialect, name), value)

    def names(self, start: str = "") -> list[str]:
        """Return the names under which something is remembered that begin with `start`."""
        return self._memories.names(self._booth, self._dialect, start)
