"""What the hub says back over MQTT: rejections and receipts."""

import asyncio
import itertools
import json
import time
from typing import Any

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until

VERSIONS = {"v311": aiomqtt.ProtocolVersion.V311, "v5": aiomqtt.ProtocolVersion.V5}


def _client(broker: Mosquitto, version: str = "v5") -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", broker.port, protocol=VERSIONS[version])


async def _next(client: aiomqtt.Client) -> tuple[Any, dict[str, Any]]:
    """The message, whose properties paho makes as they come, and its JSON."""
    async with asyncio.timeout(DEADLINE):
        message = await anext(aiter(client.messages))
    assert isinstance(message.payload, bytes)
    return message, json.loads(message.payload)


def _asking(topic: str, correlation: bytes | None = None) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.ResponseTopic = topic
    if correlation is not None:
        properties.CorrelationData = correlation
    return properties


BAD = {
    "schema": ("thermostat/t1", b'{"temperature": 412}', "412 is above the maximum 85"),
    "json": ("thermostat/t1", b'{"temperature": ', "not JSON"),
    "not UTF-8": ("thermostat/t1", b"\xff\xfe", "not UTF-8"),
    "size": ("thermostat/t1", b'{"temperature": 1' + b" " * 65_536 + b"}", "65536"),
    "kind": ("thermostatt/t1", b'{"temperature": 1}', "did you mean thermostat"),
    "topic": ("thermostat/t1/extra/levels", b"{}", "levels"),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("qos", [0, 1])
async def test_each_code_of_rejection_is_kept(
    standing_mosquitto: Mosquitto, standing_hub: Hub, what: str, qos: int, booth: str
):
    where, payload, words = BAD[what]
    async with _client(standing_mosquitto) as client:
        await client.publish(f"smartlife/v1/{booth}/{where}", payload, qos=qos)
    (rejection,) = until(lambda: standing_hub.get("/api/rejections", booth=booth), "it is kept")
    assert rejection["code"] == ("json" if what == "not UTF-8" else what)
    assert words in rejection["message"]
    assert rejection["topic"] == f"smartlife/v1/{booth}/{where}"
    assert len(rejection["payload"]) <= 1_024


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("what", ["schema", "json", "size", "kind"])
async def test_a_rejection_reaches_the_booth(
    standing_mosquitto: Mosquitto, standing_hub: Hub, version: str, what: str, booth: str
):
    where, payload, words = BAD[what]
    async with _client(standing_mosquitto, version) as client:
        await client.subscribe(f"smartlife/v1/{booth}/+/+/errors", qos=1)
        await client.publish(f"smartlife/v1/{booth}/{where}", payload, qos=1)
        message, said = await _next(client)
    assert str(message.topic) == f"smartlife/v1/{booth}/{where}/errors"
    assert not message.retain
    assert said["code"] == what
    assert words in said["message"]


async def test_rejections_are_limited_for_each_device_and_all_are_kept(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"smartlife/v1/{booth}/+/+/errors")
        for number in range(200):
            bad = json.dumps({"temperature": 1_000 + number})
            await client.publish(f"smartlife/v1/{booth}/thermostat/t1", bad, qos=1)
        until(lambda: len(_kept(standing_hub, booth)) == 200, "all are kept")
        await client.publish(f"smartlife/v1/{booth}/thermostat/t2", b"bad", qos=1)
        told = 0
        while (await _next(client))[1]["topic"].endswith("t1"):
            told += 1
    assert 20 <= told < 200
    assert len(_kept(standing_hub, booth)) == 201


def _kept(hub: Hub, booth: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.get("/api/rejections", booth=booth, limit=1_000)
    return found


async def test_a_receipt_says_that_the_reading_is_kept_and_under_which_time(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"{topic}/receipts", qos=1)
        await client.publish(
            topic,
            b'{"temperature": 20}',
            qos=1,
            properties=_asking(f"{topic}/receipts", b"\x00\xffno. 1"),
        )
        message, said = await _next(client)
    assert said["stored"] is True
    assert message.properties.CorrelationData == b"\x00\xffno. 1"
    (row,) = until(lambda: standing_hub.readings("thermostat", booth=booth), "it is stored")
    assert row["ts"] == said["ts"]


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_rejected_reading_gets_its_rejection_as_receipt(
    standing_mosquitto: Mosquitto, standing_hub: Hub, qos: int, booth: str
):
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"{topic}/receipts", qos=1)
        await client.publish(topic, b"{}", qos=qos, properties=_asking(f"{topic}/receipts", b"7"))
        message, said = await _next(client)
    assert message.properties.CorrelationData == b"7"
    assert said["code"] == "schema"
    assert "stored" not in said


async def test_the_time_of_a_receipt_serves_to_send_the_reading_again(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    """End to end: sent again with the same ts until a receipt is there, it is stored once."""
    topic, stamps = f"smartlife/v1/{booth}/thermostat/t1", set()
    payload = json.dumps({"temperature": 20, "ts": time.time_ns()}).encode()
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"{topic}/receipts", qos=1)
        for number in range(3):
            asking = _asking(f"{topic}/receipts", bytes([number]))
            await client.publish(topic, payload, qos=1, properties=asking)
            _, said = await _next(client)
            stamps.add(said["ts"])
    assert len(stamps) == 1
    until(lambda: not standing_hub.accounts()["waiting"], "all are settled")
    assert [row["ts"] for row in standing_hub.readings("thermostat", booth=booth)] == [*stamps]


async def test_a_receipt_is_not_sent_where_the_device_may_not_speak(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    """The hub publishes with its own rights; a device must not borrow them."""
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    forbidden = [
        "smartlife/v1/other/thermostat/t1",
        "$CONTROL/x",
        "smartlife/v1",
        f"answers/{booth}",
        f"{topic}/status",
        f"smartlife/v1/{booth}/thermostat/t2/receipts",
    ]
    async with _client(standing_mosquitto) as client:
        for pattern in (f"smartlife/v1/{booth}/#", "smartlife/v1/other/#", f"answers/{booth}"):
            await client.subscribe(pattern, qos=1)
        for response_topic in (*forbidden, f"{topic}/receipts"):
            asking = _asking(response_topic)
            await client.publish(topic, b'{"temperature": 20}', qos=1, properties=asking)
        topics = []
        while f"{topic}/receipts" not in topics:
            message, _ = await _next(client)
            topics.append(str(message.topic))
    assert set(topics) == {topic, f"{topic}/receipts"}
    told = standing_hub.get(f"/api/booths/{booth}")["unanswered"]
    assert (told["count"], told["device"]["device"]) == (len(forbidden), "t1")
    assert f"use {topic}/receipts" in told["message"]


async def test_a_receipt_asked_for_deeper_than_brokers_allow_costs_the_hub_nothing(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    """Mosquitto closes the connection of whoever publishes to a topic of more than 200 levels."""
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    deep = ("a/" * 300 + "a", f"{topic}/{'a/' * 300}receipts")
    reading, refused = b'{"temperature": 20}', 0
    for response_topic in deep:
        try:
            async with _client(standing_mosquitto) as client:
                await client.publish(topic, reading, qos=1, properties=_asking(response_topic))
        except aiomqtt.MqttError:  # Mosquitto from 2.0.20 on disconnects who asks for that
            refused += 1
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"{topic}/#", qos=1)
        await client.publish(topic, reading, qos=1, properties=_asking(f"{topic}/receipts"))
        said = {"temperature": 20}
        while "stored" not in said:
            _, said = await _next(client)
    assert refused in {0, len(deep)}
    unanswered = standing_hub.get(f"/api/booths/{booth}")["unanswered"] or {"count": 0}
    assert unanswered["count"] == len(deep) - refused
    assert standing_hub.said.count("connected to") == 1
    assert "closed the connection" not in standing_hub.said


async def test_many_receipts_come_back_each_with_its_own_correlation(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    topic, count = f"smartlife/v1/{booth}/wearable/w1", 300
    async with _client(standing_mosquitto) as client:
        await client.subscribe(f"{topic}/receipts", qos=1)
        for number in range(count):
            payload = json.dumps({"heart_rate": 60, "steps": number})
            asking = _asking(f"{topic}/receipts", str(number).encode())
            await client.publish(topic, payload, qos=1, properties=asking)
        answers = [await _next(client) for _ in range(count)]
    numbers = [int(message.properties.CorrelationData) for message, _ in answers]
    assert numbers == list(range(count))
    stamps = [said["ts"] for _, said in answers]
    assert all(one < two for one, two in itertools.pairwise(stamps))
    rows = until(
        lambda: len(found := standing_hub.readings("wearable", booth=booth)) == count and found,
        "stored",
    )
    assert [row["ts"] for row in rows] == stamps
