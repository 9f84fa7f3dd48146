"""Replayed messages on their way to the wall: decoded like all others, and kept nowhere. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from hub.live.devices import Live
from hub.messages import Reading
from hub.pipeline.decode import Decoder


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of replayed messages: `shown`, `live` (not shown, the device is), `unfit`."""

    shown: int
    live: int
    unfit: int

    def as_json(self) -> dict[str, int]:
        """Return the three counts by name."""
        return asdict(self)


def take(decoder: Decoder, live: Live, messages: Iterable[tuple[str, bytes]], now: int) -> Taken:
    """Show the readings among `messages` (topic and payload) as replayed."""
    verdicts = [decoder.decode(topic, payload, now) for topic, payload in messages]
    readings = [verdict for verdict in verdicts if isinstance(verdict, Reading)]
    left_out = live.replay(readings)
    return Taken(len(readings) - left_out, left_out, len(verdicts) - len(readings))
