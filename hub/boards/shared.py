"""Panels and annotations that several boards share: devices, rates, e-stops, outages, links."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hub.boards import influxql, panels, words
from hub.boards.influxql import Scope
from hub.boards.model import (
    COLUMNS,
    MARK,
    Annotation,
    Column,
    Form,
    Language,
    Link,
    Panel,
    PanelQuery,
    Threshold,
    ValueMapping,
    Variable,
    uid,
)
from hub.event.zone import Zone
from hub.stores.store import DEVICE_STATE
from schemas import Domain, Draw, FieldSpec, KindSpec, Unit

E_STOP = "e_stop"
"""A kind whose device can be stopped by hand declares a flag of this name."""
BATTERY = "battery"
STATES_SINCE = "15m"
"""The hub writes each device's state again every ten minutes."""
HUB_SINCE = "1m"
"""A hub writes its counters every ten seconds; one that wrote none for a minute says nothing."""


def declaring(kinds: Iterable[KindSpec], name: str) -> list[tuple[KindSpec, FieldSpec]]:
    """Return the kinds that declare a field of this name, each with the field."""
    return [(kind, field) for kind in kinds for field in kind.fields if field.name == name]


def booth_names(lang: Language, zone: Zone) -> tuple[ValueMapping, ...]:
    """Return the names of booths from the zone file."""
    return tuple(
        ValueMapping(booth.id, f"{booth.id} {lang.of(booth.label())}", "text")
        for booth in zone.booth
    )


def devices(lang: Language, zone: Zone, kinds: Iterable[KindSpec], scope: Scope) -> Panel:
    """Return the table of devices with their newest state, the worst first."""
    named = tuple(ValueMapping(kind.name, lang.of(kind.label), "text") for kind in kinds)
    booth, device = panels.device_columns(lang, booth_names(lang, zone))
    columns = (
        Column("level", lang.of(words.STATE), readings=panels.level_readings(lang)),
        booth,
        device,
        Column("kind", lang.of(words.KIND), readings=named, link="kind"),
    )
    return Panel(
        "devices/table",
        Form.TABLE,
        lang.of(words.DEVICES_NOW),
        lang.of(words.SAID["devices"]),
        (PanelQuery(influxql.devices(scope)),),
        columns=columns,
        width=12,
        height=10,
        since=STATES_SINCE,
        order="level",
    )


def changes(lang: Language, scope: Scope) -> Panel:
    """Return the timeline of each device's state."""
    return Panel(
        "devices/changes",
        Form.TIMELINE,
        lang.of(words.DEVICE_STATES),
        lang.of(words.SAID["changes"]),
        (PanelQuery(influxql.changes(scope), f"{panels.EACH} ($tag_kind)"),),
        readings=panels.level_readings(lang),
        width=12,
        height=10,
    )


def counts(lang: Language) -> Panel:
    """Return how many devices are live, late and offline: grey when no hub says so."""
    shown = (
        ("devices_live", words.LIVE, (Threshold(0, panels.BAD), Threshold(1, panels.GOOD))),
        ("devices_late", words.LATE, (Threshold(1, panels.ODD),)),
        ("devices_offline", words.OFFLINE, (Threshold(1, panels.BAD),)),
    )
    return Panel(
        "devices/counts",
        Form.STAT,
        lang.of(words.DEVICES),
        lang.of(words.SAID["count"]),
        tuple(
            PanelQuery(influxql.total(field), lang.of(label), (Threshold(None, panels.OFF), *steps))
            for field, label, steps in shown
        ),
        Unit.COUNT,
        width=12,
        height=5,
        since=HUB_SINCE,
    )


def rejections(lang: Language, zone: Zone) -> Panel:
    """Return the booths with the most messages rejected of late, and why."""
    count = panels.known(Threshold(None, panels.ODD))
    return Panel(
        "rejections/booths",
        Form.TABLE,
        lang.of(words.REJECTED_LATELY),
        lang.of(words.SAID["rejected_lately"]),
        (PanelQuery(influxql.rejected("booth", "code")),),
        columns=(
            Column("booth", lang.of(words.BOOTH), readings=booth_names(lang, zone), link="booth"),
            Column("code", lang.of(words.REASON)),
            Column("count", lang.of(words.COUNTERS["rejected"]), Unit.COUNT, count),
        ),
        width=8,
        height=6,
        since="10m",
        order="-count",
    )


def batteries(
    lang: Language, kinds: Iterable[KindSpec], scope: Scope, zone: Zone | None = None
) -> Panel | None:
    """Return the charge of every device that has a battery, the lowest first."""
    charged = declaring(kinds, BATTERY)
    if not charged:
        return None
    field = charged[0][1]
    names = booth_names(lang, zone) if zone is not None else ()
    return Panel(
        "batteries",
        Form.TABLE,
        lang.of(words.BATTERY),
        lang.of(words.SAID["battery"]),
        (PanelQuery(influxql.table([kind for kind, _ in charged], [field], scope)),),
        columns=(
            *panels.device_columns(lang, names),
            Column(BATTERY, lang.of(words.BATTERY), field.unit, panels.steps(field)),
        ),
        width=12,
        height=8,
        order=BATTERY,
    )


def essence(lang: Language, kind: KindSpec, scope: Scope) -> tuple[Panel, ...]:
    """Return the most important panels of a kind: its first fields, its states, its alarms."""
    lines = [field for field in kind.fields if field.numeric and field.draw is not Draw.MAP]
    states = [field for field in kind.fields if field.draw is Draw.STATE and not field.numeric]
    chosen = [panels.trend(lang, kind, field, scope) for field in lines[:3]]
    chosen += [panels.trend(lang, kind, field, scope) for field in states[:1]]
    alarms = panels.alarms(lang, kind, scope)
    return tuple(chosen) if alarms is None else (*chosen, alarms)


def e_stops(lang: Language, kinds: Iterable[KindSpec], scope: Scope) -> tuple[Annotation, ...]:
    """Return the marks of pressed e-stops, one query for each kind that has one."""
    return tuple(
        Annotation(
            panels.title(lang, kind, field),
            "red",
            influxql.pressed(kind, field, scope),
            "device",
            "booth",
        )
        for kind, field in declaring(kinds, E_STOP)
    )


def outages(lang: Language, scope: Scope, only: tuple[str, str] | None = None) -> Annotation:
    """Return the marks of devices that went offline, `only` those with a tag of a value."""
    query = influxql.outages(scope, only)
    return Annotation(lang.of(words.OUTAGES), "orange", query, "device", "booth")


def booth_variable(
    lang: Language,
    measurement: str = DEVICE_STATE.name,
    only: tuple[str, str] | None = None,
) -> Variable:
    """Return the choice of booths, `only` those with a tag of a value."""
    query = influxql.tag_values(measurement, "booth", only=only)
    return Variable("booth", lang.of(words.BOOTH), query)


def device_variable(lang: Language, measurement: str = DEVICE_STATE.name) -> Variable:
    """Return the choice of devices, of the chosen booths."""
    query = influxql.tag_values(measurement, "device", influxql.BOOTH)
    return Variable("device", lang.of(words.DEVICE), query)


def tags(lang: Language, *more: str) -> tuple[str, ...]:
    """Return a board's tags: ours, its language, and what it is."""
    return (MARK, lang.value, *more)


def links(lang: Language, name: str) -> tuple[Link, ...]:
    """Return the links from the board `name` to the others, and to itself in the other language."""
    home = {"overview": words.OVERVIEW, "booth": words.BOOTH, "health": words.HEALTH}
    return (
        *(Link(lang.of(label), uid(to, lang)) for to, label in home.items() if to != name),
        Link(lang.of(words.DOMAINS), tags=tags(lang, "domain")),
        Link(lang.of(words.KINDS), tags=tags(lang, "kind")),
        Link(lang.other.of(words.LANGUAGE), uid(name, lang.other), keep_variables=True),
    )


def fill(standing: Sequence[Panel], width: int = COLUMNS) -> tuple[Panel, ...]:
    """Return the panels of one line, widened to fill it, the first ones by one more."""
    each, more = divmod(width, len(standing))
    return tuple(replace(panel, width=each + (at < more)) for at, panel in enumerate(standing))


def domain_name(about: Domain) -> str:
    """Return the name of a domain's board."""
    return f"domain-{about.id.replace('_', '-')}"


def plain(colour: str = panels.PLAIN) -> tuple[Threshold, ...]:
    """Return one colour for every value."""
    return (Threshold(None, colour),)
