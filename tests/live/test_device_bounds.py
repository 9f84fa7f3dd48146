"""A booth's devices are bounded, and those that are there push out those that are not."""

from collections.abc import Mapping
from functools import partial

import pytest

from harness.steps import steps
from hub.clock import HeldClock
from hub.live import roster as roster_module
from hub.live.liveness import Cadence
from hub.messages import Reading, State
from hub.pipeline.decode import Decoder
from hub.topics import Address
from schemas import KindSpec
from tests.live.stage import Stage, names


@pytest.fixture
def small(
    kinds: Mapping[str, KindSpec],
    decoder: Decoder,
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    """A live picture with room for 10 devices, 6 of a booth, of which 4 are safe from others."""
    monkeypatch.setattr(roster_module, "DEVICES", 10)
    monkeypatch.setattr(roster_module, "BOOTH_DEVICES", 6)
    monkeypatch.setattr(roster_module, "OWN_DEVICES", 4)
    return Stage(kinds, decoder, clock)


def test_a_booth_s_devices_are_bounded_and_those_offline_go_first(small: Stage):
    small.reading("b12/thermostat/first")
    small.reading("b12/thermostat/second")
    small.message("b12/thermostat/second/status", b"offline")
    for number in range(9):
        small.reading(f"b12/thermostat/t{number}")
    assert names(small, "b12") == {"first", "t0", "t1", "t2", "t3", "t4"}
    assert small.live.roster.left_out == small.live.roster.left_out_of("b12") == 5


def test_a_device_that_is_back_is_the_last_to_go(small: Stage):
    for name in ("first", "second"):
        small.reading(f"b12/thermostat/{name}")
        small.message(f"b12/thermostat/{name}/status", b"offline")
    small.reading("b12/thermostat/second")
    for number in range(9):
        small.reading(f"b12/thermostat/t{number}")
    assert "second" in names(small, "b12")
    assert "first" not in names(small, "b12")


def test_ever_new_names_of_a_booth_cost_no_other_a_device(small: Stage):
    small.live.expect({Address("b14", "light", f"l{n}"): Cadence(5.0) for n in range(20)})
    for number in range(4):
        small.reading(f"b12/thermostat/t{number}")
    small.reading("b15/thermostat/t1")
    for number in range(100):
        small.reading(f"b13/thermostat/t{number}")
        small.message(f"b13/thermostat/x{number}", b"{}")
        small.message(f"b13/thermostat/y{number}/status", b"offline")
    assert names(small, "b12") == {"t0", "t1", "t2", "t3"}
    assert names(small, "b15") == {"t1"}
    assert len(names(small, "b14")) == 20
    assert len(names(small, "b13")) == 5
    assert small.live.roster.left_out_of("b13") == small.live.roster.left_out > 200
    assert small.live.roster.left_out_of("b12") == 0
    assert small.live.roster.crowded() == ["b13"]
    small.clock.advance(10)
    assert small.live.roster.crowded() == []


def test_a_booth_that_has_more_than_its_own_makes_room_for_another(small: Stage):
    for booth, count in (("b12", 6), ("b13", 4), ("b14", 3)):
        for number in range(count):
            small.reading(f"{booth}/thermostat/t{number}")
    assert names(small, "b12") == {"t2", "t3", "t4", "t5"}
    assert len(names(small, "b13")) == 4
    assert names(small, "b14") == {"t0", "t1"}  # all that others have is their own
    assert [small.live.roster.left_out_of(name) for name in ("b12", "b13", "b14")] == [2, 0, 1]


def test_devices_that_speak_a_dialect_are_bounded_too(small: Stage):
    for number in range(9):
        topic = f"b12/zigbee2mqtt/zigbee2mqtt/z{number}"
        small.message(topic, b'{"temperature": 21.5}')
    assert len(names(small, "b12")) == 6
    assert small.live.roster.left_out_of("b12") == 3


def test_a_device_that_is_forgotten_is_shown_to_no_viewer(small: Stage):
    with small.live.broadcast.watch() as viewer:
        small.reading("b12/thermostat/t0")
        small.live.tick()
        small.message("b12/thermostat/t0/status", b"offline")
        for number in range(1, 7):
            small.reading(f"b12/thermostat/t{number}")
        assert "t0" not in names(small, "b12")
        assert '"device": "t0", "domain": "smart_home", "ts"' not in "".join(
            viewer._collect().readings
        )


def test_a_device_known_from_a_replay_goes_before_those_that_were_there(small: Stage):
    for number in range(5):
        small.reading(f"b12/thermostat/t{number}")
    small.message("b12/thermostat/t0/status", b"offline")
    verdict = small._decoder.decode(
        "smartlife/v1/b12/thermostat/visitor", b'{"temperature": 1}', small.clock.now()
    )
    assert isinstance(verdict, Reading)
    assert small.live.replay([verdict]) == 0
    small.reading("b12/thermostat/t5")
    assert names(small, "b12") == {"t0", "t1", "t2", "t3", "t4", "t5"}


async def test_a_device_known_from_a_replay_pushes_out_no_other_and_goes_first(small: Stage):
    decoder = small._decoder

    def shown(name: str) -> int:
        topic = f"smartlife/v1/b12/thermostat/{name}"
        verdict = decoder.decode(topic, b'{"temperature": 1}', small.clock.now())
        assert isinstance(verdict, Reading)
        return 1 - small.live.replay([verdict])

    assert shown("visitor") == 1
    for number in range(5):
        small.reading(f"b12/thermostat/t{number}")
    assert shown("other") == 0
    small.reading("b12/thermostat/t5")
    assert names(small, "b12") == {"t0", "t1", "t2", "t3", "t4", "t5"}
    assert not small.live.roster._recorded
    small.message("b12/thermostat/t0/status", b"offline")
    small.reading("b12/thermostat/visitor")  # in person; what is left of the replay ends
    small.pass_time(3_600)
    assert "visitor" in names(small, "b12")


def test_devices_that_the_store_knows_are_offline_and_evict_none(small: Stage):
    def address(name: str, kind: str = "thermostat") -> Address:
        return Address("b12", kind, name)

    small.reading("b12/thermostat/here")
    small.reading("b12/thermostat/gone")
    small.live.forget(address("gone"))
    small.live.roster.recall(
        [
            *(address("here"), address("gone"), address("other", "no_such_kind")),
            *(address(f"t{number}") for number in range(9)),
        ]
    )
    assert names(small, "b12") == {"here", "t0", "t1", "t2", "t3", "t4"}
    assert small.live.count() == {State.LIVE: 1, State.LATE: 0, State.OFFLINE: 5}
    assert not any(device.stray for device in small.live.devices("b12"))
    small.reading("b12/thermostat/new")
    assert names(small, "b12") == {"here", "new", "t0", "t1", "t2", "t3"}


def test_a_new_name_costs_no_more_when_many_are_known(stage: Stage):
    for number in range(20_000):
        stage.reading(f"b{number % 50}/thermostat/t{number}")
    assert stage.live.count()[State.LIVE] == 20_000
    for number in range(100):
        assert steps(partial(stage.reading, f"flood/thermostat/t{number}")) < 1_000
    assert stage.live.roster.left_out == 100
