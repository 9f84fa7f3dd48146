"""News: bounded, in order, and no booth's flood costs another's."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hub.news import News

BOOTHS = st.sampled_from(["b1", "b2", "b3", None])


def test_everything_comes_in_order_while_there_is_room():
    news = News[int](4)
    for number, booth in enumerate(["b1", "b2", None, "b1"]):
        news.add(booth, number)
    assert len(news) == 4
    assert news.take() == ([0, 1, 2, 3], {})
    assert news.take() == ([], {})


def test_whoever_says_most_loses_the_oldest():
    news = News[str](4)
    news.add("b1", "mine")
    for number in range(10):
        news.add("b2", f"flood {number}")
    items, lost = news.take()
    assert items == ["mine", "flood 7", "flood 8", "flood 9"]
    assert lost == {"b2": 7}
    assert news.left_out == 7


@given(st.lists(BOOTHS, max_size=60), st.integers(1, 12))
def test_nothing_is_lost_uncounted_and_a_fair_share_is_kept(told: list[str | None], size: int):
    news = News[int](size)
    for number, booth in enumerate(told):
        news.add(booth, number)
    items, lost = news.take()
    assert len(items) == min(size, len(told))
    assert items == sorted(items)
    assert len(items) + sum(lost.values()) == len(told)
    kept = Counter(told[number] for number in items)
    for booth, count in Counter(told).items():
        assert kept[booth] >= min(count, size // len(set(told)))


def test_strangers_are_not_counted_one_by_one_without_bound():
    news = News[int](10)
    for number in range(1_000):
        news.add(f"b{number}", number)
    _, lost = news.take()
    assert sum(lost.values()) == 990
    assert len(lost) <= 11
