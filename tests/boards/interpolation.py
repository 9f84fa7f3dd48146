"""Queries as Grafana sends them, after its sources (see docs/how-to/use-grafana.md).

Variables first, in the browser: a value is escaped for a regular expression, several are joined as
(a|b), and "all" is what the variable says, `.*`. Then, in Grafana's server, `$timeFilter`,
`$__interval_ms` and `$__interval`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600)
"""Seconds that Grafana rounds a bucket to."""
POINTS = 1000
"""Data points that a panel of an ordinary screen asks for."""


class All:
    """The choice of everything; `value` goes in as it is."""

    def __init__(self, value: str) -> None:
        self.value = value


Choice = All | str | Sequence[str]


@dataclass(frozen=True)
class Range:
    """A time range, in ms of the Unix epoch."""

    start: int
    stop: int

    @classmethod
    def back(cls, span: str, stop: int) -> "Range":
        """The range of `span`, like 30m or now-30m, that ends at `stop` (ms)."""
        found = re.fullmatch(r"(?:now-)?(\d+)([smhd])", span)
        assert found is not None, span
        return cls(stop - int(found[1]) * SPANS[found[2]] * 1000, stop)

    @property
    def seconds(self) -> float:
        return (self.stop - self.start) / 1000


def interpolate(
    query: str, within: Range, choices: Mapping[str, Choice] | None = None, least: str = ""
) -> str:
    """Return the text that InfluxDB gets; `least` is the panel's least interval."""
    for name, choice in (choices or {}).items():
        query = _put(query, name, _written(choice))
    interval = bucket(within, least)
    query = query.replace("$timeFilter", _time_filter(within))
    query = query.replace("$__interval_ms", str(interval * 1000))
    return query.replace("$__interval", f"{interval}s")


def _put(query: str, name: str, value: str) -> str:
    return re.sub(rf"\${name}\b", lambda _: value, query)


def bucket(within: Range, least: str = "") -> int:
    """Return the width of a bucket in seconds."""
    wanted = max(within.seconds / POINTS, 1, float(least.removesuffix("s") or 0))
    return next((step for step in _STEPS if step >= wanted), math.ceil(wanted))


def _time_filter(within: Range) -> str:
    return f"time >= {within.start}ms and time <= {within.stop}ms"


def _written(choice: Choice) -> str:
    if isinstance(choice, All):
        return choice.value
    values = [choice] if isinstance(choice, str) else choice
    escaped = [re.sub(r"[\\^$*+?.()|\[\]{}/]", r"\\\g<0>", value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"
