"""A broker that does not speak MQTT 5 at a port: every command says so."""

import pytest

from harness.ports import free_port
from hub.errors import BrokerError
from hub.mqtt.command_client import connect
from hub.mqtt.embedded import run_broker
from hub.settings.values import BrokerAddress


async def test_the_client_of_the_commands_says_so():
    with run_broker(free_port(), free_port()) as broker:
        address = BrokerAddress.parse(f"mqtt://127.0.0.1:{broker.port}")
        with pytest.raises(BrokerError, match="something listens there; does it speak MQTT 5"):
            async with connect(address, None):
                raise AssertionError("it let a client of MQTT 5 in")
