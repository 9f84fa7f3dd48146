"""Upgrade from an older hub under load; a copy of a running hub, put back on another machine."""

import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from harness import ROOT
from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until
from tests.integration.load import flood, publishing, repeated, settled, stored_steps

#: The data folder of the hub of 2026-11-22, killed: 50 stored readings, 50 that wait, 1 rejection.
OLDER = ROOT / "tests" / "data" / "folders" / "2026-11-22.tar.xz"


def _leave_a_session(broker: Mosquitto) -> None:
    """Leave the session that a hub which was stopped has at the broker."""
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, "smartlife-hub", protocol=mqtt.MQTTProtocolVersion.MQTTv5
    )
    kept = Properties(PacketTypes.CONNECT)
    kept.SessionExpiryInterval = 3_600
    subscribed: list[object] = []
    client.on_subscribe = lambda *given: subscribed.append(given)
    client.connect("127.0.0.1", broker.port, clean_start=False, properties=kept)
    client.loop_start()
    client.subscribe("smartlife/v1/#", qos=1)
    until(lambda: subscribed, "the older hub's subscription")
    client.disconnect()
    client.loop_stop()


def test_an_upgrade_under_load_loses_nothing_but_qos_0_of_the_time_between(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    _leave_a_session(mosquitto)
    hub = make_hub(mosquitto.url)
    with tarfile.open(OLDER) as older:
        older.extractall(hub.data)  # our own file; Python before 3.11.4 has no filter
    with publishing(tmp_path, mosquitto.port, booth) as load:
        flood(mosquitto, f"{booth}-qos0", range(10), qos=0)
        hub.start()
        before = hub.accounts()["received"]
        until(lambda: hub.accounts()["received"] > before + 500, "it takes the load")
        acknowledged = load.stop()
        accounts = settled(hub, 100 + acknowledged)
        stored = load.stored(hub)
        assert load.lost(stored) == {}
        assert repeated(stored) == {}
    assert accounts["accepted"] == 100 + acknowledged
    assert accounts["rejected"] == 1
    older_readings = hub.readings(
        "thermostat", booth="b01", device="t1", start="2026-11-01T00:00:00Z"
    )
    assert [row["fields"]["temperature"] for row in older_readings] == [
        round(20 + number / 100, 2) for number in range(100)
    ]
    assert hub.get("/api/rejections")[0]["errors"][0]["got"] == 412
    assert stored_steps(hub, f"{booth}-qos0") == [], "QoS 0 is not queued for a hub that is away"


def _hub(*words: object, **settings: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hub", *map(str, words)],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_copy_made_under_load_goes_on_on_another_machine(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    first, copy = make_hub(mosquitto.url).start(), tmp_path / "copy"
    flood(mosquitto, booth, range(100))
    settled(first, 100)
    with publishing(tmp_path, mosquitto.port, f"{booth}-load") as load:
        until(lambda: first.accounts()["received"] > 500, "it is under load")
        _hub("backup", copy, data=first.data)
        load.stop()
    first.kill()

    second = make_hub(mosquitto.url)
    _hub("restore", copy, data=second.data)
    flood(mosquitto, booth, range(100, 200))
    second.start()
    until(lambda: len(stored_steps(second, booth)) >= 200, "what was sent meanwhile")
    assert stored_steps(second, booth) == list(range(200))
    assert repeated(load.stored(second)) == {}
    settled(second, 0)
