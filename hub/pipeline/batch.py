"""A batch of messages with the verdict on each: what goes from the intake to the committer."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from hub.messages import Connection, Reading, Rejection, Status
from hub.topics import Address


class Counted(NamedTuple):
    """A rejection above its booth's quota: it is counted, and nothing else of it is kept."""

    booth: str | None
    code: str


class Receipt(NamedTuple):
    """An answer that the sender of a message asked for: the time kept (ns), or the rejection."""

    response_topic: str
    correlation_data: bytes | None
    address: Address
    answer: int | Rejection


Decision = Reading | Rejection | Counted | Status | None
"""What becomes of a message; None is one that is no reading and needs no answer."""


class Batch:
    """What one read from a connection brought; committed and acknowledged as a whole.

    `messages` is how many there were, `packet_ids` those to acknowledge, in order of receipt.
    `duplicate` of them were kept before, `dropped` were QoS 0 above a quota; on each of the others
    there is a decision. `delayed` are the places of decisions above their booth's quota.
    """

    __slots__ = (
        *("connection", "decisions", "delayed", "dropped", "duplicate"),
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
        self.duplicate = self.dropped = 0

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Take the decisions; the readings among them are picked out, most often all."""
        self.decisions = decisions
        self.readings = [item for item in decisions if type(item) is Reading]

    @property
    def only_readings(self) -> bool:
        """Whether every decision is a reading."""
        return len(self.readings) == len(self.decisions)

    @property
    def rejections(self) -> list[Rejection]:
        """Those to keep and answer."""
        if self.only_readings:
            return []
        return [item for item in self.decisions if type(item) is Rejection]

    @property
    def counted(self) -> list[Counted]:
        """The rejections that are counted alone."""
        if self.only_readings:
            return []
        return [item for item in self.decisions if type(item) is Counted]

    @property
    def ignored(self) -> int:
        """How many messages were no readings, or dropped."""
        others = len(self.rejections) + len(self.counted) + len(self.readings)
        return self.dropped + len(self.decisions) - others

    def lines(self, *, delayed: bool) -> list[bytes]:
        """Return the lines of the readings above their quota, or of the others."""
        if not self.delayed:
            return [] if delayed else [item.line for item in self.readings]
        return [
            item.line
            for place, item in enumerate(self.decisions)
            if type(item) is Reading and (place in self.delayed) is delayed
        ]
