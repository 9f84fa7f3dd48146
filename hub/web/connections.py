"""Limits on HTTP connections: how many, and how long one may make no progress.

Clients without a token can open connections too, so they are limited before any request is read: by
address, in total (files are left for the broker, the outbox and the store), and in time.
"""

import resource
from collections import Counter, defaultdict
from collections.abc import Collection
from contextlib import suppress
from typing import Protocol

from hub.web.limits import is_loopback
from hub.web.routes.stream import MAX_VIEWERS

MAX_CONNECTIONS = 3 * MAX_VIEWERS
"""The most connections that are open at once: viewers and other requests."""
ADDRESS_CONNECTIONS = 500
"""The most connections of one address; this machine's own may have all, for a reverse proxy has."""
ADDRESS_HELD = 100
"""The most connections of any address that are held longer than `SHORT` with no live stream."""
SHORT = 2.0
"""Seconds in which a request usually comes, and is answered."""
HEAD = 10.0
"""Seconds in which the head of a request must have come, from the connection or the last answer."""
STALLED = 30.0
"""Seconds in which a client that does not keep up must have read `PROGRESS` bytes more."""
PROGRESS = 16 * 1024
RESERVED_FILES = 512
"""Files and sockets left for the rest of the hub, and for connections accepted in one moment."""
FILES_EACH = 2
"""Files that a connection may take: its socket, and the file that is sent."""


class BoundedConnection(Protocol):
    """The parts of a connection that its limits use."""

    @property
    def address(self) -> str:
        """The address that its limits apply to."""
        ...

    @property
    def streams(self) -> bool:
        """Whether it serves a live stream, which has separate limits."""
        ...

    @property
    def waits(self) -> bool:
        """Whether no request is being served."""
        ...

    @property
    def since(self) -> float:
        """When it was opened, its request began, or its last response ended."""
        ...

    def unsent(self) -> int:
        """Return the bytes in the send buffer, which the client did not read yet."""
        ...

    def abort(self) -> None:
        """Close at once; the send buffer is lost."""
        ...


class Connections:
    """Limits the connections of a server to `most`, and those of each address."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_address = Counter[str]()
        self._behind: dict[BoundedConnection, tuple[int, float]] = {}

    def opened(self, address: str) -> bool:
        """Count a new connection of an address; return whether it is within the limits."""
        total = self._by_address.total()
        self._by_address[address] += 1
        most = self._most if is_loopback(address) else ADDRESS_CONNECTIONS
        return total < self._most and self._by_address[address] <= most

    def closed(self, connection: BoundedConnection) -> None:
        """Count a closed connection."""
        self._behind.pop(connection, None)
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]

    def enforce(self, connections: Collection[BoundedConnection], now: float) -> None:
        """Close connections without progress; called every second."""
        held = defaultdict[str, list[BoundedConnection]](list)
        for connection in list(connections):
            if self._stalled(connection, now) or self._late(connection, now):
                connection.abort()
            elif not connection.streams and now - connection.since > SHORT:
                held[connection.address].append(connection)
        for those in held.values():
            # Behind a proxy all have one address: those that wait for the hub are closed last.
            those.sort(key=lambda item: (not item.waits, item.since), reverse=True)
            for connection in those[ADDRESS_HELD:]:
                connection.abort()

    def _stalled(self, connection: BoundedConnection, now: float) -> bool:
        """Whether the client reads nothing, or less than `PROGRESS`."""
        unsent = connection.unsent()
        if not unsent:
            self._behind.pop(connection, None)
            return False
        most, since = self._behind.setdefault(connection, (unsent, now))
        if unsent <= most - PROGRESS:
            most, since = unsent, now
        self._behind[connection] = max(unsent, most), since
        return now - since > STALLED

    @staticmethod
    def _late(connection: BoundedConnection, now: float) -> bool:
        """Whether no request came in time; reading a response may take longer."""
        return connection.waits and not connection.unsent() and now - connection.since > HEAD


def allow_files() -> tuple[int, int]:
    """Raise the soft limit of open files to the hard one; return it, and the connections it allows.

    Connections must leave enough files for broker, outbox and store.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # where the kernel allows less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    most = MAX_CONNECTIONS
    if soft != resource.RLIM_INFINITY:
        most = max(1, min(most, (soft - RESERVED_FILES) // FILES_EACH))
    return soft, most
