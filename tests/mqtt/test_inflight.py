"""What is not answered yet: sent again in its order and under its identifier, if it must be."""

import asyncio

import pytest
from mqtt5 import (
    PubAckPacket,
    PubAckReasonCode,
    PubCompPacket,
    PubRecPacket,
    PubRecReasonCode,
    read,
)

from harness.wait import DEADLINE
from hub.mqtt.connecting import Broker
from hub.mqtt.inflight import InFlight
from hub.mqtt.outgoing import Outgoing, Terms
from hub.mqtt.publisher import Publisher
from hub.settings.values import BrokerAddress


def message(number, qos=1):
    return Outgoing(f"t/{number}", b"%d" % number, qos, False, {})


def packets(parts):
    return [read(memoryview(part))[0] for part in parts]


def sent(state, *, present=True):
    """What is sent first on a new connection: releases as their identifiers, else the messages."""
    return [
        (packet.topic, packet.packet_id, packet.duplicate)
        if hasattr(packet, "topic")
        else packet.packet_id
        for packet in packets(state.resend(present=present))
    ]


@pytest.fixture
def state():
    """Five messages of QoS 2: the first done, the second and third taken on by the broker."""
    state = InFlight()
    for number in range(1, 6):
        state.add(message(number), 2)
    state.on_answers([PubRecPacket(1), PubRecPacket(2), PubRecPacket(3), PubCompPacket(1)])
    return state


def test_what_is_answered_is_done_with(state):
    assert len(state) == 4
    assert state.answered == 1
    state.on_answers([PubCompPacket(2), PubCompPacket(2), PubCompPacket(9)])
    assert (len(state), state.answered) == (3, 2)


def test_what_a_new_broker_does_not_take_is_refused_and_not_sent_again(state):
    state.terms = Terms(max_qos=1)
    assert sent(state) == [2, 3]
    assert state.refused == {"it takes QoS 1 at most": 2}
    assert len(state) == 2


def test_a_message_taken_on_is_released_and_again_if_the_broker_asks_again(state):
    assert state.on_answers([PubRecPacket(4)]) == b"\x62\x02\x00\x04"
    assert state.on_answers([PubRecPacket(4)]) == b"\x62\x02\x00\x04"
    assert len(state) == 4


def test_in_a_kept_session_everything_goes_on_where_it_was(state):
    assert sent(state) == [2, 3, ("t/4", 4, True), ("t/5", 5, True)]
    assert state.in_doubt == 0


def test_in_a_lost_session_nothing_that_was_taken_on_is_sent_twice(state):
    assert sent(state, present=False) == [("t/4", 4, False), ("t/5", 5, False)]
    assert (state.in_doubt, len(state)) == (2, 2)


def test_a_refusal_is_counted_by_its_reason():
    state = InFlight()
    state.add(message(1), 1)
    state.add(message(2), 2)
    refused = PubRecPacket(2, reason_code=PubRecReasonCode.NOT_AUTHORIZED)
    assert (
        state.on_answers([PubAckPacket(1, reason_code=PubAckReasonCode.NOT_AUTHORIZED), refused])
        == b""
    )
    ((reason, count),) = state.refused.items()
    assert "no right" in reason
    assert (count, len(state), state.answered) == (2, 0, 0)


def test_identifiers_come_round_and_none_is_given_twice():
    state = InFlight()
    state.add(message(0), 1)
    for number in range(1, 65_535):
        state.add(message(number), 1)
        state.on_answers([PubAckPacket(number + 1)])
    assert packets([state.add(message(1), 1)])[0].packet_id == 2, "1 is still on its way"


async def test_what_asks_for_no_answer_is_settled_once_it_is_written(broker):
    publisher = Publisher(Broker(BrokerAddress(broker.host, broker.port_v5), "settles"))
    await publisher.open()
    try:
        assert publisher.offer(message(1, qos=0))
        async with asyncio.timeout(DEADLINE):
            await publisher.settled()
    finally:
        await publisher.close()
