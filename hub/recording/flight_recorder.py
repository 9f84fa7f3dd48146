"""The flight recorder: keeps the latest messages, so that an incident can be saved afterwards."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import NamedTuple

from hub import __version__, timestamps
from hub.clock import STRIDE
from hub.errors import RecordingError
from hub.messages import Message
from hub.pipeline.decode import Decoder
from hub.recording.layout import DUPLICATE, Recorded, names_of
from hub.recording.received import is_answer, recorded, verdict_of
from hub.recording.writer import Writer
from schemas import KindSpec

EACH = 384
"""Bytes of memory of a message beside its payload, measured with short topics."""
_BLOCK = 64 * 1024


class _Batch(NamedTuple):
    """Received messages: the first at `first`, each `STRIDE` after the one before."""

    first: int
    messages: Sequence[Message]
    duplicate: bool
    size: int


class FlightRecorder:
    """Keeps the latest batches in about `limit` bytes of memory, undecoded; evicts the oldest.

    `size` is in bytes. A batch costs one addition for each message, 35 ns: nothing is decoded or
    copied before a snapshot is read.
    """

    def __init__(self, limit: int, root: str, kinds: Mapping[str, KindSpec]) -> None:
        self._batches = deque[_Batch]()
        self._limit = limit
        self._root = root
        self._kinds = kinds
        self.size = 0

    def tap(self, first: int, messages: Sequence[Message], duplicate: bool) -> None:
        """Keep a batch, in order of receipt."""
        size = EACH * len(messages) + sum([len(message.payload) for message in messages])
        self._batches.append(_Batch(first, messages, duplicate, size))
        self.size += size
        while self.size > self._limit:
            self.size -= self._batches.popleft().size

    def since(self, start: int) -> Iterator[Recorded]:
        """Return the messages since `start` (ns): a snapshot now, decoded lazily."""
        batches = [
            batch
            for batch in self._batches
            if batch.first + (len(batch.messages) - 1) * STRIDE >= start
        ]
        decoder = Decoder(self._root, self._kinds)
        messages = chain.from_iterable(_messages(batch, decoder) for batch in batches)
        return (message for message in messages if message.at >= start)

    def recording(
        self, now: int, last: float, booth: str | None = None, kind: str | None = None
    ) -> Iterator[bytes]:
        """Return a recording of the `last` seconds before `now` (ns), in blocks.

        Raises:
            RecordingError: it is disabled.
        """
        if not self._limit:
            raise RecordingError("this hub keeps no past; set HUB_PAST, to 32MiB for example")
        messages = self.since(now - round(last * timestamps.SECOND))
        begin = {"recorded": timestamps.rfc3339(now, 6), "last": f"{last:g}s", "hub": __version__}
        return as_mcap(messages, self._kinds, self._root, begin, booth=booth, kind=kind)


def _messages(batch: _Batch, decoder: Decoder) -> Iterator[Recorded]:
    for at, message in zip(count(batch.first, STRIDE), batch.messages, strict=False):
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
