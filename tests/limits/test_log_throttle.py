"""A message that repeats is logged less and less often, and at once after a quiet time."""

import pytest

from hub.limits.log_throttle import LONGEST, LogThrottle


class Time:
    """A time in seconds, and a throttle that goes by it."""

    def __init__(self) -> None:
        self.now = 0
        self.throttle = LogThrottle(lambda: self.now)

    def due_at(self, seconds: range) -> list[int]:
        return [second for second in seconds if self.due(second)]

    def due(self, second: int) -> bool:
        self.now = second
        return self.throttle.due()


@pytest.fixture
def time() -> Time:
    return Time()


def test_the_pause_doubles_while_it_repeats(time: Time):
    assert time.due_at(range(2_000)) == [
        *(0, 1, 3, 7, 15, 31, 63, 127, 255, 511),
        *range(511 + int(LONGEST), 2_000, int(LONGEST)),
    ]


def test_after_a_quiet_time_it_begins_again(time: Time):
    assert time.due_at(range(4)) == [0, 1, 3]
    assert time.due_at(range(308, 312)) == [308, 309, 311]
    assert time.due_at(range(615, 700)) == [615, 623, 639, 671]  # 300 s are not enough


def test_those_that_were_not_due_are_counted_until_they_are_told(time: Time):
    time.due_at(range(6))
    assert time.throttle.pop_throttled() == 3
    assert time.throttle.pop_throttled() == 0
