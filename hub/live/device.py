"""A device and its latest: values, warnings, rate, trend. Pure."""

import json
from array import array
from typing import Any, NamedTuple

from hub.clock import NEVER, Instant
from hub.live.liveness import LATE_AFTER, OFFLINE_AFTER
from hub.messages import Reading, State
from hub.timestamps import SECOND, rfc3339
from hub.topics import Address
from schemas import KindSpec

SWEEP = 1.0
"""Seconds between two calls of `Device.measure`."""
_TREND_POINTS = 60
_SMOOTHED_INTERVALS = 5
_MILLISECOND = 1_000_000


class Replay(NamedTuple):
    """A replayed reading: its arrival (monotonic, ns), its time (ns), its values."""

    at: int
    ts: int
    fields: dict[str, Any]


class Device:
    """A device and its latest; `rate` in readings a second.

    `late_after` is how long (ns) it may be silent and is still live. `seen`, `born` and `rejected`
    are the times (`NEVER` at first) of its latest reading, birth message and rejection; `since` is
    the time of its latest change of state. `forgotten` says that the device was evicted.
    """

    __slots__ = (
        "_average",
        "_counted",
        "_share",
        "_text",
        "_weight",
        "address",
        "born",
        "domain",
        "forgotten",
        "gone",
        "headline",
        "interval",
        "last",
        "late_after",
        "latest",
        "rate",
        "readings",
        "rejected",
        "rejections",
        "replay",
        "seen",
        "since",
        "state",
        "trend",
        "width",
    )

    def __init__(self, address: Address, kind: KindSpec) -> None:
        self.address = address
        self.domain = kind.domain.id
        self.interval = kind.interval
        self.late_after = round(LATE_AFTER * kind.interval * SECOND)
        self.headline = next((spec.name for spec in kind.fields if spec.numeric), "")
        self.width = len(kind.fields)
        self.state = State.LATE
        self.gone = self.forgotten = False
        self.born = self.seen = self.rejected = self.since = NEVER
        self.latest: Reading | None = None
        self.last: dict[str, Any] = {}
        self.replay: Replay | None = None
        self.readings = 0
        self.rejections = 0
        self.rate = 0.0
        self.trend = array("d")
        self._counted = 0
        # An average over a few of the kind's intervals; the weight makes it right from the start.
        self._share = SWEEP / (SWEEP + _SMOOTHED_INTERVALS * kind.interval)
        self._average = 0.0
        self._weight = 0.0
        self._text: str | None = None

    def update(self, reading: Reading, now: Instant) -> None:
        """Update from a reading that is on disk; derived values are computed when asked for."""
        self.readings += 1
        self.latest = reading
        whole = len(reading.fields) == self.width
        self.last = reading.fields if whole else self.last | reading.fields
        self.seen = now
        self.gone = False
        self.replay = None
        self._text = None

    def show(self, reading: Reading, now: int) -> None:
        """Show a replayed reading in place of the device's own; counts and state do not change."""
        before = {} if self.replay is None else self.replay.fields
        self.replay = Replay(now, reading.ts, before | reading.fields)
        self._text = None

    def end_replay(self, now: int) -> bool:
        """End the replay once no replayed reading comes; return whether it ended now."""
        if self.replay is None or now - self.replay.at < OFFLINE_AFTER * self.interval * SECOND:
            return False
        self.replay = self._text = None
        return True

    @property
    def heard(self) -> int | None:
        """The time of its latest reading or online status (monotonic, ns)."""
        return max(self.seen.monotonic, self.born.monotonic) or None

    @property
    def noticed(self) -> int:
        """The time of its latest message, rejected or not (monotonic, ns)."""
        return max(self.seen.monotonic, self.born.monotonic, self.rejected.monotonic)

    def measure(self, now: int) -> None:
        """Update rate and trend; called every `SWEEP` seconds."""
        new = self.readings - self._counted
        self._counted = self.readings
        share = self._share
        self._average = average = self._average + share * (new / SWEEP - self._average)
        self._weight = weight = self._weight + share * (1 - self._weight)
        self.rate = average / weight
        if new:
            value = self.last.get(self.headline)
            if isinstance(value, int | float):
                trend = self.trend
                trend.append(now // _MILLISECOND)
                trend.append(value)
                if len(trend) > 2 * _TREND_POINTS:
                    del trend[: -2 * _TREND_POINTS]

    @property
    def warnings(self) -> list[str]:
        """Warnings about the device's accepted readings."""
        if self.latest is None:
            return []
        ignored = ", ".join(self.latest.ignored)
        clock = ["clock"] if self.latest.skew is not None else []
        return clock + ([f"ignored: {ignored}"] if ignored else [])

    @property
    def skew_ms(self) -> int | None:
        """How far the device's clock is ahead of the hub's (ms), if its time was discarded."""
        skew = None if self.latest is None else self.latest.skew
        return None if skew is None else skew // _MILLISECOND

    def _identity(self) -> dict[str, Any]:
        return {**self.address._asdict(), "domain": self.domain}

    def as_json(self, trend: bool = False) -> dict[str, Any]:
        """Return the device as the API shows it."""
        shown = self._identity() | {
            "state": self.state.value,
            "last_seen": rfc3339(self.seen.wall) if self.seen is not NEVER else None,
            "last": self.last if self.replay is None else self.replay.fields,
            "replayed": self.replay is not None,
            "warnings": self.warnings,
            "clock_skew_ms": self.skew_ms,
            "readings": self.readings,
            "rejections": self.rejections,
            "rate": round(self.rate, 2),
        }
        if trend:
            points = list(zip(map(int, self.trend[::2]), self.trend[1::2], strict=True))
            shown["trend"] = {"field": self.headline, "points": points}
        return shown

    def shown(self) -> str:
        """Return the latest reading in JSON, cached for all viewers."""
        if self._text is None:
            said = self._identity() | {
                "ts": rfc3339(self._time()),
                "fields": self.last if self.replay is None else self.replay.fields,
                "replayed": self.replay is not None,
                "readings": self.readings,
                "rejections": self.rejections,
                "rate": round(self.rate, 2),
                "warnings": self.warnings,
            }
            self._text = written(said)
        return self._text

    def _time(self) -> int:
        """The time of the values shown, or of the latest message (ns)."""
        if self.replay is not None:
            return self.replay.ts
        return self.latest.ts if self.latest is not None else self.seen.wall


def written(said: object) -> str:
    """Encode an event as JSON."""
    return json.dumps(said, ensure_ascii=False)
