"""Routes of dialects: whose a message is, by its topic, and what translates it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hub import topics
from hub.dialects import DIALECTS
from hub.dialects.dialect import Dialect, Translate
from hub.dialects.mapping.names import device_id
from hub.dialects.memory import Memories, Memory
from hub.limits.fair import FairMap

ROUTES = 20_000
"""Topics and devices that are remembered; see `hub.pipeline.decode.ROUTES`."""
_LONGEST_TOPIC = 1_024

Planned = Mapping[tuple[str, str], Sequence[str]]
"""The kinds that the zone file expects of a booth's device id."""


class Native(NamedTuple):
    """Topics outside the root that belong to a booth, as its devices publish them by themselves."""

    pattern: str
    booth: str
    dialect: str


class Dialects(NamedTuple):
    """What translation needs to know of the event.

    `native` are topics that belong to a booth without the root, `timezone` is for times without an
    offset.
    """

    memories: Memories | None = None
    native: Sequence[Native] = ()
    planned: Planned = MappingProxyType({})
    timezone: str = "Asia/Seoul"


class DialectRoute(NamedTuple):
    """Whose a dialect's message is, its own topic, and what translates it, if anything does.

    `kinds_of` is for `hub.dialects.dialect.Heard`.
    """

    booth: str
    dialect: Dialect
    topic: str
    translate: Translate | None
    parts: Mapping[str, str]
    memory: Memory
    prefix: str
    kinds_of: Callable[[str], Sequence[str]]


class DialectRoutes:
    """Finds the route of a topic under `root`, or of one that the zone file gives to a booth."""

    def __init__(self, root: str, dialects: Dialects) -> None:
        self._start = f"{root}/"
        self.memories = dialects.memories or Memories()
        self.spoken = set[str]()  # the dialects that were heard
        self.use(dialects)

    def use(self, dialects: Dialects) -> None:
        """Use what another zone file says; what was remembered stays."""
        self.planned = dialects.planned
        self.timezone = ZoneInfo(dialects.timezone)
        self.native = dialects.native
        self._routes = FairMap[str, DialectRoute](ROUTES)

    @property
    def dialects(self) -> Dialects:
        """What the event says, without what was remembered: for another decoder."""
        return Dialects(None, self.native, self.planned, self.timezone.key)

    def find(self, topic: str) -> DialectRoute | None:
        """Return whose a message is, if its topic is a dialect's."""
        return self._routes.get(topic) or self._new(topic)

    def _new(self, topic: str) -> DialectRoute | None:
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
        self.spoken.add(name)
        dialect, memory = DIALECTS[name], self.memories.of(booth, name)
        found = dialect.find(own) if len(topic) <= _LONGEST_TOPIC else None
        translate, parts = found or (None, {})
        kinds_of = partial(self._kinds_of, booth, memory)
        prefix = topic.removesuffix(own)
        route = DialectRoute(booth, dialect, own, translate, parts, memory, prefix, kinds_of)
        if len(topic) <= _LONGEST_TOPIC:
            self._routes.add(booth, topic, route)
        return route

    def _kinds_of(self, booth: str, memory: Memory, name: str) -> Sequence[str]:
        planned = self.planned and self.planned.get((booth, device_id(name)))
        return planned or memory.get(f"kinds/{name}") or ()
