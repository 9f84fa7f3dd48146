"""Fence against unforeseen errors of a store: it counts as away, whatever its answer made us raise.

A store is somebody else's program. What it answers must end neither the hub nor a request.
"""

import logging
import traceback

from hub.errors import StoreAway

_TOLD = 100
"""Tracebacks in the log: one for each place in the code, and so many at most."""

log = logging.getLogger("hub.store")


class Fence:
    """Turns unforeseen errors into `StoreAway`; `count` says how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._told: set[tuple[str, str, int | None]] = set()

    def away(self, exc: Exception) -> StoreAway:
        """Count an error, log its traceback the first time, and return it in words."""
        self.count += 1
        last = (traceback.extract_tb(exc.__traceback__) or [None])[-1]
        place = (type(exc).__name__, last.filename if last else "", last.lineno if last else None)
        if place not in self._told and len(self._told) < _TOLD:
            self._told.add(place)
            log.error("unforeseen error of the store", exc_info=exc)
        return StoreAway(
            f"the store made the hub stumble ({type(exc).__name__}); is HUB_STORE right? The hub's "
            "log has the traceback: report it"
        )
