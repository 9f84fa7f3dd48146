"""Full validation: reads field by field what the quick validator rejects. Pure.

Null, padding, many undeclared fields, numbers outside their range, errors: such a message may still
be a reading, with notes on what was left out, or it is rejected with the reason.
"""

from collections.abc import Mapping
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

from pydantic_core import ValidationError, from_json

from hub.dialects.parsing.payload import PADDING
from hub.messages import PLAIN, Rejection, Remarks
from hub.pipeline import notes, rejections
from hub.pipeline.rejections import MAX_PAYLOAD, MAX_VALUES, Where
from hub.pipeline.validators import Codec

TOO_MANY = f"more than {MAX_VALUES} values"
"""What stands for the names of the unknown fields in the warning where there are so many."""
USUAL = 1024
"""Bytes of payload up to which the quick validator is the quickest whatever they hold: it makes
all of what a kind does not declare, and on a fault copies it for each field that is missing."""
OPENS = ord("{")
ENDS = (b"}", b"}\n", b"}\r\n")
"""How a payload without padding ends; a line break is how shells end a text."""
_RANGE = frozenset({"less_than_equal", "greater_than_equal"})
IGNORED_NAMES = 10
IGNORED_LENGTH = 48


class Found(NamedTuple):
    """The fields and the `ts` of a payload, and what is unusual about it."""

    fields: dict[str, Any]
    remarks: Remarks


def validate_fully(codec: Codec, where: Where) -> Found | Rejection:
    """Validate what the quick validator rejects: null, padding, many undeclared fields, errors.

    Only the kind's own fields are validated, and of the others only a few names are kept:
    measured, the worst of `MAX_PAYLOAD` takes 1.4 ms.
    """
    payload = where.payload
    if len(payload) > MAX_PAYLOAD:
        return rejections.too_large(where)
    text, remarks = payload, PLAIN
    if not payload or payload[0] != OPENS or not payload.endswith(ENDS):
        text = payload.strip(PADDING)
        if text and payload not in (text, text + b"\n", text + b"\r\n"):
            remarks = Remarks((notes.padding(payload, text),))
    if len(text) > USUAL and (values := _values(text)) > MAX_VALUES:
        return _among_many(codec, values, where, text)
    try:
        said = from_json(text, cache_strings=False)
    except ValueError as exc:
        return rejections.not_json(str(exc), where)
    if not isinstance(said, dict):
        return rejections.no_object(codec.kind, said, where)
    if text.count(b'":') != len(said) and (repeated := notes.repeated(text)):
        remarks = remarks.with_notes(repeated)
    return _of_object(codec, said, remarks, where)


def _of_object(
    codec: Codec, said: dict[str, Any], remarks: Remarks, where: Where
) -> Found | Rejection:
    """Validate the kind's own fields in an object, and leave out what may be."""
    own = {name: said[name] for name in codec.types if name in said}
    try:
        fields: dict[str, Any] = codec.full(own)[0]
    except ValidationError as exc:
        errors: list[Any] = exc.errors(include_url=False)
        outside = [error for error in errors if _can_be_left_out(codec, error, where.payload)]
        for error in outside:
            del own[error["loc"][0]]
        if len(outside) < len(errors) or not own:
            return rejections.invalid(codec.kind, errors, said, where)
        remarks = remarks.with_notes(*[notes.out_of_range(codec.kind, error) for error in outside])
        fields = codec.full(own)[0]
    found = {name: value for name, value in fields.items() if value is not None}
    cleared = tuple(name for name in own if name not in found)
    # A name of a field is never longer than what is shown of a stranger's.
    others = (
        name[: IGNORED_LENGTH + 1] for name in said if name not in codec.types and name != "ts"
    )
    found |= dict.fromkeys(islice(others, IGNORED_NAMES))
    if "ts" in said:
        found["ts"] = said["ts"]
    return Found(found, remarks._replace(cleared=cleared) if cleared else remarks)


def _can_be_left_out(codec: Codec, error: Mapping[str, Any], payload: bytes) -> bool:
    """Whether an error is an optional number outside its range, which does not cost the rest.

    So is a number that no float holds, like 1e400; `Infinity` and `NaN` are not numbers in JSON.
    """
    if error["loc"][0] not in codec.optional:
        return False
    given = error["input"]
    if isinstance(given, float) and not isfinite(given):
        return not (b"Infinity" in payload or b"NaN" in payload)
    return error["type"] in _RANGE or (type(given) is int and error["type"] == "float_type")


def _among_many(codec: Codec, values: int, where: Where, text: bytes) -> Found | Rejection:
    """Read the kind's own fields from a payload with far too many others, if they are valid."""
    try:
        fields: dict[str, Any] = codec.own(text)[0]
    except ValidationError:
        fields = {}
    found = {name: value for name, value in fields.items() if value is not None}
    if found.keys() - {"ts"}:
        return Found(found | {TOO_MANY: None}, PLAIN)
    try:  # the beginning may show that it is not JSON: [[[[[[[[…
        from_json(text[:USUAL].decode(errors="ignore"), cache_strings=False)
    except ValueError as exc:
        if not str(exc).startswith("EOF"):
            return rejections.not_json(str(exc), where)
    return rejections.too_many(values, where)


def _values(payload: bytes) -> int:
    """The approximate number of values in a JSON payload, not counting text within strings."""
    found = _marks(payload)
    if found <= MAX_VALUES:
        return found
    unescaped = payload.replace(b"\\\\", b"").replace(b'\\"', b"")
    return _marks(b"".join(unescaped.split(b'"')[::2]))


def _marks(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")
