"""Shares of the outbox for lines that the store refused: of all booths, and of each. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hub.limits.fair import BOOTHS
from hub.stores.store import Refusal

SHARE_OF_ALL, SHARE_OF_A_BOOTH = 2, 16
"""What part of the limit (a half, a sixteenth) refused lines may take: a booth whose readings the
store refuses, older than its retention for example, stops no other."""


class RefusedShares:
    """Counts the bytes of refused lines by booth; `limit` is that of the outbox."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sizes = Counter[bytes]()
        self.size = self.left_out = 0

    def load(self, lines: Iterable[tuple[bytes, int]]) -> None:
        """Count lines that are there at the start, by their beginning and size in bytes."""
        for start, size in lines:
            self._sizes[self._booth_of(start)] += size
            self.size += size

    def admit(self, refusals: Sequence[Refusal]) -> tuple[list[Refusal], Counter[bytes]]:
        """Return the refusals that fit into the share of their booth, and of all; with their bytes.

        They count once `add` was called, when they are on disk.
        """
        kept, added, total = list[Refusal](), Counter[bytes](), self.size
        for refusal in refusals:
            booth, size = self._booth_of(refusal.line), len(refusal.line)
            held = self._sizes[booth] + added[booth]
            if (
                total + size <= self._limit // SHARE_OF_ALL
                and held + size <= self._limit // SHARE_OF_A_BOOTH
            ):
                added[booth] += size
                total += size
                kept.append(refusal)
        return kept, added

    def add(self, added: Counter[bytes]) -> None:
        """Count bytes, by booth, of lines that are kept."""
        self._sizes.update(added)
        self.size += added.total()

    def _booth_of(self, line: bytes) -> bytes:
        """The booth of a line, as written there; one name for all booths beyond `BOOTHS`."""
        booth = line.partition(b",booth=")[2].partition(b" ")[0].partition(b",")[0]
        known = booth in self._sizes or len(self._sizes) < BOOTHS
        return booth if known else b""
