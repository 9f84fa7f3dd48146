"""Token buckets: limit a rate to a burst, and to so much a second after that. Pure."""

from typing import Generic, TypeVar

from hub.limits.fair import FairMap
from hub.timestamps import SECOND

K = TypeVar("K")

BUCKETS = 10_000
"""Buckets that are kept; when full, the booth with the most of them loses its oldest."""


class TokenBuckets(Generic[K]):
    """Limits the rate of each key; a bucket is kept as the time (ns) at which it is full again.

    Args:
        per_second: tokens that a bucket gains in a second.
        burst: tokens that a bucket holds.
        size: most buckets kept; evicted fairly by booth.
    """

    def __init__(self, per_second: float, burst: int, size: int = BUCKETS) -> None:
        self._step = round(SECOND / per_second)
        self._room = self._step * (burst - 1)
        self._full_at = FairMap[K, int](size)

    def __len__(self) -> int:
        return len(self._full_at)

    def delay(self, key: K, now: int) -> int:
        """Return the nanoseconds until the key's bucket has a token; 0 if it has one now."""
        return max(0, (self._full_at.get(key) or now) - now - self._room)

    def consume(self, key: K, now: int, booth: str | None = None) -> None:
        """Consume a token of the key's bucket, which counts as one of `booth`."""
        full_at = max(now, self._full_at.pop(booth, key) or now)
        self._full_at.add(booth, key, full_at + self._step)
