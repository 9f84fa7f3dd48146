"""The trend of a device: its headline value at the latest seconds. Pure."""

from array import array

POINTS = 60
_PAIR = 2


class Trend:
    """The latest `POINTS` values with their times, in a ring that is made once.

    Of 10,000 devices each gets one a second: to add to an array that grows takes twice as long.
    """

    __slots__ = ("_added", "_ring")

    def __init__(self) -> None:
        self._ring = array("d", bytes(8 * _PAIR * POINTS))
        self._added = 0

    def add(self, at: int, value: float) -> None:
        """Add a value at a time (ms)."""
        place = _PAIR * (self._added % POINTS)
        self._ring[place] = at
        self._ring[place + 1] = value
        self._added += 1

    def points(self) -> list[tuple[int, float]]:
        """Return the times (ms) and values, oldest first."""
        ring, place = self._ring, _PAIR * (self._added % POINTS)
        found = ring[place:] + ring[:place] if self._added >= POINTS else ring[:place]
        return list(zip(map(int, found[::_PAIR]), found[1::_PAIR], strict=True))
