"""Recognising a packet that the broker sends again after a crash or a cut connection. Pure.

In a resumed session a broker sends what was not acknowledged again: in the order of the first time
(MQTT-4.6.0-1), under the same packet identifiers and with DUP set (MQTT-4.4.0-1, MQTT-3.3.1-1).
Since the hub acknowledges in order, these are the last messages that it received, without a gap:
from the first whose acknowledgement the broker had not dealt with when the connection ended.

That can be many. Mosquitto 2.0.11 sends a whole queue ahead of the acknowledgements and reads those
slowly, so a hub that is killed may have kept and acknowledged 100,000 messages that come again. And
identifiers are used again, after 65,535 messages. So the place at which the messages begin again is
looked for once for each connection, by several of them together; from there on they are followed.
"""

import struct
from array import array
from collections.abc import Iterable, Sequence

WINDOW = 400_000
"""Messages that are remembered: more than have been seen to come again; 6 MB."""
ENTRY_SIZE = 14
"""Bytes that one remembered message takes: identifier (2), digest (4), time (8)."""
LOOK_AHEAD = 64
"""Messages by which the place is looked for."""
_IDENTIFIERS = 65_535
_SLACK = 65_536
_MISSES = 20
_SURE = 0.9
_FEW = 8


class Redeliveries:
    """The latest deliveries in order of receipt, and those that are still to be kept on disk."""

    def __init__(self, kept: Iterable[bytes] = ()) -> None:
        self.forget()
        for entries in kept:
            self.note(*_unpacked(entries))
        self.take()
        self.resumed()

    def forget(self) -> None:
        """Start afresh: the broker has no session of ours, so nothing can come again."""
        self._ids, self._digests, self._times = array("H"), array("I"), array("q")
        self._new = array("H"), array("I"), array("q")
        self.resumed()

    def resumed(self) -> None:
        """A connection begins: what was noted until now may come again."""
        self._end = len(self._ids)
        self._next: int | None = None
        self._misses = 0
        self._searched: tuple[bytes, bytes] | None = None

    def note(self, packet_ids: Sequence[int], digests: Sequence[int], times: Sequence[int]) -> None:
        """Remember messages that are about to be kept, in order, each with its time (ns)."""
        columns = array("H", packet_ids), array("I", digests), array("q", times)
        remembered = (self._ids, self._digests, self._times)
        for all_of_it, new, column in zip(remembered, self._new, columns, strict=True):
            all_of_it.extend(column)
            new.extend(column)
        surplus = len(self._ids) - WINDOW
        if surplus >= _SLACK and (not self._searched or surplus >= WINDOW):
            for column in remembered:
                del column[:surplus]
            self._end = max(0, self._end - surplus)
            self._next, self._searched = None, None

    def align(self, coming: Sequence[tuple[int, int]]) -> None:
        """Find where the messages begin again, by the first that come: identifiers and digests.

        Where several places fit, which takes readings that are all alike, it is the latest one: a
        reading may then be stored twice, but none is lost.
        """
        if self._next is not None or self._misses >= _MISSES or not coming or not self._end:
            return
        if self._searched is None:
            self._searched = self._ids[: self._end].tobytes(), self._digests[: self._end].tobytes()
        for start in self._places(*coming[0]):
            if self._fits(start, coming):
                self._next = start

    def undecided(self, coming: Sequence[tuple[int, int]]) -> bool:
        """Whether they may begin again far back, but are too few to tell: more have to come first.

        A first read often brings one or two messages. Where it is far there are 65,000 behind them.
        """
        if self._next is not None or self._misses or not 0 < len(coming) < _FEW:
            return False
        return any(self._is_far(place) for place in self._places(*coming[0]))

    def _is_far(self, place: int) -> bool:
        return self._end - place >= _IDENTIFIERS - _MISSES

    def _fits(self, start: int, coming: Sequence[tuple[int, int]]) -> bool:
        places = range(start, self._end)
        pairs = [(self._ids[at], self._digests[at]) for at, _ in zip(places, coming, strict=False)]
        fitting = sum(was == comes for was, comes in zip(pairs, coming, strict=False))
        if fitting < _SURE * len(pairs):
            return False
        # So far back the identifiers were used again, also by new messages that came before this
        # one and were not found: the readings themselves must tell.
        return not self._is_far(start) or (
            len(pairs) >= _FEW and len({digest for _, digest in pairs}) > 1
        )

    def _places(self, packet_id: int, digest: int, start: int = 0) -> Iterable[int]:
        """Where a message was noted, from `start` on; 1 ms for a million of them."""
        if self._searched is None:
            return
        ids, digests = self._searched
        patterns = (ids, 2, struct.pack("=H", packet_id)), (digests, 4, struct.pack("=I", digest))
        # By the rarer of the two: readings may be all alike, or identifiers used again and again.
        column, width, pattern = min(patterns, key=lambda item: item[0].count(item[2]))
        at = column.find(pattern, width * start)
        while at >= 0:
            place = at // width
            if at % width == 0 and (self._ids[place], self._digests[place]) == (packet_id, digest):
                yield place
            at = column.find(pattern, at + 1)

    def seen(self, packet_id: int, digest: int) -> int | None:
        """Return the time under which a message with DUP set was kept before, else None."""
        self.align([(packet_id, digest)])
        if self._next is None or self._next >= self._end or self._misses >= _MISSES:
            self._misses += 1
            return None
        place = self._next
        if (self._ids[place], self._digests[place]) != (packet_id, digest):
            # A message that expired at the broker leaves a gap.
            place = next(iter(self._places(packet_id, digest, place)), self._end)
        if place >= min(self._end, self._next + _IDENTIFIERS):
            self._misses += 1
            return None
        self._next = place + 1
        return self._times[place]

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
