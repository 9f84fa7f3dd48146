"""The wall of several hubs: each device of each hub, as a single hub would show it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import pytest

from harness.hub import Hub, HubWall
from harness.influx_shim import TOKEN, Influx, Shim
from harness.influxd import Influxd
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until

ROOT = "smartlife/v1"
READING = json.dumps({"temperature": 21.5})


class Cluster(NamedTuple):
    """Two hubs that share the readings, the wall of both, and one hub that takes all."""

    hubs: tuple[Hub, Hub]
    wall: HubWall
    single: Hub
    influx: Influx
    client: paho.Client

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        said = self.client.publish(f"{ROOT}/{topic}", payload, qos=1, retain=retain)
        said.wait_for_publish(DEADLINE)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    broker, influxd = Mosquitto(folder / "mosquitto"), Influxd(folder / "influxd")
    shim = Shim(influxd)
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    hubs: list[Hub] = []
    try:
        broker.start()
        influxd.start().create("expo")
        influx = Influx(influxd, shim.start(), "expo")
        shared = {"store": influx.address, "influx_token": TOKEN, "group": "seoul"}
        hubs += [Hub(folder / name, broker.url, client_id=name, **shared) for name in ("h1", "h2")]
        hubs += [
            Hub(folder / "single", broker.url, client_id="single"),
            HubWall(folder / "wall", broker.url, **shared),
        ]
        for hub in hubs:
            hub.launch_hub()
        for hub in hubs:
            until(hub.well, lambda: f"it is well; it said:\n{hub.said}")  # noqa: B023 - at once
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        h1, h2, single, wall = hubs
        assert isinstance(wall, HubWall)
        yield Cluster((h1, h2), wall, single, influx, client)
    finally:
        client.disconnect()
        client.loop_stop()
        for hub in hubs:
            hub.close()
        shim.close()
        influxd.close()
        broker.kill()


def _shown(hub: Hub, booth: str) -> dict[str, tuple[str, Any, int]]:
    found = hub.get("/api/devices", booth=booth)
    return {item["device"]: (item["state"], item["last"], item["readings"]) for item in found}


def test_it_shows_every_device_of_every_hub_as_a_single_hub_does(cluster: Cluster):
    for number in range(20):
        for device in ("t1", "t2", "t3"):
            cluster.publish(f"b1/thermostat/{device}", json.dumps({"temperature": 20 + number}))
    cluster.publish("b1/thermostat/t3/status", "offline", retain=True)
    expected = {
        "t1": ("live", {"temperature": 39}, 20),
        "t2": ("live", {"temperature": 39}, 20),
        "t3": ("offline", {"temperature": 39}, 20),
    }
    for hub in (cluster.single, cluster.wall):
        until(lambda: _shown(hub, "b1") == expected, lambda: f"{_shown(hub, 'b1')}")  # noqa: B023
    shares = [_shown(hub, "b1")["t1"][2] for hub in cluster.hubs]
    assert sum(shares) == 20
    assert min(shares) > 0


def test_it_reads_history_and_rejections_from_the_store_that_the_hubs_share(cluster: Cluster):
    cluster.publish("b2/thermostat/t1", READING)
    cluster.publish("b2/thermostat/t1", '{"temperature": "hot"}')
    until(lambda: cluster.wall.get("/api/rejections", booth="b2"), "the rejection is there")
    (found,) = cluster.wall.get("/api/rejections", booth="b2")
    (same,) = cluster.single.get("/api/rejections", booth="b2")
    assert found | {"at": ""} == same | {"at": ""}
    until(lambda: cluster.wall.readings("thermostat", booth="b2"), "the reading is there")


def test_its_health_counts_the_hubs_and_its_accounts_are_theirs(cluster: Cluster):
    for number in range(10):
        cluster.publish(f"b3/thermostat/t{number}", READING)

    def hubs() -> tuple[object, object]:
        part = cluster.wall.health()[1]["parts"]["hubs"]
        return part["hubs"], part["well"]

    until(lambda: hubs() == (2, 2), lambda: f"both hubs are well: {cluster.wall.health()}")
    until(lambda: cluster.wall.accounts()["accepted"] >= 10, "their accounts have come")


def test_a_hub_that_gets_a_share_judges_nobody_silent_and_the_wall_does(cluster: Cluster):
    def states() -> list[str]:
        rows = cluster.wall.readings("device_state", booth="b4")
        return [row["fields"]["state"] for row in rows]

    cluster.publish("b4/thermostat/t1", READING)
    until(lambda: states() == ["live"], lambda: f"it is live: {states()}")
    cluster.publish("b4/thermostat/t1/status", "offline")
    until(lambda: states() == ["live", "offline"], lambda: f"each state once: {states()}")


def test_a_wall_that_starts_later_shows_what_was_there_before(cluster: Cluster, tmp_path: Path):
    cluster.publish("b5/thermostat/t1", READING)
    states = {"kind": "device_state", "booth": "b5"}
    until(lambda: cluster.wall.get("/api/readings", **states), "its state is stored")
    settings = {name: str(value) for name, value in cluster.wall.settings.items()}
    broker = settings.pop("broker")
    later = HubWall(
        tmp_path / "later", broker, **{k: settings[k] for k in ("store", "influx_token", "group")}
    )
    try:
        later.start()
        until(lambda: "t1" in _shown(later, "b5"), "the device of before is there")
        assert _shown(later, "b5")["t1"][0] == "offline"
    finally:
        later.close()


def test_hubs_divide_the_booths(cluster: Cluster, tmp_path: Path):
    plan = tmp_path / "zone.toml"
    plan.write_text(
        '[[zone]]\nid = "hall-a"\nname = "A"\n'
        '[[booth]]\nid = "b8"\nname = "x"\nzone = "hall-a"\n[[booth]]\nid = "b9"\nname = "y"\n',
        encoding="utf-8",
    )
    broker = str(cluster.single.settings["broker"])
    hub = Hub(tmp_path / "hall-a", broker, zone=plan, booths="hall-a", client_id="hall-a")
    try:
        hub.start()
        for topic in ("b9/thermostat/t1", "b8/thermostat/t1"):
            cluster.publish(topic, READING)
        hub.wait_for("accepted", 1)
        assert hub.accounts()["received"] == 1
        assert list(_shown(hub, "b8")) == ["t1"]
    finally:
        hub.close()


def test_walls_share_the_work_by_booth_and_by_domain(cluster: Cluster, tmp_path: Path):
    settings = {k: cluster.wall.settings[k] for k in ("store", "influx_token", "group")}
    broker = str(cluster.wall.settings["broker"])
    walls = [
        HubWall(tmp_path / "booth", broker, booths="b6", **settings),
        HubWall(tmp_path / "domain", broker, domains="mobility", **settings),
    ]
    try:
        for wall in walls:
            wall.start()
        for topic in ("b6/thermostat/t1", "b7/thermostat/t1"):
            cluster.publish(topic, READING)
        kinds = cluster.wall.get("/api/kinds")
        kind = next(item for item in kinds if item["domain"] == "mobility")
        cluster.publish(f"b7/{kind['name']}/m1", json.dumps(kind["example"]))
        booth, domain = walls
        until(lambda: "t1" in _shown(booth, "b6"), "the booth's wall shows it")
        until(lambda: "m1" in _shown(domain, "b7"), "the domain's wall shows it")
        assert _shown(booth, "b7") == {}
        assert {item["domain"] for item in domain.get("/api/devices")} == {"mobility"}
    finally:
        for wall in walls:
            wall.close()
