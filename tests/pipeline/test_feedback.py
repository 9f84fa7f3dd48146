"""What the hub says back over MQTT: to whom, how much, never with rights that are not theirs."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.clock import SECOND, HeldClock
from hub.limits.token_bucket import TokenBuckets
from hub.messages import SHORT, Rejection
from hub.pipeline.batch import Receipt
from hub.pipeline.decode import Decoder
from hub.pipeline.feedback import BURST, PER_SECOND, Feedback
from hub.topics import Address

T1 = "smartlife/v1/b12/thermostat/t1"
RECEIPTS = f"{T1}/receipts"
NOW = 1_760_000_000 * 10**9


@dataclass
class Broker:
    """Keeps what is published; takes nothing while `gone`."""

    gone: bool = False
    said: list[tuple[str, dict[str, Any], bytes | None]] = field(default_factory=list)
    short: list[tuple[str, bytes]] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, correlation_data: bytes | None) -> bool:
        if topic.endswith("/short"):
            self.short.append((topic, payload))
        elif not self.gone:
            self.said.append((topic, json.loads(payload), correlation_data))
        return not self.gone

    @property
    def topics(self) -> list[str]:
        return [topic for topic, _, _ in self.said]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def answers(broker: Broker, clock: HeldClock) -> Feedback:
    return Feedback("smartlife/v1", broker.publish, clock)


def rejected(
    decoder: Decoder, topic: str = T1, payload: bytes = b'{"temperature": 412}'
) -> Rejection:
    verdict = decoder.decode(topic, payload, NOW)
    assert isinstance(verdict, Rejection)
    return verdict


def receipt(answer: int | Rejection, topic: str = RECEIPTS) -> Receipt:
    return Receipt(topic, b"\x01\x02", Address("b12", "thermostat", "t1"), answer)


def test_a_rejection_goes_to_the_devices_errors(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    answers.send([rejected(decoder)], [])
    ((topic, said, correlation_data),) = broker.said
    assert topic == f"{T1}/errors"
    assert correlation_data is None
    assert said["code"] == "schema"
    assert said["message"] == "temperature: 412 is above the maximum 85 °C"
    assert said["errors"][0]["field"] == "temperature"
    assert said["errors"][0]["got"] == 412
    assert said["topic"] == T1
    assert said["at"] == "2025-10-09T08:53:20.000000Z"
    assert said["payload"] == '{"temperature": 412}'
    assert said["schema"] == "/api/kinds/thermostat/schema"


def test_a_kind_that_does_not_exist_is_told_where_it_was_sent(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    answers.send([rejected(decoder, "smartlife/v1/b12/termostat/t1")], [])
    assert broker.topics == ["smartlife/v1/b12/termostat/t1/errors"]


def test_a_topic_that_names_no_device_gets_no_answer(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    answers.send([rejected(decoder, "smartlife/v1/b12"), rejected(decoder, "x/#")], [])
    assert broker.said == []


def test_a_receipt_goes_to_the_response_topic(answers: Feedback, broker: Broker):
    answers.send([], [receipt(NOW + 123)])
    assert broker.said == [
        (RECEIPTS, {"stored": True, "ts": "2025-10-09T08:53:20.000000123Z"}, b"\x01\x02")
    ]


def test_the_receipt_of_a_rejection_is_the_rejection(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    rejection = rejected(decoder)
    answers.send([rejection], [receipt(rejection)])
    assert broker.topics == [f"{T1}/errors", RECEIPTS]
    assert broker.said[0][1] == broker.said[1][1]


def test_a_receipt_that_would_borrow_the_hubs_rights_is_not_sent(answers: Feedback, broker: Broker):
    wanted = [T1, f"{T1}/status", "smartlife/v1/b1/thermostat/t1/receipts", "$CONTROL/x", "a/#", ""]
    answers.send([], [receipt(NOW, topic) for topic in wanted])
    assert broker.said == []
    assert answers.not_answered == len(wanted)


def test_a_booth_is_told_what_is_wrong_with_the_newest_receipt_it_asked_for(answers: Feedback):
    assert answers.unanswered("b12") is None
    answers.send([], [receipt(NOW, topic) for topic in ("a/b", "답/\n\0" + "x" * 70_000)])
    told = answers.unanswered("b12")
    assert told is not None
    said = told.as_json()
    assert said["count"] == 2
    assert said["device"] == {"booth": "b12", "kind": "thermostat", "device": "t1"}
    for message in (said["message"], said["message_ko"]):
        assert "\\n\\x00xxx" in message
        assert f" {RECEIPTS}" in message
        assert len(message) < 400
    assert answers.unanswered("b1") is None


@pytest.mark.parametrize("size", [1_024, 1_025])
def test_correlation_data_comes_back_up_to_1_kib(answers: Feedback, broker: Broker, size: int):
    asked = Receipt(RECEIPTS, bytes(size), Address("b12", "thermostat", "t1"), NOW)
    answers.send([], [asked])
    told = answers.unanswered("b12")
    if size == 1_024:
        assert broker.said[0][2] == bytes(size)
        assert told is None
    else:
        assert broker.said == []
        assert told is not None
        assert told.message.en == "the Correlation Data has 1,025 bytes; 1,024 at most"


def test_booths_that_asked_in_vain_are_not_remembered_without_bound(
    answers: Feedback, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.pipeline.feedback.BOOTHS", 10)
    for number in range(100):
        answers.send([], [Receipt("x", None, Address(f"b{number}", "thermostat", "t1"), NOW)])
    assert [answers.unanswered(f"b{number}") is None for number in (89, 90, 99)] == [
        True,
        False,
        False,
    ]


def test_the_first_rejections_are_told_at_once_and_then_some(
    answers: Feedback, broker: Broker, decoder: Decoder, clock: HeldClock
):
    rejection = rejected(decoder)
    answers.send([rejection] * 100, [])
    assert len(broker.said) == BURST
    assert answers.throttled == 100 - BURST
    clock.advance(1)
    answers.send([rejection] * 100, [])
    assert len(broker.said) == BURST + PER_SECOND
    clock.advance(3600)
    answers.send([rejection] * 100, [])
    assert len(broker.said) == 2 * BURST + PER_SECOND


def test_one_devices_flood_does_not_silence_another(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    answers.send([rejected(decoder)] * 100, [])
    answers.send([rejected(decoder, "smartlife/v1/b12/thermostat/t2")], [])
    assert broker.topics[-1] == "smartlife/v1/b12/thermostat/t2/errors"


def test_a_clock_set_back_silences_nobody(
    answers: Feedback, broker: Broker, decoder: Decoder, clock: HeldClock
):
    rejection = rejected(decoder)
    answers.send([rejection] * 100, [])
    clock.hold_at(clock.now() - 3600 * SECOND)
    answers.send([rejection] * 100, [])
    clock.advance(10)
    broker.said.clear()
    answers.send([rejection] * 100, [])
    assert len(broker.said) == BURST


def test_receipts_are_not_rationed(answers: Feedback, broker: Broker):
    answers.send([], [receipt(NOW)] * 1000)
    assert len(broker.said) == 1000


def test_what_the_broker_does_not_take_is_counted(
    answers: Feedback, broker: Broker, decoder: Decoder
):
    broker.gone = True
    answers.send([rejected(decoder)], [receipt(NOW)])
    assert (answers.sent, answers.throttled) == (0, 2)
    broker.gone = False
    answers.send([rejected(decoder)], [receipt(NOW)])
    assert (answers.sent, answers.throttled) == (2, 2)


def test_ever_new_names_of_a_booth_let_no_other_s_device_be_told_more(
    broker: Broker, decoder: Decoder, clock: HeldClock
):
    answers = Feedback("smartlife/v1", broker.publish, clock)
    answers._limit = TokenBuckets(PER_SECOND, BURST, size=10)
    for _ in range(BURST):
        answers.send([rejected(decoder, "smartlife/v1/b13/thermostat/t1")], [])
    for number in range(100):
        answers.send([rejected(decoder, f"smartlife/v1/b12/thermostat/t{number}")], [])
    throttled = answers.throttled
    answers.send([rejected(decoder, "smartlife/v1/b13/thermostat/t1")], [])
    assert answers.throttled == throttled + 1


# --- the short form

LONG = "한" * 400
SHORTENED = {
    "a number": (b'{"temperature": 412}', ("schema", "temperature", 412)),
    "no field": (b"temperature=21", ("json", None, "temperature=21")),
    "a long text": (
        json.dumps({"temperature": LONG}, ensure_ascii=False).encode(),
        ("schema", "temperature", f"{LONG[:47]}\u2026"),
    ),
    "what takes many bytes": (b"\x01" * 100, ("json", None, "\x01" * 15 + "\u2026")),
}


@pytest.mark.parametrize(("payload", "told"), SHORTENED.values(), ids=SHORTENED)
def test_a_small_device_is_told_in_200_bytes(answers, broker, decoder, payload, told):
    answers.send([rejected(decoder, payload=payload)], [])
    ((topic, said),) = broker.short
    assert topic == f"{T1}/errors/short"
    assert len(said) <= SHORT
    code, field_, got = told
    found = json.loads(said)
    assert (found["code"], found["field"]) == (code, field_)
    assert found["got"] == got or str(found["got"]).startswith(str(got)[:10])
