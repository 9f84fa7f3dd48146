"""What the faults found, and what mends it, each by itself."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from faults.scenarios.disk import mounted
from harness.wait import DEADLINE, eventually
from hub.errors import OutboxFull
from hub.mqtt import session as mqtt_session
from hub.mqtt.codec import ConnectPacket, PublishPacket, TopicFilter
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import topic_filters
from hub.mqtt.subscriber import Subscriber
from hub.pipeline.outbox import ROOM, Outbox
from hub.pipeline.outbox.entries import Commit
from hub.settings.values import BrokerAddress
from hub.stores.influx.answers import Answer, split
from tests.faults.played import where_possible
from tests.mqtt.played import movable_time

CONNACK = bytes([0x20, 3, 0, 0, 0])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    disk = SimpleNamespace(f_bavail=ROOM + 100_000, f_frsize=1)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    return disk


def test_the_outbox_never_takes_the_last_of_the_disk(tmp_path: Path, small_disk: SimpleNamespace):
    outbox = Outbox(tmp_path / "outbox.db", 10**9)
    lines = b"wearable,booth=b1 steps=1i 1"
    outbox.commit(Commit(rows=lines, count=1))
    small_disk.f_bavail = 1_000
    with pytest.raises(OutboxFull, match="its disk is full but for 1000 bytes"):
        outbox.commit(Commit(rows=lines, count=1))
    outbox.settle(outbox.waiting(10), [])
    assert outbox.accounts.stored == 1, "what is there can still be let go of"
    small_disk.f_bavail = 10 * ROOM
    outbox.commit(Commit(rows=lines, count=1))
    outbox.close()


def test_on_a_small_disk_a_log_that_nothing_needs_gives_its_room_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outbox = Outbox(tmp_path / "outbox.db", 10**9)
    lines = b"wearable,booth=b1 steps=1i 1\n" * 40_000
    outbox.commit(Commit(rows=lines, count=40_000))
    outbox.settle(outbox.waiting(100_000), [])
    log = tmp_path / "outbox.db-wal"
    left = log.stat().st_size
    assert left > 10**6, "it is as large as what was in it"

    def disk(_: object) -> SimpleNamespace:
        return SimpleNamespace(f_bavail=ROOM + left - log.stat().st_size, f_frsize=1)

    monkeypatch.setattr(os, "statvfs", disk)
    outbox.commit(Commit(rows=b"wearable,booth=b1 steps=1i 1", count=1))
    assert log.stat().st_size < left
    outbox.close()


FILL = """
import os, sys
from pathlib import Path
from hub.errors import OutboxFull
from hub.pipeline.outbox import Outbox
from hub.pipeline.outbox.entries import Commit

folder = Path(sys.argv[1])
outbox = Outbox(folder / "outbox.db", 10**10, 65_535, 4)
try:
    while True:
        kept = outbox.accounts.accepted
        lines = [b"wearable,booth=b1 heart_rate=60i %d" % (kept + n) for n in range(60)]
        outbox.commit(Commit(rows=b"\\n".join(lines), count=60, delivered=os.urandom(240)))
except OutboxFull as exc:
    print(exc)
if sys.argv[2] == "by others too":
    with (folder / "others").open("wb", buffering=0) as file:
        try:
            while outbox.waiting(1):
                file.write(bytes(4096))
                outbox.settle(outbox.waiting(100), [])
        except OSError as exc:
            print(exc)
while batches := outbox.waiting(5_000):
    outbox.settle(batches, [])
print(outbox.accounts.stored)
"""
"""Fills the disk under a folder with an outbox, and empties that."""


@pytest.mark.parametrize("filled", ["by the outbox", "by others too"])
def test_a_disk_that_is_full_to_the_last_page_empties_again(tmp_path: Path, filled: str):
    with where_possible("a full disk"):
        within = mounted(f"mount -t tmpfs -o size=16m none {tmp_path}")
    command = [*within, sys.executable, "-c", FILL, str(tmp_path), filled]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    full, *others, stored = done.stdout.splitlines()
    assert "its disk is full but for" in full
    assert ("No space left on device" in str(others)) == (filled == "by others too")
    assert int(stored) > 100_000


CONFLICT = (
    '{"error": "partial write: field type conflict: input field \\"power\\" on measurement '
    '\\"light\\" is type float, already exists as type string dropped=1"}'
)


def test_lines_of_the_measurement_that_is_refused_are_sent_by_themselves():
    lines = [b"wearable,booth=b1 steps=1i 1", b"light,booth=b1 power=1 1", b"lights,a=b c=1 1"]
    assert split(Answer(400, CONFLICT), lines) == ([lines[1]], [lines[0], lines[2]])


@pytest.mark.parametrize("body", ["{}", CONFLICT])
def test_without_anything_to_tell_them_by_lines_are_halved(body: str):
    lines = [b"light,booth=b1 power=1 1"] * 3
    assert split(Answer(400, body), lines) == (lines[:1], lines[1:])


async def test_a_subscription_may_stand_behind_a_long_queue(monkeypatch: pytest.MonkeyPatch):
    move = movable_time(monkeypatch)
    message = PublishPacket("a", b"1").write()
    ended = asyncio.Event()
    taken: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(CONNACK)
        await reader.read(100)
        for number in range(1, 11):
            writer.write(message)
            await eventually(lambda: len(taken) == number)  # noqa: B023 - at once
            move(mqtt_session.SILENCE * 0.4)
        writer.write(SUBACK)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        loop = asyncio.get_running_loop()
        port = server.sockets[0].getsockname()[1]
        _, session = await loop.create_connection(
            lambda: mqtt_session.Session(ConnectPacket("hub"), lambda _, more: taken.extend(more)),
            "127.0.0.1",
            port,
        )
        await session.connected()
        await session.subscribe([TopicFilter("#")])
        assert len(taken) == 10
        session.close()
        await session.closed()
        await ended.wait()


async def test_the_hub_subscribes_on_each_connection_though_the_broker_knows_its_session():
    known = bytes([0x20, 3, 1, 0, 0])
    options: list[int] = []
    enough = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(known)
        subscribe = await reader.read(1_000)
        options.append(subscribe[-1])
        writer.write(SUBACK)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        if len(options) == 2:
            enough.set()

    async def remember(patterns: list[str]) -> None:
        pass

    async def forget() -> None:
        pass

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        broker = Broker(BrokerAddress("127.0.0.1", server.sockets[0].getsockname()[1]), "hub")
        filters = topic_filters("smartlife/v1", "")
        source = Subscriber(broker, filters, lambda *_: None, forget, [], remember)
        running = asyncio.create_task(source.run())
        await asyncio.wait_for(enough.wait(), DEADLINE)
        running.cancel()
        await asyncio.wait({running})
    retained_handling = [item >> 4 for item in options[:2]]
    assert retained_handling == [0, 1], "retained states once, then only if it had been forgotten"
