"""Messages, the verdicts on them, and the states of devices. No I/O."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from hub.korean import settled
from hub.timestamps import rfc3339
from hub.topics import Address
from schemas import Label


class Message(Protocol):
    """A PUBLISH as a source delivers it; `packet_id` is None for QoS 0.

    `retain` is RETAIN, set only for a retained message sent at subscription; `duplicate` is DUP.
    `subscription_ids` are the Subscription Identifiers of the subscriptions that matched.
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
    """The connection that messages were received on and are acknowledged on."""

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Acknowledge the packets in order; does nothing once the connection is closed."""
        ...

    def receive_within(self, seconds: float) -> None:
        """For the next minute, receive messages at most so long after they came."""
        ...

    def pause(self) -> None:
        """Stop reading from the broker, which then queues messages."""
        ...

    def resume(self) -> None:
        """Resume reading."""
        ...


def _named(message: Label) -> dict[str, str]:
    """A message as an API shows it, its Korean with one particle where the code names two."""
    return Label(message.en, settled(message.ko)).named("message")


class Note(NamedTuple):
    """A remark on an accepted reading, for its sender: what was found, and what is better.

    `field` tells two of the same code apart.
    """

    code: str
    message: Label
    field: str = ""

    def named(self) -> Label:
        """Return the message with its code in front, as a device's warnings have it."""
        said = self.message
        return Label(f"{self.code}: {said.en}", settled(f"{self.code}: {said.ko}"))


class Source(NamedTuple):
    """Where a device of a dialect comes from: the dialect, and its name there.

    `interval` is its usual seconds between two readings, None where it sends on events; `silence`
    the seconds after which it is gone, None for as its kind declares.
    """

    dialect: str
    name: str
    interval: float | None = None
    silence: float | None = None


class Remarks(NamedTuple):
    """What is unusual about an accepted reading.

    `cleared` names the fields that were null; `merged` says that another reading of the device has
    the same time, into which the store merges this one. `source` is set for a dialect's.
    """

    notes: tuple[Note, ...] = ()
    cleared: tuple[str, ...] = ()
    merged: bool = False
    source: Source | None = None

    def with_notes(self, *notes: Note) -> "Remarks":
        """Return these and more notes."""
        return self._replace(notes=(*self.notes, *notes))


PLAIN = Remarks()
"""Of a reading that nothing is to be said of."""


_KEY = 2  # booth and device, before the values of a row


class Reading(Struct, frozen=True, gc=False):
    """An accepted reading; `ts` in ns. To look at a field of a named tuple takes twice as long.

    `row` is what the store gets, below its `header` (`hub.stores.rows`): booth, device, a value for
    each of the fields `names`, the time. `ignored` names the fields that the kind does not declare;
    `skew` is set when the device's own time was discarded, in ns ahead of the hub.
    """

    address: Address
    header: bytes
    row: tuple[Any, ...]
    ts: int
    names: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    skew: int | None = None
    remarks: Remarks = PLAIN

    def get(self, name: str) -> Any:
        """Return the value of a field, None if there is none: a quarter of what `fields` takes."""
        return self.row[_KEY + self.names.index(name)] if name in self.names else None

    @property
    def fields(self) -> dict[str, Any]:
        """The value of each field, in a dict of its own: few readings are looked at so closely."""
        return dict(zip(self.names, self.row[_KEY:-1], strict=True))


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
    """An invalid field, with the value received; `rule` is the one that it broke, in a word."""

    field: str
    message: Label
    got: Any
    rule: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fault as part of a rejection."""
        return {
            "field": self.field,
            **_named(self.message),
            "got": self.got,
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected message, with the reason; `at` in ns."""

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
        """Return the rejection as it is published, kept and shown."""
        return {
            "code": self.code.value,
            **_named(self.message),
            "errors": [fault.as_json() for fault in self.errors],
            "topic": self.topic,
            "at": rfc3339(self.at, 6),
            "payload": self.payload,
            "schema": self.schema,
            "booth": self.booth,
        }


SHORT = 200
"""The most bytes of a short rejection: a buffer of 256 holds it with its topic, as a rule."""
_SHORT_TEXTS = (48, 16)
"""Characters of the field and the value of a short rejection, or if it is too long so."""


def short(rejection: Rejection) -> bytes:
    """Return a rejection in 200 bytes of JSON: its code, and the first field that did not fit.

    Without a field, `got` is the beginning of the payload.
    """
    fault = rejection.errors[0] if rejection.errors else None
    field, got = (fault.field, fault.got) if fault is not None else (None, rejection.payload)
    for most in _SHORT_TEXTS:
        said = {"code": rejection.code.value, "field": _cut(field, most), "got": _cut(got, most)}
        payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        if len(payload) <= SHORT:
            return payload
    return json.dumps({"code": rejection.code.value, "field": None, "got": None}).encode()


def _cut(value: Any, most: int) -> Any:
    """A value that takes few characters: a longer one is cut, and then it is a text."""
    if value is None or isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Status:
    """A device's status message: online, or offline from its Last Will.

    `retained` is whether the broker had it from earlier: then it is what was, not what is.
    `source` is set for a dialect's.
    """

    address: Address
    online: bool
    retained: bool = False
    source: Source | None = None


class Use(NamedTuple):
    """What became of a part of a dialect's message, at a `place` of its payload.

    `field` of the `kind` it went to, with the `value` there; empty if it is not used, or if it
    could not be, with the reason.
    """

    place: str
    value: Any
    kind: str = ""
    field: str = ""
    why: Label | None = None


class Translated(NamedTuple):
    """The verdict on a dialect's message that was not rejected; `topic` is the device's own.

    It was accepted if it holds readings; otherwise it is a state, or says nothing that is used.
    `explain` returns what became of its parts: only a page asks, and seldom.
    """

    booth: str
    dialect: str
    topic: str
    at: int
    readings: tuple[Reading, ...] = ()
    statuses: tuple[Status, ...] = ()
    explain: Callable[[], tuple[Use, ...]] = tuple

    @property
    def uses(self) -> tuple[Use, ...]:
        """What became of each part of the message."""
        return self.explain()


class State(StrEnum):
    """The liveness of a device."""

    LIVE = "live"
    LATE = "late"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change of a device's state; `at` in ns."""

    address: Address
    domain: str
    state: State
    at: int
