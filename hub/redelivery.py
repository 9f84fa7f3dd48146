"""Recognising a packet that the broker sends again after a crash or a cut connection. Pure.

In a resumed session a broker sends what was not acknowledged again, with DUP set and under the same
packet identifier (MQTT-4.4.0-1, MQTT-3.3.1-1). A packet is a redelivery when DUP is set and the
latest message kept under its identifier has the same digest.

Identifiers are used again, by Mosquitto after 65,535 messages. An identifier therefore counts only
while it is among the latest `WINDOW` messages: about half of the identifiers, so a new message
never meets the memory of an old one, and more than can be in flight (`hub.ingest.IN_HAND`).
"""

from array import array
from collections.abc import Iterable

WINDOW = 32_768
"""Messages that are remembered."""
ENTRY_SIZE = 14
"""Bytes that one remembered message takes: identifier (2), digest (4), time (8)."""
_IDENTIFIERS = 65_536


class Redeliveries:
    """The latest deliveries by packet identifier, and those that are still to be kept on disk."""

    def __init__(self, kept: Iterable[bytes] = ()) -> None:
        self._forget()
        for entries in kept:
            self._load(entries)
        self.take()

    def _forget(self) -> None:
        self._count = WINDOW
        self._noted = array("q", bytes(8 * _IDENTIFIERS))  # the count at which it was noted
        self._digests = array("I", bytes(4 * _IDENTIFIERS))
        self._times = array("q", bytes(8 * _IDENTIFIERS))
        self._new_ids = array("H")
        self._new_digests = array("I")
        self._new_times = array("q")

    def forget(self) -> None:
        """Start afresh: the broker has no session of ours, so nothing can come again."""
        self._forget()

    def note(self, packet_id: int, digest: int, ts: int) -> None:
        """Remember a message that is about to be kept with the time `ts` (ns; 0 if rejected)."""
        self._count += 1
        self._noted[packet_id] = self._count
        self._digests[packet_id] = digest
        self._times[packet_id] = ts
        self._new_ids.append(packet_id)
        self._new_digests.append(digest)
        self._new_times.append(ts)

    def seen(self, packet_id: int, digest: int) -> int | None:
        """Return the time under which a message with DUP set was kept before, else None."""
        if self._count - self._noted[packet_id] >= WINDOW or self._digests[packet_id] != digest:
            return None
        return self._times[packet_id]

    def take(self) -> bytes:
        """Return what was noted since the last call, for the outbox to keep."""
        packed = self._new_ids.tobytes() + self._new_digests.tobytes() + self._new_times.tobytes()
        del self._new_ids[:], self._new_digests[:], self._new_times[:]
        return packed

    def _load(self, entries: bytes) -> None:
        count = len(entries) // ENTRY_SIZE
        ids, digests, times = array("H"), array("I"), array("q")
        ids.frombytes(entries[: 2 * count])
        digests.frombytes(entries[2 * count : 6 * count])
        times.frombytes(entries[6 * count :])
        for entry in zip(ids, digests, times, strict=True):
            self.note(*entry)
