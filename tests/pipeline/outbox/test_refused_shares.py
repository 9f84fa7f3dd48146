"""The share of refused lines in the outbox's budget: of all booths, and of each."""

from pathlib import Path

import pytest

from hub.errors import OutboxFull
from hub.pipeline.outbox import Outbox, refused_shares
from hub.pipeline.outbox.entries import Commit
from hub.stores.store import Refusal
from tests.pipeline.outbox.boxes import readings


def test_refused_lines_take_their_part_of_the_budget(path: Path):
    outbox = Outbox(path, 16_000)
    outbox.commit(readings(20))
    refuse_all(outbox)
    assert outbox.refused_size > 500
    outbox.commit(readings(1))
    outbox.commit(readings(370))
    with pytest.raises(OutboxFull):
        outbox.commit(readings(20))
    outbox.close()


def test_a_refused_line_does_not_keep_out_a_large_batch_when_nothing_waits(path: Path):
    outbox = Outbox(path, 1000)
    outbox.commit(readings(1))
    (waiting,) = outbox.waiting(1)
    outbox.settle([waiting], [Refusal(waiting.rows, "no")])
    for start in range(100, 400, 100):
        outbox.commit(readings(30, start))
        outbox.settle(outbox.waiting(100), [])
    assert (outbox.accounts.stored, outbox.accounts.refused) == (90, 1)
    outbox.close()


def refuse_all(outbox: Outbox) -> None:
    waiting = outbox.waiting(1_000)
    lines = [line for item in waiting for line in item.rows.split(b"\n")]
    outbox.settle(waiting, [Refusal(line, "no") for line in lines])


def test_of_a_booth_whose_readings_are_refused_a_sixteenth_of_the_budget_is_kept(path: Path):
    outbox = Outbox(path, 16_000)
    for _ in range(3):
        outbox.commit(readings(20))
        refuse_all(outbox)
    assert outbox.accounts.refused == 60
    assert 950 < outbox.refused_size <= 1_000
    kept = len(outbox.refused(100))
    assert outbox.refused_left_out == 60 - kept > 0
    outbox.close()
    again = Outbox(path, 16_000)
    again.commit(readings(20))
    refuse_all(again)
    assert len(again.refused(100)) == kept
    again.commit(Commit(b"thermostat,booth=b13,device=t1 temperature=1.0 1", 1))
    refuse_all(again)
    assert again.refused(1)[0].line.startswith(b"thermostat,booth=b13")
    again.close()


def test_refused_lines_of_all_booths_take_half_of_the_budget(path: Path):
    outbox = Outbox(path, 16_000)
    for booth in range(30):
        lines = [b"lock,booth=b%d,device=t1 locked=true %d" % (booth, at) for at in range(20)]
        outbox.commit(Commit(b"\n".join(lines), 20))
        refuse_all(outbox)
    assert 7_900 < outbox.refused_size <= 8_000
    assert outbox.accounts.refused == 600
    outbox.commit(readings(200))
    outbox.close()


def test_booths_beyond_the_bound_share_one_share_of_refused_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refused_shares, "BOOTHS", 3)
    outbox = Outbox(path, 16_000)
    for booth in range(30):
        lines = [b"lock,booth=b%d,device=t1 locked=true %d" % (booth, at) for at in range(20)]
        outbox.commit(Commit(b"\n".join(lines), 20))
        refuse_all(outbox)
    assert len(outbox._refused._sizes) <= 4
    assert outbox.refused_size <= 4 * 1_000
    assert outbox.accounts.refused == 600
    outbox.close()


def test_refused_lines_above_a_smaller_budget_stop_nothing(path: Path):
    outbox = Outbox(path, 16_000)
    outbox.commit(readings(20))
    refuse_all(outbox)
    outbox.close()
    smaller = Outbox(path, 100)
    smaller.commit(readings(10))
    with pytest.raises(OutboxFull, match="retry-refused or forget-refused"):
        smaller.commit(readings(10))
    smaller.settle(smaller.waiting(1), [])
    smaller.commit(readings(10))
    smaller.close()
