"""Topics of a device's own: given to a booth while hub and broker run, and read at once."""

import json
from typing import Any

import paho.mqtt.client as mqtt
import pytest

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import Client, Secured, added, hub_command, passwords


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


def test_a_hub_at_the_exhibitors_listener_keeps_its_session(broker: Secured, tmp_path):
    """There the client id is the account's name, so a second connection would be the first's."""
    (password,) = added(broker, "b12").values()
    address = broker.hub.replace(f":{broker.port}", f":{broker.plain}")
    hub = Hub(tmp_path / "hub", address, data=broker.data)
    try:
        hub.start()
        with Client(broker.plain, "b12-1", password, mqtt.MQTTv5) as device:
            for number in range(20):
                topic = f"smartlife/v1/b12/thermostat/t{number}"
                assert device.publish(topic, '{"temperature": 21.5}') < 128
        until(lambda: hub.accounts()["accepted"] == 20, lambda: f"20 are there: {hub.accounts()}")
    finally:
        hub.close()
    assert "already connected, closing old connection" not in broker.said


def test_topics_that_the_hub_may_not_read_yet_cost_no_other(broker: Secured, tmp_path):
    zone = tmp_path / "zone.toml"
    native = '[{ dialect = "tasmota", topics = ["acme/#"] }]'
    zone.write_text(f'[[booth]]\nid = "b12"\nname = "Plugs"\nnative = {native}\n')
    hub = Hub(tmp_path / "hub", broker.hub, data=broker.data, zone=zone)
    try:
        hub.start()
        assert "refused to subscribe acme/#" in hub.said
        assert "refused to subscribe acme/#" in hub.health()[1]["parts"]["broker"]["message"]
        (password,) = added(broker, "b12", zone=zone).values()
        with Client(broker.plain, "b12-1", password, mqtt.MQTTv5) as device:
            device.publish("smartlife/v1/b12/thermostat/t1", '{"temperature": 21.5}')
            until(lambda: hub.device("b12", "thermostat", "t1"), "the booth is heard")

            def heard() -> Any:
                device.publish("acme/plug1/tele/SENSOR", '{"ENERGY":{"Power":12}}')
                return [item for item in hub.get("/api/devices") if item["kind"] == "smart_plug"]

            until(heard, "its own topics are read once there is the right")
        assert "acme" not in hub.health()[1]["parts"]["broker"]["message"]
    finally:
        hub.close()


def test_topics_may_go_to_another_booth(broker: Secured, tmp_path):
    zone, table = tmp_path / "zone.toml", '[[booth]]\nid = "{}"\nname = "x"\n'
    native = 'native = [{ dialect = "vda5050", topics = ["uagv/v2/MOVED/#"] }]\n'
    for owner in ("b61", "b62"):
        booths = [table.format(it) + native * (it == owner) for it in ("b61", "b62")]
        zone.write_text("".join(booths), encoding="utf-8")
        done = hub_command(broker, "booth", "add", "--from", str(zone), zone=zone)
        assert done.returncode == 0, done.stderr + done.stdout
    assert "uagv/v2/MOVED/#" in hub_reads(broker)


def hub_reads(broker: Secured) -> set[str]:
    """What the hub's role may subscribe to, as the broker keeps it."""
    kept = json.loads(broker.accounts.read_bytes())
    (role,) = [role for role in kept["roles"] if role["rolename"] == "hub"]
    return {acl["topic"] for acl in role["acls"] if acl["acltype"] == "subscribePattern"}


def test_the_right_to_read_goes_with_the_topics(broker: Secured, tmp_path):
    before = hub_reads(broker)
    added(broker, "b12", "--native", "tasmota", "--topics", "acme/#", "--topics", "acme-2/#")
    assert hub_reads(broker) == before | {"acme/#", "acme-2/#"}
    assert hub_command(broker, "booth", "remove", "b12").returncode == 0
    assert hub_reads(broker) == before


def test_what_the_zone_file_takes_away_is_the_booth_s_no_more(broker: Secured, tmp_path):
    before, zone = hub_reads(broker), tmp_path / "zone.toml"

    def planned(*topics: str) -> str:
        native = f'[{{ dialect = "tasmota", topics = {json.dumps(topics)} }}]' if topics else "[]"
        zone.write_text(f'[[booth]]\nid = "b12"\nname = "Plugs"\nnative = {native}\n')
        done = hub_command(broker, "booth", "add", "--from", zone, zone=zone)
        assert done.returncode == 0, done.stderr
        return done.stdout

    password = passwords(planned("acme/#", "acme-2/#"))["b12-1"]
    planned("acme/#")
    assert hub_reads(broker) == before | {"acme/#"}
    with Client(broker.plain, "b12-1", password, mqtt.MQTTv5) as device:
        assert device.publish("acme/x") < 128
        assert device.publish("acme-2/x") >= 128
    planned()
    assert hub_reads(broker) == before
