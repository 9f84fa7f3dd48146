"""From publishers over Mosquitto and `hub run` to InfluxDB: each reading is there, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.hub import Hub
from harness.influx_shim import ORG, TOKEN, Influx
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.load import publishing, repeated, settled

COUNTED = (("stream_meter", "errors"), ("wearable", "steps"), ("smart_plug", "energy"))
"""The kinds that are published, with the field that numbers their readings."""


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "mosquitto")
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture
def hub(mosquitto: Mosquitto, mortal_influx: Influx, tmp_path: Path) -> Iterator[Hub]:
    settings = {"store": mortal_influx.address, "influx_token": TOKEN, "log": "debug"}
    started = Hub(tmp_path / "hub", mosquitto.url, **settings)
    try:
        yield started.start()
    finally:
        started.close()


def after(hub: Hub, more: int) -> None:
    """Wait until so many more messages have been received."""
    before = hub.accounts()["received"]
    until(lambda: hub.accounts()["received"] >= before + more, f"{more} more are received")


def test_influxdb_and_the_hub_die_and_every_reading_is_there_once(
    mosquitto: Mosquitto, mortal_influx: Influx, hub: Hub, tmp_path: Path
):
    influxd = mortal_influx.influxd
    with publishing(tmp_path, mosquitto.port, "b1", rate=900) as load:
        after(hub, 500)
        influxd.kill()
        until(lambda: "does not answer" in hub.part("store"), "health says that InfluxDB is away")
        assert hub.health()[1]["parts"]["store"]["state"] == "away"
        assert hub.well(), "the hub takes and keeps readings"
        after(hub, 300)
        hub.kill()
        hub.start()
        after(hub, 300)
        influxd.start()
        after(hub, 300)
        hub.kill()
        influxd.kill()
        influxd.start()
        hub.start()
        after(hub, 300)
        acknowledged = load.stop()
        accounts = settled(hub, acknowledged)
        stored = load.stored(hub)
        assert load.lost(stored) == {}
        assert repeated(stored) == {}
    assert accounts["refused"] == accounts["rejected"] == 0
    counted = sum(influxd.count("expo", kind, field) for kind, field in COUNTED)
    assert counted == accounts["stored"] == accounts["accepted"] == acknowledged
    assert hub.health()[1]["parts"]["store"]["state"] == "ok"
    assert TOKEN not in hub.said
    assert ORG not in hub.said
