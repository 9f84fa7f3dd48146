"""The overview of the zone for a wall: 24 rows of the grid, which a screen shows at once."""

from collections.abc import Mapping
from dataclasses import replace

from hub.boards import influxql, panels, shared, words
from hub.boards.model import Board, BoardRow, Column, Form, Language, Panel, PanelQuery, uid
from hub.boards.model import Threshold as Step
from hub.event.zone import Zone
from schemas import Domain, KindSpec, Unit


def board(lang: Language, kinds: Mapping[str, KindSpec], zone: Zone) -> Board:
    """Return the overview: how many, which domain, where, what state, what is rejected."""
    own = list(kinds.values())
    event = lang.of(zone.event.label())
    return Board(
        uid("overview", lang),
        lang,
        f"{event} · {lang.of(words.OVERVIEW)}",
        lang.of(words.SAID["overview"]),
        shared.tags(lang, "overview"),
        (BoardRow("now", "", _panels(lang, own, zone)),),
        annotations=(
            *shared.e_stops(lang, own, influxql.ALL),
            shared.outages(lang, influxql.ALL),
        ),
        links=shared.links(lang, "overview"),
    )


def _panels(lang: Language, own: list[KindSpec], zone: Zone) -> tuple[Panel, ...]:
    where = panels.position(lang, own, influxql.ALL, layers=False)
    charge = shared.batteries(lang, own, influxql.ALL, zone)
    states = replace(shared.devices(lang, zone, own, influxql.ALL), height=9)
    low = [shared.rejections(lang, zone), _accepted(lang), *([charge] if charge else [])]
    return (
        shared.counts(lang),
        pace(lang),
        _domains(lang, own),
        *shared.fill([replace(where, height=9), states] if where else [states]),
        *(replace(panel, height=6) for panel in shared.fill(low)),
    )


def pace(lang: Language) -> Panel:
    """Return the rates of readings and rejections, and the backlog, from the hub's own rows."""
    rate, waiting, rejected = words.RATE, words.COUNTERS["waiting"], words.REJECTIONS
    good = Step(None, panels.GOOD)
    return Panel(
        "hub/pace",
        Form.STAT,
        lang.of(words.HUB),
        lang.of(words.SAID["pace"]),
        (
            PanelQuery(
                influxql.counter_rate("accepted"),
                lang.of(rate),
                panels.known(Step(None, panels.PLAIN)),
            ),
            PanelQuery(
                influxql.counter_trend("waiting"),
                lang.of(waiting),
                panels.known(good, Step(1_000, panels.ODD), Step(100_000, panels.BAD)),
            ),
            PanelQuery(
                influxql.counter_rate("rejected", "1m"),
                lang.of(rejected),
                panels.known(good, Step(1, panels.ODD), Step(60, panels.BAD)),
            ),
        ),
        Unit.COUNT,
        width=12,
        height=5,
        since=shared.HUB_SINCE,
        interval="10s",
    )


def _domains(lang: Language, own: list[KindSpec]) -> Panel:
    used = {kind.domain for kind in own}
    shown = [item for item in Domain if item in used]
    colours = (Step(None, panels.BAD), Step(50, panels.ODD), Step(90, panels.GOOD))
    return Panel(
        "domains",
        Form.STAT,
        lang.of(words.LIVE_SHARE),
        lang.of(words.SAID["live_share"]),
        (PanelQuery(influxql.live_share(influxql.ALL), "$tag_domain"),),
        Unit.PERCENT,
        width=24,
        height=4,
        steps=panels.known(*colours),
        columns=tuple(
            Column(item.id, lang.of(item.label), link=shared.domain_name(item)) for item in shown
        ),
        since=shared.STATES_SINCE,
    )


def _accepted(lang: Language) -> Panel:
    return Panel(
        "hub/accepted",
        Form.SERIES,
        lang.of(words.RATE),
        lang.of(words.SAID["rate"]),
        (PanelQuery(influxql.counter_rate("accepted"), lang.of(words.RATE)),),
        Unit.PER_SECOND,
        minimum=0,
        steps=shared.plain(),
        interval="10s",
    )
