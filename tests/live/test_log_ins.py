"""What is kept of the broker's log: of accounts that there are, how often, for a while."""

from typing import Any

import pytest

from hub.clock import HeldClock
from hub.live.broker_refusals import BoothLogIns
from hub.live.checklist import Mark, Step, checklist
from hub.live.log_ins import OFTEN, PATIENCE, TOLD_FOR, LogIns
from hub.testing.memory_source import MemoryMessage
from hub.timestamps import rfc3339

CONNECTED = "1: New client connected from 10.0.3.7:4 as {0} (p2, c1, k60, u'{0}')."
GONE = "1: Client {} closed its connection."
REFUSED = "1: Client {} disconnected, not authorised."
TOO_LARGE = "1: Client {} disconnected due to oversize packet."
TAKEN_OVER = "1: Client {} already connected, closing old connection."


def owner(name: str) -> tuple[str, str] | None:
    """Booth b12 has two accounts."""
    return ("b12", name) if name in {"b12-1", "b12-2"} else None


class Broker:
    """A broker's log, and what booth b12 is told of it."""

    def __init__(self, clock: HeldClock) -> None:
        self.log_ins = LogIns("smartlife/v1", owner, clock, {"admin", "admin.control"})
        self.log_ins.noticed(True)

    def says(self, line: str, account: str = "b12-1") -> None:
        self.log_ins.take(line.format(account))

    def known(self, *unheard: str) -> BoothLogIns:
        known = self.log_ins.of("b12", ["b12-1", "b12-2"], unheard)
        assert known is not None
        return known

    def told(self, *unheard: str) -> list[tuple[str, str, int]]:
        return [(item.account, item.code, item.times) for item in self.known(*unheard).refusals]


@pytest.fixture
def broker(clock: HeldClock) -> Broker:
    return Broker(clock)


def test_nothing_is_known_while_the_log_cannot_be_read(broker):
    broker.says(CONNECTED)
    assert broker.known().connected
    broker.log_ins.noticed(False)
    assert broker.log_ins.of("b12", ["b12-1"], ()) is None
    broker.log_ins.noticed(True)
    assert broker.known() == ([], [])


def test_a_refusal_is_counted_and_told_for_a_while(broker, clock):
    for _ in range(3):
        broker.says(REFUSED)
        clock.advance(TOLD_FOR)
    assert broker.told() == [("b12-1", "refused", 3)]
    clock.advance(1)
    assert broker.told() == []
    broker.says(REFUSED)
    assert broker.told() == [("b12-1", "refused", 1)]


def test_what_it_knows_is_shown_with_times_and_the_way_out(broker, clock):
    message = MemoryMessage("$SYS/broker/log/N", CONNECTED.format("b12-1").encode())
    broker.log_ins.receive(None, [message, MemoryMessage("$SYS/broker/log/N", b"1: \xff")])
    broker.says(REFUSED, "b12-2")
    at = rfc3339(clock.now())
    shown = broker.known().as_json()
    assert shown["connected"] == [{"account": "b12-1", "since": at, "version": "3.1.1"}]
    (refusal,) = shown["refusals"]
    assert (refusal["code"], refusal["account"]) == ("refused", "b12-2")
    assert (refusal["count"], refusal["at"]) == (1, at)
    assert "ask the operations desk for a new one" in refusal["message"]
    assert "운영 데스크에" in refusal["message_ko"]


def test_the_newest_is_the_first(broker, clock):
    broker.says(TOO_LARGE)
    clock.advance(1)
    broker.says(REFUSED, "b12-2")
    assert [code for _, code, _ in broker.told()] == ["refused", "too_large"]


def test_a_log_in_that_is_let_in_ends_those_refused_and_nothing_else(broker):
    broker.says(TOO_LARGE)
    broker.says(REFUSED)
    broker.says(CONNECTED)
    assert broker.told() == [("b12-1", "too_large", 1)]


def test_a_refused_log_in_ends_nobody_s_connection(broker):
    broker.says(CONNECTED)
    broker.says(REFUSED)
    assert [item.account for item in broker.known().connected] == ["b12-1"]


def test_a_device_that_was_switched_on_again_is_no_second_device(broker):
    for _ in range(OFTEN - 1):
        broker.says(TAKEN_OVER)
    assert broker.told() == []
    broker.says(TAKEN_OVER)
    assert broker.told() == [("b12-1", "taken_over", OFTEN)]


def test_a_connected_account_that_nothing_comes_from_is_told_unless_the_cause_is(broker, clock):
    broker.says(CONNECTED)
    broker.says(CONNECTED, "b12-2")
    clock.advance(PATIENCE)
    assert broker.told() == []
    assert broker.told("b12-1") == [("b12-1", "silent", 1)]
    broker.says(TOO_LARGE)
    broker.says(CONNECTED)
    clock.advance(PATIENCE)
    assert broker.told("b12-1") == [("b12-1", "too_large", 1)]


def test_strangers_are_told_where_nobody_is_connected_and_nothing_came(broker):
    broker.says(REFUSED, "<unknown>")
    broker.says(REFUSED, "who knows")
    assert broker.told("b12-1", "b12-2") == [("", "strangers", 2)]
    assert broker.told("b12-1") == []
    broker.says(CONNECTED)
    assert broker.told("b12-1", "b12-2") == []


def test_a_mistake_of_the_desk_s_is_told_no_booth(broker):
    for name in ("admin", "admin.control"):
        broker.says(REFUSED, name)
    assert broker.told("b12-1", "b12-2") == []


def test_of_a_log_in_that_may_be_anybody_s_it_is_not_said_that_it_is_nobody_s(broker):
    broker.says(REFUSED, "<unknown>")
    (refusal,) = broker.known("b12-1", "b12-2").refusals
    assert refusal.message.en.startswith("The broker refused log-ins; it does not say whose.")
    assert "알 수 없는" in refusal.message.ko


def test_names_that_are_tried_take_no_room(broker):
    for number in range(1000):
        broker.says(REFUSED, f"b12-{number + 10}")
    assert len(broker.log_ins._accounts) == 0


@pytest.mark.parametrize(
    ("lines", "step", "mark"),
    [
        ([], Step.CONNECTED, Mark.NEXT),
        ([REFUSED], Step.CONNECTED, Mark.WRONG),
        ([REFUSED, CONNECTED], Step.TOPIC, Mark.NEXT),
        ([CONNECTED, TOO_LARGE], Step.CONNECTED, Mark.WRONG),
        ([CONNECTED, TOO_LARGE, CONNECTED], Step.TOPIC, Mark.WRONG),
        ([CONNECTED, GONE], Step.CONNECTED, Mark.NEXT),
        (["1: Client x disconnected, not authorised."], Step.CONNECTED, Mark.NEXT),
    ],
)
def test_the_checklist_follows_what_the_broker_says(
    broker: Any, lines: list[str], step: Step, mark: Mark
):
    for line in lines:
        broker.says(line)
    known = broker.known("b12-1", "b12-2")
    item = next(item for item in checklist(0, [], {}, known) if item.mark is not Mark.DONE)
    assert (item.step, item.mark) == (step, mark)
    assert item.refusal == next(iter(known.refusals), None)
