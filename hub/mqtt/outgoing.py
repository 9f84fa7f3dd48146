"""Encodes a message as PUBLISH, within the broker's limits: the hub sends no other. Pure.

A broker disconnects a client that exceeds them: Mosquitto for a topic of more than 200 levels, also
where the client has no right to publish, and every broker for what its CONNACK excludes
(MQTT-3.2.2-11, -14, -15). So an invalid Response Topic or recorded message is refused here, and
costs one message instead of the connection.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from hub.errors import BrokerError
from hub.mqtt.codec import ConnAckPacket, PublishPacket, QoS
from hub.topics import unfit

_QOS = (QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)
_LARGEST = 268_435_455
"""Bytes that a Remaining Length can say (1.5.5); the codec panics above it."""
_HEADER = 5

_unfit = lru_cache(4_096)(unfit)


class Outgoing(NamedTuple):
    """A message to publish; `properties` are those of MQTT 5, by the codec's names."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: Mapping[str, Any]


class Terms(NamedTuple):
    """The limits of a broker, from its CONNACK."""

    max_packet_size: int = _LARGEST
    max_qos: int = 2
    retain_available: bool = True

    @classmethod
    def of(cls, connack: ConnAckPacket) -> "Terms":
        """Read them from a CONNACK; a property that is absent is no limit."""
        return cls(
            connack.max_packet_size or _LARGEST, int(connack.max_qos), connack.retain_available
        )


def publish(
    message: Outgoing, qos: int, packet_id: int | None, terms: Terms, *, duplicate: bool = False
) -> bytes:
    """Return a message as a PUBLISH; RETAIN is 0 if Retain Available is 0.

    Raises:
        BrokerError: the broker would disconnect the hub for it; the message says why.
    """
    answers_to = message.properties.get("response_topic")
    # The name of a Response Topic is checked as a topic's is, from Mosquitto 2.0.20 on.
    why = _unfit(message.topic) or (answers_to and _unfit(answers_to))
    if why:
        raise BrokerError(why)
    if qos > terms.max_qos:
        raise BrokerError(f"it takes QoS {terms.max_qos} at most")
    if len(message.payload) + _HEADER > terms.max_packet_size:
        raise BrokerError("it is larger than the broker takes")
    try:
        packet = PublishPacket(
            message.topic,
            message.payload,
            qos=_QOS[qos],
            retain=message.retain and terms.retain_available,
            packet_id=packet_id,
            duplicate=duplicate,
            **message.properties,
        ).write()
    except (
        TypeError,
        ValueError,
    ) as exc:  # an unknown property, one that is too long, invalid Unicode
        raise BrokerError(f"it cannot be sent: {exc}") from exc
    if len(packet) > terms.max_packet_size:
        raise BrokerError("it is larger than the broker takes")
    return packet
