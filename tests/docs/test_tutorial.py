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
from harness.process import program
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


def step(demo, number):
    """A command of the tutorial, with the ports of this demo."""
    command = COMMANDS[number].replace("8080", demo.url.rpartition(":")[2])
    return shlex.split(command.replace("1883", str(demo.mqtt)).replace("1884", demo.mqtt5))


def asked(demo, number):
    """What a `curl -s URL` of the tutorial answers."""
    curl, quiet, url = step(demo, number)
    assert (curl, quiet) == ("curl", "-s")
    path, _, query = url.removeprefix(demo.url).partition("?")
    return demo.get(path, **dict(parse_qsl(query)))


def test_the_steps_are_these():
    assert [command.split()[0] for command in COMMANDS] == [
        "make", "mosquitto_pub", "mosquitto_pub", "curl", ".", "hub", "curl", "curl", "curl",
    ]  # fmt: skip


def test_the_demo_says_what_the_page_says(demo):
    names = [line.split()[0] for line in demo.said.splitlines()[:5]]
    assert names == ["wall", "booth", "MQTT", "publish", "stop"]
    for name in names:
        assert f"\n{name} " in PAGE


def test_the_steps_work_one_after_another(demo):
    for number in (1, 2):
        name, *words = step(demo, number)
        subprocess.run([program(name), *words], check=True, timeout=DEADLINE)
    rejection = until(lambda: asked(demo, 3), "the rejection")[0]
    assert rejection["message"] == "temperature: 412 is above the maximum 85 °C"
    rows = until(lambda: asked(demo, 6), "the stored reading")
    assert [row["fields"] for row in rows] == [{"temperature": 21.5}]
    assert all(row["fields"].keys() == {"temperature"} for row in asked(demo, 7))
    accounts = asked(demo, 8)
    parts = ("accepted", "rejected", "duplicate", "ignored")
    assert accounts["received"] == sum(accounts[name] for name in parts)


def test_the_terminal_shows_what_passes(demo):
    _, *words = step(demo, 5)
    done = subprocess.run(
        [sys.executable, "-m", "hub", *words],
        check=True, timeout=DEADLINE, capture_output=True, text=True, env=environment({}),
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert all("b01" in line for line in lines)


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
