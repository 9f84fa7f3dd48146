"""From a message to its PUBLISH: what no broker takes is refused, and there is no way around."""

import pytest

from harness import ROOT
from hub.errors import BrokerError
from hub.mqtt.outgoing import Outgoing, Terms, publish

HUB = ROOT / "hub"


def test_a_message_beyond_all_limits_of_mqtt_is_refused():
    with pytest.raises(BrokerError, match="larger than the broker takes"):
        publish(Outgoing("a", bytes(1 << 28), 0, False, {}), 0, None, Terms())


def test_a_packet_of_just_the_brokers_maximum_is_sent_and_one_byte_more_is_refused():
    message = Outgoing("a", bytes(100), 0, False, {})
    size = len(publish(message, 0, None, Terms()))
    assert len(publish(message, 0, None, Terms(max_packet_size=size))) == size
    with pytest.raises(BrokerError, match="larger than the broker takes"):
        publish(message, 0, None, Terms(max_packet_size=size - 1))


def test_a_quality_of_service_beyond_the_brokers_is_refused():
    with pytest.raises(BrokerError, match="QoS 1 at most"):
        publish(Outgoing("a", b"", 2, False, {}), 2, 1, Terms(max_qos=1))


def test_a_broker_that_states_no_limits_takes_qos_2_and_retained_messages():
    publish_qos_2_retain = 0x35
    assert publish(Outgoing("a", b"", 2, True, {}), 2, 1, Terms())[0] == publish_qos_2_retain


def test_a_property_that_is_too_long_is_refused():
    with pytest.raises(BrokerError, match="cannot be sent"):
        publish(Outgoing("a", b"", 0, False, {"content_type": "x" * 65_536}), 0, None, Terms())


def test_nothing_else_makes_a_publish():
    makers = [
        path.relative_to(HUB).as_posix()
        for path in HUB.rglob("*.py")
        if "PublishPacket(" in path.read_text(encoding="utf-8")
    ]
    assert makers == ["mqtt/outgoing.py"]
