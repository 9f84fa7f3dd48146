"""What a message may cost: however it is made, it is looked at only so far."""

import json
import pkgutil
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import hub.dialects
from hub.dialects import memory
from hub.dialects.dialect import READINGS, SHOWN_USES, Heard
from hub.dialects.homeassistant_discovery import read
from hub.dialects.homie import DIALECT as HOMIE
from hub.dialects.memory import Memories
from hub.dialects.parsing.protobuf import FIELDS
from hub.messages import Rejection, Translated
from hub.pipeline.decode import Decoder, Verdict
from hub.pipeline.rejections import MAX_PAYLOAD
from schemas import kinds

NOW = 1_790_000_000_000_000_000


def decoded(own: str, payload: Any, decoder: Decoder | None = None) -> Verdict:
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    decoder = decoder or Decoder("smartlife/v1", kinds())
    return decoder.decode(f"smartlife/v1/b12/{own}", said, NOW)


def test_a_config_names_few_topics_of_availability() -> None:
    words = [{"topic": "a", "payload_available": str(number)} for number in range(64)]
    parts = {f"c{number}": {"p": "sensor", "stat_t": f"s{number}"} for number in range(64)}
    config = read(["device", "x", "config"], {"availability": words, "components": parts})
    assert len(config.availability) == 8


def test_more_readings_than_a_message_may_hold_are_rejected_at_the_first_too_many() -> None:
    found = decoded("senml/x", [{"n": f"d{n}:temperature", "v": 1} for n in range(READINGS + 1)])
    assert isinstance(found, Rejection)
    assert (found.code, found.message.en) == (
        "size",
        "the message holds more than 500 readings; send fewer at a time",
    )


@pytest.mark.parametrize("more", [0, 1])
def test_a_message_may_be_as_large_as_any_reading_and_no_larger(more: int) -> None:
    payload = b'{"temperature":21.5}'.ljust(MAX_PAYLOAD + more)
    found = decoded("zigbee2mqtt/zigbee2mqtt/hall", payload)
    assert isinstance(found, Rejection if more else Translated)
    if isinstance(found, Rejection):
        assert (found.code, found.booth) == ("size", "b12")
        assert found.message.en == "the payload has 65537 bytes, the limit is 65536"


def test_records_beyond_the_most_are_told_and_not_left_out_silently() -> None:
    found = decoded("senml/x", [{"n": "a:temperature", "v": 1}] * 1_025)
    assert isinstance(found, Rejection)
    assert "1025 records, the limit is 1024" in found.message.en


def test_only_so_many_names_of_a_message_are_looked_up() -> None:
    strangers = {f"x{number}": 1 for number in range(1_024)}
    found = decoded("thingsboard/a/v1/devices/me/telemetry", {**strangers, "temperature": 20})
    assert isinstance(found, Translated)
    assert (len(found.readings), len(found.uses)) == (0, SHOWN_USES)


def test_only_so_many_fields_of_a_binary_message_are_read() -> None:
    found = decoded("sparkplug/spBv1.0/g/NBIRTH/n", b"\x08\x00" * (FIELDS + 1))
    assert isinstance(found, Rejection)
    assert "more than 8192 fields" in found.message.en


def test_a_long_name_is_cut_where_it_is_shown() -> None:
    said = {"d" * 1_000: {"temperature": 20, "y" * 1_000: 1}}
    found = decoded("thingsboard/v1/gateway/telemetry", said)
    assert isinstance(found, Translated)
    source = found.readings[0].remarks.source
    assert source is not None
    assert len(source.name) == 128
    assert max(len(use.place) for use in found.uses) == 128


def test_of_the_children_of_a_lost_device_only_so_many_are_told() -> None:
    memory = Memories().of("b12", "homie")
    for number in range(READINGS + 100):
        memory.set(f"d/x{number}", {"p": {}, "r": "root"})
    state = HOMIE.topics["homie/5/{device}/$state"]
    topic, zone = "homie/5/root/$state", ZoneInfo("UTC")
    told = state(Heard(topic, {"device": "root"}, b"lost", False, NOW, zone), memory)
    assert len(told.presences) == READINGS


def test_what_was_retained_makes_no_later_reading_one_of_the_same_time() -> None:
    decoder = Decoder("smartlife/v1", kinds())
    own = "owntracks/kim/phone"
    said = {"_type": "location", "lat": 37, "lon": 127, "tst": NOW // 10**9}
    payload = json.dumps(said).encode()
    decoder.decode(f"smartlife/v1/b12/{own}", payload, NOW, retain=True)
    found = decoded(own, said, decoder)
    assert isinstance(found, Translated)
    assert [reading.remarks.merged for reading in found.readings] == [False]


def test_a_message_of_too_many_metrics_is_told_and_not_read_in_part() -> None:
    found = decoded("sparkplug/spBv1.0/g/NBIRTH/n", b"\x12\x00" * 1_025)
    assert isinstance(found, Rejection)
    assert "more than 1024 metrics" in found.message.en


def test_a_bridge_that_is_gone_tells_of_so_many_devices_behind_it_the_newest() -> None:
    decoder = Decoder("smartlife/v1", kinds())
    for number in range(READINGS + 1):
        decoded(f"zigbee2mqtt/x{number}", {"temperature": 20}, decoder)
    found = decoded("zigbee2mqtt/bridge/state", b"offline", decoder)
    assert isinstance(found, Translated)
    assert len(found.statuses) == READINGS
    assert found.statuses[-1].address.device == f"x{READINGS}"


def test_no_dialect_raises_an_error_that_it_keeps():
    """Raised again, an error holds the traceback of each time, and so each payload."""
    for found in pkgutil.walk_packages(hub.dialects.__path__, "hub.dialects."):
        module = import_module(found.name)
        kept = [name for name, value in vars(module).items() if isinstance(value, BaseException)]
        assert kept == [], module.__name__


UNTIMED = [{"temperature": number % 50} for number in range(300)]
UNBELIEVED = [{"ts": 1_000 + number, "values": said} for number, said in enumerate(UNTIMED)]


@pytest.mark.parametrize("entries", [UNTIMED, UNBELIEVED], ids=["untimed", "unbelieved"])
def test_readings_without_a_time_of_their_own_have_one_each(entries: list[Any]) -> None:
    own, decoder = "thingsboard/a/v1/devices/me/telemetry", Decoder("smartlife/v1", kinds())
    found = decoded(own, entries, decoder)
    then = decoder.decode(f"smartlife/v1/b12/{own}", b'{"temperature": 1}', NOW + 100)
    assert isinstance(found, Translated)
    assert isinstance(then, Translated)
    times = [reading.ts for reading in (*found.readings, *then.readings)]
    assert len(times) == len(set(times)) == 301
    assert times == sorted(times)
    assert times[-1] - NOW < 1_000


def test_after_the_clock_was_set_back_a_reading_has_the_time_of_its_arrival() -> None:
    decoder = Decoder("smartlife/v1", kinds())
    own = "smartlife/v1/b12/goe/go-eCharger/1/car"
    decoder.decode(own, b"2", NOW)
    found = decoder.decode(own, b"2", NOW - 3_600 * 10**9)
    assert isinstance(found, Translated)
    assert found.readings[0].ts == NOW - 3_600 * 10**9


def test_a_device_whose_kinds_were_forgotten_is_known_again_by_its_next_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "EACH", 2)
    decoder = Decoder("smartlife/v1", kinds())
    decoded("zigbee2mqtt/lamp", {"brightness": 9}, decoder)
    for name in "ab":
        decoded(f"zigbee2mqtt/{name}", {"brightness": 9}, decoder)

    def gone() -> list[str]:
        found = decoded("zigbee2mqtt/lamp/availability", b"offline", decoder)
        assert isinstance(found, Translated)
        return [status.address.device for status in found.statuses]

    assert gone() == []
    decoded("zigbee2mqtt/lamp", {"brightness": 9}, decoder)
    assert gone() == ["lamp"]


def test_what_openwb_repeats_counts_again_when_it_is_no_longer_sent_by_itself() -> None:
    decoder = Decoder("smartlife/v1", kinds())

    def readings(own: str, minutes: int) -> int:
        at = NOW + minutes * 60 * 10**9
        found = decoder.decode(f"smartlife/v1/b12/openwb/openWB/{own}", b"7150", at)
        assert isinstance(found, Translated)
        return len(found.readings)

    assert readings("chargepoint/4/get/power", 0) == 1
    assert readings("simpleAPI/chargepoint/4/power", 5) == 0
    assert readings("simpleAPI/chargepoint/3/power", 5) == 1
    assert readings("simpleAPI/chargepoint/4/power", 11) == 1
