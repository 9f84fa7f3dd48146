"""SIGHUP: the hub reads its zone file again."""

import os
import signal

import paho.mqtt.publish

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.cli.test_cli import hub as command
from tests.web.conftest import ZONE


def test_a_hangup_reads_it_again(standing_mosquitto: Mosquitto, tmp_path):
    own = tmp_path / "zone.toml"
    own.write_text(ZONE, encoding="utf-8")
    hub = Hub(tmp_path / "hub", standing_mosquitto.url, zone=own, client_id="hangup-hub")
    try:
        hub.start()
        own.write_text(ZONE.replace("Warm homes", "Cool homes"), encoding="utf-8")
        os.kill(hub.pid, signal.SIGHUP)
        until(lambda: "Cool homes" in str(hub.get("/api/zone")), "the new name is shown")
        own.write_text("[event", encoding="utf-8")
        os.kill(hub.pid, signal.SIGHUP)
        until(lambda: "zone" in hub.health()[1]["parts"], "the mistake is told")
        until(hub.well, lambda: f"a mistake in the file stops nothing: {hub.health()}")
        assert "Cool homes" in str(hub.get("/api/zone"))
        http = str(hub.settings["http"])
        done = command("doctor", cwd=tmp_path, HUB_BROKER=standing_mosquitto.url, HUB_HTTP=http)
        assert done.returncode == 1
        assert f"a hub runs at {http}, and its zone is stale: HUB_ZONE" in done.stdout
    finally:
        hub.close()


def test_topics_of_a_maker_s_own_follow_the_file(standing_mosquitto: Mosquitto, tmp_path):
    zone = tmp_path / "zone.toml"
    zone.write_text('[[booth]]\nid = "n12"\nname = "x"\n', encoding="utf-8")
    hub = Hub(tmp_path / "hub", standing_mosquitto.url, zone=zone, client_id="native-hub")
    native = '[[booth.native]]\ndialect = "tasmota"\ntopics = ["tele/hangup-plug/#"]\n'
    try:
        hub.start()
        connected = hub.said.count("connected to")
        zone.write_text(f"{zone.read_text(encoding='utf-8')}{native}", encoding="utf-8")
        os.kill(hub.pid, signal.SIGHUP)
        until(lambda: "was read again" in hub.said, "the file was read")
        said = '{"ENERGY": {"Power": 56, "Total": 514.1}}'
        topic = "tele/hangup-plug/SENSOR"

        def shown():
            paho.mqtt.publish.single(topic, said, 1, port=standing_mosquitto.port)
            return hub.device("n12", "smart_plug", "hangup-plug")

        until(shown, "the plug is there")
        assert hub.said.count("connected to") == connected
    finally:
        hub.close()
