"""The log of rejections: keeps the newest of each booth, so that none evicts another's."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from hub.limits.fair import Shares
from hub.messages import Rejection

OF_A_BOOTH = 1_000
"""Rejections kept of one booth; its oldest go first."""
KEPT_REJECTIONS = 50_000
"""Rejections kept of all; when there are more, the booth with the most loses its oldest."""


class Rejected:
    """The rejections in the outbox's file, with the count of each booth in memory.

    `change` works inside the caller's transaction.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._shares: Shares | None = None

    def rolled_back(self) -> None:
        """Discard the counts: the latest transaction was rolled back."""
        self._shares = None

    def change(self, rejections: Sequence[Rejection], reconsidered: Sequence[int] = ()) -> None:
        """Insert rejections, and evict those for which there is no room; delete `reconsidered`."""
        if reconsidered:
            self._db.executemany("DELETE FROM rejection WHERE id = ?", [(i,) for i in reconsidered])
            self._shares = None
        if self._shares is None:
            self._shares = Shares()
            counted = self._db.execute("SELECT booth, count(*) FROM rejection GROUP BY booth")
            self._let_go(_make_room(self._shares, counted.fetchall()))
        rows = [(item.booth, json.dumps(item.as_json(), ensure_ascii=False)) for item in rejections]
        self._db.executemany("INSERT INTO rejection (booth, body) VALUES (?, ?)", rows)
        self._let_go(_make_room(self._shares, [(booth, 1) for booth, _ in rows]))

    def _let_go(self, surplus: Counter[str | None]) -> None:
        self._db.executemany(
            "DELETE FROM rejection WHERE id IN "
            "(SELECT id FROM rejection WHERE booth IS ? ORDER BY id LIMIT ?)",
            surplus.items(),
        )


def _make_room(shares: Shares, added: Iterable[tuple[str | None, int]]) -> Counter[str | None]:
    """Add to the shares; return how many each booth loses, its share already reduced."""
    surplus = Counter[str | None]()
    for booth, count in added:
        shares.add(booth, count)
        above = shares.of(booth) - OF_A_BOOTH
        if above > 0:
            shares.add(booth, -above)
            surplus[booth] += above
        while shares.total > KEPT_REJECTIONS:
            largest = shares.largest()
            shares.add(largest, -1)
            surplus[largest] += 1
    return surplus
