"""A clock that is behind, told from a backlog; and what may be the cause."""

import pytest

from hub.clock import SECOND
from hub.live.lag import Lag, guess


def steady(*said: tuple[float, float]) -> list[bool]:
    """Whether the lag is steady after each reading: (when it came, how far it is behind)."""
    lag = Lag()
    return [lag.steady(round(behind * SECOND), round(at * SECOND)) for at, behind in said]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([(5, 90), (6, 90), (7, 90)], [False, False, True]),
        ([(0, 90), (0.5, 90), (1, 90), (1.5, 90), (2, 90)], [False] * 4 + [True]),
        ([(0, 90), (1, 92.1), (2, 87.9)], [False, False, True]),
        ([(0, 90), (1, 92.2), (2, 92.2), (3, 92.2)], [False, False, False, True]),
        ([(0, 90), (10, 93), (20, 94)], [False, False, True]),
        ([(0, 90), (10, 93), (20, 94.1)], [False, False, False]),
    ],
    ids=["three", "two seconds", "jitter", "a step", "drift", "too much of it"],
)
def test_it_is_steady_after_three_readings_in_two_seconds(said, found):
    assert steady(*said) == found


HOUR = 3600


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-9 * HOUR, "9 h behind: UTC marked as local time"),
        (9 * HOUR + 120, "9 h ahead: local time marked as UTC?"),
        (9 * HOUR + 121, None),
        (-HOUR // 2, "0.5 h behind"),
        (HOUR // 4, None),
        (14 * HOUR, "14 h ahead"),
        (14.5 * HOUR, None),
        (24 * HOUR - 1, None),
        (24 * HOUR, "1 d ahead: a clock that was never set"),
        (-400 * 24 * HOUR, "400 d behind"),
    ],
)
def test_a_difference_of_whole_or_half_hours_is_a_time_zone(seconds: float, said: str | None):
    found = guess(round(seconds * SECOND))
    assert (found is None) if said is None else (found is not None and found.en.startswith(said))
