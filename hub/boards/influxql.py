"""The queries of the boards in InfluxQL, which InfluxDB 1, 2 and 3 support. Pure.

Each holds `$timeFilter` once (Grafana replaces only the first in an annotation), and buckets are
`$__interval` wide. A boolean cannot be averaged, so states are asked for with last().
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.stores.store import DEVICE_STATE, HUB, REJECTIONS, SURPLUS
from schemas import FieldSpec, KindSpec

_STATE, _HUB = DEVICE_STATE.name, HUB.name


@dataclass(frozen=True, slots=True)
class Scope:
    """The tags that a board's variables filter by; each variable has its tag's name."""

    tags: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """What stands behind `$timeFilter`; `.*` or `(a|b)` comes in for the variable."""
        return "".join(f' AND "{tag}" =~ /^${tag}$/' for tag in self.tags)


ALL = Scope()
BOOTH = Scope(("booth",))
DEVICE = Scope(("booth", "device"))


def last(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for each device's newest value."""
    return _select(f'last("{field.name}")', kind.name, scope, '"booth", "device"')


def trend(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for each device's values over time: the mean of numbers, the last of states."""
    how = "mean" if field.numeric else "last"
    return _buckets(f'{how}("{field.name}")', kind.name, scope, '"booth", "device"')


def average(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for the mean of a number over all devices, over time."""
    return _buckets(f'mean("{field.name}")', kind.name, scope)


def readings_rate(kind: KindSpec, scope: Scope) -> str:
    """Ask for the readings a second of a kind; its first field is in every reading."""
    count = f'count("{kind.fields[0].name}") * 1000 / $__interval_ms'
    return _buckets(count, kind.name, scope)


def table(kind: KindSpec, fields: Iterable[FieldSpec], scope: Scope) -> str:
    """Ask for a row of newest values for each device; the row's time is the range's start."""
    columns = ", ".join(f'last("{field.name}") AS "{field.name}"' for field in fields)
    return _select(columns, kind.name, scope, '"booth", "device"')


def devices(scope: Scope) -> str:
    """Ask for each device's newest state, as the level that `device_state` holds."""
    what = 'last("level") AS "level"'
    return _select(what, _STATE, scope, '"booth", "kind", "device"')


def devices_at(level: int, scope: Scope) -> str:
    """Ask how many devices are at a level: 2 live, 1 late, 0 offline."""
    newest = _select('last("level") AS "level"', _STATE, scope, '"booth", "kind", "device"')
    return f'SELECT count("level") AS "devices" FROM ({newest}) WHERE "level" = {level}'


def changes(scope: Scope) -> str:
    """Ask for the changes of each device's state over time."""
    return _buckets('last("level")', _STATE, scope, '"booth", "kind", "device"')


def counter(field: str) -> str:
    """Ask for the newest value of one of the hub's counters."""
    return _select(f'last("{field}")', _HUB, ALL, '"client"')


def counter_trend(field: str) -> str:
    """Ask for a counter over time."""
    return _buckets(f'last("{field}")', _HUB, ALL, '"client"')


def counter_rate(field: str, per: str = "1s") -> str:
    """Ask for how fast a counter grows."""
    how = f'non_negative_derivative(last("{field}"), {per})'
    return _buckets(how, _HUB, ALL, '"client"')


def pressed(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for every reading in which a flag is true.

    Raw rows of one measurement, with the tags as columns: Grafana's annotations see no tags that
    are grouped by, and mix up the times of several measurements.
    """
    condition = f'"{field.name}" = true AND {_within(scope)}'
    return f'SELECT "{field.name}", "booth", "device" FROM "{kind.name}" WHERE {condition}'


def outages(scope: Scope, only: tuple[str, str] | None = None) -> str:
    """Ask for the moments at which devices went offline, `only` those with a tag of a value.

    `device` stands last on purpose: Grafana takes the last column whose name holds the wanted one,
    and every name begins with that of the measurement, `device_state`.
    """
    condition = " AND ".join(['"level" = 0', _within(scope), *_equal(only)])
    return f'SELECT "state", "booth", "device" FROM "{_STATE}" WHERE {condition}'


def count_pressed(kind: KindSpec, field: FieldSpec) -> str:
    """Ask for how many readings of each device say true: a number, as alert rules need."""
    condition = f'"{field.name}" = true AND $timeFilter'
    what = f'SELECT count("{field.name}") FROM "{kind.name}" WHERE {condition}'
    return f'{what} GROUP BY "booth", "device"'


def growth(field: str) -> str:
    """Ask for how much a counter grew over the time range; it never shrinks within one."""
    return _select(f'spread("{field}")', _HUB, ALL, '"client"')


def difference(field: str) -> str:
    """Ask for the newest value of a counter less its oldest in the time range."""
    return _select(f'last("{field}") - first("{field}")', _HUB, ALL, '"client"')


def rejections() -> str:
    """Ask for how many messages were rejected over time, by booth and reason."""
    return _buckets('sum("count")', REJECTIONS.name, ALL, '"booth", "code"')


def surplus() -> str:
    """Ask for how many messages were above their booth's quota over time, by booth and outcome."""
    return _buckets('sum("count")', SURPLUS.name, ALL, '"booth", "outcome"')


def signs_of_life() -> str:
    """Ask for how many rows the hub wrote about itself."""
    return f'SELECT count("received") FROM "{_HUB}" WHERE $timeFilter'


def tag_values(
    measurement: str, tag: str, scope: Scope = ALL, only: tuple[str, str] | None = None
) -> str:
    """Ask for the values of a tag, of those that the earlier variables and `only` leave."""
    where = " AND ".join([*filter(None, [scope.condition.removeprefix(" AND ")]), *_equal(only)])
    condition = f" WHERE {where}" if where else ""
    return f'SHOW TAG VALUES FROM "{measurement}" WITH KEY = "{tag}"{condition}'


def _select(what: str, measurement: str, scope: Scope, by: str) -> str:
    return f'SELECT {what} FROM "{measurement}" WHERE {_within(scope)} GROUP BY {by}'


def _buckets(what: str, measurement: str, scope: Scope, by: str = "") -> str:
    groups = f"time($__interval){', ' if by else ''}{by}"
    return f'SELECT {what} FROM "{measurement}" WHERE {_within(scope)} GROUP BY {groups} fill(none)'


def _equal(only: tuple[str, str] | None) -> list[str]:
    return [] if only is None else [f"\"{only[0]}\" = '{only[1]}'"]


def _within(scope: Scope) -> str:
    return f"$timeFilter{scope.condition}"
