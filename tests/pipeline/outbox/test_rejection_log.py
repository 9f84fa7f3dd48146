"""The rejections in the outbox: the newest of each booth, whatever others send."""

from functools import partial
from pathlib import Path

import pytest

from harness.steps import steps
from hub.errors import OutboxError
from hub.pipeline.outbox import Outbox, rejection_log
from hub.pipeline.outbox.entries import Commit
from tests.pipeline.outbox.boxes import MIB, rejection


def test_the_newest_rejections_come_first(outbox: Outbox):
    outbox.commit(Commit(rejections=[rejection(n) for n in range(5)]))
    assert [item["message"] for item in outbox.rejections(None, 2)] == ["fault 4", "fault 3"]


def test_rejections_are_told_to_each_booth_apart(outbox: Outbox):
    booths = ["b1", "b2", None, "b1"]
    outbox.commit(Commit(rejections=[rejection(n, booth) for n, booth in enumerate(booths)]))
    assert [item["message"] for item in outbox.rejections("b1", 10)] == ["fault 3", "fault 0"]
    assert outbox.rejections("b3", 10) == []


def test_the_oldest_rejections_of_a_booth_go(outbox: Outbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 100)
    for start in range(0, 1000, 50):
        outbox.commit(Commit(rejections=[rejection(start + n) for n in range(50)]))
    outbox.commit(Commit(rejections=[rejection(1000)]))
    kept = outbox.rejections(None, 1000)
    assert len(kept) == 100
    assert (kept[0]["message"], kept[-1]["message"]) == ("fault 1000", "fault 901")
    assert outbox.accounts.rejected == 1001


def flood(outbox: Outbox, booths: list[str | None], count: int) -> None:
    for start in range(0, count, 50):
        told = [rejection(n, booth) for n in range(start, start + 50) for booth in booths]
        outbox.commit(Commit(rejections=told))


@pytest.mark.parametrize("flooding", ["b13", None])
def test_a_booth_that_floods_pushes_out_no_other_s_rejections(
    path: Path, monkeypatch: pytest.MonkeyPatch, flooding: str | None
):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 60)
    monkeypatch.setattr(rejection_log, "KEPT_REJECTIONS", 100)
    outbox = Outbox(path, MIB)
    outbox.commit(Commit(rejections=[rejection(n) for n in range(30)]))
    flood(outbox, [flooding], 200)
    outbox.close()
    outbox = Outbox(path, MIB)  # which must know how many there are
    flood(outbox, ["b14", flooding], 200)
    kept = outbox.rejections(None, 1000)
    assert len(outbox.rejections("b12", 1000)) == 30
    assert len(kept) == 100
    assert len(outbox.rejections("b14", 1000)) == 35
    assert (kept[0]["message"], kept[69]["message"]) == ("fault 199", "fault 165")
    outbox.close()


def test_what_was_rolled_back_is_not_counted(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rejection_log, "OF_A_BOOTH", 5)
    outbox = Outbox(path, MIB)
    outbox.commit(Commit(rejections=[rejection(n) for n in range(3)]))
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(OutboxError):
        outbox.commit(Commit(rows=bytes(500_000), count=1, rejections=[rejection()] * 5))
    with pytest.raises(OutboxError):
        outbox.commit(Commit(rejections=[rejection(n) for n in range(5_000)]))
    outbox._db.execute("PRAGMA max_page_count=1000000")
    outbox._db.execute("ALTER TABLE account RENAME TO gone")  # fails once all are counted
    with pytest.raises(OutboxError, match="no such table: account"):
        outbox.commit(Commit(rejections=[rejection()] * 2))
    outbox._db.execute("ALTER TABLE gone RENAME TO account")
    outbox.commit(Commit(rejections=[rejection(n) for n in range(3, 5)]))
    kept = [item["message"] for item in outbox.rejections(None, 10)]
    assert kept == [f"fault {n}" for n in (4, 3, 2, 1, 0)]
    outbox.close()


def test_a_rejection_costs_no_more_when_many_are_kept(path: Path):
    outbox = Outbox(path, MIB, synced=False)
    few = steps(lambda: outbox.commit(Commit(rejections=[rejection(1)])))
    flood(outbox, [f"b{n}" for n in range(20)], 1_000)
    for number in range(100):
        commit = Commit(rejections=[rejection(number)])
        assert steps(partial(outbox.commit, commit)) < few + 50
    outbox.close()


def test_an_older_outbox_with_many_rejections_of_one_booth_is_trimmed(path: Path):
    outbox = Outbox(path, MIB)
    outbox._db.executemany(
        "INSERT INTO rejection (booth, body) VALUES ('b13', ?)",
        [('{"message": "old"}',)] * 2_500,
    )
    outbox.commit(Commit(rejections=[rejection(1)]))
    assert len(outbox.rejections("b13", 5_000)) == rejection_log.OF_A_BOOTH
    assert len(outbox.rejections("b12", 5_000)) == 1
    outbox.close()
