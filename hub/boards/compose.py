"""Composes the boards from the catalogue and the zone. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from hub.boards import influxql, panels, shared, summaries, words
from hub.boards.health import board as health
from hub.boards.model import Board, BoardRow, Form, Language, Panel, PanelQuery, Variable, uid
from hub.boards.overview import board as overview
from hub.event.zone import Zone
from hub.stores.store import DEVICE_STATE
from schemas import Domain, Draw, KindSpec, Unit


def boards(kinds: Mapping[str, KindSpec], zone: Zone) -> list[Board]:
    """Return every board in both languages, in the order in which they are listed."""
    return [
        replace(board, timezone=zone.event.timezone)
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
    return [board.uid for board in made if board.language is lang and board.wall]


def domain(lang: Language, about: Domain, kinds: Mapping[str, KindSpec]) -> Board:
    """Return the board of a domain: what a wall shows, then a closed row for each of its kinds."""
    own = [kind for kind in kinds.values() if kind.domain is about]
    scope = influxql.BOOTH
    name = shared.domain_name(about)
    return Board(
        uid(name, lang),
        lang,
        lang.of(about.label),
        lang.of(words.SAID["domain"]),
        shared.tags(lang, "domain"),
        (
            BoardRow("now", "", _domain_now(lang, own)),
            *(
                BoardRow(kind.name, lang.of(kind.label), shared.essence(lang, kind, scope), True)
                for kind in own
            ),
        ),
        variables=(shared.booth_variable(lang, only=("domain", about.id)),),
        annotations=(
            *shared.e_stops(lang, own, scope),
            shared.outages(lang, scope, ("domain", about.id)),
        ),
        links=shared.links(lang, name),
    )


_LARGE = 6
"""Panels below the headlines of a domain, in lines of three: more would not be read on a wall."""
_LINE = 6
"""Headlines in a line."""


def _domain_now(lang: Language, own: list[KindSpec]) -> tuple[Panel, ...]:
    scope = influxql.BOOTH
    heads = [summaries.headline(lang, kind, scope) for kind in own]
    more = (
        panels.position(lang, own, scope),
        shared.batteries(lang, own, scope),
        *(summaries.spread(lang, kind, scope) for kind in own),
    )
    shown = list(islice((panel for panel in more if panel is not None), _LARGE))
    return (*_lines(heads, _LINE, 5), *_lines(shown, 3, 7))


def _lines(standing: list[Panel], most: int, height: int) -> tuple[Panel, ...]:
    """Panels in as few full lines as there must be, each of about as many."""
    lines = -(-len(standing) // most)
    each = -(-len(standing) // max(lines, 1))
    return tuple(
        replace(panel, height=height)
        for first in range(0, len(standing), max(each, 1))
        for panel in shared.fill(standing[first : first + each])
    )


def booth(lang: Language, kinds: Mapping[str, KindSpec], zone: Zone) -> Board:
    """Return the board of one booth at a time: its devices, and a table for each kind it has."""
    scope, own = influxql.DEVICE, list(kinds.values())
    in_common = (
        shared.devices(lang, zone, own, scope),
        shared.changes(lang, scope),
        _rejections(lang),
        shared.batteries(lang, own, scope),
    )
    chosen = shared.booth_variable(lang)
    has = Variable(
        "kind", lang.of(words.KIND), influxql.tag_values(DEVICE_STATE.name, "kind", influxql.BOOTH)
    )
    return Board(
        uid("booth", lang),
        lang,
        lang.of(words.BOOTH),
        lang.of(words.SAID["booth"]),
        shared.tags(lang, "booth"),
        (
            BoardRow("now", "", tuple(panel for panel in in_common if panel is not None)),
            BoardRow("kinds", lang.of(words.LATEST), (_kind_table(lang, own),)),
        ),
        variables=(replace(chosen, multi=False), has, shared.device_variable(lang)),
        annotations=(*shared.e_stops(lang, own, scope), shared.outages(lang, scope)),
        links=shared.links(lang, "booth"),
    )


def _rejections(lang: Language) -> Panel:
    return Panel(
        "rejections",
        Form.SERIES,
        lang.of(words.COUNTERS["rejected"]),
        lang.of(words.SAID["rejected_by"]),
        (PanelQuery(influxql.rejections(influxql.BOOTH, "code"), "$tag_code"),),
        Unit.COUNT,
        width=12,
        minimum=0,
        steps=shared.plain(),
        interval="10s",
    )


def _kind_table(lang: Language, own: list[KindSpec]) -> Panel:
    """The newest values of the booth's devices of one kind; it stands once for each of its kinds.

    Of a field that several kinds declare, it says only what they have in common.
    """
    return Panel(
        "kind/latest",
        Form.TABLE,
        "$kind",
        lang.of(words.SAID["latest"]),
        (PanelQuery(influxql.everything(influxql.DEVICE)),),
        columns=(*panels.device_columns(lang), *panels.shared_columns(lang, own)),
        width=24,
        height=6,
        repeat="kind",
    )


def kind_board(lang: Language, kind: KindSpec) -> Board:
    """Return the detailed board of a kind: every field."""
    scope = influxql.DEVICE
    return Board(
        uid(f"kind-{kind.name}", lang),
        lang,
        lang.of(kind.label),
        kind.about if lang is Language.EN else f"{lang.of(kind.label)}의 모든 값입니다.",
        shared.tags(lang, "kind", kind.domain.id),
        tuple(row for row in _kind_rows(lang, kind, scope) if row.panels),
        variables=(
            shared.booth_variable(lang, kind.name),
            shared.device_variable(lang, kind.name),
        ),
        annotations=(
            *shared.e_stops(lang, [kind], scope),
            shared.outages(lang, scope, ("kind", kind.name)),
        ),
        links=shared.links(lang, f"kind-{kind.name}"),
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
