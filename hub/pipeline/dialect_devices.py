"""Devices that speak dialects: their names there, and their kinds. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping

from hub.dialects.dialect import Draft, Presence
from hub.dialects.mapping.names import bounded, device_id
from hub.limits.fair import FairMap
from hub.messages import Remarks, Source, Status
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.dialect_routes import ROUTES, DialectRoute, DialectRoutes
from hub.pipeline.drafts import short
from hub.pipeline.validators import Codec
from hub.timestamps import SECOND
from hub.topics import Address

RECENT = 16
"""Times of a device's latest readings that are remembered, to recognise one sent again."""


class DialectDevice:
    """A device met before: its address, its kind, and the times of its latest readings."""

    __slots__ = ("address", "codec", "known_at", "latest", "plain", "recent", "source")

    def __init__(self, address: Address, codec: Codec, source: Source) -> None:
        self.address, self.codec = address, codec
        self.recent = deque[int](maxlen=RECENT)
        self.latest = 0
        self.known_at = -1
        self.say(source)

    def say(self, source: Source) -> None:
        """Set how the device is called, and how often it speaks."""
        self.source = source
        self.plain = Remarks(source=source)

    def came_before(self, ts: int) -> bool:
        """Whether one of the latest readings had this time; it is remembered."""
        if ts in self.recent:
            return True
        self.recent.append(ts)
        return False

    def time_of_arrival(self, arrival: int) -> int:
        """Return a time for a reading without one: none twice, so that each is stored.

        A message may hold several of one device, and the next comes 100 ns later.
        """
        if arrival <= self.latest < arrival + SECOND:  # the clock was not set back
            arrival = self.latest + 1
        self.latest = arrival
        return arrival


class DialectDevices:
    """Finds the device of a draft, and those that a state is about."""

    def __init__(
        self, codecs: Mapping[str, Codec], routes: DialectRoutes, names: DeviceNames
    ) -> None:
        self._codecs, self._routes, self._names = codecs, routes, names
        self._speakers = FairMap[tuple[str, str, str, str], DialectDevice](ROUTES)

    def of(self, route: DialectRoute, draft: Draft) -> DialectDevice | Address:
        """Return the device of a draft; only the address of one for which its booth has no room.

        Its kind is remembered, also on disk: a state has to be reported for all kinds of a
        device, also after a restart.
        """
        name, kind = bounded(draft.device), draft.kind
        if self._routes.planned:
            kind = self._planned_kind(route, name, draft)
        key = (route.booth, route.dialect.name, kind, name)
        speaker = self._speakers.get(key)
        if speaker is None:
            address = Address(route.booth, kind, device_id(name))
            if not self._names.admit(address):
                return address
            speaker = DialectDevice(address, self._codecs[kind], _source(route, name, draft))
            self._speakers.add(route.booth, key, speaker)
        source = speaker.source
        if source.interval != draft.interval or source.silence != draft.silence:
            speaker.say(_source(route, name, draft))
        if speaker.known_at != self._routes.memories.evicted:  # what is remembered may be evicted
            known = route.memory.get(f"kinds/{name}") or []
            if kind not in known:
                route.memory.set(f"kinds/{name}", sorted([*known, kind]))
            speaker.known_at = self._routes.memories.evicted
        return speaker

    def _planned_kind(self, route: DialectRoute, name: str, draft: Draft) -> str:
        """The kind of a draft: its own, or the one that the zone file plans for this device."""
        planned = self._routes.planned.get((route.booth, device_id(name)), ())
        if draft.kind in planned or not planned:
            return draft.kind

        def common(kind: str) -> int:
            types = self._codecs[kind].types if kind in self._codecs else {}
            return sum(name in types for name in draft.fields)

        best = max(planned, key=common)
        return best if common(best) else draft.kind

    def statuses(
        self, route: DialectRoute, presences: Iterable[Presence], retained: bool
    ) -> list[Status]:
        """Return the states that a message reports, each for all kinds that the device is of."""
        found = list[Status]()
        for presence in presences:
            name = bounded(presence.device)
            source = Source(route.dialect.name, short(name))
            # That a bridge is back says nothing of each device behind it: as a retained `online`.
            was = retained or (presence.behind and presence.online)
            device = device_id(name)
            planned = self._routes.planned.get((route.booth, device), ())
            found += [
                Status(Address(route.booth, kind, device), presence.online, was, source)
                for kind in route.memory.get(f"kinds/{name}") or planned
                if kind in self._codecs
            ]
        return found


def _source(route: DialectRoute, name: str, draft: Draft) -> Source:
    return Source(route.dialect.name, short(name), draft.interval, draft.silence)
