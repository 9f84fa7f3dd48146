"""The checklist of a booth turns green by what the hub hears, and says what is wrong."""

from collections.abc import Mapping

import pytest

from hub.clock import HeldClock
from hub.live.checklist import STOPPED_AT, Item, Mark, Step, checklist
from hub.live.devices import Live
from hub.messages import Code
from hub.pipeline.batch import Batch
from hub.pipeline.decode import Decoder
from hub.testing.memory_source import MemoryConnection
from schemas import KindSpec

GOOD = b'{"temperature": 21.5}'


class Booth:
    """Booth b12 of a live picture."""

    def __init__(self, kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> None:
        self._live = Live(kinds, clock)
        self._clock = clock
        self._decode = decoder.decode

    def says(self, topic: str, payload: bytes) -> None:
        batch = Batch(MemoryConnection(lambda *_: None, lambda _: None), 1)
        self._clock.advance(0.001)
        batch.decide([self._decode(f"smartlife/v1/{topic}", payload, self._clock.now())])
        self._live.observe(batch)

    def passes(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._live.sweep()

    @property
    def items(self) -> list[Item]:
        return checklist(
            self._clock.monotonic(), self._live.devices("b12"), self._live.rejected("b12")
        )

    @property
    def marks(self) -> str:
        """Each step by one letter: d(one), w(rong), n(ext), l(ater)."""
        return "".join(item.mark.value[0] for item in self.items)


@pytest.fixture
def booth(kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> Booth:
    return Booth(kinds, decoder, clock)


def test_at_first_everything_is_to_come(booth: Booth):
    assert [item.step for item in booth.items] == list(Step)
    assert booth.marks == "nllll"


def test_a_birth_message_connects(booth: Booth):
    booth.says("b12/thermostat/t1/status", b"online")
    assert booth.marks == "dnlll"


STOPPED = {
    "an unknown kind": ("b12/termostat/t1", GOOD, "dwlll", "topic"),
    "a short topic": ("b12/thermostat", GOOD, "dwlll", "topic"),
    "no JSON": ("b12/thermostat/t1", b"21.5 degrees", "ddwll", "json"),
    "too large": ("b12/thermostat/t1", b" " * 70_000, "ddwll", "json"),
    "a wrong value": ("b12/thermostat/t1", b'{"temperature": 412}', "dddwl", "reading"),
}


@pytest.mark.parametrize(("topic", "payload", "marks", "step"), STOPPED.values(), ids=STOPPED)
def test_a_rejection_says_where_it_stopped(
    booth: Booth, topic: str, payload: bytes, marks: str, step: str
):
    booth.says(topic, payload)
    assert booth.marks == marks
    (wrong,) = [item for item in booth.items if item.mark is Mark.WRONG]
    assert wrong.step.value == step
    assert wrong.as_json()["rejection"]["payload"] == payload.decode()[:1024]


def test_the_newest_rejection_counts_before_the_first_reading(booth: Booth):
    booth.says("b12/thermostat/t1", b'{"temperature": 412}')
    booth.says("b12/thermostat/t1", b"not json")
    assert booth.marks == "ddwll"


def test_the_first_reading_is_done_for_good(booth: Booth):
    booth.says("b12/thermostat/t1", GOOD)
    assert booth.marks == "ddddn"
    booth.says("b12/toaster/t1", GOOD)
    assert booth.marks == "ddddn"


def test_it_is_steady_after_three_intervals_with_readings(booth: Booth):
    for _ in range(3):
        assert booth.marks in {"nllll", "ddddn"}
        booth.says("b12/thermostat/t1", GOOD)
        booth.passes(5)
    assert booth.marks == "ddddd"


def test_one_reading_alone_is_not_steady(booth: Booth):
    booth.says("b12/thermostat/t1", GOOD)
    booth.passes(14.9)
    assert booth.marks == "ddddn"


def test_a_device_that_falls_silent_is_named(booth: Booth):
    booth.says("b12/thermostat/t1", GOOD)
    booth.passes(15)
    *_, steady = booth.items
    assert steady.mark is Mark.WRONG
    assert steady.as_json()["device"] == {"booth": "b12", "kind": "thermostat", "device": "t1"}


def test_a_trial_is_no_device_that_falls_silent_and_is_not_steady_either(booth: Booth):
    for _ in range(4):
        booth.says("b12/thermostat/try", GOOD)
        booth.passes(5)
    booth.passes(30)
    *_, steady = booth.items
    assert booth.marks == "ddddn"
    assert steady.as_json()["device"] == {"booth": "b12", "kind": "thermostat", "device": "try"}
    for _ in range(3):
        booth.says("b12/thermostat/t1", GOOD)
        booth.passes(5)
    assert booth.marks == "ddddd"


def test_every_code_stops_somewhere():
    assert set(STOPPED_AT) == set(Code)
