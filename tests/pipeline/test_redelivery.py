"""What a broker sends again is known; what is new is never taken for old."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries, digests
from hub.testing.memory_source import MemoryMessage

IDENTIFIERS = 65_535
WINDOW = 1_000
"""Receive Maximum in these tests."""


def packet(number: int) -> int:
    """The identifier that Mosquitto gives to the message of that number."""
    return number % IDENTIFIERS + 1


def noted(count: int, digest=lambda number: number, batch: int = 100) -> Redeliveries:
    memory = Redeliveries(WINDOW)
    for start in range(0, count, batch):
        numbers = range(start, min(start + batch, count))
        memory.note([packet(n) for n in numbers], [digest(n) for n in numbers], numbers)
    memory.resumed()
    return memory


def again(memory: Redeliveries, first: int, last: int, digest=lambda number: number) -> list[int]:
    """The numbers of those from `first` to `last` that are known when the broker sends them."""
    found = [(n, memory.seen(packet(n), digest(n))) for n in range(first, last)]
    assert [(n, at) for n, at in found if at not in {None, n}] == [], "taken for another message"
    return [n for n, at in found if at is not None]


@given(st.integers(0, 200_000), st.integers(0, WINDOW), st.integers(0, WINDOW), st.booleans())
def test_what_was_in_flight_is_known_and_what_comes_after_it_is_new(
    kept: int, in_flight: int, more: int, alike: bool
):
    digest = (lambda _: 7) if alike else (lambda n: n)
    start = max(0, kept - 3 * WINDOW)
    memory = Redeliveries(WINDOW)
    for number in range(start, kept, 50):
        numbers = range(number, min(number + 50, kept))
        memory.note([packet(n) for n in numbers], [digest(n) for n in numbers], numbers)
    memory.resumed()
    first = max(start, kept - in_flight)
    assert again(memory, first, kept + more, digest) == list(range(first, kept))


@pytest.mark.parametrize("kept", [10, 65_534, 65_535, 65_536, 66_000, 200_000])
@pytest.mark.parametrize("devices", [1, 2, 3, 5, 17, 255])
def test_new_readings_that_are_all_alike_are_never_taken_for_old_ones(kept: int, devices: int):
    digest = lambda n: n % devices  # noqa: E731
    assert again(noted(kept, digest), kept, kept + 500, digest) == []


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("received", [0, 1, 500, 70_000])
def test_a_broker_with_more_in_flight_than_asked_for_costs_repeats_and_loses_nothing(
    alike: bool, received: int
):
    """Mosquitto 2.0.11: any number in flight, of which the hub had received some."""
    digest = (lambda _: 7) if alike else (lambda n: n)
    memory = noted(received, digest)
    known = {n for n in range(received + 70_000) if memory.seen(packet(n), digest(n)) is not None}
    assert all(n < received for n in known), "none that is new is left out"


def test_a_message_that_expired_at_the_broker_leaves_a_gap():
    memory = noted(1000)
    assert memory.seen(packet(10), 10) == 10
    assert memory.seen(packet(14), 14) == 14
    assert memory.seen(packet(15), 15) == 15


def test_the_same_identifier_with_another_payload_is_another_message():
    assert noted(10).seen(packet(3), 99) is None


def test_what_comes_in_this_connection_for_the_first_time_is_not_old_within_it():
    memory = noted(10)
    memory.note([11], [5], [10])
    assert memory.seen(11, 5) is None
    memory.resumed()
    assert memory.seen(11, 5) == 10


def test_a_message_comes_again_once_in_a_connection():
    memory = noted(10)
    assert memory.seen(packet(3), 3) == 3
    assert memory.seen(packet(3), 3) is None


def test_it_comes_again_and_again_and_is_known_each_time():
    memory = noted(100)
    for _ in range(3):
        memory.resumed()
        assert again(memory, 40, 100) == list(range(40, 100))


def test_where_freed_identifiers_are_used_at_once_equal_messages_are_new():
    memory = Redeliveries(WINDOW)
    memory.note([1, 1, 1], [7, 7, 7], [10, 20, 30])
    memory.note([2, 2], [7, 8], [40, 50])
    memory.resumed()
    assert memory.seen(1, 7) is None
    assert memory.seen(2, 7) is None
    assert memory.seen(2, 8) == 50


def test_without_a_session_nothing_can_come_again():
    memory = noted(10)
    memory.forget()
    assert memory.seen(packet(3), 3) is None
    assert memory.pop_unsaved() == b""
    memory.resumed()
    assert memory.seen(packet(3), 3) is None


def note(memory: Redeliveries, first: int, last: int) -> None:
    numbers = range(first, last)
    memory.note([packet(n) for n in numbers], numbers, numbers)


def test_what_left_the_window_is_new_on_the_next_connection():
    memory = noted(10)
    note(memory, 10, 10 + 2 * WINDOW)
    memory.resumed()
    assert memory.seen(packet(3), 3) is None


def test_a_new_session_is_remembered_from_its_first_message():
    memory = noted(2 * WINDOW)
    memory.forget()
    note(memory, 0, WINDOW)
    memory.resumed()
    assert again(memory, 0, WINDOW) == list(range(WINDOW))


def test_what_was_kept_before_a_restart_is_not_kept_again():
    memory = noted(10)
    later = Redeliveries(WINDOW, [memory.pop_unsaved()])
    assert later.pop_unsaved() == b""
    note(later, 10, 11)
    assert len(later.pop_unsaved()) == ENTRY_SIZE


@given(st.integers(1, 3000), st.integers(1, 50), st.integers(1, 7))
def test_what_was_kept_is_known_after_a_restart(count: int, batch: int, commits: int):
    memory, disk = Redeliveries(WINDOW), []
    for start in range(0, count, batch):
        numbers = range(start, min(start + batch, count))
        memory.note([packet(n) for n in numbers], numbers, numbers)
        if start % commits == 0:
            disk.append(memory.pop_unsaved())
    disk.append(memory.pop_unsaved())
    assert sum(map(len, disk)) == count * ENTRY_SIZE
    first = max(0, count - WINDOW)
    assert again(Redeliveries(WINDOW, disk), 0, count) == list(range(first, count))


def test_memory_is_bounded():
    memory = noted(300_000)
    memory.pop_unsaved()
    assert sum(len(ids) for ids, _, _ in memory._noted) < WINDOW + 100


def test_a_digest_tells_topic_payload_and_subscription():
    plain = MemoryMessage("a/b", b"x")
    others = [
        MemoryMessage("a/c", b"x"),
        MemoryMessage("a/b", b"y"),
        MemoryMessage("a/b", b"x", subscription_ids=(77_345_112,)),
        MemoryMessage("a/b", b"x", subscription_ids=(200_412_667, 3)),
    ]
    assert len({*digests([plain, *others])}) == 5
    assert digests([plain, plain]) == digests([plain]) * 2


@given(st.randoms(), st.sampled_from([1, 2, 3, 5, 17]))
def test_a_session_with_cuts_and_crashes_keeps_each_message_once(rng: random.Random, devices: int):
    """A broker that keeps to the specification, constant payloads, everything that may happen."""
    window, disk, kept = 20, list[bytes](), list[int]()
    memory = Redeliveries(window)
    in_flight, sent = list[int](), rng.choice([0, IDENTIFIERS - 40])
    start = sent
    for _ in range(200):
        match rng.choice(["send", "send", "acknowledge", "cut", "crash"]):
            case "send" if len(in_flight) < window:
                in_flight.append(sent)
                arrived = rng.random() < 0.9
                if arrived:
                    memory.note([packet(sent)], [sent % devices], [sent])
                    disk.append(memory.pop_unsaved())
                    kept.append(sent)
                sent += 1
                if arrived:
                    continue  # else the connection was cut
            case "acknowledge":
                del in_flight[: rng.randint(0, len(in_flight))]
                continue
            case "crash":
                memory = Redeliveries(window, disk)
            case "send":
                continue
        memory.resumed()
        for number in in_flight:
            if memory.seen(packet(number), number % devices) is None:
                memory.note([packet(number)], [number % devices], [number])
                disk.append(memory.pop_unsaved())
                kept.append(number)
    assert kept == list(range(start, sent))
