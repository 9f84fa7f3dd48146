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
from schemas import Draw, FieldSpec, KindSpec, Unit

E_STOP = "e_stop"
"""A kind whose device can be stopped by hand declares a flag of this name."""
BATTERY = "battery"


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
    """Return the table of devices with their newest state."""
    named = tuple(ValueMapping(kind.name, lang.of(kind.label), "text") for kind in kinds)
    booth, device = panels.device_columns(lang, booth_names(lang, zone))
    columns = (
        Column("level", lang.of(words.STATE), readings=panels.level_readings(lang)),
        booth,
        device,
        Column("kind", lang.of(words.KIND), readings=named, link="kind"),
        Column("Time", lang.of(words.SINCE)),
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
        since="7d",
    )


def changes(lang: Language, scope: Scope) -> Panel:
    """Return the timeline of devices that came and went."""
    return Panel(
        "devices/changes",
        Form.TIMELINE,
        lang.of(words.DEVICE_STATES),
        lang.of(words.SAID["changes"]),
        (PanelQuery(influxql.changes(scope), f"{panels.EACH} ($tag_kind)"),),
        readings=panels.level_readings(lang),
        width=12,
        height=10,
        since="24h",
    )


def counts(lang: Language, scope: Scope) -> tuple[Panel, ...]:
    """Return how many devices are live, late and offline."""
    return (
        panels.count(lang, "live", words.LIVE, 2, panels.GOOD, scope),
        panels.count(lang, "late", words.LATE, 1, panels.ODD, scope),
        panels.count(lang, "offline", words.OFFLINE, 0, panels.BAD, scope),
    )


def readings_rate(lang: Language, kinds: Iterable[KindSpec], scope: Scope) -> Panel:
    """Return the readings a second, a stacked line for each kind."""
    queries = tuple(
        PanelQuery(influxql.readings_rate(kind, scope), lang.of(kind.label)) for kind in kinds
    )
    return Panel(
        "rate/kinds",
        Form.SERIES,
        lang.of(words.RATE),
        lang.of(words.SAID["rate_kind"]),
        queries,
        Unit.PER_SECOND,
        width=12,
        height=10,
        interval="10s",
        minimum=0,
        stacked=True,
    )


def batteries(lang: Language, kinds: Iterable[KindSpec], scope: Scope) -> Panel | None:
    """Return the charge of every device that has a battery."""
    charged = declaring(kinds, BATTERY)
    if not charged:
        return None
    return Panel(
        "batteries",
        Form.BAR_GAUGE,
        lang.of(words.BATTERY),
        lang.of(words.SAID["battery"]),
        tuple(
            PanelQuery(influxql.last(kind, field, scope), f"{panels.EACH} ({lang.of(kind.label)})")
            for kind, field in charged
        ),
        charged[0][1].unit,
        width=12,
        height=10,
        steps=panels.steps(charged[0][1]),
        minimum=0,
        maximum=100,
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


def plain(colour: str = panels.PLAIN) -> tuple[Threshold, ...]:
    """Return one colour for every value."""
    return (Threshold(None, colour),)
