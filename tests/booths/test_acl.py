"""What a booth's account may do at a real broker with the shipped configuration, and what not."""

import json

import paho.mqtt.client as mqtt
import pytest

from tests.booths.secured import ADMIN, HUB, Client, granted, refused

TOPIC = "smartlife/v1/b12/thermostat/t1"
DENIED = 135
"""Not authorized (MQTT 5)."""


@pytest.fixture
def watcher(event):
    """The hub's account, which sees everything under the root."""
    with Client(event.broker.port, "hub", HUB, mqtt.MQTTv5) as client:
        assert granted(client, ["smartlife/v1/#"])
        yield client


def test_a_device_publishes_readings_and_its_state(event, version, watcher):
    with event.device("b12-1", version) as device:
        for topic in (TOPIC, f"{TOPIC}/status", "smartlife/v1/b12/light/l1"):
            assert device.publish(topic, topic) == 0
            assert watcher.next() == (topic, topic.encode())


def test_a_wrong_topic_within_the_booth_reaches_the_hub_which_says_why(event, version, watcher):
    with event.device("b12-1", version) as device:
        device.publish("smartlife/v1/b12/typo", "x")
        assert watcher.next().topic == "smartlife/v1/b12/typo"


ELSEWHERE = [
    "smartlife/v1/b13/thermostat/t1",
    "smartlife/v1/b13/thermostat/t1/status",
    "smartlife/v1/b1/thermostat/t1",
    "smartlife/v1/b120/thermostat/t1",
    "smartlife/v1/readings",
    "smartlife/v2/b12/thermostat/t1",
    f"{TOPIC}/errors",
    f"{TOPIC}/receipts",
    f"{TOPIC}/mine/receipts",
    f"{TOPIC}/mine/7/receipts",
    "somewhere/else",
    "$SYS/broker/version",
]


@pytest.mark.parametrize("topic", ELSEWHERE)
@pytest.mark.parametrize("qos", [0, 1])
def test_a_device_publishes_nowhere_else(event, version, watcher, topic, qos):
    with event.device("b12-1", version) as device:
        code = device.publish(topic, "stolen", qos)
        if version == mqtt.MQTTv5 and qos:
            assert code == DENIED
        device.publish(TOPIC, "the next")
        assert watcher.next().payload == b"the next"


def test_a_device_gives_no_commands_to_the_broker(event, version, watcher):
    control = "$CONTROL/dynamic-security/v1"
    command = {"command": "createRole", "rolename": "stolen"}
    with event.device("b12-1", version) as device:
        device.publish(control, json.dumps({"commands": [command]}))
        device.publish(TOPIC, "the next")
        assert watcher.next().payload == b"the next"
    assert "stolen" not in event.broker.accounts.read_text(encoding="utf-8")


@pytest.mark.parametrize("leaf", ["errors", "errors/short", "receipts"])
@pytest.mark.parametrize("pattern", ["thermostat/t1", "+/+", "light/+"])
def test_a_device_reads_what_the_hub_says_to_its_booth(event, version, watcher, leaf, pattern):
    with event.device("b12-1", version) as device:
        assert granted(device, [f"smartlife/v1/b12/{pattern}/{leaf}"])
        topic = f"smartlife/v1/b12/{'light' if 'light' in pattern else 'thermostat'}/t1/{leaf}"
        assert watcher.publish(topic, "told") == 0
        assert device.next() == (topic, b"told")


OTHERS = [
    "#",
    "+/#",
    "$SYS/#",
    "$SYS/broker/clients/total",
    "$CONTROL/#",
    "$CONTROL/dynamic-security/v1/response",
    "smartlife/#",
    "smartlife/v1/#",
    "smartlife/v1/+/+/+",
    "smartlife/v1/+/+/+/errors",
    "smartlife/v1/+/thermostat/t1/errors",
    "smartlife/v1/b13/#",
    "smartlife/v1/b13/thermostat/t1",
    "smartlife/v1/b13/+/+/errors",
    "smartlife/v1/b12/#",
    "smartlife/v1/b12/+/+",
    "smartlife/v1/b12/+/+/+",
    "smartlife/v1/b12/+/+/status",
    "$share/thieves/smartlife/v1/#",
    "$share/thieves/smartlife/v1/b13/+/+/errors",
]


def test_a_device_subscribes_to_nothing_else(event, version, watcher):
    with event.device("b12-1", version) as device:
        assert granted(device, OTHERS) == []
        with event.device("b13-1", version) as other:
            other.publish("smartlife/v1/b13/thermostat/t1", "private")
        assert watcher.next().payload == b"private"
        assert granted(device, [f"{TOPIC}/errors"])
        watcher.publish(f"{TOPIC}/errors", "the next")
        assert device.next().payload == b"the next"


def test_an_account_cannot_take_another_s_session(event, version):
    """At the exhibitors' listener a client is who its account is, whatever it says."""
    with event.device("b12-2", version, client_id="b12-2") as victim:
        with event.device("b12-1", version, client_id="b12-2"):
            assert victim.publish(TOPIC, "still here") < DENIED
        assert victim.connected


def test_an_account_cannot_take_the_hub_s_session(event, version):
    hub = Client(event.broker.port, "hub", HUB, mqtt.MQTTv5, client_id="smartlife-hub")
    with hub, event.device("b12-1", version, client_id="smartlife-hub") as thief:
        assert thief.publish(TOPIC, "x") < DENIED
        assert hub.publish(f"{TOPIC}/errors", "still here") < DENIED
        assert hub.connected


@pytest.mark.parametrize("name", ["", "admin", "admin.control", "b12-1"])
def test_the_admin_s_account_does_not_get_in_where_exhibitors_connect(event, version, name):
    """Not even with its password and its client id: there the id is the account's name."""
    code = refused(event.broker.plain, "admin", ADMIN, version, client_id=name)
    assert code in {134, 135}
    with Client(event.broker.port, "admin", ADMIN, version, client_id="admin.control"):
        pass


@pytest.mark.parametrize("name", ["smartlife-hub", "b13-1", "b12-2"])
def test_at_the_hub_s_listener_an_account_has_its_own_client_id_or_none(event, version, name):
    password = event.passwords["b12-1"]
    assert refused(event.broker.port, "b12-1", password, version, client_id=name) in {134, 135}
    with Client(event.broker.port, "b12-1", password, version, client_id="b12-1"):
        pass


def test_a_wrong_password_is_refused(event, version):
    for account, password in (
        ("b12-1", "wrong"),
        ("b12-1", ""),
        ("b12-1", event.passwords["b12-2"]),
        ("b99-1", event.passwords["b12-1"]),
        ("hub", event.passwords["b12-1"]),
        (None, None),
    ):
        for port in (event.broker.plain, event.broker.port):
            assert refused(port, account, password, version) in {134, 135}


def test_a_reading_of_the_largest_size_is_taken_and_a_retained_megabyte_is_not(event, version):
    """What one message can make the broker hold is bounded by max_packet_size."""
    topic = "smartlife/v1/b12/thermostat/largest"
    with event.device("b12-1", version) as device:
        assert device.publish(topic, "x" * 65_537) < 128
        device._mqtt.publish(topic, "x" * 1_000_000, 1, retain=True)
        device.wait_until_gone()
