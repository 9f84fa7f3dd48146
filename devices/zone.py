"""The zone file: an event, its zones, its booths, and the devices on them."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from devices.declared import known_kinds
from devices.errors import BadZoneError, UnknownKindError
from devices.speech import Manner
from devices.wire import Address

DEMO_ZONE = Path(__file__).with_name("zone.toml")


_DURATION = re.compile(r"(\d{1,9})(ms|s|m|h|d)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def _seconds(value: object) -> object:
    """Return a duration like `10m` in seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return value if match is None else int(match[1]) * _UNITS[match[2]]


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError(f"there is no time zone {name!r}; write it like Asia/Seoul") from exc
    return name


class _Table(BaseModel):
    """What the demo devices need of a table; the hub, which reads the same file, checks all."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Event(_Table):
    """The exhibition; `starts` and `ends` are its first and last day."""

    name: str
    name_ko: str
    starts: date
    ends: date
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Seoul"


class Area(_Table):
    """A zone of the event."""

    id: str
    name: str
    name_ko: str


class Origin(_Table):
    """Where the plan's origin lies, and the bearing of its upper side, in degrees."""

    latitude: float
    longitude: float
    bearing: float = 0.0


class Place(_Table):
    """A rectangle on the floor plan, in metres from the hall's upper left corner."""

    x: float = Field(ge=0)
    y: float = Field(ge=0)
    width: float = Field(gt=0)
    depth: float = Field(gt=0)

    def overlaps(self, other: "Place") -> bool:
        """Whether the two share any floor."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.depth
            and other.y < self.y + self.depth
        )


class Expected(_Table):
    """A device that a booth shows: every `interval` seconds, and in a `dialect` under a `name`."""

    kind: str
    id: str
    interval: Annotated[float, Field(gt=0), BeforeValidator(_seconds)] | None = None
    dialect: str | None = None
    name: str | None = None


class Booth(_Table):
    """One exhibitor's stand."""

    id: str
    zone: str
    name: str
    name_ko: str
    place: Place
    devices: tuple[Expected, ...] = ()


class Zone(_Table):
    """The whole file."""

    event: Event
    origin: Origin | None = None
    zone: tuple[Area, ...]
    booth: tuple[Booth, ...]

    def addresses(self, root: str) -> Iterator[Address]:
        """Return where each device of each booth publishes, in the order of the file."""
        return (address for address, _ in self.manners(root))

    def manners(self, root: str) -> Iterator[tuple[Address, Manner]]:
        """Return the address of each device, and what it has of its own."""
        for booth in self.booth:
            for device in booth.devices:
                address = Address(booth.id, device.kind, device.id, root)
                manner = Manner(device.interval, device.dialect, device.name, self.event.timezone)
                yield address, manner


def load_zone(path: Path) -> Zone:
    """Return the zone file at `path`.

    Raises:
        BadZoneError: it cannot be read, is not TOML, lacks something, or names a device twice.
        UnknownKindError: a device is of a kind that does not exist.
        WrongUseError: a booth or a device has no valid name.
    """
    try:
        zone = Zone.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        raise BadZoneError(f"zone: {path} cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadZoneError(f"zone: {path} is not TOML: {exc}") from exc
    except RecursionError as exc:
        raise BadZoneError(f"zone: {path} is nested too deeply for a zone file") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadZoneError(f"zone: {path}: {where}: {first['msg']}") from exc
    _check(zone, path)
    return zone


def _check(zone: Zone, path: Path) -> None:
    addresses = list(zone.addresses("root"))
    for address in addresses:
        if address.kind not in known_kinds():
            raise UnknownKindError(address.kind, known_kinds())
    areas = {area.id for area in zone.zone}
    for booth in zone.booth:
        if booth.zone not in areas:
            raise BadZoneError(f"zone: {path}: booth {booth.id}: there is no zone {booth.zone!r}")
    for what, names in (
        ("device", [address.topic for address in addresses]),
        ("booth", [booth.id for booth in zone.booth]),
    ):
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            raise BadZoneError(
                f"zone: {path}: {what} {twice[0].removeprefix('root/')} is there twice"
            )
