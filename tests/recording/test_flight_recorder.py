"""A running hub holds the latest messages in bounded memory, and gives them as a recording."""

from pathlib import Path
from secrets import token_bytes

import pytest

from hub.clock import STRIDE
from hub.errors import SettingError
from hub.pipeline.quota import Quotas
from hub.recording.flight_recorder import EACH, FlightRecorder, as_mcap
from hub.recording.format import info, read
from hub.settings import given
from hub.testing.memory_source import MemoryMessage
from schemas import kinds

AT = 1_760_000_000_000_000_000
S = 1_000_000_000
T1 = "smartlife/v1/b12/thermostat/t1"


def message(number: int, topic: str = T1) -> MemoryMessage:
    return MemoryMessage(topic, b'{"temperature": %d}' % number, packet_id=number + 1)


def recorder(limit: int) -> FlightRecorder:
    return FlightRecorder(limit, "smartlife/v1", kinds(), Quotas("smartlife/v1", 0, 0).levels)


def saved(past: FlightRecorder, folder: Path, start: int = 0, **only) -> Path:
    messages = past.since(start)
    path = folder / "past.mcap"
    path.write_bytes(b"".join(as_mcap(messages, kinds(), "smartlife/v1", {}, **only)))
    return path


def test_the_oldest_go_first_when_its_memory_is_full():
    past = recorder(50 * (EACH + 20))
    for second in range(100):
        past.tap(AT + second * S, [message(second)], False)
    kept = list(past.since(0))
    assert 40 <= len(kept) <= 60
    assert kept[-1].at == AT + 99 * S
    assert past.size <= 50 * (EACH + 20)


def test_a_booth_that_sends_a_lot_leaves_the_others_their_past():
    limit = 2_000 * (EACH + 20)
    past, quiet = recorder(limit), "smartlife/v1/b1/thermostat/t1"
    for second in range(1_000):
        batch = [message(number) for number in range(20)]
        if second < 100:
            batch.append(message(second, quiet))
        past.tap(AT + second * S, batch, False)
    kept = list(past.since(0))
    assert sum(item.topic == quiet for item in kept) == 100
    assert [item.at for item in kept] == sorted(item.at for item in kept)
    assert kept[-1].at == AT + 999 * S + 19 * STRIDE
    assert len(kept) > 1_900, "the loud one has the rest"
    assert past.size <= limit


def test_those_who_send_little_share_half_of_the_memory():
    limit = 2_000 * (EACH + 20)
    past = recorder(limit)
    for second in range(2_000):
        batch = [message(number) for number in range(20)]
        past.tap(
            AT + second * S, [*batch, message(second, f"smartlife/v1/b{second % 30}/x/y")], False
        )
    kept = [item.topic for item in past.since(0)]
    assert 900 <= sum(topic != T1 for topic in kept) <= 1_100
    assert past.size <= limit


def test_where_all_send_a_lot_the_oldest_go_first():
    past = recorder(100 * (EACH + 20))
    for second in range(300):
        topic = f"smartlife/v1/b{second % 3}/thermostat/t1"
        past.tap(AT + second * S, [message(second, topic)], False)
    kept = [item.at for item in past.since(0)]
    assert kept == [AT + second * S for second in range(300 - len(kept), 300)]
    assert len(kept) >= 95


def test_a_snapshot_stays_as_it_was():
    past = recorder(100 * (EACH + 20))
    past.tap(AT, [message(1)], False)
    snapshot = past.since(0)
    past.tap(AT + S, [message(2)], False)
    assert [item.at for item in snapshot] == [AT]


def test_a_batch_that_is_larger_than_all_of_it_is_let_go():
    past = recorder(1000)
    past.tap(AT, [message(n) for n in range(100)], False)
    assert past.size == 0


def test_it_is_a_recording_like_any_other(tmp_path: Path):
    past = recorder(1_000_000)
    past.tap(AT, [message(1), message(412)], False)
    past.tap(AT + S, [message(1)], True)
    found = list(read(saved(past, tmp_path)))
    assert [item.verdict for item in found] == ["accepted", "rejected:schema", "duplicate"]
    assert [item.at for item in found] == [AT, AT + STRIDE, AT + S]
    assert info(tmp_path / "past.mcap").messages == 3


def test_only_what_is_young_enough_and_of_the_booth(tmp_path: Path):
    past = recorder(1_000_000)
    past.tap(AT, [message(n) for n in range(10)], False)
    past.tap(AT + S, [message(50, "smartlife/v1/b1/thermostat/t1"), message(51)], False)
    assert len(list(read(saved(past, tmp_path, AT + 8 * STRIDE)))) == 4
    (one,) = read(saved(past, tmp_path, AT + 8 * STRIDE, booth="b1", kind="thermostat"))
    assert one.payload == b'{"temperature": 50}'
    assert list(read(saved(past, tmp_path, kind="light"))) == []


def test_it_comes_in_blocks_whatever_its_size():
    past = recorder(10_000_000)
    noise = [MemoryMessage(T1, token_bytes(600)) for n in range(2000)]
    past.tap(AT, noise, False)
    messages = past.since(0)
    blocks = list(as_mcap(messages, kinds(), "smartlife/v1", {}))
    assert len(blocks) > 1


@pytest.mark.parametrize("wrong", ["1000", "much", "-1"])
def test_an_impossible_amount_of_memory_stops_the_start(wrong: str):
    with pytest.raises(SettingError, match="HUB_PAST"):
        given({"past": wrong})


def test_none_turns_it_off():
    assert given({"past": "0"}).past == 0
    assert given({}).past == 32 * 1024 * 1024
