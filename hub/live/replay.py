"""Replay onto the wall: messages are decoded like all others, shown, and stored nowhere."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from hub.clock import Clock
from hub.live.devices import Live
from hub.pipeline.batch import held
from hub.pipeline.decode import Decoder
from schemas import KindSpec


class WallReplay:
    """Shows the readings among messages of a recording on the wall."""

    def __init__(self, root: str, kinds: Mapping[str, KindSpec], live: Live, clock: Clock) -> None:
        self._root = root
        self._kinds = kinds
        self._live = live
        self._clock = clock

    @cached_property
    def _decoder(self) -> Decoder:  # its own, so that a replay evicts no route
        return Decoder(self._root, self._kinds)

    def show(self, messages: Iterable[tuple[str, bytes]]) -> dict[str, int]:
        """Show the readings among messages (topic and payload); return what became of them.

        Counted are `shown`, `live` (not shown, for the device itself is), `unfit` (no reading).
        """
        now = self._clock.now()
        verdicts = [self._decoder.decode(topic, payload, now) for topic, payload in messages]
        found = [held(verdict) for verdict in verdicts]
        readings = [reading for items in found for reading in items]
        live = self._live.replay(readings)
        unfit = len([items for items in found if not items])
        return {"shown": len(readings) - live, "live": live, "unfit": unfit}
