"""docker-compose.yml: what docker-compose makes of it, and that it fits the rest of the project.

No container is run here: no image is pulled, built or started.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from harness import ROOT
from harness.process import program
from harness.wait import DEADLINE
from hub import settings
from hub.stores.influx.address import InfluxAddress
from tests.compose.conftest import FILE, Mount, configuration

NODES, MEMBERS = ("artemis1", "artemis2", "artemis3"), ("hub1", "hub2", "hub3", "wall")
SERVICES = (
    *("broker-setup", "mosquitto", "influxdb", "grafana", "hub", "booth", "devices"),
    *(*NODES, *MEMBERS),
)
ONCE = ("broker-setup", "booth")
"""Services that do their work and end."""
OURS = ("broker-setup", "hub", "booth", "devices", *MEMBERS)
RAW = yaml.safe_load(FILE.read_text(encoding="utf-8"))
PINNED = re.compile(r"[a-z/-]+:\d+\.\d+\.\d+(?:-slim)?")
SECRET_TEXTS = re.compile(
    rb"\$7\$\d+\$[A-Za-z0-9+/]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY|\b[0-9a-f]{48}\b"
)


def git(*words):
    command = [program("git"), "-c", "safe.directory=*", *words]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, timeout=DEADLINE)
    return done.returncode, done.stdout


def test_it_has_the_services_that_the_page_names(composed):
    assert sorted(composed.services) == sorted(SERVICES)


def test_without_secrets_it_says_what_to_do(tmp_path):
    (tmp_path / ".env").touch()
    asked = configuration(tmp_path / ".env")
    assert asked.returncode != 0
    assert "scripts/secrets" in asked.stderr


def test_images_are_pinned(composed):
    ours = composed.services["hub"]["image"]
    assert "build" in composed.services["hub"]
    images = {name: service["image"] for name, service in composed.services.items()}
    assert {images.pop(name) for name in OURS} == {ours}
    for image in images.values():
        assert PINNED.fullmatch(image), image


def ports(text):
    """Address, port outside and port inside of a published port, however compose writes it."""
    if isinstance(text, str):
        *address, outside, inside = text.removesuffix("/tcp").split(":")
        return (address[0] if address else None, int(outside), int(inside))
    return (text.get("host_ip"), int(text["published"]), text["target"])


def test_only_mqtt_grafana_and_the_wall_can_be_reached(composed):
    published = {
        (name, *ports(port))
        for name, service in composed.services.items()
        for port in service.get("ports", [])
    }
    assert published == {
        ("mosquitto", None, 8883, 8883),
        ("mosquitto", None, 8084, 8084),
        ("mosquitto", "127.0.0.1", 1883, 1883),  # without TLS: for this machine, unless asked for
        ("grafana", None, 3000, 3000),
        ("hub", None, 8080, 8080),
        ("artemis1", "127.0.0.1", 1893, 1883),  # it asks for no account
        ("wall", None, 8090, 8080),
    }
    assert not any("network_mode" in service for service in composed.services.values())


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_exists_and_cannot_be_changed(composed, name):
    for mount in composed.mounts(name):
        assert mount.source.exists(), mount
        assert mount.read_only, mount


def test_the_project_s_own_files_are_mounted(composed):
    seen = {
        (name, mount.source.relative_to(ROOT).as_posix())
        for name in SERVICES
        for mount in composed.mounts(name)
        if mount.source.is_relative_to(ROOT)
    }
    assert {
        ("mosquitto", "mosquitto/mosquitto.conf"),
        ("mosquitto", "mosquitto/exhibitors-tls.conf"),
        ("mosquitto", "mosquitto/exhibitors-plain.conf"),
        ("grafana", "grafana/provisioning"),
        ("grafana", "grafana/dashboards"),
        *((name, "artemis/broker.xml") for name in NODES),
    } <= seen


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(composed, name):
    service = composed.services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid"} & service.keys()
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")


def test_what_is_waited_for_tells_how_it_is(composed, dockerfile):
    for service in composed.services.values():
        for name, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                health = composed.services[name].get("healthcheck")
                assert health if name != "hub" else dockerfile.health


def loaded(composed, service, monkeypatch):
    """The settings as the hub understands them in a service."""
    given = composed.environment(service)
    zone = next(item for item in composed.mounts(service) if item.target == given["HUB_ZONE"])
    for name, value in given.items():
        assert name.startswith("HUB_")
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_ZONE", str(zone.source))
    if "HUB_BROKER_CA" in given:  # in a volume: test_broker sees what is put there
        monkeypatch.setenv("HUB_BROKER_CA", str(zone.source))
    return settings.load()  # refuses unknown names, bad values and a missing ops token


def test_the_hub_starts_with_these_settings(composed, monkeypatch):
    found = loaded(composed, "hub", monkeypatch)
    assert not found.http.loopback
    assert (found.broker.username, found.broker.host) == ("hub", "mosquitto")
    assert found.public_broker is None
    assert found.client_id == composed.secrets["HUB_CLIENT_ID"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_hub_of_the_cluster_shares_the_readings_at_a_node_of_its_own(
    composed, monkeypatch, number
):
    found = loaded(composed, f"hub{number}", monkeypatch)
    assert found.broker.host == f"artemis{number}"
    assert found.mqtt_client_id.endswith(f"-{number}")
    assert found.group
    assert found.store == composed.environment("wall")["HUB_STORE"]
    (kept,) = (item for item in composed.volumes(f"hub{number}") if not item.read_only)
    assert str(kept.source) == f"hub{number}-data" or kept.source.name.endswith("-data")


@pytest.mark.parametrize("name", NODES)
def test_a_node_knows_all_nodes_and_itself(composed, name):
    given = composed.environment(name)["JAVA_ARGS_APPEND"].split()
    shipped = (ROOT / "artemis" / "broker.xml").read_text(encoding="utf-8")
    assert f"-Dnode.host={name}" in given
    for option in given:
        key, _, value = option.removeprefix("-D").partition("=")
        assert f"${{{key}:" in shipped, option
        assert value
    named = [option.partition("=")[2] for option in given if re.match(r"-Dnode\d=", option)]
    assert named == [f"{node}:61616" for node in NODES]


def test_the_wall_shows_the_hubs_of_the_cluster(composed, monkeypatch):
    found = loaded(composed, "wall", monkeypatch)
    assert found.group == composed.environment("hub1")["HUB_GROUP"]
    assert composed.services["wall"]["entrypoint"] == ["hub", "wall"]


def test_the_hub_has_no_right_to_make_accounts_and_the_command_for_it_has(composed, monkeypatch):
    assert "HUB_BROKER_ADMIN" not in composed.environment("hub")
    found = loaded(composed, "booth", monkeypatch)
    assert (found.broker_admin.username, found.broker_admin.port) == ("admin", 1884)
    assert found.client_id == composed.secrets["HUB_CLIENT_ID"]
    data = Mount(Path("hub-data"), "/var/lib/smartlife-hub", read_only=False)
    assert all(data in composed.volumes(name) for name in ("hub", "booth"))


def test_the_hub_finds_the_bucket_that_is_made(composed):
    store = InfluxAddress.parse(composed.environment("hub")["HUB_STORE"])
    made = composed.environment("influxdb")
    assert store.host == "influxdb"
    assert store.bucket == made["DOCKER_INFLUXDB_INIT_BUCKET"]
    assert store.org == made["DOCKER_INFLUXDB_INIT_ORG"]
    token = composed.environment("hub")["HUB_INFLUX_TOKEN"]
    assert token == made["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"]


def test_grafana_has_what_its_files_ask_for(composed):
    texts = [
        path.read_text(encoding="utf-8") for path in (ROOT / "grafana/provisioning").rglob("*.yaml")
    ]
    asked = {name for text in texts for name in re.findall(r"\$\{(\w+)\}", text)}
    given = composed.environment("grafana")
    assert asked
    assert asked == {name for name in given if not name.startswith("GF_")}
    assert all(given[name] for name in asked)


def test_grafana_reads_the_bucket_with_an_account_of_its_own(composed):
    given = composed.environment("grafana")
    store = InfluxAddress.parse(composed.environment("hub")["HUB_STORE"])
    assert (given["INFLUXDB_URL"], given["INFLUXDB_BUCKET"]) == (store.url, store.bucket)
    assert given["INFLUXDB_TOKEN"] == f"grafana:{composed.secrets['INFLUXDB_GRAFANA_PASSWORD']}"


def test_grafana_finds_the_boards(composed):
    folder = composed.environment("grafana")["SMARTLIFE_DASHBOARDS"]
    mount = next(item for item in composed.mounts("grafana") if item.target == folder)
    for language in ("en", "ko"):
        assert list((mount.source / language).glob("*.json"))


def test_the_account_of_grafana_may_only_read(composed, tmp_path):
    script = next(item.source for item in composed.mounts("influxdb"))
    assert os.access(script, os.X_OK), "the image runs only what is executable"
    said = tmp_path / "said"
    fake = tmp_path / "influx"
    fake.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\n', encoding="ascii")
    fake.chmod(0o755)
    given = composed.environment("influxdb") | {"DOCKER_INFLUXDB_INIT_BUCKET_ID": "b0"}
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run([str(script)], check=True, env=given | path, timeout=DEADLINE)
    words = said.read_text(encoding="ascii").splitlines()
    assert words[:3] == ["v1", "auth", "create"]
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options == {
        "--org": "smartlife",
        "--read-bucket": "b0",
        "--username": "grafana",
        "--password": composed.secrets["INFLUXDB_GRAFANA_PASSWORD"],
    }


def test_no_secret_is_written_into_the_file():
    for service in RAW["services"].values():
        for name, value in service.get("environment", {}).items():
            if name.endswith("_BROKER") and "@" not in value:  # it holds no account
                continue
            if re.search(r"PASSWORD|TOKEN|_BROKER$|CLIENT_ID", name):
                assert "${" in value, name


def test_every_secret_is_made_by_the_command(composed):
    wanted = set(re.findall(r"\$\{(\w+):\?", FILE.read_text(encoding="utf-8")))
    assert wanted == composed.secrets.keys()


def test_no_secret_is_in_the_tree():
    for name in (".env", "secrets/server.key"):
        assert git("check-ignore", name)[0] == 0, f"{name} is not ignored"
    code, listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert code == 0
    for name in listed.decode().split("\0"):
        path = ROOT / name
        assert path.name != ".env"
        if path.is_file():
            assert not SECRET_TEXTS.search(path.read_bytes()), name
