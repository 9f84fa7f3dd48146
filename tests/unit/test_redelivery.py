"""What a broker sends again is known; what is new is never taken for old."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import redelivery
from hub.redelivery import LOOK_AHEAD, Redeliveries

IDENTIFIERS = 65_535


def packet(number: int) -> int:
    """The identifier that Mosquitto gives to the message of that number."""
    return number % IDENTIFIERS + 1


def noted(count: int, digest=lambda number: number, batch: int = 1000) -> Redeliveries:
    memory = Redeliveries()
    for start in range(0, count, batch):
        numbers = range(start, min(start + batch, count))
        memory.note([packet(n) for n in numbers], [digest(n) for n in numbers], numbers)
    memory.resumed()
    return memory


def again(memory: Redeliveries, first: int, last: int, digest=lambda number: number) -> list[int]:
    """The numbers of those from `first` to `last` that are known when the broker sends them."""
    coming = [(packet(n), digest(n)) for n in range(first, last)]
    memory.align(coming[:LOOK_AHEAD])
    found = [memory.seen(*item) for item in coming]
    wrong = [
        (n, kept)
        for n, kept in zip(range(first, last), found, strict=True)
        if kept not in (None, n)
    ]
    assert wrong == [], "taken for another message"
    return [n for n in found if n is not None]


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 300))
def test_what_was_kept_is_known_and_what_comes_after_it_is_new(kept: int, first: int, more: int):
    first = min(first, kept)
    assert again(noted(kept), first, kept + more) == list(range(first, kept))


def test_a_long_queue_that_comes_again_is_known_though_identifiers_were_used_again():
    memory = noted(150_000, lambda n: n % 1009)
    known = again(memory, 3_000, 151_000, lambda n: n % 1009)
    assert known == list(range(3_000, 150_000))


def test_readings_that_are_all_alike_are_known_while_their_identifiers_tell_them_apart():
    assert again(noted(60_000, lambda _: 7), 100, 61_000, lambda _: 7) == list(range(100, 60_000))


@pytest.mark.parametrize("kept", [10, 65_534, 65_535, 65_536, 200_000])
def test_new_readings_that_are_all_alike_are_never_taken_for_old_ones(kept: int):
    memory = noted(kept, lambda _: 7)
    assert again(memory, kept, kept + 500, lambda _: 7) == []


def test_new_readings_are_new_though_an_earlier_one_with_their_identifier_was_the_same():
    digest = lambda n: 7 if n % 100 == 0 else n  # noqa: E731 - one device of a hundred repeats
    kept = 2 * IDENTIFIERS
    assert again(noted(kept, digest), kept, kept + 500, digest) == []


def test_a_message_that_expired_at_the_broker_leaves_a_gap():
    memory = noted(1000)
    assert memory.seen(packet(10), 10) == 10
    assert memory.seen(packet(14), 14) == 14
    assert memory.seen(packet(15), 15) == 15


def test_the_same_identifier_with_another_payload_is_another_message():
    memory = noted(10)
    assert memory.seen(packet(3), 99) is None


def test_what_comes_in_this_connection_for_the_first_time_is_not_old_within_it():
    memory = noted(10)
    memory.note([11], [5], [10])
    assert memory.seen(11, 5) is None
    memory.resumed()
    assert memory.seen(11, 5) == 10


def test_it_comes_again_and_again_and_is_known_each_time():
    memory = noted(100)
    for _ in range(3):
        memory.resumed()
        assert again(memory, 40, 100) == list(range(40, 100))


def test_without_a_session_nothing_can_come_again():
    memory = noted(10)
    memory.forget()
    assert memory.seen(packet(3), 3) is None
    assert memory.take() == b""


@given(st.integers(1, 3000), st.integers(1, 50))
def test_what_was_kept_is_known_after_a_restart(count: int, batch: int):
    memory, disk = Redeliveries(), []
    for start in range(0, count, batch):
        numbers = range(start, min(start + batch, count))
        memory.note([packet(n) for n in numbers], numbers, numbers)
        disk.append(memory.take())
    assert again(Redeliveries(disk), 0, count) == list(range(count))


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(redelivery, "WINDOW", 5_000)
    memory = noted(300_000)
    assert len(memory._ids) < 5_000 + 65_536 + 1_000
    assert again(memory, 299_000, 300_000) == list(range(299_000, 300_000))
