"""Servers that a measurement needs, on loopback and free ports, ended with it."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness import ROOT
from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.ports import free_port, open_port
from harness.wait import until


@contextlib.contextmanager
def mosquitto(*, persistence: bool = True) -> Iterator[int]:
    """Run Mosquitto with the project's configuration; yields its port.

    Without `persistence` it keeps queues in memory alone, and its disk is not what is measured.
    """
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        broker = Mosquitto(Path(folder), persistence=persistence)
        try:
            yield broker.start().port
        finally:
            broker.kill()


@contextlib.contextmanager
def hub(broker: int, tree: Path | None = None, **settings: object) -> Iterator[Hub]:
    """Run `hub run` against a broker's port, of this tree or of another."""
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        if tree is not None:
            os.environ["PYTHONPATH"] = str(tree.resolve())
        started = Hub(Path(folder), f"mqtt://127.0.0.1:{broker}", log="warning", **settings)
        try:
            yield started.start()
        finally:
            started.close()
            os.environ.pop("PYTHONPATH", None)


@contextlib.contextmanager
def influx_sink() -> Iterator[str]:
    """Run a server that takes InfluxDB writes and keeps nothing; yields its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT)
    try:
        until(lambda: open_port(port), "the sink listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(5)
