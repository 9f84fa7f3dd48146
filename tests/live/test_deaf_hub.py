"""While the hub itself hears nothing, no device falls silent."""

import pytest

from hub.live.devices import Live
from tests.live.stage import Stage


class Ears:
    """Whether the hub hears."""

    open = True


@pytest.fixture
def ears(stage: Stage) -> Ears:
    ears = Ears()
    stage.live = Live(stage.live.kinds, stage.clock, hears=lambda: ears.open)
    return ears


def test_no_device_falls_silent_while_the_hub_hears_nothing(stage: Stage, ears: Ears):
    stage.reading()
    ears.open = False
    stage.pass_time(3600)
    assert stage.t1["state"] == "live"


def test_a_device_has_three_intervals_once_the_hub_hears_again(stage: Stage, ears: Ears):
    stage.reading()
    ears.open = False
    stage.pass_time(3600)
    ears.open = True
    stage.pass_time(1)
    stage.pass_time(14.999)
    assert stage.t1["state"] == "live"
    stage.pass_time(0.001)
    assert stage.t1["state"] == "late"
    stage.pass_time(35)
    assert stage.t1["state"] == "offline"


def test_a_device_that_was_late_is_not_live_by_the_hub_s_silence(stage: Stage, ears: Ears):
    stage.reading()
    stage.pass_time(20)
    ears.open = False
    stage.pass_time(1)
    ears.open = True
    stage.pass_time(1)
    assert stage.t1["state"] == "late"


def test_a_device_that_was_offline_stays_so_while_the_hub_hears_nothing(stage: Stage, ears: Ears):
    stage.reading()
    stage.pass_time(60)
    ears.open = False
    stage.pass_time(1)
    ears.open = True
    stage.pass_time(1)
    assert stage.t1["state"] == "offline"


def test_a_last_will_is_believed_whether_the_hub_heard_just_now_or_not(stage: Stage, ears: Ears):
    stage.reading()
    ears.open = False
    stage.pass_time(1)
    stage.message("b12/thermostat/t1/status", b"offline")
    assert stage.t1["state"] == "offline"


def test_it_is_known_since_when_the_hub_hears_nothing(stage: Stage, ears: Ears):
    stage.live.sweep()
    assert stage.live.deaf_since is None
    ears.open = False
    stage.clock.advance(1)
    stage.live.sweep()
    since = stage.clock.now()
    stage.clock.advance(60)
    stage.live.sweep()
    assert stage.live.deaf_since == since
    ears.open = True
    stage.live.sweep()
    assert stage.live.deaf_since is None
