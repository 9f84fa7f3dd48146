"""An edge node of Eclipse Tahu's library, from Mosquitto to the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns
from typing import Any

import paho.mqtt.client as mqtt
from tahutils import MetricDataType, SpbModel, SpbTopic
from tahutils.tahu import sparkplug_b

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from hub.dialects.mapping.names import device_id

OVEN = {"Temperature": MetricDataType.Float, "Relative Humidity": MetricDataType.Float}
DEVICE = device_id("plant/press/oven")


class EdgeNode:
    """A node with an oven behind it; its will is its death."""

    def __init__(self, mosquitto: Mosquitto, booth: str) -> None:
        root = f"smartlife/v1/{booth}/sparkplug/spBv1.0"
        self._node = SpbModel({"Power/Active Power": MetricDataType.Double}, use_aliases=True)
        self._oven = SpbModel(OVEN, use_aliases=True, is_device=True)
        self._at = SpbTopic("plant", "press", namespace=root)
        self._time = time_ns() // 10**6 - 1_000
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.will_set(self._at.ndeath, self._node.getDeathPayload(), qos=1)
        self._client.connect("127.0.0.1", mosquitto.port)
        self._connection = self._client.socket()
        self._client.loop_start()

    def be_born(self, temperature: float, humidity: float) -> None:
        power = {"Power/Active Power": 1_250.5}
        self._say(self._at.nbirth, self._node.getBirthPayload(power, timestamp_override=self._time))
        oven = {"Temperature": temperature, "Relative Humidity": humidity}
        at = self._at.construct_device_topic("oven")
        self._say(at.dbirth, self._oven.getBirthPayload(oven, timestamp_override=self._time))

    def measure(self, name: str, value: float) -> None:
        """Publish a metric as Sparkplug 3.0 has it: by its alias alone."""
        payload: Any = sparkplug_b.getDdataPayload()
        alias = self._oven.metricToAlias(name)
        self._time += 10  # two readings of one time would be merged
        sparkplug_b.addMetric(payload, None, alias, OVEN[name], value, self._time)
        self._say(self._at.construct_device_topic("oven").ddata, payload.SerializeToString())

    def _say(self, topic: str, payload: bytes) -> None:
        # QoS 1 instead of the 0 of the specification: what is counted below must arrive.
        self._client.publish(topic, bytes(payload), qos=1).wait_for_publish(30)

    def die(self) -> None:
        """Lose the connection without a word."""
        self._client.loop_stop()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


@contextmanager
def edge_node(mosquitto: Mosquitto, booth: str) -> Iterator[EdgeNode]:
    node = EdgeNode(mosquitto, booth)
    try:
        yield node
    finally:
        node.die()


def fields(hub: Hub, kind: str, booth: str) -> list[dict[str, Any]]:
    return [item["fields"] for item in hub.readings(kind, booth=booth)]


def test_births_outlive_a_kill_9_of_the_hub(mosquitto: Mosquitto, hub: Hub, booth: str):
    with edge_node(mosquitto, booth) as node:
        node.be_born(21.5, 41.25)
        node.measure("Temperature", 22.5)
        hub.wait_for("stored", 3)
        hub.kill()
        node.measure("Temperature", 23.5)
        hub.start()
        node.measure("Relative Humidity", 42.75)
        hub.wait_for("stored", 5)
    assert fields(hub, "power_meter", booth) == [{"power": 1250.5}]
    found = fields(hub, "climate_sensor", booth)
    assert [item.get("temperature") for item in found] == [21.5, 22.5, 23.5, None]
    assert [item.get("humidity") for item in found] == [41.25, None, None, 42.75]
    assert hub.accounts()["rejected"] == 0


def test_the_death_of_a_node_is_that_of_its_devices(mosquitto: Mosquitto, hub: Hub, booth: str):
    def state() -> str:
        found = hub.device(booth, "climate_sensor", DEVICE)
        return found["state"] if found else ""

    with edge_node(mosquitto, booth) as node:
        node.be_born(21.5, 41.25)
        until(lambda: state() == "live", "the oven is live")
        node.die()
        until(lambda: state() == "offline", "the oven is offline")


def test_data_before_its_birth_says_what_to_do(mosquitto: Mosquitto, hub: Hub, booth: str):
    with edge_node(mosquitto, booth) as node:
        node.measure("Temperature", 22.5)
        hub.wait_for("rejected", 1)
    [found] = hub.get("/api/rejections", booth=booth)
    assert "send it Node Control/Rebirth" in found["message"]
