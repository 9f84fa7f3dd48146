"""Forms: how payloads with the same fields again and again are read, the quickest way. Pure.

A device sends the same fields each time. For those msgspec compiles a reader that takes 0.4 µs for
seven of them, where pydantic's validator takes 1.7 and leaves more in memory. It only takes what
pydantic takes, and with the same values; whatever it does not take is for pydantic to judge.
"""

from collections.abc import Callable
from math import ceil, floor
from operator import itemgetter
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from hub.limits.fair import FairMap
from schemas import FieldSpec, FieldType, KindSpec

FORMS = 64
"""Forms of a kind that are remembered: each takes 3 KB, and to make it takes 80 µs."""
SAME, ALIKE = 10, 2
"""Payloads with the same fields, of a booth's devices of a kind, after which these have a form; and
those of one device in a row after which it is read by it (`SAME` again for one that differed)."""
_ASKED = 1_024
"""Combinations of a kind's fields whose payloads are counted, of all booths together."""
ABSENT = msgspec.UNSET
"""The `ts` of a payload that has none."""
UNREADABLE = (ValueError, RecursionError)
"""What a form raises for a payload that it does not take."""
_ONE_LINE = r"\A[^\x00-\x1f\x7f]*\Z"  # Python's $ also matches before a line break

values_of: Callable[[Any], tuple[Any, ...]] = msgspec.structs.astuple
"""Return the values that a form read, in the order of its names, and `ts` after them."""


class PayloadForm(NamedTuple):
    """How payloads with the fields `names` are read, those and perhaps `ts` and no others.

    `size` is their number, `header` that of their rows (`hub.stores.rows`); `position` returns
    latitude and longitude of a row, if both are among them.
    """

    read: Callable[[bytes], Any]
    names: tuple[str, ...]
    size: int
    header: bytes
    position: Callable[[tuple[Any, ...]], tuple[Any, Any]] | None


class Forms:
    """The forms of a kind; when there are more, the booth that has most loses its oldest."""

    def __init__(self, kind: KindSpec) -> None:
        self._fields = {spec.name: spec for spec in kind.fields}
        self._forms = FairMap[tuple[str, ...], PayloadForm](FORMS)
        self._asked = FairMap[tuple[str, tuple[str, ...]], int](_ASKED)

    def of(self, booth: str, names: tuple[str, ...], header: bytes) -> PayloadForm | None:
        """Return the form of these of the kind's fields, which a device of `booth` sent.

        There is none before devices of the booth asked for it often.
        """
        form = self._forms.get(names)
        if form is None:
            asked = (self._asked.pop(booth, (booth, names)) or 0) + 1
            if asked <= SAME - ALIKE:
                self._asked.add(booth, (booth, names), asked)
            else:
                form = self._made(names, header)
                self._forms.add(booth, names, form)
        return form

    def _made(self, names: tuple[str, ...], header: bytes) -> PayloadForm:
        # The attributes are numbered, because a field may have the name of a Python keyword.
        fields = [
            (f"_{place}", _type(self._fields[name]), msgspec.field(name=name))
            for place, name in enumerate(names)
        ]
        struct = msgspec.defstruct(
            "Fields", [*fields, ("ts", Any, ABSENT)], forbid_unknown_fields=True, gc=False
        )
        read = msgspec.json.Decoder(struct).decode
        both = "latitude" in names and "longitude" in names
        row = ("booth", "device", *names)
        places = (row.index("latitude"), row.index("longitude")) if both else ()
        return PayloadForm(read, names, len(names), header, itemgetter(*places) if both else None)


def _type(spec: FieldSpec) -> Any:
    if spec.choices is not None:
        return Literal[tuple(spec.choices)]
    if spec.type is FieldType.BOOLEAN:
        return bool
    if spec.type is FieldType.STRING:
        return Annotated[str, msgspec.Meta(max_length=spec.max_length, pattern=_ONE_LINE)]
    assert spec.minimum is not None
    assert spec.maximum is not None
    if spec.type is FieldType.INTEGER:
        return Annotated[int, msgspec.Meta(ge=ceil(spec.minimum), le=floor(spec.maximum))]
    return Annotated[float, msgspec.Meta(ge=spec.minimum, le=spec.maximum)]
