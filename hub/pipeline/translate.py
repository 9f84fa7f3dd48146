"""Translation: a message in a maker's dialect becomes readings of the hub's kinds. Pure.

The dialect says what a message holds (`hub.dialects`); here each value is checked by the
declaration of its kind, as that of a native reading is, but no field is required. A number out of
the range of an optional field is left out and told, as there. Of several readings in a message the
valid ones are kept and the others told on the device; a message without a valid one is rejected.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace
from pydantic_core import ValidationError

from hub import timestamps
from hub.dialects.dialect import Draft, Heard, Told, TooMany, ignore
from hub.messages import Fault, Note, Reading, Rejection, Remarks, Translated
from hub.pipeline import misfits, notes, rejections
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.dialect_devices import DialectDevice, DialectDevices
from hub.pipeline.dialect_routes import DialectRoute, DialectRoutes, Dialects
from hub.pipeline.drafts import Checked, fault_of, left_out, uses_of
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.pipeline.validators import Codec
from hub.timestamps import AHEAD, BEHIND
from hub.topics import Address
from schemas import Label

_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__


class Translator:
    """Turns messages in makers' dialects under `root` into readings and states."""

    def __init__(
        self,
        root: str,
        codecs: Mapping[str, Codec],
        dialects: Dialects | None = None,
        names: DeviceNames | None = None,
    ) -> None:
        self._routes = DialectRoutes(root, dialects or Dialects())
        self._names = names or DeviceNames()
        self._speakers = DialectDevices(codecs, self._routes, self._names)
        self.route = self._routes.find
        self.use = self._routes.use
        self.spoken = self._routes.spoken

    def owner(self, topic: str) -> str | None:
        """Return the booth of a topic that is a dialect's."""
        found = self.route(topic)
        return None if found is None else found.booth

    def dialects(self) -> Dialects:
        """Return what the event says of dialects, without what was remembered."""
        return self._routes.dialects

    def translate(
        self,
        route: DialectRoute,
        topic: str,
        payload: bytes,
        arrival: int,
        retained: bool,
        now: int,
    ) -> Translated | Rejection | None:
        """Return the verdict on a message that arrived at `arrival` (ns), judged by `now` (ns)."""
        _, dialect, own, translate, parts, memory, prefix, kinds_of = route
        found: Translated | Rejection
        if translate is None:
            found = misfits.no_topic(route, topic, payload, arrival)
        elif not payload and translate not in dialect.cleared:  # what the broker retains is cleared
            return None
        elif len(payload) > MAX_PAYLOAD and translate is not ignore:
            found = misfits.too_large(route, topic, payload, arrival)
        else:
            zone = self._routes.timezone
            said = (own, parts, payload, retained, arrival, zone, prefix, kinds_of)
            heard = _new(Heard, said)
            try:
                told = translate(heard, memory)
            except (ValueError, TooMany) as exc:
                found = misfits.untranslated(exc, route, heard, topic)
            else:
                found = self._verdict(route, heard, topic, told, now)
        return None if retained and isinstance(found, Rejection) else found

    def _verdict(
        self, route: DialectRoute, heard: Heard, topic: str, told: Told, now: int
    ) -> Translated | Rejection:
        # An annotation costs nothing, and list[Checked]() 1 µs.
        checked: list[Checked] = []
        readings: list[Reading] = []
        for draft in told.drafts:
            if draft.fields or draft.faults or draft.left:
                item = self._check(route, draft, heard, now)
                checked.append(item)
                if item.reading is not None:
                    readings.append(item.reading)
        if len(readings) < len(checked) and not heard.retained:
            faults = [found for item in checked for found in item.faults]
            if faults and not readings:
                return misfits.faulty(route, heard, topic, faults, checked[0].address)
            if faults:
                readings[0] = _with_notes(readings[0], [_part_fault(item) for item in faults])
        statuses = (
            tuple(self._speakers.statuses(route, told.presences, heard.retained))
            if told.presences
            else ()
        )
        found = (route.booth, route.dialect.name, heard.topic, heard.arrival)
        explain = partial(uses_of, checked, told.unused)
        return _new(Translated, (*found, tuple(readings), statuses, explain))

    def _check(self, route: DialectRoute, draft: Draft, heard: Heard, now: int) -> Checked:
        """Check a draft by the declaration of its kind."""
        speaker = self._speakers.of(route, draft)
        if isinstance(speaker, Address):
            surplus = rejections.surplus_name(speaker, self._names.limit)
            return Checked(draft, None, speaker, [surplus])
        address = speaker.address
        if heard.retained:  # what was, not what is: it only tells that there is such a device
            return Checked(draft, None, address)
        codec = speaker.codec
        cleared: tuple[str, ...] = ()
        told: list[Note] = []
        outside: dict[str, Label] = {}
        faults: list[Fault] = []
        try:
            fields = codec.partial(draft.fields)
        except ValidationError:
            fields, told, outside, faults, cleared = _look_closer(draft, codec)
        if draft.faults:
            faults = [*map(fault_of, draft.faults), *faults]
        if codec.has_position and not (fields.get("latitude", 1) or fields.get("longitude", 1)):
            fields = {k: v for k, v in fields.items() if k not in ("latitude", "longitude")}
            told.append(notes.no_position())
        if faults or not fields:
            return Checked(draft, None, address, faults, outside)
        ts, skew, merged = _time(speaker, draft, heard.arrival, now, told)
        row = (address.booth, address.device, *fields.values(), ts)
        remarks = speaker.plain
        if told or cleared or merged:
            remarks = Remarks(tuple(told), cleared, merged, speaker.source)
        header = codec.header_of(fields)
        reading = Reading(address, header, row, ts, (*fields,), (), skew, remarks)
        return _new(Checked, (draft, reading, address, (), outside))


def _look_closer(
    draft: Draft, codec: Codec
) -> tuple[dict[str, Any], list[Note], dict[str, Label], list[Fault], tuple[str, ...]]:
    """Check what is not all as usual: null, fields of another kind, errors."""
    own = {name: value for name, value in draft.fields.items() if name in codec.types}
    cleared = tuple(name for name, value in own.items() if value is None)
    given = {name: value for name, value in own.items() if value is not None}
    try:
        return codec.partial(given), [], {}, [], cleared
    except ValidationError as exc:
        return *left_out(draft, codec, given, exc.errors(include_url=False)), cleared


def _time(
    speaker: DialectDevice, draft: Draft, arrival: int, now: int, told: list[Note]
) -> tuple[int, int | None, bool]:
    """The time of a reading, by how much its own was off, and whether another one has it too."""
    skew = None
    if draft.time is not None:
        try:
            ts = timestamps.parse(draft.time)
        except ValueError:
            told.append(notes.no_time(draft.time))
        else:
            if now - BEHIND <= ts <= now + AHEAD:
                return ts, None, speaker.came_before(ts)
            skew = ts - now
    return speaker.time_of_arrival(arrival), skew, False


def _part_fault(found: Fault) -> Note:
    said = Label(f"{found.field}: {found.message.en}", f"{found.field}: {found.message.ko}")
    return Note("part", said, found.field)


def _with_notes(reading: Reading, more: Sequence[Note]) -> Reading:
    return replace(reading, remarks=reading.remarks.with_notes(*more[: rejections.SHOWN_ERRORS]))
