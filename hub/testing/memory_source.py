"""A fake of the broker's session, in memory, for users' tests. Pure.

It acts only when called, so tests are deterministic. As a broker does, it keeps what was not
acknowledged, and retransmits it with DUP set on the next connection.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hub.messages import Connection

_IDENTIFIERS = 65_535


@dataclass(frozen=True, slots=True)
class MemoryMessage:
    """A PUBLISH; `packet_id` is None for QoS 0."""

    topic: str
    payload: bytes
    packet_id: int | None = None
    retain: bool = False
    duplicate: bool = False
    response_topic: str | None = None
    correlation_data: bytes | None = None
    subscription_ids: tuple[int, ...] = ()


Receive = Callable[[Connection, Sequence[MemoryMessage]], None]


class MemoryConnection:
    """One connection of the session; once it is closed, acknowledgements on it are lost."""

    def __init__(self, receive: Receive, acknowledged: Callable[[int], None]) -> None:
        self._receive = receive
        self._acknowledged = acknowledged
        self._held: list[Sequence[MemoryMessage]] = []
        self.paused = False
        self.cut = False

    def hand_over(self, messages: Sequence[MemoryMessage]) -> None:
        """Deliver a batch, or queue it while reading is paused."""
        self._held.append(messages)
        self._go_on()

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Acknowledge the packets in order."""
        for packet_id in packet_ids:
            if not self.cut:
                self._acknowledged(packet_id)

    def receive_within(self, seconds: float) -> None:
        """Nothing waits here."""

    def pause(self) -> None:
        """Queue what is sent."""
        self.paused = True

    def resume(self) -> None:
        """Deliver what is queued."""
        self.paused = False
        self._go_on()

    def _go_on(self) -> None:
        while self._held and not self.paused and not self.cut:
            self._receive(self, self._held.pop(0))


class MemorySource:
    """A session with one subscriber.

    `acknowledged` lists the identifiers acknowledged, in order; `in_flight` holds the messages that
    are not, in order of sending.

    Args:
        receive: called with each batch of messages, as `hub.pipeline.intake.Ingest.receive` is.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._latest_id = 0
        self.acknowledged: list[int] = []
        self.in_flight: dict[int, MemoryMessage] = {}
        self.connection = self._connect()

    def _connect(self) -> MemoryConnection:
        return MemoryConnection(self._receive, self._settle)

    def _settle(self, packet_id: int) -> None:
        self.in_flight.pop(packet_id, None)
        self.acknowledged.append(packet_id)

    def message(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        response_topic: str | None = None,
        correlation_data: bytes | None = None,
    ) -> MemoryMessage:
        """Return a message, with the next free identifier for QoS 1."""
        packet_id = self._next_id() if qos else None
        return MemoryMessage(
            topic, payload, packet_id, retain, False, response_topic, correlation_data
        )

    def _next_id(self) -> int:
        self._latest_id = self._latest_id % _IDENTIFIERS + 1
        return self._next_id() if self._latest_id in self.in_flight else self._latest_id

    def publish(self, topic: str, payload: bytes) -> MemoryMessage:
        """Send one message with QoS 1 and return it."""
        message = self.message(topic, payload)
        self.send([message])
        return message

    def send(self, messages: Sequence[MemoryMessage]) -> None:
        """Send messages in one batch."""
        self.in_flight |= {
            message.packet_id: message for message in messages if message.packet_id is not None
        }
        self.connection.hand_over(messages)

    def cut(self) -> None:
        """Close the connection; what is queued or not acknowledged is retransmitted."""
        self.connection.cut = True

    def reconnect(self, receive: Receive | None = None) -> None:
        """Resume the session, with another receiver if one is given; retransmit with DUP."""
        self.cut()
        self._receive = receive or self._receive
        self.connection = self._connect()
        again = [replace(message, duplicate=True) for message in self.in_flight.values()]
        if again:
            self.connection.hand_over(again)
