"""Devices that speak a maker's dialect at a real broker: births, readings, Last Will."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from random import Random

import aiomqtt
import pytest

from devices import (
    DEMO_ZONE,
    Address,
    Broker,
    Device,
    Fault,
    Faults,
    Habits,
    Ts,
    fleet,
    load_zone,
    thing,
)
from devices.speech import Manner, Plain, speech_of
from schemas import kinds
from tests.devices.spoken import spoken

Listening = Callable[[Broker, str], AbstractAsyncContextManager[aiomqtt.Client]]


async def test_a_device_in_a_dialect_says_what_it_has_then_that_it_is_there_and_then_its_readings(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "power_meter", "grid")
    manner = Manner(dialect="homeassistant")
    habits = Habits(rate=100.0, count=1)
    under = f"smartlife/v1/{booth}/homeassistant"
    async with listening(broker, f"{under}/#") as client:
        await Device(broker, address, habits=habits, manner=manner).run()
        said = [await anext(client.messages) for _ in range(4)]
    assert [str(message.topic).removeprefix(f"{under}/") for message in said] == [
        "homeassistant/device/grid/config", "grid/status", "grid/state", "grid/status",
    ]  # fmt: skip
    assert [said[1].payload, said[3].payload] == [b"online", b"offline"]
    assert json.loads(bytes(said[2].payload)).keys() == {
        "power", "voltage", "current", "frequency", "energy",
    }  # fmt: skip
    async with listening(broker, f"{under}/#") as later:
        kept = {str((await anext(later.messages)).topic) for _ in range(2)}
    assert kept == {f"{under}/homeassistant/device/grid/config", f"{under}/grid/status"}


ONE_ROBOT = """
[event]
name = "E"
name_ko = "이"
starts = 2026-10-07
ends = 2026-10-09
[[zone]]
id = "z"
name = "Z"
name_ko = "지"
[[booth]]
id = "BOOTH"
zone = "z"
name = "B"
name_ko = "비"
place = { x = 0, y = 0, width = 1, depth = 1 }
devices = [{ kind = "mobile_robot", id = "r", dialect = "vda5050", name = "Duru/R 1" }]
"""


@pytest.fixture
def one_robot(zone_file: Path, booth: str) -> Path:
    zone_file.write_text(ONE_ROBOT.replace("BOOTH", booth), encoding="utf-8")
    return zone_file


async def test_the_last_will_of_a_device_in_a_dialect_is_the_dialects_own(
    mosquitto: Broker, booth: str, listening: Listening, one_robot: Path
) -> None:
    command = [sys.executable, "-m", "devices", "zone", str(one_robot)]
    topic = f"smartlife/v1/{booth}/vda5050/uagv/v2/Duru/R 1/connection"
    async with listening(mosquitto, topic) as client:
        process = await asyncio.create_subprocess_exec(*command, "--broker", str(mosquitto))
        online = json.loads(bytes((await anext(client.messages)).payload))
        process.kill()
        await process.wait()
        lost = json.loads(bytes((await anext(client.messages)).payload))
    assert [online["connectionState"], lost["connectionState"]] == ["ONLINE", "CONNECTIONBROKEN"]
    assert (lost["manufacturer"], lost["serialNumber"]) == ("Duru", "R 1")


def test_a_device_whose_dialect_is_not_simulated_speaks_the_hubs_own_form(
    zone_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = DEMO_ZONE.read_text(encoding="utf-8").replace('"tasmota"', '"shelly"')
    zone_file.write_text(text, encoding="utf-8")
    devices = fleet(load_zone(zone_file), Broker("127.0.0.1", 1))
    assert "b02/smart_plug/plug-2: no shelly is simulated here" in caplog.text
    plug = next(one for one in devices if one.address.device == "plug-2")
    assert isinstance(plug._speech, Plain)


def test_a_device_has_the_pace_that_the_zone_file_gives_it(zone_file: Path) -> None:
    for interval, seconds in (("7", 7), ('"2m"', 120)):
        text = DEMO_ZONE.read_text(encoding="utf-8")
        zone_file.write_text(text.replace("interval = 10", f"interval = {interval}"))
        devices = {one.address.device: one for one in fleet(load_zone(zone_file), Broker("x", 1))}
        assert devices["device-e86eb563"].interval == seconds
        assert devices["bedroom"].interval == kinds()["thermostat"].interval


@pytest.mark.parametrize("fault", [Fault.BROKEN_JSON, Fault.TOO_LARGE, Fault.DUPLICATE])
def test_what_can_go_wrong_anywhere_goes_wrong_in_a_dialect_too(fault: Fault) -> None:
    address, manner = Address("b1", "smart_plug", "p"), Manner(dialect="tasmota")
    model = thing("smart_plug", 1)
    faults = Faults(kinds()["smart_plug"], (Fault.WRONG_TYPE, fault), Random(1), 1.0)
    wrong = speech_of(address, manner, Ts.NONE, faults).reading(model.step(0), 0)
    right = spoken(address, manner).reading(model.step(0), 0)
    assert [packet.payload for packet in wrong] != [packet.payload for packet in right]
