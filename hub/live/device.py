"""The live state of one device: last values, warnings, rate, trend. Pure."""

import json
from typing import Any, NamedTuple

from hub.clock import NEVER, Instant
from hub.live import lag
from hub.live.hints import EACH, READINGS, Hints
from hub.live.lag import Lag
from hub.live.liveness import OFFLINE_AFTER, Cadence, cadence_of
from hub.live.rate import Rate
from hub.live.trend import Trend
from hub.live.warnings import Warnings
from hub.messages import PLAIN, Reading, Source, State
from hub.timestamps import AHEAD, SECOND, rfc3339
from hub.topics import TRIAL, Address
from schemas import KindSpec, Label

_NUMBER = (int, float)  # with a union it takes twice as long
_MILLISECOND = 1_000_000
_FOR_EVER = 2**62


class Replay(NamedTuple):
    """A replayed reading: its arrival (monotonic, ns), its time (ns), its values."""

    at: int
    ts: int
    fields: dict[str, Any]


class Device:
    """The live state of a device.

    `late_after` is how long (ns) it may be silent and is still live. `seen`, `born` and `rejected`
    are the times (`NEVER` at first) of its latest reading, birth message and rejection; `since` is
    the time of its latest change of state, `left` that of its latest `offline` (monotonic, ns).
    What was before `ended` (monotonic, ns) no longer says that the device is there.
    `latest` is the reading with the newest time, whatever came after it. `forgotten` says that the
    device was evicted, `expected` that it is planned. `source` is set if it speaks a dialect.
    """

    __slots__ = (
        "_earlier",
        "_hints",
        "_lag",
        "_skew",
        "_texts",
        "_traced",
        "_trend",
        "_warnings",
        "address",
        "born",
        "cadence",
        "domain",
        "ended",
        "expected",
        "forgotten",
        "gone",
        "headline",
        "interval",
        "kind",
        "late_after",
        "latest",
        "left",
        "rate",
        "readings",
        "rejected",
        "rejections",
        "replay",
        "seen",
        "since",
        "source",
        "state",
    )

    def __init__(self, address: Address, kind: KindSpec, cadence: Cadence | None = None) -> None:
        self.address = address
        self.kind = kind
        self.domain = kind.domain.id
        self.set_cadence(cadence)
        self.headline = next((spec.name for spec in kind.fields if spec.numeric), "")
        self.state = State.LATE
        self.gone = self.forgotten = self.expected = False
        self.born = self.seen = self.rejected = self.since = NEVER
        self.left = self.ended = 0
        self.latest: Reading | None = None
        self._earlier: dict[str, tuple[Any, int]] = {}
        self._traced: Reading | None = None
        self._warnings: Warnings | None = None
        self._hints: Hints | None = None
        self._lag: Lag | None = None
        self._skew: int | None = None
        self.source: Source | None = None
        self.replay: Replay | None = None
        self.readings = 0
        self.rejections = 0
        self.rate = Rate(self.interval)
        self._trend: Trend | None = None
        self._texts: dict[bool, str] | None = None

    def set_cadence(self, cadence: Cadence | None) -> None:
        """Set how often the device says something; None is as its kind declares."""
        self.cadence = cadence or cadence_of(self.kind)
        self.interval = self.cadence.interval or self.kind.interval
        limits = [item for item in (self.cadence.late_after, self.cadence.offline_after) if item]
        self.late_after = round(min(limits) * SECOND) if limits else _FOR_EVER

    def update(self, reading: Reading, now: Instant) -> None:
        """Update from a reading that is on disk; derived values are computed when asked for."""
        self.readings += 1
        latest, ts = self.latest, reading.ts
        if (
            latest is None
            or ts < latest.ts
            or reading.header is not latest.header
            or reading.remarks is not PLAIN
            or now.wall - ts > lag.BEHIND
            or reading.skew is not None
            or (self.readings <= READINGS and not self.readings % EACH)
        ):
            self._take(reading, now)
        else:  # the usual one has the same fields at a later time
            self.latest = reading
        if self.seen is not now or self.gone:  # else another one of the same batch was just there
            self.seen = now
            self.gone = False
            self.replay = self._texts = None
            second = now.monotonic // SECOND
            rate = self.rate
            if second != rate.second:
                rate.go_on(second, self.readings - 1)
                self._trace(now)

    def _take(self, reading: Reading, now: Instant) -> None:
        """Update field by field: of each, what has the newest time is the value of now."""
        self._drop_future(now.wall)
        if reading.remarks.merged and not self._completes(reading):
            self._warn("same_ts", Label("same_ts", "same_ts"), now)
        latest = self.latest
        if latest is None or reading.ts >= latest.ts:
            earlier = self._earlier
            if latest is not None:
                for name in {*latest.names}.difference(reading.names):
                    earlier[name] = (latest.fields[name], latest.ts)
            for name in reading.names:
                earlier.pop(name, None)
            self.latest = reading
        else:
            self._take_earlier(reading, now)
        for name in reading.remarks.cleared:
            self._set_earlier(name, None, reading.ts)
        for note in reading.remarks.notes:
            self._warn(f"{note.code} {note.field}", note.named(), now)
        self._check_clock(reading, now)
        if self.readings <= READINGS and not self.readings % EACH:
            self._hints = self._hints or Hints(self.kind)
            self._hints.take(reading, reading.ts)

    def _take_earlier(self, reading: Reading, now: Instant) -> None:
        self._warn("backlog", Label("backlog", "backlog"), now)
        if reading.ignored:
            self._warn("ignored", _ignored(reading), now)
        for name, value in reading.fields.items():
            self._set_earlier(name, value, reading.ts)

    def _completes(self, reading: Reading) -> bool:
        """Whether a reading of the latest one's time adds to it: some say it in two messages."""
        latest, earlier = self.latest, self._earlier
        return (
            latest is not None
            and latest.ts == reading.ts
            and {*latest.names}.isdisjoint(reading.names)
            and all(earlier[name][1] != reading.ts for name in earlier.keys() & reading.names)
        )

    def _drop_future(self, now: int) -> None:
        """Drop what came while the hub's clock was ahead: it is not newer than what comes now."""
        if self.latest is not None and self.latest.ts > now + AHEAD:
            self.latest, self._earlier = None, {}

    def _set_earlier(self, name: str, value: Any, ts: int) -> None:
        """Set a field that the latest reading has not, unless something newer is known of it."""
        assert self.latest is not None
        known = self._earlier.get(name)
        if name not in self.latest.names and (known is None or known[1] <= ts):
            self._earlier[name] = (value, ts)

    def _check_clock(self, reading: Reading, now: Instant) -> None:
        skew, behind = reading.skew, now.wall - reading.ts
        if skew is None and behind > lag.BEHIND:
            self._lag = self._lag or Lag()
            skew = -behind if self._lag.steady(behind, now.monotonic) else None
        if skew is not None:
            self._skew = skew
            self._warn("clock", Label("clock", "clock"), now)

    def _warn(self, key: str, label: Label, now: Instant) -> None:
        self._warnings = self._warnings or Warnings()
        self._warnings.add(key, label, now.monotonic)

    @property
    def last(self) -> dict[str, Any]:
        """The newest value of each field, but of those that were cleared."""
        fields = {} if self.latest is None else self.latest.fields
        if not self._earlier:
            return fields
        kept = {name: value for name, (value, _) in self._earlier.items() if value is not None}
        return kept | fields

    @property
    def earlier(self) -> dict[str, int]:
        """The fields that are older than the latest reading, and the time of each value (ns)."""
        if self.latest is None:
            return {}
        now = self.latest.ts
        return {
            name: ts
            for name, (value, ts) in self._earlier.items()
            if value is not None and ts != now
        }

    @property
    def ceased(self) -> list[str]:
        """The fields that ten intervals of readings have not had: what was an alarm is none."""
        if self.latest is None:
            return []
        until = self.latest.ts - OFFLINE_AFTER * self.interval * SECOND
        return [name for name, ts in self.earlier.items() if ts <= until]

    @property
    def stray(self) -> bool:
        """Whether it is nobody's: not planned, and never sent what could be accepted."""
        return not self.expected and not self.readings

    @property
    def trial(self) -> bool:
        """Whether somebody just tries how to send: nothing for the wall."""
        return self.address.device == TRIAL and not self.expected

    def show(self, reading: Reading, now: int) -> None:
        """Show a replayed reading in place of the device's own; counts and state do not change."""
        before = {} if self.replay is None else self.replay.fields
        self.replay = Replay(now, reading.ts, before | reading.fields)
        self._texts = None

    def end_replay(self, now: int) -> bool:
        """End the replay once no replayed reading comes; return whether it ended now."""
        if self.replay is None or now - self.replay.at < OFFLINE_AFTER * self.interval * SECOND:
            return False
        self.replay = self._texts = None
        return True

    @property
    def heard(self) -> int | None:
        """The time of its latest reading or online status since `ended` (monotonic, ns)."""
        heard = max(self.seen.monotonic, self.born.monotonic)
        return heard if heard and heard >= self.ended else None

    @property
    def noticed(self) -> int:
        """The time of its latest message, rejected or not (monotonic, ns)."""
        return max(self.seen.monotonic, self.born.monotonic, self.rejected.monotonic)

    def _trace(self, now: Instant) -> None:
        """Update trend and hints from the latest reading, once in a second, while it is at hand."""
        latest = self.latest
        if latest is None or latest is self._traced:
            return
        self._traced = latest
        if self._hints is not None and not self._hints.done:
            self._hint(self._hints, latest)
        value = latest.get(self.headline)
        if isinstance(value, _NUMBER):
            self._trend = self._trend or Trend()
            self._trend.add(now.wall // _MILLISECOND, value)

    def _hint(self, hints: Hints, latest: Reading) -> None:
        for name, label in hints.current(latest):
            self._warn(f"hint {name}", label, self.seen)

    @property
    def labels(self) -> list[Label]:
        """The warnings about the device's accepted readings: an English code, then the text."""
        if self.latest is None:
            return []
        said = [_ignored(self.latest)] if self.latest.ignored else []
        if self._warnings is None:
            return said
        current = self._warnings.current(self.seen.monotonic)
        return current + [label for label in said if label not in current]

    @property
    def warnings(self) -> list[str]:
        """The warnings in English."""
        return [label.en for label in self.labels]

    @property
    def skew(self) -> int | None:
        """How far the device's clock is ahead of the hub's (ns), while it has that warning."""
        if self._warnings is None or not self._warnings.holds("clock", self.seen.monotonic):
            return None
        return self._skew

    @property
    def skew_ms(self) -> int | None:
        """The same in ms."""
        return None if self.skew is None else round(self.skew / _MILLISECOND)

    def said(self) -> dict[str, Any]:
        """Return the warnings in both languages, and what is known of the clock."""
        labels = self.labels
        cause = None if self.skew is None else lag.guess(self.skew)
        return {
            "warnings": [label.en for label in labels],
            "warnings_ko": [label.ko for label in labels],
            "clock_skew_ms": self.skew_ms,
            **(cause or Label("", "")).named("clock_guess"),
        }

    def _ages(self) -> dict[str, Any]:
        """The fields that the latest reading did not have: since when, and which are history."""
        if self.replay is not None:
            return {"earlier": {}, "ceased": []}
        return {
            "earlier": {name: rfc3339(ts) for name, ts in self.earlier.items()},
            "ceased": self.ceased,
        }

    def _own_interval(self) -> dict[str, float]:
        """The interval in seconds, where the zone file gives one."""
        own, declared = self.cadence.interval, cadence_of(self.kind).interval
        return {} if own is None or own == declared else {"interval": own}

    def _identity(self) -> dict[str, Any]:
        if self.source is None:
            return {**self.address._asdict(), "domain": self.domain}
        spoken = {"dialect": self.source.dialect, "name": self.source.name}
        return {**self.address._asdict(), "domain": self.domain, **spoken}

    def as_json(self, now: int, trend: bool = False) -> dict[str, Any]:
        """Return the device as the API shows it now (monotonic, ns)."""
        shown = self._identity() | {
            "state": self.state.value,
            **self._own_interval(),
            "last_seen": rfc3339(self.seen.wall) if self.seen is not NEVER else None,
            "last": self.last if self.replay is None else self.replay.fields,
            **self._ages(),
            "replayed": self.replay is not None,
            "expected": self.expected,
            "stray": self.stray,
            **self.said(),
            "readings": self.readings,
            "rejections": self.rejections,
            "rate": round(self.rate.at(now // SECOND, self.readings), 2),
        }
        if trend:
            points = self._trend.points() if self._trend is not None else []
            shown["trend"] = {"field": self.headline, "points": points}
        return shown

    def shown(self, *, brief: bool = False) -> str:
        """Return the latest reading in JSON, cached for all viewers.

        A `brief` one leaves out what is empty, false or 0, two fifths of what a page has to read
        at 2,000 readings a second.
        """
        if self._texts is None:
            self._texts = {}
        if brief not in self._texts:
            said = self._identity() | {
                "ts": rfc3339(self._time()),
                "fields": self.last if self.replay is None else self.replay.fields,
                **self._ages(),
                "replayed": self.replay is not None,
                "readings": self.readings,
                "rejections": self.rejections,
                "rate": round(self.rate.latest, 2),
                **self.said(),
            }
            text = _compact({k: v for k, v in said.items() if v}) if brief else written(said)
            self._texts[brief] = text
        return self._texts[brief]

    def _time(self) -> int:
        """The time of the values shown, or of the latest message (ns)."""
        if self.replay is not None:
            return self.replay.ts
        return self.latest.ts if self.latest is not None else self.seen.wall


def _ignored(reading: Reading) -> Label:
    said = f"ignored: {', '.join(reading.ignored)}"
    return Label(said, said)


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def written(said: object) -> str:
    """Encode an event as JSON."""
    return json.dumps(said, ensure_ascii=False)
