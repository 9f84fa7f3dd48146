"""Homie 4 by `homie-spec`, which makes all the messages of a device; Homie 5 by `ebus-sdk`."""

from pathlib import Path

import ebus_sdk as homie5
import pytest
from homie_spec.devices import Device, DeviceState
from homie_spec.messages import Message
from homie_spec.nodes import Node
from homie_spec.properties import Datatype, Property

from tests.booths.secured import Client
from tests.dialects.stand import Stand

COUNT = 40


def device(stand: Stand, values: list[str]) -> Device:
    """A sensor that says these values one after the other."""
    said = iter(values)
    temperature = Property(
        name="Temperature", get=lambda: next(said), datatype=Datatype.FLOAT, unit="°F"
    )
    node = Node(name="Air", typeOf="sensor", properties={"temperature": temperature})
    return Device("hall-1", "Hall", {"air": node}, prefix=f"{stand.prefix('homie')}/homie")


def send(client: Client, message: Message) -> None:
    client.publish(message.topic, message.payload, message.qos, retain=message.retained)


def test_every_value_is_stored_once_over_a_kill_9_of_the_hub(tmp_path: Path):
    # In tenths of a °C, written in °F.
    values = [f"{number / 10 * 1.8 + 32:.2f}" for number in range(COUNT)]
    with Stand(tmp_path) as stand, stand.client() as client:
        sensor = device(stand, values)
        for message in sensor.messages():
            send(client, message)
        for number in range(COUNT):
            if number == COUNT // 2:
                stand.hub.kill()
            send(client, sensor.getter_message("air/temperature"))
        stand.hub.start()
        found = stand.wait_for("climate_sensor", "temperature", COUNT)
        assert found == [number / 10 for number in range(COUNT)]


def test_its_state_is_the_devices(tmp_path: Path):
    with Stand(tmp_path) as stand, stand.client() as client:
        sensor = device(stand, ["72.5"])
        for message in sensor.messages():
            send(client, message)
        send(client, sensor.getter_message("air/temperature"))
        stand.wait_until("climate_sensor", "hall-1", "live")
        state = f"{sensor.prefix}/{sensor.id}/$state"
        client.publish(state, DeviceState.LOST.payload, 1, retain=True)
        stand.wait_until("climate_sensor", "hall-1", "offline")


# The library uses an interface of paho's that paho warns of.
@pytest.mark.filterwarnings("ignore:Callback API version 1:DeprecationWarning")
def test_a_homie_5_device_describes_itself_over_a_kill_9_of_the_hub(tmp_path: Path):
    with Stand(tmp_path) as stand:
        sensor = homie5.Device(
            "hall-5",
            homie_domain=f"{stand.prefix('homie')}/homie",
            mqtt_cfg={
                "host": "127.0.0.1",
                "port": stand.port,
                "authentication": {
                    "type": "USER_PASS",
                    "username": stand.account,
                    "password": stand.password,
                },
            },
        )
        node = sensor.add_node_from_dict({"id": "air", "type": "sensor"})
        about = {"id": "temperature", "datatype": homie5.PropertyDatatype.FLOAT}
        temperature = node.add_property_from_dict({**about, "unit": homie5.Unit.DEGREE_FAHRENHEIT})
        sensor.start_mqtt_client()
        stand.hub.wait_for("received", 3)  # connected, and described
        for number in range(1, COUNT):
            if number == COUNT // 2:
                stand.hub.kill()
            temperature.set_value(number * 1.8 + 32)
        stand.hub.start()
        found = stand.wait_for("climate_sensor", "temperature", COUNT - 1)
        assert found == list(range(1, COUNT))
        sensor.stop()
        stand.wait_until("climate_sensor", "hall-5", "offline")
