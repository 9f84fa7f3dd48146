"""Composes the boards from the catalogue and the zone. Pure."""

from collections.abc import Mapping

from hub.boards import influxql, panels, parts, words
from hub.boards.health import board as health
from hub.boards.model import Board, BoardRow, Form, Language, Panel, PanelQuery, Variable, uid
from hub.boards.overview import board as overview
from hub.event.zone import Zone
from schemas import Domain, Draw, KindSpec


def boards(kinds: Mapping[str, KindSpec], zone: Zone) -> list[Board]:
    """Return every board in both languages, in the order in which they are listed."""
    return [
        board
        for lang in Language
        for board in (
            overview(lang, kinds, zone),
            *(domain(lang, item, kinds) for item in domains(kinds)),
            booth(lang, kinds, zone),
            *(kind_board(lang, item) for item in kinds.values()),
            health(lang, kinds, zone),
        )
    ]


def domains(kinds: Mapping[str, KindSpec]) -> list[Domain]:
    """Return the domains that have a kind, in the order of their declaration."""
    used = {kind.domain for kind in kinds.values()}
    return [item for item in Domain if item in used]


def cycle(made: list[Board], lang: Language) -> list[str]:
    """Return the uids of the boards that the walls show in turn: the overview and each domain."""
    return [
        board.uid
        for board in made
        if board.language is lang and ("overview" in board.tags or "domain" in board.tags)
    ]


def domain(lang: Language, about: Domain, kinds: Mapping[str, KindSpec]) -> Board:
    """Return the board of a domain: a row for each of its kinds."""
    own = [kind for kind in kinds.values() if kind.domain is about]
    scope = influxql.BOOTH
    name = f"domain-{about.id.replace('_', '-')}"
    return Board(
        uid(name, lang),
        lang,
        lang.of(about.label),
        lang.of(words.SAID["domain"]),
        parts.tags(lang, "domain"),
        (
            BoardRow("now", lang.of(words.NOW), _domain_now(lang, own)),
            *(
                BoardRow(kind.name, lang.of(kind.label), parts.essence(lang, kind, scope))
                for kind in own
            ),
        ),
        variables=(parts.booth_variable(lang, only=("domain", about.id)),),
        annotations=(
            *parts.e_stops(lang, own, scope),
            parts.outages(lang, scope, ("domain", about.id)),
        ),
        links=parts.links(lang, name),
    )


def _domain_now(lang: Language, own: list[KindSpec]) -> tuple[Panel, ...]:
    scope = influxql.BOOTH
    more = (parts.batteries(lang, own, scope), panels.position(lang, own, scope))
    return (
        *parts.fill([panels.headline(lang, kind, scope) for kind in own]),
        *(panel for panel in more if panel is not None),
    )


def booth(lang: Language, kinds: Mapping[str, KindSpec], zone: Zone) -> Board:
    """Return the board of one booth at a time: all its devices, and a collapsed row for each kind.

    Panels that mix kinds show only those that the booth has; collapsed rows send no queries.
    """
    scope, own = influxql.DEVICE, list(kinds.values())
    shared = (
        parts.devices(lang, zone, own, scope),
        parts.changes(lang, scope),
        _headlines(lang, own),
        parts.batteries(lang, own, scope),
        parts.readings_rate(lang, own, scope),
    )
    chosen = parts.booth_variable(lang)
    one = Variable(chosen.name, chosen.label, chosen.query, multi=False)
    return Board(
        uid("booth", lang),
        lang,
        lang.of(words.BOOTH),
        lang.of(words.SAID["booth"]),
        parts.tags(lang, "booth"),
        (
            BoardRow(
                "now", lang.of(words.NOW), tuple(panel for panel in shared if panel is not None)
            ),
            *(
                BoardRow(kind.name, lang.of(kind.label), parts.essence(lang, kind, scope), True)
                for kind in own
            ),
        ),
        variables=(one, parts.device_variable(lang)),
        annotations=(*parts.e_stops(lang, own, scope), parts.outages(lang, scope)),
        links=parts.links(lang, "booth"),
    )


def _headlines(lang: Language, own: list[KindSpec]) -> Panel:
    """The first number of each kind, each with its own unit."""
    lead = [(kind, field) for kind in own for field in [f for f in kind.fields if f.numeric][:1]]
    return Panel(
        "headlines",
        Form.STAT,
        lang.of(words.HEADLINES),
        lang.of(words.SAID["headlines"]),
        tuple(
            PanelQuery(
                influxql.last(kind, field, influxql.DEVICE),
                f"$tag_device · {lang.of(field.label)}",
                field.unit,
            )
            for kind, field in lead
        ),
        steps=parts.plain(),
        width=24,
        height=6,
    )


def kind_board(lang: Language, kind: KindSpec) -> Board:
    """Return the detailed board of a kind: every field."""
    scope = influxql.DEVICE
    return Board(
        uid(f"kind-{kind.name}", lang),
        lang,
        lang.of(kind.label),
        kind.about if lang is Language.EN else f"{lang.of(kind.label)}의 모든 값입니다.",
        parts.tags(lang, "kind", kind.domain.id),
        tuple(row for row in _kind_rows(lang, kind, scope) if row.panels),
        variables=(
            parts.booth_variable(lang, kind.name),
            parts.device_variable(lang, kind.name),
        ),
        annotations=(
            *parts.e_stops(lang, [kind], scope),
            parts.outages(lang, scope, ("kind", kind.name)),
        ),
        links=parts.links(lang, f"kind-{kind.name}"),
    )


def _kind_rows(lang: Language, kind: KindSpec, scope: influxql.Scope) -> tuple[BoardRow, ...]:
    shown = {Draw.STAT, Draw.GAUGE}
    now = [panels.now(lang, kind, field, scope) for field in kind.fields if field.draw in shown]
    states = [
        panels.trend(lang, kind, field, scope)
        for field in kind.fields
        if field.draw is Draw.STATE and not field.numeric
    ]
    lines = [
        panels.trend(lang, kind, field, scope)
        for field in kind.fields
        if field.numeric and field.draw in {Draw.SERIES, Draw.GAUGE}
    ]
    where = panels.position(lang, [kind], scope)
    table = panels.latest(lang, kind, scope)
    return (
        BoardRow("now", lang.of(words.NOW), (*now, *([where] if where else []))),
        BoardRow("states", lang.of(words.STATES), tuple(states)),
        BoardRow("trends", lang.of(words.OVER_TIME), tuple(lines)),
        BoardRow("latest", lang.of(words.DEVICES), (table,)),
    )
