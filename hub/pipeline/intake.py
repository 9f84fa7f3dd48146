"""From the broker to the disk: decode what came, commit it, and only then acknowledge.

While one transaction is being written the next batch gathers, so the load itself sets the size of a
batch: one reading when it is quiet, thousands when it is not.
"""

import asyncio
import logging
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import count, groupby
from time import monotonic
from typing import Any, Protocol

from hub.clock import STRIDE, Arrivals
from hub.errors import OutboxError
from hub.limits.log_throttle import LogThrottle
from hub.messages import Commit, Connection, Lot, Message, Reading, Receipt, Rejection
from hub.mqtt.conformance import Conformance
from hub.pipeline.decode import Decoder, Verdict
from hub.pipeline.fence import DecodeFence
from hub.pipeline.quota import Quotas
from hub.pipeline.redelivery import Redeliveries, digests

IN_HAND = 16_384
"""Messages received and not yet committed at which reading from the broker stops; it goes on at
half of it."""
_RETRY = 0.5

log = logging.getLogger("hub.pipeline.intake")


class Keeper(Protocol):
    """The outbox, as far as it concerns this module."""

    async def commit(self, commit: Commit) -> None:
        """Keep everything in `commit`, or raise OutboxError."""
        ...

    async def forget_deliveries(self) -> None:
        """Keep nothing more of earlier deliveries, or raise OutboxError."""
        ...


class Ingest:
    """Decodes, commits and acknowledges.

    Args:
        decoder: turns a message into a verdict.
        outbox: where a batch is kept.
        arrivals: the times of arrival.
        redeliveries: the latest deliveries of the session, by packet identifier.
        conformance: watches whether the broker keeps to what that rests on.
        committed: called with each lot once it is on disk.
        quotas: what each booth may send.
        fence: what becomes of a message at which the decoder fails.
        tap: called with each batch as it came: the time of its first message in ns (each of the
            others is `STRIDE` later), the messages, and whether they were kept before.
    """

    def __init__(
        self,
        decoder: Decoder,
        outbox: Keeper,
        arrivals: Arrivals,
        redeliveries: Redeliveries,
        conformance: Conformance,
        committed: Callable[[Lot], None],
        quotas: Quotas | None = None,
        fence: DecodeFence | None = None,
        tap: Callable[[int, Sequence[Message], bool], None] | None = None,
    ) -> None:
        self._decode = decoder.decode
        self._outbox = outbox
        self._arrivals = arrivals
        self._redeliveries = redeliveries
        self._conformance = conformance
        self._committed = committed
        self._quotas = quotas or Quotas("")
        self._fence = fence or DecodeFence("")
        self._tap = tap
        self._pending: list[Lot] = []
        self._new_session = False
        self._connection: Connection | None = None
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused: set[Connection] = set()
        self.in_hand = 0
        self.last_error: OutboxError | None = None
        self._log_throttle = LogThrottle(monotonic)
        self._told = False

    async def on_session_lost(self) -> None:
        """CONNACK had Session Present = 0: forget known deliveries, on disk too.

        Awaited before SUBSCRIBE, so that a crash afterwards finds none of them.

        Raises:
            OutboxError: they could not be forgotten; the connection must not be used.
        """
        self._new_session = True
        self._redeliveries.forget()
        await self._outbox.forget_deliveries()

    def receive(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Take a batch of messages in order of receipt; never blocks."""
        if connection is not self._connection:
            self._connected(connection)
        if not any([message.duplicate for message in messages]):  # noqa: C419 - twice as quick
            lot = self._decided(connection, messages)
            if lot.packet_ids:
                self._watch(lot.packet_ids, duplicate=False)
            self._take_in(lot)
            return
        sure = [(item.packet_id, item.duplicate) for item in messages if item.packet_id is not None]
        if sure:
            self._watch([packet_id for packet_id, _ in sure], duplicate=sure[0][1])
        kept_at = [self._kept_before(message) for message in messages]
        decided = zip(messages, kept_at, strict=True)
        for again, group in groupby(decided, key=lambda item: item[1] is not None):
            part = list(group)
            if again:
                for message, at in part:
                    self._take_in(self._redelivered(connection, message, at or 0))
            else:
                self._take_in(self._decided(connection, [message for message, _ in part]))

    def _connected(self, connection: Connection) -> None:
        self._connection = connection
        self._redeliveries.resumed()
        self._conformance.connected(resumed=not self._new_session)
        if not self._new_session:
            self._quotas.resumed(self._arrivals.monotonic())
        self._new_session = False

    def _watch(self, packet_ids: Sequence[int], *, duplicate: bool) -> None:
        for breach in self._conformance.received(packet_ids, duplicate=duplicate):
            log.warning("%s", breach.message)

    def _kept_before(self, message: Message) -> int | None:
        """When a message was kept the first time; None if it is new."""
        if not message.duplicate or message.packet_id is None:
            return None
        return self._redeliveries.seen(message.packet_id, digests([message])[0])

    def _decided(  # noqa: C901 - one loop: see below
        self, connection: Connection, messages: Sequence[Message]
    ) -> Lot:
        """Decide on each message of a batch, and note by what its redelivery will be known."""
        lot = Lot(connection, len(messages))
        passed = self._arrivals.monotonic()
        surplus = self._quotas.sort(messages, passed)
        if surplus is not None:
            messages, lot.ignored = surplus.messages, surplus.dropped
        # Bound to locals: this loop is what a reading costs.
        decode, add, kept_at = self._decode, lot.readings.append, list[int]()
        note_time = kept_at.append
        now = self._arrivals.now()
        first = self._arrivals.take(len(messages), now)
        if self._tap is not None:
            self._tap(first, messages, False)
        for message, arrival in zip(messages, count(first, STRIDE), strict=False):
            try:  # costs nothing while it goes well
                verdict = decode(message.topic, message.payload, arrival, message.retain, now)
            except BaseException as exc:
                verdict = self._fence.rejection(exc, message.topic, message.payload, arrival)
            if isinstance(verdict, Reading):
                add(verdict)
                note_time(verdict.ts)
            else:
                note_time(0)
                if self._only_counted(lot, verdict, message, passed):
                    continue
                sort_in(lot, verdict)
            if message.response_topic is not None:
                _add_receipt(lot, message, verdict)
        if surplus is not None:
            lot.delayed = _places(kept_at, surplus.delayed)
        packet_ids: list[Any] = [message.packet_id for message in messages]
        columns: Any = (packet_ids, digests(messages), kept_at)
        if None in packet_ids:  # QoS 0
            acknowledged = [row for row in zip(*columns, strict=True) if row[0] is not None]
            columns = tuple(zip(*acknowledged, strict=True)) or ((), (), ())
        lot.packet_ids = list(columns[0])
        if lot.packet_ids:
            self._redeliveries.note(*columns)
        return lot

    def _only_counted(self, lot: Lot, verdict: Verdict, message: Message, passed: int) -> bool:
        """Charge the booth for a rejection; count it if the booth is above its quota."""
        if not isinstance(verdict, Rejection):
            return False
        if self._quotas.keeps(verdict.booth, len(message.payload), passed):
            return False
        lot.counted.append((verdict.booth, verdict.code.value))
        return True

    def _redelivered(self, connection: Connection, message: Message, kept_at: int) -> Lot:
        """Return a lot that only acknowledges a message kept before, and answers it again."""
        if self._tap is not None:
            self._tap(self._arrivals.now(), [message], True)
        lot = Lot(connection, 1)
        lot.packet_ids = [message.packet_id] if message.packet_id is not None else []
        lot.duplicate = 1
        if message.response_topic is not None:
            arrival = kept_at or self._arrivals.now()  # a rejection was kept under no time
            try:
                verdict = self._decode(message.topic, message.payload, arrival, message.retain)
            except BaseException as exc:
                verdict = self._fence.rejection(exc, message.topic, message.payload, arrival)
            if isinstance(verdict, Reading):
                verdict = verdict._replace(ts=kept_at)
            _add_receipt(lot, message, verdict)
        return lot

    def _take_in(self, lot: Lot) -> None:
        self._pending.append(lot)
        self.in_hand += lot.messages
        if self.in_hand >= IN_HAND or self.last_error is not None:
            lot.connection.pause()
            self._paused.add(lot.connection)
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Commit and acknowledge what gathers, until cancelled."""
        while True:
            await self._wake.wait()
            await self.step()

    async def step(self) -> None:
        """Commit and acknowledge what has gathered."""
        self._wake.clear()
        while self._pending:
            lots, self._pending = self._pending, []
            await self._commit(lots)
            self._finish(lots)
        self._idle.set()

    async def settled(self) -> None:
        """Wait until everything that was received is committed and acknowledged."""
        await self._idle.wait()

    async def _commit(self, lots: Sequence[Lot]) -> None:
        commit = self._gather(lots)
        while True:
            try:
                await self._outbox.commit(commit)
            except OutboxError as exc:
                if self.last_error is None:
                    self._tell(exc)
                self.last_error = exc
                self._pause_all(lots)
                await asyncio.sleep(_RETRY)
            else:
                break
        if self.last_error is not None:
            if self._told:
                log.warning("the outbox takes readings again")
            self.last_error = None

    def _tell(self, exc: OutboxError) -> None:
        # At its limit an outbox takes and refuses by turns, twice a second.
        self._told = self._log_throttle.due()
        if self._told:
            before = self._log_throttle.take_held_back()
            often = f" ({before} times more since it was last said)" if before else ""
            log.error("%s; nothing is acknowledged until it works again%s", exc, often)

    def _gather(self, lots: Iterable[Lot]) -> Commit:
        lines = [line for lot in lots for line in _undelayed(lot)]
        return Commit(
            lines=b"\n".join(lines),
            count=len(lines),
            delayed=[lot.readings[place].line for lot in lots for place in sorted(lot.delayed)],
            rejections=[item for lot in lots for item in lot.rejections],
            counted=sum(len(lot.counted) for lot in lots),
            delivered=self._redeliveries.take(),
            duplicate=sum(lot.duplicate for lot in lots),
            ignored=sum(lot.ignored for lot in lots),
            last_arrival=self._arrivals.last,
            arrivals=tuple(self._arrivals.lasts),
        )

    def _pause_all(self, lots: Iterable[Lot]) -> None:
        for lot in (*lots, *self._pending):
            lot.connection.pause()
            self._paused.add(lot.connection)

    def _finish(self, lots: Sequence[Lot]) -> None:
        # One write for each connection: acknowledged one by one, a broker also sends one by one.
        for connection, group in groupby(lots, key=lambda lot: lot.connection):
            packet_ids = [packet_id for lot in group for packet_id in lot.packet_ids]
            if packet_ids:
                connection.acknowledge(packet_ids)
                if connection is self._connection:
                    self._conformance.acknowledged(len(packet_ids))
        for lot in lots:
            self._committed(lot)
            self.in_hand -= lot.messages
        if self._paused and self.in_hand <= IN_HAND // 2:
            paused, self._paused = self._paused, set()
            for connection in paused:  # which may hand over at once, and be paused again
                connection.resume()


def _places(kept_at: Sequence[int], delayed: Container[int]) -> frozenset[int]:
    """The places among the readings of messages that must wait; a time of 0 is no reading's."""
    readings = [place for place, at in enumerate(kept_at) if at]
    return frozenset(place for place, message in enumerate(readings) if message in delayed)


def _undelayed(lot: Lot) -> list[bytes]:
    if not lot.delayed:
        return [item.line for item in lot.readings]
    return [item.line for place, item in enumerate(lot.readings) if place not in lot.delayed]


def sort_in(lot: Lot, verdict: Verdict) -> None:
    """Put a verdict where it belongs in a lot."""
    if isinstance(verdict, Reading):
        lot.readings.append(verdict)
        return
    if isinstance(verdict, Rejection):
        lot.rejections.append(verdict)
    else:
        lot.ignored += 1  # no reading: a state, a retained message, an answer of a hub
    if verdict is not None:
        lot.others.append((len(lot.readings), verdict))


def _add_receipt(lot: Lot, message: Message, verdict: object) -> None:
    topic = message.response_topic
    if topic is None or not isinstance(verdict, Reading | Rejection) or verdict.address is None:
        return
    answer = verdict.ts if isinstance(verdict, Reading) else verdict
    lot.receipts.append(Receipt(topic, message.correlation_data, verdict.address, answer))
