"""How a device speaks at the broker: in the hub's own form, or in a dialect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from devices.dialects import TONGUES, Now, Sign, Speaker
from devices.faults import ANYWHERE, Faults
from devices.wire import Address, Ts, encode, stamp

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manner:
    """What a device has of its own: its pace, and how it speaks.

    `interval` is the seconds between its readings (`None`: as the kind declares). It speaks a
    `dialect` under the `name` that it has there, if it is one that its kind is known to speak;
    `timezone` is that of its clock.
    """

    interval: float | None = None
    dialect: str | None = None
    name: str | None = None
    timezone: str = "Asia/Seoul"

    def speaks(self, kind: str) -> bool:
        """Whether a device of this kind speaks its dialect here."""
        tongue = TONGUES.get(self.dialect or "")
        return tongue is not None and kind in tongue.kinds


NATIVE = Manner()
"""In the hub's own form, as often as the kind declares."""


class Packet(NamedTuple):
    """A message as it is published."""

    topic: str
    payload: bytes
    retain: bool = False


class Speech(Protocol):
    """What a device says; times are in ns since the Unix epoch. `answers` is where the hub does."""

    answers: str | None

    def births(self) -> list[Packet]:
        """Return what it says of itself before anything else."""

    def presence(self, sign: Sign, nanoseconds: int) -> Packet:
        """Return what says that it is there, or not."""

    def reading(self, reading: Payload, nanoseconds: int) -> list[Packet]:
        """Return what it says of a reading, with what goes wrong."""


class Plain:
    """The hub's own form: a topic for readings, and one for `online` and `offline`."""

    def __init__(self, address: Address, ts: Ts, faults: Faults) -> None:
        self.answers: str | None = address.errors
        self._address, self._ts, self._faults = address, ts, faults

    def births(self) -> list[Packet]:
        """Return nothing: the topic says it all."""
        return []

    def presence(self, sign: Sign, _: int) -> Packet:
        """Return `online` or `offline`."""
        word = b"online" if sign is Sign.ONLINE else b"offline"
        return Packet(self._address.status, word, retain=True)

    def reading(self, reading: Payload, nanoseconds: int) -> list[Packet]:
        """Return the reading with its time."""
        stamped = stamp(reading, nanoseconds, self._ts)
        return [Packet(self._address.topic, one) for one in self._faults.messages(stamped)]


class InDialect:
    """A maker's dialect, on the device's own topics behind `{root}/{booth}/{dialect}/`.

    Of the faults there are those that need no field of the kind: see `devices.faults.ANYWHERE`.
    """

    answers: str | None = None

    def __init__(
        self, dialect: str, name: str, address: Address, timezone: ZoneInfo, faults: Faults
    ) -> None:
        self._tongue = TONGUES[dialect]
        self._speaker = Speaker(name, address.kind, f"{address.root}/{address.booth}/{dialect}")
        self._timezone, self._faults = timezone, faults.only(ANYWHERE)
        self._number = 0

    def births(self) -> list[Packet]:
        """Return the configs by which others learn what it has, if the dialect has any."""
        said = self._tongue.births(self._speaker)
        return [self._packet(topic, encode(one), retain=True) for topic, one in said.items()]

    def presence(self, sign: Sign, nanoseconds: int) -> Packet:
        """Return the dialect's own birth message or Will."""
        topic, said = self._tongue.presence(self._speaker, self._now(nanoseconds), sign)
        payload = said.encode() if isinstance(said, str) else encode(said)
        return self._packet(topic, payload, retain=True)

    def reading(self, reading: Payload, nanoseconds: int) -> list[Packet]:
        """Return the reading as the dialect has it."""
        said = self._tongue.reading(self._speaker, self._now(nanoseconds), reading)
        return [
            self._packet(topic, payload)
            for topic, one in said.items()
            for payload in self._faults.messages(one)
        ]

    def _now(self, nanoseconds: int) -> Now:
        self._number += 1
        return Now(datetime.fromtimestamp(nanoseconds / 1e9, self._timezone), self._number)

    def _packet(self, topic: str, payload: bytes, *, retain: bool = False) -> Packet:
        return Packet(f"{self._speaker.prefix}/{topic}", payload, retain)


def speech_of(address: Address, manner: Manner, ts: Ts, faults: Faults) -> Speech:
    """Return how a device speaks: in its dialect if it can, else in the hub's own form."""
    if manner.dialect is None or not manner.speaks(address.kind):
        return Plain(address, ts, faults)
    name, timezone = manner.name or address.device, ZoneInfo(manner.timezone)
    return InDialect(manner.dialect, name, address, timezone, faults)
