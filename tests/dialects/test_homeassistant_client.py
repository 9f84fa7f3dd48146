"""Home Assistant's discovery by `ha-mqtt-discoverable`; of whole devices by `ha-mqtt-device`."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ha_mqtt_device as whole
import pytest
from ha_mqtt_discoverable import DeviceInfo, Settings
from ha_mqtt_discoverable.sensors import BinarySensor, BinarySensorInfo, Sensor, SensorInfo
from paho.mqtt.client import Client

from harness.wait import eventually
from hub.dialects.mapping.names import device_id
from tests.dialects.stand import Stand


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with Stand(tmp_path) as made:
        yield made


def settings(stand: Stand, entity: Any, client: Client | None = None, **more: Any) -> Any:
    below = stand.prefix("homeassistant")
    server = Settings.MQTT(
        host="127.0.0.1",
        port=stand.port,
        username=stand.account,
        password=stand.password,
        discovery_prefix=f"{below}/homeassistant",
        state_prefix=f"{below}/hmd",
        client=client,
    )
    return Settings(mqtt=server, entity=entity, **more)


def sensor(stand: Stand, name: str, client: Client | None = None, **about: Any) -> Sensor:
    device = DeviceInfo(name="현관 플러그", identifiers="plug-1")
    info = SensorInfo(name=name, unique_id=f"plug-1-{name}", device=device, **about)
    return Sensor(settings(stand, info, client))


def test_what_it_discovers_is_stored_in_the_hubs_units(stand: Stand):
    power = sensor(stand, "Power", device_class="power", unit_of_measurement="W")
    power.set_state(61.5)
    one = power.mqtt_client  # an account has one connection
    energy = sensor(stand, "Energy", one, device_class="energy", unit_of_measurement="Wh")
    energy.set_state(12_530)
    assert stand.wait_for("smart_plug", "power", 1) == [61.5]
    assert stand.wait_for("smart_plug", "energy", 1) == [12.53]
    assert one.is_connected()


def test_its_will_makes_it_offline(stand: Stand):
    info = BinarySensorInfo(name="door", device_class="door")
    door = BinarySensor(settings(stand, info, manual_availability=True))
    door.set_availability(True)
    door.on()
    stand.wait_until("contact_sensor", "door", "live")
    socket = door.mqtt_client.socket()
    assert socket is not None
    socket.close()  # without DISCONNECT: the broker publishes the Will
    door.mqtt_client.loop_stop()
    stand.wait_until("contact_sensor", "door", "offline")


def test_states_are_understood_after_a_kill_9_without_the_config(stand: Stand):
    power = sensor(stand, "Power", device_class="power", unit_of_measurement="W")
    for watts in range(20):
        power.set_state(watts)
    assert stand.wait_for("smart_plug", "power", 20) == list(range(20))
    power.delete()  # so that the broker does not send the config again
    stand.wait_until("smart_plug", device_id("현관 플러그"), "offline")
    config, client = json.dumps(power.generate_config()), power.mqtt_client
    client.publish(power.config_topic, config, 1).wait_for_publish()  # not retained
    stand.hub.wait_for("received", 23)
    stand.hub.kill()
    stand.hub.start()
    for watts in range(20, 40):
        power.set_state(watts)
    assert stand.wait_for("smart_plug", "power", 40) == list(range(40))


async def test_a_device_that_tells_of_all_it_has_at_once(stand: Stand):
    below = stand.prefix("homeassistant")
    provider = whole.AioMqttProvider(
        hostname="127.0.0.1",
        port=stand.port,
        username=stand.account,
        password=stand.password,
    )
    info = whole.DeviceInfo(
        "hall-1",
        "현관",
        topic_prefix=f"{below}/hall-1",
        discovery_prefix=f"{below}/homeassistant",
    )
    warmth = whole.Sensor("warmth", device_class="temperature", unit_of_measurement="°F")
    damp = whole.Sensor("damp", device_class="humidity", unit_of_measurement="%")
    running = provider.run()
    await eventually(lambda: provider.is_connected)
    async with whole.Device(provider, info, [warmth, damp]):
        await warmth.set_state(71.6)
        await damp.set_state(41)
        found = await asyncio.to_thread(stand.wait_for, "climate_sensor", "humidity", 1)
        assert found == [41]
        assert stand.stored("climate_sensor", "temperature") == [22.0]
        name = device_id("현관")
        await asyncio.to_thread(stand.wait_until, "climate_sensor", name, "live")
    await asyncio.to_thread(stand.wait_until, "climate_sensor", name, "offline")
    await provider.stop()
    await running
