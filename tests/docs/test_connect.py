"""The snippets for exhibitors: each is on both pages, and those that can run here do."""

import json
import os
import subprocess
import sys

import pytest

from harness import ROOT
from harness.process import Process, program
from harness.wait import DEADLINE, until
from hub.booths.snippets import SnippetLanguage
from schemas import kinds
from tools.snippets import EXAMPLES, OPEN

FOLDER = ROOT / "docs" / "examples" / "connect"
SNIPPETS = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
PAGES = ("connect-a-device.md", "connect-a-device.ko.md")
TOPIC = "smartlife/v1/b01/thermostat/{device}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_page_shows_a_snippet_word_for_word(page, snippet):
    shown = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    assert f"\n{(FOLDER / snippet).read_text(encoding='utf-8')}```\n" in shown


@pytest.mark.parametrize("page", PAGES)
def test_the_two_pages_have_the_same_parts(page):
    counts = []
    for name in PAGES:
        lines = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8").splitlines()
        counts.append([sum(line.startswith(mark) for line in lines) for mark in ("#", "|", "```")])
    assert counts[0] == counts[1]


def environment(event, device):
    return {
        **os.environ,
        "MQTT_HOST": "127.0.0.1",
        "MQTT_PORT": str(event.broker.port),
        "TOPIC": TOPIC.format(device=device),
    }


def stored(event, device):
    return until(
        lambda: event.hub.readings("thermostat", booth="b01", device=device),
        f"a stored reading of {device}",
    )


def edited(event, language, device, folder):
    """The example as an exhibitor edits it: another address, another booth, another device."""
    text = (FOLDER / EXAMPLES[language]).read_text(encoding="utf-8")
    for ours, theirs in {
        OPEN.host: "127.0.0.1",
        str(OPEN.port): str(event.broker.port),
        OPEN.topic("thermostat"): TOPIC.format(device=device),
        OPEN.client_id("thermostat"): f"b01-thermostat-{device}",
    }.items():
        assert ours in text
        text = text.replace(ours, theirs)
    path = folder / EXAMPLES[language]
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shell_snippet_publishes_a_reading(event, tmp_path):
    command = ["sh", edited(event, SnippetLanguage.MOSQUITTO_PUB, "shell", tmp_path)]
    subprocess.run(command, check=True, timeout=DEADLINE)
    assert stored(event, "shell")[0]["fields"] == dict(kinds()["thermostat"].example)


def test_the_receipt_snippet_prints_a_receipt(event):
    done = subprocess.run(
        ["sh", FOLDER / "receipt.sh"],
        env=environment(event, "receipt"),
        check=True,
        timeout=DEADLINE,
        stdout=subprocess.PIPE,
    )
    receipt = json.loads(done.stdout)
    assert receipt["stored"] is True
    assert receipt["ts"] == stored(event, "receipt")[0]["ts"]


def a_device(event, command, device, tmp_path):
    process = Process(tmp_path / "device.log")
    process.launch([str(word) for word in command], environment(event, device))
    return process


def seems(event, device, state):
    found = event.hub.device("b01", "thermostat", device)
    return found is not None and found["state"] == state


def lives_and_dies(event, process, device):
    """A snippet's whole story: online, readings, a rejection, and gone with its Last Will."""
    try:
        first = stored(event, device)[0]
        assert first["fields"] == dict(kinds()["thermostat"].example)
        assert event.hub.device("b01", "thermostat", device)["warnings"] == []
        publish = [program("mosquitto_pub"), "-p", str(event.broker.port), "-q", "1"]
        topic = TOPIC.format(device=device)
        subprocess.run([*publish, "-t", topic, "-m", '{"temperature": 412}'], check=True)
        until(lambda: "412 is above the maximum 85 °C" in process.said, "the device says why")
    finally:
        process.kill()
    until(lambda: seems(event, device, "offline"), "the Last Will")


def test_the_python_snippet_is_a_whole_device(event, tmp_path):
    program_text = edited(event, SnippetLanguage.PYTHON, "python", tmp_path)
    process = a_device(event, [sys.executable, program_text], "python", tmp_path)
    lives_and_dies(event, process, "python")


def test_the_node_snippet_is_a_whole_device(event, tmp_path):
    packages = ROOT / "tests" / "js" / "node_modules"
    assert packages.is_dir(), "the packages of tests/js are not installed; run make test"
    (tmp_path / "node_modules").symlink_to(packages)
    program_text = edited(event, SnippetLanguage.NODEJS, "node", tmp_path)
    process = a_device(event, [program("node"), program_text], "node", tmp_path)
    lives_and_dies(event, process, "node")


def test_the_receipt_snippet_can_be_run_as_it_is():
    assert os.access(FOLDER / "receipt.sh", os.X_OK)


def test_every_language_has_its_example():
    assert {*EXAMPLES.values(), "receipt.sh"} == set(SNIPPETS)
    assert set(EXAMPLES) == set(SnippetLanguage)
