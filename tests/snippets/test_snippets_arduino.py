"""The Arduino snippet of every kind compiles, and writes the example that it was made from."""

import json
import subprocess

import pytest

from harness import ROOT
from harness.process import program
from harness.wait import DEADLINE
from hub.booths.snippets import SnippetLanguage, snippet
from hub.messages import Reading
from hub.pipeline.decode import Decoder
from schemas import kinds
from tests.snippets.test_snippets_text import OPEN, SECURED

STUBS = ROOT / "tests" / "snippets" / "arduino"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-std=gnu++17"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What each kind's program writes: all of them in one program, each in its own namespace."""
    folder = tmp_path_factory.mktemp("arduino")
    lines = ["#include <PubSubClient.h>", "#include <WiFi.h>", "#include <WiFiClientSecure.h>"]
    for name, kind in kinds().items():
        for way, connection in (("open", OPEN), ("secured", SECURED)):
            file = folder / f"{name}_{way}.ino"
            file.write_text(snippet(SnippetLanguage.ARDUINO, kind, connection), encoding="utf-8")
            lines.append(f'namespace {name}_{way} {{\n#include "{file.name}"\n}}')
    lines.append("int main() {")
    for name in kinds():
        lines.append(f"  {name}_open::setup(); {name}_secured::loop();")
        lines.append(f"  {name}_open::measure(); puts({name}_open::READING);")
    source, built = folder / "all.cpp", folder / "all"
    source.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")
    command = [program("g++"), *WARNINGS, "-I", STUBS, "-I", folder, "-o", built, source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([built], capture_output=True, text=True, timeout=DEADLINE, check=True)
    return dict(zip(kinds(), said.stdout.splitlines(), strict=True))


@pytest.mark.parametrize("kind", kinds())
def test_a_program_writes_the_example(written, kind):
    verdict = Decoder("smartlife/v1", kinds()).decode(OPEN.topic(kind), written[kind].encode(), 0)
    assert isinstance(verdict, Reading)
    assert json.loads(written[kind]) == dict(kinds()[kind].example)
