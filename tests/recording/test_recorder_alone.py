"""The recorder with a source in memory: what no broker does at will."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from hub.clock import HeldClock
from hub.errors import RecordingError
from hub.mqtt.gathering import PROMPT
from hub.pipeline.decode import Decoder
from hub.recording import recorder as module
from hub.recording.format import info, read
from hub.recording.recorder import CONNECTION_LOST, PAUSED, SESSION_LOST, Recorder
from hub.recording.rotation import Files
from hub.testing.memory_source import MemoryConnection, MemorySource
from schemas import kinds

T1 = "smartlife/v1/b12/thermostat/t1"
S = 1_000_000_000


class Bench:
    """A recorder with its source, file and clock."""

    def __init__(self, path: Path, **rotation: int) -> None:
        self.path = path
        self.clock = HeldClock()
        self.files = Files(path, kinds(), "smartlife/v1", {}, self.clock, **rotation)
        self.recorder = Recorder(self.files, Decoder("smartlife/v1", kinds()), self.clock)
        self.source = MemorySource(self.recorder.receive)

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.source.publish(T1, b'{"temperature": %d}' % number)

    async def keep(self) -> None:
        await self.recorder._keep()

    def payloads(self) -> list[bytes]:
        return [message.payload for message in read(self.path)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "a.mcap")


async def test_nothing_is_acknowledged_before_it_is_on_disk(bench: Bench):
    bench.send(1, 2)
    assert bench.source.acknowledged == []
    await bench.keep()
    assert bench.source.acknowledged == [1, 2]
    assert bench.path.stat().st_size == bench.files.size > 500
    bench.recorder.close()


async def test_messages_are_received_soon_after_they_came(bench, monkeypatch):
    """So that a replay is true to the time of each."""
    asked: list[float] = []
    monkeypatch.setattr(MemoryConnection, "receive_within", lambda _, within: asked.append(within))
    bench.send(1)
    assert asked == [PROMPT]
    await bench.keep()
    bench.recorder.close()


async def test_a_file_that_cannot_be_written_leaves_messages_with_the_broker(bench, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    bench.send(1)
    with monkeypatch.context() as patch:
        patch.setattr("hub.recording.writer.os.fsync", full)
        with pytest.raises(
            RecordingError, match=r"No space left on device; .*hub recording repair"
        ):
            await bench.keep()
    assert bench.source.acknowledged == []
    bench.files._writer.abandon()


def test_an_error_in_the_hub_costs_no_message_of_a_recording(bench: Bench, monkeypatch):
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(bench.recorder._decoder, "decode", fail)
    bench.send(1, 2)
    bench.recorder.close()
    assert [item.verdict for item in read(bench.path)] == ["rejected:internal"] * 2


def test_what_the_broker_sends_again_is_marked(bench: Bench):
    bench.send(1, 2)
    bench.recorder._write()  # and the connection is lost before the acknowledgement
    bench.source.reconnect()
    bench.send(3)
    bench.recorder.close()
    assert [item.verdict for item in read(bench.path)] == [
        "accepted",
        "accepted",
        "duplicate",
        "duplicate",
        "accepted",
    ]


async def lost(bench: Bench) -> None:
    bench.recorder.noticed(False)
    bench.clock.advance(3)
    await bench.recorder.on_session_lost()
    bench.recorder.noticed(True)


async def cut(bench: Bench) -> None:
    bench.recorder.noticed(False)
    bench.clock.advance(3)
    bench.recorder.noticed(True)


async def ended(bench: Bench) -> None:
    bench.recorder.noticed(False)
    bench.clock.advance(3)


@pytest.mark.parametrize(
    ("happens", "why"), [(lost, SESSION_LOST), (cut, CONNECTION_LOST), (ended, CONNECTION_LOST)]
)
async def test_what_may_be_missing_is_noted(
    bench: Bench, happens: Callable[[Bench], Awaitable[None]], why: str
):
    await bench.recorder.on_session_lost()  # as at the very first connection, which is no loss
    bench.recorder.noticed(True)
    start = bench.clock.now()
    await happens(bench)
    bench.recorder.close()
    (gap,) = info(bench.path).gaps
    assert (gap.start, gap.stop, gap.why) == (start, start + 3 * S, why)
    assert info(bench.path).end["gaps_ms"] == "3000"


async def test_reading_stops_when_the_disk_cannot_follow_and_goes_on(bench: Bench, monkeypatch):
    monkeypatch.setattr(module, "IN_HAND", 10)
    bench.send(*range(30))
    assert bench.source.connection.paused
    await bench.keep()
    while bench.source.acknowledged[-1:] != [30]:
        await bench.keep()
    bench.recorder.close()
    assert len(bench.payloads()) == 30
    assert {gap.why for gap in info(bench.path).gaps} == {PAUSED}


async def test_a_stop_in_the_middle_of_a_write_loses_nothing(bench: Bench):
    bench.send(*range(2000))
    writing = asyncio.create_task(bench.keep())
    await asyncio.sleep(0)
    bench.send(7)
    writing.cancel()
    bench.recorder.close()
    assert bench.payloads() == [b'{"temperature": %d}' % n for n in [*range(2000), 7]]


async def test_files_follow_one_another_by_time(tmp_path: Path):
    bench = Bench(tmp_path / "a.mcap", every=60 * S)
    for number in range(3):
        bench.send(number)
        bench.clock.advance(61)
        await bench.keep()
    bench.recorder.close()
    assert [path.name for path in bench.files.paths] == [f"a-000{n}.mcap" for n in (1, 2, 3, 4)]
    assert [info(path).messages for path in bench.files.paths] == [1, 1, 1, 0]
    assert info(bench.files.paths[1]).begin["file"] == "2"


@pytest.mark.parametrize(("size", "messages"), [(1, [1, 1, 1, 0]), (100_000, [3])])
async def test_files_follow_one_another_by_size(tmp_path: Path, size: int, messages: list[int]):
    bench = Bench(tmp_path / "a.mcap", size=size)
    for number in range(3):
        bench.send(number)
        await bench.keep()
    bench.recorder.close()
    bench.recorder.close()
    assert [info(path).messages for path in bench.files.paths] == messages
    assert bench.files.size == sum(path.stat().st_size for path in bench.files.paths)
    assert bench.files.totals == {"accepted": 3}


async def test_a_step_of_the_clock_ends_no_file_and_costs_no_order(tmp_path: Path):
    bench = Bench(tmp_path / "a.mcap", every=60 * S)
    for number, seconds in enumerate((3600, -7200, 3600)):
        bench.clock.hold_at(bench.clock.now() + seconds * S)
        bench.send(number)
        await bench.keep()
    bench.recorder.close()
    (path,) = bench.files.paths
    assert [message.payload[-2:-1] for message in read(path)] == [b"0", b"1", b"2"]
    began = HeldClock().now()
    times = [(message.at - began) / S for message in read(path)]
    assert times == pytest.approx([3600, -3600, 0], abs=1)


async def test_a_full_index_ends_a_file_too(bench: Bench, monkeypatch):
    monkeypatch.setattr("hub.recording.rotation.MAX_INDEXED", 2)
    for number in range(5):
        bench.send(number)
        await bench.keep()
    bench.recorder.close()
    assert [path.name for path in bench.files.paths] == ["a.mcap", "a-0002.mcap", "a-0003.mcap"]
