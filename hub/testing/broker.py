"""A real broker as a test fixture, on free ports of this machine."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.errors import BrokerError

_DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class LocalBroker:
    """A running broker: MQTT 3.1.1 at `port`, MQTT 5 at `port_v5`, often the same."""

    name: str
    host: str
    port: int
    port_v5: int

    @property
    def url(self) -> str:
        """Its address for MQTT 5, in the form of HUB_BROKER."""
        return f"mqtt://{self.host}:{self.port_v5}"


@contextlib.contextmanager
def run_local_broker() -> Iterator[LocalBroker]:
    """Run Mosquitto where it is installed, else the embedded broker, on free ports of 127.0.0.1.

    Raises:
        BrokerError: it does not start; the message holds its output.
    """
    program = shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin"
    )
    if program is None:
        from hub.mqtt.embedded import run_broker

        with run_broker(_free_port(), _free_port()) as broker:
            yield LocalBroker("embedded", broker.host, broker.port, broker.port_v5)
        return
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="smartlife-broker-") as folder:
        config = Path(folder) / "mosquitto.conf"
        config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            "max_queued_messages 1000000\nmax_inflight_messages 8192\nset_tcp_nodelay true\n"
        )
        with _running([program, "-c", str(config)], Path(folder) / "log", port):
            yield LocalBroker("mosquitto", "127.0.0.1", port, port)


@contextlib.contextmanager
def _running(command: list[str], log: Path, port: int) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        end = time.monotonic() + _DEADLINE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise BrokerError(f"mosquitto did not start: {log.read_text(errors='replace')}")
            time.sleep(0.01)
        yield
    finally:
        process.terminate()
        process.wait(_DEADLINE)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
