"""Messages as they come, and what is said of them and their devices. No behaviour, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from hub.timestamps import rfc3339
from hub.topics import Address
from schemas import Label


class Message(Protocol):
    """A PUBLISH as a source hands it over; `packet_id` is None for QoS 0.

    `retain` is true only for state that the broker kept from earlier, `duplicate` for a packet that
    the broker may have sent before. `subscription_ids` are the Subscription Identifiers of the
    subscriptions that matched when it was published.
    """

    @property
    def topic(self) -> str: ...
    @property
    def payload(self) -> bytes: ...
    @property
    def packet_id(self) -> int | None: ...
    @property
    def retain(self) -> bool: ...
    @property
    def duplicate(self) -> bool: ...
    @property
    def response_topic(self) -> str | None: ...
    @property
    def correlation_data(self) -> bytes | None: ...
    @property
    def subscription_ids(self) -> Sequence[int]: ...


class Connection(Protocol):
    """Where messages came from and where their acknowledgements go."""

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Acknowledge the packets in order; nothing happens once the connection is closed."""
        ...

    def pause(self) -> None:
        """Stop reading from the broker, which then holds what comes."""
        ...

    def resume(self) -> None:
        """Read on."""
        ...


class Reading(NamedTuple):
    """A reading that was accepted: `line` is ready for the store, `ts` in ns.

    `ignored` names the fields that the kind does not declare; `skew` is set when the device's own
    time was not believed, in ns ahead of the hub.
    """

    address: Address
    line: bytes
    ts: int
    fields: dict[str, Any]
    ignored: tuple[str, ...]
    skew: int | None


class Code(StrEnum):
    """Why a message was rejected."""

    TOPIC = "topic"
    KIND = "kind"
    SIZE = "size"
    JSON = "json"
    SCHEMA = "schema"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that does not fit, with the value that was got."""

    field: str
    message: Label
    got: Any

    def as_json(self) -> dict[str, Any]:
        """Return the fault as it stands in a rejection."""
        return {
            "field": self.field,
            **self.message.named("message"),
            "got": self.got,
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message that was not accepted, with the reason; `at` in ns."""

    code: Code
    message: Label
    topic: str
    at: int
    payload: str
    errors: tuple[Fault, ...] = ()
    booth: str | None = None
    address: Address | None = None
    schema: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the rejection as it is told to the booth, kept and shown."""
        return {
            "code": self.code.value,
            **self.message.named("message"),
            "errors": [fault.as_json() for fault in self.errors],
            "topic": self.topic,
            "at": rfc3339(self.at, 6),
            "payload": self.payload,
            "schema": self.schema,
            "booth": self.booth,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """A device said that it is online, or its Last Will that it is not."""

    address: Address
    online: bool


class State(StrEnum):
    """What is known of a device from the outside."""

    LIVE = "live"
    LATE = "late"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class StateChange:
    """A device came to another state; `at` in ns."""

    address: Address
    domain: str
    state: State
    at: int
