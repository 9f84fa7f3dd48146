"""The warnings of a device: each stays for minutes after the last reading that caused it. Pure."""

from typing import NamedTuple

from hub.clock import SECOND
from schemas import Label

STAYS = 180 * SECOND
"""How long a warning stays, in ns, so that somebody who looks now and then sees it."""
MOST = 12


class _Entry(NamedTuple):
    label: Label
    at: int


class Warnings:
    """Keeps the newest warning of each sort and field, with its time (monotonic, ns)."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def add(self, key: str, label: Label, now: int) -> None:
        """Add or renew the warning `key`; above a dozen the oldest goes."""
        self._entries.pop(key, None)
        self._entries[key] = _Entry(label, now)
        if len(self._entries) > MOST:
            del self._entries[next(iter(self._entries))]

    def current(self, now: int) -> list[Label]:
        """Return the warnings that are not too old, in the order of their keys."""
        kept = sorted(self._entries.items())
        return [entry.label for _, entry in kept if now - entry.at < STAYS]

    def holds(self, key: str, now: int) -> bool:
        """Whether the warning `key` is current."""
        entry = self._entries.get(key)
        return entry is not None and now - entry.at < STAYS
