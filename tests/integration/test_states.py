"""What the broker keeps, and what devices and the broker say about a device's state."""

import json
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import paho.mqtt.publish
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.ports import free_port
from harness.process import Process
from harness.wait import DEADLINE, until


def _publish(
    broker: Mosquitto, topic: str, payload: str, *, retain: bool = False, qos: int = 1
) -> None:
    paho.mqtt.publish.single(
        topic, payload, qos, retain, hostname="127.0.0.1", port=broker.port, client_id="device"
    )


def _state(hub: Hub, booth: str) -> str | None:
    device = hub.device(booth, "thermostat", "t1")
    return None if device is None else str(device["state"])


def test_a_retained_reading_is_not_stored_again_when_the_hub_restarts(
    mosquitto: Mosquitto, hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    _publish(mosquitto, topic, '{"temperature": 20}', retain=True)
    until(lambda: hub.readings("thermostat", booth=booth), "the reading is stored once")
    for _ in range(2):
        before = hub.accounts()["ignored"]
        assert hub.stop() == 0
        hub.start()
        hub.wait_for("ignored", before + 1)  # what is retained came again
    _publish(mosquitto, topic, '{"temperature": 21}')
    until(lambda: hub.accounts()["stored"] == 2, "the next reading is stored")
    values = [row["fields"]["temperature"] for row in hub.readings("thermostat", booth=booth)]
    assert values == [20, 21]


def test_a_retained_reading_does_not_make_a_device_live(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    _publish(mosquitto, topic, '{"temperature": 20}', retain=True)
    hub = make_hub(mosquitto.url).start()
    until(lambda: hub.accounts()["ignored"] == 1, "the retained reading came")
    assert hub.device(booth, "thermostat", "t1") is None
    assert hub.readings("thermostat", booth=booth) == []


def test_a_retained_status_is_taken_when_the_hub_starts(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t1/status", "online", retain=True)
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t2/status", "offline", retain=True)
    hub = make_hub(mosquitto.url).start()
    until(lambda: hub.device(booth, "thermostat", "t1"), "t1 is known")
    until(lambda: hub.device(booth, "thermostat", "t2"), "t2 is known")
    states = [item["state"] for item in hub.get("/api/devices", booth=booth)]
    assert states == ["offline"] * 2, "retained, online is no sign of life"
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t1", '{"temperature": 20}')
    until(lambda: _state(hub, booth) == "live", "t1 is live")


def test_a_device_that_died_before_a_restart_is_no_ghost(
    mosquitto: Mosquitto, hub: Hub, booth: str
):
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t1/status", "online", retain=True)
    until(lambda: _state(hub, booth) == "live", "t1 is live")
    hub.stop(signal.SIGKILL)
    hub.start()
    until(lambda: _state(hub, booth) == "offline", "t1 is known, and not live")


def test_a_status_sent_while_the_hub_was_cut_off_is_read_after_it(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    with Cuttable(mosquitto.port) as link:
        hub = make_hub(link.url).start()
        _publish(mosquitto, topic, '{"temperature": 20}')
        until(lambda: _state(hub, booth) == "live", "t1 is live")
        link.lead_to(free_port())
        link.reset()
        until(lambda: not hub.well(), "the hub is cut off")
        _publish(mosquitto, f"{topic}/status", "offline", retain=True)  # its Last Will is queued
        _publish(mosquitto, f"{topic}/status", "online", retain=True, qos=0)  # what follows is not
        link.lead_to(mosquitto.port)
        until(lambda: hub.accounts()["ignored"] >= 2, "both are read")
        until(lambda: _state(hub, booth) == "live", "t1 is live, for it was heard of just now")


def test_a_filter_left_over_by_a_crash_makes_no_status_count_twice(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    hub = make_hub(mosquitto.url).start()
    hub.stop(signal.SIGKILL)
    left = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id="smartlife-hub", protocol=mqtt.MQTTv5
    )
    kept = Properties(PacketTypes.CONNECT)
    kept.SessionExpiryInterval = 3_600
    subscribed = threading.Event()

    def on_connect(*_: object) -> None:
        left.subscribe("smartlife/v1/+/+/+/status", qos=1)

    left.on_connect = on_connect
    left.on_subscribe = lambda *_: subscribed.set()
    left.connect("127.0.0.1", mosquitto.port, clean_start=False, properties=kept)
    left.loop_start()
    assert subscribed.wait(DEADLINE)
    left.disconnect()
    left.loop_stop()
    hub.start()
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t1/status", "online")
    _publish(mosquitto, f"smartlife/v1/{booth}/thermostat/t1", '{"temperature": 20}')
    hub.wait_for("accepted", 1)
    assert hub.accounts()["ignored"] == 1


_DEVICE = """
import sys
import paho.mqtt.client as mqtt

port, topic = sys.argv[1:]
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="with-a-will")
client.will_set(topic + "/status", "offline", qos=1, retain=True)
client.connect("127.0.0.1", int(port))
client.publish(topic + "/status", "online", qos=1, retain=True)
client.publish(topic, '{"temperature": 20}', qos=1)
client.loop_forever()
"""


def test_a_device_that_dies_is_offline_and_live_again_when_it_comes_back(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str, tmp_path: Path
):
    script = tmp_path / "device.py"
    script.write_text(_DEVICE)
    device = Process(tmp_path / "device.log")
    arguments = [str(standing_mosquitto.port), f"smartlife/v1/{booth}/thermostat/t1"]
    try:
        for _ in range(2):
            device.launch([sys.executable, str(script), *arguments])
            until(lambda: _state(standing_hub, booth) == "live", "the device is live")
            device.kill()
            until(lambda: _state(standing_hub, booth) == "offline", "its Last Will says offline")
    finally:
        device.kill()
    changes = until(
        lambda: len(found := standing_hub.readings("device_state", booth=booth)) >= 4 and found,
        "the changes are stored",
    )
    states = [row["fields"]["state"] for row in changes]
    assert states == ["live", "offline", "live", "offline"]


def test_a_device_that_sends_before_it_says_online_is_live(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    _publish(
        standing_mosquitto, f"smartlife/v1/{booth}/thermostat/t1/status", "offline", retain=True
    )
    until(lambda: _state(standing_hub, booth) == "offline", "t1 is offline")
    _publish(standing_mosquitto, f"smartlife/v1/{booth}/thermostat/t1", '{"temperature": 20}')
    until(lambda: _state(standing_hub, booth) == "live", "a reading is a sign of life")


def test_a_status_that_is_no_status_is_answered(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1/status"
    _publish(standing_mosquitto, topic, json.dumps({"online": True}))
    (rejection,) = until(lambda: standing_hub.get("/api/rejections", booth=booth), "it is rejected")
    assert rejection["code"] == "schema"
    assert rejection["topic"] == topic


def test_a_state_cleared_at_the_broker_is_no_fault(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    _publish(standing_mosquitto, f"{topic}/status", "online", retain=True)
    until(lambda: _state(standing_hub, booth) == "live", "t1 is live")
    _publish(standing_mosquitto, f"{topic}/status", "", retain=True)
    _publish(standing_mosquitto, topic, '{"temperature": 20}')
    until(lambda: standing_hub.readings("thermostat", booth=booth), "what came after is stored")
    assert standing_hub.get("/api/rejections", booth=booth) == []
    assert _state(standing_hub, booth) == "live"
