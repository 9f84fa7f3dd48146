"""What the Will of a gateway or a bridge says of the devices behind it."""

import json
from typing import Any

import pytest

from hub.messages import Translated
from hub.pipeline.decode import Decoder, Verdict
from schemas import kinds

NOW = 1_790_000_000_000_000_000
BLUETOOTH = {"tempc": 21}
RUUVI = {"temperature": 21}


class Booth:
    """A booth's decoder, which is told messages by their own topics."""

    def __init__(self) -> None:
        self.decoder = Decoder("smartlife/v1", kinds())

    def say(self, own: str, payload: Any, at: int = NOW) -> Verdict:
        said = payload if isinstance(payload, str) else json.dumps(payload)
        return self.decoder.decode(f"smartlife/v1/b12/{own}", said.encode(), at)

    def gone(self, own: str, payload: Any = "offline") -> list[str]:
        found = self.say(own, payload)
        assert isinstance(found, Translated)
        assert all(not status.online for status in found.statuses)
        return [status.address.device for status in found.statuses]


@pytest.fixture
def booth() -> Booth:
    return Booth()


def test_only_what_a_gateway_hears_is_gone_with_it(booth: Booth):
    booth.say("openmqttgateway/home/up/BTtoMQTT/A1", BLUETOOTH)
    booth.say("openmqttgateway/home/down/BTtoMQTT/B2", BLUETOOTH)
    assert booth.gone("openmqttgateway/home/up/LWT") == ["A1"]
    assert booth.gone("openmqttgateway/home/down/LWT") == ["B2"]


def test_what_two_gateways_hear_is_gone_with_the_second(booth: Booth):
    for gateway in ("up", "down"):
        booth.say(f"openmqttgateway/home/{gateway}/BTtoMQTT/A1", BLUETOOTH)
    assert booth.gone("openmqttgateway/home/up/LWT") == []
    assert booth.gone("openmqttgateway/home/down/LWT") == ["A1"]


def test_a_gateway_that_is_back_counts_again(booth: Booth):
    for gateway in ("up", "down"):
        booth.say(f"openmqttgateway/home/{gateway}/BTtoMQTT/A1", BLUETOOTH)
    booth.gone("openmqttgateway/home/up/LWT")
    booth.say("openmqttgateway/home/up/LWT", "online")
    assert booth.gone("openmqttgateway/home/down/LWT") == []


def test_a_ruuvi_gateway_takes_only_its_own_sensors_with_it(booth: Booth):
    booth.say("ruuvi/AA/01", RUUVI)
    booth.say("ruuvi/BB/02", RUUVI)
    assert booth.gone("ruuvi/AA/gw_status", {"state": "offline"}) == ["01"]


def test_an_evcc_takes_only_what_stands_below_its_own_topic_with_it(booth: Booth):
    booth.say("evcc/evcc/loadpoints/1/chargePower", "1")
    booth.say("evcc/loadpoints/2/chargePower", "1")
    assert booth.gone("evcc/evcc/status") == ["loadpoint-1"]


def test_a_zigbee_bridge_leaves_what_is_below_another_s_base_topic(booth: Booth):
    booth.say("zigbee2mqtt/up/bridge/state", "online")
    booth.say("zigbee2mqtt/up/lamp", {"brightness": 9})
    booth.say("zigbee2mqtt/zigbee2mqtt/lamp", {"brightness": 9})
    booth.say("zigbee2mqtt/zigbee2mqtt/hall/lamp", {"brightness": 9})
    names = booth.gone("zigbee2mqtt/zigbee2mqtt/bridge/state")
    assert (len(names), names[0]) == (2, "lamp")
