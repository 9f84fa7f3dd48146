"""Recognising a packet that the broker sends again after a crash or a cut connection. Pure.

In a resumed session a broker sends what was not acknowledged again, with DUP set and under the same
packet identifier (MQTT-4.4.0-1, MQTT-3.3.1-1). A packet is a redelivery when DUP is set and the
latest message kept under its identifier has the same digest.

Identifiers are used again, by Mosquitto after 65,535 messages. An identifier therefore counts only
while it is among the latest `WINDOW` messages: about half of the identifiers, so a new message
never meets the memory of an old one, and more than can be in flight (`hub.ingest.IN_HAND`).
"""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence

WINDOW = 32_768
"""Messages that are remembered."""
ENTRY_SIZE = 14
"""Bytes that one remembered message takes: identifier (2), digest (4), time (8)."""


class Redeliveries:
    """The latest deliveries, and those of them that are still to be kept on disk.

    Noting costs 0.1 µs a message, for it only files arrays; the index by identifier is made when
    the first packet with DUP set asks for it.
    """

    def __init__(self, kept: Iterable[bytes] = ()) -> None:
        self._forget()
        for entries in kept:
            self.note(*_unpacked(entries))
        self.take()

    def _forget(self) -> None:
        self._count = 0
        self._new = array("H"), array("I"), array("q")
        self._unindexed: deque[tuple[Sequence[int], Sequence[int], Sequence[int]]] = deque()
        self._unindexed_count = 0
        self._indexed = 0
        self._index: dict[int, tuple[int, int, int]] = {}

    def forget(self) -> None:
        """Start afresh: the broker has no session of ours, so nothing can come again."""
        self._forget()

    def note(self, packet_ids: Sequence[int], digests: Sequence[int], times: Sequence[int]) -> None:
        """Remember messages that are about to be kept, in order, each with its time (ns)."""
        columns = array("H", packet_ids), array("I", digests), array("q", times)
        for new, column in zip(self._new, columns, strict=True):
            new.extend(column)
        self._unindexed.append(columns)
        self._count += len(packet_ids)
        self._unindexed_count += len(packet_ids)
        while self._unindexed_count - len(self._unindexed[0][0]) >= WINDOW:
            skipped = len(self._unindexed.popleft()[0])
            self._unindexed_count -= skipped
            self._indexed += skipped

    def seen(self, packet_id: int, digest: int) -> int | None:
        """Return the time under which a message with DUP set was kept before, else None."""
        self._bring_up_to_date()
        found = self._index.get(packet_id)
        if found is None or self._count - found[0] > WINDOW or found[1] != digest:
            return None
        return found[2]

    def _bring_up_to_date(self) -> None:
        while self._unindexed:
            columns = self._unindexed.popleft()
            for packet_id, digest, time in zip(*columns, strict=True):
                self._index[packet_id] = (self._indexed, digest, time)
                self._indexed += 1
        self._unindexed_count = 0

    def take(self) -> bytes:
        """Return what was noted since the last call, for the outbox to keep."""
        packed = b"".join([column.tobytes() for column in self._new])
        self._new = array("H"), array("I"), array("q")
        return packed


def _unpacked(entries: bytes) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    count = len(entries) // ENTRY_SIZE
    columns = array("H"), array("I"), array("q")
    columns[0].frombytes(entries[: 2 * count])
    columns[1].frombytes(entries[2 * count : 6 * count])
    columns[2].frombytes(entries[6 * count :])
    return columns
