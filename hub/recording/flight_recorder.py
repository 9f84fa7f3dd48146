"""The flight recorder: keeps the latest messages, so that an incident can be saved afterwards."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from hub import __version__, timestamps
from hub.clock import STRIDE
from hub.errors import RecordingError
from hub.messages import Message
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.recording.layout import DUPLICATE, Recorded, names_of
from hub.recording.received import is_answer, recorded, verdict_of
from hub.recording.writer import Writer
from schemas import KindSpec

EACH = 384
"""Bytes of memory of a message beside its payload, measured with short topics."""
_BLOCK = 64 * 1024
_LOUD = 10
"""A booth sends a lot if it sends more than one part in so many."""
_LOOK = 64
"""Batches after which it is looked at anew who sends a lot."""

Levels = Callable[[Sequence[Message]], Sequence[str]]
"""Returns the booth of each message, or what stands there in its topic."""


class Received(NamedTuple):
    """A message as it came, not yet decoded: when (ns), and of which booth, as far as is known."""

    at: int
    booth: str
    message: Message


class _Batch(NamedTuple):
    """Received messages, with the time of receipt of each (ns).

    `booth` is that of one of them, and `weight` the bytes for which it stands.
    """

    times: Sequence[int]
    messages: Sequence[Message]
    duplicate: bool
    size: int
    booth: str
    weight: int


class FlightRecorder:
    """Keeps the latest messages in about `limit` bytes of memory, undecoded; evicts the oldest.

    Where one booth sends a lot, what it sent is evicted first: half of the memory is for those that
    send less than a tenth each. `size` is in bytes. A batch costs one addition for each message, 35
    ns, and one look at the booth of one of them: who sends a lot is known by such samples. Nothing
    is decoded or copied before a snapshot is read.
    """

    def __init__(
        self,
        limit: int,
        root: str,
        kinds: Mapping[str, KindSpec],
        levels: Levels,
        dialects: Callable[[], Dialects] = Dialects,
    ) -> None:
        self._latest = deque[_Batch]()
        self._earlier = deque[_Batch]()
        self._limit = limit
        self._root = root
        self._kinds = kinds
        self._levels = levels
        self._dialects = dialects
        self._kept: tuple[tuple[set[str], Dialects], Decoder] | None = None
        self._weights = Counter[str]()
        self._loud = frozenset[str]()
        self._evicted = self._earlier_size = 0
        self.size = 0

    def tap(self, first: int, messages: Sequence[Message], duplicate: bool) -> None:
        """Keep a batch, in order of receipt: the first at `first`, each `STRIDE` after another."""
        size, number = _size(messages), len(messages)
        sample = messages[first // STRIDE % number]  # one or another: the clock is no pattern
        (booth,), weight = self._levels([sample]), number * (EACH + len(sample.payload))
        times = range(first, first + number * STRIDE, STRIDE)
        self._latest.append(_Batch(times, messages, duplicate, size, booth, weight))
        self._weights[booth] += weight
        self.size += size
        while self.size > self._limit:
            self._make_room()

    def _make_room(self) -> None:
        """Evict the oldest batch, but for what is of booths that send little."""
        if self._earlier_size > self._limit // 2:
            self.size -= self._earlier[0].size
            self._earlier_size -= self._earlier.popleft().size
            return
        batch = self._latest.popleft()
        if not self._evicted % _LOOK:
            self._loud = self._who_is_loud()
        self._evicted += 1
        self.size -= batch.size
        self._weights[batch.booth] -= batch.weight
        if not self._weights[batch.booth]:
            del self._weights[batch.booth]
        if rest := self._quiet(batch):
            self._earlier.append(rest)
            self._earlier_size += rest.size
            self.size += rest.size

    def _who_is_loud(self) -> frozenset[str]:
        """The booths that send a lot; where all do, as in a small event, none."""
        most = self._weights.total() // _LOUD
        loud = frozenset(name for name, sent in self._weights.items() if sent > most)
        return frozenset() if len(loud) == len(self._weights) else loud

    def _quiet(self, batch: _Batch) -> _Batch | None:
        """What is of booths that send little, while others send a lot."""
        if not self._loud:
            return None
        entries = zip(self._levels(batch.messages), batch.times, batch.messages, strict=True)
        rest = [(at, message) for booth, at, message in entries if booth not in self._loud]
        if not rest:
            return None
        times, messages = zip(*rest, strict=True)
        return batch._replace(times=times, messages=messages, size=_size(messages))

    def since(self, start: int) -> Iterator[Recorded]:
        """Return the messages since `start` (ns): a snapshot now, decoded lazily."""
        decoder = Decoder(self._root, self._kinds, dialects=self._dialects())
        messages = chain.from_iterable(_recorded(batch, decoder) for batch in self._since(start))
        return (message for message in messages if message.at >= start)

    def received(self, start: int) -> Iterator[Received]:
        """Return what came since `start` (ns), not decoded: a snapshot now, without duplicates.

        Raises:
            RecordingError: it is disabled.
        """
        self._need_past()
        batches = [batch for batch in self._since(start) if not batch.duplicate]
        return (
            Received(at, booth, message)
            for batch in batches
            for at, booth, message in zip(
                batch.times, self._levels(batch.messages), batch.messages, strict=True
            )
            if at >= start and not is_answer(message.topic)
        )

    @property
    def begins(self) -> int:
        """The time (ns) of the oldest message that is kept; 0 if there is none."""
        return min(
            (batches[0].times[0] for batches in (self._earlier, self._latest) if batches), default=0
        )

    def decoder(self) -> Decoder:
        """Return a decoder of what was received, for the event loop alone.

        It is kept while kinds and dialects stay the same: the first reading of a kind takes 10 ms.
        """
        given = {*self._kinds}, self._dialects()
        if self._kept is None or self._kept[0] != given:
            self._kept = given, Decoder(self._root, self._kinds, dialects=given[1])
        return self._kept[1]

    def _since(self, start: int) -> list[_Batch]:
        return [batch for batch in (*self._earlier, *self._latest) if batch.times[-1] >= start]

    def _need_past(self) -> None:
        if not self._limit:
            raise RecordingError("this hub keeps no past; set HUB_PAST, to 32MiB for example")

    def recording(
        self, now: int, last: float, booth: str | None = None, kind: str | None = None
    ) -> Iterator[bytes]:
        """Return a recording of the `last` seconds before `now` (ns), in blocks.

        Raises:
            RecordingError: it is disabled.
        """
        self._need_past()
        messages = self.since(now - round(last * timestamps.SECOND))
        begin = {"recorded": timestamps.rfc3339(now, 6), "last": f"{last:g}s", "hub": __version__}
        return as_mcap(messages, self._kinds, self._root, begin, booth=booth, kind=kind)


def _size(messages: Sequence[Message]) -> int:
    return EACH * len(messages) + sum([len(message.payload) for message in messages])


def _recorded(batch: _Batch, decoder: Decoder) -> Iterator[Recorded]:
    for at, message in zip(batch.times, batch.messages, strict=True):
        if is_answer(message.topic):
            continue
        verdict = decoder.decode(message.topic, message.payload, at, message.retain)
        yield recorded(message, at, DUPLICATE if batch.duplicate else verdict_of(verdict))


class _Spool:
    """An output stream that is read back a block at a time."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._written = self.waiting = 0

    def write(self, data: bytes) -> None:
        self._blocks.append(data)
        self._written += len(data)
        self.waiting += len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Do nothing: there is no buffer to flush."""

    def pop(self) -> bytes:
        taken = b"".join(self._blocks)
        self._blocks.clear()
        self.waiting = 0
        return taken


def as_mcap(
    messages: Iterable[Recorded],
    kinds: Mapping[str, KindSpec],
    root: str,
    begin: Mapping[str, str],
    *,
    booth: str | None = None,
    kind: str | None = None,
) -> Iterator[bytes]:
    """Yield a recording of the messages in blocks, filtered by booth and kind if given."""
    spool = _Spool()
    writer = Writer(spool, kinds, root=root, begin=begin)
    for message in messages:
        if booth is not None or kind is not None:
            names = names_of(root, message.topic)
            if booth not in {None, names.booth} or kind not in {None, names.kind}:
                continue
        writer.add(message)
        if spool.waiting >= _BLOCK:
            yield spool.pop()
    writer.close()
    yield spool.pop()
