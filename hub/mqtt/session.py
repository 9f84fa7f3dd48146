"""One MQTT 5 connection as an asyncio protocol: receives batches, sends acknowledgements.

Everything that arrives in one read is handed over as one batch. When to acknowledge it is decided
elsewhere: `hub.pipeline.committer` calls `acknowledge` after the commit. Back-pressure is `pause`,
which stops reading from the socket; Mosquitto before 2.0.13 does not keep to Receive Maximum.
"""

import asyncio
import socket
from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from hub.errors import BrokerError, ProtocolError, SessionTaken
from hub.mqtt.codec import (
    ConnAckPacket,
    ConnectPacket,
    DisconnectPacket,
    Framer,
    PingReqPacket,
    PublishPacket,
    SubAckPacket,
    SubscribePacket,
    TopicFilter,
    UnsubscribePacket,
    pubacks,
)
from hub.mqtt.gathering import Gathering
from hub.mqtt.outgoing import Outgoing, Terms, publish
from hub.mqtt.reason_codes import SESSION_TAKEN_OVER, reason, refusal

SILENCE = 10.0
"""Seconds without a byte after which waiting for an answer is given up."""
BUFFER = 512 * 1024
"""Bytes of one read at most."""
WRITE_LIMIT = 1024 * 1024
OUTGOING = 16 * 1024
"""Bytes of packets published with QoS 0 that gather for one write, at most."""
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Of Linux; other kernels decide themselves."""
_FAILED = 128
_CLOSE_WAIT = 8

Receive = Callable[["Session", Sequence[PublishPacket]], None]


class Session(asyncio.BufferedProtocol):
    """A connection to the broker, from CONNECT to its end.

    Args:
        connect: the CONNECT packet to open with.
        receive: called with each batch of messages, in order of receipt.
    """

    def __init__(self, connect: ConnectPacket, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        self._connect = connect
        self._receive = receive
        self._framer = Framer()
        self._buffer = memoryview(bytearray(BUFFER))
        self._gathering: Gathering  # there once the connection is made
        self._outgoing = bytearray()
        self._transport: asyncio.Transport | None = None
        self._connack: asyncio.Future[ConnAckPacket] = loop.create_future()
        self._answers: dict[int, asyncio.Future[SubAckPacket]] = {}
        self._closed: asyncio.Future[Exception | None] = loop.create_future()
        self._heard = loop.time()
        self._next_id = 0
        self.keep_alive = connect.keep_alive

    # --- asyncio.BufferedProtocol: with asyncio.Protocol each read allocates 256 KiB

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send CONNECT."""
        self._transport = cast("asyncio.Transport", transport)
        self._gathering = Gathering(self._transport)
        self._transport.write(self._connect.write())

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the transport reads into; of a bytearray TLS would fill a copy."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Deliver the messages in the bytes read as one batch; handle every other packet here."""
        self._heard = asyncio.get_running_loop().time()
        if self._transport is not None:
            _tcp_quickack(self._transport)
        try:
            packets = self._framer.feed(self._buffer[:nbytes])
            messages = [packet for packet in packets if type(packet) is PublishPacket]
            if len(messages) != len(packets):
                for packet in packets:
                    self._control(packet)
            if messages:
                self._receive(self, messages)
                ahead = len([item for item in messages if item.packet_id is not None])
                self._gathering.received(len(messages), ahead, self._heard)
        except Exception as exc:
            self._fail(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail everything that waits for an answer: the connection is closed."""
        why = f": {exc}" if exc else ""
        if not self._connack.done():
            why += "; does it speak MQTT 5 at this port, and know this account?"
        self._finish(BrokerError(f"the broker closed the connection without a reason{why}"))

    # --- packets

    def _control(self, packet: object) -> None:
        match packet:
            case ConnAckPacket():
                self._connacked(packet)
            case SubAckPacket():
                answer = self._answers.pop(packet.packet_id, None)
                if answer is not None and not answer.done():
                    answer.set_result(packet)
            case DisconnectPacket():
                code = int(packet.reason_code)
                kind = SessionTaken if code == SESSION_TAKEN_OVER else BrokerError
                raise kind(f"the broker closed the connection: {reason(code)}")

    def _connacked(self, packet: ConnAckPacket) -> None:
        if self._connack.done():
            raise ProtocolError("the broker sent a second CONNACK")
        code = int(packet.reason_code)
        if code >= _FAILED:
            raise BrokerError(f"the broker refused the connection: {refusal(code)}")
        if packet.server_keep_alive is not None:
            self.keep_alive = packet.server_keep_alive
        self._connack.set_result(packet)

    def _fail(self, exc: Exception) -> None:
        self._finish(exc)
        if self._transport is not None:
            self._transport.abort()

    def _finish(self, exc: Exception) -> None:
        if not self._closed.done():
            self._closed.set_result(exc)
        futures: list[asyncio.Future[Any]] = [self._connack, *self._answers.values()]
        for waiting in futures:
            if not waiting.done():
                waiting.set_exception(exc)
                waiting.exception()  # so that asyncio logs none that nobody awaits

    # --- for the owner of the connection

    @property
    def connack(self) -> ConnAckPacket:
        """What the broker answered to CONNECT; there once `connected` has returned."""
        return self._connack.result()

    async def connected(self) -> bool:
        """Wait for CONNACK and return Session Present.

        Raises:
            BrokerError: the broker refused, with its reason, or closed the connection.
        """
        return (await asyncio.shield(self._connack)).session_present

    async def subscribe(
        self,
        filters: Sequence[TopicFilter],
        subscription_id: int | None = None,
        optional: Collection[str] = (),
    ) -> dict[str, str]:
        """Subscribe and wait for SUBACK; messages then carry the Subscription Identifier.

        It is omitted if Subscription Identifiers Available is 0. Returns the `optional` patterns
        that the broker refused, with its reasons.

        Raises:
            BrokerError: the broker refused another filter; the message names it.
        """
        if not self._connack.result().subscription_id_available:
            subscription_id = None
        packet = SubscribePacket(self._packet_id(), list(filters), subscription_id=subscription_id)
        answer = await self._ask(packet)
        codes = answer.reason_codes
        if len(codes) != len(filters):  # MQTT-3.9.3-1: one for each filter
            raise ProtocolError(f"the broker gave {len(codes)} answers to {len(filters)} filters")
        refused: dict[str, str] = {}
        for topic_filter, code in zip(filters, codes, strict=True):
            if int(code) < _FAILED:
                continue
            said = reason(int(code))
            if topic_filter.pattern in optional:
                refused[topic_filter.pattern] = said
            else:
                raise BrokerError(f"the broker refused to subscribe {topic_filter.pattern}: {said}")
        return refused

    def unsubscribe(self, patterns: Sequence[str]) -> None:
        """Unsubscribe, without waiting: rumqttd sends no UNSUBACK for what was not subscribed."""
        self._write(UnsubscribePacket(self._packet_id(), list(patterns)).write())

    async def _ask(self, packet: SubscribePacket) -> SubAckPacket:
        answer: asyncio.Future[SubAckPacket]
        answer = asyncio.get_running_loop().create_future()
        self._answers[packet.packet_id] = answer
        self._write(packet.write())
        while not answer.done():
            await asyncio.wait({answer}, timeout=SILENCE / 4)
            silent = asyncio.get_running_loop().time() - self._heard >= SILENCE
            if silent and not (answer.done() or self._gathering.held):
                raise TimeoutError
        return await answer

    def _packet_id(self) -> int:
        self._next_id = self._next_id % 0xFFFF + 1
        return self._next_id

    def _write(self, data: bytes | bytearray) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if not transport.is_reading() and _closed_by_peer(transport):
            # A write would be answered with RST, which discards what we have not read: its reason.
            self._gathering.read_on()
        else:
            transport.write(data)

    async def closed(self) -> Exception | None:
        """Wait until the connection is closed; return why, or None if we closed it.

        An error other than BrokerError was raised by the receiver, or is unforeseen.
        """
        return await asyncio.shield(self._closed)

    async def keep_alive_forever(self) -> None:
        """Send PINGREQ within Keep Alive, and close a connection without an answer.

        While reading is paused no answer can be received, so silence proves nothing. That it has
        ended is seen then too; what was not read of it comes again with the session.
        """
        loop = asyncio.get_running_loop()
        while not self._closed.done():
            await asyncio.sleep(max(self.keep_alive, 1) / 2)
            silent = loop.time() - self._heard
            if not self._gathering.held and silent > 1.5 * max(self.keep_alive, 1):
                self._fail(BrokerError(f"the broker has been silent for {silent:.0f} s"))
            transport = self._transport
            if self._gathering.held and transport is not None and _closed_by_peer(transport):
                self._fail(BrokerError("the broker closed the connection without a reason"))
            self._write(PingReqPacket().write())

    def close(self, *, forget: bool = False) -> None:
        """Send DISCONNECT and close, keeping the session or not; safe to call twice."""
        if not self._closed.done():
            self._closed.set_result(None)
        self._flush()
        # 0 ends the session with the connection (MQTT-3.14.2.2.2).
        expiry = 0 if forget else None
        self._write(DisconnectPacket(session_expiry_interval=expiry).write())
        if self._transport is not None:
            self._transport.close()

    # --- hub.messages.Connection

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Acknowledge messages, in order of receipt (MQTT-4.6.0-2)."""
        if not self._closed.done():
            self._write(pubacks(packet_ids))
            self._gathering.acknowledged(len(packet_ids))

    def receive_within(self, seconds: float) -> None:
        """For the next minute, let messages wait in the socket for so long at most."""
        self._gathering.limit(seconds)

    def pause(self) -> None:
        """Stop reading from the broker."""
        self._gathering.hold()

    def resume(self) -> None:
        """Resume reading."""
        if self._gathering.held:
            self._heard = asyncio.get_running_loop().time()
            self._gathering.release()

    def publish(self, topic: str, payload: bytes, correlation_data: bytes | None = None) -> bool:
        """Publish with QoS 0; returns False if the broker reads too slowly or would refuse it."""
        transport = self._transport
        if self._closed.done() or transport is None or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > WRITE_LIMIT:
            return False
        message = Outgoing(topic, payload, 0, False, {"correlation_data": correlation_data})
        try:
            packet = publish(message, 0, None, Terms.of(self.connack))
        except BrokerError:
            return False
        if not self._outgoing:  # the answers to one batch in one write, which costs 50 µs
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing += packet
        if len(self._outgoing) >= OUTGOING:
            self._flush()
        return True

    def _flush(self) -> None:
        if self._outgoing:
            packets, self._outgoing = self._outgoing, bytearray()
            self._write(packets)


def _tcp_quickack(transport: asyncio.Transport) -> None:
    """Have the kernel acknowledge what was read: it is asked after each read, as tcp(7) says.

    A stock Mosquitto sends with Nagle's algorithm: it holds back its next answers until the last
    are acknowledged, and a kernel that delays that by 40 ms has it send 25 times a second.
    """
    connection = transport.get_extra_info("socket")
    if _QUICKACK is not None and connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)


def _closed_by_peer(transport: asyncio.Transport) -> bool:
    """Whether the broker has closed its side of the connection (TCP's state CLOSE-WAIT)."""
    connection = transport.get_extra_info("socket")
    state: bytes = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    return state[0] == _CLOSE_WAIT
