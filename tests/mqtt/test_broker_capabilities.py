"""What a broker cannot do is named, with the way out."""

import pytest

from hub.mqtt.broker_capabilities import (
    NO_QOS_1,
    NO_SHARED,
    NO_WILDCARDS,
    SESSION_LOST,
    kept_for,
    lacks,
)
from hub.mqtt.codec import ConnAckPacket, QoS
from hub.status import health


def found(connack, *, shared=True, knew_session=False):
    return lacks(connack, shared=shared, session_expiry=3_600, knew_session=knew_session)


def test_a_broker_that_can_do_everything_has_nothing_to_be_said_of():
    assert found(ConnAckPacket(session_present=True), knew_session=True) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shared_subscription_available": False}, NO_SHARED),
        ({"wildcard_subscription_available": False}, NO_WILDCARDS),
        ({"max_qos": QoS.AT_MOST_ONCE}, NO_QOS_1),
        ({"session_expiry_interval": 60}, kept_for(60)),
    ],
)
def test_what_it_cannot_do_is_named(given, said):
    assert found(ConnAckPacket(**given)) == [said]


def test_a_hub_that_is_no_member_of_a_group_needs_no_shared_subscriptions():
    assert found(ConnAckPacket(shared_subscription_available=False), shared=False) == []


def test_a_session_that_the_hub_has_had_and_the_broker_has_not_may_be_at_another_node():
    assert found(ConnAckPacket(), knew_session=True) == [SESSION_LOST]


def test_health_says_it():
    part = health.broker("mqtt://10.0.0.5", None, more=[NO_SHARED])
    assert part.state == "ok"
    assert "no shared subscriptions" in part.message.en
