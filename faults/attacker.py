"""One booth that does its worst within its quota, over MQTT and at the hub's web address.

Usage: python -m faults.attacker MQTT_PORT HTTP_PORT BOOTH TOKEN SHARE; it goes on until SIGTERM,
and then prints what was published and answered, as JSON. SHARE of what it publishes in the long
form is published, and asked of the web address.
"""

import asyncio
import contextlib
import itertools
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import NamedTuple

import mqtt5

_WINDOW = 500
_TICK = 0.02
_KIB = 1024
_GOOD = b'{"heart_rate": 60}'
_NESTED = b'{"a":[' + b",".join([b"[{}]"] * 13_000) + b"]}"
"""64 KiB with which a validator has a fault to tell of at 13,000 places."""
_UNKNOWN = b'{"heart_rate": 60' + b"".join(b', "field%d": 0' % at for at in range(3_800)) + b"}"
_STRINGS = json.dumps({"heart_rate": "6" * 30_000, "worn": ["x" * 30_000]}).encode()
_DEEP = b'{"heart_rate": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"


class Message(NamedTuple):
    """What is published; `topic` is what follows the booth's level."""

    topic: str
    payload: bytes
    response_topic: str | None = None
    qos: mqtt5.QoS = mqtt5.QoS.AT_LEAST_ONCE


def names() -> Iterator[Message]:
    """Yield readings of ever new devices."""
    return (Message(f"wearable/n{at}", _GOOD) for at in itertools.count())


def statuses() -> Iterator[Message]:
    """Yield births of ever new devices, and states that are none."""
    words = itertools.cycle([b"online", b"offline", b"\x00 perhaps"])
    return (Message(f"wearable/s{at}/status", next(words)) for at in itertools.count())


def small_rejections() -> Iterator[Message]:
    """Yield small messages that are rejected for all reasons: topic, kind, json and schema."""
    for at in itertools.count():
        yield Message(f"wearable/r{at}/too/many/levels", _GOOD)
        yield Message(f"wearable/a b{at}", _GOOD)
        yield Message(f"wearabel_{at}/r1", _GOOD)
        yield Message(f"wearable/r{at % 50}", b"\xff\xfe{")
        yield Message(f"wearable/r{at % 50}", b'{"heart_rate": %d}' % (10_000 + at))


def costly() -> Iterator[Message]:
    """Yield readings of almost 64 KiB that are costly to reject or to take."""
    bodies = itertools.cycle([_NESTED, _UNKNOWN, _NESTED, _STRINGS, _DEEP])
    for at, body in enumerate(bodies):
        yield Message(f"wearable/c{at % 5}", body)
        yield Message(f"kind_{at}/c1", body)


def too_large() -> Iterator[Message]:
    """Yield readings above 64 KiB."""
    body = _GOOD[:-1] + b" " * (64 * _KIB) + b"}"
    return (Message(f"wearable/l{at % 5}", body) for at in itertools.count())


def deep_answers() -> Iterator[Message]:
    """Yield readings that ask for an answer where a broker ends the connection of who publishes."""
    places = ("a/" * 250 + "a", "x" * 60_000, "$SYS/x", "smartlife/v1/calm/wearable/c1")
    for at, place in enumerate(itertools.cycle(places)):
        yield Message(f"wearable/d{at % 5}", _GOOD, place)
        yield Message(f"wearable/d{at % 5}", b"{}", place)


_STREAMS: dict[Callable[[], Iterator[Message]], float] = {
    names: 700,
    statuses: 50,
    small_rejections: 600,
    costly: 16,
    too_large: 3,
    deep_answers: 6,
}
"""Messages a second: below 1,400 and 1.7 MiB, where a booth may send 2,000 and 2 MiB."""


class Publisher(asyncio.Protocol):
    """Publishes a stream at its rate; whoever closes the connection gets another one."""

    def __init__(self, port: int, client_id: str) -> None:
        self._port = port
        self._connect = mqtt5.ConnectPacket(client_id, clean_start=True)
        self._transport: asyncio.Transport | None = None
        self._open = False
        self._rest = b""
        self._unacknowledged = 0
        self.counted = Counter[str]()

    async def run(self, booth: str, stream: Iterator[Message], rate: float) -> None:
        """Publish until cancelled."""
        loop = asyncio.get_running_loop()
        ids = itertools.cycle(range(1, 60_000))
        due, before = 0.0, loop.time()
        while True:
            if self._transport is None:
                with contextlib.suppress(OSError):
                    await loop.create_connection(lambda: self, "127.0.0.1", self._port)
            now = loop.time()
            due = min(due + (now - before) * rate, rate)
            before = now
            while due >= 1 and self._open and self._unacknowledged < _WINDOW:
                self._publish(booth, next(stream), next(ids))
                due -= 1
            await asyncio.sleep(_TICK)

    def _publish(self, booth: str, message: Message, packet_id: int) -> None:
        assert self._transport is not None
        packet = mqtt5.PublishPacket(
            f"smartlife/v1/{booth}/{message.topic}",
            message.payload,
            qos=message.qos,
            packet_id=packet_id,
            response_topic=message.response_topic,
            correlation_data=b"c" if message.response_topic else None,
        )
        self._transport.write(packet.write())
        self._unacknowledged += 1
        self.counted["published"] += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open with CONNECT."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._rest, self._unacknowledged = transport, b"", 0
        transport.write(self._connect.write())

    def connection_lost(self, exc: Exception | None) -> None:
        """The broker has had enough."""
        self._transport, self._open = None, False
        self.counted["connections lost"] += 1

    def data_received(self, data: bytes) -> None:
        """Count answers."""
        view, start = memoryview(self._rest + data), 0
        with contextlib.suppress(IndexError):
            while start < len(view):
                packet, size = mqtt5.read(view[start:])
                start += size
                if isinstance(packet, mqtt5.ConnAckPacket):
                    self._open = True
                elif isinstance(packet, mqtt5.PubAckPacket):
                    self._unacknowledged -= 1
        self._rest = bytes(view[start:])


class Web:
    """Clients of the hub's web address, with the booth's own link and without any."""

    def __init__(self, port: int, booth: str, token: str) -> None:
        self._port = port
        self._booth = booth
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        self.counted = Counter[str]()

    async def idle(self) -> None:
        """Hold a connection with a first byte, and another once it is closed."""
        await self._hold(b"G")

    async def refused(self) -> None:
        """Hold a connection after an answer 401 and a first byte."""
        await self._hold(b"GET /api/devices HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nG")

    async def stream(self) -> None:
        """Ask for the live stream, and read none of it."""
        await self._hold(f"GET /api/live?booth={self._booth} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def check(self) -> None:
        """Have the hub judge a costly message, again and again."""
        path = f"/api/kinds/wearable/check?booth={self._booth}"
        sizes = f"Content-Type: application/json\r\nContent-Length: {len(_NESTED)}\r\n"
        request = f"POST {path} HTTP/1.1\r\n{self._head}{sizes}\r\n".encode() + _NESTED
        while True:
            with contextlib.suppress(OSError, IndexError):
                async with self._opened(_KIB) as (reader, writer):
                    writer.write(request)
                    status = (await reader.readline()).split()[1].decode()
                    self.counted[f"check {status}"] += 1
            await asyncio.sleep(_TICK)

    async def _hold(self, begin: bytes) -> None:
        while True:
            with contextlib.suppress(OSError):
                async with self._opened(1) as (reader, writer):
                    writer.write(begin)
                    await writer.drain()
                    await asyncio.sleep(1)
                    while not reader.at_eof() and not writer.is_closing():
                        await asyncio.sleep(1)  # what has come stays where it is
            self.counted["closed by the hub"] += 1
            await asyncio.sleep(_TICK)

    @contextlib.asynccontextmanager
    async def _opened(
        self, limit: int
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=limit)
        try:
            yield reader, writer
        finally:
            writer.close()


async def attack(
    mqtt_port: int, http_port: int, booth: str, token: str, share: float
) -> Counter[str]:
    """Do all of it at once until SIGTERM; returns what was counted."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    web = Web(http_port, booth, token)
    clients = [web.idle] * 150 + [web.refused] * 50 + [web.stream] * 30
    clients += [web.check] * round(20 * share)
    publishers = {
        stream: Publisher(mqtt_port, f"attacker-{stream.__name__}") for stream in _STREAMS
    }
    running = [asyncio.create_task(client()) for client in clients]
    for stream, publisher in publishers.items():
        publishing = publisher.run(booth, stream(), _STREAMS[stream] * share)
        running.append(asyncio.create_task(publishing))
    await stop.wait()
    for task in running:
        task.cancel()
    ended = await asyncio.gather(*running, return_exceptions=True)
    failed = [item for item in ended if not isinstance(item, asyncio.CancelledError)]
    assert not failed, failed
    for stream, publisher in publishers.items():
        for what, count in publisher.counted.items():
            web.counted[f"{stream.__name__} {what}"] += count
    return web.counted


def main() -> None:
    """Attack as the arguments say."""
    mqtt_port, http_port, booth, token, share = sys.argv[1:]
    counted = asyncio.run(attack(int(mqtt_port), int(http_port), booth, token, float(share)))
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
