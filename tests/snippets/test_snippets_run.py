"""The snippet of every kind is run as an exhibitor would run it, and the hub has its reading."""

import os
import sys

import pytest

from harness import ROOT
from harness.process import Process, program
from harness.wait import until
from hub.booths.snippets import FORMS, SnippetLanguage, snippet
from schemas import kinds
from tests.snippets.conftest import BOOTH

INTERPRETERS = {
    SnippetLanguage.MOSQUITTO_PUB: lambda: "sh",
    SnippetLanguage.PYTHON: lambda: sys.executable,
    SnippetLanguage.NODEJS: lambda: program("node"),
}
AT_ONCE = 6


@pytest.fixture(scope="module", autouse=True)
def packages(event):
    """Where Node.js looks for its packages."""
    installed = ROOT / "tests" / "js" / "node_modules"
    assert installed.is_dir(), "the packages of tests/js are not installed; run make test"
    (event.folder / "node_modules").symlink_to(installed)


def start(event, language, kind):
    """Write the program into the folder that has the certificate, and run it there."""
    path = event.folder / f"{language}_{kind}{FORMS[language].suffix}"
    text = snippet(language, kinds()[kind], event.connection(language.value, kind))
    path.write_text(text, encoding="utf-8")
    process = Process(event.folder / f"{language}_{kind}.log")
    environment = {**os.environ, "MQTT_PASSWORD": event.password}
    process.launch([INTERPRETERS[language](), str(path)], environment)
    return process


def stored(event, language, kind):
    return event.hub.readings(kind, booth=BOOTH, device=language.value)


def batches():
    names = list(kinds())
    return [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]


@pytest.mark.parametrize("names", batches(), ids=lambda names: f"{names[0]}-to-{names[-1]}")
@pytest.mark.parametrize("language", INTERPRETERS, ids=str)
def test_every_kind_is_stored_as_its_snippet_says(event, language, names):
    running = {kind: start(event, language, kind) for kind in names}
    try:
        for kind, process in running.items():
            until(lambda: stored(event, language, kind), f"{kind} is stored\n{process.said}")  # noqa: B023
    finally:
        for process in running.values():
            process.kill()
    for kind in names:
        assert stored(event, language, kind)[0]["fields"] == dict(kinds()[kind].example)
        device = event.hub.device(BOOTH, kind, language.value)
        assert (device["warnings"], device["rejections"]) == ([], 0)


@pytest.mark.parametrize("language", [SnippetLanguage.PYTHON, SnippetLanguage.NODEJS], ids=str)
def test_a_device_with_a_wrong_password_says_so(event, language):
    process = start(event._replace(password="wrong"), language, "door_lock")
    try:
        until(lambda: "ot authorized" in process.said, f"it says why: {process.said}")
    finally:
        process.kill()


def test_no_password_stands_in_what_was_run(event):
    for path in event.folder.glob("*_*.*"):
        assert event.password not in path.read_text(encoding="utf-8"), path.name
