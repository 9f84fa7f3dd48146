"""The latest deliveries of the session, in the outbox's file: what a redelivery is known by."""

import sqlite3
from collections import deque


class Deliveries:
    """The deliveries in the outbox's file, at least those of a window of so many bytes.

    `add` and `clear` work inside the caller's transaction; `added` and `cleared` say that it was
    committed.
    """

    def __init__(self, db: sqlite3.Connection, window: int) -> None:
        self._db = db
        self._most = window
        rows = db.execute("SELECT id, length(entries) FROM delivered ORDER BY id")
        self._window = deque[tuple[int, int]](rows)
        self._kept = sum(size for _, size in self._window)
        self._latest = 0, 0

    def all(self) -> list[bytes]:
        """Return the deliveries, oldest first."""
        rows = self._db.execute("SELECT entries FROM delivered ORDER BY id")
        return [entries for (entries,) in rows]

    def add(self, entries: bytes) -> None:
        """Insert deliveries, and delete those that left the window."""
        row = self._db.execute("INSERT INTO delivered (entries) VALUES (?)", (entries,))
        self._latest = row.lastrowid or 0, len(entries)
        if outside := self._outside():
            self._db.execute("DELETE FROM delivered WHERE id <= ?", (outside,))

    def added(self) -> None:
        """What was added last is on disk."""
        self._window.append(self._latest)
        self._kept += self._latest[1]

    def _outside(self) -> int:
        """The id of the newest delivery outside the window; those after it fill the window.

        0 until the ones outside are a quarter of a window: each time costs a page.
        """
        last = 0
        if self._kept < self._most * 5 // 4:
            return last
        while self._window and self._kept - self._window[0][1] >= self._most:
            last, size = self._window.popleft()
            self._kept -= size
        return last

    def clear(self) -> None:
        """Delete all."""
        self._db.execute("DELETE FROM delivered")

    def cleared(self) -> None:
        """All are deleted on disk."""
        self._window.clear()
        self._kept = 0
