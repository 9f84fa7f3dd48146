"""Recognising redeliveries: against a plain list, through restarts and used-up identifiers."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.redelivery import ENTRY_SIZE, WINDOW, Redeliveries

IDS = st.integers(0, 5) | st.integers(65_530, 65_535)
DIGESTS = st.integers(0, 3) | st.just(2**32 - 1)
TIMES = st.integers(0, 2**63 - 1)


class RedeliveriesMachine(RuleBasedStateMachine):
    """`Redeliveries` beside a list of everything noted."""

    def __init__(self) -> None:
        super().__init__()
        self.real = Redeliveries()
        self.noted: list[tuple[int, int, int]] = []
        self.disk: list[bytes] = []

    def expected(self, packet_id: int, digest: int) -> int | None:
        latest = next((entry for entry in reversed(self.noted) if entry[0] == packet_id), None)
        return latest[2] if latest is not None and latest[1] == digest else None

    @rule(entries=st.lists(st.tuples(IDS, DIGESTS, TIMES), min_size=1, max_size=5))
    def note(self, entries: list[tuple[int, int, int]]) -> None:
        self.real.note(*zip(*entries, strict=True))
        self.noted.extend(entries)

    @rule(packet_id=IDS, digest=DIGESTS)
    def ask(self, packet_id: int, digest: int) -> None:
        assert self.real.seen(packet_id, digest) == self.expected(packet_id, digest)

    @rule()
    def keep(self) -> None:
        kept = self.real.take()
        assert len(kept) % ENTRY_SIZE == 0
        self.disk.append(kept)

    @rule()
    def restart(self) -> None:
        self.disk.append(self.real.take())
        self.real = Redeliveries(self.disk)

    @rule()
    def crash(self) -> None:
        """What was noted and not kept was not acknowledged: it is new when it comes again."""
        self.real = Redeliveries(self.disk)
        self.noted = self.noted[: sum(len(entries) for entries in self.disk) // ENTRY_SIZE]

    @rule()
    def fresh_session(self) -> None:
        self.real.forget()
        self.noted.clear()
        self.disk.clear()

    @invariant()
    def nothing_loaded_is_kept_twice(self) -> None:
        kept = sum(len(entries) for entries in self.disk) // ENTRY_SIZE
        assert len(self.real._new[0]) == len(self.noted) - kept


RedeliveriesMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
TestRedeliveries = RedeliveriesMachine.TestCase


def test_nothing_is_seen_at_the_start():
    fresh = Redeliveries()
    assert all(fresh.seen(packet_id, 0) is None for packet_id in range(65_536))


def test_the_latest_window_is_remembered_and_nothing_older():
    memory = Redeliveries()
    for packet_id in range(1, WINDOW + 2):
        memory.note([packet_id], [7], [packet_id])
    assert memory.seen(1, 7) is None
    assert memory.seen(2, 7) == 2
    assert memory.seen(WINDOW + 1, 7) == WINDOW + 1


def test_the_window_slides_however_long_nobody_asks():
    memory = Redeliveries()
    for start in range(0, 10 * WINDOW, 1000):
        ids = [1 + number % 65_535 for number in range(start, start + 1000)]
        memory.note(ids, [start] * 1000, [start] * 1000)
    assert memory.seen(ids[-1], start) == start
    assert memory._unindexed_count == 0
    assert len(memory._index) <= WINDOW + 1000


def test_an_identifier_that_comes_round_again_never_meets_its_past():
    memory = Redeliveries()
    ids = [*range(1, 65_536)] * 2
    met = []
    for packet_id in ids:
        met.append(memory.seen(packet_id, 7))
        memory.note([packet_id], [7], [1])
    assert set(met) == {None}


@given(st.integers(1, 3000), st.integers(1, 50))
def test_what_was_kept_is_known_after_a_restart(count: int, batch: int):
    memory, disk = Redeliveries(), []
    for start in range(0, count, batch):
        numbers = range(start, min(start + batch, count))
        memory.note([number % 1000 for number in numbers], numbers, numbers)
        disk.append(memory.take())
    again = Redeliveries(disk)
    latest = {number % 1000: number for number in range(count)}
    assert all(again.seen(packet_id, number) == number for packet_id, number in latest.items())
    assert again.take() == b""
