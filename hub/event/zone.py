"""The zone file: the event, its zones, its booths with their places and expected devices."""

import tomllib
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from hub import topics
from hub.dialects import DIALECTS
from hub.dialects.mapping.names import device_id
from hub.errors import ZoneError
from hub.event.zone_korean import in_korean
from hub.timestamps import SECOND, duration
from hub.topics import BOOTH, DEVICE, KIND, Address, overlap
from schemas import Label

PHONE = ("presence_sensor", "visitors")
"""Kind and id of the device that all visitors' phones are together."""
_Text = Annotated[str, Field(min_length=1, max_length=120)]


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError(
            f"there is no time zone {name!r}; write it like Asia/Seoul, and install tzdata if the "
            "system has none"
        ) from exc
    return name


def _time_of_day(said: Any) -> Any:
    if isinstance(said, int | float | date):
        raise ValueError(f"{said} is no time of day; write it like 10:00:00")  # noqa: TRY004 - as all
    return said


def _without_offset(said: time) -> time:
    if said.tzinfo is not None:
        raise ValueError(f"{said} has an offset; write 10:00:00, in the event's timezone")
    return said


_TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), AfterValidator(_without_offset)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Part):
    name: _Text
    name_ko: str = ""

    def label(self) -> Label:
        """Return the name in both languages; the English one stands in for a missing Korean one."""
        return Label(self.name, self.name_ko or self.name)


class Event(_Named):
    """The exhibition; `opens` and `closes` are times of day in `timezone`, an IANA name.

    `languages` are those of its pages; the first is what they begin with. `phones` is the booth
    whose device visitors' phones are; without it no phone can send anything.
    """

    starts: date | None = None
    ends: date | None = None
    opens: _TimeOfDay | None = None
    closes: _TimeOfDay | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Seoul"
    languages: tuple[Literal["ko", "en"], ...] = ()
    phones: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Event":
        if (self.opens is None) != (self.closes is None):
            raise ValueError("give opens and closes, or neither")
        if self.opens is not None and self.closes is not None and self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} is not before closes {self.closes}")
        if self.starts is not None and self.ends is not None and self.starts > self.ends:
            raise ValueError(f"ends {self.ends} is before starts {self.starts}")
        return self

    def open_at(self, now: int) -> bool:
        """Whether the exhibition is open at a time (ns); always, if it has no opening hours.

        On its days, that is, from the hour when it opens to the one when it closes.
        """
        if self.opens is None or self.closes is None:
            return True
        here = datetime.fromtimestamp(now / SECOND, ZoneInfo(self.timezone))
        today = here.date()
        begun = self.starts is None or self.starts <= today
        over = self.ends is not None and self.ends < today
        return begun and not over and self.opens <= here.time() < self.closes


class Area(_Named):
    """A zone of the event."""

    id: Annotated[str, Field(pattern=f"^{BOOTH.pattern}$")]


class Place(_Part):
    """A booth's place on the floor plan: its corner nearest the origin and its size, in m."""

    x: Annotated[float, Field(ge=0, le=10_000)]
    y: Annotated[float, Field(ge=0, le=10_000)]
    width: Annotated[float, Field(gt=0, le=1_000)]
    depth: Annotated[float, Field(gt=0, le=1_000)]

    def overlaps(self, other: "Place") -> bool:
        """Whether two booths would stand on the same ground; walls that touch do not."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.depth
            and other.y < self.y + self.depth
        )


class Origin(_Part):
    """Where the plan's origin lies on earth, in degrees (WGS 84).

    `bearing` is the direction of the plan's upper side, clockwise from north.
    """

    # Farther up, degrees of longitude are too short to reckon with.
    latitude: Annotated[float, Field(ge=-85, le=85)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    bearing: Annotated[float, Field(ge=-360, le=360)] = 0.0


def _seconds(value: object) -> object:
    return duration(value) / SECOND if isinstance(value, str) else value


_Seconds = Annotated[float, Field(gt=0, le=7 * 86_400), BeforeValidator(_seconds)]
"""A number of seconds, or a duration like ``10m``."""


def _dialect(name: str) -> str:
    if name not in DIALECTS:
        raise ValueError(f"there is no dialect {name!r}; known are {', '.join(DIALECTS)}")
    return name


class Expected(_Part):
    """A device that is expected at a booth.

    `interval` is the seconds between its readings, where they are not as its kind declares;
    `silence` those after which it is offline. One that speaks a `dialect` may have another `name`
    there, of which its id is made.
    """

    kind: Annotated[str, Field(pattern=f"^{KIND.pattern}$")]
    id: Annotated[str, Field(pattern=f"^{DEVICE.pattern}$")]
    interval: _Seconds | None = None
    silence: _Seconds | None = None
    dialect: Annotated[str, AfterValidator(_dialect)] | None = None
    name: _Text | None = None

    @model_validator(mode="after")
    def _named(self) -> "Expected":
        if self.name is None:
            return self
        if self.dialect is None:
            raise ValueError(f"{self.id}: a name is that of a dialect; say which, or leave it out")
        made = device_id(self.name)
        if made != self.id:
            raise ValueError(f"{self.id}: the id of {self.name!r} is {made}; write that")
        return self


def topic_filter(pattern: str) -> str:
    """Return a filter of topics outside the root that can be one booth's.

    Raises:
        ValueError: it is no topic filter, or would take other booths' topics.
    """
    levels = pattern.removeprefix("/").split("/")  # some begin with one: /oneM2M/req/…
    fault = topics.bad_filter(pattern) or ("has an empty level" if "" in levels else None)
    if fault is not None:
        raise ValueError(f"{pattern!r} {fault}; write it like uagv/v2/ACME/#")
    if levels[0] in ("+", "#") or pattern.startswith("$"):
        raise ValueError(
            f"{pattern!r} would take other booths' topics; begin with a level of the booth's own, "
            "like uagv/v2/ACME/#"
        )
    return pattern


class NativeTopics(_Part):
    """Topics outside the hub's root that a booth's devices use by themselves, and their dialect."""

    dialect: Annotated[str, AfterValidator(_dialect)]
    topics: Annotated[tuple[Annotated[str, AfterValidator(topic_filter)], ...], Field(min_length=1)]


class Booth(_Named):
    """One exhibitor's stand."""

    id: Annotated[str, Field(pattern=f"^{BOOTH.pattern}$")]
    zone: str | None = None
    place: Place | None = None
    devices: tuple[Expected, ...] = ()
    native: tuple[NativeTopics, ...] = ()

    def expected(self) -> list[Address]:
        """Return the addresses of the booth's expected devices."""
        return [Address(self.id, device.kind, device.id) for device in self.devices]


class Zone(_Part):
    """The whole file."""

    event: Event = Event(name="Smart Life zone", name_ko="스마트라이프 존")
    origin: Origin | None = None
    zone: tuple[Area, ...] = ()
    booth: tuple[Booth, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Zone":
        areas = {area.id for area in self.zone}
        seen: set[str] = set()
        for booth in self.booth:
            if booth.id in seen:
                raise ValueError(f"booth {booth.id} stands twice in the file")
            seen.add(booth.id)
            if booth.zone is not None and booth.zone not in areas:
                raise ValueError(f"booth {booth.id} is in zone {booth.zone!r}, which is not listed")
        self._check_natives()
        self._check_phones()
        return self

    def _check_phones(self) -> None:
        phones = self.event.phones
        if phones is None:
            return
        booth = next((booth for booth in self.booth if booth.id == phones), None)
        if booth is None:
            raise ValueError(f"event.phones: booth {phones!r} is not listed; name one of the file")
        if booth.place is None:
            raise ValueError(
                f"event.phones: booth {phones} has no place on the plan, where the wall shows "
                "visitors' taps; give it one, or name another booth"
            )

    def _check_natives(self) -> None:
        known: dict[str, str] = {}
        for booth, pattern, _ in self.natives():
            for other, owner in known.items():
                if overlap(pattern, other):
                    raise ValueError(
                        f"booth {booth}: the native topics {pattern} are those of {owner} too "
                        f"({other}); give each booth its own"
                    )
            known[pattern] = booth

    def phone(self) -> Address | None:
        """Return the address of the device that visitors' phones are, where there is one."""
        return None if self.event.phones is None else Address(self.event.phones, *PHONE)

    def booths_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of the booths that names mean, each a booth's or a zone's."""
        areas = {area.id for area in self.zone}
        found = [
            booth
            for name in names
            for booth in (
                [item.id for item in self.booth if item.zone == name] if name in areas else [name]
            )
        ]
        return tuple(dict.fromkeys(found))

    def natives(self) -> list[tuple[str, str, str]]:
        """Return booth, topic filter and dialect of all topics outside the root."""
        return [
            (booth.id, pattern, native.dialect)
            for booth in self.booth
            for native in booth.native
            for pattern in native.topics
        ]

    def kinds_planned(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the kinds that are expected of a device id at a booth."""
        planned: dict[tuple[str, str], tuple[str, ...]] = {}
        for booth, kind, device in self.planned():
            planned[booth, device] = (*planned.get((booth, device), ()), kind)
        return planned

    def expected(self) -> list[Address]:
        """Return the addresses of all expected devices."""
        return list(self.planned())

    def overlaps(self) -> list[tuple[str, str]]:
        """Return the pairs of booths whose places overlap."""
        placed = [(booth.id, booth.place) for booth in self.booth if booth.place is not None]
        return [
            (one, other)
            for (one, first), (other, second) in combinations(placed, 2)
            if first.overlaps(second)
        ]

    def planned(self) -> dict[Address, Expected]:
        """Return all expected devices by address."""
        return {
            address: device
            for booth in self.booth
            for address, device in zip(booth.expected(), booth.devices, strict=True)
        }


def load(path: Path | None) -> Zone:
    """Load the zone file at `path`; without one the plan is empty.

    Raises:
        ZoneError: it cannot be read or is invalid; the message says where.
    """
    if path is None:
        return Zone()
    try:
        return Zone.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except RecursionError as exc:
        said = "is nested too deeply; a zone file has booths, and devices in them"
        raise _mistake(path, said) from exc
    except ValidationError as exc:
        first: Any = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "string_pattern_mismatch":
            said += f", not {first['input']!r}"
        raise _mistake(path, said, where) from exc
    except (OSError, ValueError) as exc:  # no UTF-8, no TOML, a number of 5,000 digits
        raise _mistake(path, str(exc)) from exc


def _mistake(path: Path, said: str, where: str = "") -> ZoneError:
    place = f"HUB_ZONE: {path}: {where and f'{where}: '}"
    return ZoneError(place + said, ko=place + in_korean(said))
