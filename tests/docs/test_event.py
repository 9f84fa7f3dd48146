"""The files of the page on events: each is shown word for word, and does what the page says."""

import configparser
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import typer

from hub import settings
from hub.cli import app
from hub.zone import load
from tests.integration.servers import ROOT, Hub, Mosquitto, program, until

FOLDER = ROOT / "docs" / "examples" / "event"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
PAGE = (ROOT / "docs" / "how-to" / "run-at-an-event.md").read_text(encoding="utf-8")


def read(name):
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_the_page_shows_a_file_word_for_word(name):
    assert f"\n{read(name)}```\n" in PAGE


def test_the_zone_file_is_a_zone_file(kinds):
    zone = load(FOLDER / "zone.toml")
    assert [booth.id for booth in zone.booth] == ["b01", "b02", "b03"]
    assert {address.kind for address in zone.expected()} <= kinds.keys()


def test_the_hub_expects_what_the_zone_file_says(event):
    booths = {booth["id"]: booth for booth in event.hub.get("/api/zone")["booths"]}
    assert booths["b02"]["name"]["ko"] == "예시로보틱스"
    assert booths["b02"]["state"] == "offline"
    assert booths["b03"]["state"] == "empty"


def test_the_settings_are_settings(tmp_path, monkeypatch):
    config = tmp_path / "hub.toml"
    zone = "/etc/smartlife-hub/zone.toml"
    config.write_text(read("hub.toml").replace(zone, str(FOLDER / "zone.toml")), encoding="utf-8")
    monkeypatch.setenv("HUB_CONFIG", str(config))
    for line in read("secrets.env").splitlines():
        if not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    found = settings.load()
    assert found.broker.username == "hub"
    assert str(found.http) == "0.0.0.0:8080"
    assert found.public_broker is not None


def test_the_service_starts_a_command_that_exists():
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(read("smartlife-hub.service"))
    program_path, *words = unit["Service"]["ExecStart"].split()
    assert Path(program_path).name == "hub"
    assert words[0] in typer.main.get_command(app).commands
    assert unit["Service"]["User"] in PAGE


def test_the_session_outlives_the_broker_as_the_page_says():
    shipped = (ROOT / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    for line in ("persistence true", "autosave_on_changes true", "max_queued_messages 1000000"):
        assert line in shipped.splitlines()


@pytest.fixture
def guarded(tmp_path):
    """Mosquitto with the page's accounts, and a hub that has one."""
    passwords = tmp_path / "passwd"
    passwords.touch()
    for name in ("hub", "b01"):
        command = [program("mosquitto_passwd"), "-b", str(passwords), name, f"{name}-secret"]
        subprocess.run(command, check=True)
    (tmp_path / "acl").write_text(read("smartlife.acl"), encoding="utf-8")
    lines = [
        line.replace("/etc/mosquitto/smartlife.passwd", str(passwords)).replace(
            "/etc/mosquitto/smartlife.acl", str(tmp_path / "acl")
        )
        for line in read("listener.conf").splitlines()
        if not line.startswith(("#", "listener"))
    ]
    broker = Mosquitto(tmp_path / "broker", *lines)
    hub = Hub(tmp_path / "hub", "unset")
    try:
        broker.start()
        hub.settings["broker"] = f"mqtt://hub:hub-secret@127.0.0.1:{broker.port}"
        yield broker, hub.start()
    finally:
        hub.close()
        broker.kill()


def publish(broker, topic, payload, account="b01"):
    command = [program("mosquitto_pub"), "-p", str(broker.port), "-u", account]
    command += ["-P", f"{account}-secret", "-q", "1", "-t", f"smartlife/v1/{topic}", "-m", payload]
    return subprocess.run(command, check=False, timeout=20, capture_output=True, text=True)


def test_a_booth_publishes_under_its_own_id_alone(guarded):
    broker, hub = guarded
    publish(broker, "b02/thermostat/theirs", '{"temperature": 20}')
    assert publish(broker, "b01/thermostat/ours", '{"temperature": 21}').returncode == 0
    until(lambda: hub.readings("thermostat"), "the booth's own reading")
    assert {row["booth"] for row in hub.readings("thermostat")} == {"b01"}


def test_without_an_account_nobody_gets_in(guarded):
    broker, _ = guarded
    assert publish(broker, "b01/thermostat/t1", "{}", account="b07").returncode != 0


def test_a_booth_gets_its_receipts_and_its_errors(guarded):
    broker, _ = guarded
    topic = "smartlife/v1/b01/thermostat/t1"
    command = [program("mosquitto_rr"), "-V", "5", "-W", "10", "-p", str(broker.port), "-u", "b01"]
    command += ["-P", "b01-secret", "-q", "1", "-t", topic]
    for leaf, payload, said in (
        ("receipts", '{"temperature": 21}', '"stored": true'),
        ("errors", '{"temperature": 412}', '"code": "schema"'),
    ):
        done = subprocess.run(
            [*command, "-e", f"{topic}/{leaf}", "-m", payload],
            check=True, timeout=20, capture_output=True, text=True,
        )  # fmt: skip
        assert said in done.stdout


def test_a_backup_of_a_running_hub_has_its_readings(guarded, tmp_path):
    broker, hub = guarded
    publish(broker, "b01/thermostat/t1", '{"temperature": 21}')
    until(lambda: hub.readings("thermostat"), "a stored reading")
    command = [sys.executable, str(FOLDER / "backup.py"), str(hub.data), str(tmp_path / "backup")]
    subprocess.run(command, check=True, timeout=20)
    with closing(sqlite3.connect(tmp_path / "backup" / "store.db")) as store:
        assert store.execute("SELECT booth, device FROM thermostat").fetchall() == [("b01", "t1")]
    with closing(sqlite3.connect(tmp_path / "backup" / "outbox.db")) as outbox:
        assert outbox.execute("PRAGMA integrity_check").fetchone() == ("ok",)
