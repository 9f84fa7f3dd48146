"""Whoever hammers or asks for much costs others nothing: rates, turns, bounded answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.wait import DEADLINE, eventually
from hub.booths.registry import DeviceAccount, Registry
from hub.clock import HeldClock
from hub.stores.store import Query, StoredRow
from hub.web import turns
from hub.web.routes import booths
from hub.web.turns import Turns
from tests.web.conftest import TOKEN, Site, open_site

CHECK = "/api/kinds/thermostat/check"
GOOD = '{"temperature": 21.5}'
OPS = {"authorization": f"Bearer {TOKEN}"}


# --- trials


@pytest.fixture
async def linked(tmp_path: Path, clock: HeldClock) -> AsyncIterator[tuple[Site, Registry]]:
    registry = Registry(tmp_path / "data")
    for booth in ("b12", "b13"):
        registry.put(booth, booth, "", (DeviceAccount(account=f"{booth}-1"),))
    async with open_site(tmp_path / "data", clock, TOKEN) as site:
        yield site, registry


def trial(site: Site, headers: dict[str, str] | None = None, address: str = "127.0.0.1"):
    site.client._transport.client = (address, 1)  # type: ignore[attr-defined]
    return site.client.post(CHECK, content=GOOD, headers=headers or {})


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates at which a bucket gains nothing while a test runs."""
    for name in ("LINK_TRIALS", "ADDRESS_TRIALS"):
        monkeypatch.setattr(booths, name, getattr(booths, name) / 1000)
    monkeypatch.setattr(booths, "BURST", 4000)
    monkeypatch.setattr(booths, "REFUSED_AFTER", 0)


@pytest.mark.usefixtures("slow")
async def test_a_link_has_so_many_trials_and_another_has_its_own(slow, linked):
    site, registry = linked
    bearers = [{"authorization": f"Bearer {registry.token(booth)}"} for booth in ("b12", "b13")]
    for number in range(20):
        assert (await trial(site, bearers[0], f"10.0.0.{number}")).status_code == 200
    refused = await trial(site, bearers[0], "10.0.0.99")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["error"] == "too_many"
    assert f"try again in {refused.headers['retry-after']} s" in refused.json()["message"]
    assert (await trial(site, bearers[1], "10.0.0.99")).status_code == 200


@pytest.mark.usefixtures("slow")
async def test_an_address_has_so_many_trials_and_another_has_its_own(slow, linked):
    site, _ = linked
    for _ in range(80):
        assert (await trial(site, OPS, "10.0.0.7")).status_code == 200
    assert (await trial(site, OPS, "10.0.0.7")).status_code == 429
    assert (await trial(site, OPS, "10.0.0.8")).status_code == 200


@pytest.mark.usefixtures("slow")
async def test_a_client_that_asks_on_and_on_waits_for_each_refusal(slow, linked, monkeypatch):
    site, registry = linked
    monkeypatch.setattr(booths, "REFUSED_AFTER", 3600)
    bearer = {"authorization": f"Bearer {registry.token('b12')}"}
    for _ in range(20):
        assert (await trial(site, bearer, "10.0.0.7")).status_code == 200
    refused = asyncio.create_task(trial(site, bearer, "10.0.0.7"))
    other = {"authorization": f"Bearer {registry.token('b13')}"}
    assert (await trial(site, other, "10.0.0.8")).status_code == 200
    assert not refused.done()
    refused.cancel()


async def test_a_wrong_token_is_tried_once_however_many_booths_there_are(linked, monkeypatch):
    site, registry = linked
    tried = []
    monkeypatch.setattr(Registry, "opens", lambda *given: tried.append(given))
    answer = await site.client.get("/api/kinds", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert tried == []
    bearer = {"authorization": f"Bearer {registry.token('b12')}"}
    monkeypatch.undo()
    assert (await site.client.get("/api/kinds", headers=bearer)).status_code == 200
    registry.rotate_link("b12")
    assert (await site.client.get("/api/kinds", headers=bearer)).status_code == 401


# --- turns


async def test_pieces_have_their_turn_one_in_each_pass_of_the_loop():
    shared, passes = Turns(), 0
    done: list[tuple[str, int]] = []

    async def ask(name: str) -> None:
        for _ in range(3):
            await shared.run(done.append, (name, passes))

    asking = [asyncio.create_task(ask(name)) for name in "abc"]
    while not all(task.done() for task in asking):
        passes += 1
        await asyncio.sleep(0)
    assert len(done) == 9
    # What waits gets its turn before whoever just had one, and nothing shares a pass.
    assert [name for name, _ in done[:3]] == ["a", "b", "c"]
    assert len({number for _, number in done}) >= 3


async def test_a_piece_that_fails_lets_the_next_one_go_on():
    shared = Turns()
    with pytest.raises(ZeroDivisionError):
        await shared.run(lambda: 1 / 0)
    assert await shared.run(lambda: 1) == 1


@pytest.mark.parametrize("items", [0, 1, turns.ITEMS, turns.ITEMS + 1, 3 * turns.ITEMS])
async def test_an_array_in_pieces_is_the_array(items):
    pieces = [piece async for piece in Turns().array(range(items), lambda item: {"한": item})]
    assert json.loads(b"".join(pieces)) == [{"한": item} for item in range(items)]
    assert len(pieces) == items // turns.ITEMS + (items % turns.ITEMS > 0) + 1


async def test_the_loop_goes_on_while_a_long_list_is_written(site):
    for number in range(10 * turns.ITEMS):
        site.source.publish(f"smartlife/v1/b12/thermostat/t{number}", GOOD.encode())
    async with asyncio.timeout(DEADLINE):
        await site.hub.committer.settled()
    asking = asyncio.create_task(site.said("/api/devices"))
    passes = 0
    while not asking.done():
        passes += 1
        await asyncio.sleep(0)
    assert len(await asking) == 10 * turns.ITEMS + 1  # with the lock that the zone expects
    assert passes > 10


# --- stored readings of all kinds


class Asked:
    """What the store was asked, in its own way, and how much it gave."""

    def __init__(self, site: Site) -> None:
        self._query = site.hub.parts.store.query
        self.queries: list[Query] = []
        self.rows = 0
        site.hub.parts.store.query = self  # type: ignore[method-assign]

    async def __call__(self, query: Query) -> list[StoredRow]:
        self.queries.append(query)
        rows = await self._query(query)
        self.rows += len(rows)
        return rows


async def test_the_limit_is_over_all_kinds_and_the_newest_are_given(site, kinds):
    names = list(kinds)[:5]
    start = site.clock.now()
    for number in range(20):
        kind = kinds[names[number % 5]]
        said = dict(kind.example) | {"ts": start - (20 - number) * 1_000_000_000}
        await site.publish(f"b12/{kind.name}/x", json.dumps(said))
    await site.stored()
    asked = Asked(site)
    found: Any = await site.said("/api/readings", limit=7)
    everything: Any = await site.said("/api/readings")
    assert len(everything) == 20
    assert found == everything[-7:]
    assert [row["ts"] for row in found] == sorted(row["ts"] for row in found)
    del asked.queries[len(kinds) :]
    # Once seven are there, nothing older than they are is asked for.
    starts = [query.start for query in asked.queries]
    assert starts == sorted(starts)
    assert starts[-1] > starts[0]


async def test_no_more_rows_than_twice_the_limit_are_held(site, kinds, monkeypatch):
    """Each kind has as many rows as the limit, all of the same time."""
    row = StoredRow(site.clock.now() - 1, "thermostat", {"booth": "b12", "device": "t1"}, {"a": 1})

    async def query(asked: Query) -> list[StoredRow]:
        return [replace(row, measurement=asked.measurement)] * asked.limit

    monkeypatch.setattr(site.hub.parts.store, "query", query)
    most = 0
    real = Turns.run

    async def run(self, work, *given, **named):
        nonlocal most
        if work is sorted:
            most = max(most, len(given[0]))
        return await real(self, work, *given, **named)

    monkeypatch.setattr(Turns, "run", run)
    found: Any = await site.said("/api/readings", limit=500)
    assert len(found) == 500
    assert most == 1000


async def test_the_questions_for_all_kinds_have_one_deadline_together(site, monkeypatch):
    monkeypatch.setattr("hub.stores.store.QUERY_DEADLINE", -1.0)
    answer = await site.get("/api/readings")
    assert (answer.status_code, answer.json()["error"]) == (504, "timeout")


async def test_only_so_many_answers_of_stored_rows_are_made_at_once(site, monkeypatch):
    running = most = 0
    let_go = asyncio.Event()

    async def query(_: Query) -> list[StoredRow]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await let_go.wait()
        running -= 1
        return []

    monkeypatch.setattr(site.hub.parts.store, "query", query)
    asking = [asyncio.create_task(site.said("/api/readings", kind="thermostat")) for _ in range(10)]
    for _ in range(100):
        await asyncio.sleep(0)
    let_go.set()
    await asyncio.gather(*asking)
    assert most == 2


async def test_one_report_of_a_booth_is_made_at_once_and_two_in_all(site, monkeypatch):
    asked = set[str | None]()
    let_go = asyncio.Event()

    async def query(question: Query) -> list[StoredRow]:
        asked.add(question.booth)
        await let_go.wait()
        return []

    monkeypatch.setattr(site.hub.parts.store, "query", query)
    first = asyncio.create_task(site.get("/api/booths/b12/report"))
    await eventually(lambda: "b12" in asked)
    again = await site.get("/api/booths/b12/report")
    assert (again.status_code, again.headers["retry-after"]) == (503, "5")
    assert "another report of b12 is being made" in again.json()["message"]
    second = asyncio.create_task(site.get("/api/booths/b13/report"))
    await eventually(lambda: "b13" in asked)
    assert (await site.get("/api/booths/b14/report")).status_code == 503
    let_go.set()
    assert [(await made).status_code for made in (first, second)] == [200, 200]
    assert (await site.get("/api/booths/b12/report")).status_code == 200


async def test_one_answer_of_rejections_at_a_time_is_asked_of_the_outbox(site, monkeypatch):
    running = most = 0

    async def rejections(*_: object) -> list[dict[str, Any]]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return []

    monkeypatch.setattr(site.hub.outbox, "rejections", rejections)
    await asyncio.gather(*(site.said("/api/rejections") for _ in range(10)))
    assert most == 1


async def test_a_long_piece_is_followed_by_a_rest_and_a_short_one_is_not(monkeypatch):
    rests, real = [], asyncio.sleep

    async def sleep(seconds: float) -> None:
        rests.append(seconds)
        await real(0)

    monkeypatch.setattr("hub.web.turns.asyncio.sleep", sleep)
    monkeypatch.setattr(turns, "REST", 1e9)
    for longest, rested in [(1e9, False), (-1.0, True)]:
        monkeypatch.setattr(turns, "LONG", longest)
        shared = Turns()
        rests.clear()
        for _ in range(2):
            await shared.run(lambda: None)
        assert rests[0] == 0
        assert (rests[1] > 0) is rested
