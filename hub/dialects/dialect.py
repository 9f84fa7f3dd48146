"""The vocabulary that dialects are declared in: a message goes in, what it says comes out. Pure.

A dialect is a table of topic patterns, each with a function that gets the message as `Heard` and
the dialect's `Memory`, and returns `Told`: readings of the hub's own kinds, maybe with a part of
their fields, and who is online. Whether the values are what the kinds allow is decided afterwards,
by `hub.pipeline.translate`, as for native readings.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hub.dialects.memory import Memory
from hub.dialects.parsing.times import filled
from schemas import Label

READINGS = 500
"""The most readings of one message."""
SHOWN_USES = 100
"""The most parts of one message whose use is reported."""
_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__


class TooMany(Exception):
    """A message holds more than `READINGS` readings: the rest of it is not looked at."""


class Misfit(ValueError):
    """A value that cannot be what its place says it is; `label` says why, in both languages."""

    def __init__(self, en: str, ko: str) -> None:
        super().__init__(en)
        self.label = Label(en, ko)

    def at(self, place: str) -> "Misfit":
        """Return the same with the place in the payload that it is about."""
        return Misfit(f"{place}: {self.label.en}", f"{place}: {self.label.ko}")


class NoWord(Exception):
    """A value that is right, and has no counterpart among the hub's words: it is not used."""

    label = Label("there is no word for it here", "여기에는 해당하는 말이 없습니다")


class Heard(NamedTuple):
    """A message as its device sent it.

    `topic` is the device's own, behind the dialect's `prefix`, which is empty for a native one;
    `parts` are the levels that the pattern names. `arrival` is in ns, `timezone` the event's.
    `kinds_of` gives the kinds that a device is planned to be of by the zone file, or else those
    that it was of before.
    """

    topic: str
    parts: Mapping[str, str]
    payload: bytes
    retained: bool
    arrival: int
    timezone: ZoneInfo
    prefix: str = ""
    kinds_of: Callable[[str], Sequence[str]] = lambda _: ()


class Piece(NamedTuple):
    """A part of a message, and what became of it: a field, or nothing, and why."""

    place: str
    value: Any
    field: str = ""
    why: Label | None = None


class Draft:
    """A reading that a message holds: some fields of a kind, with the places they come from.

    `device` is its name as its maker or owner writes it. `time` is what `hub.timestamps.parse`
    takes, or None for the time of arrival. `interval` is the usual seconds between its readings,
    None where it sends on events; `silence` those after which it is gone. `left` is not used.
    """

    __slots__ = (
        *("device", "faults", "fields", "interval", "kind", "left", "places", "silence"),
        "time",
    )

    def __init__(
        self,
        kind: str,
        device: str,
        time: Any = None,
        interval: float | None = None,
        silence: float | None = None,
    ) -> None:
        self.kind, self.device, self.time = kind, device, time
        self.interval, self.silence = interval, silence
        self.fields: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self.faults: list[Piece] = []
        self.left: list[Piece] = []

    def take(
        self, name: str, value: Any, place: str, convert: Callable[[Any], Any] | None = None
    ) -> None:
        """Take a field's value from a place of the payload; `convert` may raise Misfit."""
        try:
            self.fields[name] = value if convert is None or value is None else convert(value)
        except Misfit as exc:
            if all(fault.place != place for fault in self.faults):
                self.faults.append(Piece(place, value, name, exc.label))
        except NoWord as exc:
            self.left.append(Piece(place, value, why=exc.label))
        else:
            self.places[name] = place

    def fault(self, place: str, value: Any, why: Label) -> None:
        """Note a part that cannot be what its place says it is."""
        self.faults.append(Piece(place, value, why=why))


class Presence(NamedTuple):
    """Whether a device is there; `behind` if it is a gateway or a bridge that it is behind."""

    device: str
    online: bool
    behind: bool = False


class Told:
    """What a message says; `unused` are the parts of it that no reading takes.

    `named` counts the names whose meaning was looked up.
    """

    __slots__ = ("_by_name", "_last", "drafts", "named", "presences", "unused")

    def __init__(self, presences: list[Presence] | None = None) -> None:
        self.drafts: list[Draft] = []
        self.presences = presences or []
        self.unused: list[Piece] = []
        self.named = 0
        self._by_name: dict[tuple[str, str, Any], Draft] = {}
        self._last: Draft | None = None

    def draft(
        self,
        kind: str,
        device: str,
        *,
        time: Any = None,
        interval: float | None = None,
        silence: float | None = None,
    ) -> Draft:
        """Return the draft of a device's reading of a kind, a new one if there is none yet.

        Raises:
            TooMany: there are `READINGS` already.
        """
        last = self._last
        if last is None:  # most messages have one
            last = self._last = Draft(kind, device, time, interval, silence)
            self.drafts.append(last)
            return last
        if last.kind == kind and last.device == device and last.time is time:
            return last
        if not self._by_name:
            self._by_name[_key(last.kind, last.device, last.time)] = last
        key = _key(kind, device, time)
        known = self._by_name.get(key)
        if known is None:
            known = self._by_name[key] = Draft(kind, device, time, interval, silence)
            self.add(known)
        self._last = known
        return known

    def another(self, draft: Draft) -> Draft:
        """Return one more draft like one that there is, empty; it takes that one's place.

        Raises:
            TooMany: there are `READINGS` already.
        """
        found = Draft(draft.kind, draft.device, draft.time, draft.interval, draft.silence)
        self.add(found)
        self._by_name[_key(draft.kind, draft.device, draft.time)] = self._last = found
        return found

    def add(self, draft: Draft) -> None:
        """Add a draft, also one more of a device, a kind and a time.

        Raises:
            TooMany: there are `READINGS` already.
        """
        if len(self.drafts) >= READINGS:
            raise TooMany
        self.drafts.append(draft)

    def leave(self, place: str, value: Any, why: Label | None = None) -> None:
        """Note a part that is not used, of the first `SHOWN_USES` such."""
        if len(self.unused) < SHOWN_USES:
            self.unused.append(_new(Piece, (place, value, "", why)))


def _key(kind: str, device: str, time: Any) -> tuple[str, str, Any]:
    # What is neither a number nor text is no time, and cannot be looked up.
    return kind, device, time if isinstance(time, int | float | str) else None


Translate = Callable[[Heard, Memory], Told]


def ignore(_sent: Heard, _memory: Memory) -> Told:
    """Translate what is known and not used, however large: it says nothing."""
    return Told()


class SetupStep(NamedTuple):
    """What to set in the device's own menu; `{root}`, `{booth}` and `{account}` are filled in."""

    setting: Label
    value: str


@dataclass(frozen=True)
class Dialect:
    """How a maker's devices speak by themselves.

    `topics` are patterns of native topics, each with what translates the message: `{name}`
    stands for one level, `{name+}` for one or more, `{name*}` for any number, also none.
    `setup` is what to set where; `sample` a native topic and a payload, in which `times.filled`
    puts the time. `cleared` are those of the functions that get an empty payload too, which clears
    what the broker retains: for the others it says nothing. `learns` is whether a message cannot
    be read without what its device said earlier, and maybe only once.
    """

    name: str
    label: Label
    topics: Mapping[str, Translate]
    setup: tuple[SetupStep, ...]
    sample: tuple[str, str]
    cleared: frozenset[Translate] = frozenset()
    learns: bool = False

    def sample_at(self, now: int, timezone: str) -> str:
        """Return the sample's payload as a device sends it at `now` (ns), in its time zone."""
        return filled(self.sample[1], now, ZoneInfo(timezone))

    def shown_at(self, now: int, timezone: str) -> str:
        """Return the same for people; of a binary one what cannot be printed is escaped."""
        payload = self.sample_at(now, timezone)
        return payload if payload.isprintable() else payload.encode("unicode_escape").decode()

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Translate]]:
        return [(_compiled(pattern), translate) for pattern, translate in self.topics.items()]

    def find(self, topic: str) -> tuple[Translate, Mapping[str, str]] | None:
        """Return what translates a message on a native topic, and the named levels."""
        for pattern, translate in self._patterns:
            match = pattern.fullmatch(topic)
            if match is not None:
                return translate, {k: v.strip("/") for k, v in match.groupdict("").items()}
        return None


_NAMED = re.compile(r"/?\{(\w+)([+*]?)\}")


def _compiled(pattern: str) -> re.Pattern[str]:
    parts, end = [], 0
    for named in _NAMED.finditer(pattern):
        parts.append(re.escape(pattern[end : named.start()]))
        slash = "/" if named[0].startswith("/") else ""
        inside = {"": r"[^/]+", "+": r".+?", "*": r".*?"}[named[2]]
        part = f"{slash}(?P<{named[1]}>{inside})"
        parts.append(f"(?:{part})?" if named[2] == "*" else part)
        end = named.end()
    return re.compile("".join([*parts, re.escape(pattern[end:])]), re.DOTALL)
