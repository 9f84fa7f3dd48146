"""Publishes many messages in order, each once, and reconnects: for recordings played to a broker.

MQTT 5 on the codec: packets in batches, as many in flight as the broker's Receive Maximum allows.
The session outlives the connection, so what was not acknowledged is retransmitted with the same
packet identifier; see `hub.mqtt.inflight` for exactly-once delivery.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping, Sequence

from hub.errors import BrokerError
from hub.limits.backoff import Backoff
from hub.mqtt.codec import (
    ConnectPacket,
    DisconnectPacket,
    PubAckPacket,
    PubCompPacket,
    PublishPacket,
    PubRecPacket,
)
from hub.mqtt.connecting import Broker, describe_error, tls_context
from hub.mqtt.inflight import Answer, InFlight
from hub.mqtt.outgoing import Outgoing, Terms, publish
from hub.mqtt.session import Session

WINDOW = 1_000
"""Messages sent ahead of their answers, at most; Mosquitto searches all of them for each message
of QoS 2, so more is not quicker."""
BATCH = 64
"""Messages that gather before they are written."""
KEEP_ALIVE = 15
SESSION_EXPIRY = 3_600
CONNECT_TIMEOUT = 10.0
FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
_ANSWERS = (PubAckPacket, PubRecPacket, PubCompPacket)


class _Link(Session):
    """One connection: passes the broker's answers to the publisher."""

    def __init__(
        self,
        connect: ConnectPacket,
        answered: Callable[[Sequence[Answer]], None],
        room: Callable[[], None],
    ) -> None:
        super().__init__(connect, _nothing)
        self._answered = answered
        self._room = room
        self._received: list[Answer] = []
        self.full = False

    @property
    def over(self) -> bool:
        """Whether the connection is closed; its owner may not know yet."""
        return self._closed.done()

    def _control(self, packet: object) -> None:
        if isinstance(packet, _ANSWERS):
            self._received.append(packet)
        else:
            super()._control(packet)

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on the answers in the bytes read as one batch."""
        super().buffer_updated(nbytes)
        received, self._received = self._received, []
        if received:
            self._answered(received)

    def pause_writing(self) -> None:
        """Accept no more: the send buffer is full, the broker reads slowly."""
        self.full = True

    def resume_writing(self) -> None:
        """Accept messages again."""
        self.full = False
        self._room()

    def send(self, data: bytes) -> None:
        """Write packets."""
        self._write(data)

    def end_session(self) -> None:
        """End the connection and the session with it (3.14.2.2.2)."""
        if not self._closed.done():
            self._write(DisconnectPacket(session_expiry_interval=0).write())
        self.close()


def _nothing(_: Session, __: Sequence[PublishPacket]) -> None:
    """Nothing is subscribed, so nothing is received."""


class Publisher:
    """Publishes messages; `last_error` is why it cannot at the moment.

    `offer` enqueues messages in order; `room` waits until it accepts more, over faults of the
    broker too. `sent` counts accepted messages, `reconnects` new connections; see `state`.

    Args:
        broker: its address, and a client id that is new and unique there.
        once: sends QoS 1 as QoS 2, so that no fault duplicates a message; for a subscriber with
            QoS 1, as a hub is, it is the same. Otherwise what is in flight when the broker
            disconnects, `WINDOW` messages at most, is delivered twice.
    """

    def __init__(self, broker: Broker, *, once: bool = True) -> None:
        self._broker = broker
        self._once = once
        self._link: _Link | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._buffer: list[bytes] = []
        self._best_effort: list[bytes] = []
        self._room = asyncio.Event()
        self._window = WINDOW
        self._deferred = False
        self.state = InFlight()
        self.sent = 0
        self.reconnects = 0
        self.last_error: str | None = None

    @property
    def refused(self) -> Mapping[str, int]:
        """The number of messages that the broker refused, by reason."""
        return self.state.refused

    @property
    def notes(self) -> str:
        """Reconnections and losses, to report at the end; empty without any."""
        left, doubt = len(self.state), self.state.in_doubt
        return (
            (f"; connected again {self.reconnects} times" if self.reconnects else "")
            + (f"; {left:,} were not answered any more" if left else "")
            + (f"; the broker lost our session and may have lost {doubt:,}" if doubt else "")
        )

    # --- connecting

    async def open(self) -> None:
        """Connect.

        Raises:
            BrokerError: the broker is unreachable, or refuses.
        """
        try:
            await self._connect()
        except (BrokerError, OSError, TimeoutError) as exc:
            address = self._broker.address
            raise BrokerError(
                f"{address}: {describe_error(exc, address)}; is the broker running, "
                "and is the address right?"
            ) from exc
        self._keeping = asyncio.create_task(self._keep(), name="hub.publisher")

    async def _connect(self) -> None:
        address = self._broker.address
        connect = ConnectPacket(
            self._broker.client_id,
            username=address.username,
            password=address.password.encode() if address.password is not None else None,
            # Mosquitto does not keep a session that was opened with Clean Start over its restart.
            clean_start=False,
            keep_alive=KEEP_ALIVE,
            session_expiry_interval=SESSION_EXPIRY,
        )
        async with asyncio.timeout(CONNECT_TIMEOUT):
            _, link = await asyncio.get_running_loop().create_connection(
                lambda: _Link(connect, self._answered, self._room.set),
                address.host,
                address.port,
                ssl=tls_context(self._broker.ca) if address.tls else None,
            )
            try:
                present = await link.connected()
            except BaseException:
                link.close()
                raise
        self._begin(link, present)

    def _begin(self, link: _Link, present: bool) -> None:
        """Resume: retransmit what was in flight, then send what is buffered."""
        self._window = min(WINDOW, link.connack.receive_max)
        self.state.terms = Terms.of(link.connack)
        self._buffer = [*self.state.resend(present=present), *self._best_effort]
        self._link, self.last_error = link, None
        self.flush()
        self._room.set()

    async def _keep(self) -> None:
        """Stay connected until cancelled."""
        while self._link is not None:
            pinging = asyncio.create_task(self._link.keep_alive_forever(), name="hub.keep_alive")
            try:
                end = await self._link.closed()
            finally:
                pinging.cancel()
            self._link = None
            self.last_error = f"{self._broker.address}: {end or 'closed'}"
            await self._reconnect()

    async def _reconnect(self) -> None:
        backoff = Backoff(FIRST_DELAY, LONGEST_DELAY, random.random)
        while self._link is None:
            await asyncio.sleep(backoff.pause())
            try:
                await self._connect()
                self.reconnects += 1
            except Exception as exc:
                self.last_error = (
                    f"{self._broker.address}: {describe_error(exc, self._broker.address)}"
                )

    # --- publishing

    def offer(self, message: Outgoing) -> bool:
        """Enqueue a message; False when there is no room for it now: see `room`."""
        link, state = self._link, self.state
        if link is None or link.over or link.full or len(state) >= self._window:
            return False
        qos = message.qos
        if qos == 1 and self._once:
            qos = 2
        qos = min(qos, state.terms.max_qos)
        # A broker forwards QoS 2 at PUBREL, the others at once: wait, to keep the order.
        if (qos == 2) is not self._deferred and len(state):
            return False
        self._deferred = qos == 2
        self.sent += 1
        try:
            packet = state.add(message, qos) if qos else publish(message, 0, None, state.terms)
        except BrokerError as exc:
            state.refused[str(exc)] += 1
            return True
        self._buffer.append(packet)
        if not qos:
            self._best_effort.append(packet)
        if len(self._buffer) >= BATCH:
            self.flush()
        return True

    def flush(self) -> None:
        """Send what is buffered."""
        if self._link is None or self._link.over or not self._buffer:
            return
        self._link.send(b"".join(self._buffer))
        self._buffer.clear()
        self._best_effort.clear()

    async def room(self) -> None:
        """Send what is buffered, and wait until something changes."""
        self.flush()
        self._room.clear()
        await self._room.wait()

    def _answered(self, answers: Sequence[Answer]) -> None:
        releases = self.state.on_answers(answers)
        if releases and self._link is not None:
            self._link.send(releases)
        # At half of the window, so that packets leave by the hundred and not one by one.
        if len(self.state) <= self._window // 2:
            self._room.set()

    async def settled(self) -> None:
        """Wait until every accepted message is written, and acknowledged if QoS 1 or 2."""
        self.flush()  # QoS 0 has no acknowledgement that would wake us
        while self._buffer or self.state or self._link is None:
            await self.room()

    async def close(self, deadline: float = 5.0) -> None:
        """End the connection and the session; what is in flight has `deadline` seconds left."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self.settled()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        if self._link is not None:
            self._link.end_session()
            self._link = None
