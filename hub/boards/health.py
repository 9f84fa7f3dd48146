"""The board of the hub's health: its accounts, its outbox, its devices."""

from collections.abc import Mapping

from hub.boards import influxql, panels, shared, words
from hub.boards.model import Board, BoardRow, Form, Language, Panel, PanelQuery, Threshold, uid
from hub.boards.overview import pace
from hub.event.zone import Zone
from schemas import KindSpec, Label, Unit

_FLOW = ("received", "accepted", "rejected", "duplicate", "ignored")
_ACCOUNTS = (*_FLOW, "stored", "merged", "waiting", "refused")
_DEVICES = ("devices_live", "devices_late", "devices_offline")


def board(lang: Language, kinds: Mapping[str, KindSpec], zone: Zone) -> Board:
    """Return the board of the hub's health."""
    return Board(
        uid("health", lang),
        lang,
        lang.of(words.HEALTH),
        lang.of(words.SAID["health"]),
        shared.tags(lang, "health"),
        (
            BoardRow("now", lang.of(words.NOW), (shared.counts(lang), pace(lang))),
            BoardRow("accounts", lang.of(words.ACCOUNTS), _accounts(lang)),
            BoardRow("rejections", lang.of(words.COUNTERS["rejected"]), _by_booth(lang)),
            BoardRow("outbox", lang.of(words.OUTBOX), _outbox(lang)),
            BoardRow(
                "devices",
                lang.of(words.DEVICES),
                (
                    _over_time(lang, "devices", _DEVICES, words.SAID["count"], Unit.COUNT),
                    shared.devices(lang, zone, kinds.values(), influxql.ALL),
                    shared.changes(lang, influxql.ALL),
                ),
            ),
        ),
        annotations=(shared.outages(lang, influxql.ALL),),
        links=shared.links(lang, "health"),
        since="now-3h",
        refresh="10s",
    )


def _accounts(lang: Language) -> tuple[Panel, ...]:
    flow = Panel(
        "hub/flow",
        Form.SERIES,
        lang.of(words.ACCOUNTS),
        lang.of(words.SAID["flow"]),
        tuple(
            PanelQuery(influxql.counter_rate(name), lang.of(words.COUNTERS[name])) for name in _FLOW
        ),
        Unit.PER_SECOND,
        width=24,
        minimum=0,
        steps=shared.plain(),
        interval="10s",
    )
    return (*(_total(lang, name) for name in _ACCOUNTS), flow)


def _total(lang: Language, name: str) -> Panel:
    label, said = words.COUNTERS[name], words.SAID.get(name, words.SAID["counters"])
    return Panel(
        f"hub/total/{name}",
        Form.STAT,
        lang.of(label),
        lang.of(said),
        (PanelQuery(influxql.counter(name), lang.of(label)),),
        Unit.COUNT,
        width=3,
        height=4,
        steps=panels.known(Threshold(None, panels.GOOD), Threshold(1, panels.BAD))
        if name == "refused"
        else panels.known(Threshold(None, panels.PLAIN)),
    )


def _outbox(lang: Language) -> tuple[Panel, ...]:
    waiting, size = words.SAID["waiting"], words.SAID["outbox"]
    return (
        _over_time(lang, "waiting", ("waiting",), waiting, Unit.COUNT),
        _over_time(lang, "outbox", ("outbox_bytes",), size, Unit.BYTE),
        _over_time(lang, "lag", ("lag_ms",), words.SAID["lag"], Unit.MILLISECOND),
        _over_time(lang, "refused", ("refused",), words.SAID["refused"], Unit.COUNT),
    )


def _by_booth(lang: Language) -> tuple[Panel, ...]:
    rejected, surplus = words.COUNTERS["rejected"], words.SURPLUS
    by_code = PanelQuery(
        influxql.rejections(influxql.ALL, "booth", "code"), "$tag_booth · $tag_code"
    )
    by_outcome = PanelQuery(influxql.surplus(), "$tag_booth · $tag_outcome")
    return (
        _counted(lang, "rejected", rejected, words.SAID["rejected_by"], by_code),
        _counted(lang, "surplus", surplus, words.SAID["surplus"], by_outcome),
    )


def _counted(lang: Language, key: str, label: Label, said: Label, query: PanelQuery) -> Panel:
    return Panel(
        f"hub/{key}",
        Form.SERIES,
        lang.of(label),
        lang.of(said),
        (query,),
        Unit.COUNT,
        width=12,
        minimum=0,
        steps=shared.plain(),
        interval="10s",
    )


def _over_time(lang: Language, key: str, names: tuple[str, ...], said: Label, unit: Unit) -> Panel:
    label = words.COUNTERS[names[0]] if len(names) == 1 else words.DEVICES
    return Panel(
        f"hub/{key}/trend",
        Form.SERIES,
        lang.of(label),
        lang.of(said),
        tuple(
            PanelQuery(influxql.counter_trend(name), lang.of(words.COUNTERS[name]))
            for name in names
        ),
        unit,
        width=6 if len(names) == 1 else 24,
        minimum=0,
        steps=shared.plain(),
        interval="10s",
    )
