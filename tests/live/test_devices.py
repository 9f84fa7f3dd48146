"""The live picture: the states of devices as the contract says them, and what is shown of each."""

import json
import math
from collections.abc import Mapping

import pytest

from hub.clock import SECOND, HeldClock
from hub.live.devices import Live
from hub.live.liveness import Cadence
from hub.live.viewers import Viewer
from hub.messages import State
from hub.pipeline.decode import Decoder
from hub.timestamps import rfc3339
from schemas import KindSpec
from tests.live.stage import STATUS, T1, Stage


def test_a_device_that_sends_is_live(stage: Stage):
    stage.reading()
    assert stage.t1["state"] == "live"
    assert stage.t1["last_seen"] == "2025-10-09T08:53:20.000000000Z"
    assert stage.t1["last"] == {"temperature": 21.5}
    assert stage.t1["readings"] == 1


@pytest.mark.parametrize("seconds", [-3600, 3600, 400 * 86_400])
def test_a_step_of_the_clock_is_no_silence_and_hides_none(stage: Stage, seconds: int):
    stage.reading()
    stage.clock.hold_at(stage.clock.now() + seconds * SECOND)
    stage.pass_time(14.999)
    assert stage.t1["state"] == "live"
    stage.pass_time(0.001)
    assert stage.t1["state"] == "late"
    stage.reading()
    stage.clock.hold_at(stage.clock.now() - seconds * SECOND)
    stage.pass_time(50)
    assert stage.t1["state"] == "offline"


def test_what_a_device_was_last_seen_at_is_the_time_of_day(stage: Stage):
    stage.clock.hold_at(1_790_000_000 * SECOND)
    stage.reading()
    assert stage.t1["last_seen"] == "2026-09-21T14:13:20.000000000Z"
    assert [change.at for change in stage.live.changes] == [stage.clock.now()]


def test_a_device_is_late_after_three_intervals(stage: Stage):
    stage.reading()
    stage.pass_time(14.999)
    assert stage.t1["state"] == "live"
    stage.pass_time(0.001)
    assert stage.t1["state"] == "late"


def states_again(stage: Stage, turns: int = 3) -> list[str]:
    """The states that are written again in one round of turns."""
    rounds = [stage.live.states(turn, turns) for turn in range(turns)]
    return sorted(f"{item.address.device} {item.state}" for part in rounds for item in part)


def test_the_state_of_each_device_is_told_again_once_a_round(stage: Stage):
    for device in ("t1", "t2", "t3", "t4"):
        stage.reading(f"b12/thermostat/{device}")
    stage.pass_time(5)
    assert states_again(stage) == []
    for _ in range(60):
        stage.reading()
        stage.pass_time(5)
    assert states_again(stage) == ["t1 live", "t2 offline", "t3 offline", "t4 offline"]
    (again,) = [item for item in stage.live.states(0, 1) if item.address == T1]
    assert (again.at, again.domain) == (stage.clock.now(), "smart_home")


def test_what_left_a_day_ago_is_told_no_more_unless_it_is_expected(stage: Stage):
    stage.live.expect({T1: Cadence(5)})
    assert states_again(stage) == ["t1 offline"]
    stage.reading("b12/thermostat/t2")
    stage.pass_time(100)
    stage.pass_time(24 * 3600 - 100)
    assert states_again(stage) == ["t1 offline", "t2 offline"]
    stage.pass_time(1)
    assert states_again(stage) == ["t1 offline"]


def test_a_hub_that_hears_nothing_says_no_state_again(
    kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock
):
    stage = Stage(kinds, decoder, clock)
    stage.live = Live(kinds, clock, hears=lambda: False)
    stage.reading()
    stage.pass_time(600)
    assert states_again(stage) == []


def test_a_device_is_offline_after_ten_intervals(stage: Stage):
    stage.reading()
    stage.pass_time(49.999)
    assert stage.t1["state"] == "late"
    stage.pass_time(0.001)
    assert stage.t1["state"] == "offline"


def test_a_device_is_offline_after_its_last_will(stage: Stage):
    stage.reading()
    stage.message("b12/thermostat/t1/status", b"offline")
    assert stage.t1["state"] == "offline"


def test_a_device_is_live_again_with_its_next_reading(stage: Stage):
    stage.reading()
    stage.message("b12/thermostat/t1/status", b"offline")
    stage.reading()
    assert stage.t1["state"] == "live"


def test_a_birth_message_brings_a_device_back(stage: Stage):
    stage.message("b12/thermostat/t1/status", b"offline")
    stage.message("b12/thermostat/t1/status", b"online")
    assert stage.t1["state"] == "live"
    assert stage.t1["last_seen"] is None
    stage.pass_time(15)
    assert stage.t1["state"] == "late"


def test_a_device_that_only_sends_what_is_rejected_is_late_and_shown(stage: Stage):
    stage.message("b12/thermostat/t1", b"{}")
    stage.message("b12/thermostat/t1", b"{}")
    assert (stage.t1["state"], stage.t1["rejections"]) == ("late", 2)
    stage.pass_time(50)
    assert stage.t1["state"] == "offline"


def test_a_device_is_late_that_after_its_last_will_only_sends_what_is_rejected(stage: Stage):
    stage.reading()
    stage.pass_time(1)
    stage.message(STATUS, b"offline")
    stage.message("b12/thermostat/t1", b"{}")
    assert stage.t1["state"] == "late", "what it sent before its Will no longer counts"
    stage.pass_time(50)
    assert stage.t1["state"] == "offline"
    stage.reading()
    assert stage.t1["state"] == "live"


@pytest.mark.parametrize("retain", [False, True])
@pytest.mark.parametrize("payload", [b"Off-line", b'{"state": "gone"}', b"false"])
def test_a_rejected_status_changes_no_state(stage: Stage, payload: bytes, retain: bool):
    stage.message(STATUS, payload, retain=retain)
    assert stage.live.devices() == [], "nor does it make a device"
    stage.reading()
    stage.message(STATUS, b"offline")
    stage.message(STATUS, payload, retain=retain)
    assert (stage.t1["state"], stage.t1["rejections"]) == ("offline", 1)


def test_a_retained_online_is_no_sign_of_life(stage: Stage):
    stage.message(STATUS, b"online", retain=True)
    assert stage.t1["state"] == "offline"
    stage.pass_time(5)
    assert stage.t1["state"] == "offline"
    stage.reading()
    assert stage.t1["state"] == "live"
    stage.pass_time(20)
    stage.message(STATUS, b"online", retain=True)
    assert stage.t1["state"] == "late"
    stage.message(STATUS, b"online")
    assert stage.t1["state"] == "live"


def test_a_retained_online_takes_back_an_offline_that_was_before_it(stage: Stage):
    stage.reading()
    stage.message(STATUS, b"offline")
    stage.message(STATUS, b"online", retain=True)
    assert stage.t1["state"] == "live", "its last reading was just now"
    stage.message(STATUS, b"offline", retain=True)
    assert stage.t1["state"] == "offline", "a retained offline is believed"


def test_an_expected_device_is_offline_until_it_comes(stage: Stage):
    stage.live.expect({T1: Cadence(5.0)})
    assert (stage.t1["state"], stage.t1["last_seen"]) == ("offline", None)
    stage.pass_time(3600)
    assert stage.t1["state"] == "offline"
    stage.reading()
    assert stage.t1["state"] == "live"


def test_the_last_value_of_each_field_is_shown(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "mode": "heat"}')
    stage.message("b12/thermostat/t1", b'{"temperature": 22.0, "humidity": null}')
    assert stage.t1["last"] == {"temperature": 22.0, "mode": "heat"}


def test_an_unknown_field_is_warned_of_until_it_is_gone(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "colour": 1, "co2": 2}')
    assert stage.t1["warnings"] == ["ignored: colour, co2"]
    stage.reading()
    assert stage.t1["warnings"] == []


def test_a_clock_that_is_wrong_is_warned_of_with_its_skew(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "ts": 1760000090}')
    assert stage.t1["warnings"] == ["clock"]
    assert stage.t1["clock_skew_ms"] == 90_000
    stage.pass_time(170)
    stage.reading()
    assert stage.t1["warnings"] == ["clock"], "it stays for somebody to see it"
    stage.pass_time(10)
    stage.reading()
    assert (stage.t1["warnings"], stage.t1["clock_skew_ms"]) == ([], None)


def test_each_change_of_state_is_kept_once(stage: Stage):
    stage.reading()
    stage.reading()
    for _ in range(60):
        stage.pass_time(1)
    states = [(change.address, change.state) for change in stage.live.changes]
    assert states == [(T1, State.LIVE), (T1, State.LATE), (T1, State.OFFLINE)]


def test_the_rate_is_in_readings_a_second_from_the_first_on(stage: Stage):
    for _ in range(120):
        stage.reading()
        stage.reading()
        stage.pass_time(1)
        assert stage.t1["rate"] == pytest.approx(2.0)


def test_viewers_get_what_the_api_shows(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "colour": "red"}')
    stage.message("b12/thermostat/t1", b'{"temperature": 412}')
    (device,) = stage.live.devices()
    assert stage.t1["rate"] == 0.0
    for count in range(3):
        stage.pass_time(1)
        for _ in range(count):
            stage.reading(value=22.5)
    shown = json.loads(device.shown())
    api = {**stage.t1, "ts": rfc3339(stage.clock.now()), "fields": {"temperature": 22.5}}
    assert shown == {name: api[name] for name in shown}
    assert (shown["readings"], shown["rejections"]) == (4, 1)
    assert round(shown["rate"], 1) != shown["rate"] == round(device.rate.latest, 2)
    brief = json.loads(device.shown(brief=True))
    assert brief == {name: value for name, value in shown.items() if value}
    assert {"fields", "rejections"} <= brief.keys() < shown.keys()


def test_the_rate_is_an_average_over_five_intervals(stage: Stage):
    for _ in range(120):
        stage.reading()
        stage.reading()
        stage.pass_time(1)
    for _ in range(5 * 5):  # the kind's interval is 5 s
        stage.pass_time(1)
    assert stage.t1["rate"] == pytest.approx(2.0 / math.e, rel=0.05)


def test_the_trend_is_of_the_first_number_and_bounded(stage: Stage):
    for n in range(100):
        stage.reading(value=float(n % 80))
        stage.pass_time(1)
    (device,) = stage.live.devices()
    trend = device.as_json(stage.clock.monotonic(), trend=True)["trend"]
    assert trend["field"] == "temperature"
    assert len(trend["points"]) == 60
    assert trend["points"][-1] == (1_760_000_099_000, 19.0)


def test_devices_are_found_by_booth_kind_and_domain(stage: Stage):
    stage.reading("b12/thermostat/t1")
    stage.reading("b12/thermostat/t2")
    stage.reading("b1/thermostat/t1")
    stage.message("b1/vision_ai/v1", b'{"people": 1}')
    assert [device.address.device for device in stage.live.devices(booth="b12")] == ["t1", "t2"]
    assert len(stage.live.devices(kind="thermostat")) == 3
    assert len(stage.live.devices(domain="ai")) == 1
    assert stage.live.devices(booth="b12", domain="ai") == []
    assert stage.live.count() == {State.LIVE: 4, State.LATE: 0, State.OFFLINE: 0}


def test_a_viewer_wants_what_it_asked_for():
    assert Viewer(None, None).wants("b1", None)
    assert Viewer("b1", None).wants("b1", "ai")
    assert not Viewer("b1", "ai").wants("b1", "iot")
    assert not Viewer("b1", None).wants(None, None)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([("status", b"offline"), ("", b'{"temperature": 21}')], "live"),
        ([("", b'{"temperature": 21}'), ("status", b"offline")], "offline"),
        ([("", b'{"temperature": 412}'), ("status", b"offline")], "offline"),
        ([("status", b"offline"), ("", b'{"temperature": 412}')], "late"),
    ],
    ids=["reading last", "offline after a reading", "offline after a rejection", "rejection last"],
)
def test_what_a_device_said_last_counts_though_it_came_in_one_batch(stage: Stage, said, state: str):
    stage.messages([(f"b12/thermostat/t1/{leaf}".rstrip("/"), payload) for leaf, payload in said])
    assert stage.t1["state"] == state
