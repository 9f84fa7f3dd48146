"""A recording larger than memory: it is read a chunk at a time."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness import ROOT as PROJECT
from harness.hub import environment
from hub.recording.format import Recorded, Writer
from schemas import kinds as catalogue
from tests.recording.made import FIRST, ROOT

SIZE = int(os.environ.get("REPLAY_MIB", "30"))
"""MiB of the file; `REPLAY_MIB=2048` is the whole thing."""
PEAK = 200
"""MiB of memory that a replay may take."""
# Not ru_maxrss, which also counts what the process was before it became this program.
_PROGRAM = """
import sys
from hub.cli import app
try:
    app(sys.argv[1:])
finally:
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            print("peak", int(line.split()[1]) // 1024)
"""


def large(path: Path) -> Path:
    """Small readings between blocks that no compression makes smaller."""
    writer, number = Writer(path, catalogue()), 0
    while writer.size < SIZE * 2**20:
        for _ in range(20):
            number += 1
            topic, at = f"{ROOT}/b12/wearable/w{number % 50}", FIRST + number * 10**6
            payload = b'{"heart_rate": 60, "steps": %d}' % number
            writer.add(Recorded(topic, payload, at, 1))
        block = os.urandom(30_000)
        writer.add(Recorded(f"{ROOT}/b12/wearable/w1", block, at, 1, verdict="rejected:json"))
    writer.close()
    return path


@pytest.mark.timeout(300 + SIZE)
def test_a_large_recording_takes_little_memory(tmp_path, mosquitto):
    path = large(tmp_path / "large.mcap")
    command = [sys.executable, "-c", _PROGRAM, "replay", str(path), "--speed", "max"]
    done = subprocess.run(
        [*command, "--to", mosquitto.url],
        cwd=PROJECT,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300 + SIZE,
    )
    path.unlink()
    assert done.returncode == 0, done.stderr
    peak = re.search(r"^peak (\d+)$", done.stdout, re.MULTILINE)
    assert peak is not None, done.stdout
    print(f"{SIZE} MiB: {done.stdout}")
    assert int(peak[1]) < PEAK, done.stdout
