"""The real Mosquitto with the files that compose mounts, paths and port put in place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import Process, program
from harness.wait import DEADLINE, until
from hub.event.zone import load
from tests.compose.conftest import FILE, Composed, Mount
from tests.compose.test_compose import RAW

HEALTH = RAW["services"]["mosquitto"]["healthcheck"]["test"]


def in_shell(service, folder, places, environment):
    """Run what a service runs in its shell, with the container's places put elsewhere."""
    shell, options = service["entrypoint"]
    (text,) = service["command"]
    text = text.replace("$$", "$")
    for place, ours in places.items():
        assert place in text
        text = text.replace(place, ours)
    path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return ["/bin/sh" if shell == "sh" else shell, options, text], environment | path, folder


PUBLIC = "/etc/smartlife-hub/broker"
"""Where hub and booth find what devices need of the broker's certificates."""


def set_up(composed, folder):
    """Do what the service broker-setup does; returns the folder that is its volume.

    The other one, `public`, is beside it.
    """
    volume, public = folder / "setup", folder / "public"
    for made in (volume, public):
        made.mkdir(exist_ok=True)
    service = composed.services["broker-setup"]
    (zone,) = composed.mounts("broker-setup")
    environment = composed.environment("broker-setup")
    assert environment["HUB_ZONE"] == zone.target
    environment = environment | {"HUB_ZONE": str(zone.source)}
    command, given, cwd = in_shell(
        service, volume, {"chgrp 1883 .": "true", PUBLIC: str(public)}, environment
    )
    subprocess.run(command, check=True, timeout=DEADLINE, env=given, cwd=cwd, capture_output=True)
    return volume


class ComposedMosquitto(Mosquitto):
    """Mosquitto as compose starts it; each path and port stands for the container's."""

    def __init__(self, folder: Path, composed: Composed) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        Process.__init__(self, folder / "mosquitto.log")
        self.port, self.exhibitors, self.tls, sockets = (free_port() for _ in range(4))
        self._composed = composed
        self._config = folder / "mosquitto.conf"
        self.included = folder / "conf.d"
        self.included.mkdir()
        self.data = folder / "data"
        self.data.mkdir()
        self.setup = set_up(composed, folder)
        self.public = folder / "public"
        listeners = {
            "listener 1884\n": f"listener {self.port} 127.0.0.1\n",
            "listener 1883\n": f"listener {self.exhibitors} 127.0.0.1\n",
            "listener 8883\n": f"listener {self.tls} 127.0.0.1\n",
            "listener 8084\n": f"listener {sockets} 127.0.0.1\n",
            "/etc/mosquitto/certs": str(self.setup),
            "/mosquitto/config/conf.d": str(self.included),
            "/mosquitto/data": str(self.data),
        }
        seen = ""
        for mount in composed.mounts("mosquitto"):
            text = mount.source.read_text(encoding="utf-8")
            seen += text
            for place, ours in listeners.items():
                text = text.replace(place, ours)
            assert " /mosquitto/" not in text, "a path of the container is left"
            self._place(mount.target).write_text(text, encoding="utf-8")
        assert all(place in seen for place in listeners)
        # As root Mosquitto would become a user who may not read the test's files.
        text = self._config.read_text(encoding="utf-8")
        self._config.write_text(f"user root\nlog_type all\n{text}", encoding="utf-8")

    def _place(self, target: str) -> Path:
        if target == "/mosquitto/config/mosquitto.conf":
            return self._config
        assert target.startswith("/mosquitto/config/conf.d/")
        return self.included / Path(target).name

    def start(self) -> "ComposedMosquitto":
        places = {
            "/mosquitto/data": str(self.data),
            "/etc/mosquitto/certs": str(self.setup),
            "/mosquitto/config/mosquitto.conf": str(self._config),
            "exec mosquitto ": f"exec {program('mosquitto')} ",
        }
        service = self._composed.services["mosquitto"]
        command, given, _ = in_shell(service, self.data, places, {})
        self.launch(command, given)
        until(self._listens, f"mosquitto listens\n{self.said}")
        return self


@pytest.fixture(scope="module")
def broker(composed, tmp_path_factory):
    server = ComposedMosquitto(tmp_path_factory.mktemp("broker"), composed)
    try:
        yield server.start()
    finally:
        server.kill()


def knock(broker, *account, port=None):
    """Connect and publish; returns the exit code, which is 5 for a client that is not let in."""
    command = [program("mosquitto_pub"), "-p", str(port or broker.port), "-V", "311", *account]
    command += ["-t", "smartlife/v1/b01/thermostat/knock", "-n"]
    return subprocess.run(command, check=False, timeout=DEADLINE, capture_output=True).returncode


def test_the_configuration_is_the_one_that_the_other_tests_run(broker):
    assert f"Loading config file {broker.included}/mosquitto.conf" in broker.said


@pytest.mark.parametrize("account", ["admin", "hub", "demo"])
def test_an_account_that_was_made_gets_in(broker, composed, account):
    password = composed.secrets[f"MQTT_{account.upper()}_PASSWORD"]
    name = ("-i", "admin.control") if account == "admin" else ()
    assert knock(broker, "-u", account, "-P", password, *name) == 0


def test_the_admin_does_not_get_in_where_exhibitors_connect(broker, composed):
    password = composed.secrets["MQTT_ADMIN_PASSWORD"]
    for name in ("admin", "admin.control"):
        account = ("-u", "admin", "-P", password, "-i", name)
        assert knock(broker, *account, port=broker.exhibitors) == 5


@pytest.mark.parametrize("account", ["admin", "hub", "demo", "b01"])
def test_a_wrong_password_does_not(broker, account):
    for port in (broker.port, broker.exhibitors):
        assert knock(broker, "-u", account, "-P", "wrong", port=port) == 5


def test_nobody_gets_in_without_an_account(broker):
    assert knock(broker) == 5
    assert knock(broker, port=broker.exhibitors) == 5


def test_the_accounts_outlive_a_new_start_and_setting_up_again(broker, composed):
    made = booth_command(broker, composed, "add", "b77")
    assert made.returncode == 0, made.stderr
    assert broker.stop() == 0
    set_up(composed, broker.setup.parent)
    broker.start()
    again = booth_command(broker, composed, "add", "b77")
    assert "there already" in again.stdout


def booth_command(broker, composed, *words, **settings):
    """What docker compose run --rm booth does, with what .env may set."""
    service = composed.services["booth"]
    _, *fixed = service["entrypoint"]
    given = dict(composed.environment("booth"))
    given["HUB_BROKER_ADMIN"] = given["HUB_BROKER_ADMIN"].replace(
        "@mosquitto:1884", f"@127.0.0.1:{broker.port}"
    )
    given["HUB_DATA"] = str(broker.data / "hub")
    given["HUB_BROKER_CA"] = given["HUB_BROKER_CA"].replace(PUBLIC, str(broker.public))
    given["HUB_ZONE"] = str(composed.mounts("booth")[0].source)
    return subprocess.run(
        [sys.executable, "-m", "hub", *fixed, *words],
        check=False, timeout=DEADLINE, capture_output=True, text=True,
        env=environment({}) | given | settings, cwd=FILE.parent,
    )  # fmt: skip


def test_hub_and_booth_are_given_the_authority_s_certificate_and_no_key(broker, composed, tmp_path):
    (made,) = broker.public.iterdir()
    assert made.read_bytes() == (broker.setup / "ca.crt").read_bytes()
    for name in ("hub", "booth"):
        assert composed.environment(name)["HUB_BROKER_CA"] == f"{PUBLIC}/ca.crt"
        assert Mount(Path("broker-ca"), PUBLIC, read_only=True) in composed.volumes(name)
        assert not any(item.source.name == "broker-setup" for item in composed.volumes(name))
    words = ("add", "b78", "--sheets", str(tmp_path / "sheets"))
    added = booth_command(broker, composed, *words, HUB_PUBLIC_BROKER="mqtts://10.0.0.5:8883")
    assert added.returncode == 0, added.stderr
    given = [path.read_bytes() for path in (tmp_path / "sheets").rglob("ca.crt")]
    assert given == [made.read_bytes()]


def healthy(port):
    """Run the health check of the container; the port is ours."""
    shell, command = HEALTH
    assert shell == "CMD-SHELL"
    command = command.replace("$$", "$").replace("-p 1884", f"-p {port}")
    return subprocess.run(["/bin/sh", "-c", command], check=False, timeout=DEADLINE).returncode == 0


def test_the_health_check_tells_a_broker_from_none(broker):
    assert healthy(broker.port)
    assert not healthy(free_port())


@pytest.fixture
def hub(broker, composed, tmp_path):
    """A hub with the account that compose gives it."""
    given = composed.environment("hub")
    address = given["HUB_BROKER"].replace("@mosquitto:1884", f"@127.0.0.1:{broker.port}")
    server = Hub(tmp_path / "hub", address, client_id=given["HUB_CLIENT_ID"])
    try:
        yield server.start()
    finally:
        server.close()


def test_the_demo_devices_reach_the_hub(broker, composed, hub):
    service = composed.services["devices"]
    zone = composed.mounts("devices")[0]
    command: list[str] = [*service["entrypoint"], *service["command"]]
    python, *words = command
    assert python == "python"
    words[words.index(zone.target)] = str(zone.source)
    address = service["environment"]["DEVICES_BROKER"]
    given = {"DEVICES_BROKER": address.replace("@mosquitto:1884", f"@127.0.0.1:{broker.port}")}
    subprocess.run(
        [sys.executable, *words, "--count", "1", "--rate", "10"],
        check=True,
        timeout=DEADLINE,
        env=environment({}) | given,
        cwd=FILE.parent,
    )

    def sent():
        found = [device for device in hub.get("/api/devices") if device["readings"]]
        return {(device["booth"], device["kind"], device["device"]) for device in found}

    expected = {tuple(address) for address in load(zone.source).expected()}
    until(lambda: sent() == expected, "a reading of each demo device")
    assert hub.accounts()["rejected"] == 0


def test_a_booth_that_is_added_is_told_why_its_reading_was_rejected(broker, composed, hub):
    added = booth_command(broker, composed, "add", "b01")
    assert added.returncode == 0, added.stderr
    account, password, _ = added.stdout.splitlines()[1].split()
    topic = "smartlife/v1/b01/thermostat/told"
    command = [program("mosquitto_rr"), "-V", "5", "-W", "10", "-p", str(broker.tls)]
    command += ["--cafile", str(broker.setup / "ca.crt"), "-h", "localhost"]
    command += ["-u", account, "-P", password, "-q", "1"]
    command += ["-t", topic, "-e", f"{topic}/errors", "-m", '{"temperature": 412}']
    done = subprocess.run(command, check=True, timeout=DEADLINE, capture_output=True, text=True)
    assert json.loads(done.stdout)["code"] == "schema"
