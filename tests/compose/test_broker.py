"""The real Mosquitto with the files that compose mounts, paths and port put in place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compose.conftest import FILE, Composed
from tests.compose.test_compose import RAW
from tests.integration.servers import (
    Hub,
    Mosquitto,
    Process,
    environment,
    free_port,
    program,
    until,
)

HEALTH = RAW["services"]["mosquitto"]["healthcheck"]["test"]


class ComposedMosquitto(Mosquitto):
    """Mosquitto with compose's main file; each path in it stands for what is mounted there."""

    def __init__(self, folder: Path, composed: Composed) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        Process.__init__(self, folder / "mosquitto.log")
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        mounts = {item.target: item.source for item in composed.mounts("mosquitto")}
        text = mounts.pop("/mosquitto/config/mosquitto.conf").read_text(encoding="utf-8")
        self.included = folder / "conf.d"
        self.included.mkdir()
        for target, source in mounts.items():
            if target.startswith("/mosquitto/config/conf.d/"):
                (self.included / Path(target).name).symlink_to(source)
            else:
                assert f" {target}\n" in text
                text = text.replace(f" {target}\n", f" {source}\n")
        text = text.replace(" /mosquitto/config/conf.d\n", f" {self.included}\n")
        text = text.replace(" /mosquitto/data/\n", f" {folder}/\n")
        assert " /mosquitto/" not in text, "a path of the container is left"
        text = text.replace("listener 1883\n", f"listener {self.port} 127.0.0.1\n")
        # As root Mosquitto would become a user who may not read the test's files.
        self._config.write_text(f"user root\n{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def broker(composed, tmp_path_factory):
    server = ComposedMosquitto(tmp_path_factory.mktemp("broker"), composed)
    try:
        yield server.start()
    finally:
        server.kill()


def knock(broker, *account):
    """Connect and publish; returns the exit code, which is 5 for a client that is not let in."""
    command = [program("mosquitto_pub"), "-p", str(broker.port), "-V", "311", *account]
    command += ["-t", "smartlife/v1/b01/thermostat/knock", "-n"]
    return subprocess.run(command, check=False, timeout=20, capture_output=True).returncode


def test_the_configuration_is_the_one_that_the_other_tests_run(broker):
    assert f"Loading config file {broker.included}/mosquitto.conf" in broker.said


@pytest.mark.parametrize(
    ("account", "variable"), [("hub", "MQTT_HUB_PASSWORD"), ("devices", "MQTT_DEVICES_PASSWORD")]
)
def test_an_account_that_was_made_gets_in(broker, composed, account, variable):
    assert knock(broker, "-u", account, "-P", composed.secrets[variable]) == 0


@pytest.mark.parametrize("account", ["hub", "devices", "b01"])
def test_a_wrong_password_does_not(broker, account):
    assert knock(broker, "-u", account, "-P", "wrong") == 5


def test_the_password_of_another_account_does_not(broker, composed):
    assert knock(broker, "-u", "hub", "-P", composed.secrets["MQTT_DEVICES_PASSWORD"]) == 5


def test_nobody_gets_in_without_an_account(broker):
    assert knock(broker) == 5


def healthy(port):
    """Run the health check of the container; the port is ours."""
    shell, command = HEALTH
    assert shell == "CMD-SHELL"
    command = command.replace("$$", "$").replace("-h 127.0.0.1", f"-h 127.0.0.1 -p {port}")
    return subprocess.run(["/bin/sh", "-c", command], check=False, timeout=20).returncode == 0


def test_the_health_check_tells_a_broker_from_none(broker):
    assert healthy(broker.port)
    assert not healthy(free_port())


@pytest.fixture
def hub(broker, composed, tmp_path):
    """A hub with the account that compose gives it."""
    given = composed.environment("hub")
    address = given["HUB_BROKER"].replace("@mosquitto:1883", f"@127.0.0.1:{broker.port}")
    server = Hub(tmp_path / "hub", address, client_id=given["HUB_CLIENT_ID"])
    try:
        yield server.start()
    finally:
        server.close()


def test_the_demo_devices_reach_the_hub(broker, composed, hub):
    service = composed.services["devices"]
    zone = composed.mounts("devices")[0]
    python, *words = [*service["entrypoint"], *service["command"]]
    assert python == "python"
    words[words.index(zone.target)] = str(zone.source)
    address = service["environment"]["DEVICES_BROKER"]
    given = {"DEVICES_BROKER": address.replace("@mosquitto:1883", f"@127.0.0.1:{broker.port}")}
    subprocess.run(
        [sys.executable, *words, "--count", "1", "--rate", "10"],
        check=True,
        timeout=30,
        env=environment({}) | given,
        cwd=FILE.parent,
    )
    until(lambda: hub.accounts()["stored"] >= 30, "a reading of each demo device")
    assert hub.accounts()["rejected"] == 0


def test_a_device_is_told_why_its_reading_was_rejected(broker, composed, hub):
    topic = "smartlife/v1/b01/thermostat/told"
    command = [program("mosquitto_rr"), "-V", "5", "-W", "10", "-p", str(broker.port)]
    command += ["-u", "devices", "-P", composed.secrets["MQTT_DEVICES_PASSWORD"], "-q", "1"]
    command += ["-t", topic, "-e", f"{topic}/errors", "-m", '{"temperature": 412}']
    done = subprocess.run(command, check=True, timeout=20, capture_output=True, text=True)
    assert json.loads(done.stdout)["code"] == "schema"
