"""The tutorial, done step by step: its commands are run against `hub demo`."""

import re
import shlex
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest

from harness import ROOT
from harness.hub import Api, environment
from harness.ports import free_port
from harness.wait import DEADLINE, until

PAGE = (ROOT / "docs" / "tutorial" / "first-wall.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
ADDRESS = re.compile(r"mqtt://127\.0\.0\.1:(\d+) \(5\)")


class Tutorial(Api):
    """The demo, and the two ports of its broker."""

    mqtt = 0
    mqtt5 = ""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    http, mqtt = free_port(), free_port()
    api = Tutorial(folder / "demo.log", http)
    api.mqtt = mqtt
    command = [sys.executable, "-m", "hub", "demo", "--http", f"127.0.0.1:{http}"]
    api.launch([*command, "--mqtt-port", str(mqtt)], environment({}))
    try:
        found = until(lambda: ADDRESS.search(api.said), "the demo says where it is")
        api.mqtt5 = found[1]
        yield api
    finally:
        api.stop()
        api.close()


def ported(demo, text):
    """A command of a page, with the ports of this demo."""
    text = text.replace("8080", demo.url.rpartition(":")[2])
    return text.replace("1883", str(demo.mqtt)).replace("1884", demo.mqtt5)


def step(demo, number):
    """The words of a command of the tutorial."""
    return shlex.split(ported(demo, COMMANDS[number]))


def asked(demo, number):
    """What a `curl -s URL` of the tutorial answers."""
    curl, quiet, url = step(demo, number)
    assert (curl, quiet) == ("curl", "-s")
    path, _, query = url.removeprefix(demo.url).partition("?")
    return demo.get(path, **dict(parse_qsl(query)))


def hub(words):
    """What a `hub …` of a page prints."""
    name, *words = words
    assert name in {"hub", ".venv/bin/hub"}
    done = subprocess.run(
        [sys.executable, "-m", "hub", *words],
        check=False, timeout=DEADLINE, capture_output=True, text=True, env=environment({}),
    )  # fmt: skip
    return done.stdout + done.stderr


RECEIPT = re.compile(r"on the hub's disk, with the time \S+Z\n")
REJECTED = "rejected (schema): temperature: 412 is above the maximum 85 °C\n"


def test_the_steps_are_these():
    assert [command.split()[0] for command in COMMANDS] == [
        "git", "cd", "make", ".", "hub", "hub", "curl", "hub", "curl", "curl", "curl",
    ]  # fmt: skip


def test_the_demo_says_what_the_page_says(demo):
    lines = demo.said.splitlines()[:5]
    assert [line.split()[0] for line in lines] == ["wall", "booth", "MQTT", "send", "stop"]
    (block,) = re.findall(r"^```text\n(wall.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    called = f"{sys.executable} -m hub"
    assert ported(demo, block).replace(".venv/bin/hub", called).splitlines() == lines


def test_the_steps_work_one_after_another(demo):
    assert RECEIPT.fullmatch(hub(step(demo, 4)))
    assert RECEIPT.search(PAGE)
    assert hub(step(demo, 5)) == REJECTED
    assert REJECTED in PAGE
    rejection = until(lambda: asked(demo, 6), "the rejection")[0]
    assert rejection["message"] == "temperature: 412 is above the maximum 85 °C"
    rows = until(lambda: asked(demo, 8), "the stored reading")
    assert [row["fields"] for row in rows] == [{"temperature": 21.5}]
    assert all(row["fields"].keys() == {"temperature"} for row in asked(demo, 9))
    accounts = asked(demo, 10)
    parts = ("accepted", "rejected", "duplicate", "ignored")
    assert accounts["received"] == sum(accounts[name] for name in parts)


def test_the_terminal_shows_readings_as_they_pass(demo):
    lines = hub(step(demo, 7)).splitlines()
    assert len(lines) == 5
    assert all("b01" in line for line in lines)
    assert not [line for line in lines if line.endswith(("online", "offline"))]


def test_a_newcomer_with_the_readme_alone_sends_a_reading_and_reads_why_one_is_rejected(demo):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^(\.venv/bin/hub .+)$", readme, re.MULTILINE)
    good, bad = (shlex.split(ported(demo, command)) for command in commands)
    assert RECEIPT.fullmatch(hub(good))
    assert hub(bad) == REJECTED
    assert REJECTED in readme


def test_the_numbers_on_the_pages_are_those_of_the_demo(demo):
    zone = demo.get("/api/zone")["booths"]
    devices = until(lambda: enough(demo.get("/api/devices")), "every device")
    kinds = demo.get("/api/kinds")
    said = f"{sum(booth['devices']['expected'] for booth in zone)} simulated devices"
    for page in ("README.md", "CHANGELOG.md", "docs/tutorial/first-wall.md"):
        assert said in (ROOT / page).read_text(encoding="utf-8")
    counts = f"{len({device['kind'] for device in devices})} kinds at"
    assert counts in re.sub(r"\s+", " ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(kinds) == 25
    assert len([booth for booth in zone if booth["devices"]["expected"]]) == 12


def enough(devices):
    return devices if len(devices) >= 43 else None
