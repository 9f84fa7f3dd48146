"""The files of the page on events: each is shown word for word, and does what the page says."""

import configparser
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer

from harness import ROOT
from harness.hub import Hub
from harness.process import program
from harness.wait import DEADLINE, until
from hub import settings
from hub.booths.registry import Registry
from hub.cli import app
from hub.event.zone import load
from tests.booths.secured import Secured, hub_command, passwords

FOLDER = ROOT / "docs" / "examples" / "event"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".csv")
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
    text = read("hub.toml").replace(zone, str(FOLDER / "zone.toml"))
    authority = "/etc/mosquitto/certs/ca.crt"
    assert authority in text
    config.write_text(text.replace(authority, str(FOLDER / "zone.toml")), encoding="utf-8")
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
    unit.read_string(read("smartlife-hub.service"))
    program_path, *words = unit["Service"]["ExecStart"].split()
    assert Path(program_path).name == "hub"
    command: Any = typer.main.get_command(app)
    assert words[0] in command.commands
    assert unit["Service"]["User"] in PAGE


def test_the_session_outlives_the_broker_as_the_page_says():
    shipped = (ROOT / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    for line in ("persistence true", "autosave_on_changes true", "max_queued_messages 1000000"):
        assert line in shipped.splitlines()


def environment_of(*names):
    lines = [line for name in names for line in read(name).splitlines() if "=" in line]
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


class PageMosquitto(Secured):
    """The broker as the page sets it up, with the accounts of its files."""

    def settings(self, **more):
        given = environment_of("secrets.env", "admin.env")
        places = {
            # As the page asks: other secrets than its own.
            name.removeprefix("HUB_").lower(): value.replace(":1884", f":{self.port}").replace(
                "change-this", "changed"
            )
            for name, value in given.items()
        }
        return {**places, "data": self.data, **more}


@pytest.fixture
def guarded(tmp_path):
    """The page's broker, a hub at it, and the passwords of the page's booths."""
    broker = PageMosquitto(tmp_path / "broker")
    hub = Hub(tmp_path / "hub", "unset", data=broker.data)
    hub.data = broker.data
    try:
        broker.begin()
        hub.settings["broker"] = broker.settings()["broker"]
        hub.start()
        added = hub_command(broker, "booth", "add", "--from", FOLDER / "booths.csv")
        assert added.returncode == 0, added.stderr
        yield broker, hub, passwords(added.stdout)
    finally:
        hub.close()
        broker.kill()


def test_the_page_s_accounts_work(guarded):
    broker, hub, made = guarded
    assert sorted(made) == ["b01-1", "b01-2", "b02-1", "b03-1", "b03-2", "b03-3"]
    publish(broker, made, "b01-1", "b02/thermostat/theirs")
    assert publish(broker, made, "b01-1", "b01/thermostat/ours").returncode == 0
    until(lambda: hub.readings("thermostat"), "the booth's own reading")
    assert {row["booth"] for row in hub.readings("thermostat")} == {"b01"}


def publish(broker, made, account, topic):
    command = [program("mosquitto_pub"), "-p", str(broker.plain), "-u", account]
    command += ["-P", made[account], "-q", "1", "-t", f"smartlife/v1/{topic}"]
    command += ["-m", '{"temperature": 21}']
    return subprocess.run(command, check=False, timeout=DEADLINE, capture_output=True, text=True)


def test_the_files_that_the_page_copies_are_shipped():
    copied = re.findall(r"^sudo cp (\S+\.conf) /etc/mosquitto", PAGE, re.MULTILINE)
    assert len(copied) == 3
    assert all((ROOT / "mosquitto" / name).is_file() for name in copied)


def test_the_page_on_booths_shows_the_table_word_for_word():
    page = (ROOT / "docs/how-to/give-a-booth-its-account.md").read_text(encoding="utf-8")
    assert f"\n{read('booths.csv')}```\n" in page


def test_a_backup_of_a_running_hub_has_its_readings(guarded, tmp_path):
    broker, hub, made = guarded
    publish(broker, made, "b01-1", "b01/thermostat/t1")
    until(lambda: hub.readings("thermostat"), "a stored reading")
    command = [sys.executable, str(FOLDER / "backup.py"), str(hub.data), str(tmp_path / "backup")]
    subprocess.run(command, check=True, timeout=DEADLINE)
    with closing(sqlite3.connect(tmp_path / "backup" / "store.db")) as store:
        assert store.execute("SELECT booth, device FROM thermostat").fetchall() == [("b01", "t1")]
    with closing(sqlite3.connect(tmp_path / "backup" / "outbox.db")) as outbox:
        assert outbox.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert Registry(tmp_path / "backup").token("b01") == Registry(hub.data).token("b01")
