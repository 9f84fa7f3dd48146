"""Requests for accounts: parsed from flags, a table of booths, or the zone file. Pure."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hub.booths.acl import account_name
from hub.booths.registry import BoothAccount, DeviceAccount
from hub.dialects import DIALECTS
from hub.errors import BoothError
from hub.event.zone import Booth, NativeTopics, Zone, topic_filter
from hub.pipeline.spelling import nearest
from hub.topics import BOOTH, BOOTH_IN_WORDS, DEVICE, DEVICE_IN_WORDS, overlap

_COUNT = re.compile(r"[0-9]{1,3}")
LONGEST_NAME = 120
COLUMNS = ("booth", "name", "name_ko", "devices", "device")
"""Of the table: id, names, how many accounts, and the devices like `thermostat/t1 light/l1`."""


class DeviceName(NamedTuple):
    """A device that was named: its kind and its id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """A request for a booth's accounts; one that is `planned` stands so in the zone file."""

    booth: str
    name: str = ""
    name_ko: str = ""
    count: int = 0
    named: tuple[DeviceName, ...] = ()
    native: tuple[NativeTopics, ...] = ()
    planned: bool = False

    def devices(self, known: Iterable[DeviceAccount] = ()) -> tuple[DeviceAccount, ...]:
        """Return the accounts: one for each device named, and as many more as requested.

        `known` are the existing ones. A device keeps its account, for it has the password; a new
        one gets the first account without a device, or a new account.
        """
        there = {item.account: item for item in known}
        placed = {(item.kind, item.device) for item in there.values()}
        new = deque(item for item in dict.fromkeys(self.named) if item not in placed)
        found: list[DeviceAccount] = []
        while new or len(found) < max(self.count, len(there), 1):
            account = account_name(self.booth, len(found) + 1)
            item = there.get(account, DeviceAccount(account=account))
            if item.kind is None and new:
                kind, name = new.popleft()
                item = DeviceAccount(account=account, kind=kind, device=name)
            found.append(item)
        return tuple(found)


class BadRow(NamedTuple):
    """An invalid row, with its line in the file."""

    line: int
    reason: str


def device(text: str, kinds: Iterable[str]) -> DeviceName:
    """Parse `kind/id`.

    Raises:
        BoothError: there is no such kind, or it is no device id.
    """
    kind, _, name = text.partition("/")
    known = sorted(kinds)
    if kind not in known:
        near = nearest(kind, known)
        hint = f"did you mean {', '.join(near)}? " if near else ""
        guess = f"혹시 {', '.join(near)}인가요? " if near else ""
        raise BoothError(
            f"{text!r}: there is no kind {kind!r}; {hint}hub kinds list shows all",
            ko=f"{text!r}: 등록되지 않은 종류입니다: {kind!r}. {guess}thermostat/t1처럼 적으세요",
        )
    if not DEVICE.fullmatch(name):
        raise BoothError(
            f"{text!r}: write a device like {kind}/t1; its name after the / has "
            f"{DEVICE_IN_WORDS.en}",
            ko=f"{text!r}: {kind}/t1처럼 적으세요. / 뒤 기기 이름은 {DEVICE_IN_WORDS.ko}",
        )
    return DeviceName(kind, name)


def completed(wanted: AccountRequest, zone: Zone) -> AccountRequest:
    """Return a request completed with names and devices from the zone file."""
    booth = next((item for item in zone.booth if item.id == wanted.booth), None)
    if booth is None:
        return wanted
    planned = _of(booth)
    return replace(
        wanted,
        name=wanted.name or planned.name,
        name_ko=wanted.name_ko or planned.name_ko,
        named=wanted.named or planned.named,
        native=(*planned.native, *(item for item in wanted.native if item not in planned.native)),
    )


def native(dialect: str, topics: Sequence[str]) -> NativeTopics:
    """Return topics outside the root that a booth's devices use by themselves.

    Raises:
        BoothError: there is no such dialect, or a topic filter cannot be one booth's.
    """
    if dialect not in DIALECTS:
        near = nearest(dialect, DIALECTS)
        hint = f"did you mean {', '.join(near)}? " if near else ""
        raise BoothError(f"--native: there is no dialect {dialect!r}; {hint}hub dialects list")
    if not topics:
        raise BoothError("--native: name its topics too, like --topics 'uagv/v2/ACME/#'")
    try:
        return NativeTopics(dialect=dialect, topics=tuple(map(topic_filter, topics)))
    except ValueError as exc:
        raise BoothError(f"--topics: {exc}") from exc


def check_apart(
    booth: str,
    natives: Iterable[NativeTopics],
    zone: Zone,
    accounts: Mapping[str, BoothAccount],
    root: str,
) -> None:
    """Check that topics outside the root are outside it, and no other booth's.

    Raises:
        BoothError: one of them is.
    """
    others = [(other, pattern) for other, pattern, _ in zone.natives() if other != booth]
    others += [
        (other, pattern)
        for other, account in accounts.items()
        if other != booth
        for item in account.native
        for pattern in item.topics
    ]
    for pattern in (pattern for item in natives for pattern in item.topics):
        if overlap(pattern, f"{root}/#"):
            raise BoothError(
                f"{booth}: the topics {pattern} are below {root}, where every booth has its own; "
                f"without --native it may publish to {root}/{booth}/#"
            )
        for other, taken in others:
            if overlap(pattern, taken):
                raise BoothError(
                    f"{booth}: the topics {pattern} are those of {other} too ({taken}); give each "
                    "booth its own",
                    ko=f"{booth}: 토픽 {pattern}이 {other} 부스의 토픽({taken})과 겹칩니다. "
                    "부스마다 따로 정하세요",
                )


def from_zone(zone: Zone) -> list[AccountRequest | BadRow]:
    """Return every booth of the zone file."""
    return [_of(booth) for booth in zone.booth]


def _of(booth: Booth) -> AccountRequest:
    named = tuple(DeviceName(item.kind, item.id) for item in booth.devices)
    return AccountRequest(booth.id, booth.name, booth.name_ko, 0, named, booth.native, planned=True)


def from_table(text: str, kinds: Iterable[str]) -> list[AccountRequest | BadRow]:
    """Parse a table of booths with a header line; an invalid row does not affect the others.

    Raises:
        BoothError: the header lacks the column of booths, or has an unknown one, or the text is
            no table.
    """
    try:
        return _table(text, sorted(kinds))
    except csv.Error as exc:
        raise BoothError(f"is no table: {exc}; save it as CSV UTF-8") from exc


def _table(text: str, known: list[str]) -> list[AccountRequest | BadRow]:
    lines = io.StringIO(text.removeprefix("\ufeff"))
    reader = csv.DictReader(lines, skipinitialspace=True, strict=True)
    head = [name.strip() for name in reader.fieldnames or ()]
    unknown = [name for name in head if name not in COLUMNS]
    if "booth" not in head or unknown:
        wrong = f"{unknown[0]!r} is none of them" if unknown else "the column booth is missing"
        raise BoothError(f"the first line names the columns {', '.join(COLUMNS)}; {wrong}")
    reader.fieldnames = head
    found, seen = list[AccountRequest | BadRow](), set[str]()
    for row in reader:
        if not any(row.values()):  # as spreadsheets save lines that are empty
            continue
        read = _row(row, known, reader.line_num)
        if isinstance(read, AccountRequest) and read.booth in seen:
            read = BadRow(reader.line_num, f"{read.booth}: stands twice in the table")
        elif isinstance(read, AccountRequest):
            seen.add(read.booth)
        found.append(read)
    return found


def _row(
    row: Mapping[str | None, str | list[str] | None], kinds: list[str], at: int
) -> AccountRequest | BadRow:
    if None in row:
        return BadRow(at, "has more cells than the first line; put names with a comma in quotes")
    cells = {name: str(value or "").strip() for name, value in row.items()}
    booth, count = cells["booth"], cells.get("devices") or "0"
    if not BOOTH.fullmatch(booth):
        return BadRow(at, f"{booth[:40]!r} is no booth id like b12, which has {BOOTH_IN_WORDS.en}")
    for name in ("name", "name_ko"):
        if len(cells.get(name, "")) > LONGEST_NAME or not cells.get(name, "").isprintable():
            return BadRow(
                at, f"{booth}: {name}: write at most {LONGEST_NAME} characters, in one line"
            )
    if not _COUNT.fullmatch(count):
        return BadRow(at, f"{booth}: {count[:40]!r} is no number of devices")
    try:
        named = tuple(device(text, kinds) for text in cells.get("device", "").split())
    except BoothError as exc:
        return BadRow(at, f"{booth}: {exc}")
    return AccountRequest(booth, cells.get("name", ""), cells.get("name_ko", ""), int(count), named)
