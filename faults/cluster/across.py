"""What passes between the nodes of a broker: answers, retained states, sessions."""

import json
import threading
from typing import NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from faults.cluster.stage import ClusterStage
from harness.wait import DEADLINE, until

ASKED = 30
"""Readings with a Response Topic, and as many to be rejected."""
_BOOTH = "smartlife/v1/across"
_SEEN = 3.0


class Across(NamedTuple):
    """How many answers of `asked` came, and whether a node knows what another was told."""

    asked: int
    receipts: int
    rejections: int
    retained_here: bool
    retained_elsewhere: bool
    session_elsewhere: bool


class _Client:
    """An MQTT 5 client at a node that counts what it gets, by the last level of the topic."""

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
        self.client.connect("127.0.0.1", port, clean_start=False, properties=properties)
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

    def publish(self, topic: str, payload: str, *, retain: bool = False, answer: str = "") -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if answer:
            properties.ResponseTopic = answer
        said = self.client.publish(topic, payload, 1, retain, properties)
        said.wait_for_publish(DEADLINE)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def across(stage: ClusterStage) -> Across:
    """Ask for answers at one node; look at another for what was retained, and for a session."""
    here, elsewhere = stage.nodes[-1], stage.nodes[0]
    device = _Client(here.port, "across", 600)
    topic = f"{_BOOTH}/thermostat/t1"
    device.client.subscribe([(f"{topic}/errors", 1), (f"{topic}/receipts", 1)])
    for _ in range(ASKED):
        device.publish(topic, json.dumps({"temperature": 21.5}), answer=f"{topic}/receipts")
        device.publish(topic, "{}")
    until(lambda: device.got.get("receipts", 0) >= ASKED, lambda: f"receipts come: {device.got}")
    device.publish(f"{topic}/status", "online", retain=True)
    known_here = _retained(here.port, f"{topic}/status")
    known_elsewhere = _retained(elsewhere.port, f"{topic}/status")
    device.close()
    again = _Client(elsewhere.port, "across", 600)
    present = again.present
    again.close()
    got = device.got
    answers = got.get("receipts", 0), got.get("errors", 0)
    return Across(ASKED, *answers, known_here, known_elsewhere, present)


def _retained(port: int, topic: str) -> bool:
    """Whether a node sends what was retained to who subscribes there."""
    client = _Client(port, f"look-{port}")
    client.client.subscribe(topic, 1)
    waited = threading.Event()
    for _ in range(30):
        if client.got or waited.wait(_SEEN / 30):
            break
    client.close()
    return bool(client.got)
