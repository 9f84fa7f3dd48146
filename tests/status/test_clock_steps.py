"""Steps of the clock are noticed, and say from when to when which stamps were wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import SECOND, HeldClock
from hub.status.clock_steps import KEPT, TOLERANCE, ClockSteps, WrongStamps
from hub.status.health import clock as said

START = 1_760_000_000 * SECOND
HOUR = 3600 * SECOND


class BootedClock(HeldClock):
    """A held clock that knows since when its monotonic time counts."""

    def __init__(self, boot: str, now: int = START) -> None:
        super().__init__(now)
        self.boot = boot


class Watched:
    """A clock that is looked at every second."""

    def __init__(self, clock: HeldClock | None = None) -> None:
        self.clock = clock or BootedClock("a")
        self.steps = ClockSteps(self.clock)

    def pass_time(self, seconds: int) -> int:
        """Let time pass; return how often there was something to keep."""
        news = 0
        for _ in range(seconds):
            self.clock.advance(1)
            news += self.steps.update()
        return news

    def step(self, seconds: float) -> None:
        self.clock.hold_at(self.clock.now() + round(seconds * SECOND))

    def restart(self, clock: HeldClock | None = None, last: int = 0) -> None:
        self.clock, kept = clock or self.clock, json.loads(json.dumps(self.steps.kept()))
        self.steps = ClockSteps(self.clock, kept, last)


@pytest.fixture
def watched() -> Watched:
    watched = Watched()
    watched.pass_time(1)
    return watched


def test_a_clock_that_goes_is_no_news(watched: Watched):
    assert watched.pass_time(100) == 0
    assert watched.steps.wrong == []


@pytest.mark.parametrize("seconds", [1, -1, 2, -2])
def test_a_leap_second_is_no_step(watched: Watched, seconds: int):
    watched.step(seconds)
    assert watched.pass_time(100) == 0


def test_small_steps_add_up(watched: Watched):
    for _ in range(3):
        watched.step(1)
        watched.pass_time(10)
    assert [item.ahead for item in watched.steps.wrong] == [-3 * SECOND]


def test_a_clock_that_was_ahead_for_a_while_was_wrong_just_then(watched: Watched):
    watched.step(9 * 3600)
    began = watched.clock.now()
    assert watched.pass_time(10) == 1
    ended = watched.clock.now()
    watched.step(-9 * 3600)
    assert watched.pass_time(10) == 1
    (found,) = watched.steps.wrong
    assert found.ahead == 9 * HOUR
    # Each bound is as wide as the second in which it was noticed.
    assert began - SECOND <= found.start <= began
    assert ended <= found.stop <= ended + SECOND


def test_until_a_clock_is_set_back_the_times_before_it_was_set_look_wrong(watched: Watched):
    watched.step(9 * 3600)
    watched.pass_time(1)
    (found,) = watched.steps.wrong
    assert (found.start, found.ahead) == (START, -9 * HOUR)


def test_a_clock_that_was_wrong_from_the_start_was_so_until_it_was_set(watched: Watched):
    watched.step(-400 * 86_400)
    watched.pass_time(1)
    assert [item.ahead for item in watched.steps.wrong] == [400 * 24 * HOUR]


def test_many_steps_are_kept_up_to_a_limit(watched: Watched):
    for _ in range(5 * KEPT):
        watched.step(100)
        watched.pass_time(1)
    assert len(watched.steps.wrong) <= KEPT
    assert len(watched.steps.kept()["settings"]) == KEPT


def test_a_restart_of_the_hub_goes_on(watched: Watched):
    watched.step(3600)
    watched.pass_time(10)
    watched.restart(last=watched.clock.now())
    assert watched.pass_time(10) == 1  # to be kept again
    watched.step(-3600)
    watched.pass_time(10)
    (found,) = watched.steps.wrong
    assert (found.ahead, found.stop - found.start) == (HOUR, 21 * SECOND)


def test_a_clock_that_was_set_while_the_hub_was_away_left_wrong_what_it_had_stamped(
    watched: Watched,
):
    watched.pass_time(10)
    last = watched.clock.now()
    watched.clock.advance(60)
    watched.step(-9 * 3600)
    watched.restart(last=last)
    assert watched.steps.wrong == [WrongStamps(START, last, 9 * HOUR)]


@pytest.mark.parametrize("boots", [("a", "b"), ("", "")])
def test_after_a_restart_of_the_machine_a_clock_that_went_back_is_noticed(boots: tuple[str, str]):
    watched = Watched(BootedClock(boots[0]))
    watched.pass_time(10)
    last = watched.clock.now()
    watched.restart(BootedClock(boots[1], last - HOUR), last)
    assert watched.steps.wrong == [WrongStamps(START, last, HOUR)]
    watched.step(7200)  # which tells nothing of what was before
    watched.pass_time(1)
    assert watched.steps.wrong[0] == WrongStamps(START, last, HOUR)


def test_after_a_restart_of_the_machine_what_was_found_stays(watched: Watched):
    watched.step(3600)
    watched.pass_time(10)
    watched.step(-3600)
    watched.pass_time(10)
    found = watched.steps.wrong
    watched.restart(BootedClock("b", watched.clock.now() + HOUR))
    watched.pass_time(5)
    assert watched.steps.wrong == found
    watched.step(-3600)
    watched.pass_time(5)
    assert [item.ahead for item in watched.steps.wrong] == [HOUR, HOUR]


@given(
    st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(1, 5), st.booleans()), max_size=20)
)
def test_a_clock_that_is_right_in_the_end_was_wrong_when_it_was_not(
    steps: list[tuple[int, int, bool]],
):
    watched, off, wrong = Watched(), 0, list[int]()
    for seconds, lasted, restarts in [*steps, (0, 1, False)]:
        watched.step(seconds - off)
        off = seconds
        if restarts:
            watched.restart(last=watched.steps.kept()["settings"][-1][2])
        watched.pass_time(lasted)
        wrong.append(seconds * SECOND)
    found = watched.steps.wrong
    assert all(abs(item.ahead) > TOLERANCE and item.start <= item.stop for item in found)
    assert all(any(_near(item.ahead, ahead) for ahead in wrong) for item in found)
    if len(steps) < KEPT:
        clear = [ahead for ahead in wrong if abs(ahead) > 2 * TOLERANCE]
        assert all(any(_near(item.ahead, ahead) for item in found) for ahead in clear)


def _near(one: int, other: int) -> bool:
    """Whether two are the same but for steps that are none, one at either end."""
    return abs(one - other) <= 2 * TOLERANCE


def test_health_says_so_in_words_and_in_figures():
    wrong = [WrongStamps(START, START + HOUR, 9 * HOUR)]
    part = said(wrong)
    assert part.state == "ok"
    assert part.message.en == (
        "it was set: times of arrival from 2025-10-09T08:53:20.000Z to 2025-10-09T09:53:20.000Z "
        "are 32400 s ahead, by the clock as it is now"
    )
    assert "32400초 빠릅니다" in part.message.ko
    assert said([*wrong, WrongStamps(START, START, -HOUR)]).message.en.endswith(
        "are 3600 s behind, by the clock as it is now (1 more in wrong_stamps)"
    )
    assert said([]).message.en == "no step was noticed"
    assert wrong[0].as_json() == {
        "from": "2025-10-09T08:53:20.000Z",
        "to": "2025-10-09T09:53:20.000Z",
        "ahead_s": 32400,
    }
