"""The accounts: count every message by its outcome, and always balance. Pure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Accounts:
    """Counts since the data folder was made.

    `received` is every message that the hub has decided on: `accepted` ones, `rejected` ones,
    `duplicate` redeliveries that were kept before, and `ignored` messages that are no readings
    (states, retained ones) or were dropped (QoS 0 above a quota). An accepted message holds one
    reading, one of a dialect may hold several: `extra` is how many more there are. So is the
    reading of a message that stays counted as rejected, but was taken in once its kind was
    declared. Of the readings, `stored` are in the store, `merged` in the row of another with the
    same time, `waiting` in the outbox, and `refused` by the store itself (dead letters).
    """

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    ignored: int = 0
    stored: int = 0
    merged: int = 0
    refused: int = 0
    extra: int = 0

    @property
    def received(self) -> int:
        """Every message decided on."""
        return self.accepted + self.rejected + self.duplicate + self.ignored

    @property
    def readings(self) -> int:
        """The readings in the accepted messages."""
        return self.accepted + self.extra

    @property
    def waiting(self) -> int:
        """Readings that the store has not settled yet."""
        return self.readings - self.stored - self.merged - self.refused

    def as_json(self) -> dict[str, int]:
        """Return the ten counters by name."""
        counts = asdict(self)
        del counts["extra"]
        return {
            "received": self.received,
            **counts,
            "waiting": self.waiting,
            "readings": self.readings,
        }
