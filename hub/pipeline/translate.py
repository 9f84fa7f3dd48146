"""Translation: a message in a maker's dialect becomes readings of the hub's kinds. Pure.

The dialect says what a message holds (`hub.dialects`); here each value is checked by the
declaration of its kind, as that of a native reading is, but no field is required. A number out of
the range of an optional field is left out and told, as there. Of several readings in a message the
valid ones are kept and the others told on the device; a message without a valid one is rejected.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from pydantic_core import ValidationError

from hub import timestamps, topics
from hub.clock import STRIDE
from hub.dialects import DIALECTS
from hub.dialects.dialect import (
    READINGS,
    Dialect,
    Draft,
    Heard,
    Misfit,
    Presence,
    Told,
    TooMany,
    Translate,
    ignore,
)
from hub.dialects.memory import Memories, Memory
from hub.dialects.names import bounded, device_id
from hub.limits.fair import FairMap
from hub.messages import (
    Code,
    Fault,
    Note,
    Reading,
    Rejection,
    Remarks,
    Source,
    Status,
    Translated,
)
from hub.pipeline import notes, rejections
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.drafts import Checked, fault_of, left_out, short, uses_of
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.pipeline.validators import Codec
from hub.timestamps import AHEAD, BEHIND
from hub.topics import Address
from schemas import Label

DEVICES = 20_000
"""Devices whose latest times are remembered; see `hub.pipeline.decode.ROUTES`."""
RECENT = 16
"""Times of a device's latest readings that are remembered, to tell that one comes again."""
_LONGEST_TOPIC = 1_024
_json = orjson.dumps
_new = tuple.__new__


class Way(NamedTuple):
    """Whose a dialect's message is, its own topic, and what translates it, if anything does."""

    booth: str
    dialect: Dialect
    topic: str
    translate: Translate | None
    parts: Mapping[str, str]
    memory: Memory
    prefix: str


class _Device:
    """A device met before: its address, its kind, and the times of its latest readings."""

    __slots__ = ("address", "codec", "recent", "source")

    def __init__(self, address: Address, codec: Codec, source: Source) -> None:
        self.address, self.codec, self.source = address, codec, source
        self.recent = deque[int](maxlen=RECENT)

    def came_before(self, ts: int) -> bool:
        """Whether one of the latest readings had this time; it is remembered."""
        if ts in self.recent:
            return True
        self.recent.append(ts)
        return False


class Native(NamedTuple):
    """Topics outside the root that belong to a booth, as its devices publish them by themselves."""

    pattern: str
    booth: str
    dialect: str


class Dialects(NamedTuple):
    """What translation needs to know of the event.

    `native` are topics that belong to a booth without the root, `planned` the kinds that the zone
    file expects of a device id at a booth, `timezone` is for times without an offset.
    """

    memories: Memories | None = None
    native: Sequence[Native] = ()
    planned: Mapping[tuple[str, str], Sequence[str]] = MappingProxyType({})
    timezone: str = "Asia/Seoul"


class Translator:
    """Turns messages in makers' dialects under `root` into readings and states."""

    def __init__(
        self,
        root: str,
        codecs: Mapping[str, Codec],
        dialects: Dialects | None = None,
        names: DeviceNames | None = None,
    ) -> None:
        dialects, self._names = dialects or Dialects(), names or DeviceNames()
        self._start = f"{root}/"
        self._codecs = codecs
        self._devices = FairMap[tuple[str, str, str, str], _Device](DEVICES)
        self._headers: dict[tuple[str, ...], bytes] = {}
        self.memories = dialects.memories or Memories()
        self.use(dialects)

    def use(self, dialects: Dialects) -> None:
        """Use what another zone file says; what was remembered stays."""
        self._planned = dialects.planned
        self._timezone = ZoneInfo(dialects.timezone)
        self.native = dialects.native
        self._routes = FairMap[str, Way](DEVICES)

    def route(self, topic: str) -> Way | None:
        """Return whose a message is, if its topic is a dialect's.

        That is `{root}/{booth}/{dialect}/…`, or what the zone file gives to a booth.
        """
        return self._routes.get(topic) or self._new_route(topic)

    def owner(self, topic: str) -> str | None:
        """Return the booth of a native topic, if the zone file gives it to one."""
        found = self.route(topic)
        return None if found is None else found.booth

    def _new_route(self, topic: str) -> Way | None:
        if topic.startswith(self._start):
            booth, _, rest = topic[len(self._start) :].partition("/")
            name, _, own = rest.partition("/")
            if name not in DIALECTS or not topics.BOOTH.fullmatch(booth):
                return None
        else:
            native = next((n for n in self.native if topics.matches(n.pattern, topic)), None)
            if native is None:
                return None
            booth, name, own = native.booth, native.dialect, topic
        dialect, memory = DIALECTS[name], self.memories.of(booth, name)
        found = dialect.find(own) if len(topic) <= _LONGEST_TOPIC else None
        translate, parts = found or (None, {})
        route = Way(booth, dialect, own, translate, parts, memory, topic.removesuffix(own))
        if len(topic) <= _LONGEST_TOPIC:
            self._routes.add(booth, topic, route)
        return route

    def translate(
        self, route: Way, topic: str, payload: bytes, arrival: int, retained: bool, now: int
    ) -> Translated | Rejection | None:
        """Return the verdict on a message that arrived at `arrival` (ns), judged by `now` (ns)."""
        found: Translated | Rejection
        if route.translate is None:
            found = _no_topic(route, topic, payload, arrival)
        elif not payload:  # it clears what the broker retains
            return None
        elif len(payload) > MAX_PAYLOAD and route.translate is not ignore:
            found = _too_large(route, topic, payload, arrival)
        else:
            heard = Heard(
                route.topic,
                route.parts,
                payload,
                retained,
                arrival,
                self._timezone,
                route.prefix,
                partial(self._kinds_of, route),
            )
            told = _told(route, heard, topic)
            found = (
                told
                if isinstance(told, Rejection)
                else self._verdict(route, heard, topic, told, now)
            )
        return None if retained and isinstance(found, Rejection) else found

    def _verdict(
        self, route: Way, heard: Heard, topic: str, told: Told, now: int
    ) -> Translated | Rejection:
        checked = [
            self._check(route, draft, heard, now, place)
            for place, draft in enumerate(told.drafts)
            if draft.fields or draft.faults or draft.left
        ]
        readings = [item.reading for item in checked if item.reading is not None]
        if len(readings) < len(checked) and not heard.retained:
            faults = [found for item in checked for found in item.faults]
            if faults and not readings:
                return _faulty(route, heard, topic, faults, checked[0].address)
            if faults:
                readings[0] = _with_notes(readings[0], [_part_fault(item) for item in faults])
        statuses = self._statuses(route, told.presences, heard.retained) if told.presences else ()
        return Translated(
            route.booth,
            route.dialect.name,
            heard.topic,
            heard.arrival,
            tuple(readings),
            tuple(statuses),
            partial(uses_of, checked, told.unused),
        )

    def _statuses(self, route: Way, presences: Sequence[Presence], retained: bool) -> list[Status]:
        found, memory = list[Status](), route.memory
        for presence in presences:
            names = [bounded(presence.device)]
            if presence.everyone:
                start = f"kinds/{presence.under}"
                names = [name.removeprefix("kinds/") for name in memory.names(start)[-READINGS:]]
            # That a bridge is back says nothing of each device behind it: as a retained `online`.
            was = retained or (presence.everyone and presence.online)
            for name in names:
                device = device_id(name)
                known = memory.get(f"kinds/{name}") or self._planned.get((route.booth, device), ())
                found += [
                    Status(
                        Address(route.booth, kind, device),
                        presence.online,
                        was,
                        Source(route.dialect.name, short(name)),
                    )
                    for kind in known
                    if kind in self._codecs
                ]
        return found

    def _check(self, route: Way, draft: Draft, heard: Heard, now: int, place: int) -> Checked:
        """Check a draft by the declaration of its kind."""
        device = self._device(route, draft)
        if isinstance(device, Address):
            return Checked(
                draft, None, device, [rejections.surplus_name(device, self._names.limit)]
            )
        if heard.retained:  # what was, not what is: it only tells that there is such a device
            return Checked(draft, None, device.address)
        codec, given = device.codec, draft.fields
        cleared: tuple[str, ...] = ()
        if None in given.values() or not given.keys() <= codec.types.keys():
            own = {name: value for name, value in given.items() if name in codec.types}
            cleared = tuple(name for name, value in own.items() if value is None)
            given = {name: value for name, value in own.items() if value is not None}
        try:
            fields = codec.partial(given)
        except ValidationError as exc:
            found = left_out(draft, codec, given, exc.errors(include_url=False))
            fields, told, outside, faults = found
        else:
            told, outside, faults = [], {}, []
        if draft.faults:
            faults = [*map(fault_of, draft.faults), *faults]
        if codec.has_position and not (fields.get("latitude", 1) or fields.get("longitude", 1)):
            fields = {k: v for k, v in fields.items() if k not in ("latitude", "longitude")}
            told.append(notes.no_position())
        if faults or not fields:
            return Checked(draft, None, device.address, faults, outside)
        ts, skew = self._time(draft, heard, now, place, told)
        merged = draft.time is not None and device.came_before(ts)
        header = self._header(codec, fields)
        row = _json((device.address.booth, device.address.device, *fields.values(), ts))
        remarks = _new(Remarks, (tuple(told), cleared, merged, device.source))
        reading = _new(Reading, (device.address, header, row, ts, fields, (), skew, remarks))
        return Checked(draft, reading, device.address, (), outside)

    def _device(self, route: Way, draft: Draft) -> _Device | Address:
        """The device of a draft; only the address of one for which its booth has no room.

        Of one that is new the kind is remembered, also on disk: a state has to be told of all kinds
        that a device has, also after a restart.
        """
        name = bounded(draft.device)
        id_ = device_id(name)
        kind = self._kind(route.booth, id_, draft)
        key = (route.booth, route.dialect.name, kind, name)
        device = self._devices.get(key)
        if device is None:
            address = Address(route.booth, kind, id_)
            if not self._names.admit(address):
                return address
            source = Source(route.dialect.name, short(name), draft.interval, draft.silence)
            device = _Device(address, self._codecs[kind], source)
            self._devices.add(route.booth, key, device)
            known = route.memory.get(f"kinds/{name}") or []
            if kind not in known:
                route.memory.set(f"kinds/{name}", sorted([*known, kind]))
        elif (device.source.interval, device.source.silence) != (draft.interval, draft.silence):
            device.source = Source(route.dialect.name, short(name), draft.interval, draft.silence)
        return device

    def _kinds_of(self, route: Way, name: str) -> Sequence[str]:
        planned = self._planned and self._planned.get((route.booth, device_id(name)))
        return planned or route.memory.get(f"kinds/{name}") or ()

    def _kind(self, booth: str, device: str, draft: Draft) -> str:
        """The kind of a draft: its own, or the one that the zone file plans for this device."""
        planned = self._planned.get((booth, device), ())
        if draft.kind in planned or not planned:
            return draft.kind

        def common(kind: str) -> int:
            types = self._codecs[kind].types if kind in self._codecs else {}
            return sum(name in types for name in draft.fields)

        best = max(planned, key=common)
        return best if common(best) else draft.kind

    def _time(
        self, draft: Draft, heard: Heard, now: int, place: int, told: list[Note]
    ) -> tuple[int, int | None]:
        """The time of a reading, and by how much its own was off if it is not believed."""
        arrival = heard.arrival + min(place, STRIDE - 1)
        if draft.time is None:
            return arrival, None
        try:
            ts = timestamps.parse(draft.time)
        except ValueError:
            told.append(notes.no_time(draft.time))
            return arrival, None
        if now - BEHIND <= ts <= now + AHEAD:
            return ts, None
        return arrival, ts - now

    def _header(self, codec: Codec, fields: Mapping[str, Any]) -> bytes:
        key = (codec.kind.name, *fields)
        header = self._headers.get(key)
        if header is None:
            if len(self._headers) > DEVICES:
                self._headers.clear()
            header = self._headers[key] = codec.header([*fields])
        return header


def _told(route: Way, heard: Heard, topic: str) -> Told | Rejection:
    assert route.translate is not None
    try:
        told = route.translate(heard, route.memory)
    except Misfit as exc:
        return _rejected(Code.SCHEMA, exc.label, route, heard, topic)
    except ValueError as exc:
        said = rejections.json_fault(heard.payload, str(exc))
        return _rejected(Code.JSON, said, route, heard, topic)
    except TooMany:
        return _rejected(Code.SIZE, _TOO_MANY, route, heard, topic)
    return told


_TOO_MANY = Label(
    f"the message holds more than {READINGS} readings; send fewer at a time",
    f"메시지에 측정값이 {READINGS}건 넘게 있습니다. 나누어 보내세요",
)


def _part_fault(found: Fault) -> Note:
    said = Label(f"{found.field}: {found.message.en}", f"{found.field}: {found.message.ko}")
    return Note("part", said, found.field)


def _with_notes(reading: Reading, more: Sequence[Note]) -> Reading:
    return reading._replace(remarks=reading.remarks.with_notes(*more[: rejections.SHOWN_ERRORS]))


def _faulty(
    route: Way, heard: Heard, topic: str, faults: Sequence[Fault], address: Address
) -> Rejection:
    shown = tuple(faults[: rejections.SHOWN_ERRORS])
    surplus = shown[0].rule == rejections.SURPLUS
    return Rejection(
        Code.DEVICE if surplus else Code.SCHEMA,
        shown[0].message if surplus else rejections.joined(shown),
        topic,
        heard.arrival,
        rejections.shown(heard.payload),
        errors=shown,
        booth=route.booth,
        address=address,
        schema=f"/api/kinds/{address.kind}/schema",
    )


def _rejected(code: Code, said: Label, route: Way, heard: Heard, topic: str) -> Rejection:
    shown = rejections.shown(heard.payload)
    return Rejection(code, said, topic, heard.arrival, shown, booth=route.booth)


def _no_topic(route: Way, topic: str, payload: bytes, at: int) -> Rejection:
    own, known = route.topic[:80], route.dialect.sample[0]
    said = Label(
        f'{route.dialect.label.en}: "{own}" is none of its topics; they are like {known}',
        f'{route.dialect.label.ko}: "{own}"은(는) 모르는 토픽입니다. 토픽의 예: {known}',
    )
    return Rejection(
        Code.TOPIC, said, topic[:256], at, rejections.shown(payload), booth=route.booth
    )


def _too_large(route: Way, topic: str, payload: bytes, at: int) -> Rejection:
    size = len(payload)
    said = Label(
        f"the payload has {size} bytes, the limit is {MAX_PAYLOAD}",
        f"페이로드가 {size}바이트입니다. 한도는 {MAX_PAYLOAD}바이트입니다",
    )
    return Rejection(Code.SIZE, said, topic, at, rejections.shown(payload), booth=route.booth)
