"""A broker that does not keep to what exactly-once rests on is noticed, and none that does."""

import pytest

from hub.mqtt.conformance import (
    BEYOND_RECEIVE_MAXIMUM,
    NOT_RESENT,
    OUT_OF_ORDER,
    Conformance,
    is_too_old,
)
from hub.status.health import broker

LIMIT = 10


@pytest.fixture
def watch() -> Conformance:
    watch = Conformance(LIMIT)
    watch.connected(resumed=False)
    return watch


def test_a_broker_that_keeps_to_everything_has_no_breach(watch: Conformance):
    for start in range(1, 65_530, LIMIT):
        assert watch.received([*range(start, start + LIMIT)], duplicate=False) == []
        watch.acknowledged(LIMIT)
    assert watch.received([65_531, 65_532, 65_533, 65_534, 65_535, 1, 2], duplicate=False) == []
    watch.acknowledged(3)
    watch.connected(resumed=True)
    assert watch.received([65_534, 65_535, 1, 2, 3], duplicate=True) == []
    assert watch.breaches == []


def test_more_in_flight_than_receive_maximum_is_noticed_once(watch: Conformance):
    assert watch.received(list(range(1, 11)), duplicate=False) == []
    assert watch.received([11], duplicate=False) == [BEYOND_RECEIVE_MAXIMUM]
    assert watch.received([12], duplicate=False) == []
    assert watch.breaches == [BEYOND_RECEIVE_MAXIMUM]


def test_what_was_not_acknowledged_does_not_count_on_the_next_connection(watch: Conformance):
    watch.received(list(range(1, 11)), duplicate=False)
    watch.connected(resumed=True)
    assert watch.received(list(range(1, 11)), duplicate=True) == []


@pytest.mark.parametrize("ids", [[1, 1], [5, 4], [1, 3, 2, 4], [7, 65_535]])
def test_identifiers_that_go_back_are_noticed(watch: Conformance, ids: list[int]):
    assert watch.received(ids, duplicate=False) == [OUT_OF_ORDER]


def test_identifiers_that_go_back_between_batches_are_noticed(watch: Conformance):
    watch.received([5, 6], duplicate=False)
    assert watch.received([6], duplicate=False) == [OUT_OF_ORDER]


def test_a_gap_is_no_breach(watch: Conformance):
    assert watch.received([5, 6, 9], duplicate=False) == []


def test_a_resumed_session_that_goes_on_without_dup_is_noticed(watch: Conformance):
    watch.received([1, 2], duplicate=False)
    watch.acknowledged(1)
    watch.connected(resumed=True)
    assert watch.received([3], duplicate=False) == [NOT_RESENT]


def test_once_what_is_due_came_again_new_messages_have_no_dup(watch: Conformance):
    watch.received([1, 2], duplicate=False)
    watch.connected(resumed=True)
    assert watch.received([1, 2], duplicate=True) == []
    assert watch.received([3], duplicate=False) == []


@pytest.mark.parametrize(("acknowledged", "resumed"), [(2, True), (0, False)])
def test_without_anything_to_resend_or_without_a_session_no_dup_is_due(
    watch: Conformance, acknowledged: int, resumed: bool
):
    watch.received([1, 2], duplicate=False)
    watch.acknowledged(acknowledged)
    watch.connected(resumed=resumed)
    assert watch.received([3], duplicate=False) == []


def test_health_names_each_breach_and_the_way_out_in_both_languages():
    part = broker("mqtt://broker:1883", None, [BEYOND_RECEIVE_MAXIMUM, OUT_OF_ORDER])
    assert part.state == "ok"
    for text in (part.message.en, part.message.ko):
        assert "Receive Maximum" in text
        assert text.count("2.0.13") == 2
    assert broker("mqtt://broker:1883", "refused", [OUT_OF_ORDER]).state == "down"


@pytest.mark.parametrize(
    ("version", "too_old"),
    [
        ("mosquitto version 2.0.11", True),
        ("mosquitto version 1.6.15", True),
        ("mosquitto version 2.0.13", False),
        ("mosquitto version 2.1.0", False),
        ("another broker 1.0.0", False),
        ("", False),
    ],
)
def test_a_mosquitto_that_does_not_keep_to_receive_maximum_is_known(version: str, too_old: bool):
    assert is_too_old(version) is too_old


def test_what_is_due_is_due_still_after_a_connection_that_brought_nothing(watch: Conformance):
    watch.received([1, 2], duplicate=False)
    watch.connected(resumed=True)
    watch.connected(resumed=True)
    assert watch.received([3], duplicate=False) == [NOT_RESENT]
