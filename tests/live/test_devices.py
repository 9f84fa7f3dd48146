"""The live picture: states as the contract says them, viewers that can never hold up anything."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.steps import steps
from harness.wait import DEADLINE
from hub.clock import SECOND, HeldClock
from hub.live import devices as live_module
from hub.live.device import SWEEP
from hub.live.devices import Live
from hub.live.forgotten import Forgotten
from hub.live.liveness import Cadence
from hub.live.viewers import Update, Viewer
from hub.messages import Code, Reading, State
from hub.pipeline.batch import Batch
from hub.pipeline.decode import Decoder
from hub.testing.memory_source import MemoryConnection
from hub.timestamps import rfc3339
from hub.topics import Address
from schemas import KindSpec

T1 = Address("b12", "thermostat", "t1")


class Stage:
    """A live picture, a held clock, and messages that just came onto the disk."""

    def __init__(self, kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> None:
        self.live = Live(kinds, clock)
        self.clock = clock
        self._decoder = decoder

    def message(self, path: str, payload: bytes, *, retain: bool = False) -> None:
        self.messages([(path, payload)], retain=retain)

    def messages(self, said: Iterable[tuple[str, bytes]], *, retain: bool = False) -> None:
        batch = Batch(MemoryConnection(lambda *_: None, lambda _: None), 1)
        now, decode = self.clock.now(), self._decoder.decode
        batch.decide(
            [decode(f"smartlife/v1/{path}", payload, now, retain) for path, payload in said]
        )
        self.live.observe(batch)

    def reading(self, path: str = "b12/thermostat/t1", value: float = 21.5) -> None:
        self.message(path, b'{"temperature": %r}' % value)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.live.sweep()

    @property
    def t1(self) -> dict[str, Any]:
        (device,) = [item for item in self.live.devices() if item.address == T1]
        return device.as_json()


@pytest.fixture
def stage(kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> Stage:
    return Stage(kinds, decoder, clock)


async def next_update(updates: AsyncIterator[Update]) -> list[tuple[str, Any]]:
    async with asyncio.timeout(DEADLINE):
        update = await anext(updates)
    told = [*update.events, *(("reading", text) for text in update.readings)]
    return [(name, json.loads(text)) for name, text in told]


# --- states


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


STATUS = "b12/thermostat/t1/status"


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


def test_the_rate_is_in_readings_a_second(stage: Stage):
    for _ in range(120):
        stage.reading()
        stage.reading()
        stage.pass_time(1)
    assert stage.t1["rate"] == pytest.approx(2.0)


def test_the_trend_is_of_the_first_number_and_bounded(stage: Stage):
    for n in range(100):
        stage.reading(value=float(n % 80))
        stage.pass_time(1)
    (device,) = stage.live.devices()
    trend = device.as_json(trend=True)["trend"]
    assert trend["field"] == "temperature"
    assert len(trend["points"]) == 60
    assert trend["points"][-1] == (1_760_000_100_000, 19.0)


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


@pytest.fixture
def small(
    kinds: Mapping[str, KindSpec],
    decoder: Decoder,
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    """A live picture with room for 10 devices, 6 of a booth, of which 4 are safe from others."""
    monkeypatch.setattr(live_module, "DEVICES", 10)
    monkeypatch.setattr(live_module, "BOOTH_DEVICES", 6)
    monkeypatch.setattr(live_module, "OWN_DEVICES", 4)
    return Stage(kinds, decoder, clock)


def names(stage: Stage, booth: str) -> set[str]:
    return {device.address.device for device in stage.live.devices(booth)}


def test_a_booth_s_devices_are_bounded_and_those_offline_go_first(small: Stage):
    small.reading("b12/thermostat/first")
    small.reading("b12/thermostat/second")
    small.message("b12/thermostat/second/status", b"offline")
    for number in range(9):
        small.reading(f"b12/thermostat/t{number}")
    assert names(small, "b12") == {"first", "t0", "t1", "t2", "t3", "t4"}
    assert small.live.devices_left_out == small.live.left_out_of("b12") == 5


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
    assert small.live.left_out_of("b13") == small.live.devices_left_out > 200
    assert small.live.left_out_of("b12") == 0
    assert small.live.crowded() == ["b13"]
    small.clock.advance(10)
    assert small.live.crowded() == []


def test_a_booth_that_has_more_than_its_own_makes_room_for_another(small: Stage):
    for booth, count in (("b12", 6), ("b13", 4), ("b14", 3)):
        for number in range(count):
            small.reading(f"{booth}/thermostat/t{number}")
    assert names(small, "b12") == {"t2", "t3", "t4", "t5"}
    assert len(names(small, "b13")) == 4
    assert names(small, "b14") == {"t0", "t1"}  # all that others have is their own
    assert [small.live.left_out_of(name) for name in ("b12", "b13", "b14")] == [2, 0, 1]


def test_a_device_that_is_forgotten_is_shown_to_no_viewer(small: Stage):
    with small.live.watch() as viewer:
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
    assert not small.live._replay_only
    small.message("b12/thermostat/t0/status", b"offline")
    small.reading("b12/thermostat/visitor")  # in person; what is left of the replay ends
    small.pass_time(3_600)
    assert "visitor" in names(small, "b12")


def test_a_new_name_costs_no_more_when_many_are_known(stage: Stage):
    for number in range(20_000):
        stage.reading(f"b{number % 50}/thermostat/t{number}")
    assert stage.live.count()[State.LIVE] == 20_000
    for number in range(100):
        assert steps(partial(stage.reading, f"flood/thermostat/t{number}")) < 1_000
    assert stage.live.devices_left_out == 100


# --- viewers


async def test_a_viewer_is_told_readings_states_and_rejections(stage: Stage):
    with stage.live.watch() as viewer:
        stage.reading()
        stage.message("b12/thermostat/t1", b'{"temperature": 412}')
        stage.live.tick()
        update = await next_update(viewer.updates())
    assert [name for name, _ in update] == ["state", "rejection", "reading"]
    state, rejection, reading = [said for _, said in update]
    assert (state["device"], state["state"]) == ("t1", "live")
    assert rejection["message"] == "temperature: 412 is above the maximum 85 °C"
    assert reading["booth"] == "b12"
    assert reading["kind"] == "thermostat"
    assert reading["domain"] == "smart_home"
    assert reading["fields"] == {"temperature": 21.5}
    assert (reading["readings"], reading["rejections"]) == (1, 1)


async def test_readings_between_two_updates_become_one(stage: Stage):
    with stage.live.watch() as viewer:
        updates = viewer.updates()
        for value in range(50):
            stage.reading(value=float(value))
            stage.live.tick()
        readings = [said for name, said in await next_update(updates) if name == "reading"]
        assert [said["fields"]["temperature"] for said in readings] == [49.0]
        assert readings[0]["readings"] == 50


async def test_each_viewer_gets_everything_at_its_own_pace(stage: Stage):
    with stage.live.watch() as quick, stage.live.watch() as slow:
        quick_updates, slow_updates = quick.updates(), slow.updates()
        for value in (20.0, 21.0):
            stage.reading(value=value)
            stage.live.tick()
            latest = (await next_update(quick_updates))[-1][1]
            assert latest["fields"]["temperature"] == value
        assert (await next_update(slow_updates))[-1][1]["fields"]["temperature"] == 21.0
        assert stage.live.viewers == 2
    assert stage.live.viewers == 0


async def test_a_viewer_of_a_booth_is_told_of_no_other(stage: Stage):
    with stage.live.watch(booth="b1") as viewer:
        stage.reading("b12/thermostat/t1")
        stage.message("b12/thermostat/t1", b"{}")
        stage.message("b12", b"{}")
        stage.message("b1", b"{}")  # a rejection that names a booth and no device
        stage.reading("b1/thermostat/t9")
        stage.live.tick()
        update = await next_update(viewer.updates())
    assert [name for name, _ in update] == ["rejection", "state", "reading"]
    assert {said["booth"] for _, said in update} == {"b1"}


async def test_a_viewer_of_a_domain_is_told_of_no_other(stage: Stage):
    with stage.live.watch(domain="ai") as viewer:
        stage.reading("b12/thermostat/t1")
        stage.message("b12/vision_ai/v1", b'{"people": 1}')
        stage.live.tick()
        update = await next_update(viewer.updates())
    assert {said["domain"] for _, said in update} == {"ai"}


async def test_a_viewer_that_cannot_follow_keeps_the_newest_and_counts_the_rest(stage: Stage):
    with stage.live.watch() as viewer:
        for number in range(600):
            stage.message("b12/thermostat/t1", b'{"temperature": %d}' % (1000 + number))
            stage.live.tick()
        update = await next_update(viewer.updates())
    told = [said["errors"][0]["got"] for name, said in update if name == "rejection"]
    assert told == list(range(1100, 1600))
    assert viewer.missed == 100
    assert ("missed", {"events": 100}) in update


@pytest.mark.parametrize("watching", [None, "b1"], ids=["the wall", "its own page"])
async def test_a_booth_that_floods_pushes_out_no_other_booths_events(
    stage: Stage, watching: str | None
):
    with stage.live.watch(watching) as viewer:
        for _ in range(3):
            stage.reading("b1/thermostat/t1")
            stage.message("b1/thermostat/t1", b'{"temperature": 412}')
            stage.messages(("b12/thermostat/t1", b"{}") for _ in range(2_000))
            stage.message("b1/thermostat/t1/status", b"offline")
            stage.live.tick()
        update = await next_update(viewer.updates())
    own = [name for name, said in update if said.get("booth") == "b1"]
    assert own == ["state", "rejection", "state"] * 3 + ["reading"]
    assert stage.live.left_out > 4_000


async def test_a_viewer_of_another_booth_has_missed_nothing(stage: Stage):
    with stage.live.watch("b1") as other, stage.live.watch("b12") as viewer:
        stage.messages(("b12/thermostat/t1", b"{}") for _ in range(2_000))
        stage.live.tick()
        assert other.missed == 0
        update = dict(await next_update(viewer.updates()))
    assert update["missed"]["events"] == viewer.missed == stage.live.left_out
    assert viewer.missed > 1_000


async def test_the_newest_rejection_of_each_sort_is_remembered(stage: Stage):
    for payload in (b"{", b"{}", b'{"temperature": 412}'):
        stage.message("b12/thermostat/t1", payload)
    assert {code.value for code in stage.live.rejected("b12")} == {"json", "schema"}
    assert stage.live.rejected("b12")[Code.SCHEMA].errors[0].got == 412
    assert stage.live.rejected("b1") == {}


async def test_rejections_are_not_remembered_of_booths_without_bound(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_module, "BOOTHS", 10)
    stage.live = Live(stage.live._kinds, stage.clock)
    for number in range(100):
        stage.message(f"b{number}/toaster/t1", b"{}")
    assert len(stage.live._rejected) == 10


async def test_what_a_viewer_does_not_fetch_is_bounded_by_the_devices(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.live.viewers.DEVICES", 10)
    monkeypatch.setattr(live_module, "DEVICES", 10)
    stage.live = Live(stage.live._kinds, stage.clock)
    with stage.live.watch() as viewer:
        for number in range(100):
            stage.reading(f"b12/thermostat/t{number}")
            stage.live.tick()
            stage.message(f"b12/thermostat/t{number}/status", b"offline")
            assert len(viewer._devices) <= 20


async def test_a_crowd_of_devices_comes_in_several_updates(stage: Stage):
    with stage.live.watch() as viewer:
        stage.messages((f"b12/thermostat/t{n}", b'{"temperature": 1}') for n in range(1200))
        stage.live.tick()
        updates, seen = viewer.updates(), list[str]()
        for count in (500, 500, 200):
            update = [said for name, said in await next_update(updates) if name == "reading"]
            assert len(update) == count
            seen += [said["device"] for said in update]
            stage.live.tick()
    assert len(set(seen)) == 1200


async def test_an_update_is_empty_when_there_is_nothing_to_say(stage: Stage):
    with stage.live.watch() as viewer:
        assert await next_update(viewer.updates(silence=0)) == []


async def test_the_end_ends_every_stream(stage: Stage):
    with stage.live.watch() as early:
        stage.live.end()
        with stage.live.watch() as late:
            async with asyncio.timeout(DEADLINE):
                assert [update async for update in early.updates() if any(update)] == []
                assert [update async for update in late.updates()] == []


async def test_it_ticks_and_sweeps_by_itself_until_cancelled(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_module, "TICK", 0.001)
    monkeypatch.setattr(live_module, "SWEEP", 0.002)
    running = asyncio.create_task(stage.live.run())
    with stage.live.watch() as viewer:
        updates = viewer.updates()
        stage.reading()
        assert [name for name, _ in await next_update(updates)] == ["state", "reading"]
        stage.clock.advance(15)
        assert [said["state"] for _, said in await next_update(updates)] == ["late"]
        running.cancel()
        await asyncio.wait([running])
        async with asyncio.timeout(DEADLINE):
            assert [update async for update in updates if any(update)] == []


async def test_devices_are_swept_once_in_four_ticks(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """A sweep takes the last one for `SWEEP` seconds ago: more often, and rates are too low."""
    monkeypatch.setattr(live_module, "TICK", live_module.TICK / 1_000)
    monkeypatch.setattr(live_module, "SWEEP", SWEEP / 1_000)
    called: list[str] = []
    enough = asyncio.Event()

    def tick() -> None:
        called.append("tick")
        if len(called) >= 10:
            enough.set()

    monkeypatch.setattr(stage.live, "sweep", lambda: called.append("sweep"))
    monkeypatch.setattr(stage.live, "tick", tick)
    running = asyncio.create_task(stage.live.run())
    async with asyncio.timeout(DEADLINE):
        await enough.wait()
    running.cancel()
    await asyncio.wait([running])
    assert called[:10] == [*["tick"] * 3, "sweep", "tick"] * 2


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


# --- the newest time is now


def at(stage: Stage, ago: float, **fields: Any) -> None:
    ts = stage.clock.now() - round(ago * SECOND)
    stage.message("b12/thermostat/t1", json.dumps({**fields, "ts": ts}).encode())


def test_a_backlog_does_not_overwrite_the_present(stage: Stage):
    at(stage, 0, temperature=25.0)
    stage.pass_time(1)
    at(stage, 3600, temperature=18.0, humidity=40.0)
    assert stage.t1["last"] == {"temperature": 25.0, "humidity": 40.0}
    assert (stage.t1["state"], stage.t1["warnings"]) == ("live", ["backlog"])
    stage.pass_time(1)
    (device,) = stage.live.devices()
    assert [value for _, value in device.as_json(trend=True)["trend"]["points"]] == [25.0]
    at(stage, 0, temperature=26.0)
    assert stage.t1["last"] == {"temperature": 26.0, "humidity": 40.0}


def test_of_each_field_the_newest_counts_in_any_order(stage: Stage):
    at(stage, 10, temperature=25.0, mode="heat")
    at(stage, 0, temperature=21.0)
    at(stage, 5, temperature=23.0, mode="cool")
    at(stage, 7, temperature=22.0, mode="off")
    assert stage.t1["last"] == {"temperature": 21.0, "mode": "cool"}


def test_null_clears_a_field_at_once_and_an_older_value_does_not_bring_it_back(stage: Stage):
    at(stage, 2, temperature=21.0, window_open=True)
    at(stage, 0, temperature=21.0, window_open=None)
    assert stage.t1["last"] == {"temperature": 21.0}
    at(stage, 1, temperature=21.0, window_open=True)
    assert stage.t1["last"] == {"temperature": 21.0}


def test_a_field_that_is_left_out_has_its_age_and_ceases_after_ten_intervals(stage: Stage):
    at(stage, 0, temperature=21.0, window_open=True)
    first = stage.clock.now()
    for _ in range(9):
        stage.pass_time(5)
        at(stage, 0, temperature=21.0)
    assert stage.t1["earlier"] == {"window_open": rfc3339(first)}
    assert stage.t1["ceased"] == []
    stage.pass_time(5)
    at(stage, 0, temperature=21.0)
    assert stage.t1["ceased"] == ["window_open"]
    at(stage, 0, temperature=21.0, window_open=False)
    assert (stage.t1["earlier"], stage.t1["ceased"]) == ({}, [])


def test_two_readings_at_one_time_are_told(stage: Stage):
    at(stage, 0, temperature=21.0)
    at(stage, 0, temperature=22.0)
    assert (stage.t1["last"], stage.t1["warnings"]) == ({"temperature": 22.0}, ["same_ts"])


def test_the_time_of_what_was_not_accepted_is_no_earlier_one(stage: Stage):
    stage.message("b12/robot_arm/r1", b'{"nothing": 1, "ts": 1760000000}')
    stage.message("b12/robot_arm/r1", b'{"joint_1": 1.0, "ts": 1760000000}')
    (device,) = stage.live.devices()
    assert device.warnings == []


@pytest.mark.parametrize("ago", [9 * 3600.0, 6 * 86_400.0])
def test_a_clock_that_is_steadily_behind_is_warned_of(stage: Stage, ago: float):
    for _ in range(4):
        at(stage, ago, temperature=21.0)
        stage.pass_time(1)
    assert stage.t1["warnings"] == ["clock"]
    assert stage.t1["clock_skew_ms"] == -round(ago * 1000)
    assert stage.t1["clock_guess"].startswith("9 h behind" if ago < 86_400 else "6 d behind")
    assert "느림" in stage.t1["clock_guess_ko"]


def test_a_backlog_is_no_clock_that_is_behind(stage: Stage):
    for number in range(60):
        at(stage, 3600 - 60 * number, temperature=21.0)
        stage.pass_time(0.5)
    assert stage.t1["warnings"] == []


def test_what_is_out_of_range_is_left_out_and_told(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "battery": 255}')
    assert stage.t1["last"] == {"temperature": 21.5}
    said = "out_of_range: battery: 255 is above the maximum 100%; 255 means unknown"
    assert stage.t1["warnings"] == [said]
    assert stage.t1["warnings_ko"][0].startswith("out_of_range: battery: 허용 범위(0~100%)")


UNITS = {
    "a ratio": ("humidity", lambda n: 0.4 + n / 1000, "per cent"),
    "°F": ("temperature", lambda n: 70.0 + n / 100, "°F"),
}


@pytest.mark.parametrize(("field", "value", "words"), UNITS.values(), ids=UNITS)
def test_a_unit_that_is_likely_another_is_hinted_at(
    stage: Stage, field: str, value: Any, words: str
):
    for number in range(101):
        at(stage, 0, **{"temperature": 21.0, field: value(number)})
        stage.pass_time(1)
        if number < 98:
            assert stage.t1["warnings"] == []
    (hint,) = stage.t1["warnings"]
    assert hint.startswith(f"hint: {field}: ")
    assert words in hint
    at(stage, 0, temperature=21.0, humidity=40.0)
    stage.pass_time(200)
    at(stage, 0, temperature=21.0, humidity=40.0)
    assert stage.t1["warnings"] == []


def test_a_heading_in_radians_is_hinted_at(stage: Stage):
    for number in range(101):
        heading = number / 101 * 3
        stage.message("b12/mobile_robot/r1", b'{"state": "driving", "heading": %r}' % heading)
        stage.pass_time(1)
    (device,) = stage.live.devices()
    assert "radians" in device.as_json()["warnings"][0]


# --- event-driven devices, and cadences of their own

LOCK = Address("b12", "door_lock", "d1")


def state_of(stage: Stage, address: Address) -> str:
    (device,) = [item for item in stage.live.devices() if item.address == address]
    return str(device.as_json()["state"])


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
    with stage.live.watch() as wall, stage.live.watch("b12") as page:
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
    assert typo.as_json()["stray"]
    assert not stage.t1["stray"]
    stage.pass_time(599)
    assert names(stage, "b12") == {"typo", "t1"}
    stage.pass_time(61)
    assert names(stage, "b12") == {"t1"}


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


async def test_viewers_are_told_which_device_was_forgotten(stage: Stage):
    with stage.live.watch() as viewer, stage.live.watch("b13") as other:
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
    with stage.live.watch() as viewer:
        stage.pass_time(599)
        stage.pass_time(61)
        stage.live.tick()
        assert [name for name, _ in await next_update(viewer.updates())][-1] == "forgotten"


def test_an_interval_of_its_own_is_shown(stage: Stage):
    stage.live.expect({T1: Cadence(600.0), LOCK: Cadence(None)})
    assert stage.t1["interval"] == 600
    stage.reading("b12/thermostat/t2")
    own = [item for item in stage.live.devices() if "interval" in item.as_json()]
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
    assert T1 in stage.live.forgotten


def test_of_a_device_without_hints_no_field_is_looked_at_again(stage: Stage):
    for number in range(101):
        stage.reading(value=20.0 + number / 10)
    (device,) = stage.live.devices()
    assert device._hints is not None
    assert not device._hints._found


# --- while the hub itself hears nothing


class Ears:
    """Whether the hub hears."""

    open = True


@pytest.fixture
def ears(stage: Stage) -> Ears:
    ears = Ears()
    stage.live = Live(stage.live._kinds, stage.clock, hears=lambda: ears.open)
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
