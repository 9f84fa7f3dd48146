"""What booths share: bounded, in order, and no booth's flood costs another's."""

from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.steps import steps
from hub.limits.fair import BoothCounter, FairBuffer, FairMap, Shares

BOOTHS = st.sampled_from(["b1", "b2", "b3", None])


# --- shares


@given(st.lists(st.tuples(BOOTHS, st.integers(-4, 4)), max_size=60))
def test_the_largest_is_always_known(changes: list[tuple[str | None, int]]):
    shares, held = Shares(), Counter[str | None]()
    for booth, wanted in changes:
        change = max(wanted, -held[booth])
        shares.add(booth, change)
        held[booth] += change
        assert shares.total == held.total()
        assert {name: shares.of(name) for name in held} == held
        if held.total():
            assert held[shares.largest()] == max(held.values())


def test_of_equals_those_who_were_first_are_left_in_peace():
    shares = Shares()
    for booth in ("b1", "b2", "b3"):
        shares.add(booth, 1)
    assert shares.loser("b4") == "b3"
    assert shares.loser("b1") == "b1"


# --- the mapping


def test_the_booth_with_the_most_loses_its_oldest():
    table = FairMap[str, int](5)
    for key in ("a", "b"):
        table.add("b1", key, 0)
    for number in range(10):
        table.add("b2", f"flood {number}", number)
    assert table.of("b1") == [0, 0]
    assert table.of("b2") == [7, 8, 9]
    assert (len(table), table.count("b1"), table.count("b2")) == (5, 2, 3)
    assert table.get("flood 6") is None
    assert table.get("flood 7") == 7


def test_a_booth_has_no_more_than_its_bound_though_there_is_room():
    table = FairMap[str, int](100, each=3)
    for number in range(10):
        table.add("b1", f"k{number}", number)
    assert list(table.values()) == [7, 8, 9]


def test_what_has_to_go_is_known_before():
    table = FairMap[str, str](3, each=2)
    for key in ("a", "b"):
        table.add("b1", key, key)
    assert table.next_out("b1") == "a"
    assert table.next_out("b2") is None
    table.add("b2", "c", "c")
    assert table.next_out("b3") == "a"


def test_the_order_in_which_entries_go_can_be_changed():
    table = FairMap[str, str](3)
    for key in ("a", "b", "c"):
        table.add("b1", key, key)
    table.move("b1", "a", last=True)
    table.move("b1", "c", last=False)
    table.move("b1", "nothing", last=False)
    for key, out in (("d", "c"), ("e", "b"), ("f", "a")):
        assert table.next_out("b1") == out
        table.add("b1", key, key)


def test_what_is_kept_takes_nobody_s_place_and_never_goes():
    table = FairMap[str, str](2)
    table.add("b1", "a", "a")
    for key in ("a", "b", "c"):
        table.keep("b1", key, key)
    for number in range(10):
        table.add("b1", f"k{number}", f"k{number}")
    assert table.of("b1") == ["a", "b", "c", "k8", "k9"]
    assert table.count("b1") == 2
    table.move("b1", "a", last=False)
    assert table.pop("b1", "a") == "a"
    assert table.of("b1") == ["b", "c", "k8", "k9"]


@given(st.lists(BOOTHS, max_size=60), st.integers(1, 12))
def test_each_booth_has_a_fair_share_of_a_table(added: list[str | None], size: int):
    table = FairMap[int, int](size)
    for number, booth in enumerate(added):
        table.add(booth, number, number)
    assert len(table) == min(size, len(added))
    for booth, count in Counter(added).items():
        kept = table.of(booth)
        assert kept == [n for n, name in enumerate(added) if name == booth][count - len(kept) :]
        assert len(kept) >= min(count, size // len(set(added)))


def test_what_is_taken_out_makes_room():
    table = FairMap[str, int](2)
    table.add("b1", "a", 1)
    assert table.pop("b1", "a") == 1
    assert table.pop("b1", "a") is None
    for key in ("b", "c"):
        table.add("b2", key, 2)
    assert list(table.items()) == [("b", 2), ("c", 2)]


# --- the buffer


def test_everything_comes_in_order_while_there_is_room():
    news = FairBuffer[int](4)
    for number, booth in enumerate(["b1", "b2", None, "b1"]):
        news.add(booth, number)
    assert len(news) == 4
    assert list(news) == [0, 1, 2, 3]
    assert news.pop_all() == ([0, 1, 2, 3], {})
    assert news.pop_all() == ([], {})


def test_whoever_says_most_loses_the_oldest():
    news = FairBuffer[str](4)
    news.add("b1", "mine")
    for number in range(10):
        news.add("b2", f"flood {number}")
    events, lost = news.pop_all()
    assert events == ["mine", "flood 7", "flood 8", "flood 9"]
    assert lost == {"b2": 7}
    assert news.left_out == 7


@given(st.lists(BOOTHS, max_size=60), st.integers(1, 12))
def test_nothing_is_lost_uncounted_and_a_fair_share_is_kept(told: list[str | None], size: int):
    news = FairBuffer[int](size)
    for number, booth in enumerate(told):
        news.add(booth, number)
    events, lost = news.pop_all()
    assert len(events) == min(size, len(told))
    assert events == sorted(events)
    assert len(events) + sum(lost.values()) == len(told)
    kept = Counter(told[number] for number in events)
    for booth, count in Counter(told).items():
        assert kept[booth] >= min(count, size // len(set(told)))


def test_strangers_are_not_counted_one_by_one_without_bound():
    news = FairBuffer[int](10)
    for number in range(1_000):
        news.add(f"b{number}", number)
    _, lost = news.pop_all()
    assert sum(lost.values()) == 990
    assert len(lost) <= 11


# --- the counter


def test_counts_are_by_booth_and_what_and_of_too_many_booths_together():
    counter = BoothCounter(2)
    for booth in ("b1", "b2", "b3", "b4", "b1"):
        counter.add(booth, "json")
    counter.add("b1", "schema", 5)
    assert counter.pop_all() == {
        ("b1", "json"): 2,
        ("b1", "schema"): 5,
        ("b2", "json"): 1,
        (None, "json"): 2,
    }
    assert counter.pop_all() == {}


# --- cost


@pytest.mark.parametrize("booths", [1, 50, 5_000])
def test_what_it_costs_does_not_depend_on_how_much_is_held(booths: int):
    table, buffer = FairMap[int, int](5_000), FairBuffer[int](5_000)

    def add(number: int) -> None:
        table.add(f"b{number % booths}", number, number)
        buffer.add(f"b{number % booths}", number)

    for number in range(5_000):
        add(number)
    costs = [steps(partial(add, number)) for number in range(5_000, 7_000)]
    assert max(costs) < 200
