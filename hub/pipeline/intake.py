"""Intake: decides on each message from the broker, in order of receipt."""

import logging
from collections.abc import Callable, Sequence
from itertools import count

from msgspec.structs import replace

from hub.clock import STRIDE, Arrivals
from hub.messages import Connection, Message, Reading, Rejection, Translated
from hub.mqtt.conformance import Conformance
from hub.mqtt.gathering import PROMPT, STAMPED
from hub.pipeline.batch import Batch, Counted, Decision, Receipt
from hub.pipeline.decode import Decoder
from hub.pipeline.fence import DecodeFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import REJECTION_BYTES, Quotas
from hub.pipeline.redelivery import Redeliveries, digests

Tap = Callable[[int, Sequence[Message], bool], None]
"""Called with messages as they came: the time of the first in ns (each of the others is `STRIDE`
later), the messages, and whether they were kept before."""

log = logging.getLogger("hub.pipeline.intake")


class Intake:
    """Decides on each message: surplus, a duplicate, or the decoder's verdict.

    Args:
        decoder: turns a message into a verdict.
        outbox: discards the known deliveries of a lost session.
        arrivals: the times of arrival.
        redeliveries: the latest deliveries of the session, by packet identifier.
        conformance: checks whether the broker conforms to what that relies on.
        decided: called with each batch, to be committed.
        quotas: the rate limit of each booth.
        fence: turns an unforeseen error of the decoder into a rejection.
        tap: called with the messages, undecoded.
    """

    def __init__(
        self,
        decoder: Decoder,
        outbox: AsyncOutbox,
        arrivals: Arrivals,
        redeliveries: Redeliveries,
        conformance: Conformance,
        decided: Callable[[Batch], None],
        quotas: Quotas | None = None,
        fence: DecodeFence | None = None,
        tap: Tap | None = None,
    ) -> None:
        self._decode = decoder.decode
        self._outbox = outbox
        self._arrivals = arrivals
        self._redeliveries = redeliveries
        self._conformance = conformance
        self._decided = decided
        self._quotas = quotas or Quotas("")
        self._fence = fence or DecodeFence("")
        self._tap = tap
        self._new_session = False
        self._connection: Connection | None = None

    async def on_session_lost(self) -> None:
        """CONNACK had Session Present = 0: discard known deliveries, on disk too.

        Awaited before SUBSCRIBE, so that a crash afterwards finds none of them.

        Raises:
            OutboxError: they could not be discarded; the connection must not be used.
        """
        self._new_session = True
        self._redeliveries.forget()
        await self._outbox.forget_deliveries()

    def receive(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Decide on a batch of messages in order of receipt; never blocks."""
        if connection is not self._connection:
            self._connected(connection)
        packet_ids = [item.packet_id for item in messages if item.packet_id is not None]
        batch = Batch(connection, len(messages), packet_ids)
        duplicates = any([item.duplicate for item in messages])  # noqa: C419 - twice as quick
        if packet_ids:
            first = duplicates and next(item for item in messages if item.packet_id is not None)
            self._watch(packet_ids, duplicate=bool(first and first.duplicate))
        if duplicates:
            messages = self._sort_out_redelivered(batch, messages)
        if messages:
            self._decide(batch, messages)
        if batch.receipts:
            connection.receive_within(PROMPT)
        self._decided(batch)

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

    def _sort_out_redelivered(self, batch: Batch, messages: Sequence[Message]) -> list[Message]:
        """Return the messages that are new; duplicates only get their receipt again."""
        new = []
        for message in messages:
            kept_at = None
            if message.duplicate and message.packet_id is not None:
                kept_at = self._redeliveries.seen(message.packet_id, digests([message])[0])
            if kept_at is None:
                new.append(message)
                continue
            batch.duplicate += 1
            if self._tap is not None:
                self._tap(self._arrivals.now(), [message], True)
            if message.response_topic is not None:
                # 0 is a rejection, which has no time.
                decision = self._judge(message, kept_at or self._arrivals.now(), None)
                decision = _answered(decision)
                if isinstance(decision, Reading) and kept_at:
                    decision = replace(decision, ts=kept_at)
                _add_receipt(batch, message, decision)
        return new

    def _judge(self, message: Message, arrival: int, now: int | None) -> Decision:
        try:
            return self._decode(message.topic, message.payload, arrival, message.retain, now)
        except BaseException as exc:
            return self._fence.rejection(exc, message.topic, message.payload, arrival)

    def _decide(self, batch: Batch, messages: Sequence[Message]) -> None:
        """Decide on each new message, and note what identifies its redelivery."""
        passed = self._arrivals.monotonic()
        surplus = self._quotas.sort(messages, passed)
        if surplus is not None:
            messages, batch.delayed, batch.dropped = surplus
            if not messages:  # all of it was dropped
                return
        now = self._arrivals.now()
        first = self._arrivals.allocate(len(messages), now)
        if self._tap is not None:
            self._tap(first, messages, False)
        # Inlined and bound to locals: this loop is the cost of a reading.
        decode, decisions = self._decode, list[Decision]()
        add = decisions.append
        for message, arrival in zip(messages, count(first, STRIDE), strict=False):
            try:  # free while nothing is raised
                add(decode(message.topic, message.payload, arrival, message.retain, now))
            except BaseException as exc:
                add(self._fence.rejection(exc, message.topic, message.payload, arrival))
        batch.decide(decisions)
        stamped = range(first, first + STRIDE * len(messages))
        times = [item.ts for item in batch.readings]
        if any(map(stamped.__contains__, times)):
            batch.connection.receive_within(STAMPED)
        if not batch.only_readings:
            self._charge(batch, messages, passed)
        _add_receipts(batch, messages)
        self._note(batch, messages, times)

    def _charge(self, batch: Batch, messages: Sequence[Message], passed: int) -> None:
        """Charge booths for their rejections, and for what a message in a dialect is beyond one.

        Rejections of a booth above its quota are only counted.
        """
        for message, item in zip(messages, batch.decisions, strict=True):
            if isinstance(item, Translated):
                parts = len(item.readings) + len(item.statuses)
                more = max(parts - 1, 0) + len(message.payload) // REJECTION_BYTES
                if more:
                    self._quotas.charge(item.booth, more, passed)
        batch.decide(
            [
                Counted(item.booth, item.code.value)
                if isinstance(item, Rejection)
                and not self._quotas.keeps(item.booth, len(message.payload), passed)
                else item
                for message, item in zip(messages, batch.decisions, strict=True)
            ]
        )

    def _note(self, batch: Batch, messages: Sequence[Message], times: Sequence[int]) -> None:
        """Note the messages with their `times`, or those of the readings among them."""
        kept_at = times
        if not batch.only_readings:
            decisions = [*map(_answered, batch.decisions)]
            kept_at = [item.ts if type(item) is Reading else 0 for item in decisions]
        if len(batch.packet_ids) == len(messages) and not batch.duplicate:
            self._redeliveries.note(batch.packet_ids, digests(messages), kept_at)
            return
        acknowledged = [
            (message.packet_id, digest, at)
            for message, digest, at in zip(messages, digests(messages), kept_at, strict=True)
            if message.packet_id is not None  # QoS 0
        ]
        if acknowledged:
            self._redeliveries.note(*zip(*acknowledged, strict=True))


def _answered(decision: Decision) -> Decision:
    """What a receipt is about: of several readings in a message the first."""
    if isinstance(decision, Translated) and decision.readings:
        return decision.readings[0]
    return decision


def _add_receipts(batch: Batch, messages: Sequence[Message]) -> None:
    if any([item.response_topic is not None for item in messages]):  # noqa: C419 - quicker
        for message, decision in zip(messages, batch.decisions, strict=True):
            _add_receipt(batch, message, decision)


def _add_receipt(batch: Batch, message: Message, decision: Decision) -> None:
    topic, decision = message.response_topic, _answered(decision)
    if topic is None or not isinstance(decision, Reading | Rejection) or decision.address is None:
        return
    answer = decision.ts if isinstance(decision, Reading) else decision
    batch.receipts.append(Receipt(topic, message.correlation_data, decision.address, answer))
