"""Replays onto the wall: where each is, and what is asked of it until it reports again."""

from contextlib import nullcontext

import pytest
from pydantic import ValidationError

from hub.clock import HeldClock
from hub.live.replay_players import GONE, MOST, ReplayPlayers, ReplayState, ReplayWish


def at(position: float) -> ReplayState:
    return ReplayState(
        name="day.mcap",
        begins="2026-10-07T10:00:00Z",
        position=position,
        length=600,
        speed=1,
        paused=False,
    )


@pytest.fixture
def players(clock: HeldClock) -> ReplayPlayers:
    return ReplayPlayers(clock)


def test_what_is_asked_of_a_replay_is_told_once(players: ReplayPlayers):
    assert players.report("p1", at(0)) == ReplayWish()
    assert players.ask("p1", ReplayWish(paused=True, steps=2))
    assert players.ask("p1", ReplayWish(speed=4, steps=3))
    assert not players.ask("p2", ReplayWish(paused=True))
    assert players.report("p1", at(1)) == ReplayWish(paused=True, speed=4, steps=5)
    assert players.report("p1", at(2)) == ReplayWish()
    assert players.playing() == {"p1": at(2)}


def test_steps_are_never_too_many(players: ReplayPlayers):
    assert ReplayWish(steps=999).and_then(ReplayWish(steps=999)).steps == 1_000


@pytest.mark.parametrize(("speed", "fits"), [(1 / 1_025, False), (1 / 1_024, True), (1_024, True)])
def test_a_replay_may_be_so_slow_and_so_fast(speed: float, fits: bool):
    with nullcontext() if fits else pytest.raises(ValidationError):
        assert ReplayWish(speed=speed).speed == speed
    with pytest.raises(ValidationError):
        ReplayWish(speed=1_025)


def test_a_replay_that_says_nothing_more_is_forgotten(players: ReplayPlayers, clock: HeldClock):
    players.report("p1", at(0))
    clock.advance(GONE)
    players.report("p2", at(0))
    assert list(players.playing()) == ["p1", "p2"]
    clock.advance(1)
    assert list(players.playing()) == ["p2"]
    assert not players.ask("p1", ReplayWish(paused=True))


def test_with_one_too_many_the_one_that_was_silent_longest_goes(players: ReplayPlayers):
    for number in range(MOST):
        players.report(f"p{number}", at(0))
    players.report("p0", at(1))
    players.report("one more", at(0))
    assert list(players.playing()) == ["one more", "p0", *(f"p{n}" for n in range(2, MOST))]
