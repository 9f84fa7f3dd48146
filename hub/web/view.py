"""What the web part asks of the rest of the hub; `hub.app` provides it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from hub.accounts import Accounts
from hub.clock import Clock
from hub.health import Health
from hub.model import State
from hub.store import Query, StoredRow
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

    def updates(self) -> AsyncIterator[str]:
        """Yield updates as Server-Sent Events."""
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

    def count(self) -> Mapping[State, int]:
        """Return how many devices are in each state."""
        ...


class Hub(Protocol):
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
    def health(self) -> Health:
        """Return how the hub is."""
        ...

    def figures(self) -> Mapping[str, float]:
        """Return what else is measured, by the names in `hub.web.metrics`."""
        ...

    async def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first."""
        ...

    async def query(self, query: Query) -> list[StoredRow]:
        """Return stored rows."""
        ...


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where exhibitors' devices connect, as far as the hub knows."""

    host: str
    port: int
    tls: bool
    root: str
