"""Records the messages of a broker: none is acknowledged before it is on disk."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from hub.clock import STRIDE, Arrivals, Clock
from hub.messages import Connection, Message
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.mqtt.gathering import PROMPT
from hub.pipeline.decode import Decoder
from hub.pipeline.fence import DecodeFence
from hub.pipeline.redelivery import Redeliveries, digests
from hub.recording.layout import DUPLICATE, Gap
from hub.recording.received import is_answer, recorded, verdict_of
from hub.recording.rotation import Files

FLUSH = 1.0
"""The most seconds until a received message is on disk."""
_TICK = 0.02
_WINDOW = 16
IN_HAND = 16_384
"""Messages that wait to be written at which reading from the broker stops."""
SESSION_LOST = "the broker forgot the session: messages of every QoS may be missing"
PAUSED = "reading was paused because the disk was too slow: messages with QoS 0 may be missing"
CONNECTION_LOST = "the connection was lost: messages with QoS 0 may be missing"


class _Received(NamedTuple):
    """A message to write, received at `at` (ns)."""

    connection: Connection
    at: int
    message: Message


class Recorder:
    """Receives batches from a source, writes them, then acknowledges them.

    Args:
        files: the files to write.
        decoder: computes the verdicts.
        clock: the clock of the times of receipt.
    """

    def __init__(self, files: Files, decoder: Decoder, clock: Clock) -> None:
        self._files = files
        self._decoder = decoder
        self._clock = clock
        self._arrivals = Arrivals(clock)
        self._redeliveries = Redeliveries(RECEIVE_MAXIMUM)
        self._fence = DecodeFence("")  # what a recording keeps of a verdict names no booth
        self._connection: Connection | None = None
        # None marks a new session (Session Present = 0): nothing before it is retransmitted.
        self._waiting = deque[_Received | None]()
        self._gaps = deque[Gap]()
        self._lost_at: int | None = None
        self._paused_at: int | None = None
        self._forgotten = False
        self._quiet = 0
        self._lock = threading.Lock()
        self.received = 0
        self.reconnects = 0

    # --- what the source calls

    async def on_session_lost(self) -> None:
        """CONNACK had Session Present = 0: the messages queued at the broker are lost."""
        self._forgotten = True
        self._waiting.append(None)

    def noticed(self, connected: bool) -> None:
        """The connection was lost or restored."""
        if not connected:
            self._lost_at = self._clock.now()
        elif self._lost_at is not None:
            why = SESSION_LOST if self._forgotten else CONNECTION_LOST
            self._gaps.append(Gap(self._lost_at, self._clock.now(), why))
            self._lost_at = None
            self.reconnects += 1
        self._forgotten = self._forgotten and not connected

    def receive(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Enqueue a batch in order of receipt; never blocks."""
        first = self._arrivals.allocate(len(messages), self._clock.now())
        self._waiting.extend(
            [_Received(connection, first + n * STRIDE, item) for n, item in enumerate(messages)]
        )
        self.received += len(messages)
        self._quiet = 0
        connection.receive_within(PROMPT)  # so that a replay is true to the time of each
        if len(self._waiting) >= IN_HAND:
            connection.pause()
            self._paused_at = self._paused_at or self._clock.now()

    # --- writing

    async def run(self) -> None:
        """Write until cancelled; call `close` afterwards.

        Raises:
            RecordingError: the file cannot be written; what waits is not acknowledged.
        """
        loop = asyncio.get_running_loop()
        flushed = loop.time()
        while True:
            await asyncio.sleep(_TICK)
            self._quiet += 1
            if self._due(loop.time() - flushed):
                flushed = loop.time()
                await self._keep()

    def _due(self, since: float) -> bool:
        # A broker with a small window (Mosquitto's is 20) sends no more until we acknowledge.
        stalled = self._quiet > 1 and len(self._waiting) >= _WINDOW
        return since >= FLUSH or stalled or len(self._waiting) >= IN_HAND // 2

    async def _keep(self) -> None:
        received = await asyncio.to_thread(self._write)
        for connection, group in groupby(received, key=lambda item: item.connection):
            ids = [item.message.packet_id for item in group]
            connection.acknowledge([number for number in ids if number is not None])
            connection.resume()
        if self._paused_at is not None and received:
            self._gaps.append(Gap(self._paused_at, self._clock.now(), PAUSED))
            self._paused_at = None

    def _write(self) -> list[_Received]:
        """Write and sync what is queued, and return it; one thread at a time, to keep the order."""
        with self._lock:
            gaps = [self._gaps.popleft() for _ in range(len(self._gaps))]
            batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not batch and not gaps:
                return []
            for gap in gaps:
                self._files.add_gap(gap)
            for item in batch:
                if item is None:
                    self._redeliveries.forget()
                else:
                    self._record(item)
            self._redeliveries.pop_unsaved()  # which the hub would keep on disk
            self._files.flush()
            return [item for item in batch if item is not None]

    def _record(self, item: _Received) -> None:
        message = item.message
        if item.connection is not self._connection:
            self._connection = item.connection
            self._redeliveries.resumed()
        verdict = self._verdict(item.at, message)
        if not is_answer(message.topic):
            self._files.add(recorded(message, item.at, verdict))

    def _verdict(self, at: int, message: Message) -> str:
        if message.packet_id is not None:
            (digest,) = digests([message])
            if message.duplicate and self._redeliveries.seen(message.packet_id, digest) is not None:
                return DUPLICATE
            self._redeliveries.note([message.packet_id], [digest], [at])
        try:
            found = self._decoder.decode(message.topic, message.payload, at, message.retain)
        except BaseException as exc:
            found = self._fence.rejection(exc, message.topic, message.payload, at)
        return verdict_of(found)

    def close(self) -> None:
        """Write what is queued, and finish the file; waits for a running write."""
        if self._lost_at is not None:
            self._gaps.append(Gap(self._lost_at, self._clock.now(), CONNECTION_LOST))
            self._lost_at = None
        self._write()
        with self._lock:
            self._files.close()
