"""Times of arrival go up, whatever the clock does."""

from hypothesis import given
from hypothesis import strategies as st

from hub.clock import SECOND, Arrivals, HeldClock, SystemClock

STEPS = st.lists(
    st.tuples(st.floats(-100_000, 100_000), st.integers(0, 5_000)), min_size=1, max_size=30
)


@given(STEPS)
def test_arrivals_go_up_however_the_clock_steps(steps: list[tuple[float, int]]):
    clock = HeldClock()
    arrivals, latest = Arrivals(clock), 0
    for seconds, count in steps:
        clock.advance(seconds)
        first = arrivals.take(count)
        assert first > latest
        latest = max(latest, first + count - 1)
        assert arrivals.last == latest


@given(st.integers(1, 100), st.floats(0, 1000))
def test_arrivals_go_up_over_a_restart_with_the_clock_set_back(count: int, back: float):
    clock = HeldClock()
    before = Arrivals(clock)
    last = before.take(count) + count - 1
    clock.advance(-back)
    assert Arrivals(clock, before.last).take(1) == last + 1


def test_arrivals_are_the_clocks_when_there_is_time():
    clock = HeldClock()
    arrivals = Arrivals(clock)
    assert arrivals.take(10) == clock.now()
    clock.advance(1)
    assert arrivals.take(1) == clock.now()


def test_a_held_clock_stands_still():
    clock = HeldClock(5 * SECOND)
    assert (clock.now(), clock.now()) == (5 * SECOND, 5 * SECOND)
    clock.advance(-1.5)
    assert clock.now() == 3_500_000_000


def test_the_systems_clock_is_in_nanoseconds():
    assert SystemClock().now() > 1_700_000_000 * SECOND
