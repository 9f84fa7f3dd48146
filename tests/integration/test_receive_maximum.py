"""How many messages Mosquitto sends before it has a PUBACK: what redelivery rests on."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import mqtt5
import paho.mqtt.publish

from harness.mosquitto import Mosquitto, keeps_to_receive_maximum
from harness.wait import DEADLINE

ASKED = 10


def _packets(connection: socket.socket) -> Iterator[mqtt5.Packet]:
    rest = b""
    while True:
        try:
            packet, size = mqtt5.read(memoryview(rest))
            rest = rest[size:]
            yield packet
        except IndexError:
            rest += connection.recv(65_536)


def _connected(broker: Mosquitto) -> tuple[socket.socket, Iterator[mqtt5.Packet]]:
    connection = socket.create_connection(("127.0.0.1", broker.port), DEADLINE)
    packet = mqtt5.ConnectPacket(
        "reader", clean_start=False, session_expiry_interval=600, receive_max=ASKED
    )
    connection.sendall(packet.write())
    packets = _packets(connection)
    assert isinstance(next(packets), mqtt5.ConnAckPacket)
    return connection, packets


def test_it_keeps_to_receive_maximum_from_2_0_13_on(each_mosquitto: Mosquitto):
    connection, packets = _connected(each_mosquitto)
    with closing(connection):
        wanted = mqtt5.TopicFilter("t", max_qos=mqtt5.QoS.AT_LEAST_ONCE)
        connection.sendall(mqtt5.SubscribePacket(1, [wanted]).write())
        assert isinstance(next(packets), mqtt5.SubAckPacket)
    messages: list[Any] = [{"topic": "t", "payload": json.dumps(n), "qos": 1} for n in range(100)]
    paho.mqtt.publish.multiple(messages, hostname="127.0.0.1", port=each_mosquitto.port)
    connection, packets = _connected(each_mosquitto)
    with closing(connection):
        unacknowledged = 0
        for _ in range(ASKED):  # each PUBACK allows one more, but 2.0.11 sends a whole window
            packet = next(packets)
            assert isinstance(packet, mqtt5.PublishPacket)
            assert packet.packet_id is not None
            unacknowledged += 1
        connection.sendall(mqtt5.PubAckPacket(1).write())
        connection.sendall(mqtt5.PingReqPacket().write())
        for packet in packets:
            if isinstance(packet, mqtt5.PingRespPacket):
                break
            unacknowledged += 1
        kept = unacknowledged - 1 <= ASKED
    assert kept == keeps_to_receive_maximum(each_mosquitto.version)
