"""What the store refused: listed and written out beside a running hub, let go of without one."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.counters import Accounts
from hub.errors import OutboxBroken, OutboxError
from hub.files import lock
from hub.limits.log_throttle import LONGEST, LogThrottle
from hub.pipeline.outbox import Outbox, refused
from hub.pipeline.outbox.entries import Commit
from hub.pipeline.outbox.salvage import Saved
from hub.status import health
from hub.stores.store import Refusal
from tests.pipeline.outbox.synced import FULL, synced

LINES = [b"thermostat,booth=b12,device=t1 temperature=1.0 %d" % number for number in range(20)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    """An outbox of which the store refused every line."""
    box = Outbox(path, 16_000, synced=False)
    box.commit(Commit(b"\n".join(LINES), len(LINES), last_arrival=1))
    box.settle(box.waiting(1), [Refusal(line, "no kind\tthermostat\nhere") for line in LINES])
    yield box
    box.close()


def hub(path: Path, *words: str, answer: str = "") -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["outbox", *words, "--data", str(path.parent)], input=answer)
    return found.exit_code, found.stdout, found.stderr


@pytest.mark.parametrize(("more", "said"), [(0, "hub outbox retry-refused"), (1, "by itself")])
def test_a_full_outbox_tells_from_a_quarter_on_that_they_fill_it(
    outbox: Outbox, more: int, said: str
):
    outbox._limit = 4 * outbox.refused_size + more
    assert said in outbox._full()


def test_they_are_shown_while_a_hub_uses_the_outbox(outbox: Outbox, path: Path):
    code, shown, said = hub(path, "refused", "--limit", "2")
    assert code == 0
    assert [line.split("\t")[0] for line in shown.splitlines() if line.startswith("th")] == [
        LINES[19].decode(),
        LINES[18].decode(),
    ]
    assert f"20 refused lines take {sum(map(len, LINES))} bytes" in said


def test_they_are_written_to_a_file_oldest_first(outbox: Outbox, path: Path, tmp_path: Path):
    to = tmp_path / "refused.tsv"
    assert hub(path, "refused", "--export", str(to))[:2] == (0, f"wrote 20 lines to {to}\n")
    assert to.read_bytes() == b"".join(line + b"\tno kind thermostat here\n" for line in LINES)


def test_a_file_that_is_there_is_not_overwritten(outbox: Outbox, path: Path, tmp_path: Path):
    to = tmp_path / "refused.tsv"
    to.write_bytes(b"mine")
    assert hub(path, "refused", "--export", str(to))[0] == 2
    assert to.read_bytes() == b"mine"


def test_letting_go_makes_room_and_the_accounts_still_count_them(outbox: Outbox, path: Path):
    outbox.close()
    assert hub(path, "forget-refused", "--yes")[0] == 0
    again = Outbox(path, 16_000)
    assert again.size == again.refused_size == 0
    assert again.accounts == Accounts(accepted=20, refused=20)
    again.close()
    assert "refused nothing" in hub(path, "forget-refused", "--yes")[1]


OWN = b"hub,client=h received=1i 7"


def test_they_wait_again_behind_what_waits_and_the_accounts_follow(outbox: Outbox, path: Path):
    outbox.commit(Commit(OWN, own=True))
    outbox.settle(outbox.waiting(1), [Refusal(OWN, "no")])
    fresh = b"thermostat,booth=b12,device=t1 temperature=2.0 99"
    outbox.commit(Commit(fresh, 1, last_arrival=99))
    outbox.close()
    code, shown, _ = hub(path, "retry-refused")
    assert (code, shown) == (0, "21 lines wait for the store again; start the hub to send them\n")
    again = Outbox(path, 16_000)
    assert again.accounts == Accounts(accepted=21)
    assert again.accounts.waiting == 21
    assert again.refused_size == 0
    waiting = again.waiting(100)
    assert [(item.rows, item.count, item.own) for item in waiting] == [
        (fresh, 1, False),
        (b"\n".join(LINES), 20, False),
        (OWN, 0, True),
    ]
    assert all(item.at > 99 for item in waiting[1:])  # they wait from now on
    again.settle(waiting, [Refusal(LINES[3], "still no")])
    assert again.accounts == Accounts(accepted=21, stored=20, refused=1)
    again.close()
    assert hub(path, "retry-refused")[0] == 0
    assert "refused nothing" in hub(path, "retry-refused")[1]


@pytest.mark.parametrize("change", [refused.forget, refused.retry])
def test_a_failure_is_told_and_changes_nothing(
    outbox: Outbox, path: Path, change: Callable[[Path], object]
):
    outbox._db.execute(
        "CREATE TRIGGER stay BEFORE DELETE ON refused BEGIN SELECT RAISE(ABORT, 'they stay'); END"
    )
    outbox.close()
    with pytest.raises(OutboxError, match=f"outbox {path}: they stay"):
        change(path)
    again = Outbox(path, 16_000, synced=False)
    assert len(again.refused(100)) == 20
    assert again.waiting(1) == []
    again.close()


def test_that_they_wait_again_is_on_disk(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
):
    outbox.close()
    with monkeypatch.context() as patch:
        waited = synced(patch)
        refused.retry(path)
    assert waited == [FULL] * len(waited)
    assert waited


def test_thousands_of_them_wait_again_in_order(path: Path):
    many = [b"thermostat,booth=b12 temperature=1.0 %d" % number for number in range(2_500)]
    box = Outbox(path, 2**24, synced=False)
    box.commit(Commit(b"\n".join(many), len(many), last_arrival=1))
    box.settle(box.waiting(1), [Refusal(line, "no") for line in many])
    box.close()
    assert refused.retry(path).lines == 2_500
    box = Outbox(path, 2**20)
    waiting = box.waiting(10_000)
    assert b"\n".join(item.rows for item in waiting).split(b"\n") == many
    assert (box.accounts.waiting, box.accounts.refused) == (2_500, 0)
    box.close()


def test_accounts_that_began_anew_balance_when_lines_from_before_wait_again(
    outbox: Outbox, path: Path
):
    outbox._db.execute("DELETE FROM account")
    outbox.close()
    refused.retry(path)
    again = Outbox(path, 16_000)
    assert again.accounts == Accounts(accepted=20)
    assert again.accounts.waiting == 20
    again.close()


def test_none_waits_again_while_a_hub_uses_the_folder(outbox: Outbox, path: Path):
    with lock(path.parent):
        assert hub(path, "retry-refused")[0] != 0
    assert refused.kept(path).lines == 20


def test_nothing_goes_without_a_yes(outbox: Outbox, path: Path):
    assert hub(path, "forget-refused", answer="n\n")[0] == 1
    assert refused.kept(path).lines == 20


def test_nothing_goes_while_a_hub_uses_the_folder(outbox: Outbox, path: Path):
    with lock(path.parent):
        assert hub(path, "forget-refused", "--yes")[0] != 0
    assert refused.kept(path).lines == 20


def test_no_outbox_is_told(path: Path):
    with pytest.raises(OutboxError, match=r"there is no outbox at .*; is HUB_DATA right\?"):
        refused.kept(path)


def test_what_was_saved_of_a_damaged_outbox_is_known_afterwards(path: Path):
    box = Outbox(path, 16_000)
    assert refused.salvaged(path) is None
    saved = Saved("outbox.db.broken-1", "malformed", "20261122T000000Z", readings=7, lost=2)
    box.remember("salvaged", saved.__dict__)
    assert refused.salvaged(path) == (
        "saved 7 readings of a damaged one at 20261122T000000Z, 2 lost"
    )
    box.close()


def test_health_says_what_was_saved_and_that_damage_needs_a_restart():
    saved = Saved("outbox.db.broken-1", "malformed", "now", readings=7, lost=2)
    part = health.outbox(None, 0, 10, saved)
    assert part.state == "ok"
    assert "7 waiting readings were saved, 2 are lost" in part.message.en
    assert "7건을 살렸고 2건의" in part.message.ko
    broken = health.outbox(OutboxBroken("stop the hub and start it again"), 0, 10)
    assert (broken.state, broken.vital) == ("broken", True)
    assert "start it again" in broken.message.en
    assert json.dumps(broken.as_json())


def test_a_state_that_comes_and_goes_is_told_with_pauses_that_grow():
    now = 0.0
    throttle = LogThrottle(lambda: now)
    told = []
    while now < 3600:
        if throttle.due():
            told.append(now)
        now += 0.5
    pauses = [later - earlier for earlier, later in itertools.pairwise(told)]
    assert told[0] == 0
    assert pauses == sorted(pauses)
    assert max(pauses) <= LONGEST
    assert len(told) < 25
    assert throttle.pop_throttled() > 0
    assert throttle.pop_throttled() == 0
