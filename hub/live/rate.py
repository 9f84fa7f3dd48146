"""How often a device sends: an average over a few of its intervals. Pure."""

_SMOOTHED_INTERVALS = 5


class Rate:
    """The readings a second, averaged with weights that fade; right from the first second on.

    It is worked out when a reading comes and when it is asked for, not each second: most of 10,000
    devices send less often. `second` is that of the latest reading (monotonic), `latest` the rate
    before it: of a device that sends seldom a tenth too low.
    """

    __slots__ = ("_average", "_counted", "_kept", "_weight", "latest", "second")

    def __init__(self, interval: float) -> None:
        self._kept = 1 - 1 / (1 + _SMOOTHED_INTERVALS * interval)  # of the average, a second later
        self._average = self._weight = self.latest = 0.0
        self._counted = self.second = 0

    def go_on(self, second: int, readings: int) -> None:
        """Go on to a second in which a reading came; there were `readings` before it."""
        if self.second:
            self._average, self._weight = self._after(second - self.second, readings)
            self.latest = self._average / self._weight
        self._counted, self.second = readings, second

    def at(self, second: int, readings: int) -> float:
        """Return the rate in a second; there were `readings` until now."""
        if second <= self.second or not self.second:
            return self.latest
        average, weight = self._after(second - self.second, readings)
        return average / weight

    def _after(self, seconds: int, readings: int) -> tuple[float, float]:
        """The average and its weight so many seconds later, in the first of which readings came."""
        kept, fading = self._kept, self._kept ** (seconds - 1)
        new = (1 - kept) * (readings - self._counted)
        return (self._average * kept + new) * fading, 1 - (1 - self._weight) * kept * fading
