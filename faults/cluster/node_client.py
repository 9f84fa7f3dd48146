"""An MQTT 5 client at a node of the broker, as a device is one."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from harness.wait import DEADLINE


class NodeClient:
    """Counts what it gets, by the last level of the topic.

    `expiry` is that of its session in seconds; with 0 it begins with a clean one, and none is left.
    `present` tells whether the node had its session.
    """

    def __init__(self, port: int, name: str, expiry: int = 0) -> None:
        self.got: dict[str, int] = {}
        self.present = False
        self._ready = threading.Event()
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5
        )
        self.client.on_message = self._count
        self.client.on_connect = self._connected
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = expiry
        self.client.connect("127.0.0.1", port, clean_start=not expiry, properties=properties)
        self.client.loop_start()
        assert self._ready.wait(DEADLINE), "a node answers"

    def _connected(
        self, _: object, __: object, flags: mqtt.ConnectFlags, ___: ReasonCode, ____: object
    ) -> None:
        self.present = flags.session_present
        self._ready.set()

    def _count(self, _: object, __: object, message: mqtt.MQTTMessage) -> None:
        leaf = message.topic.rpartition("/")[2]
        self.got[leaf] = self.got.get(leaf, 0) + 1

    def send(
        self, topic: str, payload: str, *, retain: bool = False, answer: str = ""
    ) -> mqtt.MQTTMessageInfo:
        """Publish with QoS 1, and wait for nothing; `answer` is a Response Topic."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if answer:
            properties.ResponseTopic = answer
        return self.client.publish(topic, payload, 1, retain, properties)

    def publish(self, topic: str, payload: str, *, retain: bool = False, answer: str = "") -> None:
        """Publish with QoS 1, and wait for the PUBACK."""
        said = self.send(topic, payload, retain=retain, answer=answer)
        said.wait_for_publish(DEADLINE)

    def close(self) -> None:
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()
