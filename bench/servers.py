"""Servers that a measurement needs, on loopback and free ports, ended by their process."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.integration.servers import chosen_mosquitto, mosquittos

ROOT = Path(__file__).parent.parent
_DEADLINE = 15.0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, is_there: Any, deadline: float = _DEADLINE) -> None:
    """Wait until `is_there()` is true."""
    end = time.monotonic() + deadline
    while not is_there():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {deadline:g} s")
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def mosquitto(*, persistence: bool = True) -> Iterator[int]:
    """Run Mosquitto with the project's configuration; yields its port.

    Without `persistence` it keeps queues in memory alone, and its disk is not what is measured.
    """
    program = mosquittos()[chosen_mosquitto()]
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        port = free_port()
        head = f"listener {port} 127.0.0.1\nallow_anonymous true\n"
        head += f"persistence_location {folder}/\nuser {os.environ.get('USER', 'root')}\n"
        shared = (ROOT / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
        config = Path(folder) / "mosquitto.conf"
        if not persistence:
            shared = shared.replace("persistence true", "persistence false")
        config.write_text(head + shared)
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen([program, "-c", str(config)], stdout=log, stderr=log)
            try:
                wait_for("mosquitto", lambda: _listens(port))
                yield port
            finally:
                process.terminate()
                process.wait(10)


@contextlib.contextmanager
def hub(broker: int, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `hub run` against a broker's port; yields the process and the address of its API."""
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        address = f"127.0.0.1:{free_port()}"
        given = {"broker": f"mqtt://127.0.0.1:{broker}", "http": address, "data": folder}
        environment = {f"HUB_{name.upper()}": value for name, value in (given | settings).items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "run", "--log", "warning"],
            env=os.environ | environment,
            cwd=ROOT,
        )
        try:
            wait_for("the hub", lambda: _is_well(f"http://{address}"))
            yield process, f"http://{address}"
        finally:
            process.terminate()
            process.wait(15)


def get(url: str) -> Any:
    """Return the JSON at `url`."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def _is_well(url: str) -> bool:
    try:
        return bool(get(f"{url}/api/health")["status"] == "ok")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextlib.contextmanager
def influx_sink() -> Iterator[str]:
    """Run a server that takes InfluxDB writes and keeps nothing; yields its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT)
    try:
        wait_for("the sink", lambda: _listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(5)
