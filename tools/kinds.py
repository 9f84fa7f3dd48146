"""The page of the kinds, from the catalogue. Pure."""

import json
from collections.abc import Mapping

from schemas import FieldSpec, FieldType, KindSpec, kinds
from tools.text import as_json, code, fence, page, table

_TYPES = {
    FieldType.FLOAT: "number",
    FieldType.INTEGER: "whole number",
    FieldType.BOOLEAN: "true or false",
    FieldType.STRING: "text",
}

_INTRO = """\
For exhibitors: what each sort of device can say, field by field.

A kind is a sort of device. It is declared in one file under `schemas/`, and this page is made
from those files. `hub kinds show KIND` prints the fields of a kind, `hub kinds check KIND` checks
a message against it, and [add a kind](../how-to/add-a-kind.md) shows how to write one.

A reading is a JSON object with the fields of its kind. Types are strict: `"21.5"` is not a number.
A whole number is fine where a number is asked for. A field that is not *needed* may be left out or
be `null`. Each message may carry `ts`, the time of measurement: see [topics](topics.md#time)."""

_READ = """\
*Normal* is the band, or the value, outside which the wall says that the device needs attention;
it rejects nothing. *Range* does: a value outside it is rejected."""


def files(catalogue: Mapping[str, KindSpec] | None = None) -> dict[str, str]:
    """Return the page of all kinds, of `catalogue` if another one than the hub's is given."""
    found = list((kinds() if catalogue is None else catalogue).values())
    parts = [_INTRO, _overview(found), _READ, *(section(kind) for kind in found)]
    return {"docs/reference/kinds.md": page("kinds", "Kinds", *parts)}


def _overview(found: list[KindSpec]) -> str:
    head = ("kind", "English", "한국어", "domain", "a reading every")
    rows = [
        (
            f"[`{kind.name}`](#{kind.name})",
            kind.label.en,
            kind.label.ko,
            code(kind.domain.id),
            "event" if kind.event_driven else f"{kind.interval:g} s",
        )
        for kind in found
    ]
    return table(head, rows)


def section(kind: KindSpec) -> str:
    """Return the section of one kind."""
    facts = f"{kind.label.en}, {kind.label.ko}. Domain: `{kind.domain.id}`. " + (
        "Event-driven: its silence says nothing."
        if kind.event_driven
        else f"Expected every {kind.interval:g} s."
    )
    head = ("field", "English", "한국어", "type", "range", "unit", "needed", "normal")
    parts = [
        f"## {kind.name}",
        kind.about,
        facts,
        table(head, [_row(item) for item in kind.fields]),
        *_choices(kind),
        "An example:",
        as_json(dict(kind.example)),
        f"[Programs that send it](snippets.md#{kind.name}), in five languages.",
        "Where the ranges and units come from:",
        fence(kind.source, "text"),
    ]
    return "\n\n".join(parts)


def _row(item: FieldSpec) -> tuple[str, ...]:
    return (
        code(item.name),
        item.label.en,
        item.label.ko,
        _TYPES[item.type],
        _range(item),
        item.unit.symbol,
        "yes" if item.required else "",
        _normal(item),
    )


def _range(item: FieldSpec) -> str:
    if item.choices:
        return ", ".join(code(word) for word in item.choices)
    if item.max_length is not None:
        return f"one line, up to {item.max_length} characters"
    if item.minimum is None or item.maximum is None:
        return ""
    return f"{_plain(item.minimum)} to {_plain(item.maximum)}"


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _normal(item: FieldSpec) -> str:
    if item.alarm:
        return "not " + ", ".join(code(json.dumps(value).strip('"')) for value in item.alarm)
    low, high = item.normal or (None, None)
    if low is not None and high is not None:
        return f"{_plain(low)} to {_plain(high)}"
    if low is not None:
        return f"{_plain(low)} or more"
    return f"{_plain(high)} or less" if high is not None else ""


def _choices(kind: KindSpec) -> list[str]:
    rows = [
        (code(item.name), code(word), label.en, label.ko)
        for item in kind.fields
        for word, label in (item.choices or (item.words and item.words._asdict()) or {}).items()
    ]
    return [table(("field", "word", "English", "한국어"), rows)] if rows else []
