"""A batch of messages with the decision on each, as the intake hands it to the committer."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from hub.messages import PLAIN, Connection, Reading, Rejection, Status, Translated
from hub.stores import rows
from hub.topics import Address


class Counted(NamedTuple):
    """A rejection above its booth's quota: only counted, its reason and payload are not kept."""

    booth: str | None
    code: str


class Receipt(NamedTuple):
    """The answer on a Response Topic: the time of the reading (ns), or the rejection."""

    response_topic: str
    correlation_data: bytes | None
    address: Address
    answer: int | Rejection


Decision = Reading | Rejection | Counted | Status | Translated | None
"""The decision on a message; None is an ignored one, which needs no answer."""


class Batch:
    """The messages of one read from a connection; committed and acknowledged as a whole.

    `messages` is how many there were, `packet_ids` those to acknowledge, in order of receipt.
    `duplicate` of them were redeliveries, `dropped` were QoS 0 above a quota; each of the others
    has a decision. `accepted` are those with `readings`, of which a dialect's message may hold
    several. `delayed` are the indexes of decisions above their booth's quota.
    """

    __slots__ = (
        *("_native", "accepted", "connection", "decisions", "delayed", "dropped", "duplicate"),
        *("messages", "packet_ids", "readings", "receipts"),
    )

    def __init__(
        self, connection: Connection, messages: int = 0, packet_ids: Sequence[int] = ()
    ) -> None:
        self.connection = connection
        self.messages = messages
        self.packet_ids = packet_ids
        self.decisions: Sequence[Decision] = ()
        self.readings: list[Reading] = []
        self.delayed: Collection[int] = ()
        self.receipts: list[Receipt] = []
        self.duplicate = self.dropped = self.accepted = 0
        self._native = True

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Set the decisions, and select the readings among them, most often all."""
        self.decisions = decisions
        self.readings = [item for item in decisions if type(item) is Reading]
        self.accepted = len(self.readings)
        self._native = self.accepted == len(decisions)
        if not self._native and any(type(item) is Translated for item in decisions):
            found = [*map(held, decisions)]
            self.readings = [reading for items in found for reading in items]
            self.accepted = len([items for items in found if items])

    @property
    def only_readings(self) -> bool:
        """Whether every decision is a native reading."""
        return self._native

    @property
    def rejections(self) -> list[Rejection]:
        """The rejections to keep and to publish."""
        if self.only_readings:
            return []
        return [item for item in self.decisions if type(item) is Rejection]

    @property
    def counted(self) -> list[Counted]:
        """The rejections that are only counted."""
        if self.only_readings:
            return []
        return [item for item in self.decisions if type(item) is Counted]

    @property
    def ignored(self) -> int:
        """The number of messages that were ignored or dropped."""
        others = len(self.rejections) + len(self.counted) + self.accepted
        return self.dropped + len(self.decisions) - others

    def to_keep(self, *, delayed: bool) -> list[Reading]:
        """Return the delayed readings, or the others."""
        if not self.delayed:
            return [] if delayed else self.readings
        return [
            reading
            for place, item in enumerate(self.decisions)
            if (place in self.delayed) is delayed
            for reading in held(item)
        ]


def held(decision: Decision) -> Sequence[Reading]:
    """Return the readings in a message."""
    if type(decision) is Reading:
        return (decision,)
    return decision.readings if type(decision) is Translated else ()


def merged_in(readings: Sequence[Reading]) -> int:
    """Return how many of the readings the store merges into another."""
    found = [item.remarks for item in readings if item.remarks is not PLAIN]
    return len([remarks for remarks in found if remarks.merged])


def rows_of(readings: Sequence[Reading]) -> bytes:
    """Return readings as the outbox and the store take them."""
    headers = {item.header for item in readings}
    if len(headers) == 1:
        return rows.below(headers.pop(), [item.row for item in readings])
    pairs = [(item.header, item.row) for item in readings]
    # Of two readings of a device at the same time the later one counts, field by field.
    if len({(item.address, item.ts) for item in readings}) < len(readings):
        return rows.join_in_order(pairs)
    return rows.join(pairs)
