"""Times of arrival are the clock's of that moment, and none is given out twice."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import SECOND, STRIDE, Arrivals, HeldClock, SystemClock

DAY = 86_400 * SECOND
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(0, 100 * SECOND)),
        st.tuples(st.just("set"), st.integers(-400 * DAY, 400 * DAY)),
        st.tuples(st.just("set"), st.integers(-3 * SECOND, 3 * SECOND)),
        st.tuples(st.just("right"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("take"), st.integers(0, 5_000)),
        st.tuples(st.just("take"), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=60,
)


@given(EVENTS)
def test_no_time_is_given_out_twice_and_each_is_right_as_soon_as_the_clock_is(
    happened: list[tuple[str, int]],
):
    clock = HeldClock()
    arrivals, given_out = Arrivals(clock), set[int]()
    for what, value in happened:
        match what:
            case "pass":
                clock.pass_by(value)
            case "set":
                clock.hold_at(clock.now() + value)
            case "right":
                clock.hold_at(HeldClock().now() + clock.monotonic() - HeldClock().monotonic())
            case "restart":
                arrivals = Arrivals(clock, json.loads(json.dumps(arrivals.lasts)))
            case "take":
                first = arrivals.allocate(value, clock.now())
                assert -STRIDE < first - clock.now() <= SECOND + STRIDE
                stamps = range(first, first + value * STRIDE, STRIDE)
                assert given_out.isdisjoint(stamps)
                given_out.update(stamps)


@given(st.lists(st.tuples(st.integers(0, SECOND), st.integers(1, 5_000)), max_size=50))
def test_they_only_go_up_while_the_clock_does(steps: list[tuple[int, int]]):
    clock = HeldClock()
    arrivals, latest = Arrivals(clock), 0
    for passed, count in steps:
        clock.pass_by(passed)
        assert arrivals.allocate(count, clock.now()) > latest
        latest = arrivals.last
    assert len(arrivals.lasts) == 1


@given(st.integers(1, 10_000))
def test_a_restart_within_the_same_moment_repeats_none(count: int):
    clock = HeldClock()
    before = Arrivals(clock)
    before.allocate(count, clock.now())
    assert Arrivals(clock, before.lasts).allocate(1, clock.now()) == before.last + STRIDE


def test_a_small_step_back_is_waited_for():
    clock = HeldClock()
    arrivals = Arrivals(clock)
    arrivals.allocate(1, clock.now())
    clock.hold_at(clock.now() - SECOND)
    assert arrivals.allocate(1, clock.now()) == clock.now() + SECOND + STRIDE


def test_they_are_the_clocks_when_there_is_time():
    clock = HeldClock()
    arrivals = Arrivals(clock)
    assert arrivals.allocate(10, clock.now()) == clock.now()
    clock.advance(1)
    assert arrivals.allocate(1, clock.now()) == clock.now()


def test_a_track_is_used_again_once_its_times_are_past():
    clock = HeldClock()
    arrivals = Arrivals(clock)
    for _ in range(1000):
        for ahead in (3600 * SECOND, -3600 * SECOND):
            clock.hold_at(clock.now() + ahead)
            arrivals.allocate(1, clock.now())
        clock.advance(3700)
    assert len(arrivals.lasts) == 2


def test_a_clock_that_only_goes_back_repeats_none_either():
    clock = HeldClock()
    arrivals, given_out = Arrivals(clock), set[int]()
    for number in range(3 * STRIDE):
        clock.hold_at(clock.now() - 2 * SECOND)
        first = arrivals.allocate(3, clock.now())
        assert number >= STRIDE or first - clock.now() <= SECOND
        given_out |= {first, first + STRIDE, first + 2 * STRIDE}
    assert len(given_out) == 9 * STRIDE


def test_a_held_clock_stands_still():
    clock = HeldClock(5 * SECOND)
    assert (clock.now(), clock.now()) == (5 * SECOND, 5 * SECOND)
    assert clock.monotonic() == clock.monotonic()


def test_time_passes_for_both_clocks_and_a_step_is_for_the_wall_clock_alone():
    clock = HeldClock(5 * SECOND)
    before = clock.monotonic()
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic() - before) == (6_500_000_000, 1_500_000_000)
    clock.hold_at(2 * SECOND)
    assert (clock.now(), clock.monotonic() - before) == (2_000_000_000, 1_500_000_000)
    with pytest.raises(ValueError, match="-1000000000 ns cannot pass; hold_at sets the clock back"):
        clock.advance(-1)


def test_the_systems_clocks_are_in_nanoseconds():
    clock = SystemClock()
    assert clock.now() > 1_700_000_000 * SECOND
    before = clock.monotonic()
    assert 0 < before <= clock.monotonic()
    assert clock.boot == SystemClock().boot
