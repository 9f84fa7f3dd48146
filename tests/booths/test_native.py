"""Topics of a device's own: given to a booth while hub and broker run, and read at once."""

from typing import Any

import paho.mqtt.client as mqtt
import pytest

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import Client, Secured, added


@pytest.fixture
def broker(tmp_path):
    server = Secured(tmp_path / "broker")
    try:
        yield server.begin()
    finally:
        server.kill()


@pytest.fixture
def hub(broker, tmp_path):
    server = Hub(tmp_path / "hub", broker.hub, http=None, data=broker.data)
    server.settings["http"] = server.url.removeprefix("http://")
    try:
        server.start()
        yield server
    finally:
        server.close()


def test_a_booth_s_own_topics_are_read_while_the_hub_runs(broker: Secured, hub: Hub):
    (password,) = added(broker, "b12", "--native", "tasmota", "--topics", "acme/#").values()
    with Client(broker.plain, "b12-1", password, mqtt.MQTTv5) as device:

        def heard() -> Any:
            device.publish("acme/plug1/tele/SENSOR", '{"ENERGY":{"Power":12}}')
            return hub.get("/api/devices", booth="b12")

        (found,) = until(heard, "the hub reads them")
    assert (found["kind"], found["name"]) == ("smart_plug", "acme/plug1")
    assert found["last"] == {"power": 12.0}
