"""Viewers cost bounded memory and slow nobody: a thousand at once, and some that never read.

Real sockets to a hub in a process of its own, which starts with the usual limit of open files.
"""

import asyncio
import json
import resource
import socket
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as mqtt
import pytest

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until
from hub.web.routes.stream import MAX_VIEWERS

USUAL = 1024
"""Open files that a shell or systemd lets a process have, unless it asks for more."""
LIVE = b"GET /api/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
MIB = 2**20


@pytest.fixture(scope="module", autouse=True)
def files() -> Iterator[None]:
    """Room for a thousand sockets in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= 4 * MAX_VIEWERS, "raise ulimit -Hn"
    resource.setrlimit(resource.RLIMIT_NOFILE, (4 * MAX_VIEWERS, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def broker(tmp_path) -> Iterator[Mosquitto]:
    """A Mosquitto."""
    broker = Mosquitto(tmp_path / "mosquitto")
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture
def hub(tmp_path, broker) -> Iterator[Hub]:
    """A hub that starts with the usual limit."""
    hub = Hub(tmp_path / "hub", broker.url, quota_readings=0, quota_bytes=0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL, hard))
    try:
        hub.launch_hub()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        until(hub.well, f"the hub is well: {hub.said}")
        yield hub
    finally:
        hub.close()


@pytest.fixture
def publish(broker):
    """Publish readings: QoS 1, and wait until the broker has all."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()

    def published(topics, readings):
        sent = [client.publish(topic, reading, qos=1) for topic in topics for reading in readings]
        for item in sent:
            item.wait_for_publish(DEADLINE)

    yield published
    client.disconnect()
    client.loop_stop()


def address(hub):
    host, _, port = hub.url.removeprefix("http://").rpartition(":")
    return host, int(port)


async def watch(hub):
    """Open a stream and return it once it has begun, or what was answered instead."""
    reader, writer = await asyncio.open_connection(*address(hub))
    writer.write(LIVE)
    async with asyncio.timeout(DEADLINE):
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " in head:
            await reader.readuntil(b": welcome\n\n")
            return reader, writer, b""
        length = next(
            line for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"
        )
        body = await reader.readexactly(int(length.split()[1]))
        writer.close()
        return reader, writer, head + body


async def many(hub, number):
    found: list[Any] = []
    while len(found) < number:
        found += await asyncio.gather(*(watch(hub) for _ in range(min(50, number - len(found)))))
    return found


async def test_a_thousand_watch_and_the_next_is_told_clearly(hub, publish):
    before = hub.resident
    viewers = await many(hub, MAX_VIEWERS)
    try:
        assert [said for _, _, said in viewers if said] == []
        _, _, refused = await watch(hub)
        assert refused.startswith(b"HTTP/1.1 503 ")
        said = json.loads(refused.partition(b"\r\n\r\n")[2])
        assert said["error"] == "unavailable"
        assert "1000 streams are open" in said["message"]
        assert (await asyncio.to_thread(hub.health))[0] == 200
        topic = "smartlife/v1/b1/thermostat/t1"
        await asyncio.to_thread(publish, [topic], [b'{"temperature": 21.5}'])
        async with asyncio.timeout(DEADLINE):
            await asyncio.gather(*(r.readuntil(b"event: reading") for r, _, _ in viewers))
        assert hub.resident - before < 200 * MIB
    finally:
        for _, writer, _ in viewers:
            writer.close()
    await asyncio.to_thread(until, lambda: b"hub_viewers 0.0" in metrics(hub), "all have gone")
    _, writer, refused = await watch(hub)
    writer.close()
    assert refused == b""
    assert "Too many open files" not in hub.said


def metrics(hub):
    return hub._client.get("/metrics").content


def mute(hub):
    """A viewer that asks for the stream, takes as little as it can, and never reads."""
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    viewer.connect(address(hub))
    viewer.send(LIVE)
    return viewer


async def test_viewers_that_never_read_cost_little_and_slow_nobody(hub, publish):
    silent = [mute(hub) for _ in range(40)]
    try:
        await asyncio.to_thread(until, lambda: b"hub_viewers 40.0" in metrics(hub), "they watch")
        reader, writer, _ = await watch(hub)
        before = hub.resident
        topics = [f"smartlife/v1/b{n % 5}/thermostat/t{n}" for n in range(100)]
        readings = [b'{"temperature": %d.5}' % (n % 50) for n in range(100)]
        await asyncio.to_thread(publish, topics, readings)
        await asyncio.to_thread(publish, ["smartlife/v1/b1/thermostat/last"], readings[:1])
        async with asyncio.timeout(DEADLINE):
            while b'"device": "last"' not in await reader.readuntil(b"\n\n"):
                pass
        writer.close()
        await asyncio.to_thread(
            until, lambda: hub.accounts()["stored"] == 10_001, "every reading is stored"
        )
        # 40 viewers and 10,000 readings of 250 bytes each would be 100 MB.
        assert hub.resident - before < 50 * MIB
    finally:
        for viewer in silent:
            viewer.close()
