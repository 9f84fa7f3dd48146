"""Exponential back-off with full jitter: the pauses between attempts. Pure."""

from collections.abc import Callable


class Backoff:
    """Computes the pause before the next attempt: 0 to a bound that doubles with each.

    Full jitter, so that a hall of clients does not reconnect at the same moment (M. Brooker,
    "Exponential backoff and jitter", AWS Architecture Blog, 2015).

    Args:
        first: the bound of the first pause, in seconds.
        longest: the largest bound, in seconds.
        chance: a number from 0 to 1, another at each call.
    """

    def __init__(self, first: float, longest: float, chance: Callable[[], float]) -> None:
        self._first = self._bound = first
        self._longest = longest
        self._chance = chance

    def pause(self) -> float:
        """Return the pause before the next attempt, in seconds."""
        pause = self._chance() * self._bound
        self._bound = min(self._longest, 2 * self._bound)
        return pause

    def reset(self) -> None:
        """Reset to the first pause: an attempt succeeded."""
        self._bound = self._first
