"""What the hub tells the store about itself."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.wait import DEADLINE
from hub.clock import HeldClock
from hub.counters import Accounts
from hub.limits.fair import FairBuffer
from hub.messages import Code, Rejection, State, StateChange
from hub.pipeline import selfstats as journal_module
from hub.pipeline.batch import Batch
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.outbox.entries import Commit
from hub.pipeline.selfstats import BURST, SelfStats, counters_line, state_line
from hub.stores import line_protocol
from hub.stores.store import measurements
from hub.topics import Address
from schemas import Label
from schemas import kinds as catalogue

T1 = Address("b12", "thermostat", "t1")
NOW = 1_760_000_000 * 10**9
DECLARED = measurements(catalogue())
COUNTERS = {
    **Accounts(accepted=5, stored=3).as_json(),
    "outbox_bytes": 99,
    "lag_ms": 7,
    **{f"devices_{state}": 1 for state in State},
    "hears": 1,
}


def changes_of(addresses: Iterable[Address], size: int = 100) -> FairBuffer[StateChange]:
    changes = FairBuffer[StateChange](size)
    for number, address in enumerate(addresses):
        changes.add(address.booth, StateChange(address, "smart_home", State.LIVE, NOW + number))
    return changes


def test_a_change_of_state_is_a_row_of_its_own():
    row = line_protocol.parse(state_line(StateChange(T1, "smart_home", State.LATE, NOW)))
    assert row.measurement == "device_state"
    assert row.tags == {
        "booth": "b12",
        "device": "t1",
        "domain": "smart_home",
        "kind": "thermostat",
    }
    assert row.fields == {"state": "late", "level": 1}
    assert row.ts == NOW


def test_levels_go_down_as_devices_go():
    levels = [
        line_protocol.parse(state_line(StateChange(T1, "ai", state, NOW))).fields["level"]
        for state in (State.LIVE, State.LATE, State.OFFLINE)
    ]
    assert levels == [2, 1, 0]


def test_counters_are_a_row_with_what_is_declared_and_nothing_else():
    row = line_protocol.parse(counters_line("smartlife-hub", COUNTERS, NOW))
    assert row.tags == {"client": "smartlife-hub"}
    assert set(row.fields) == set(DECLARED["hub"].fields)
    assert row.fields["waiting"] == 2


async def test_it_writes_what_happened_through_the_outbox(tmp_path: Path, clock: HeldClock):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    changes = changes_of([T1])
    surplus = {("b12", "dropped"): 7}
    journal = SelfStats(outbox, changes, lambda: surplus, lambda: COUNTERS, "smartlife-hub", clock)
    rejection = SimpleNamespace(booth="b12", code=Code.SCHEMA)
    readings = [SimpleNamespace(address=T1)] * 3
    told = SimpleNamespace(readings=readings, rejections=[rejection], counted=[(None, "topic")] * 2)
    journal.observe(cast("Batch", told))
    running = asyncio.create_task(journal.run())
    async with asyncio.timeout(DEADLINE):
        await outbox.committed.wait()
    running.cancel()
    await asyncio.wait([running])
    (batch,) = await outbox.waiting(10)
    rows = [line_protocol.parse(line) for line in batch.rows.decode().split("\n")]
    assert [row.measurement for row in rows] == [
        "hub",
        "device_state",
        *["rejections"] * 2,
        "surplus",
        "booth_readings",
    ]
    assert [(row.tags, row.fields) for row in rows[2:]] == [
        ({"booth": "b12", "code": "schema"}, {"count": 1}),
        ({"booth": "-", "code": "topic"}, {"count": 2}),
        ({"booth": "b12", "outcome": "dropped"}, {"count": 7}),
        ({"booth": "b12"}, {"count": 3}),
    ]
    assert not changes
    assert outbox.accounts == Accounts()
    await outbox.close()


async def test_states_are_written_again_a_turn_at_a_time(tmp_path: Path, clock: HeldClock):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    turns: list[tuple[int, int]] = []

    def states(turn: int, of: int) -> Iterable[StateChange]:
        turns.append((turn, of))
        return [StateChange(T1, "smart_home", State.LIVE, NOW)]

    journal = SelfStats(
        outbox, changes_of([]), dict, lambda: COUNTERS, "smartlife-hub", clock, states
    )
    for _ in range(601):
        await journal.step()
    assert turns == [*((turn, 60) for turn in range(60)), (0, 60)]
    (first, *_) = await outbox.waiting(10)
    assert b"device_state,booth=b12,device=t1" in first.rows
    await outbox.close()


HEALTH = {"status": "ok", "parts": {"store": {"state": "ok"}}}


async def test_one_of_several_hubs_writes_what_the_wall_of_all_needs(
    tmp_path: Path, clock: HeldClock
):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    journal = SelfStats(
        *(outbox, changes_of([T1]), dict, lambda: COUNTERS, "h1", clock),
        health=lambda: HEALTH,
        shared=True,
    )
    said = Label("no JSON", "JSON 아님")
    rejection = Rejection(Code.JSON, said, "smartlife/v1/b12/light/l1", NOW, "{", booth="b12")
    many = SimpleNamespace(readings=[], rejections=[rejection] * (BURST + 1), counted=[])
    journal.observe(cast("Batch", many))
    await journal.step()
    (batch,) = await outbox.waiting(10)
    rows = [line_protocol.parse(line) for line in batch.rows.decode().split("\n")]
    names = Counter(row.measurement for row in rows)
    # Its share of a device's readings tells nothing of the device's state.
    assert names == {"hub_health": 1, "hub": 1, "rejected": BURST, "rejections": 1}
    health, *_ = (row for row in rows if row.measurement == "hub_health")
    assert (health.tags, health.fields["well"]) == ({"client": "h1"}, 1)
    await outbox.close()


async def test_its_health_is_written_at_once_when_a_part_changes(tmp_path: Path, clock: HeldClock):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    parts = {"store": {"state": "ok"}}
    health = {"status": "ok", "parts": parts}
    journal = SelfStats(outbox, changes_of([]), dict, dict, "h1", clock, health=lambda: health)
    written = []
    for state in ("ok", "ok", "away", "away"):
        parts["store"]["state"] = state
        written.append(len(journal._health_lines(NOW)))
        journal._seconds += 1
    assert written == [1, 0, 1, 0]
    await outbox.close()


async def test_an_outbox_without_room_costs_the_row_and_no_more(tmp_path: Path, clock: HeldClock):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 1, 0, 1)
    journal = SelfStats(outbox, changes_of([]), dict, lambda: COUNTERS, "smartlife-hub", clock)
    await journal._write(["hub,client=h received=1i 1"], NOW)
    await journal._write(["hub,client=h received=1i 2"], NOW)
    assert len(await outbox.waiting(10)) == 1
    await outbox.close()


async def test_a_change_waits_while_the_outbox_has_no_room(tmp_path: Path, clock: HeldClock):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 300, 0, 1)
    await outbox.commit(Commit(b"hub,client=h received=1i 1" * 12, own=True))
    changes = changes_of([T1])
    journal = SelfStats(outbox, changes, dict, lambda: COUNTERS, "smartlife-hub", clock)
    await journal.step()
    await outbox.settle(await outbox.waiting(1), [])
    await journal.step()
    (batch,) = await outbox.waiting(10)
    row = line_protocol.parse(batch.rows.decode())
    assert (row.measurement, row.ts) == ("device_state", NOW)
    await outbox.close()


async def test_what_waits_is_bounded_and_what_was_left_out_is_told(
    tmp_path: Path,
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(journal_module, "BACKLOG", 3)
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 1, 0, 1)
    await outbox.commit(Commit(b"hub,client=h received=1i 1", own=True))
    changes = changes_of([T1] * 5)
    journal = SelfStats(outbox, changes, dict, lambda: COUNTERS, "smartlife-hub", clock)
    await journal.step()
    await outbox.settle(await outbox.waiting(1), [])
    await journal.step()
    (batch,) = await outbox.waiting(10)
    assert [line_protocol.parse(line.decode()).ts - NOW for line in batch.rows.split(b"\n")] == [
        *(2, 3, 4)
    ]
    assert "2 rows of the hub's own were left out" in caplog.text
    await outbox.close()


async def test_a_booth_that_changes_all_the_time_costs_no_other_its_rows(
    tmp_path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(journal_module, "BACKLOG", 10)
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 1, 0, 1)
    await outbox.commit(Commit(b"hub,client=h received=1i 1", own=True))
    flood = [Address("b13", "thermostat", f"t{number}") for number in range(20)]
    changes = changes_of([T1, *flood])
    journal = SelfStats(outbox, changes, dict, lambda: COUNTERS, "smartlife-hub", clock)
    await journal.step()
    await outbox.settle(await outbox.waiting(1), [])
    await journal.step()
    (batch,) = await outbox.waiting(10)
    rows = [line_protocol.parse(line) for line in batch.rows.decode().split("\n")]
    assert [row.tags["booth"] for row in rows] == ["b12", *["b13"] * 9]
    await outbox.close()


async def test_changes_that_were_left_out_before_are_told_too(
    tmp_path: Path, clock: HeldClock, caplog: pytest.LogCaptureFixture
):
    outbox = await AsyncOutbox.open(tmp_path / "outbox.db", 2**30, 0, 1)
    changes = changes_of([T1] * 5, size=3)
    journal = SelfStats(outbox, changes, dict, lambda: COUNTERS, "smartlife-hub", clock)
    await journal.step()
    assert "2 rows of the hub's own were left out" in caplog.text
    await outbox.close()
