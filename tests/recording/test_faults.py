"""Faults on the way of recorded messages: what is asked for happens, the same each time."""

import itertools
from collections.abc import Iterable
from typing import Any

import pytest

from hub.recording.faults import Faults, FaultyLink
from hub.recording.format import Recorded
from tests.recording.made import FIRST, reading

MS, S = 10**6, 10**9
MESSAGES = [reading(n, every=100 * MS, qos=n % 2) for n in range(1_000)]


def carried(messages: Iterable[Recorded] = MESSAGES, **faults) -> tuple[list[Recorded], FaultyLink]:
    link = FaultyLink(Faults.of(**faults))
    return list(link.carry(messages)), link


def test_without_faults_nothing_changes():
    assert carried()[0] == MESSAGES
    assert not Faults.of(seed=3)


def test_a_share_is_dropped_and_counted():
    came, link = carried(drop="10%")
    assert len(came) == 1_000 - link.counts["dropped"]
    assert 60 < link.counts["dropped"] < 140
    assert str(link) == f"{link.counts['dropped']:,} dropped (seed 0)"


def test_the_same_seed_gives_the_same_and_another_another():
    faults: dict[str, Any] = {"drop": "5%", "duplicate": "5%", "reorder": "5%", "delay": "50ms±40"}
    assert carried(**faults)[0] == carried(**faults)[0]
    assert carried(**faults)[0] != carried(**faults, seed=1)[0]


def test_a_duplicate_comes_directly_after_its_message():
    came, link = carried(duplicate="10%")
    repeated = [one for one, next_ in itertools.pairwise(came) if one == next_]
    assert len(repeated) == link.counts["duplicated"] == len(came) - 1_000


def test_what_is_reordered_goes_behind_its_next_one():
    came, link = carried(reorder="10%")
    numbers = [int(it.payload.rpartition(b" ")[2].rstrip(b"}")) for it in came]
    assert sorted(numbers) == list(range(1_000))
    back = [n for n, next_ in itertools.pairwise(numbers) if next_ == n - 1]
    assert len(back) == link.counts["reordered"]
    assert [it.at for it in came] == sorted(it.at for it in came)


def test_a_delay_keeps_the_order_and_stays_in_its_bounds():
    came, _ = carried(delay="200ms±50")
    late = [it.at - sent.at for it, sent in zip(came, MESSAGES, strict=True)]
    assert all(150 * MS <= each <= 250 * MS for each in late)
    assert len(set(late)) > 100
    assert [it.payload for it in came] == [it.payload for it in MESSAGES]


def test_a_cut_loses_qos_0_and_holds_the_rest_back():
    came, link = carried(cut="+10s/5s")
    end = FIRST + 15 * S
    assert link.counts == {"held back": 25, "lost while cut": 25}
    assert [it.at for it in came if it.at == end] == [end] * 26  # and one that is due then
    assert [it.qos for it in came if FIRST + 10 * S <= it.at < end] == []


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"drop": "1"}, "'1' is no share of the messages; write it like 1%"),
        ({"duplicate": "101%"}, "is no share"),
        ({"delay": "soon"}, "'soon' is no delay; write it like 200ms or 200ms±50"),
        ({"cut": "30s/10s"}, "is no cut; write it like"),
        ({"cut": "+30s/x"}, "is no cut; write it like"),
    ],
)
def test_what_is_no_fault_is_refused(faults: dict[str, str], words: str):
    with pytest.raises(ValueError) as refused:
        Faults.of(**faults)  # type: ignore[arg-type]
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "delay"),
    [("2s", (2 * S, 0)), ("200ms±50", (200 * MS, 50 * MS)), ("1s+-20ms", (S, 20 * MS))],
)
def test_a_delay_is_written_with_its_jitter(text: str, delay: tuple[int, int]):
    found = Faults.of(delay=text)
    assert (found.delay, found.jitter) == delay
