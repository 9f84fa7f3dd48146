"""Drafts of a dialect's message, checked: what is left out, what is wrong, what is used. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from hub.dialects.dialect import SHOWN_USES, Draft, Piece
from hub.messages import Fault, Note, Reading, Use
from hub.pipeline import notes
from hub.pipeline.field_faults import fault, printable
from hub.pipeline.validators import Codec
from hub.topics import Address
from schemas import Label

_LONGEST_PLACE = 128
_OUTSIDE = frozenset({"less_than_equal", "greater_than_equal"})


class Checked(NamedTuple):
    """A draft that was checked: its reading if it has a valid one, else the faults.

    `outside` says of the fields that were not taken why.
    """

    draft: Draft
    reading: Reading | None
    address: Address
    faults: Sequence[Fault] = ()
    outside: Mapping[str, Label] = MappingProxyType({})


def left_out(
    draft: Draft, codec: Codec, given: Mapping[str, Any], errors: list[Any]
) -> tuple[dict[str, Any], list[Note], dict[str, Label], list[Fault]]:
    """Leave out what may be; return the fields left, the notes, why each is out, and the faults."""
    left, told = dict(given), list[Note]()
    outside, faults = dict[str, Label](), list[Fault]()
    for error in errors:
        name = error["loc"][0]
        found = fault(codec.kind.field(name), error)
        outside[name] = found.message
        if error["type"] in _OUTSIDE and name in codec.optional:
            told.append(notes.out_of_range(codec.kind, error))
        else:
            faults.append(replace(found, field=short(draft.places[name])))
        del left[name]
    fields = {} if faults else codec.partial(left)
    if not fields and not faults:  # nothing is left
        faults = [_at_place(draft, codec, error) for error in errors]
    return fields, told, outside, faults


def uses_of(checked: Sequence[Checked], unused: Sequence[Piece]) -> tuple[Use, ...]:
    """Return what became of each part of a message."""
    found = list[Use]()
    for item in checked:
        kind, kept = item.address.kind, set[str]()
        if item.reading is not None:
            kept = {*item.reading.fields, *item.reading.remarks.cleared}
        for name, value in item.draft.fields.items():
            why = item.outside.get(name)
            taken = name in kept
            place = item.draft.places[name]
            found.append(Use(short(place), printable(value), kind, name if taken else "", why))
        found += [
            Use(short(part.place), printable(part.value), kind, "", part.why)
            for part in (*item.draft.faults, *item.draft.left)
        ]
    found += [Use(short(part.place), printable(part.value), why=part.why) for part in unused]
    return tuple(found[:SHOWN_USES])


def fault_of(part: Piece) -> Fault:
    """Return the fault of a part that its dialect could not convert."""
    assert part.why is not None
    return Fault(short(part.place or part.field), part.why, printable(part.value))


def _at_place(draft: Draft, codec: Codec, error: Mapping[str, Any]) -> Fault:
    found = fault(codec.kind.field(error["loc"][0]), error)
    return replace(found, field=short(draft.places[found.field]))


def short(text: str) -> str:
    """Return a place or a name as it is shown: those of a payload may be as long as all of it."""
    return text if len(text) <= _LONGEST_PLACE else f"{text[: _LONGEST_PLACE - 1]}…"
