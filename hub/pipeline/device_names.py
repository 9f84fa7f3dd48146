"""The names of devices: bounds how many each booth brings into the store. Pure.

Each name is a separate series there, and one that differs at every start of a sketch
(`client-1732617000123`) would make a new one for ever.
"""

from collections.abc import Collection, Iterable

from hub.limits.fair import BOOTHS
from hub.topics import Address

ALL = 100_000
"""Names of all booths at which those with more than `SURE` get no more."""
SURE = 50
"""Names that each booth may have whatever the others have."""


class DeviceNames:
    """Remembers under which kinds and names each booth's devices sent, and admits no more.

    Every call is O(1). Booths beyond `BOOTHS` share one limit.

    Args:
        limit: names that a booth may have; 0 for any number. Planned ones do not count.
        known: those of earlier runs.
    """

    def __init__(self, limit: int = 0, known: Iterable[Address] = ()) -> None:
        self.limit = limit
        self._names: dict[str, set[Address]] = {}
        self._planned: Collection[Address] = ()
        self._unsaved: list[Address] = []
        self._total = 0
        for address in known if limit else ():
            self._add(address)

    def plan(self, planned: Collection[Address]) -> None:
        """Let these devices always in: the zone file expects them."""
        self._planned = frozenset(planned)

    def admit(self, address: Address) -> bool:
        """Whether readings under this name are taken; a new one is remembered if there is room."""
        if not self.limit or address in self._planned:
            return True
        names = self._names.get(self._share(address.booth), ())
        if address in names:
            return True
        if len(names) >= (self.limit if self._total < ALL else min(self.limit, SURE)):
            return False
        self._add(address)
        self._unsaved.append(address)
        return True

    def pop_unsaved(self) -> list[Address]:
        """Return the names that came in since the last call, to be kept on disk."""
        unsaved, self._unsaved = self._unsaved, []
        return unsaved

    def _add(self, address: Address) -> None:
        names = self._names.setdefault(self._share(address.booth), set())
        self._total += address not in names
        names.add(address)

    def _share(self, booth: str) -> str:
        return booth if booth in self._names or len(self._names) < BOOTHS else ""
