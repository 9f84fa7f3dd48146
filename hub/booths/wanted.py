"""Which accounts are wanted: from flags, from a table of booths, from the zone file. Pure."""

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from hub.booths.registry import DeviceAccount
from hub.booths.rights import account_name
from hub.errors import BoothError
from hub.topics import BOOTH, DEVICE
from hub.zone import Booth, Zone

_COUNT = re.compile(r"[0-9]{1,3}")
COLUMNS = ("booth", "name", "name_ko", "devices", "device")
"""Of the table: id, names, how many accounts, and the devices like `thermostat/t1 light/l1`."""


class Device(NamedTuple):
    """A device that was named: its kind and its id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A booth that shall have accounts."""

    booth: str
    name: str = ""
    name_ko: str = ""
    count: int = 0
    named: tuple[Device, ...] = ()

    def devices(self) -> tuple[DeviceAccount, ...]:
        """Return the accounts: one for each device named, and as many more as were asked for."""
        number = max(self.count, len(self.named), 1)
        padded = [*self.named, *[None] * (number - len(self.named))]
        return tuple(
            DeviceAccount(
                account=account_name(self.booth, at),
                kind=device and device.kind,
                device=device and device.id,
            )
            for at, device in enumerate(padded, 1)
        )


class Bad(NamedTuple):
    """A row that cannot be used, with its line in the file."""

    line: int
    reason: str


def device(text: str, kinds: Iterable[str]) -> Device:
    """Read `kind/id`.

    Raises:
        BoothError: there is no such kind, or it is no device id.
    """
    kind, _, name = text.partition("/")
    known = sorted(kinds)
    if kind not in known:
        near = difflib.get_close_matches(kind, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "hub kinds list shows all"
        raise BoothError(f"{text!r}: there is no kind {kind!r}; {hint}")
    if not DEVICE.fullmatch(name):
        raise BoothError(f"{text!r}: write a device like {kind}/t1; its id is {DEVICE.pattern}")
    return Device(kind, name)


def completed(wanted: Wanted, zone: Zone) -> Wanted:
    """Return it with names and devices from the zone file where none were given."""
    booth = next((item for item in zone.booth if item.id == wanted.booth), None)
    if booth is None:
        return wanted
    planned = _of(booth)
    named = wanted.named or (() if wanted.count else planned.named)
    return replace(
        wanted,
        name=wanted.name or planned.name,
        name_ko=wanted.name_ko or planned.name_ko,
        named=named,
    )


def from_zone(zone: Zone) -> list[Wanted | Bad]:
    """Return every booth of the zone file."""
    return [_of(booth) for booth in zone.booth]


def _of(booth: Booth) -> Wanted:
    named = tuple(Device(item.kind, item.id) for item in booth.devices)
    return Wanted(booth.id, booth.name, booth.name_ko, 0, named)


def from_table(text: str, kinds: Iterable[str]) -> list[Wanted | Bad]:
    """Read a table of booths with a head line; a row that is wrong does not cost the others.

    Raises:
        BoothError: the head lacks the column of booths, or has one that is not known, or the text
            is no table.
    """
    try:
        return _table(text, sorted(kinds))
    except csv.Error as exc:
        raise BoothError(f"is no table: {exc}; save it as CSV UTF-8") from exc


def _table(text: str, known: list[str]) -> list[Wanted | Bad]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    head = [name.strip() for name in reader.fieldnames or ()]
    unknown = [name for name in head if name not in COLUMNS]
    if "booth" not in head or unknown:
        wrong = f"{unknown[0]!r} is none of them" if unknown else "the column booth is missing"
        raise BoothError(f"the first line names the columns {', '.join(COLUMNS)}; {wrong}")
    reader.fieldnames = head
    found, seen = list[Wanted | Bad](), set[str]()
    for row in reader:
        read = _row(row, known, reader.line_num)
        if isinstance(read, Wanted) and read.booth in seen:
            read = Bad(reader.line_num, f"{read.booth}: stands twice in the table")
        elif isinstance(read, Wanted):
            seen.add(read.booth)
        found.append(read)
    return found


def _row(
    row: Mapping[str | None, str | list[str] | None], kinds: list[str], at: int
) -> Wanted | Bad:
    if None in row:
        return Bad(at, "has more cells than the first line; put names with a comma in quotes")
    cells = {name: str(value or "").strip() for name, value in row.items()}
    booth, count = cells["booth"], cells.get("devices") or "0"
    if not BOOTH.fullmatch(booth):
        return Bad(at, f"{booth[:40]!r} is no booth id, which is {BOOTH.pattern}, like b12")
    if not _COUNT.fullmatch(count):
        return Bad(at, f"{booth}: {count[:40]!r} is no number of devices")
    try:
        named = tuple(device(text, kinds) for text in cells.get("device", "").split())
    except BoothError as exc:
        return Bad(at, f"{booth}: {exc}")
    return Wanted(booth, cells.get("name", ""), cells.get("name_ko", ""), int(count), named)
