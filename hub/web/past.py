"""The latest seconds of the zone as a series of steps, which a page can play again. Pure.

It is enough to know that a booth was heard about once a second, so of its messages only as many
are decoded as it takes to find a reading; of what drives through the hall, one for each step.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hub.live.device import Device
from hub.live.lately import Lately
from hub.pipeline.batch import held
from hub.pipeline.decode import Decoder
from hub.recording.flight_recorder import Received
from hub.timestamps import SECOND, rfc3339
from hub.topics import STATUS, TRIAL, Address
from schemas import KindSpec

STEP = SECOND // 4
"""The length of a step (ns): viewers of the live stream get as many updates."""
RINGS = 4
"""Steps after a reading of a booth in which no other is looked for: a stand has no more rings."""
TRIES = 4
"""Messages of a booth that are decoded in one step to find a reading."""
TOPICS = 20_000
"""Topics of which one message is decoded in any case, to see whether its device drives."""
MOVERS = 100
"""Devices whose ways are told: more than one plan shows."""
_STATUS = f"/{STATUS}"


class _Spot(NamedTuple):
    x: float
    y: float


class PastSteps:
    """Collects the steps from `start` to `stop` (ns); `kinds` are those that are shown."""

    def __init__(
        self, start: int, stop: int, decoder: Decoder, kinds: Mapping[str, KindSpec]
    ) -> None:
        self._start, self._stop = start, stop
        self._decoder, self._kinds = decoder, kinds
        self._drives = {name for name, kind in kinds.items() if _drives(kind)}
        self._messages = Counter[int]()
        self._heard = dict[int, dict[str, None]]()
        self._latest = dict[str, int]()
        self._tries = Counter[tuple[int, str]]()
        self._drivers = dict[str, bool]()  # of each topic that is known, whether its device drives
        self._placed = set[tuple[int, str]]()
        self._moves = dict[tuple[int, Address], _Spot]()
        self._movers = set[Address]()

    def take(self, received: Iterable[Received]) -> bool:
        """Take in messages; return whether there were any."""
        found = False
        for item in received:
            found = True
            step, topic = (item.at - self._start) // STEP, item.message.topic
            self._messages[step] += not topic.endswith(_STATUS)
            if self._wants(step, topic, item.booth):
                self._look(step, item)
        return found

    def _wants(self, step: int, topic: str, booth: str) -> bool:
        """Whether a message is to be decoded."""
        drives = self._drivers.get(topic)
        if drives:
            return (step, topic) not in self._placed
        if drives is None and len(self._drivers) < TOPICS:
            self._drivers[topic] = False
            return True
        if 0 <= step - self._latest.get(booth, -RINGS) < RINGS:
            return False
        self._tries[step, booth] += 1
        return self._tries[step, booth] <= TRIES

    def _look(self, step: int, item: Received) -> None:
        """Decode a message, and note whose reading it is, and where that is now."""
        topic, payload = item.message.topic, item.message.payload
        verdict = self._decoder.decode(topic, payload, item.at, item.message.retain)
        for reading in held(verdict):
            address, fields = reading.address, reading.fields
            if address.kind not in self._kinds or address.device == TRIAL:
                continue
            self._heard.setdefault(step, {})[address.booth] = None
            self._latest[address.booth] = step
            x, y = fields.get("x"), fields.get("y")
            if address.kind in self._drives and x is not None and y is not None:
                self._move(step, topic, address, _Spot(round(x, 2), round(y, 2)))

    def _move(self, step: int, topic: str, address: Address, spot: _Spot) -> None:
        if address in self._movers or len(self._movers) < MOVERS:
            self._movers.add(address)
            self._drivers[topic] = True
            self._placed.add((step, topic))
            self._moves[step, address] = spot

    def as_json(self, devices: Iterable[Device], lately: Lately) -> dict[str, Any]:
        """Return the steps as the API shows them, with the devices' states at the beginning."""
        changes = lately.states(self._start)
        before = {change.address: change.before for change in reversed(changes)}
        listed = [(it.address, before.get(it.address, it.state)) for it in devices]
        places = {address: index for index, (address, _) in enumerate(listed)}
        booths = _Places()
        rejections = Counter(
            ((at - self._start) // STEP, booths.of(booth))
            for at, booth in lately.rejections(self._start)
        )
        return {
            "from": rfc3339(self._start, 3),
            "to": rfc3339(self._stop, 3),
            "step_ms": STEP // 1_000_000,
            "devices": [[*address, state.value] for address, state in listed],
            "messages": [[step, count] for step, count in sorted(self._messages.items())],
            "heard": [
                [step, *map(booths.of, heard)] for step, heard in sorted(self._heard.items())
            ],
            "moves": [
                [step, places[address], *spot]
                for (step, address), spot in sorted(self._moves.items())
                if address in places
            ],
            "states": [
                [(it.at - self._start) // STEP, places[it.address], it.state.value]
                for it in changes
                if it.address in places
            ],
            "rejections": [[*key, count] for key, count in sorted(rejections.items())],
            "booths": booths.names,
        }


class _Places:
    """Gives each name its place in a list, at its first mention."""

    def __init__(self) -> None:
        self._known = dict[str, int]()

    def of(self, name: str) -> int:
        return self._known.setdefault(name, len(self._known))

    @property
    def names(self) -> list[str]:
        return [*self._known]


def _drives(kind: KindSpec) -> bool:
    """Whether devices of a kind say where they are in the hall, in metres."""
    metres = {field.name for field in kind.fields if field.unit.symbol == "m"}
    return {"x", "y"} <= metres
