"""An event as exhibitors meet it: a broker with accounts and TLS, and a hub."""

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE
from hub.booths.snippets import DeviceConnection
from schemas import kinds

ROOT_TOPIC, BOOTH = "smartlife/v1", "b12"
CA = "ca.crt"


class Event(NamedTuple):
    """What runs, the folder with the authority's certificate, and the password of each device."""

    hub: Hub
    broker: Mosquitto
    port: int
    folder: Path
    password: str

    def connection(self, device: str, kind: str) -> DeviceConnection:
        """Return how a device of `kind` reaches the broker: by its own account, over TLS."""
        return DeviceConnection(
            "127.0.0.1", self.port, True, CA, account(device, kind), ROOT_TOPIC, BOOTH, device
        )


def account(device: str, kind: str) -> str:
    """Return the name of a device's account."""
    return f"{BOOTH}-{kind}-{device}"


@pytest.fixture(scope="session")
def event(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Event]:
    """A broker that knows one account for each kind and language, and a hub."""
    folder = tmp_path_factory.mktemp("snippets")
    words, port = secrets.token_urlsafe(12), free_port()
    _certify(folder)
    _accounts(folder / "passwords", words)
    broker = Mosquitto(
        folder / "broker",
        "allow_anonymous false",
        "use_username_as_clientid true",
        f"password_file {folder / 'passwords'}",
        listener=(
            f"listener {port} 127.0.0.1",
            f"certfile {folder / CA}",
            f"keyfile {folder / 'key.pem'}",
        ),
    )
    hub = Hub(folder / "hub", f"mqtt://hub:{words}@127.0.0.1:{broker.port}")
    try:
        broker.start()
        yield Event(hub.start(), broker, port, folder, words)
    finally:
        hub.close()
        broker.kill()


def _certify(folder: Path) -> None:
    """A certificate for this machine that vouches for itself."""
    new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch -days 2"
    name = ["-subj", "/CN=event", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", folder / "key.pem", "-out", folder / CA]
    command = [program("openssl"), *new.split(), *name, *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)


def _accounts(path: Path, password: str) -> None:
    devices = ("mosquitto_pub", "python", "nodejs")
    names = ["hub", *(account(device, kind) for device in devices for kind in kinds())]
    path.write_text("".join(f"{name}:{password}\n" for name in names))
    command = [program("mosquitto_passwd"), "-U", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)
