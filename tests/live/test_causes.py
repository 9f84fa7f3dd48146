"""The causes of the latest rejections: counted by the hub, whoever looks."""

from collections.abc import Mapping
from typing import Any

import pytest

from hub.clock import SECOND, HeldClock
from hub.limits import fair
from hub.live import causes as causes_module
from hub.live.causes import KEPT, WINDOW, Causes
from hub.messages import Rejection
from hub.pipeline.decode import Decoder
from schemas import KindSpec


class Counter:
    """Causes, and messages that are rejected at a time by the held clock."""

    def __init__(self, decoder: Decoder, clock: HeldClock) -> None:
        self.causes, self.clock, self._decoder = Causes(), clock, decoder

    def reject(self, path: str, payload: bytes = b'{"temperature": 412}') -> None:
        verdict = self._decoder.decode(f"smartlife/v1/{path}", payload, self.clock.now())
        assert isinstance(verdict, Rejection)
        self.causes.add(verdict, self.clock.monotonic())

    @property
    def said(self) -> dict[str, Any]:
        return self.causes.as_json(self.clock.monotonic())

    def count(self, **cause: str) -> int:
        found = [item for item in self.said["causes"] if cause.items() <= item.items()]
        return sum(item["count"] for item in found)


@pytest.fixture
def counter(decoder: Decoder, clock: HeldClock) -> Counter:
    return Counter(decoder, clock)


def test_one_fault_of_many_booths_is_one_cause(counter: Counter):
    for booth in ("b1", "b2", "b2"):
        counter.reject(f"{booth}/thermostat/t1")
    assert (counter.said["seconds"], counter.said["total"]) == (600, 3)
    (cause,) = counter.said["causes"]
    assert cause == {
        "code": "schema",
        "kind": "thermostat",
        "field": "temperature",
        "rule": "above",
        "count": 3,
        "booths": {"b1": 1, "b2": 2},
        "at": "2025-10-09T08:53:20.000000Z",
    }


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (b'{"temperature": 412}', "above"),
        (b'{"temperature": -412}', "below"),
        (b'{"temperature": "warm"}', "type"),
        (b'{"temperature": NaN}', "number"),
        (b"{}", "missing"),
        (b'{"temperature": 21, "mode": "dancing"}', "choice"),
        (b'{"temperature": 21, "ts": "yesterday"}', "time"),
    ],
)
def test_a_cause_says_which_rule_was_broken(counter: Counter, payload: bytes, rule: str):
    counter.reject("b1/thermostat/t1", payload)
    assert [item["rule"] for item in counter.said["causes"]] == [rule]


def test_a_missing_field_is_a_cause(counter: Counter):
    counter.reject("b1/wearable/w1", b'{"worn": true}')
    assert counter.count(field="heart_rate", rule="missing") == 1


def test_a_status_that_is_none_is_a_cause(counter: Counter):
    counter.reject("b1/thermostat/t1/status", b"perhaps")
    assert counter.count(field="status", rule="status") == 1


def test_a_message_without_a_booth_counts_too(counter: Counter):
    counter.reject("NOT_A_BOOTH/thermostat/t1")
    assert [item["booths"] for item in counter.said["causes"]] == [{"": 1}]


def test_each_of_many_rejections_is_counted(counter: Counter):
    for _ in range(141):
        counter.reject("b1/thermostat/t1")
    assert counter.said["total"] == 141


def test_a_rejection_counts_for_ten_minutes(counter: Counter):
    counter.reject("b1/thermostat/t1")
    counter.clock.advance(WINDOW - 60)
    counter.reject("b1/thermostat/t1")
    assert counter.said["total"] == 2
    counter.clock.advance(60)
    assert counter.said["total"] == 1
    counter.clock.advance(WINDOW)
    assert counter.said == {"seconds": WINDOW, "total": 0, "causes": []}


def test_the_causes_of_most_messages_come_first(counter: Counter):
    counter.reject("b1/thermostat/t1", b"{")
    for _ in range(2):
        counter.reject("b1/thermostat/t1")
    assert [item["code"] for item in counter.said["causes"]] == ["schema", "json"]


def test_a_booth_that_finds_ever_new_causes_has_few_of_its_own(counter: Counter):
    for number in range(50):
        counter.reject(f"b1/toaster{number}/t1", b"{}")
    counter.reject("b2/thermostat/t1")
    assert counter.count(code="kind") == KEPT
    assert counter.count(code="") == 50 - KEPT
    assert counter.count(code="schema") == 1
    assert counter.said["total"] == 51


def test_booths_without_bound_are_not_remembered(counter: Counter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(causes_module, "BOOTHS", 10)
    counter.causes = Causes()
    for number in range(100):
        counter.reject(f"b{number}/thermostat/t1")
    assert counter.said["total"] == 10
    assert fair.BOOTHS > 10


def test_a_step_of_the_clock_changes_no_count(counter: Counter):
    counter.reject("b1/thermostat/t1")
    counter.clock.hold_at(counter.clock.now() + 3600 * SECOND)
    assert counter.said["total"] == 1


def test_every_kind_s_missing_fields_are_causes(counter: Counter, kinds: Mapping[str, KindSpec]):
    for name, kind in kinds.items():
        if any(spec.required for spec in kind.fields):
            counter.reject(f"b1{name.replace('_', '')}/{name}/d1", b'{"x": 1}')
    assert {item["rule"] for item in counter.said["causes"]} == {"missing"}
