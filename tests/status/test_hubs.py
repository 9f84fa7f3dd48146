"""What a wall knows of the hubs from the rows that they write to the store."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hub.clock import HeldClock
from hub.counters import Accounts
from hub.live.devices import Live
from hub.messages import Code, Rejection, State, StateChange
from hub.pipeline.fence import StoreFence
from hub.pipeline.selfstats import counters_line, health_line, rejected_line, state_line
from hub.status.hubs import SILENT, Hubs
from hub.status.wall_status import hubs_part
from hub.stores import MemoryStore
from hub.stores.store import DEVICE_STATE, Query
from hub.timestamps import SECOND
from hub.topics import Address
from schemas import KindSpec, Label

T1 = Address("b12", "thermostat", "t1")


def healthy(outbox: str = "ok") -> dict[str, Any]:
    part = {"state": outbox, "message": "2 of 2 bytes used", "message_ko": "가득 참"}
    return {"status": "ok" if outbox == "ok" else "failing", "parts": {"outbox": part}}


class Shared:
    """A store that hubs write to, and what a wall makes of it."""

    def __init__(self, kinds: Mapping[str, KindSpec], clock: HeldClock, *, judges: bool) -> None:
        self.clock = clock
        self.store = MemoryStore(kinds)
        self.live = Live(kinds, clock)
        self.hubs = Hubs(self.store, StoreFence(), self.live, clock, judges=judges)

    async def wrote(self, *lines: str) -> None:
        assert await self.store.write(["\n".join(lines).encode()]) == []
        await self.hubs.step()

    @property
    def said(self) -> dict[str, Any]:
        return hubs_part(self.hubs, self.clock.now()).as_json()


@pytest.fixture
def shared(kinds: Mapping[str, KindSpec], clock: HeldClock) -> Shared:
    return Shared(kinds, clock, judges=False)


async def test_a_wall_without_hubs_says_what_to_look_at(shared: Shared):
    await shared.hubs.step()
    assert shared.said["state"] == "away"
    assert "HUB_GROUP or HUB_BOOTHS" in shared.said["message"]


async def test_the_accounts_are_the_sum_of_what_each_hub_wrote_last(shared: Shared):
    now = shared.clock.now()
    await shared.wrote(
        counters_line("h1", Accounts(accepted=4, stored=3).as_json(), now - SECOND),
        counters_line("h1", Accounts(accepted=5, stored=5, extra=1).as_json(), now),
        counters_line("h2", Accounts(accepted=7, rejected=1, stored=7).as_json(), now),
    )
    assert shared.hubs.accounts == Accounts(accepted=12, rejected=1, stored=12, extra=1)


async def test_a_hub_that_is_not_well_is_named_with_its_reason(shared: Shared):
    now = shared.clock.now()
    await shared.wrote(health_line("h1", healthy(), now), health_line("h2", healthy("full"), now))
    assert (shared.said["state"], shared.said["hubs"], shared.said["well"]) == ("failing", 2, 1)
    assert shared.said["message"] == "h2: 2 of 2 bytes used"


async def test_a_hub_that_writes_nothing_any_more_is_named(shared: Shared):
    await shared.wrote(health_line("h1", healthy(), shared.clock.now()))
    assert shared.said["state"] == "ok"
    shared.clock.advance(SILENT // SECOND + 1)
    await shared.wrote(health_line("h2", healthy(), shared.clock.now()))
    assert shared.said["state"] == "away"
    assert shared.said["message"] == "h1: has written nothing for 31 s; does it run?"


async def test_while_the_store_is_away_no_hub_is_called_silent(shared: Shared):
    await shared.wrote(health_line("h1", healthy(), shared.clock.now()))
    shared.hubs.error = "InfluxDB does not answer"
    shared.clock.advance(SILENT // SECOND + 1)
    assert shared.said["state"] == "ok"


async def test_rejections_are_those_of_all_hubs_newest_first(shared: Shared):
    now = shared.clock.now()

    def rejection(booth: str | None, at: int) -> Rejection:
        said = Label('no "JSON"\n', "JSON이 아님")
        return Rejection(Code.JSON, said, "smartlife/v1/b1/light/l1", at, "{\\", booth=booth)

    kept = [rejection("b1", now - 2), rejection("b2", now - 1), rejection(None, now)]
    await shared.wrote(*map(rejected_line, kept))
    shown = [json.loads(json.dumps(item.as_json())) for item in reversed(kept)]
    assert await shared.hubs.rejections(None, 10) == shown
    assert await shared.hubs.rejections("b2", 10) == [shown[1]]
    assert await shared.hubs.rejections(None, 1) == [shown[0]]


async def test_a_device_of_before_the_wall_is_shown_as_offline(shared: Shared):
    await shared.wrote(state_line(StateChange(T1, "smart_home", State.LIVE, shared.clock.now())))
    (device,) = shared.live.devices()
    assert (device.address, device.state, device.stray) == (T1, State.OFFLINE, False)


@pytest.mark.parametrize("judges", [True, False])
async def test_only_who_sees_all_readings_writes_states(kinds, clock, judges):
    shared = Shared(kinds, clock, judges=judges)
    shared.live.changes.add("b12", StateChange(T1, "smart_home", State.LATE, clock.now()))
    await shared.hubs.step()
    rows = await shared.store.query(Query(DEVICE_STATE.name, 0, clock.now() + 1))
    assert [row.fields["state"] for row in rows] == ["late"] * judges
