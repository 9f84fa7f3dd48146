"""Decoding: a topic and a payload become a verdict. Pure: no clock, no I/O, no randomness.

Of earlier messages it only knows what saves work, and the times of each device's latest readings.

This is the hot path. A message of a known device costs one look-up and one validation (by msgspec
if it has the same fields as those before, else by pydantic-core); `make bench` measures it.
"""

from collections import deque
from collections.abc import Mapping

from pydantic_core import ValidationError

from hub import timestamps, topics
from hub.limits.fair import FairMap
from hub.messages import PLAIN, Reading, Rejection, Remarks, Status, Translated
from hub.pipeline import notes, rejections
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.dialect_devices import RECENT
from hub.pipeline.dialect_routes import Dialects
from hub.pipeline.forms import ABSENT, ALIKE, SAME, UNREADABLE, PayloadForm, values_of
from hub.pipeline.full_validation import (
    ENDS,
    IGNORED_LENGTH,
    IGNORED_NAMES,
    OPENS,
    USUAL,
    validate_fully,
)
from hub.pipeline.rejections import Where
from hub.pipeline.status import status_of
from hub.pipeline.translate import Translator
from hub.pipeline.validators import HEADERS, Codec, Shape
from hub.timestamps import AHEAD, BEHIND
from hub.topics import Address
from schemas import KindSpec

ROUTES = 20_000
"""Topics remembered; when there are more, the booth with the most loses its oldest."""
SHAPES = 8
_MERGED = Remarks(merged=True)

Verdict = Reading | Rejection | Status | Translated | None
"""The verdict on a message; None is an ignored one, which needs no answer."""


class _Route:
    """A known device: its address and its kind.

    `shapes` are those of its kind, `own` those with names that its kind does not declare. `form` is
    that of its payloads while they have the same fields as the `latest`; `same` counts those, and
    it is asked for after `patience` of them.
    """

    __slots__ = (
        *("address", "codec", "form", "has_position", "key", "latest", "newest", "own"),
        *("patience", "recent", "same", "shapes", "validate"),
    )

    def __init__(self, address: Address, codec: Codec) -> None:
        self.address = address
        self.codec = codec
        self.validate = codec.quick
        self.has_position = codec.has_position
        self.key = (address.booth, address.device)
        self.shapes = codec.shapes
        self.own: dict[tuple[str, ...], Shape] | None = None
        self.newest = 0
        self.recent = deque[int](maxlen=RECENT)
        self.form: PayloadForm | None = None
        self.latest: tuple[str, ...] = ()
        self.same, self.patience = 0, ALIKE

    def shape(self, names: tuple[str, ...]) -> Shape:
        """Return the shape of a payload with `names`, remembered for the next one like it."""
        own = self.own
        if own is not None and names in own:
            return own[names]
        types = self.codec.types
        known = [name for name in names if name in types]
        ignored = tuple(name for name in names if name not in types)
        said = notes.of_ignored(self.codec.kind, ignored, known) if ignored else ()
        shape = Shape(self.codec.header_of(known) if known else b"", ignored, said)
        if not ignored and len(self.shapes) < HEADERS:
            self.shapes[names] = shape
        elif sum(map(len, ignored)) <= IGNORED_NAMES * IGNORED_LENGTH:
            # Few and short: unknown field names must not fill the memory.
            if own is None or len(own) >= SHAPES:
                own = self.own = {}
            own[names] = shape
        return shape

    def has_sent(self, names: tuple[str, ...], header: bytes) -> None:
        """Note the fields of a payload; if they were the same for a while it takes their form."""
        if names != self.latest:
            self.latest, self.same = names, 0
        self.same += 1
        if self.same >= self.patience:
            self.form = self.codec.forms.of(self.address.booth, names, header)

    def repeats(self, ts: int) -> bool:
        """Note a time that is not the newest; return whether one of the latest readings has it."""
        if ts in self.recent:
            return True
        self.recent.append(ts)
        return False


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
        self._now = self._since = self._until = 0
        self._routes = FairMap[str, _Route](limit)
        self._known = self._routes.entries

    def add(self, kind: KindSpec) -> None:
        """Take readings of one more kind."""
        self._codecs[kind.name] = Codec(kind)

    def decode(  # noqa: C901 - one function: each call saved is 0.1 of 2 µs
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
        if now is None:
            now = arrival
        route = self._known.get(topic)
        if route is None or retain:
            return self._unfamiliar(topic, payload, arrival, retain, now)
        form = route.form
        if form is None:
            return self._validate(route, topic, payload, arrival, now)
        if now != self._now:
            self._now, self._until = now, now + AHEAD
            self._since = max(now - BEHIND, timestamps.NANOSECONDS)
        try:
            said = form.read(payload)
            ts = own = said.ts
            if own is ABSENT:
                said.ts = ts = arrival
            elif type(ts) is not int or not self._since <= ts <= self._until:
                said.ts = ts = _believed(ts, now)
        except UNREADABLE:
            return self._differs(route, topic, payload, arrival, now)
        row = route.key + values_of(said)
        if (
            payload.count(b'":') != form.size + (own is not ABSENT)
            or payload[0] != OPENS
            or not payload.endswith(ENDS)
            or len(payload) > USUAL
            or (form.position is not None and not any(form.position(row)))
        ):
            return self._differs(route, topic, payload, arrival, now)
        remarks = PLAIN
        if own is not ABSENT:
            if ts > route.newest:
                route.newest = ts
                route.recent.append(ts)
            elif route.repeats(ts):
                remarks = _MERGED
        return Reading(route.address, form.header, row, ts, form.names, (), None, remarks)

    def _differs(
        self, route: _Route, topic: str, payload: bytes, arrival: int, now: int
    ) -> Verdict:
        """The verdict on a message that is not as those before it; its device loses its form."""
        route.form, route.latest, route.patience = None, (), SAME
        return self._validate(route, topic, payload, arrival, now)

    def _validate(  # noqa: C901, PLR0912 - one long function, see below
        self, route: _Route, topic: str, payload: bytes, arrival: int, now: int
    ) -> Verdict:
        """The verdict by pydantic. One long function: each call saved is 0.1 µs of about 4."""
        fields, remarks = None, PLAIN
        if payload and len(payload) <= USUAL and payload[0] == OPENS and payload.endswith(ENDS):
            try:
                fields = route.validate(payload)
            except ValidationError:
                pass
            else:
                if payload.count(b'":') != len(fields):  # a name twice, a blank, an object within
                    repeated = notes.repeated(payload)
                    remarks = Remarks((repeated,)) if repeated else PLAIN
        if fields is None:
            found = validate_fully(route.codec, Where(route.address, topic, payload, arrival))
            if isinstance(found, Rejection):
                return found
            fields, remarks = found
        ts, skew = arrival, None
        said = fields.pop("ts", ABSENT)
        if said is not ABSENT:
            try:
                ts = timestamps.parse(said)
            except ValueError as exc:
                if said is not None and said != "":
                    where = Where(route.address, topic, payload, arrival)
                    return rejections.bad_time(said, str(exc), where)
                remarks = remarks.with_notes(notes.no_time(said))
            else:
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
            names = (*fields,)
            ignored = tuple(name[:IGNORED_LENGTH] or '""' for name in ignored[:IGNORED_NAMES])
            if said_of_them:
                remarks = remarks.with_notes(*said_of_them)
        if not header:
            where = Where(route.address, topic, payload, arrival)
            return rejections.no_field(route.codec.kind, ignored, where)
        if ts is not arrival:  # its own time, and it is accepted
            if ts > route.newest:
                route.newest = ts
                route.recent.append(ts)
            elif route.repeats(ts):
                remarks = remarks._replace(merged=True)
        if not ignored:
            route.has_sent(names, header)
        row = (*route.key, *fields.values(), ts)
        return Reading(route.address, header, row, ts, names, ignored, skew, remarks)

    def _unfamiliar(
        self, topic: str, payload: bytes, arrival: int, retain: bool, now: int
    ) -> Verdict:
        """The verdict on a message of no known device, of a dialect, or that was retained."""
        spoken = self.translator.route(topic)
        if spoken is None:
            return self._unrouted(topic, payload, arrival, retain, now)
        return self.translator.translate(spoken, topic, payload, arrival, retain, now)

    def _unrouted(
        self, topic: str, payload: bytes, arrival: int, retain: bool, now: int
    ) -> Verdict:
        parsed = topics.parse(self._root, topic)
        if isinstance(parsed, topics.BadTopic):
            return None if retain else rejections.bad_topic(parsed, topic, payload, arrival)
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
            return status_of(Where(address, topic, payload, arrival), retain)
        self._routes.add(address.booth, topic, _Route(address, codec))
        return self.decode(topic, payload, arrival, False, now)


def _believed(said: object, now: int) -> int:
    """The time that a device said (ns).

    Raises:
        ValueError: it is none, or too far from `now`.
    """
    ts = timestamps.parse(said)
    if not now - BEHIND <= ts <= now + AHEAD:
        raise ValueError("is not believed")
    return ts
