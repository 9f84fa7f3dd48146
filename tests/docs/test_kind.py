"""The worked example of a kind: one file, and everything follows from it."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from harness import ROOT
from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.process import program
from harness.wait import DEADLINE, until

FILE = ROOT / "docs" / "examples" / "kind" / "aroma_diffuser.py"
KIND = FILE.stem


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder whose `schemas` is a copy of the project's with the example in it."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas", ignore=shutil.ignore_patterns("json"))
    shutil.copy(FILE, tmp_path / "schemas")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    return tmp_path


def run(project, *words, said=None):
    return subprocess.run(
        [sys.executable, *words],
        cwd=project,
        input=said,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def test_the_page_shows_the_file_word_for_word():
    page = (ROOT / "docs" / "how-to" / "add-a-kind.md").read_text(encoding="utf-8")
    assert f"```python\n{FILE.read_text(encoding='utf-8')}```\n" in page


def test_validation_follows_and_says_what_the_page_says(project):
    page = (ROOT / "docs" / "how-to" / "add-a-kind.md").read_text(encoding="utf-8")
    good = run(project, "-m", "hub", "kinds", "check", KIND, said='{"mist": 60, "tank": 72}')
    assert good.returncode == 0, good.stderr
    bad = run(project, "-m", "hub", "kinds", "check", KIND, said='{"mist": 60, "tank": 140}')
    assert bad.returncode == 1
    assert f"`{bad.stdout.strip()}`" in page


def test_the_simulator_the_schema_and_the_reference_follow(project):
    program_text = (
        "import json\n"
        "from devices import Generic, thing\n"
        "from tools import kinds as page\n"
        "from hub.pipeline.decode import Decoder\n"
        "from schemas import kinds\n"
        "from tools.schemas import files\n"
        f"spec = kinds()[{KIND!r}]\n"
        f"device = thing({KIND!r}, 1)\n"
        "decoder = Decoder('r', kinds())\n"
        "payload = json.dumps(device.step(10)).encode()\n"
        "print(json.dumps({\n"
        "    'generic': isinstance(device, Generic),\n"
        f"    'verdict': type(decoder.decode('r/b/{KIND}/d', payload, 1)).__name__,\n"
        f"    'schema': json.loads(files()['schemas/json/{KIND}.json'])['properties']['tank'],\n"
        "    'example': type(spec.model(**spec.example)).__name__,\n"
        "    'page': page.section(spec),\n"
        "}))\n"
    )
    done = run(project, "-c", program_text)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["generic"]
    assert found["verdict"] == "Reading"
    assert found["schema"]["maximum"] == 100
    assert found["schema"]["x-unit"] == "%"
    assert found["example"] == "AromaDiffuser"
    assert "아로마 디퓨저" in found["page"]


def test_a_running_hub_takes_it_and_gives_it_back(project, tmp_path):
    broker = Mosquitto(tmp_path / "broker")
    hub = Hub(tmp_path / "hub", broker.url)
    try:
        broker.start()
        hub.start()
        assert hub.get(f"/api/kinds/{KIND}/schema")["title_ko"] == "아로마 디퓨저"
        device = [sys.executable, "-m", "devices", KIND, "--booth", "b12", "--broker", broker.url]
        subprocess.run(
            [*device, "--count", "2", "--rate", "20"],
            cwd=project,
            env=environment({}),
            check=True,
            timeout=DEADLINE,
        )
        publish = [program("mosquitto_pub"), "-p", str(broker.port), "-q", "1"]
        topic = f"smartlife/v1/b12/{KIND}/by-hand"
        subprocess.run([*publish, "-t", topic, "-m", '{"mist": 60, "tank": 72}'], check=True)
        rows = until(lambda: three(hub.readings(KIND)), "three stored readings")
        assert rows[-1]["fields"] == {"mist": 60, "tank": 72}
    finally:
        hub.close()
        broker.kill()


def three(rows):
    return rows if len(rows) == 3 else None
