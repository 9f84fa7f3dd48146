"""What the web part asks of the rest of the hub; `hub.app` provides it."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from hub.clock import Clock
from hub.counters import Accounts
from hub.messages import Code, Rejection, State
from hub.status.health import Health
from hub.stores.store import Query, StoredRow
from hub.topics import Address
from hub.zone import Zone
from schemas import KindSpec


class Device(Protocol):
    """A device as it is known now."""

    @property
    def address(self) -> Address: ...
    @property
    def state(self) -> State: ...
    @property
    def readings(self) -> int: ...
    @property
    def rejections(self) -> int: ...
    def as_json(self, trend: bool = False) -> dict[str, Any]:
        """Return the device as the API shows it."""
        ...


class Viewer(Protocol):
    """Someone who watches."""

    def updates(self, silence: float = ...) -> AsyncIterator[str]:
        """Yield updates as Server-Sent Events; a comment after `silence` seconds."""
        ...


class Live(Protocol):
    """Every device, and whoever watches."""

    @property
    def viewers(self) -> int: ...
    def devices(
        self, booth: str | None = None, kind: str | None = None, domain: str | None = None
    ) -> list[Any]:
        """Return the devices that fit."""
        ...

    def watch(
        self, booth: str | None = None, domain: str | None = None
    ) -> AbstractContextManager[Any]:
        """Watch the devices of a booth or a domain, or all."""
        ...

    def rejected(self, booth: str) -> Mapping[Code, Rejection]:
        """Return the newest rejection of each sort that a booth got."""
        ...

    def left_out_of(self, booth: str) -> int:
        """Return how often a device of a booth was not taken in, or had to go."""
        ...

    @property
    def left_out(self) -> int: ...
    def count(self) -> Mapping[State, int]:
        """Return how many devices are in each state."""
        ...


class DeviceAccount(Protocol):
    """An account at the broker, for one device; `kind` and `device` if they were told."""

    @property
    def account(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def device(self) -> str | None: ...


class BoothAccount(Protocol):
    """A booth with accounts at the broker; its names are empty if they were not told."""

    @property
    def name(self) -> str: ...
    @property
    def name_ko(self) -> str: ...
    @property
    def devices(self) -> Sequence[DeviceAccount]: ...
    @property
    def disabled(self) -> bool: ...


class Links(Protocol):
    """Which booths have accounts, and what opens their pages.

    Each call may raise BoothError: nobody can tell now.
    """

    def booths(self) -> Mapping[str, BoothAccount]:
        """Return the booths with accounts by their ids."""
        ...

    def opens(self, booth: str, token: str) -> bool:
        """Whether a token opens the page of a booth; compared in constant time."""
        ...

    def opened_by(self, token: str) -> str | None:
        """Return the booth whose page a token opens, if there is one."""
        ...


class Linked(Protocol):
    """What knows the links of the booths."""

    @property
    def links(self) -> Links: ...


class Hub(Linked, Protocol):
    """The running hub, to look at."""

    @property
    def kinds(self) -> Mapping[str, KindSpec]: ...
    @property
    def zone(self) -> Zone: ...
    @property
    def live(self) -> Live: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def mqtt(self) -> "MqttAddress": ...
    def authority(self) -> bytes | None:
        """Return the file of the event's certificate authority, if there is one; raises OSError."""
        ...

    def quota(self, booth: str) -> Mapping[str, Any] | None:
        """Return how a booth stands with its quota; None if it never was above it."""
        ...

    def unanswered(self, booth: str) -> Mapping[str, Any] | None:
        """Return the receipts that a booth asked for in vain; None if there are none."""
        ...

    def health(self) -> Health:
        """Return how the hub is."""
        ...

    def figures(self) -> Mapping[str, float]:
        """Return what else is measured, by the names in `hub.web.metrics`."""
        ...

    def recording(self, last: float, booth: str | None, kind: str | None) -> Iterator[bytes]:
        """Return a recording of the last seconds, in blocks; raises RecordingError without one."""
        ...

    def replay(self, messages: Iterable[tuple[str, bytes]]) -> Mapping[str, int]:
        """Show the readings among messages as replayed; return what became of them, counted."""
        ...

    async def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first."""
        ...

    async def query(self, query: Query) -> list[StoredRow]:
        """Return stored rows."""
        ...


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where exhibitors' devices connect, as far as the hub knows.

    `ca` is the name of the file with the event's certificate authority, if it has one of its own.
    """

    host: str
    port: int
    tls: bool
    root: str
    ca: str | None = None
