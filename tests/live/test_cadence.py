"""Devices that speak when something happens, or at a rhythm of their own."""

from collections.abc import Mapping

import pytest

from hub.clock import SECOND, HeldClock
from hub.live.devices import Live
from hub.live.liveness import Cadence
from hub.messages import State
from hub.pipeline.decode import Decoder
from schemas import KindSpec
from tests.live.stage import LOCK, T1, Stage, state_of


@pytest.mark.parametrize("birth", [("", b'{"state": "locked"}'), ("/status", b"online")])
def test_a_quiet_lock_is_live_until_its_last_will(stage: Stage, birth: tuple[str, bytes]):
    leaf, payload = birth
    stage.message(f"b12/door_lock/d1{leaf}", payload)
    stage.pass_time(86_400)
    assert state_of(stage, LOCK) == "live"
    stage.message("b12/door_lock/d1/status", b"offline")
    assert state_of(stage, LOCK) == "offline"


def test_a_lock_with_a_silence_of_its_own_is_offline_after_it(stage: Stage):
    stage.live.expect({LOCK: Cadence(None, 600.0)})
    stage.message("b12/door_lock/d1", b'{"state": "locked"}')
    stage.pass_time(599)
    assert state_of(stage, LOCK) == "live"
    stage.pass_time(1)
    assert state_of(stage, LOCK) == "offline"


def test_an_interval_of_its_own_makes_a_sleepy_sensor_live(stage: Stage):
    stage.live.expect({T1: Cadence(600.0)})
    stage.reading()
    stage.pass_time(1799)
    assert stage.t1["state"] == "live"
    stage.pass_time(1)
    assert stage.t1["state"] == "late"


def test_outside_the_opening_hours_nothing_is_late(
    kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock
):
    stage = Stage(kinds, decoder, clock)
    opens = clock.now() + 30 * SECOND
    stage.live = Live(kinds, clock, is_open=lambda now: now >= opens)
    stage.reading()
    stage.pass_time(29)
    assert stage.t1["state"] == "live"
    stage.pass_time(1)
    assert stage.t1["state"] == "late"


def test_what_was_late_when_it_closed_is_late_no_more(
    kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock
):
    stage = Stage(kinds, decoder, clock)
    closes = clock.now() + 20 * SECOND
    stage.live = Live(kinds, clock, is_open=lambda now: now < closes)
    stage.reading()
    stage.pass_time(19)
    assert stage.t1["state"] == "late"
    stage.pass_time(1)
    assert stage.t1["state"] == "live"
    stage.pass_time(30)
    assert stage.t1["state"] == "offline"
    stage.message("b12/thermostat/t1", b'{"temperature": "warm"}')
    assert stage.t1["state"] == "live"
    stage.message("b12/thermostat/t2", b'{"temperature": "warm"}')
    assert [item.state for item in stage.live.devices()] == [State.LIVE, State.LATE]
