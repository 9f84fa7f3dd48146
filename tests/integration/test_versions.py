"""What a run of the tests says that it ran with."""

import re
import subprocess

from harness import ROOT
from harness.wait import DEADLINE

NAMES = ("python", "mosquitto", "influxd", "chromium-headless-shell", "node", "docker-compose")


def test_the_versions_of_what_the_tests_run_with_are_printed():
    command = [ROOT / "scripts/versions"]
    done = subprocess.run(command, check=True, timeout=DEADLINE, capture_output=True, text=True)
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert tuple(shown) == NAMES
    assert all(re.search(r"\d+\.\d+\.\d+", version) for version in shown.values()), shown
