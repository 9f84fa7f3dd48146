"""What a real broker refuses a booth's account stands on the booth's page, with the way out."""

import asyncio
import contextlib
import json
from typing import Any

import paho.mqtt.client as mqtt
import pytest

from harness.hub import Hub
from harness.mosquitto import keeps_to_receive_maximum, mosquittos
from harness.wait import eventually, until
from hub.booths.acl import BROKER_LOG
from hub.booths.registry import Registry
from hub.clock import HeldClock
from hub.live.log_ins import PATIENCE, LogIns
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import log_filters
from hub.mqtt.subscriber import Subscriber
from hub.settings.values import BrokerAddress
from tests.booths.secured import HUB, NAMES, Client, Secured, added, hub_command, refused

TOPIC = "smartlife/v1/{}/thermostat/t1"


@pytest.fixture(scope="module", params=list(mosquittos()))
def broker(request, tmp_path_factory):
    server = Secured(tmp_path_factory.mktemp("broker"), version=request.param)
    try:
        yield server.begin()
    finally:
        server.kill()


@pytest.fixture(scope="module")
def hub(broker, tmp_path_factory):
    server = Hub(tmp_path_factory.mktemp("hub"), broker.hub, http=None, data=broker.data)
    server.settings["public_broker"] = f"mqtt://127.0.0.1:{broker.plain}"
    server.settings["http"] = server.url.removeprefix("http://")
    try:
        server.start()
        until(lambda: page(server, "b0")["at_broker"] is not None, "the broker's log is read")
        yield server
    finally:
        server.close()


@pytest.fixture
def names(broker):
    """Whether the broker says whose log-in it refused: from 2.0.13 on."""
    return keeps_to_receive_maximum(broker.version)


def page(hub: Hub, booth: str) -> dict[str, Any]:
    said: dict[str, Any] = hub.get(f"/api/booths/{booth}")
    return said


def told(hub: Hub, booth: str, code: str) -> dict[str, Any]:
    """Wait until the page of a booth tells of a refusal."""

    def find() -> dict[str, Any] | None:
        items = page(hub, booth)["at_broker"]["refusals"]
        return next((item for item in items if item["code"] == code), None)

    return until(find, lambda: f"{code} is told: {page(hub, booth)['at_broker']}")


def device(broker: Secured, booth: str, password: str, version: Any = mqtt.MQTTv5) -> Client:
    return Client(broker.plain, f"{booth}-1", password, version)


def given(broker: Secured, booth: str) -> str:
    """Add a booth, and return the password of its one account."""
    return added(broker, booth)[f"{booth}-1"]


def step(hub: Hub, booth: str) -> tuple[str, str]:
    """The first step that is not done, and how it stands."""
    item = next(item for item in page(hub, booth)["checklist"] if item["state"] != "done")
    return item["step"], item["state"]


def test_a_connected_account_is_seen_before_it_sends_anything(broker, hub, version):
    booth = f"b20-{version}"
    password = given(broker, booth)
    assert step(hub, booth) == ("connected", "next")
    with device(broker, booth, password, version):
        (found,) = until(lambda: page(hub, booth)["at_broker"]["connected"], "it is connected")
        assert (found["account"], found["version"]) == (f"{booth}-1", NAMES[version])
        assert step(hub, booth) == ("topic", "next")
    until(lambda: not page(hub, booth)["at_broker"]["connected"], "it is gone")
    assert step(hub, booth) == ("connected", "next")


def test_a_refused_log_in_is_told(broker, hub, version, names):
    booth = f"b21-{version}"
    password = given(broker, booth)
    for _ in range(2):
        refused(broker.plain, f"{booth}-1", "wrong", version)
    item = told(hub, booth, "refused" if names else "strangers")
    assert item["account"] == (f"{booth}-1" if names else "")
    assert "password" in item["message"]
    assert "비밀번호" in item["message_ko"]
    until(lambda: page(hub, booth)["at_broker"]["refusals"][0]["count"] >= 2, "both are counted")
    assert step(hub, booth) == ("connected", "wrong" if names else "next")
    with device(broker, booth, password, version):
        until(lambda: page(hub, booth)["at_broker"]["connected"], "it is connected")
        assert page(hub, booth)["at_broker"]["refusals"] == []


def test_a_log_in_with_a_disabled_account_is_told(broker, hub, names):
    password = given(broker, "b22")
    assert hub_command(broker, "booth", "disable", "b22").returncode == 0
    refused(broker.plain, "b22-1", password, mqtt.MQTTv5)
    told(hub, "b22", "refused" if names else "strangers")
    assert page(hub, "b22")["account"]["disabled"]


def test_a_name_that_is_nearly_the_account_s_is_told_with_it(broker, hub, names):
    for booth, name in ("b33", "B33-1"), ("b34", "b34_1"), ("b35", " b35-1"), ("b36", "b36"):
        given(broker, booth)
        refused(broker.plain, name, "x", mqtt.MQTTv5)
        item = told(hub, booth, "name" if names else "strangers")
        assert not names or f"exactly {booth}-1" in item["message"]


def test_a_message_above_the_broker_s_limit_is_told(broker, hub, version):
    booth = f"b24-{version}"
    client = device(broker, booth, given(broker, booth), version)
    with contextlib.closing(client):
        client.connect()
        client._mqtt.publish(TOPIC.format(booth), "x" * 100_000, 1)
        client.wait_until_gone()
    assert "64 KiB" in told(hub, booth, "too_large")["message"]
    assert step(hub, booth) == ("connected", "wrong")


def test_a_topic_that_the_broker_cannot_take_is_told(broker, hub):
    client = device(broker, "b25", given(broker, "b25"))
    with contextlib.closing(client):
        client.connect()
        client._mqtt.publish("a/" * 250, "x", 1)
        client.wait_until_gone()
    assert "200 levels" in told(hub, "b25", "malformed")["message"]


def test_devices_that_share_an_account_are_told(broker, hub, version):
    booth = f"b26-{version}"
    password = given(broker, booth)
    with contextlib.ExitStack() as devices:
        for _ in range(4):
            devices.enter_context(device(broker, booth, password, version))
        item = told(hub, booth, "taken_over")
        assert item["count"] == 3
        assert [one["account"] for one in page(hub, booth)["at_broker"]["connected"]] == [
            f"{booth}-1"
        ]


def test_another_booth_is_told_nothing_of_it(broker, hub, names):
    given(broker, "b27")
    password = given(broker, "b28")
    with device(broker, "b28", password):
        until(lambda: page(hub, "b28")["at_broker"]["connected"], "it is connected")
        refused(broker.plain, "b27-1", "wrong", mqtt.MQTTv5)
        told(hub, "b27", "refused" if names else "strangers")
        assert page(hub, "b28")["at_broker"]["refusals"] == []


def test_a_password_that_was_typed_as_the_name_is_shown_nowhere(broker, hub):
    password = given(broker, "b29")
    refused(broker.plain, password, "b29-1", mqtt.MQTTv5)
    told(hub, "b29", "strangers")
    assert password not in str(page(hub, "b29"))


DROPPED = {
    "slash": "/smartlife/v1/{}/thermostat/t1",
    "root": "smartlife/{}/thermostat/t1",
    "booth": "smartlife/v1/b99/thermostat/t1",
}


@pytest.mark.parametrize("what", DROPPED)
async def test_a_device_whose_messages_are_all_dropped_is_told(broker, version, what):
    """No Mosquitto says that it drops them, but that the account is connected."""
    booth, clock = f"{what}-{version}", HeldClock()
    password = await asyncio.to_thread(given, broker, booth)
    log_ins = LogIns("smartlife/v1", Registry(broker.data).owner, clock)
    async with following(broker, log_ins):
        client = device(broker, booth, password, version)
        await asyncio.to_thread(client.connect)
        with contextlib.closing(client):
            await asyncio.to_thread(client.publish, DROPPED[what].format(booth))
            await eventually(lambda: known(log_ins, booth).connected)
            assert known(log_ins, booth).refusals == []
            clock.advance(PATIENCE)
            (item,) = known(log_ins, booth).refusals
            assert item.code == "silent"
            assert f"smartlife/v1/{booth}/" in item.message.en
            assert f"smartlife/v1/{booth}/" in item.message.ko


def known(log_ins: LogIns, booth: str) -> Any:
    return log_ins.of(booth, [f"{booth}-1"], {f"{booth}-1"})


@contextlib.asynccontextmanager
async def following(broker: Secured, log_ins: LogIns) -> Any:
    async def nothing(_: object = None) -> None:
        pass

    source = Subscriber(
        Broker(BrokerAddress.parse(broker.hub), "follower"),
        log_filters(BROKER_LOG),
        log_ins.receive,
        nothing,
        [],
        nothing,
        session_expiry=0,
        noticed=log_ins.noticed,
    )
    running = asyncio.create_task(source.run())
    await source.ready.wait()
    yield
    running.cancel()
    await asyncio.wait({running})
    assert not log_ins.reading


def test_how_many_messages_the_broker_retains_is_read(broker, hub):
    def count() -> float:
        (line,) = (line for line in hub.metrics() if line.startswith("hub_broker_retained "))
        return float(line.split()[1])

    until(lambda: count() > 0, "the broker's own count, which it says each 10 s")


def test_a_hub_that_may_not_read_the_log_says_so_and_works(tmp_path):
    broker = Secured(tmp_path / "broker")
    assert hub_command(broker, "booth", "init", "--out", broker.accounts).returncode == 0
    accounts = json.loads(broker.accounts.read_text(encoding="utf-8"))
    for role in accounts["roles"]:
        role["acls"] = [acl for acl in role["acls"] if acl["topic"] not in BROKER_LOG]
    broker.accounts.write_text(json.dumps(accounts), encoding="utf-8")
    public = f"mqtt://127.0.0.1:{broker.plain}"
    hub = Hub(tmp_path / "hub", broker.hub, data=broker.data, public_broker=public)
    try:
        broker.start()
        hub.start()
        until(lambda: f"refused to subscribe {BROKER_LOG[0]}" in hub.said, "it says so")
        assert hub.well()
        assert page(hub, "b0")["at_broker"] is None
    finally:
        hub.close()
        broker.kill()


def test_an_exhibitor_reads_nothing_of_the_log(broker):
    with device(broker, "b32", given(broker, "b32")) as client:
        assert [client.subscribe(topic) for topic in (*BROKER_LOG, "$SYS/#")] == [135] * 3


def test_the_hub_reads_no_more_of_the_log_than_it_needs(broker):
    with Client(broker.port, "hub", HUB, mqtt.MQTTv5) as client:
        topics = ["$SYS/broker/log/#", "$SYS/broker/log/I", "$SYS/broker/log/M/subscribe"]
        assert [client.subscribe(topic) for topic in topics] == [135] * 3
