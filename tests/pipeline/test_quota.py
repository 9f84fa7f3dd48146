"""A booth above its quota: what is surplus, and that nobody else's is."""

import pytest

from hub.pipeline import quota
from hub.pipeline.quota import BURST, CATCH_UP, KEPT, REJECTION, Quotas, Surplus
from hub.testing.memory_source import MemoryMessage, MemorySource
from hub.timestamps import SECOND

NOW = 1_760_000_000 * SECOND
ROOT = "smartlife/v1"


def batch(booth: str, count: int, qos: int = 1, size: int = 10) -> list[MemoryMessage]:
    topic = f"{ROOT}/{booth}/thermostat/t1"
    return [MemoryMessage(topic, b"x" * size, n + 1 if qos else None) for n in range(count)]


@pytest.fixture
def quotas() -> Quotas:
    """100 readings and 1,000 bytes a second."""
    return Quotas(ROOT, 100, 1_000)


def exhaust(quotas: Quotas, booth: str = "b12", now: int = NOW) -> None:
    """Use up what all booths may send together, after which each is looked at, and the booth's."""
    for _ in range(2):
        assert quotas.sort(batch(booth, 100 * BURST, size=0), now) is None


def test_a_burst_is_no_surplus(quotas: Quotas):
    exhaust(quotas)


def test_above_the_quota_qos_0_is_dropped_and_qos_1_waits(quotas: Quotas):
    exhaust(quotas)
    coming = [*batch("b12", 3, qos=0), *batch("b12", 2, qos=1)]
    assert quotas.sort(coming, NOW) == Surplus(coming[3:], frozenset({0, 1}), 3)
    assert quotas.of("b12", NOW) == {"over": True, "dropped": 3, "delayed": 2, "counted": 0}
    assert (quotas.dropped, quotas.delayed) == (3, 2)


def test_bytes_count_as_readings_do(quotas: Quotas):
    for _ in range(2):
        assert quotas.sort(batch("b12", 1, size=1_000 * BURST), NOW) is None
    assert quotas.sort(batch("b12", 1, size=1), NOW) is not None


def test_a_second_later_a_second_s_worth_is_free_again(quotas: Quotas):
    exhaust(quotas)
    surplus = quotas.sort(batch("b12", 101, size=0), NOW + SECOND)
    assert surplus is not None
    assert surplus.delayed == {100}


def test_what_a_message_costs_beyond_a_reading_is_charged(quotas: Quotas):
    assert quotas.sort(batch("b12", 100 * BURST, size=0), NOW) is None  # what all may send
    quotas.charge("b12", 100 * BURST - 1, NOW)
    assert quotas.sort(batch("b12", 1, size=0), NOW) is None
    assert quotas.sort(batch("b12", 1, size=0), NOW) is not None


def test_nothing_is_charged_while_a_backlog_is_caught_up(quotas: Quotas):
    quotas.resumed(NOW)
    quotas.charge("b12", 1_000 * BURST, NOW)
    exhaust(quotas, now=NOW + CATCH_UP + 1)


def test_others_are_not_touched(quotas: Quotas):
    exhaust(quotas, "b13")
    mixed = [*batch("b13", 50), *batch("b12", 50), *batch("b13", 50)]
    surplus = quotas.sort(mixed, NOW)
    assert surplus is not None
    assert surplus.messages == mixed
    assert surplus.delayed == {*range(50), *range(100, 150)}
    assert quotas.of("b12", NOW) is None
    assert quotas.over(NOW) == ["b13"]


def test_a_topic_of_one_level_counts_for_the_booth_that_it_names(quotas: Quotas):
    exhaust(quotas, "b12")
    short = [MemoryMessage(f"{ROOT}/b12", b"", None)] * 3
    assert quotas.sort(short, NOW) == Surplus([], frozenset(), 3)
    assert quotas.over(NOW) == ["b12"]


@pytest.mark.parametrize("level", ["", "b 12", "b12\nhub x=1i", "B12", "x" * 33])
def test_what_names_no_booth_is_nobody_s_surplus(quotas: Quotas, level: str):
    exhaust(quotas, level)
    assert quotas.sort(batch(level, 1, qos=0), NOW) == Surplus([], frozenset(), 1)
    assert quotas.over(NOW) == []
    assert quotas.pop_surplus() == {("", "dropped"): 1}


def test_many_booths_within_their_quota_are_never_surplus_together(quotas: Quotas):
    for second in range(60):
        for booth in range(30):
            coming = batch(f"b{booth}", 90, qos=0, size=5)
            assert quotas.sort(coming, NOW + second * SECOND) is None


@pytest.mark.parametrize("step", [-3600, 3600])
def test_a_clock_that_is_set_costs_nobody_the_quota(quotas: Quotas, step: int):
    exhaust(quotas)
    later = NOW + step * SECOND
    quotas.sort(batch("b12", 1), later)
    assert quotas.sort(batch("b12", 50, size=5), later + SECOND) is None


def test_a_clock_that_is_set_back_does_not_lengthen_the_time_without_quotas(quotas: Quotas):
    quotas.resumed(NOW)
    earlier = NOW - 3600 * SECOND
    exhaust(quotas, now=earlier)
    assert quotas.sort(batch("b12", 1), earlier) is not None


def test_what_gathered_while_the_hub_was_away_is_no_surplus(quotas: Quotas):
    quotas.resumed(NOW)
    assert quotas.sort(batch("b12", 50_000), NOW + CATCH_UP - 1) is None
    exhaust(quotas, now=NOW + CATCH_UP)
    assert quotas.sort(batch("b12", 1_000), NOW + CATCH_UP) is not None


def test_it_is_over_when_it_was_over_for_the_last_time_a_while_ago(quotas: Quotas):
    exhaust(quotas)
    quotas.sort(batch("b12", 1), NOW)
    later = NOW + 11 * SECOND
    assert quotas.over(later) == []
    assert quotas.of("b12", later) == {"over": False, "dropped": 0, "delayed": 1, "counted": 0}


def test_what_was_surplus_is_told_once(quotas: Quotas):
    exhaust(quotas)
    quotas.sort([*batch("b12", 2), *batch("b12", 3, qos=0)], NOW)
    assert quotas.pop_surplus() == {("b12", "delayed"): 2, ("b12", "dropped"): 3}
    assert quotas.pop_surplus() == {}


def test_without_quotas_nothing_is_surplus():
    quotas = Quotas(ROOT)
    messages = batch("b12", 100_000)
    assert all(quotas.sort(messages, NOW) is None for _ in range(10))


@pytest.mark.parametrize(
    ("readings", "most", "count", "size"), [(100, 0, 1, 1_000_000), (0, 1_000, 100_000, 0)]
)
def test_a_quota_of_readings_bounds_no_bytes_and_one_of_bytes_no_readings(
    readings: int, most: int, count: int, size: int
):
    quotas = Quotas(ROOT, readings, most)
    assert all(quotas.sort(batch("b12", count, size=size), NOW) is None for _ in range(10))


def test_topics_that_name_no_booth_are_bounded_too(quotas: Quotas, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quota, "BOOTHS", 10)
    exhaust(quotas)
    for number in range(100):
        quotas.sort([MemoryMessage(f"{ROOT}/x{number}", b"", 1)], NOW)
        quotas.sort(batch(f"b{number}", 1), NOW)
    assert len(quotas._booths) == 11  # all others share one


def test_new_names_give_nobody_a_new_quota(quotas: Quotas, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quota, "BOOTHS", 10)
    exhaust(quotas)
    coming = [message for number in range(100) for message in batch(f"b{number}", 1_000, size=0)]
    surplus = quotas.sort(coming, NOW)
    assert surplus is not None
    within = len(coming) - len(surplus.delayed)
    assert within == 10 * 100 * BURST  # nine more booths, and one for all that are too many


def test_a_booth_that_has_its_quota_back_makes_room_for_another(
    quotas: Quotas, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quota, "BOOTHS", 10)
    exhaust(quotas)
    quotas.sort([message for n in range(30) for message in batch(f"b{n}", 1)], NOW)
    later = NOW + 2 * BURST * SECOND
    surplus = quotas.sort(batch("b12", 2_000, size=0), later)
    assert surplus is not None
    assert len(surplus.delayed) == 1_000
    quotas.sort([message for n in range(9) for message in batch(f"c{n}", 1)], later)
    assert set(quotas._booths) >= {"b12", *(f"c{n}" for n in range(9))}


# --- rejections


def rejected(quotas: Quotas, count: int, now: int = NOW, size: int = 0, booth: str = "b12") -> int:
    """Charge a booth for rejections; return how many of them are kept."""
    return sum(quotas.keeps(booth, size, now) for _ in range(count))


ENOUGH = 100 * BURST // REJECTION
"""Rejections that use up a booth's quota at once."""


def test_a_rejection_counts_as_ten_readings(quotas: Quotas):
    assert rejected(quotas, ENOUGH) == ENOUGH
    assert quotas.of("b12", NOW) is None
    assert rejected(quotas, 1_000) == KEPT
    assert quotas.of("b12", NOW) == {
        "over": True,
        "dropped": 0,
        "delayed": 0,
        "counted": 1_000 - KEPT,
    }
    assert quotas.counted == 1_000 - KEPT
    assert quotas.pop_surplus() == {("b12", "counted"): 1_000 - KEPT}


def test_the_rejection_of_a_large_payload_counts_as_many(quotas: Quotas):
    few = 100 * BURST // (REJECTION + 128) + 1
    assert rejected(quotas, 100, size=64 * 1024) == few + KEPT


def test_each_second_a_few_rejections_of_a_booth_in_debt_are_kept(quotas: Quotas):
    rejected(quotas, 1_000)
    for second in range(1, 6):
        assert rejected(quotas, 300, NOW + second * SECOND) == KEPT


def test_a_booth_pays_its_debt_with_readings(quotas: Quotas):
    assert quotas.sort(batch("b12", 1, size=0), NOW) is None
    rejected(quotas, 1_000)
    coming = [*batch("b12", 2, qos=0, size=0), *batch("b12", 2, size=0)]
    other = batch("b13", 50, qos=0, size=0)
    surplus = quotas.sort([*coming, *other], NOW)
    assert surplus == Surplus([*coming[2:], *other], frozenset({0, 1}), 2)
    paid = NOW + (BURST + 1) * SECOND
    assert quotas.sort(batch("b12", 50, qos=0, size=0), paid) is None


def test_the_deepest_debt_is_paid_by_a_pause(quotas: Quotas):
    rejected(quotas, 100_000)
    assert rejected(quotas, ENOUGH, NOW + 3600 * SECOND) == ENOUGH


def test_rejections_of_one_booth_cost_no_other_and_of_no_booth_nobody(quotas: Quotas):
    assert sum(quotas.keeps(None, 0, NOW) for _ in range(1_000)) == ENOUGH + KEPT
    assert rejected(quotas, 1_000, booth="b13") == ENOUGH + KEPT
    assert rejected(quotas, ENOUGH) == ENOUGH
    assert quotas.over(NOW) == ["b13"]


def test_what_gathered_while_the_hub_was_away_is_no_debt(quotas: Quotas):
    quotas.resumed(NOW)
    assert rejected(quotas, 1_000) == 1_000
    assert rejected(quotas, ENOUGH, NOW + CATCH_UP) == ENOUGH


def test_without_quotas_every_rejection_is_kept():
    assert rejected(Quotas(ROOT), 10_000) == 10_000


def test_of_the_topics_that_are_remembered_none_is_long_and_not_all_stay(
    quotas: Quotas, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quota, "_TOPICS", 50)
    exhaust(quotas)
    for number in range(200):
        long = MemoryMessage(f"{ROOT}/b12/thermostat/{number}/{'x' * 60_000}", b"", 1)
        short = MemoryMessage(f"{ROOT}/b13/thermostat/t{number}", b"", 1)
        quotas.sort([long, short], NOW + number)
    assert len(quotas._levels) <= 51
    assert max(map(len, quotas._levels)) < 300


def test_topics_that_another_booth_gets_count_for_that_one():
    owners = {"acme/x": "b12"}
    quotas = Quotas("smartlife/v1", readings=1, owner=owners.get)
    message = MemorySource(lambda *_: None).message("acme/x", b"1")
    assert quotas.levels([message]) == ["b12"]
    owners["acme/x"] = "b13"
    assert quotas.levels([message]) == ["b13"]
