"""Viewers of the live picture: told what they asked for, and never able to hold up anything."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from harness.wait import DEADLINE, eventually
from hub.live import devices as live_module
from hub.live.devices import Live
from hub.messages import Code
from tests.live.stage import Stage, next_update


async def test_a_viewer_is_told_readings_states_and_rejections(stage: Stage):
    with stage.live.broadcast.watch() as viewer:
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
    with stage.live.broadcast.watch() as viewer:
        updates = viewer.updates()
        for value in range(50):
            stage.reading(value=float(value))
            stage.live.tick()
        readings = [said for name, said in await next_update(updates) if name == "reading"]
        assert [said["fields"]["temperature"] for said in readings] == [49.0]
        assert readings[0]["readings"] == 50


async def test_each_viewer_gets_everything_at_its_own_pace(stage: Stage):
    with stage.live.broadcast.watch() as quick, stage.live.broadcast.watch() as slow:
        quick_updates, slow_updates = quick.updates(), slow.updates()
        for value in (20.0, 21.0):
            stage.reading(value=value)
            stage.live.tick()
            latest = (await next_update(quick_updates))[-1][1]
            assert latest["fields"]["temperature"] == value
        assert (await next_update(slow_updates))[-1][1]["fields"]["temperature"] == 21.0
        assert stage.live.broadcast.viewers == 2
    assert stage.live.broadcast.viewers == 0


async def test_a_viewer_of_a_booth_is_told_of_no_other(stage: Stage):
    with stage.live.broadcast.watch(booth="b1") as viewer:
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
    with stage.live.broadcast.watch(domain="ai") as viewer:
        stage.reading("b12/thermostat/t1")
        stage.message("b12/vision_ai/v1", b'{"people": 1}')
        stage.live.tick()
        update = await next_update(viewer.updates())
    assert {said["domain"] for _, said in update} == {"ai"}


async def test_a_viewer_that_cannot_follow_keeps_the_newest_and_counts_the_rest(stage: Stage):
    with stage.live.broadcast.watch() as viewer:
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
    with stage.live.broadcast.watch(watching) as viewer:
        for _ in range(3):
            stage.reading("b1/thermostat/t1")
            stage.message("b1/thermostat/t1", b'{"temperature": 412}')
            stage.messages(("b12/thermostat/t1", b"{}") for _ in range(2_000))
            stage.message("b1/thermostat/t1/status", b"offline")
            stage.live.tick()
        update = await next_update(viewer.updates())
    own = [name for name, said in update if said.get("booth") == "b1"]
    assert own == ["state", "rejection", "state"] * 3 + ["reading"]
    assert stage.live.broadcast.left_out > 4_000


async def test_a_viewer_of_another_booth_has_missed_nothing(stage: Stage):
    with stage.live.broadcast.watch("b1") as other, stage.live.broadcast.watch("b12") as viewer:
        stage.messages(("b12/thermostat/t1", b"{}") for _ in range(2_000))
        stage.live.tick()
        assert other.missed == 0
        update = dict(await next_update(viewer.updates()))
    assert update["missed"]["events"] == viewer.missed == stage.live.broadcast.left_out
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
    stage.live = Live(stage.live.kinds, stage.clock)
    for number in range(100):
        stage.message(f"b{number}/toaster/t1", b"{}")
    assert len(stage.live._rejected) == 10


async def test_what_a_viewer_does_not_fetch_is_bounded_by_the_devices(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.live.viewers.DEVICES", 10)
    monkeypatch.setattr("hub.live.roster.DEVICES", 10)
    stage.live = Live(stage.live.kinds, stage.clock)
    with stage.live.broadcast.watch() as viewer:
        for number in range(100):
            stage.reading(f"b12/thermostat/t{number}")
            stage.live.tick()
            stage.message(f"b12/thermostat/t{number}/status", b"offline")
            assert len(viewer._devices) <= 20


async def test_a_crowd_of_devices_comes_in_several_updates(stage: Stage):
    with stage.live.broadcast.watch() as viewer:
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
    with stage.live.broadcast.watch() as viewer:
        assert await next_update(viewer.updates(silence=0)) == []


async def test_the_end_ends_every_stream(stage: Stage):
    with stage.live.broadcast.watch() as early:
        stage.live.broadcast.end()
        with stage.live.broadcast.watch() as late:
            async with asyncio.timeout(DEADLINE):
                assert [update async for update in early.updates() if any(update)] == []
                assert [update async for update in late.updates()] == []


async def test_a_viewer_that_waits_for_an_update_is_not_kept_waiting_by_the_end(stage: Stage):
    with stage.live.broadcast.watch() as viewer:
        waiting = asyncio.ensure_future(anext(viewer.updates(silence=2 * DEADLINE)))
        await asyncio.wait([waiting], timeout=0)
        stage.live.broadcast.end()
        async with asyncio.timeout(DEADLINE):
            assert not any(await waiting)


async def test_it_ticks_and_sweeps_by_itself_until_cancelled(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_module, "TICK", 0.001)
    monkeypatch.setattr(live_module, "SWEEP", 0.002)
    running = asyncio.create_task(stage.live.run())
    with stage.live.broadcast.watch() as viewer:
        updates = viewer.updates()
        stage.reading()
        assert [name for name, _ in await next_update(updates)] == ["state", "reading"]
        stage.clock.advance(15)
        assert [said["state"] for _, said in await next_update(updates)] == ["late"]
        running.cancel()
        await asyncio.wait([running])
        async with asyncio.timeout(DEADLINE):
            assert [update async for update in updates if any(update)] == []


@asynccontextmanager
async def _running(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Counter[str]]:
    """Run it; yields how often it swept, ticked, and waited for a batch."""
    called = Counter[str]()
    linger = stage.live._linger

    async def lingering() -> None:
        called.update(["_linger"])
        await linger()

    monkeypatch.setattr(stage.live, "_linger", lingering)
    for name in ("sweep", "tick"):
        monkeypatch.setattr(stage.live, name, lambda name=name: called.update([name]))
    running = asyncio.create_task(stage.live.run())
    yield called
    running.cancel()
    await asyncio.wait([running])


async def test_devices_are_swept_without_regard_to_updates(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """Less often, and who is silent would be told late."""
    monkeypatch.setattr(live_module, "TICK", 1_000.0)
    monkeypatch.setattr(live_module, "SWEEP", 0.001)
    async with _running(stage, monkeypatch) as called:
        await eventually(lambda: called["sweep"] >= 3)
        assert not called["tick"]


@pytest.mark.parametrize(
    ("before", "waits"), [(0.004, False), (0.006, True), (0.9, True), (2, False)]
)
async def test_an_update_waits_for_the_batch_that_is_about_to_come(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, before: float, waits: bool
):
    """One of just now is told at once, and after none for a second none is awaited."""
    monkeypatch.setattr(live_module, "TICK", 0.01)
    monkeypatch.setattr(live_module, "LINGER", 1_000.0)
    stage.reading()
    stage.clock.advance(before)
    async with _running(stage, monkeypatch) as called:
        await eventually(lambda: called["tick"] or called["_linger"])
        assert bool(called["_linger"]) is waits
        if waits:
            assert not called["tick"]
            stage.reading()
        await eventually(lambda: called["tick"])


async def test_an_update_waits_not_for_long(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_module, "TICK", 0.01)
    monkeypatch.setattr(live_module, "LINGER", 0.001)
    stage.reading()
    stage.clock.advance(0.1)
    async with _running(stage, monkeypatch) as called:
        await eventually(lambda: called["tick"] >= 3)
