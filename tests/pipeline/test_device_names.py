"""Names of devices: a sketch with a new one at every start makes no series without end."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.messages import Code, Reading, Rejection, Translated
from hub.pipeline import device_names
from hub.pipeline.decode import Decoder
from hub.pipeline.device_names import DeviceNames
from hub.testing.hub import HeldHub, held_hub
from hub.topics import Address
from schemas import kinds

ROOT = "smartlife/v1"
GOOD = b'{"temperature": 21.5}'


def _names(count: int, booth: str = "b12") -> list[Address]:
    return [Address(booth, "thermostat", f"client-{number}") for number in range(count)]


def test_a_booth_has_so_many_names_and_then_no_more():
    names = DeviceNames(3)
    assert [names.admit(address) for address in _names(5)] == [True, True, True, False, False]
    assert all(names.admit(address) for address in _names(3))
    assert names.admit(Address("b13", "thermostat", "t1"))
    assert names.pop_unsaved() == [*_names(3), Address("b13", "thermostat", "t1")]
    assert names.pop_unsaved() == []


def test_without_a_limit_a_booth_may_have_any_number_of_names():
    assert all(map(DeviceNames().admit, _names(100)))


def test_a_planned_device_always_passes_and_does_not_count():
    names = DeviceNames(1)
    names.plan([Address("b12", "thermostat", "t1")])
    names.admit(Address("b12", "thermostat", "stray"))
    assert names.admit(Address("b12", "thermostat", "t1"))
    assert not names.admit(Address("b12", "thermostat", "t2"))


def test_names_of_an_earlier_run_are_known_and_not_saved_again():
    names = DeviceNames(2, _names(2))
    assert all(names.admit(address) for address in _names(2))
    assert not names.admit(Address("b12", "thermostat", "t1"))
    assert names.pop_unsaved() == []


def test_a_booth_that_comes_late_still_gets_its_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device_names, "ALL", 10)
    monkeypatch.setattr(device_names, "SURE", 2)
    names = DeviceNames(8, [*_names(8, "b1"), *_names(2, "b2")])
    assert [names.admit(address) for address in _names(3, "b3")] == [True, True, False]


def test_booths_that_nobody_knows_share_one_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device_names, "BOOTHS", 2)
    names = DeviceNames(2)
    admitted = [names.admit(Address(f"b{number}", "thermostat", "t1")) for number in range(6)]
    assert admitted == [True, True, True, True, False, False]


def test_what_is_above_it_is_rejected_and_the_message_says_the_way_out():
    decoder = Decoder(ROOT, kinds(), names=DeviceNames(2, _names(2)))
    verdict = decoder.decode(f"{ROOT}/b12/thermostat/client-99", GOOD, 1)
    assert isinstance(verdict, Rejection)
    assert verdict.code is Code.TOPIC
    assert "client-99" in verdict.message.en
    assert "HUB_QUOTA_DEVICES, 2" in verdict.message.en
    assert "one name that stays" in verdict.message.en
    assert "바뀌지 않는 이름" in verdict.message.ko
    assert isinstance(decoder.decode(f"{ROOT}/b12/thermostat/client-1", GOOD, 2), Reading)


def test_a_retained_status_of_a_surplus_name_is_no_rejection_at_every_connection():
    decoder = Decoder(ROOT, kinds(), names=DeviceNames(2, _names(2)))
    topic = f"{ROOT}/b12/thermostat/client-99/status"
    assert decoder.decode(topic, b"online", 1, retain=True) is None
    assert isinstance(decoder.decode(topic, b"online", 1), Rejection)


def test_a_device_of_a_dialect_counts_in_the_same_way():
    decoder = Decoder(ROOT, kinds(), names=DeviceNames(1))

    def sent(device: str) -> Any:
        payload = json.dumps([{"bn": device, "n": "temperature", "u": "Cel", "v": 21.5}]).encode()
        return decoder.decode(f"{ROOT}/b12/senml/{device}", payload, 1)

    assert isinstance(sent("s1"), Translated)
    assert isinstance(sent("s1"), Translated)
    surplus = sent("s2")
    assert isinstance(surplus, Rejection)
    assert surplus.code is Code.TOPIC
    assert surplus.address is not None
    assert surplus.address.device == "s2"


def _send(hub: HeldHub, count: int) -> None:
    for number in range(count):
        hub.publish(f"b12/thermostat/client-{number}", GOOD)


def test_a_sketch_with_ever_new_names_makes_no_more_series_and_the_accounts_balance(tmp_path: Path):
    with held_hub(tmp_path, quota_devices=5) as hub:
        _send(hub, 20)
        rows = hub.readings("thermostat")
        assert {row.tags["device"] for row in rows} == {f"client-{n}" for n in range(5)}
        assert {item["device"] for item in hub.devices()} == {f"client-{n}" for n in range(5)}
        assert "client-7" not in hub.stored()
        accounts = hub.accounts
        assert (accounts.received, accounts.accepted, accounts.rejected) == (20, 5, 15)
        assert {item["code"] for item in hub.rejections()} == {"topic"}


def test_the_names_are_known_after_a_restart(tmp_path: Path):
    with held_hub(tmp_path, quota_devices=5) as hub:
        _send(hub, 5)
    with held_hub(tmp_path, quota_devices=5) as hub:
        hub.publish("b12/thermostat/client-100", GOOD)
        hub.publish("b12/thermostat/client-4", GOOD)
        assert (hub.accounts.accepted, hub.accounts.rejected) == (6, 1)
