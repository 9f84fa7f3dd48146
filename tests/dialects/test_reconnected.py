"""A hub that lost its connection reads again what is retained: states, and no reading twice."""

from collections.abc import Callable
from typing import Any

import paho.mqtt.publish

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.ports import free_port
from harness.wait import until

RETAINED = {
    "tasmota/tele/plug1/LWT": "Online",
    "tasmota/tele/plug1/SENSOR": '{"ENERGY":{"Power":12}}',
    "shelly/plug2/online": "true",
    "shelly/plug2/status/switch:0": '{"id":0,"output":true}',
    "evcc/evcc/status": "online",
    "evcc/evcc/loadpoints/1/connected": "true",
    "evcc/evcc/loadpoints/1/charging": "true",
    "vda5050/uagv/v2/ACME/7/connection": '{"connectionState":"ONLINE"}',
    "vda5050/uagv/v2/ACME/7/state": '{"driving":true,"agvPosition":{"x":1.0,"y":2.0}}',
    "zigbee2mqtt/zigbee2mqtt/bridge/state": '{"state":"online"}',
    "zigbee2mqtt/zigbee2mqtt/lamp": '{"state":"ON","brightness":127}',
}


def say(broker: Mosquitto, booth: str, said: dict[str, str], qos: int = 1) -> None:
    messages: list[Any] = [
        {"topic": f"smartlife/v1/{booth}/{own}", "payload": payload, "qos": qos, "retain": True}
        for own, payload in said.items()
    ]
    paho.mqtt.publish.multiple(messages, hostname="127.0.0.1", port=broker.port)


def offline(hub: Hub, booth: str) -> list[str]:
    found = hub.get("/api/devices", booth=booth)
    return [item["device"] for item in found if item["state"] == "offline"]


def test_a_state_that_was_lost_is_known_and_nothing_counts_twice_or_changes(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    with Cuttable(mosquitto.port) as network:
        hub = make_hub(network.url).start()
        say(mosquitto, booth, RETAINED)
        hub.wait_for("received", len(RETAINED))
        until(lambda: not hub.accounts()["waiting"], "all of it is stored")
        before, known = hub.accounts(), hub.get("/api/devices", booth=booth)
        assert {item["state"] for item in known} == {"live"}
        network.lead_to(free_port())
        network.reset()
        until(lambda: not hub.well(), "the hub notices")
        say(mosquitto, booth, {"tasmota/tele/plug1/LWT": "Offline"}, qos=0)  # nothing queues it
        network.lead_to(mosquitto.port)
        until(lambda: offline(hub, booth) == ["plug1"], lambda: f"offline: {offline(hub, booth)}")
        hub.wait_for("received", 2 * len(RETAINED))
    after = hub.accounts()
    assert {name: after[name] - before[name] for name in ("accepted", "readings", "stored")} == {
        "accepted": 0,
        "readings": 0,
        "stored": 0,
    }
    assert after["rejected"] == 0
    now = {item["device"]: item for item in hub.get("/api/devices", booth=booth)}
    assert {name: item["last"] for name, item in now.items()} == {
        item["device"]: item["last"] for item in known
    }
    assert [name for name, item in now.items() if item["state"] != "live"] == ["plug1"]
