"""The rate of a device is what an average that is updated each second would be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.live.rate import Rate


def each_second(interval: float, counts: list[int]) -> float:
    """The average over five intervals of the readings in each second, by its definition."""
    weights = [(1 - 1 / (1 + 5 * interval)) ** age for age in range(len(counts))]
    pairs = zip(counts, reversed(weights), strict=True)
    return sum(count * weight for count, weight in pairs) / sum(weights)


@given(
    st.sampled_from([0.1, 1.0, 5.0, 86_400.0, 366 * 86_400.0]),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 500]), min_size=1, max_size=50),
    st.integers(1, 100),
)
def test_it_is_the_same_as_counted_each_second(
    interval: float, counts: list[int], silent: int
) -> None:
    counts = [1, *counts]
    rate, readings, first = Rate(interval), 0, 1_000
    assert rate.at(first, 0) == 0
    for second, count in enumerate(counts, first):
        for _ in range(count):
            if rate.second != second:
                rate.go_on(second, readings)
            readings += 1
    last = rate.second - first
    assert rate.at(rate.second, readings) == rate.latest
    if last:
        assert rate.latest == pytest.approx(each_second(interval, counts[:last]))
    asked = [*counts, *[0] * silent]
    assert rate.at(first + len(asked), readings) == pytest.approx(each_second(interval, asked))
