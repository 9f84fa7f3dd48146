"""Faults do what their names say, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from devices import Fault, Faults, Ts, spoil, thing
from devices.faults import BAD_PAYLOAD, NAMED, WRONG_CLOCK
from devices.wire import encode, stamp
from schemas import KindSpec, kinds

NOW = datetime(2026, 10, 7, 2, 30, tzinfo=UTC)
NOW_NS = int(NOW.timestamp()) * 10**9
KINDS = list(kinds().values())
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
SEEDS = range(12)


def reading(kind: KindSpec, ts: Ts = Ts.EPOCH) -> dict[str, Any]:
    return stamp(thing(kind.name, 1).step(kind.interval), NOW_NS, ts)


def believed(kind: KindSpec, message: bytes) -> bool:
    """Whether the contract lets this payload in."""
    if len(message) > 64 * 1024:
        return False
    try:
        kind.model.model_validate_json(message)
    except ValueError:
        return False
    return True


@every_kind
@pytest.mark.parametrize("fault", BAD_PAYLOAD)
def test_no_bad_payload_is_believed(kind: KindSpec, fault: Fault) -> None:
    payload = reading(kind)
    assert believed(kind, encode(payload))
    for seed in SEEDS:
        messages = spoil(fault, kind, payload, Random(seed))
        assert len(messages) == 1
        assert not believed(kind, messages[0])


THERMOSTAT = kinds()["thermostat"]


def spoiled(fault: Fault, ts: Ts = Ts.EPOCH) -> bytes:
    (message,) = spoil(fault, THERMOSTAT, reading(THERMOSTAT, ts), Random(1))
    return message


def test_a_wrong_type_is_json_with_one_field_changed() -> None:
    before, after = reading(THERMOSTAT), json.loads(spoiled(Fault.WRONG_TYPE))
    (name,) = [name for name in before if before[name] != after[name]]
    assert type(after[name]) is not type(before[name])


def test_out_of_range_keeps_the_type() -> None:
    before, after = reading(THERMOSTAT), json.loads(spoiled(Fault.OUT_OF_RANGE))
    (name,) = [name for name in before if before[name] != after[name]]
    spec = THERMOSTAT.field(name)
    assert spec.choices is not None or after[name] > (spec.maximum or 0)


def test_broken_json_is_utf8_but_not_json() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(spoiled(Fault.BROKEN_JSON).decode())


def test_not_utf8_is_json_in_the_encoding_of_old_korean_programs() -> None:
    with pytest.raises(UnicodeDecodeError):
        spoiled(Fault.NOT_UTF8).decode()
    assert json.loads(spoiled(Fault.NOT_UTF8).decode("euc-kr"))["메모"] == "전시"


def test_too_large_is_more_than_64_kib_of_otherwise_good_json() -> None:
    message = spoiled(Fault.TOO_LARGE)
    assert len(message) > 64 * 1024
    THERMOSTAT.model.model_validate_json(message)


def test_a_missing_field_is_a_required_one() -> None:
    assert "temperature" not in json.loads(spoiled(Fault.MISSING_FIELD))


@pytest.mark.parametrize(
    ("fault", "shift"),
    [(Fault.CLOCK_BEHIND, timedelta(hours=-1)), (Fault.CLOCK_AHEAD, timedelta(hours=1))],
)
def test_a_wrong_clock_is_an_hour_off_and_nothing_else(fault: Fault, shift: timedelta) -> None:
    wrong = NOW + shift
    epoch = json.loads(spoiled(fault))
    text = json.loads(spoiled(fault, Ts.RFC3339))
    assert epoch == {**reading(THERMOSTAT), "ts": int(wrong.timestamp() * 1000)}
    assert datetime.fromisoformat(text["ts"]) == wrong


def test_a_clock_that_was_never_set_is_in_1970() -> None:
    text = json.loads(spoiled(Fault.CLOCK_1970, Ts.RFC3339))
    assert datetime.fromisoformat(text["ts"]).year == 1970
    assert 0 <= json.loads(spoiled(Fault.CLOCK_1970))["ts"] < 3_600_000


@pytest.mark.parametrize("fault", WRONG_CLOCK)
def test_without_ts_there_is_no_clock_to_be_wrong(fault: Fault) -> None:
    payload = reading(THERMOSTAT, Ts.NONE)
    assert spoil(fault, THERMOSTAT, payload, Random(1)) == [encode(payload)]


def test_a_duplicate_is_the_same_bytes_again() -> None:
    payload = reading(THERMOSTAT)
    assert spoil(Fault.DUPLICATE, THERMOSTAT, payload, Random(1)) == [encode(payload)] * 2


def test_a_drop_out_lasts_for_some_readings_and_ends() -> None:
    faults = Faults(THERMOSTAT, [Fault.DROP_OUT], Random(1), share=0.05)
    sent = [bool(faults.messages(reading(THERMOSTAT))) for _ in range(1000)]
    silences = "".join("x" if one else "." for one in sent).split("x")
    assert max(map(len, silences)) >= 6
    assert sent.count(True) > 300


def test_without_faults_a_reading_is_just_itself() -> None:
    faults = Faults(THERMOSTAT, [], Random(1), share=1.0)
    assert faults.messages(reading(THERMOSTAT)) == [encode(reading(THERMOSTAT))]


def test_about_the_asked_share_of_readings_suffers() -> None:
    faults = Faults(THERMOSTAT, BAD_PAYLOAD, Random(1), share=0.2)
    payload = reading(THERMOSTAT)
    good = sum(faults.messages(payload) == [encode(payload)] for _ in range(2000))
    assert good == pytest.approx(1600, abs=80)


def test_faults_are_the_same_for_the_same_seed() -> None:
    one, other = (Faults(THERMOSTAT, list(Fault), Random(9), share=0.5) for _ in range(2))
    payload = reading(THERMOSTAT)
    assert all(one.messages(payload) == other.messages(payload) for _ in range(300))


def test_every_fault_has_a_name() -> None:
    assert {fault for group in NAMED.values() for fault in group} == set(Fault)
