"""The hub under its own account: it needs no more rights, and tells each booth what it needs."""

import json
import subprocess

import paho.mqtt.client as mqtt
import pytest

from harness.hub import Hub
from harness.process import program
from harness.wait import DEADLINE, until
from tests.booths.secured import HUB, NAMES, Client, granted, hub_command, passwords

TOPIC = "smartlife/v1/b12/thermostat/{}"


@pytest.fixture(scope="module")
def hub(event, tmp_path_factory):
    server = Hub(tmp_path_factory.mktemp("hub"), event.broker.hub, http=None)
    server.settings["http"] = server.url.removeprefix("http://")
    server.settings["data"] = event.broker.data
    try:
        yield server.start()
    finally:
        server.close()


def stored(hub, device):
    return [row for row in hub.readings("thermostat") if row["device"] == device]


def test_readings_of_a_booth_s_account_are_stored(event, hub, version):
    device = f"stored-{version}"
    with event.device("b12-1", version) as client:
        client.publish(f"{TOPIC.format(device)}/status", "online")
        client.publish(TOPIC.format(device), '{"temperature": 21.5}')
    until(lambda: stored(hub, device), "a stored reading")


def test_a_booth_is_told_why_a_reading_was_rejected(event, hub, version):
    topic = TOPIC.format(f"told-{version}")
    with event.device("b12-1", version) as client:
        assert granted(client, [f"{topic}/errors"])
        client.publish(topic, '{"temperature": 412}')
        came = client.next()
        assert came.topic == f"{topic}/errors"
        assert json.loads(came.payload)["code"] == "schema"


def test_mosquitto_sub_hears_the_rejection_in_both_versions(event, hub, version):
    topic = TOPIC.format(f"sub-{version}")
    name = NAMES[version].replace(".", "")
    command = [program("mosquitto_sub"), "-V", name, "-p", str(event.broker.plain), "-C", "1"]
    command += ["-W", "20", "-u", "b12-2", "-P", event.passwords["b12-2"], "-q", "1"]
    command += ["-t", f"{topic}/errors"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listening:
        until(lambda: f"b12-2 1 {topic}/errors" in event.broker.said, "it has subscribed")
        with event.device("b12-1", version) as client:
            client.publish(topic, '{"temperature": "21.5"}')
        assert listening.stdout is not None
        said = listening.stdout.read()
    assert '"code": "schema"' in said


@pytest.mark.parametrize("below", ["", "/mine", "/mine/7"])
@pytest.mark.parametrize("payload", ['{"temperature": 21}', '{"temperature": 412}'])
def test_a_booth_gets_its_receipt(event, hub, payload, below):
    topic = TOPIC.format("receipt")
    command = [program("mosquitto_rr"), "-V", "5", "-W", "20", "-p", str(event.broker.plain)]
    command += ["-u", "b12-1", "-P", event.passwords["b12-1"], "-q", "1", "-t", topic]
    command += ["-e", f"{topic}{below}/receipts", "-m", payload]
    done = subprocess.run(command, check=True, timeout=DEADLINE, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert said.get("stored") or said["code"] == "schema"


def test_a_receipt_is_never_written_into_another_booth(event, hub):
    with Client(event.broker.port, "hub", HUB, mqtt.MQTTv5) as watcher:
        granted(watcher, ["smartlife/v1/b13/#"])
        command = [program("mosquitto_pub"), "-V", "5", "-p", str(event.broker.plain), "-q", "1"]
        command += ["-u", "b12-1", "-P", event.passwords["b12-1"], "-m", '{"temperature": 21}']
        command += ["-t", TOPIC.format("thief")]
        command += ["-D", "publish", "response-topic", "smartlife/v1/b13/thermostat/t1/receipts"]
        subprocess.run(command, check=True, timeout=DEADLINE)
        until(lambda: stored(hub, "thief"), "a stored reading")
        with event.device("b13-1", mqtt.MQTTv5) as other:
            other.publish("smartlife/v1/b13/thermostat/t1", '{"temperature": 21}')
        assert watcher.next().topic == "smartlife/v1/b13/thermostat/t1"


def test_the_hub_s_account_reads_what_is_under_its_root_and_nothing_else(event, version):
    with Client(event.broker.port, "hub", HUB, version) as client:
        assert granted(client, ["smartlife/v1/#", "smartlife/v1/+/+/+/status"])
        assert granted(client, ["#", "$SYS/#", "$CONTROL/#", "smartlife/#", "else/v1/#"]) == []
        assert granted(client, ["$share/hub/smartlife/v1/#"]) == [], "it is in no group"


FORBIDDEN = [
    "smartlife/v1/b12/thermostat/t1",
    "smartlife/v1/b12/thermostat/t1/status",
    "smartlife/v1/b12/thermostat/t1/errors/x",
    "somewhere/else",
    "$CONTROL/dynamic-security/v1",
]


def test_the_hub_s_account_publishes_its_answers_and_nothing_else(event):
    with Client(event.broker.port, "hub", HUB, mqtt.MQTTv5) as client:
        for leaf in ("errors", "receipts"):
            assert client.publish(f"smartlife/v1/b12/thermostat/t1/{leaf}") < 128
        assert [client.publish(topic) for topic in FORBIDDEN] == [135] * len(FORBIDDEN)


def test_the_admin_s_account_makes_accounts_and_reads_nothing(event):
    address = event.broker.admin.partition("//")[2].partition("@")[0]
    account, _, password = address.partition(":")
    control = Client(event.broker.port, account, password, mqtt.MQTTv5, client_id="admin.control")
    with control as client:
        assert granted(client, ["#", "smartlife/v1/#", "$SYS/#", "smartlife/v1/b12/#"]) == []
        assert client.publish("smartlife/v1/b12/thermostat/t1") == 135


def test_a_hub_in_a_group_has_the_rights_it_needs(tmp_path, make_secured, version):
    broker = make_secured(group="hubs")
    with Client(broker.port, "hub", HUB, version) as client:
        assert granted(client, ["$share/hubs/smartlife/v1/#", "smartlife/v1/+/+/+/status"])
        assert granted(client, ["$share/others/smartlife/v1/#"]) == []
    if version == mqtt.MQTTv5:
        hub = Hub(tmp_path / "hub", broker.hub, group="hubs")
        try:
            hub.start()
        finally:
            hub.close()


def test_the_list_shows_what_each_booth_has_connected(event, hub):
    with event.device("b13-1", mqtt.MQTTv5) as client:
        client.publish("smartlife/v1/b13/light/l1", '{"on": true}')
        client.publish("smartlife/v1/b13/light/l1/status", "online")

        def listed():
            done = hub_command(event.broker, "booth", "list", http=hub.settings["http"])
            assert done.returncode == 0, done.stderr
            return "light/l1 live" in done.stdout

        until(listed, "the light is in the list")


def test_an_account_that_is_added_while_the_hub_runs_works_at_once(event, hub, version):
    booth = f"late-{version}"
    made = passwords(hub_command(event.broker, "booth", "add", booth).stdout)
    topic = f"smartlife/v1/{booth}/thermostat/{booth}"
    with Client(event.broker.plain, f"{booth}-1", made[f"{booth}-1"], version) as client:
        client.publish(topic, '{"temperature": 20}')
    until(lambda: stored(hub, booth), "a stored reading")
