"""Decoding: a topic and a payload become a verdict. Pure: no clock, no I/O, no randomness.

Of earlier messages it only knows what saves work, and the times of each device's latest readings.

This is the hot path. A message of a known device costs one look-up, one validation by
pydantic-core, and one serialisation by orjson; `make bench` measures it.
"""

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple

import orjson
from pydantic_core import ValidationError, from_json

from hub import timestamps, topics
from hub.dialects.parsing.payload import PADDING
from hub.limits.fair import FairMap
from hub.messages import PLAIN, Note, Reading, Rejection, Remarks, Status, Translated
from hub.pipeline import notes, rejections
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.dialect_devices import RECENT
from hub.pipeline.dialect_routes import Dialects
from hub.pipeline.rejections import MAX_PAYLOAD, MAX_VALUES, Where
from hub.pipeline.translate import Translator
from hub.pipeline.validators import Codec
from hub.timestamps import AHEAD, BEHIND
from hub.topics import Address
from schemas import KindSpec

ROUTES = 20_000
"""Topics remembered; when there are more, the booth with the most loses its oldest."""
TOO_MANY = f"more than {MAX_VALUES} values"
"""What stands for the names of the unknown fields in the warning where there are so many."""
_SHAPES = 8
_USUAL = 1024
"""Bytes of payload up to which the quick validator is the quickest whatever they hold: it makes
all of what a kind does not declare, and on a fault copies it for each field that is missing."""
_ONLINE = {"online": True, "offline": False}
_PADDING = " \t\r\n\v\f\0"
"""What may surround a status: shells add line breaks, C programs the end of a string."""
_OPENS = ord("{")
_ENDS = b"}\n"
"""How a payload without padding ends; a line break is how shells end a text."""
_RANGE = frozenset({"less_than_equal", "greater_than_equal"})
_ABSENT = object()
_IGNORED_NAMES = 10
_IGNORED_LENGTH = 48

Verdict = Reading | Rejection | Status | Translated | None
"""The verdict on a message; None is an ignored one, which needs no answer."""

_new = tuple.__new__
_json = orjson.dumps


class _Shape(NamedTuple):
    """The field names of a payload, and what is derived from them.

    `header` is that of its rows (`hub.stores.rows`), empty when no name is the kind's. `ignored`
    are the names that the kind does not declare, `notes` what is to be said of them.
    """

    header: bytes
    ignored: tuple[str, ...]
    notes: tuple[Note, ...]


class _Found(NamedTuple):
    """The fields and the `ts` of a payload, and what is unusual about it."""

    fields: dict[str, Any]
    remarks: Remarks


class _Route:
    """A known device: its address and its kind."""

    __slots__ = (
        *("address", "booth", "codec", "device", "has_position"),
        *("newest", "recent", "shapes", "validate"),
    )

    def __init__(self, address: Address, codec: Codec) -> None:
        self.address = address
        self.codec = codec
        self.validate = codec.quick
        self.has_position = codec.has_position
        self.booth, self.device = address.booth, address.device  # of a tuple it is slower
        self.shapes: dict[tuple[str, ...], _Shape] = {}
        self.newest = 0
        self.recent = deque[int](maxlen=RECENT)

    def shape(self, names: tuple[str, ...]) -> _Shape:
        """Return the shape of a payload with `names`, remembered for the next one like it."""
        types = self.codec.types
        known = [name for name in names if name in types]
        ignored = tuple(name for name in names if name not in types)
        said = notes.of_ignored(self.codec.kind, ignored, known) if ignored else ()
        shape = _Shape(self.codec.header(known) if known else b"", ignored, said)
        if sum(map(len, ignored)) <= _IGNORED_NAMES * _IGNORED_LENGTH:
            # Few and short: unknown field names must not fill the memory.
            if len(self.shapes) >= _SHAPES:
                self.shapes.clear()
            self.shapes[names] = shape
        return shape


class Decoder:
    """Turns messages under `root` into verdicts, by the declarations of `kinds`.

    `names` bounds how many devices a booth may have; without it, any number.
    """

    def __init__(
        self,
        root: str,
        kinds: Mapping[str, KindSpec],
        limit: int = ROUTES,
        dialects: Dialects | None = None,
        names: DeviceNames | None = None,
    ) -> None:
        self._root, self.names = root, names or DeviceNames()
        self._codecs = {name: Codec(kind) for name, kind in kinds.items()}
        self.translator = Translator(root, self._codecs, dialects, self.names)
        self._routes = FairMap[str, _Route](limit)
        self._known = self._routes.entries

    def add(self, kind: KindSpec) -> None:
        """Take readings of one more kind."""
        self._codecs[kind.name] = Codec(kind)

    def decode(  # noqa: C901, PLR0912, PLR0915 - one long function, see below
        self,
        topic: str,
        payload: bytes,
        arrival: int,
        retain: bool = False,
        now: int | None = None,
    ) -> Verdict:
        """Return the verdict on a message that arrived at `arrival` (ns).

        Its `ts` is judged by the clock's `now` (ns), where that is not the same.
        """
        route = self._known.get(topic)
        if route is None or retain:
            way = self.translator.way(topic)
            if way is not None:
                judged = arrival if now is None else now
                return self.translator.translate(way, topic, payload, arrival, retain, judged)
            return self._unrouted(topic, payload, arrival, retain, now)
        # One long function from here on: each call saved is 0.1 µs of about 4.
        fields, remarks = None, PLAIN
        if payload and len(payload) <= _USUAL and payload[0] == _OPENS and payload[-1] in _ENDS:
            try:
                fields = route.validate(payload)
            except ValidationError:
                pass
            else:
                if payload.count(b'":') != len(fields):  # a name twice, a blank, an object within
                    repeated = notes.repeated(payload)
                    remarks = Remarks((repeated,)) if repeated else PLAIN
        if fields is None:
            found = _look_closer(route, Where(route.address, topic, payload, arrival))
            if isinstance(found, Rejection):
                return found
            fields, remarks = found
        ts, skew = arrival, None
        said = fields.pop("ts", _ABSENT)
        if said is not _ABSENT:
            try:
                ts = timestamps.parse(said)
            except ValueError as exc:
                if said is not None and said != "":
                    where = Where(route.address, topic, payload, arrival)
                    return rejections.bad_time(said, str(exc), where)
                remarks = remarks.with_notes(notes.no_time(said))
            else:
                if now is None:
                    now = arrival
                if not now - BEHIND <= ts <= now + AHEAD:
                    ts, skew = arrival, ts - now
        if route.has_position and not (fields.get("latitude", 1) or fields.get("longitude", 1)):
            del fields["latitude"], fields["longitude"]
            remarks = remarks.with_notes(notes.no_position())
        names = (*fields,)
        header, ignored, said_of_them = route.shapes.get(names) or route.shape(names)
        if ignored:
            for name in ignored:
                del fields[name]
            ignored = tuple(name[:_IGNORED_LENGTH] or '""' for name in ignored[:_IGNORED_NAMES])
            if said_of_them:
                remarks = remarks.with_notes(*said_of_them)
        if not header:
            where = Where(route.address, topic, payload, arrival)
            return rejections.no_field(route.codec.kind, ignored, where)
        if ts is not arrival:  # its own time, and it is accepted
            if ts > route.newest:
                route.newest = ts
                route.recent.append(ts)
            elif ts in route.recent:
                remarks = remarks._replace(merged=True)
            else:
                route.recent.append(ts)
        row = _json((route.booth, route.device, *fields.values(), ts))
        # What Reading(…) does, without its Python-level __new__: 0.15 instead of 0.35 µs.
        return _new(Reading, (route.address, header, row, ts, fields, ignored, skew, remarks))

    def _unrouted(
        self, topic: str, payload: bytes, arrival: int, retain: bool, now: int | None
    ) -> Verdict:
        parsed = topics.parse(self._root, topic)
        if isinstance(parsed, topics.BadTopic):
            bad = rejections.bad_topic
            return None if retain else bad(parsed, self._codecs, topic, payload, arrival)
        address, leaf = parsed.address, parsed.leaf
        codec = self._codecs.get(address.kind)
        # A retained message is state, not a new reading; answers are a hub's own.
        if leaf in (topics.ERRORS, topics.RECEIPTS) or (
            retain and not (codec and leaf and self.names.admit(address))
        ):
            return None
        if codec is None:
            return rejections.unknown_kind(address, self._codecs, topic, payload, arrival)
        if not self.names.admit(address):
            where = Where(address, topic, payload, arrival)
            return rejections.too_many_names(self.names.limit, where)
        if leaf == topics.STATUS:
            return _status(Where(address, topic, payload, arrival), retain)
        self._routes.add(address.booth, topic, _Route(address, codec))
        return self.decode(topic, payload, arrival, now=now)


def _look_closer(route: _Route, where: Where) -> _Found | Rejection:
    """Validate what the quick validator rejects: null, padding, many undeclared fields, errors.

    Only the kind's own fields are validated, and of the others only a few names are kept:
    measured, the worst of `MAX_PAYLOAD` takes 1.4 ms.
    """
    payload, codec = where.payload, route.codec
    if len(payload) > MAX_PAYLOAD:
        return rejections.too_large(where)
    text, remarks = payload, PLAIN
    if not payload or payload[0] != _OPENS or payload[-1] not in _ENDS:
        text = payload.strip(PADDING)
        if text and payload not in (text, text + b"\n", text + b"\r\n"):
            remarks = Remarks((notes.padding(payload, text),))
    if len(text) > _USUAL and (values := _values(text)) > MAX_VALUES:
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
) -> _Found | Rejection:
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
        name[: _IGNORED_LENGTH + 1] for name in said if name not in codec.types and name != "ts"
    )
    found |= dict.fromkeys(islice(others, _IGNORED_NAMES))
    if "ts" in said:
        found["ts"] = said["ts"]
    return _Found(found, remarks._replace(cleared=cleared) if cleared else remarks)


def _can_be_left_out(codec: Codec, error: Mapping[str, Any], payload: bytes) -> bool:
    """Whether an error is an optional number outside its range, which does not cost the rest.

    So is a number that no float holds, like 1e400; `Infinity` and `NaN` are not numbers in JSON.
    """
    if error["loc"][0] not in codec.optional:
        return False
    if error["type"] == "finite_number":
        return not (b"Infinity" in payload or b"NaN" in payload)
    return error["type"] in _RANGE or (
        type(error["input"]) is int and error["type"] == "float_type"
    )


def _among_many(codec: Codec, values: int, where: Where, text: bytes) -> _Found | Rejection:
    """Read the kind's own fields from a payload with far too many others, if they are valid."""
    try:
        fields: dict[str, Any] = codec.own(text)[0]
    except ValidationError:
        fields = {}
    found = {name: value for name, value in fields.items() if value is not None}
    if found.keys() - {"ts"}:
        return _Found(found | {TOO_MANY: None}, PLAIN)
    try:  # the beginning may show that it is not JSON: [[[[[[[[…
        from_json(text[:_USUAL].decode(errors="ignore"), cache_strings=False)
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


def _status(where: Where, retain: bool) -> Verdict:
    if not where.payload:  # it clears what the broker retains
        return None
    online = _ONLINE.get(_word(where.payload))
    return rejections.bad_status(where) if online is None else Status(where.address, online, retain)


def _word(payload: bytes) -> str:
    """The word of a status, plain or as ``{"state": …}``, in lower case and without padding."""
    text = payload[:_USUAL].decode(errors="replace").strip(_PADDING)
    if text.startswith("{"):
        try:
            said = from_json(text, cache_strings=False)
        except ValueError:
            return ""
        state = said.get("state")
        text = state.strip(_PADDING) if isinstance(state, str) else ""
    return text.lower()
