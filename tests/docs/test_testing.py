"""The example project for tests of one's own: a folder of its own, and the plugin as installed."""

import os
import shutil
import subprocess
import sys

from harness import ROOT
from harness.wait import DEADLINE

FOLDER = ROOT / "docs" / "examples" / "testing"
PAGE = ROOT / "docs" / "how-to" / "test-against-a-recording.md"


def test_the_example_project_passes_with_the_plugin_alone(tmp_path):
    project = tmp_path / "project"
    shutil.copytree(FOLDER, project, ignore=shutil.ignore_patterns("__pycache__"))
    # Named, so that it is there where the hub was not installed again since.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "hub.testing.pytest_plugin"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error", str(project)],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HUB_ROOT": "not/for/tests"},
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


def test_the_page_shows_the_file_word_for_word():
    text = (FOLDER / "test_incident.py").read_text(encoding="utf-8")
    assert f"```python\n{text}```\n" in PAGE.read_text(encoding="utf-8")


def test_the_plugin_is_light():
    program = (
        "import sys\nimport hub.testing.pytest_plugin\n"
        "heavy = {'fastapi', 'pydantic', 'mcap', 'mqtt5', 'hub.app', 'schemas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
