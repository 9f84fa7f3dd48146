"""The queries of the boards in InfluxQL, which InfluxDB 1, 2 and 3 support. Pure.

Each holds `$timeFilter` once (Grafana replaces only the first in an annotation), and buckets are
`$__interval` wide. A boolean cannot be averaged, so states are asked for with last().
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.stores.store import DEVICE_STATE, HUB, REJECTIONS, SURPLUS
from schemas import Combine, FieldSpec, KindSpec

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
    """Ask for each device's values over time, combined as the field declares."""
    how = field.combine.value
    return _buckets(f'{how}("{field.name}")', kind.name, scope, '"booth", "device"')


def combined(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for what the values of all devices make together, over time."""
    return _buckets(f'{field.combine.value}("{field.name}")', kind.name, scope)


def spread(kind: KindSpec, field: FieldSpec, scope: Scope) -> str:
    """Ask for the least and the greatest value of all devices over time; for the mean if it is."""
    name = field.name
    mean = f', mean("{name}") AS "mean"' if field.combine is Combine.MEAN else ""
    what = f'min("{name}") AS "min"{mean}, max("{name}") AS "max"'
    return _buckets(what, kind.name, scope)


def readings(kind: KindSpec, scope: Scope) -> str:
    """Ask for how many readings there are; a kind's first field is in every one."""
    return f'SELECT count("{kind.fields[0].name}") FROM "{kind.name}" WHERE {_within(scope)}'


def everything(scope: Scope) -> str:
    """Ask for the newest value of every field of the kind that the variable `kind` names."""
    return f'SELECT last(*) FROM "$kind" WHERE {_within(scope)} GROUP BY "booth", "device"'


def table(kinds: Iterable[KindSpec], fields: Iterable[FieldSpec], scope: Scope) -> str:
    """Ask for a row of newest values for each device of kinds that declare all these fields.

    With several fields the row's time is the range's start.
    """
    columns = ", ".join(f'last("{field.name}") AS "{field.name}"' for field in fields)
    names = '","'.join(kind.name for kind in kinds)
    return _select(columns, names, scope, '"booth", "device"')


def devices(scope: Scope) -> str:
    """Ask for each device's newest state, as the level that `device_state` holds."""
    what = 'last("level") AS "level"'
    return _select(what, _STATE, scope, '"booth", "kind", "device"')


def live_share(scope: Scope) -> str:
    """Ask for how many in a hundred devices of each domain are live.

    A level of 2, 1 or 0 makes 1, 0 or 0: a domain without a live device has a share too, of 0.
    """
    live = '(last("level") * (last("level") - 1)) / 2 AS "live"'
    each = _select(live, _STATE, scope, '"booth", "kind", "device", "domain"')
    return f'SELECT mean("live") * 100 AS "live" FROM ({each}) GROUP BY "domain"'


def changes(scope: Scope) -> str:
    """Ask for the changes of each device's state over time."""
    return _buckets('last("level")', _STATE, scope, '"booth", "kind", "device"')


def counter(field: str) -> str:
    """Ask for the newest value of one of the hub's counters."""
    return _select(f'last("{field}")', _HUB, ALL, '"client"')


def total(field: str) -> str:
    """Ask for the newest value of a counter, of all hubs together that hear what devices send.

    Without one there is no answer: what a hub cannot hear it does not know.
    """
    what = f'last("{field}") AS "{field}" FROM "{_HUB}" WHERE $timeFilter AND "hears" = 1'
    return f'SELECT sum("{field}") AS "{field}" FROM (SELECT {what} GROUP BY "client")'


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


def rejected(*tags: str) -> str:
    """Ask for how many messages were rejected in the time range, by these tags: booth, code."""
    by = ", ".join(f'"{tag}"' for tag in tags)
    return _select('sum("count") AS "count"', REJECTIONS.name, ALL, by)


def rejections(scope: Scope, *tags: str) -> str:
    """Ask for how many messages were rejected over time, by these tags: booth, code."""
    by = ", ".join(f'"{tag}"' for tag in tags)
    return _buckets('sum("count")', REJECTIONS.name, scope, by)


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
