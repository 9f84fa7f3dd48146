"""The outbox: whatever is done in whatever order, its accounts balance."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub.counters import Accounts
from hub.errors import OutboxFull
from hub.pipeline.outbox import Outbox
from hub.pipeline.outbox.entries import Commit
from hub.stores.store import Refusal
from tests.pipeline.outbox.boxes import rejection


class OutboxMachine(RuleBasedStateMachine):
    """The outbox beside a few lists that say what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.db"
        self.limit = 4000
        self.box = Outbox(self.path, self.limit, window=8, entry_size=1)
        self.model = dict.fromkeys(Accounts.__dataclass_fields__, 0)
        self.batches: list[tuple[bytes, int, bool]] = []
        self.refused: list[bytes] = []
        self.delivered = b""
        self.lines = 0

    def teardown(self) -> None:
        self.box.close()
        self.folder.cleanup()

    def new_lines(self, count: int, measurement: str) -> bytes:
        self.lines += count
        numbers = range(self.lines - count, self.lines)
        return b"\n".join(b"%s,booth=b1 value=1i %d" % (measurement.encode(), n) for n in numbers)

    @property
    def size(self) -> int:
        return sum(len(lines) for lines, _, _ in self.batches) + sum(map(len, self.refused))

    def full(self, lines: bytes) -> bool:
        """When nothing waits anything is taken."""
        return bool(self.batches) and self.size + len(lines) > self.limit

    @rule(
        count=st.integers(0, 40),
        rejected=st.integers(0, 3),
        duplicate=st.integers(0, 3),
        ignored=st.integers(0, 3),
        delivered=st.binary(max_size=6),
    )
    def commit(
        self,
        count: int,
        rejected: int,
        duplicate: int,
        ignored: int,
        delivered: bytes,
    ) -> None:
        lines = self.new_lines(count, "thermostat")
        commit = Commit(
            rows=lines,
            count=count,
            rejections=[rejection(n) for n in range(rejected)],
            duplicate=duplicate,
            ignored=ignored,
            delivered=delivered,
            last_arrival=self.lines,
        )
        if self.full(lines):
            with pytest.raises(OutboxFull, match=f"{self.size} of {self.limit} bytes"):
                self.box.commit(commit)
            return
        self.box.commit(commit)
        outcomes = {"accepted": count, "rejected": rejected, "duplicate": duplicate}
        for name, more in {**outcomes, "ignored": ignored}.items():
            self.model[name] += more
        if lines:
            self.batches.append((lines, count, False))
        self.delivered += delivered

    @rule()
    def forget_deliveries(self) -> None:
        self.box.forget_deliveries()
        self.delivered = b""

    @rule(count=st.integers(1, 3))
    def commit_own(self, count: int) -> None:
        lines = self.new_lines(count, "hub")
        if self.full(lines):
            with pytest.raises(OutboxFull):
                self.box.commit(Commit(rows=lines, own=True))
            return
        self.box.commit(Commit(rows=lines, own=True))
        self.batches.append((lines, 0, True))

    @precondition(lambda self: self.batches)
    @rule(lines=st.integers(1, 100), data=st.data())
    def settle(self, lines: int, data: st.DataObject) -> None:
        waiting = self.box.waiting(lines)
        assert [(item.rows, item.count, item.own) for item in waiting] == self.batches[
            : len(waiting)
        ]
        all_lines = [line for item in waiting for line in item.rows.split(b"\n")]
        refused = data.draw(st.lists(st.sampled_from(all_lines), unique=True, max_size=3))
        self.box.settle(waiting, [Refusal(line, "too old") for line in refused])
        counted = sum(line.startswith(b"thermostat") for line in refused)
        self.model["refused"] += counted
        self.model["stored"] += sum(item.count for item in waiting) - counted
        for line in refused:
            if sum(map(len, self.refused)) + len(line) <= self.limit // 16:
                self.refused.append(line)
        del self.batches[: len(waiting)]

    @rule()
    def reopen(self) -> None:
        self.box.close()
        self.box = Outbox(self.path, self.limit, window=8, entry_size=1)

    @rule()
    def crash(self) -> None:
        """Whoever dies leaves the file as it is, write-ahead log included."""
        other = Outbox(self.path, self.limit, window=8, entry_size=1)
        self.box.close()
        self.box = other

    @invariant()
    def balances(self) -> None:
        accounts = self.box.accounts
        assert accounts == Accounts(**self.model)
        said = accounts.as_json()
        assert said["received"] == sum(
            said[name] for name in ("accepted", "rejected", "duplicate", "ignored")
        )
        assert said["accepted"] == said["stored"] + said["waiting"] + said["refused"]
        assert said["waiting"] == sum(count for _, count, own in self.batches if not own)

    @invariant()
    def counts_its_bytes(self) -> None:
        assert self.box.size == self.size == self.box._count_bytes()

    @invariant()
    def remembers_the_latest_deliveries(self) -> None:
        kept = b"".join(self.box.delivered())
        assert self.delivered.endswith(kept)
        assert len(kept) >= min(len(self.delivered), 8)
        assert len(kept) <= 8 + 2 * 6


OutboxMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestOutbox = OutboxMachine.TestCase
