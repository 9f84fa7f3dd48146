"""Devices that publish as their makers made them, from a broker with accounts to the store.

Their client is aiomqtt, with MQTT 3.1.1 as they speak it, and the account of their booth; topics,
retained messages and wills are those of the makers.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import aiomqtt
import pytest

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import Secured, added

SEOUL = ZoneInfo("Asia/Seoul")


class Sent(NamedTuple):
    """A message of a device: its own topic, its payload, whether it is to be retained."""

    topic: str
    payload: str
    retain: bool = False


class Device(NamedTuple):
    """A device of a maker: what it sends, its will, and what is to be stored of it."""

    dialect: str
    messages: tuple[Sent, ...]
    gone: Sent
    kind: str
    name: str
    stored: list[dict[str, Any]]
    will: bool = True


def _now(form: str = "") -> str:
    now = datetime.now(SEOUL)
    return now.strftime(form) if form else str(int(now.timestamp() * 1_000))


def _tasmota() -> Device:
    said = {"Time": _now("%Y-%m-%dT%H:%M:%S"), "ENERGY": {"Power": 61, "Voltage": 221}}
    return Device(
        "tasmota",
        (
            Sent("tele/거실 플러그/LWT", "Online", retain=True),
            Sent("tele/거실 플러그/STATE", '{"POWER":"ON","Wifi":{"RSSI":80}}'),
            Sent("tele/거실 플러그/SENSOR", json.dumps(said)),
        ),
        Sent("tele/거실 플러그/LWT", "Offline", retain=True),
        "smart_plug",
        "거실 플러그",
        [{"switched_on": True}, {"power": 61.0, "voltage": 221.0}],
    )


def _shelly() -> Device:
    said = {"ts": int(_now()) / 1_000, "switch:0": {"id": 0, "apower": 12.6}}
    sent = {"src": "shellyplusplugs-a1", "method": "NotifyStatus", "params": said}
    return Device(
        "shelly",
        (
            Sent("shellyplusplugs-a1/online", "true", retain=True),
            Sent(
                "shellyplusplugs-a1/status/switch:0",
                '{"id":0,"output":true,"aenergy":{"total":1532.5}}',
            ),
            Sent("shellyplusplugs-a1/events/rpc", json.dumps(sent)),
        ),
        Sent("shellyplusplugs-a1/online", "false", retain=True),
        "smart_plug",
        "shellyplusplugs-a1",
        [{"switched_on": True, "energy": 1.5325}, {"power": 12.6}],
    )


def _owntracks() -> Device:
    place = {"_type": "location", "lat": 37.5118, "lon": 127.0592, "batt": 81, "vel": 4}
    place["tst"] = int(_now()) // 1_000
    return Device(
        "owntracks",
        (Sent("owntracks/kim/phone", json.dumps(place), retain=True),),
        Sent("owntracks/kim/phone", '{"_type":"lwt","tst":1791300000}'),
        "tracker",
        "kim/phone",
        [{"latitude": 37.5118, "longitude": 127.0592, "battery": 81.0, "speed": 4.0}],
    )


def _thingsboard() -> Device:
    ts = int(_now())
    backlog = [
        {"ts": ts, "values": {"temperature": 22.4, "humidity": 41}},
        {"ts": ts - 60_000, "values": {"temperature": 22.1}},
    ]
    return Device(
        "thingsboard",
        (
            Sent("v1/gateway/connect", '{"device":"방 1"}'),
            Sent("v1/gateway/telemetry", json.dumps({"방 1": backlog})),
        ),
        Sent("v1/gateway/disconnect", '{"device":"방 1"}'),
        "climate_sensor",
        "방 1",
        [{"temperature": 22.4, "humidity": 41.0}, {"temperature": 22.1}],
        will=False,  # the gateway says it
    )


DEVICES = (_tasmota, _shelly, _owntracks, _thingsboard)


class Event(NamedTuple):
    """A broker with accounts, a hub at it, and the password of booth b12."""

    broker: Secured
    hub: Hub
    password: str

    @contextlib.asynccontextmanager
    async def device(self, will: aiomqtt.Will | None = None) -> AsyncIterator[aiomqtt.Client]:
        """Connect as a device of the booth."""
        async with aiomqtt.Client(
            "127.0.0.1",
            self.broker.plain,
            username="b12-1",
            password=self.password,
            protocol=aiomqtt.ProtocolVersion.V311,
            will=will,
        ) as client:
            yield client

    def known(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return what the hub knows of a device by its own name."""
        found = self.hub.get("/api/devices", booth="b12", kind=kind)
        return next((item for item in found if item.get("name", item["device"]) == name), None)

    def state(self, kind: str, name: str) -> str:
        found = self.known(kind, name)
        return "unknown" if found is None else str(found["state"])

    def stored(self, kind: str, name: str) -> list[dict[str, Any]]:
        """Return the fields of the stored readings of a device."""
        found = self.known(kind, name)
        if found is None:
            return []
        rows = self.hub.readings(kind, booth="b12", device=found["device"])
        return [
            {field: value for field, value in row["fields"].items() if value is not None}
            for row in rows
        ]


@pytest.fixture(scope="module")
def event(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Event]:
    broker = Secured(tmp_path_factory.mktemp("event"))
    hub: Hub | None = None
    try:
        broker.begin()
        password = added(broker, "b12")["b12-1"]
        hub = Hub(tmp_path_factory.mktemp("hub"), broker.hub).start()
        yield Event(broker, hub, password)
    finally:
        if hub is not None:
            hub.close()
        broker.kill()


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    """Some times are those of the device, in whole seconds: order says nothing."""
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def _under(dialect: str, topic: str) -> str:
    return f"smartlife/v1/b12/{dialect}/{topic}"


@pytest.mark.parametrize("make", DEVICES, ids=[make.__name__.strip("_") for make in DEVICES])
async def test_from_the_device_to_the_store(event: Event, make: Any):
    device: Device = make()
    topic, payload, retain = device.gone
    topic = _under(device.dialect, topic)
    will = aiomqtt.Will(topic, payload, qos=1, retain=retain) if device.will else None
    with contextlib.suppress(aiomqtt.MqttError):  # its connection is lost in the end
        async with event.device(will) as client:
            for sent in device.messages:
                own = _under(device.dialect, sent.topic)
                await client.publish(own, sent.payload, qos=1, retain=sent.retain)
            await asyncio.to_thread(
                until,
                lambda: _sorted(event.stored(device.kind, device.name)) == _sorted(device.stored),
                lambda: f"all is stored, not {event.stored(device.kind, device.name)}",
            )
            assert event.state(device.kind, device.name) == "live"
            if device.will:
                client._client._sock_close()
            else:
                await client.publish(topic, payload, qos=1)
    await asyncio.to_thread(
        until, lambda: event.state(device.kind, device.name) == "offline", "it is offline"
    )
    known = event.known(device.kind, device.name)
    assert known is not None
    assert known["dialect"] == device.dialect
    assert known["rejections"] == 0


async def test_kill_9_of_the_hub_loses_nothing_and_keeps_nothing_twice(event: Event):
    """A meter of two channels: each message has two readings, numbered by their power."""
    count, killed_at = 600, (150, 350)
    topic = _under("tasmota", "tele/meter/SENSOR")

    def again() -> None:
        event.hub.kill()
        event.hub.start()

    async with event.device() as client:
        restarts = list[asyncio.Task[None]]()
        for number in range(count):
            said = {"ENERGY": {"Power": [number, number + 1_000], "Voltage": 221}}
            await client.publish(topic, json.dumps(said), qos=1)
            if number in killed_at:
                await asyncio.gather(*restarts)
                restarts.append(asyncio.create_task(asyncio.to_thread(again)))
        await asyncio.gather(*restarts)
        for channel, start in (("meter-1", 0), ("meter-2", 1_000)):
            await asyncio.to_thread(
                until,
                lambda name=channel: len(event.stored("smart_plug", name)) >= count,
                f"all of {channel} is stored",
            )
            powers = Counter(int(row["power"]) for row in event.stored("smart_plug", channel))
            assert powers == Counter(range(start, start + count))
        # What was learned before is known after: which parts the meter has.
        await client.publish(_under("tasmota", "tele/meter/LWT"), "Offline", qos=1)
        for channel in ("meter-1", "meter-2"):
            await asyncio.to_thread(
                until,
                lambda name=channel: event.state("smart_plug", name) == "offline",
                f"{channel} is offline",
            )
