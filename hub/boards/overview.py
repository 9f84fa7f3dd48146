"""The overview board of the zone: its devices, its rates, and a row for each domain."""

from collections.abc import Mapping
from dataclasses import replace

from hub.boards import influxql, panels, parts, words
from hub.boards.model import (
    COLUMNS,
    Board,
    BoardRow,
    Form,
    Language,
    Panel,
    PanelQuery,
    Threshold,
    uid,
)
from hub.event.zone import Zone
from schemas import Domain, KindSpec, Unit

_HEAD = 6
"""Columns of a headline where there is room."""


def board(lang: Language, kinds: Mapping[str, KindSpec], zone: Zone) -> Board:
    """Return the overview."""
    own = list(kinds.values())
    event = lang.of(zone.event.label())
    return Board(
        uid("overview", lang),
        lang,
        f"{event} · {lang.of(words.OVERVIEW)}",
        lang.of(words.SAID["overview"]),
        parts.tags(lang, "overview"),
        (
            BoardRow("now", lang.of(words.NOW), (*parts.counts(lang, influxql.ALL), *pace(lang))),
            *_domains(lang, own),
            BoardRow("devices", lang.of(words.DEVICES), _devices(lang, own, zone)),
        ),
        annotations=(
            *parts.e_stops(lang, own, influxql.ALL),
            parts.outages(lang, influxql.ALL),
        ),
        links=parts.links(lang, "overview"),
    )


def pace(lang: Language) -> tuple[Panel, ...]:
    """Return the rates of readings and rejections, and the backlog, from the hub's own rows."""
    return (
        Panel(
            "hub/rate",
            Form.STAT,
            lang.of(words.RATE),
            lang.of(words.SAID["rate"]),
            (PanelQuery(influxql.counter_rate("accepted"), lang.of(words.RATE)),),
            Unit.PER_SECOND,
            width=4,
            height=4,
            steps=parts.plain(),
            interval="10s",
        ),
        Panel(
            "hub/waiting",
            Form.STAT,
            lang.of(words.COUNTERS["waiting"]),
            lang.of(words.SAID["waiting"]),
            (PanelQuery(influxql.counter_trend("waiting"), lang.of(words.COUNTERS["waiting"])),),
            Unit.COUNT,
            width=4,
            height=4,
            steps=(
                Threshold(None, panels.GOOD),
                Threshold(1_000, panels.ODD),
                Threshold(100_000, panels.BAD),
            ),
            interval="10s",
        ),
        Panel(
            "hub/rejections",
            Form.STAT,
            lang.of(words.REJECTIONS),
            lang.of(words.SAID["rejections"]),
            (PanelQuery(influxql.counter_rate("rejected", "1m"), lang.of(words.REJECTIONS)),),
            Unit.COUNT,
            width=4,
            height=4,
            steps=(
                Threshold(None, panels.GOOD),
                Threshold(1, panels.ODD),
                Threshold(60, panels.BAD),
            ),
            interval="10s",
        ),
    )


def _domains(lang: Language, own: list[KindSpec]) -> tuple[BoardRow, ...]:
    """One row for each domain."""
    by_domain = {item: [kind for kind in own if kind.domain is item] for item in Domain}
    return tuple(
        BoardRow(item.id, lang.of(item.label), _doing(lang, mine))
        for item, mine in by_domain.items()
        if mine
    )


def _doing(lang: Language, mine: list[KindSpec]) -> tuple[Panel, ...]:
    """Each kind's headline, and where few kinds leave room, the first number over time."""
    heads = [panels.headline(lang, kind, influxql.ALL) for kind in mine]
    lead = next(((kind, field) for kind in mine for field in kind.fields if field.numeric), None)
    if len(heads) * _HEAD > COLUMNS - _HEAD or lead is None:
        return parts.fill(heads)
    trend = replace(
        panels.trend(lang, *lead, influxql.ALL),
        title=panels.title(lang, *lead),
        width=COLUMNS - len(heads) * _HEAD,
        height=heads[0].height,
    )
    return (*parts.fill(heads, len(heads) * _HEAD), trend)


def _devices(lang: Language, own: list[KindSpec], zone: Zone) -> tuple[Panel, ...]:
    where = panels.position(lang, own, influxql.ALL)
    return (
        parts.readings_rate(lang, own, influxql.ALL),
        *([where] if where else []),
        parts.devices(lang, zone, own, influxql.ALL),
        parts.changes(lang, influxql.ALL),
    )
