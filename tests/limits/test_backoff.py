"""Back-off: bounds that double, full jitter below them."""

from itertools import count

import pytest

from hub.limits.backoff import Backoff


def test_the_bound_doubles_up_to_the_longest():
    backoff = Backoff(0.25, 10, lambda: 1.0)
    pauses = [backoff.pause() for _ in range(2_000)]
    assert pauses[:7] == [0.25, 0.5, 1, 2, 4, 8, 10]
    assert set(pauses[7:]) == {10}


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_pause_is_anywhere_from_nothing_to_its_bound(share: float):
    backoff = Backoff(1, 4, lambda: share)
    assert [backoff.pause() for _ in range(4)] == [share, 2 * share, 4 * share, 4 * share]


def test_each_pause_is_drawn_anew():
    draws = count()
    backoff = Backoff(1, 1, lambda: next(draws) / 10)
    assert [backoff.pause() for _ in range(3)] == [0, 0.1, 0.2]


def test_after_a_success_it_begins_again():
    backoff = Backoff(0.25, 10, lambda: 1.0)
    for _ in range(5):
        backoff.pause()
    backoff.reset()
    assert [backoff.pause(), backoff.pause()] == [0.25, 0.5]
