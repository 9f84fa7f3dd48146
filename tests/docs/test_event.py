"""The files of the page on events: each is shown word for word, and does what the page says."""

import configparser
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from harness import ROOT
from harness.hub import Hub, environment
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE, until
from hub import settings
from hub.booths.registry import Registry
from hub.cli import app
from hub.errors import OutboxBroken, OutboxError, OutboxFull, ZoneError
from hub.event.zone import load
from hub.status import health
from tests.booths.secured import Secured, hub_command, passwords

FOLDER = ROOT / "docs" / "examples" / "event"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".csv")
NAMES = ("install", "zone-file", "operate-on-the-day", "back-up-and-restore", "upgrade")
PAGE = "".join((ROOT / f"docs/how-to/{name}.md").read_text(encoding="utf-8") for name in NAMES)


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


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Run a script of the page on a machine of its own: its folders, its users, its `hub`."""
    (tmp_path / "bin").mkdir()
    programs = {"chown": "exit 0", "chgrp": "exit 0", "hub": f'exec {sys.executable} -m hub "$@"'}
    for name, text in programs.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    def run(script, root, *words):
        text = re.sub(r"(?<![\w$.])/(etc|var)/", rf"{root}/\1/", read(script))
        data = root / "var/lib/smartlife-hub"
        places = {"data": data, "http": f"127.0.0.1:{free_port()}"}
        done = subprocess.run(
            ["sh", "-c", text, script, *words],
            env=environment(places), check=False, timeout=DEADLINE, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def filled(root, broker):
    """The folders of the first machine, as the page on installing fills them."""
    for name in ("etc/mosquitto/conf.d", "etc/mosquitto/certs", "etc/smartlife-hub", "var/lib"):
        (root / name).mkdir(parents=True)
    shutil.copytree(FOLDER, root / "etc/smartlife-hub", dirs_exist_ok=True)
    shutil.copy(ROOT / "mosquitto/debian.conf", root / "etc/mosquitto/conf.d")
    (root / "etc/mosquitto/certs/server.key").write_text("key", encoding="utf-8")
    (root / "var/lib/mosquitto").symlink_to(broker.folder)
    (root / "var/lib/smartlife-hub").symlink_to(broker.data)


def test_a_machine_that_is_backed_up_and_restored_goes_on(guarded, machine, tmp_path):
    broker, hub, made = guarded
    publish(broker, made, "b01-1", "b01/thermostat/before")
    until(lambda: hub.readings("thermostat"), "a stored reading")
    filled(tmp_path / "one", broker)
    machine("back-up.sh", tmp_path / "one", tmp_path / "copy")
    link = Registry(hub.data).token("b01")
    hub.kill()
    broker.kill()

    two = tmp_path / "two"
    for name in ("etc/smartlife-hub", "etc/mosquitto/conf.d", "var/lib/mosquitto"):
        (two / name).mkdir(parents=True)
    machine("restore.sh", two, tmp_path / "copy")
    assert (two / "etc/smartlife-hub/hub.toml").read_text("utf-8") == read("hub.toml")
    assert (two / "etc/mosquitto/certs/server.key").read_text("utf-8") == "key"
    assert Registry(two / "var/lib/smartlife-hub").token("b01") == link
    goes_on(two, made)


def goes_on(two, made):
    """Broker and hub of the second machine start, and take readings from the same accounts."""
    broker = PageMosquitto(two / "broker")
    shutil.copy(two / "var/lib/mosquitto/dynamic-security.json", broker.accounts)
    hub = Hub(two / "hub", "unset", data=two / "var/lib/smartlife-hub")
    try:
        broker.start()
        hub.settings["broker"] = broker.settings()["broker"]
        hub.start()
        assert publish(broker, made, "b01-1", "b01/thermostat/after").returncode == 0
        found = until(
            lambda: len(rows := hub.readings("thermostat")) == 2 and rows, "both readings"
        )
        assert {row["device"] for row in found} == {"before", "after"}
    finally:
        hub.close()
        broker.kill()


def states():
    """Every state that health gives to a part."""
    outbox = (OutboxFull("full"), OutboxError("failing"), OutboxBroken("broken"), None)
    yield from (("broker", health.broker("x", error).state) for error in ("down", None))
    yield from (("outbox", health.outbox(error, 1, 2).state) for error in outbox)
    yield from (("store", health.store("x", 1, blocked).state) for blocked in (True, False))
    yield from (("store", health.store(None, 1).state), ("zone", health.zone(ZoneError("x")).state))
    yield "clock", health.clock(()).state


HEALTH_PAGES = ("operate-on-the-day.md", "operate-on-the-day.ko.md")


@pytest.mark.parametrize("name", HEALTH_PAGES)
def test_each_state_of_health_is_on_the_page_of_the_day(name):
    text = (ROOT / "docs/how-to" / name).read_text(encoding="utf-8")
    told = re.findall(r"^\| ([\w, ]+) \| `(\w+)`", text, re.MULTILINE)
    rows = {(part, state) for parts, state in told for part in parts.split(", ")}
    assert set(states()) <= rows


def test_no_state_of_health_is_forgotten_here(event):
    source = inspect.getsource(health)
    found = re.findall(r'Part\(\s*"(\w+)"|state(?:, said)? = "(\w+)"', source)
    named = {word for words in found for word in words if word}
    assert named | {"blocked", "away", "full", "failing"} == {state for _, state in states()}
    assert event.hub.health()[1]["parts"].keys() <= {part for part, _ in states()}


@pytest.mark.parametrize("name", HEALTH_PAGES)
def test_each_list_of_health_is_on_the_page_of_the_day(name, event):
    text = (ROOT / "docs/how-to" / name).read_text(encoding="utf-8")
    lists = {key for key, value in event.hub.health()[1].items() if isinstance(value, list)}
    assert lists == set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
