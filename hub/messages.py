"""What passes between the parts of the hub: messages, verdicts, rows. No behaviour, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from hub.timestamps import rfc3339
from hub.topics import Address


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
    message: str
    message_ko: str
    got: Any

    def as_json(self) -> dict[str, Any]:
        """Return the fault as it stands in a rejection."""
        return {
            "field": self.field,
            "message": self.message,
            "message_ko": self.message_ko,
            "got": self.got,
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message that was not accepted, with the reason; `at` in ns."""

    code: Code
    message: str
    message_ko: str
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
            "message": self.message,
            "message_ko": self.message_ko,
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


@dataclass(slots=True)
class Commit:
    """What one transaction of the outbox keeps.

    `lines` are newline-joined line protocol, `count` of them, and `delayed` are lines that may wait
    until the others' are in the store; `counted` is how many were rejected beside the `rejections`
    that are kept; `delivered` is what is needed to recognise a redelivery. `last_arrival` is the
    newest time of arrival given out (ns), `arrivals` what keeps them apart after a restart. `own`
    lines are the hub's about itself: they reach the store, but no account counts them.
    """

    lines: bytes = b""
    count: int = 0
    delayed: Sequence[bytes] = ()
    rejections: list[Rejection] = field(default_factory=list)
    counted: int = 0
    delivered: bytes = b""
    duplicate: int = 0
    ignored: int = 0
    last_arrival: int = 0
    arrivals: Sequence[int] = ()
    own: bool = False


class Refusal(NamedTuple):
    """A line that the store itself would not take, with its reason."""

    line: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch that waits for the store: newline-joined line protocol, kept `at` a time in ns."""

    id: int
    lines: bytes
    count: int
    own: bool
    at: int
    delayed: bool = False


class Receipt(NamedTuple):
    """An answer that the sender of a message asked for: the time kept (ns), or the rejection."""

    response_topic: str
    correlation_data: bytes | None
    address: Address
    answer: int | Rejection


class Lot:
    """What one batch of messages came to; acknowledged as a whole.

    `delayed` are the places among `readings` of those above their booth's quota. `counted` are
    booth and code of the rejections above it, of which nothing else is kept. `others` are the
    states and rejections, each with the number of readings that came before it.
    """

    __slots__ = (
        "connection",
        "counted",
        "delayed",
        "duplicate",
        "ignored",
        "messages",
        "others",
        "packet_ids",
        "readings",
        "receipts",
        "rejections",
    )

    def __init__(self, connection: Connection, messages: int) -> None:
        self.connection = connection
        self.messages = messages
        self.packet_ids: list[int] = []
        self.readings: list[Reading] = []
        self.delayed: frozenset[int] = frozenset()
        self.rejections: list[Rejection] = []
        self.counted: list[tuple[str | None, str]] = []
        self.others: list[tuple[int, Status | Rejection]] = []
        self.receipts: list[Receipt] = []
        self.duplicate = 0
        self.ignored = 0


class Outgoing(NamedTuple):
    """A message to be published; `properties` are those of MQTT 5, named as the codec does."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: Mapping[str, Any]
