"""A device at a real broker: birth, readings, farewell, Last Will, coming back."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from datetime import datetime
from random import Random
from typing import Any

import aiomqtt
import iotcore
import pytest

from devices import (
    DEMO_ZONE,
    Address,
    Broker,
    BrokerUnreachableError,
    Device,
    Fault,
    Habits,
    Mqtt,
    Ts,
    fleet,
    load_zone,
    run_fleet,
    run_unsteadily,
    thing,
)
from devices.client import LONGEST_PAUSE, pause
from devices.wire import encode
from harness.wait import DEADLINE
from schemas import kinds
from tests.devices.spoken import spoken

Listening = Callable[[Broker, str], AbstractAsyncContextManager[aiomqtt.Client]]
FAST = Habits(rate=100.0, qos=1)


async def test_a_device_delivers_its_readings_in_order(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "thermostat", "t1")
    habits = Habits(rate=200.0, qos=1, ts=Ts.NONE, count=20)
    device = Device(broker, address, seed=3, habits=habits)
    async with listening(broker, address.topic) as client:
        await device.run()
        got = [bytes((await anext(client.messages)).payload) for _ in range(20)]
    expected = Device(broker, address, seed=3, habits=habits)
    assert got == [encode(expected._thing.step(1 / 200.0)) for _ in range(20)]
    assert device.published == 20


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("version", list(Mqtt))
async def test_readings_come_with_the_asked_quality_of_service_in_both_versions(
    mosquitto: Broker, booth: str, qos: int, version: Mqtt, listening: Listening
) -> None:
    address = Address(booth, "light", f"l{version}")
    broker = Broker(mosquitto.host, mosquitto.port, version=version)
    device = Device(broker, address, habits=Habits(rate=100.0, qos=qos, count=3))
    async with listening(mosquitto, address.topic) as client:
        await client.subscribe(address.topic, qos=2)
        await device.run()
        messages = [await anext(client.messages) for _ in range(3)]
    assert {message.qos for message in messages} == {qos}
    assert not any(message.retain for message in messages)
    for message in messages:
        kinds()["light"].model.model_validate_json(bytes(message.payload))


async def test_a_live_device_is_online_retained_and_a_stopped_one_offline(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "door_lock", "d1")
    async with listening(broker, address.topic) as readings:
        task = asyncio.create_task(Device(broker, address, habits=FAST).run())
        await anext(readings.messages)
        async with listening(broker, address.status) as late:
            message = await anext(late.messages)
            assert (message.payload, message.retain) == (b"online", True)
            task.cancel()
            assert (await anext(late.messages)).payload == b"offline"
        with pytest.raises(asyncio.CancelledError):
            await task
    async with listening(broker, address.status) as later:
        message = await anext(later.messages)
        assert (message.payload, message.retain) == (b"offline", True)


@pytest.mark.parametrize("word", ["online", "a reading"])
async def test_a_device_stops_even_if_the_client_swallows_the_cancellation(
    broker: Broker, booth: str, listening: Listening, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    address = Address(booth, "light", "l1")
    topic = address.status if word == "online" else address.topic
    publish = aiomqtt.Client.publish

    async def swallowing(self: aiomqtt.Client, to: str, *args: Any, **options: Any) -> None:
        await publish(self, to, *args, **options)
        task = asyncio.current_task()
        if task is not None and to == topic and not task.cancelling():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)

    async with listening(broker, address.status) as client:
        monkeypatch.setattr(aiomqtt.Client, "publish", swallowing)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(Device(broker, address, habits=FAST).run())
        said = [(await anext(client.messages)).payload for _ in range(2)]
    assert said == [b"online", b"offline"]


async def test_a_device_stopped_before_the_broker_answers_leaves_nothing_to_log(
    booth: str, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a signal ends devices and broker at once."""
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    asked: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    awaits_connack = asyncio.Event()
    wait_for = aiomqtt.Client._wait_for

    async def waiting(self: aiomqtt.Client, *args: Any, **options: Any) -> Any:
        awaits_connack.set()
        return await wait_for(self, *args, **options)

    async def hear_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await asked.put(writer)

    monkeypatch.setattr(aiomqtt.Client, "_wait_for", waiting)

    async with asyncio.timeout(DEADLINE):
        server = await asyncio.start_server(hear_connect, "127.0.0.1", free_port)
        device = Device(Broker("127.0.0.1", free_port), Address(booth, "thermostat", "t1"))
        running = asyncio.create_task(device.run())
        silent = await asked.get()
        await awaits_connack.wait()
        running.cancel()
        await asyncio.wait({running})
        silent.transport.abort()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # aiomqtt's own
        server.close()
    assert running.cancelled()
    assert not unhandled


async def test_a_device_that_has_published_its_count_says_goodbye(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "light", "l1")
    async with listening(broker, address.status) as client:
        await Device(broker, address, habits=Habits(rate=100.0, count=2)).run()
        said = [(await anext(client.messages)).payload for _ in range(2)]
    assert said == [b"online", b"offline"]


@pytest.mark.parametrize("which", ["broker", "mosquitto"])
async def test_a_killed_device_is_declared_offline_by_its_last_will(
    request: pytest.FixtureRequest, booth: str, which: str, listening: Listening
) -> None:
    broker: Broker = request.getfixturevalue(which)
    address = Address(booth, "thermostat", "t1")
    command = [sys.executable, "-m", "devices", "thermostat", "--booth", booth, "--device", "t1"]
    async with listening(broker, address.status) as client:
        process = await asyncio.create_subprocess_exec(*command, "--broker", str(broker))
        assert (await anext(client.messages)).payload == b"online"
        process.kill()
        await process.wait()
        assert (await anext(client.messages)).payload == b"offline"
    async with listening(broker, address.status) as later:
        message = await anext(later.messages)
        assert (message.payload, message.retain) == (b"offline", True)


async def test_a_device_comes_back_after_the_broker_was_away_and_loses_no_reading(
    booth: str, listening: Listening, free_port: int
) -> None:
    broker = Broker("127.0.0.1", free_port)
    address = Address(booth, "robot_arm", "r1")
    device = Device(broker, address, habits=Habits(rate=50.0, ts=Ts.NONE, count=200))
    first = iotcore.Broker(port=broker.port, listen=broker.host)
    await asyncio.to_thread(first.start)
    async with asyncio.timeout(DEADLINE):
        task = asyncio.create_task(device.run())
        async with listening(broker, address.topic) as client:
            for _ in range(5):
                await anext(client.messages)
            await asyncio.to_thread(first.stop)
        with iotcore.Broker(port=broker.port, listen=broker.host):
            async with listening(broker, address.topic) as client:
                await anext(client.messages)
                assert device.published > 5
            await task
    assert device.published >= 200


async def test_a_broker_that_is_not_there_is_one_clear_error(booth: str, free_port: int) -> None:
    broker = Broker("127.0.0.1", free_port)
    device = Device(broker, Address(booth, "light", "l1"))
    with pytest.raises(
        BrokerUnreachableError, match=rf"127\.0\.0\.1:{broker.port} cannot be reached"
    ):
        await device.run()


async def test_a_patient_device_waits_for_a_broker_that_is_not_there_yet(
    booth: str, free_port: int
) -> None:
    broker = Broker("127.0.0.1", free_port)
    habits = Habits(rate=100.0, count=1, wait=True)
    device = Device(broker, Address(booth, "light", "l1"), habits=habits)
    async with asyncio.timeout(DEADLINE):
        task = asyncio.create_task(device.run())
        with iotcore.Broker(port=broker.port, listen=broker.host):
            await task
    assert device.published == 1


async def test_a_wrong_password_is_one_clear_error_without_the_password(
    tmp_path_factory: pytest.TempPathFactory, booth: str, free_port: int
) -> None:
    port = free_port
    strict = tmp_path_factory.mktemp("strict") / "mosquitto.conf"
    strict.write_text(f"listener {port} 127.0.0.1\nallow_anonymous false\n")
    process = await _mosquitto(str(strict))
    try:
        for version in Mqtt:
            broker = Broker("127.0.0.1", port, "b12", "hush-hush", version=version)
            device = Device(broker, Address(booth, "light", "l1"))
            with pytest.raises(BrokerUnreachableError, match="does not let 'b12' in") as caught:
                await device.run()
            assert "hush-hush" not in str(caught.value) + repr(broker)
    finally:
        process.terminate()
        await process.wait()


async def _mosquitto(config: str) -> asyncio.subprocess.Process:
    try:
        process = await asyncio.create_subprocess_exec(
            "/usr/sbin/mosquitto", "-c", config, stderr=asyncio.subprocess.PIPE
        )
    except FileNotFoundError:
        pytest.skip("mosquitto is not installed")
    assert process.stderr is not None
    async with asyncio.timeout(DEADLINE):
        while b"running" not in await process.stderr.readline():
            pass
    return process


@pytest.mark.parametrize("ts", list(Ts))
async def test_a_reading_carries_its_time_as_asked(
    broker: Broker, booth: str, ts: Ts, listening: Listening
) -> None:
    address = Address(booth, "light", f"l-{ts}")
    habits = Habits(rate=100.0, count=1, ts=ts)
    device = Device(broker, address, habits=habits, nanoseconds=lambda: 1_791_340_200_123_456_789)
    async with listening(broker, address.topic) as client:
        await device.run()
        payload = json.loads(bytes((await anext(client.messages)).payload))
    match ts:
        case Ts.NONE:
            assert "ts" not in payload
        case Ts.EPOCH:
            assert payload["ts"] == 1_791_340_200_123
        case Ts.RFC3339:
            assert datetime.fromisoformat(payload["ts"]).timestamp() == 1_791_340_200.123


async def test_duplicates_reach_the_broker_twice(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "light", "l1")
    habits = Habits(rate=100.0, count=1, faults=(Fault.DUPLICATE,), fault_share=1.0)
    async with listening(broker, address.topic) as client:
        await Device(broker, address, habits=habits).run()
        one, other = [(await anext(client.messages)).payload for _ in range(2)]
    assert one == other


async def test_a_message_that_the_broker_hangs_up_on_is_given_up_and_the_next_goes_on(
    booth: str, free_port: int
) -> None:
    broker = Broker("127.0.0.1", free_port)
    habits = Habits(rate=100.0, count=2, faults=(Fault.TOO_LARGE,), fault_share=1.0)
    device = Device(broker, Address(booth, "light", "l1"), habits=habits)
    with iotcore.Broker(port=broker.port, listen=broker.host, max_payload_size=20_000):
        async with asyncio.timeout(DEADLINE):
            await device.run()
    assert device.published == 0


async def test_what_the_hub_rejects_is_passed_on_to_the_log(
    broker: Broker, booth: str, caplog: pytest.LogCaptureFixture, listening: Listening
) -> None:
    address = Address(booth, "light", "l1")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(listening(broker, address.topic))
        task = asyncio.create_task(Device(broker, address, habits=FAST).run())
        await anext(client.messages)
        while "rejected" not in caplog.text:
            await client.publish(address.errors, b'{"code":"schema"}', qos=1)
            await anext(client.messages)
        task.cancel()
    assert f'{address.topic}: rejected: {{"code":"schema"}}' in caplog.text


async def test_a_fleet_publishes_from_every_device_of_the_demo_zone(
    broker: Broker, listening: Listening
) -> None:
    zone = load_zone(DEMO_ZONE)
    devices = fleet(zone, broker, habits=Habits(rate=20.0, count=2), root="fleet/v1")
    readings = {
        packet.topic
        for address, manner in zone.manners("fleet/v1")
        for packet in spoken(address, manner).reading(thing(address.kind, 1).step(1), 0)
    }
    async with listening(broker, "fleet/v1/#") as client:
        await run_fleet(devices)
        while readings:
            readings.discard(str((await anext(client.messages)).topic))


async def test_an_unsteady_device_says_goodbye_and_comes_back(
    broker: Broker, booth: str, listening: Listening
) -> None:
    address = Address(booth, "thermostat", "t1")
    async with listening(broker, address.status) as client:
        task = asyncio.create_task(run_unsteadily(Device(broker, address, habits=FAST), 0.2, 0.01))
        said = [bytes((await anext(client.messages)).payload) for _ in range(4)]
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert said == [b"online", b"offline", b"online", b"offline"]


async def test_an_unsteady_device_ends_once_it_is_done(broker: Broker, booth: str) -> None:
    device = Device(broker, Address(booth, "thermostat", "t1"), habits=Habits(rate=100.0, count=3))
    await run_unsteadily(device, DEADLINE, 0)
    assert device.published == 3


async def test_a_fleet_without_a_broker_ends_with_one_error(free_port: int) -> None:
    broker = Broker("127.0.0.1", free_port)
    with pytest.raises(BrokerUnreachableError):
        await run_fleet(fleet(load_zone(DEMO_ZONE), broker))


def test_pauses_are_full_jitter_and_bounded() -> None:
    random = Random(1)
    pauses = [[pause(random, attempt) for _ in range(200)] for attempt in (0, 3, 60)]
    assert 0 <= min(pauses[0]) < 0.1
    assert max(pauses[0]) <= 0.5 < max(pauses[1]) <= 4
    assert 20 < max(pauses[2]) <= LONGEST_PAUSE
