"""A quick client of the publishers: MQTT 5 and QoS 1 with the codec, or receipts.

It comes back by itself, and sends again what has no PUBACK yet.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Protocol

import mqtt5

WINDOW = 2_000
"""Readings that may be without an answer; then a publisher waits."""
_RETRY = 0.2
_REPEAT = 1.0
"""Seconds without a receipt after which a reading is sent again."""

Reading = tuple[int, int]
"""Which device, and the number of its reading."""


class Journal(Protocol):
    """Where a client says what became of its readings."""

    def acknowledged(self, reading: Reading) -> None:
        """It has its PUBACK, or its receipt where these are asked for."""
        ...

    def again(self, reading: Reading) -> None:
        """It is sent a second time."""
        ...


Message = Callable[[Reading], tuple[str, bytes]]
"""Makes topic and payload of a reading, the same each time."""


class Quick(asyncio.Protocol):
    """MQTT 5, QoS 1, with the codec: about 10 µs a reading.

    With `receipts` (a filter for the Response Topics) a reading counts as acknowledged by the hub's
    receipt alone, and is sent again under a new packet identifier until it has one; `waits` are the
    seconds that each receipt took.
    """

    def __init__(
        self,
        port: int,
        client_id: str,
        message: Message,
        journal: Journal,
        receipts: str = "",
        will: mqtt5.Will | None = None,
        retry: float = _RETRY,
    ) -> None:
        self._retry = retry
        self._port = port
        self._message = message
        self._journal = journal
        self._receipts = receipts
        self._connect = mqtt5.ConnectPacket(client_id, session_expiry_interval=3600, will=will)
        self._in_flight: dict[int, Reading] = {}
        self._unsent: set[int] = set()
        self._unanswered: dict[Reading, float] = {}
        self._asked: dict[Reading, float] = {}
        self.waits: list[float] = []
        self._ids = deque(range(1, 65_536))
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self._open = False

    def waiting(self) -> int:
        """Return how many readings are without an answer."""
        return max(len(self._in_flight), len(self._unanswered))

    def ready(self) -> bool:
        """Whether another reading may be published."""
        return self._open and self.waiting() < WINDOW

    async def run(self) -> None:
        """Stay connected until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if self._transport is None:
                try:
                    await loop.create_connection(lambda: self, "127.0.0.1", self._port)
                except OSError:
                    self._transport = None
            await asyncio.sleep(self._retry)
            if self._open and self._receipts:
                self._repeat(loop.time())

    def publish(self, reading: Reading) -> None:
        """Publish a reading for the first time."""
        if self._receipts:
            self._unanswered[reading] = asyncio.get_running_loop().time()
            self._asked.setdefault(reading, self._unanswered[reading])
        packet_id = self._ids.popleft()
        self._in_flight[packet_id] = reading
        if self._open:
            self._send(packet_id, reading, duplicate=False)
        else:
            self._unsent.add(packet_id)

    def shake(self) -> None:
        """Lose the connection, as a device does that goes out of range."""
        if self._transport is not None:
            self._transport.abort()

    def _send(self, packet_id: int, reading: Reading, *, duplicate: bool) -> None:
        assert self._transport is not None
        topic, payload = self._message(reading)
        packet = mqtt5.PublishPacket(
            topic,
            payload,
            qos=mqtt5.QoS.AT_LEAST_ONCE,
            packet_id=packet_id,
            duplicate=duplicate,
            response_topic=self._receipt_topic(reading) if self._receipts else None,
            correlation_data=b"%d %d" % reading if self._receipts else None,
        )
        self._transport.write(packet.write())

    def _repeat(self, now: float) -> None:
        late = [item for item, sent in self._unanswered.items() if now - sent > _REPEAT]
        for reading in late:
            if len(self._in_flight) >= WINDOW:
                return
            self._journal.again(reading)
            self.publish(reading)

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open with CONNECT."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._rest = b""
        transport.write(self._connect.write())

    def connection_lost(self, exc: Exception | None) -> None:
        """What was published is sent again on the next connection."""
        self._transport, self._open = None, False

    def data_received(self, data: bytes) -> None:
        """Take answers."""
        view, start = memoryview(self._rest + data), 0
        try:
            while start < len(view):
                packet, size = mqtt5.read(view[start:])
                start += size
                self._take(packet)
        except IndexError:
            pass
        self._rest = bytes(view[start:])

    def _take(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.ConnAckPacket():
                self._connected(packet.session_present)
            case mqtt5.PubAckPacket():
                self._puback(packet.packet_id, int(packet.reason_code))
            case mqtt5.PublishPacket():
                self._receipt(packet)

    def _connected(self, present: bool) -> None:
        assert self._transport is not None
        if self._receipts:  # each time: a broker that was killed may know the session and not this
            wanted = mqtt5.TopicFilter(self._receipts, max_qos=mqtt5.QoS.AT_MOST_ONCE)
            self._transport.write(mqtt5.SubscribePacket(1, [wanted]).write())
        for packet_id, reading in self._in_flight.items():  # MQTT-4.4.0-1, in order
            again = packet_id not in self._unsent
            if again:
                self._journal.again(reading)
            self._send(packet_id, reading, duplicate=present and again)
        self._unsent.clear()
        self._open = True

    def _puback(self, packet_id: int, code: int) -> None:
        reading = self._in_flight.pop(packet_id, None)
        if reading is None:
            return
        self._ids.append(packet_id)
        if code < 128 and not self._receipts:
            self._journal.acknowledged(reading)

    def _receipt(self, packet: mqtt5.PublishPacket) -> None:
        device, number = map(int, (packet.correlation_data or b"0 -1").split())
        reading = (device, number)
        if reading not in self._unanswered or packet.topic != self._receipt_topic(reading):
            return  # for another publisher of the booth, whose readings have the same numbers
        if json.loads(packet.payload).get("stored"):
            del self._unanswered[reading]
            now = asyncio.get_running_loop().time()
            self.waits.append(now - self._asked.pop(reading))
            self._journal.acknowledged(reading)

    def _receipt_topic(self, reading: Reading) -> str:
        return f"{self._message(reading)[0]}/receipts"
