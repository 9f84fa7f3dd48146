"""Readings to measure with, and a publisher fast enough to make them."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Iterator
from typing import Any

from mqtt5 import ConnectPacket, PublishPacket, QoS, SubscribePacket, TopicFilter

from hub.mqtt.codec import ConnAckPacket, Framer, SubAckPacket

CLIENT_ID = "smartlife-hub"
TOPICS = "smartlife/v1/#"
_WINDOW = 2000
RECEIPTS = 50
"""Receipts that `steady` asks for in a second, about, if it does."""


def topics(devices: int) -> list[str]:
    """Return the topics of so many thermostats at 50 booths."""
    return [f"smartlife/v1/b{n % 50:02}/thermostat/t{n}" for n in range(devices)]


def payloads(seed: int = 1) -> list[bytes]:
    """Return 997 readings of a seven-field kind, each with other values."""
    rng = random.Random(seed)
    return [
        json.dumps(
            {
                "temperature": round(rng.uniform(15, 30), 2),
                "target": rng.randrange(18, 24) + 0.5,
                "humidity": round(rng.uniform(20, 70), 1),
                "mode": rng.choice(["heat", "off", "auto"]),
                "demand": round(rng.uniform(0, 100), 1),
                "window_open": rng.random() < 0.1,
                "battery": round(rng.uniform(20, 100), 1),
            }
        ).encode()
        for _ in range(997)
    ]


def messages(count: int, devices: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` topics and payloads, the devices taking turns."""
    pairs = zip(itertools.cycle(topics(devices)), itertools.cycle(payloads()), strict=False)
    return itertools.islice(pairs, count)


class Publisher(asyncio.Protocol):
    """Publishes with QoS 1, at most `_WINDOW` messages ahead of the broker.

    `receipts` are the seconds that receipts took, from the message's write to the receipt's read.
    """

    def __init__(self) -> None:
        self.receipts: list[float] = []
        self._framer = Framer()
        self._unacknowledged = 0
        self._room = asyncio.Event()
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for packet in self._framer.feed(data):
            if isinstance(packet, ConnAckPacket):
                self.connected.set_result(None)
            elif isinstance(packet, SubAckPacket):
                self.subscribed.set_result(None)
            elif isinstance(packet, PublishPacket):
                asked = float(bytes(packet.correlation_data or b"nan"))
                self.receipts.append(time.perf_counter() - asked)
            else:
                self._unacknowledged -= 1
        if self._unacknowledged < _WINDOW // 2:
            self._room.set()

    async def open(self, port: int, client_id: str, expiry: int = 0) -> "Publisher":
        """Connect to a broker on loopback."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", port)
        packet = ConnectPacket(client_id, session_expiry_interval=expiry, receive_max=1)
        self.transport.write(packet.write())
        await self.connected
        return self

    async def subscribe(self, pattern: str) -> None:
        """Subscribe with QoS 1."""
        packet = SubscribePacket(1, [TopicFilter(pattern, max_qos=QoS.AT_LEAST_ONCE)])
        self.transport.write(packet.write())
        await self.subscribed

    async def publish(
        self, topic: str, payload: bytes, packet_id: int, *, receipt: bool = False
    ) -> None:
        """Publish, asking for a receipt or not; waits while too much is unacknowledged."""
        asked = f"{time.perf_counter():.6f}".encode() if receipt else None
        packet = PublishPacket(
            topic,
            payload,
            qos=QoS.AT_LEAST_ONCE,
            packet_id=packet_id,
            response_topic=f"{topic}/receipts" if receipt else None,
            correlation_data=asked,
        )
        self.transport.write(packet.write())
        self._unacknowledged += 1
        if self._unacknowledged >= _WINDOW:
            self._room.clear()
            await self._room.wait()

    async def finish(self) -> None:
        """Wait for the last acknowledgement and close."""
        while self._unacknowledged:
            self._room.clear()
            await self._room.wait()
            await asyncio.sleep(0.005)
        self.transport.close()


async def queue(port: int, count: int, devices: int, client_id: str = CLIENT_ID) -> None:
    """Make a broker hold `count` messages for a client that is away."""
    loop = asyncio.get_running_loop()
    away = await Publisher().open(port, client_id, expiry=3600)
    await away.subscribe(TOPICS)
    away.transport.close()
    await asyncio.sleep(0.2)
    publisher = await Publisher().open(port, "bench-publisher")
    started = loop.time()
    for index, (topic, payload) in enumerate(messages(count, devices)):
        await publisher.publish(topic, payload, index % 60_000 + 1)
    await publisher.finish()
    print(f"   queued {count} messages in {loop.time() - started:.1f} s", flush=True)


async def steady(
    port: int, rate: int, seconds: float, devices: int, *, receipts: bool
) -> dict[str, Any]:
    """Publish `rate` readings a second, or as many as go if it is 0, each with its `ts` in ns.

    Some ask for a receipt if there are to be `receipts`. Returns how many were `sent`, in how many
    `seconds`, and how long `receipts` took (s).
    """
    publisher = await Publisher().open(port, "bench-steady")
    await publisher.subscribe("smartlife/v1/+/+/+/receipts")
    loop = asyncio.get_running_loop()
    started = loop.time()
    sent, asks = 0, max(rate // RECEIPTS, 1) if rate else 200
    for topic, payload in messages(1 << 40, devices):
        if sent % 20 == 0 or rate <= 1_000:
            gone = loop.time() - started
            if gone >= seconds:
                break
            ahead = sent / rate - gone if rate else 0
            if ahead > 0.0005:
                await asyncio.sleep(ahead)
        stamped = payload[:-1] + b', "ts": %d}' % time.time_ns()
        receipt = receipts and sent % asks == 0
        await publisher.publish(topic, stamped, sent % 60_000 + 1, receipt=receipt)
        sent += 1
    await publisher.finish()
    gone = loop.time() - started
    await asyncio.sleep(0.2)
    return {"sent": sent, "seconds": gone, "receipts": publisher.receipts}
