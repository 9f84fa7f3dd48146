"""Trials, strays, and devices that are forgotten."""

from pathlib import Path

import pytest

from hub.clock import SECOND
from hub.live import forgotten as forgotten_module
from hub.live.forgotten import Forgotten
from hub.live.liveness import Cadence
from hub.topics import Address
from tests.live.stage import LOCK, STATUS, T1, Stage, names, next_update, state_of

# --- trials


def test_a_trial_is_for_its_booth_s_page_alone_and_goes_by_itself(stage):
    stage.reading("b12/thermostat/try")
    assert stage.live.devices() == []
    assert not sum(stage.live.count().values())
    assert [item.address.device for item in stage.live.devices("b12")] == ["try"]
    for _ in range(7):
        stage.pass_time(11)
    assert stage.live.devices("b12") == []


async def test_only_who_watches_a_booth_sees_its_trials(stage):
    with stage.live.broadcast.watch() as wall, stage.live.broadcast.watch("b12") as page:
        stage.reading("b12/thermostat/try")
        stage.message("b12/thermostat/try", b'{"temperature": 412}')
        stage.live.tick()
        (update,) = [page._collect()]
        assert len(update.readings) == 1
        assert {event.name for event in update.events} == {"state", "rejection"}
        empty = wall._collect()
        assert (empty.readings, empty.events) == ([], [])


def test_a_planned_device_with_the_name_of_trials_is_no_trial(stage):
    stage.live.expect({Address("b12", "thermostat", "try"): Cadence(5.0)})
    stage.reading("b12/thermostat/try")
    assert len(stage.live.devices()) == 1


# --- strays, and devices that are forgotten


def test_a_name_that_never_sent_a_reading_goes_by_itself(stage: Stage):
    stage.message("b12/thermostat/typo", b"{}")
    stage.reading()
    (typo,) = [device for device in stage.live.devices() if device.address.device == "typo"]
    assert typo.stray
    assert not stage.t1["stray"]
    stage.pass_time(599)
    assert names(stage, "b12") == {"typo", "t1"}
    stage.pass_time(61)
    assert names(stage, "b12") == {"t1"}


def test_a_device_that_is_expected_no_longer_is_shown_on(stage: Stage):
    stage.live.expect({T1: Cadence(5.0)})
    stage.reading()
    stage.live.expect({})
    with stage.live.broadcast.watch() as viewer:
        stage.reading()
        stage.live.tick()
        assert len(viewer._collect().readings) == 1


def test_a_retained_online_makes_a_device_expected(stage: Stage):
    stage.message(STATUS, b"online", retain=True)
    assert (stage.t1["state"], stage.t1["expected"], stage.t1["stray"]) == ("offline", True, False)
    stage.pass_time(3600)
    assert names(stage, "b12") == {"t1"}


def test_a_forgotten_device_is_back_with_its_next_message_and_not_before(stage: Stage):
    stage.live.expect({T1: Cadence(5.0)})
    stage.reading()
    assert stage.live.forget(T1)
    assert not stage.live.forget(T1)
    stage.live.expect({T1: Cadence(5.0)})
    stage.message(STATUS, b"offline", retain=True)
    assert stage.live.devices() == []
    stage.reading()
    assert stage.t1["state"] == "live"
    assert stage.t1["expected"]


def test_the_planned_devices_of_a_booth_that_is_added_again_are_expected_again(stage: Stage):
    other = Address("b13", "thermostat", "t2")
    stage.live.expect({T1: Cadence(5.0), other: Cadence(5.0)})
    stage.reading()
    stage.reading("b12/light/unplanned")
    for device in stage.live.devices():
        stage.live.forget(device.address)
    stage.live.roster.expect_again("b12")
    assert [item.address for item in stage.live.devices()] == [T1]
    assert (stage.t1["state"], stage.t1["expected"]) == ("offline", True)
    assert other in stage.live.roster.forgotten


async def test_viewers_are_told_which_device_was_forgotten(stage: Stage):
    with stage.live.broadcast.watch() as viewer, stage.live.broadcast.watch("b13") as other:
        stage.reading()
        stage.reading("b13/thermostat/t2")
        stage.live.tick()
        await next_update(viewer.updates())
        await next_update(other.updates())
        stage.reading()
        stage.live.forget(T1)
        stage.live.forget(Address("b13", "thermostat", "t2"))
        stage.live.tick()
        gone = [name for name in await next_update(viewer.updates()) if name[0] != "state"]
        assert gone == [
            ("forgotten", {"booth": "b12", "kind": "thermostat", "device": "t1"}),
            ("forgotten", {"booth": "b13", "kind": "thermostat", "device": "t2"}),
        ]
        assert [item["device"] for _, item in await next_update(other.updates())] == ["t2"]


async def test_viewers_are_told_that_a_stray_went(stage: Stage):
    stage.message("b12/thermostat/typo", b"{}")
    with stage.live.broadcast.watch() as viewer:
        stage.pass_time(599)
        stage.pass_time(61)
        stage.live.tick()
        assert [name for name, _ in await next_update(viewer.updates())][-1] == "forgotten"


def test_an_interval_of_its_own_is_shown(stage: Stage):
    stage.live.expect({T1: Cadence(600.0), LOCK: Cadence(None)})
    assert stage.t1["interval"] == 600
    stage.reading("b12/thermostat/t2")
    own = [
        item for item in stage.live.devices() if "interval" in item.as_json(stage.clock.monotonic())
    ]
    assert [item.address for item in own] == [T1]


def test_what_is_forgotten_survives_a_restart(tmp_path: Path):
    path = tmp_path / "forgotten.json"
    Forgotten(path).add(T1)
    again = Forgotten(path)
    assert T1 in again
    again.discard(T1)
    assert T1 not in Forgotten(path)
    path.write_bytes(b"[[1")
    assert T1 not in Forgotten(path)


def test_what_came_while_the_clock_was_ahead_does_not_stay_as_now(stage: Stage):
    stage.clock.hold_at(stage.clock.now() + 3600 * SECOND)
    stage.reading(value=10.0)
    stage.clock.hold_at(stage.clock.now() - 3600 * SECOND)
    stage.reading(value=20.0)
    assert (stage.t1["last"], stage.t1["warnings"]) == ({"temperature": 20.0}, [])


def test_an_event_driven_name_that_was_never_accepted_goes_too(stage: Stage):
    stage.message("b12/door_lock/typo", b"nonsense")
    stage.pass_time(60)
    assert state_of(stage, Address("b12", "door_lock", "typo")) == "offline"
    stage.pass_time(600)
    assert stage.live.devices() == []


def test_an_old_retained_online_does_not_undo_a_last_will(stage: Stage):
    status = "b12/door_lock/d1/status"
    stage.message(status, b"online")
    stage.message(status, b"offline")
    stage.message(status, b"online", retain=True)
    assert state_of(stage, LOCK) == "live", "it came after the offline that was queued"
    stage.message(status, b"offline")
    stage.pass_time(61)
    stage.message(status, b"online", retain=True)
    assert state_of(stage, LOCK) == "offline"


def test_a_retained_online_takes_no_device_away_that_sends(stage: Stage):
    stage.message("b12/thermostat/t1", b"{}")
    stage.message(STATUS, b"online", retain=True)
    assert stage.t1["state"] == "late"


def test_the_last_will_of_a_forgotten_device_does_not_bring_it_back(stage: Stage):
    stage.reading()
    stage.live.forget(T1)
    stage.message(STATUS, b"offline")
    assert stage.live.devices() == []
    assert T1 in stage.live.roster.forgotten


def test_of_too_many_forgotten_devices_the_oldest_may_be_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forgotten_module, "MOST", 2)
    forgotten = Forgotten()
    for name in ("t1", "t2", "t3"):
        forgotten.add(Address("b12", "thermostat", name))
    assert T1 not in forgotten
    assert Address("b12", "thermostat", "t2") in forgotten


def test_a_disk_that_is_full_is_told_and_the_device_stays_forgotten(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    forgotten = Forgotten(tmp_path / "missing" / "forgotten.json")
    forgotten.add(T1)
    assert T1 in forgotten
    assert "a forgotten device may be back after a restart" in caplog.text


def test_of_a_device_without_hints_no_field_is_looked_at_again(stage: Stage):
    for number in range(101):
        stage.reading(value=20.0 + number / 10)
    (device,) = stage.live.devices()
    assert device._hints is not None
    assert not device._hints._watched
