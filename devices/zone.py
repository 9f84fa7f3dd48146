"""The zone file: an event, its zones, its booths, and the devices on them."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.errors import BadZoneError, UnknownKindError
from devices.wire import Address
from schemas import kinds

DEMO_ZONE = Path(__file__).with_name("zone.toml")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Event(_Table):
    """The exhibition; `starts` and `ends` are its first and last day."""

    name: str
    name_ko: str
    starts: date
    ends: date


class Area(_Table):
    """A zone of the event."""

    id: str
    name: str
    name_ko: str


class Place(_Table):
    """A rectangle on the floor plan, in metres from the hall's north-west corner."""

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
    """A device that a booth shows."""

    kind: str
    id: str


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
    zone: tuple[Area, ...]
    booth: tuple[Booth, ...]

    def addresses(self, root: str) -> Iterator[Address]:
        """Return where each device of each booth publishes, in the order of the file."""
        for booth in self.booth:
            for device in booth.devices:
                yield Address(booth.id, device.kind, device.id, root)


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
        if address.kind not in kinds():
            raise UnknownKindError(address.kind, kinds())
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
