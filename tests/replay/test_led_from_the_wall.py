"""A replay onto the wall is led over HTTP: paused, played message by message, faster, elsewhere."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from harness.hub import Hub
from harness.wait import until
from hub.clock import SECOND, HeldClock
from hub.live.replay_players import GONE, MOST, ReplayPlayers, ReplayState, ReplayWish
from tests.recording.made import reading
from tests.replay.conftest import Replay

STATE = ReplayState(
    name="a.mcap", begins="2026-10-07T01:00:00.000Z", position=0, length=60, speed=1, paused=False
)


def lead(service: Hub, player: str, **wish: object) -> httpx.Response:
    return httpx.patch(f"{service.url}/api/replays/{player}", json=wish)


@pytest.fixture
def played(record, replaying: Replay, booth: str, service: Hub) -> Callable[..., str]:
    """Play 600 messages, one a second; returns the id of the replay once the hub knows it."""
    path = record(reading(number, booth=booth, every=SECOND) for number in range(600))
    address = service.url.removeprefix("http://")

    def begin(*words: str) -> str:
        others = players(service)
        replaying.begin(path, "--into-hub", "--http", address, *words)
        found: set[str] = until(lambda: players(service) - others, "the hub knows the replay")
        return found.pop()

    return begin


def players(service: Hub) -> set[str]:
    return {it["player"] for it in service.get("/api/replays")}


def replay(service: Hub, player: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Where a replay is, once that is as wanted."""

    def seen() -> dict[str, Any] | None:
        found = [it for it in service.get("/api/replays") if it["player"] == player]
        return found[0] if found and fits(found[0]) else None

    found: dict[str, Any] = until(seen, lambda: f"it is so: {service.get('/api/replays')}")
    return found


def test_the_hub_knows_where_a_replay_is(played, service: Hub):
    player = played("--speed", "4")
    found = replay(service, player, lambda it: it["position"] > 2)
    assert found["name"].endswith(".mcap")
    assert (found["begins"], found["length"], found["speed"], found["paused"]) == (
        "2025-10-09T08:53:20.000Z",
        599.0,
        4.0,
        False,
    )


def test_it_is_paused_and_played_message_by_message(played, service: Hub, booth: str):
    player = played("--speed", "4")
    assert lead(service, player, paused=True).status_code == 200
    before = replay(service, player, lambda it: it["paused"])["position"]
    lead(service, player, steps=1)
    lead(service, player, steps=2)
    found = replay(service, player, lambda it: it["position"] == before + 3)
    assert found["paused"]
    shown = service.device(booth, "wearable", f"w{round(found['position']) % 5}")
    assert shown is not None
    assert shown["last"]["steps"] == found["position"]
    lead(service, player, paused=False)
    replay(service, player, lambda it: not it["paused"] and it["position"] > before + 3)


def test_its_speed_and_its_position_change(played, service: Hub):
    player = played()
    lead(service, player, paused=True)
    lead(service, player, speed=8, position=300.5)
    found = replay(service, player, lambda it: it["speed"] == 8)
    assert found["paused"]
    lead(service, player, paused=False)
    assert replay(service, player, lambda it: it["position"] >= 301)["position"] < 599
    lead(service, player, position=10)
    replay(service, player, lambda it: 10 <= it["position"] < 300)


def test_one_without_a_pace_takes_no_speed(played, replaying: Replay, service: Hub):
    player = played("--speed", "max", "--loop")
    answer = lead(service, player, speed=2)
    assert answer.status_code == 422
    assert "begin it with hub replay --speed" in answer.json()["message"]


def test_one_that_has_ended_is_known_no_more(played, replaying: Replay, service: Hub):
    player = played()
    assert replaying.stop() == 0
    until(lambda: player not in players(service), "it is forgotten")
    answer = lead(service, player, paused=True)
    assert answer.status_code == 404
    assert "GET /api/replays names those that do" in answer.json()["message"]


# --- what the hub keeps of it


def test_wishes_are_put_together_until_they_are_taken():
    players = ReplayPlayers(HeldClock())
    assert players.report("a", STATE) == ReplayWish()
    for wish in (ReplayWish(steps=1), ReplayWish(speed=2, steps=2), ReplayWish(speed=4)):
        assert players.ask("a", wish)
    assert players.report("a", STATE) == ReplayWish(steps=3, speed=4)
    assert players.report("a", STATE) == ReplayWish()


def test_one_that_is_silent_plays_no_more():
    clock = HeldClock()
    players = ReplayPlayers(clock)
    players.report("a", STATE)
    clock.pass_by(round(GONE * SECOND))
    assert list(players.playing()) == ["a"]
    clock.pass_by(1)
    assert players.playing() == {}
    assert not players.ask("a", ReplayWish(paused=True))


def test_no_more_than_a_few_are_known():
    players = ReplayPlayers(HeldClock())
    for number in range(MOST):
        players.report(str(number), STATE)
    players.report("0", STATE)
    players.report("new", STATE)
    assert set(players.playing()) == {"0", "new", *map(str, range(2, MOST))}
