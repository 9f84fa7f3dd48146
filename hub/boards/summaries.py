"""Panels of a kind as a whole: what the values of all its devices make together."""

from dataclasses import replace

from hub.boards import influxql, panels, words
from hub.boards.influxql import Scope
from hub.boards.model import Column, Form, Language, Panel, PanelQuery, Threshold
from schemas import Combine, FieldSpec, KindSpec, Unit


def telling(kind: KindSpec) -> FieldSpec | None:
    """Return the first number of a kind that means something for all its devices together."""
    return next((field for field in kind.fields if field.combine is not Combine.LAST), None)


def headline(lang: Language, kind: KindSpec, scope: Scope) -> Panel:
    """Return the panel of a kind as a whole.

    That is its first state, at each device, or its first number that all make together; else how
    many readings there were.
    """
    first = kind.fields[0]
    field = telling(kind) if first.numeric else first
    return replace(
        _readings(lang, kind, scope) if field is None else _headline(lang, kind, field, scope),
        width=4,
        height=5,
        interval=panels.least(kind),
        link=f"kind-{kind.name}",
    )


def _readings(lang: Language, kind: KindSpec, scope: Scope) -> Panel:
    name = lang.of(kind.label)
    return Panel(
        f"{kind.name}/headline",
        Form.STAT,
        f"{name} · {lang.of(words.READINGS)}",
        lang.of(words.SAID["readings"]),
        (PanelQuery(influxql.readings(kind, scope), name),),
        Unit.COUNT,
        steps=panels.known(Threshold(None, panels.PLAIN)),
    )


def _headline(lang: Language, kind: KindSpec, field: FieldSpec, scope: Scope) -> Panel:
    together = f" ({lang.of(words.COMBINED[field.combine])})" if field.numeric else ""
    query = (
        PanelQuery(influxql.combined(kind, field, scope), lang.of(kind.label))
        if field.numeric
        else PanelQuery(influxql.last(kind, field, scope), panels.EACH)
    )
    return Panel(
        f"{kind.name}/headline",
        Form.STAT,
        panels.title(lang, kind, field) + together,
        panels.about(lang, kind, field),
        (query,),
        field.unit,
        steps=panels.steps(field),
        readings=panels.readings(lang, field),
        words=not field.numeric,
    )


def spread(lang: Language, kind: KindSpec, scope: Scope) -> Panel | None:
    """Return the panel of the first number that all devices make together: its ends over time."""
    field = telling(kind)
    if field is None:
        return None
    ends = (Combine.MIN, Combine.MEAN, Combine.MAX)
    return Panel(
        f"{kind.name}/{field.name}/spread",
        Form.SERIES,
        panels.title(lang, kind, field),
        panels.about(lang, kind, field),
        (PanelQuery(influxql.spread(kind, field, scope), "$col"),),
        field.unit,
        steps=panels.limits(field),
        columns=tuple(Column(end.value, lang.of(words.COMBINED[end])) for end in ends),
        interval=panels.least(kind),
    )
