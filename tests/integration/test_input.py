"""Readings of other people's clients, through Mosquitto and through the embedded broker."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import aiomqtt
import httpx
import paho.mqtt.client as mqtt
import paho.mqtt.publish
import pytest

from harness import ROOT
from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE, until
from hub.mqtt.embedded import run_broker

Ports = dict[int, int]
"""The port at which a broker speaks each version of MQTT, by protocol level."""


def _mosquitto_pub(port: int, version: int, qos: int, topic: str, payload: str) -> None:
    spoken = {4: "mqttv311", 5: "mqttv5"}[version]
    command = [program("mosquitto_pub"), "-p", str(port), "-V", spoken, "-q", str(qos)]
    subprocess.run([*command, "-t", topic, "-m", payload], check=True, timeout=DEADLINE)


def _paho(port: int, version: int, qos: int, topic: str, payload: str) -> None:
    paho.mqtt.publish.single(
        topic,
        payload,
        qos,
        hostname="127.0.0.1",
        port=port,
        protocol=mqtt.MQTTProtocolVersion(version),
    )


def _aiomqtt(port: int, version: int, qos: int, topic: str, payload: str) -> None:
    async def publish() -> None:
        spoken = aiomqtt.ProtocolVersion(version)
        async with aiomqtt.Client("127.0.0.1", port, protocol=spoken) as client:
            await client.publish(topic, payload, qos=qos)

    asyncio.run(publish())


def _mqtt_js(port: int, version: int, qos: int, topic: str, payload: str) -> None:
    folder = ROOT / "tests" / "js"
    assert (folder / "node_modules" / "mqtt").is_dir(), "MQTT.js is missing; run scripts/node"
    address = f"mqtt://127.0.0.1:{port}"
    command = [program("node"), f"{folder}/publish.mjs", address, str(version), str(qos)]
    subprocess.run([*command, topic, payload], check=True, timeout=DEADLINE)


CLIENTS = {
    "mosquitto_pub": _mosquitto_pub,
    "paho": _paho,
    "aiomqtt": _aiomqtt,
    "mqtt_js": _mqtt_js,
}


@pytest.fixture(scope="module", params=["mosquitto", "embedded"])
def at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Hub, Ports]]:
    """A hub at a broker, for all tests of this file, and the broker's ports."""
    if request.param == "mosquitto":
        broker: Mosquitto = request.getfixturevalue("standing_mosquitto")
        yield request.getfixturevalue("standing_hub"), {4: broker.port, 5: broker.port}
        return
    with run_broker(free_port(), free_port()) as embedded:
        hub = Hub(tmp_path_factory.mktemp("embedded"), f"mqtt://127.0.0.1:{embedded.port_v5}")
        try:
            yield hub.start(), {4: embedded.port, 5: embedded.port_v5}
        finally:
            hub.close()


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("version", [4, 5], ids=["v311", "v5"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_reading_is_stored_and_its_device_is_known(
    at: tuple[Hub, Ports], client: str, version: int, qos: int, booth: str
):
    hub, ports = at
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    CLIENTS[client](ports[version], version, qos, topic, json.dumps({"temperature": 20.5 + qos}))
    (row,) = until(lambda: hub.readings("thermostat", booth=booth), "the reading is stored")
    assert row["fields"] == {"temperature": 20.5 + qos}
    assert row["device"] == "t1"
    assert row["domain"] == "smart_home"
    device = hub.device(booth, "thermostat", "t1")
    assert device is not None
    assert (device["state"], device["readings"], device["rejections"]) == ("live", 1, 0)
    assert device["last"] == {"temperature": 20.5 + qos}
    assert device["warnings"] == []


@pytest.mark.parametrize("version", [4, 5], ids=["v311", "v5"])
def test_a_reading_is_shown_live(at: tuple[Hub, Ports], version: int, booth: str):
    hub, ports = at
    live = httpx.stream("GET", f"{hub.url}/api/live", params={"booth": booth}, trust_env=False)
    with live as events:
        lines = events.iter_lines()
        assert next(lines) == ": welcome"
        _paho(ports[version], version, 1, f"smartlife/v1/{booth}/light/l1", '{"brightness": 7}')
        shown = {}
        while "reading" not in shown:
            name, said = _event(lines)
            shown[name] = said
    assert shown["reading"]["fields"] == {"brightness": 7}
    assert shown["reading"]["device"] == "l1"
    assert shown["state"]["state"] == "live"


def _event(lines: Iterator[str]) -> tuple[str, dict[str, Any]]:
    name = next(line for line in lines if line.startswith("event: ")).removeprefix("event: ")
    return name, json.loads(next(lines).removeprefix("data: "))


def test_readings_of_one_connection_are_stored_in_their_order(at: tuple[Hub, Ports], booth: str):
    hub, ports = at
    messages: list[Any] = [
        {"topic": f"smartlife/v1/{booth}/wearable/w1", "payload": payload, "qos": 1}
        for payload in (json.dumps({"heart_rate": 60, "steps": n}) for n in range(500))
    ]
    paho.mqtt.publish.multiple(messages, hostname="127.0.0.1", port=ports[4])
    rows: Callable[[], list[Any]] = lambda: hub.readings("wearable", booth=booth)  # noqa: E731
    until(lambda: len(rows()) == 500, "all are stored")
    assert [row["fields"]["steps"] for row in rows()] == list(range(500))


def test_the_accounts_follow_every_message(mosquitto: Mosquitto, hub: Hub, booth: str):
    for payload in ('{"temperature": 20}', '{"temperature": 999}', "nonsense"):
        _paho(mosquitto.port, 4, 1, f"smartlife/v1/{booth}/thermostat/t1", payload)
    _paho(mosquitto.port, 4, 1, f"smartlife/v1/{booth}/thermostat/t1/status", "online")
    accounts = until(
        lambda: (found := hub.accounts())["stored"] == 1 and found["received"] == 4 and found,
        "everything is settled",
    )
    assert accounts["accepted"] == 1
    assert accounts["rejected"] == 2
    assert accounts["ignored"] == 1
    assert accounts["duplicate"] == 0
