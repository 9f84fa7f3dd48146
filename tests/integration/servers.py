"""Real servers for the tests: Mosquitto with the project's configuration, and the hub as a process.

Each is started and stopped by the fixture that needs it, and ended by its own process id.
"""

import functools
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "mosquitto" / "mosquitto.conf"
DEADLINE = 120.0
"""Seconds that anything may take before the test that waits for it fails: only a hang takes so
long, also where several other programs want the processor."""
_PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

T = TypeVar("T")


def program(name: str) -> str:
    """Return the path of a program of the system; a missing one is a failure, never a skip."""
    path = shutil.which(name) or shutil.which(name, path=_PLACES)
    assert path is not None, f"{name} is not installed; run make test, or scripts/system and node"
    return path


@functools.cache
def mosquittos() -> dict[str, str]:
    """Return the Mosquittos that there are, newest first: the version, and the program.

    They are the system's, and where that does not keep to Receive Maximum (before 2.0.13) the one
    that scripts/mosquitto has unpacked.
    """
    places = [shutil.which("mosquitto") or shutil.which("mosquitto", path=_PLACES)]
    places += sorted(map(str, ROOT.glob(".venv/mosquitto-*/mosquitto")))
    found = {}
    for path in filter(None, places):
        said = subprocess.run([path, "-h"], capture_output=True, text=True, check=False).stdout
        found[said.split(maxsplit=3)[2]] = path
    return {name: found[name] for name in sorted(found, key=_numbers, reverse=True)}


def chosen_mosquitto() -> str:
    """Return the version that is started where none is asked for: $MOSQUITTO, else the newest."""
    if asked := os.environ.get("MOSQUITTO"):
        assert asked in mosquittos(), f"$MOSQUITTO is {asked}; there is {', '.join(mosquittos())}"
        return asked
    newest = next(iter(mosquittos()), "0")
    assert keeps_to_receive_maximum(newest), f"there is {mosquittos()}; run scripts/mosquitto"
    return newest


def oldest_mosquitto() -> str:
    """Return the oldest version that there is, on Debian 12 the system's 2.0.11."""
    return next(reversed(mosquittos()))


def keeps_to_receive_maximum(version: str) -> bool:
    """Whether a version of Mosquitto sends no more than the hub asks for before it has a PUBACK."""
    return _numbers(version) >= (2, 0, 13)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def until(
    condition: Callable[[], T], what: str | Callable[[], str], deadline: float = DEADLINE
) -> T:
    """Return what `condition` returns once that is true; fail when it is not in time.

    `what` is awaited, or says so in the end.
    """
    end = time.monotonic() + deadline
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {deadline:g} s: {said}")
        time.sleep(0.02)


def open_files() -> set[Path]:
    """Return the files that this process holds open."""
    descriptors = Path("/proc/self/fd").iterdir()
    return {item.readlink() for item in descriptors if item.is_symlink()}


def open_port(port: int) -> bool:
    """Whether someone listens on `port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program in the background, with its output in a file."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.log.parent,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> str:
        """Everything that it has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, deadline: float = DEADLINE) -> int:
        assert self._process is not None
        return self._process.wait(deadline)

    def send_stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, deadline: float = DEADLINE) -> int:
        """Send a signal and return the exit code."""
        self.send_stop(number)
        return self.wait(deadline)

    def kill(self) -> None:
        """End it as a crash would; nothing happens when it does not run."""
        if self.running:
            self.stop(signal.SIGKILL)

    @property
    def alone(self) -> bool:
        """Whether nothing that it started is left: it leads a process group of its own."""
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Mosquitto(Process):
    """Mosquitto with the project's configuration; only what a test must choose stands before it.

    It is the newest where no `version` is asked for (`chosen_mosquitto`).
    """

    version = ""

    def __init__(
        self, folder: Path, *extra: str, listener: Sequence[str] = (), version: str = ""
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "mosquitto.log")
        self.version = version
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        head = [
            "user root",  # as root Mosquitto would become a user who may not read the test's files
            *(extra or ["allow_anonymous true"]),
            f"persistence_location {folder}/",
            f"listener {self.port} 127.0.0.1",
            *listener,
        ]
        self._config.write_text("\n".join([*head, CONFIGURATION.read_text(encoding="utf-8")]))

    def start(self) -> "Mosquitto":
        self.launch([mosquittos()[self.version or chosen_mosquitto()], "-c", str(self._config)])
        until(self._listens, lambda: f"mosquitto listens\n{self.said}")
        return self

    def _listens(self) -> bool:
        assert self.running, f"mosquitto ended:\n{self.said}"
        return open_port(self.port)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Where it keeps sessions and what they have queued."""
        return self.log.with_name("mosquitto.db")


def environment(settings: dict[str, object]) -> dict[str, str]:
    """Return the environment of a hub with nothing but these settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return ours | {f"HUB_{name.upper()}": str(value) for name, value in settings.items()}


class Api(Process):
    """A program that serves the hub's API at `url`."""

    def __init__(self, log: Path, port: int) -> None:
        super().__init__(log)
        self.url = f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=DEADLINE)

    def let_in(self, token: str) -> None:
        """Show the ops token from now on."""
        self._client.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **parameters: object) -> Any:
        """Return what an address answers, from JSON."""
        return self._client.get(path, params=parameters).raise_for_status().json()

    def health(self) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of /api/health."""
        answer = self._client.get("/api/health")
        return answer.status_code, answer.json()

    def serves(self) -> bool:
        assert self.running, f"the hub ended:\n{self.said}"
        try:
            self._client.get("/api/health")
        except httpx.TransportError:
            return False
        return True

    def well(self) -> bool:
        return self.serves() and self.health()[0] == httpx.codes.OK

    def part(self, name: str) -> str:
        """Return how a part is, in words."""
        return str(self.health()[1]["parts"][name]["message"])

    def accounts(self) -> dict[str, int]:
        """Return the accounts, which balance whenever they are asked for."""
        found: dict[str, int] = self.get("/api/accounts")
        taken = [found[name] for name in ("accepted", "rejected", "duplicate", "ignored")]
        kept = [found[name] for name in ("stored", "waiting", "refused")]
        assert found["received"] == sum(taken), found
        assert found["accepted"] == sum(kept), found
        assert min(found.values()) >= 0, found
        return found

    def metrics(self) -> list[str]:
        """Return the lines of /metrics."""
        return self._client.get("/metrics").raise_for_status().text.splitlines()

    def readings(self, kind: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the stored readings of a kind, oldest first."""
        found: list[dict[str, Any]] = self.get(
            "/api/readings", **{"kind": kind, "limit": 100_000, **parameters}
        )
        return found

    def device(self, booth: str, kind: str, device: str) -> dict[str, Any] | None:
        """Return what is known of one device."""
        found = self.get("/api/devices", booth=booth, kind=kind)
        return next((item for item in found if item["device"] == device), None)

    @property
    def resident(self) -> int:
        """Bytes of memory that the process holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()

    def close(self) -> None:
        self.kill()
        self._client.close()


class Hub(Api):
    """`hub run` as a process; it can be started again on the same data folder."""

    def __init__(self, folder: Path, broker: str, **settings: object) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        super().__init__(folder / "hub.log", port)
        self.data = folder / "data"
        self.settings = {
            "broker": broker,
            "data": self.data,
            "http": f"127.0.0.1:{port}",
            **settings,
        }

    def start(self, *, well: bool = True) -> "Hub":
        """Start it, and wait until it is well, or at least serves."""
        self.launch_hub()
        ready = self.well if well else self.serves
        until(ready, lambda: f"the hub is ready; it said:\n{self.said}")
        return self

    def launch_hub(self) -> None:
        """Start it, and wait for nothing."""
        self.launch([sys.executable, "-m", "hub", "run"], environment(self.settings))


class Demo(Api):
    """`hub demo` as a process, in a folder where its data stay."""

    def __init__(self, folder: Path, *flags: str) -> None:
        ports = {"--mqtt-port": str(free_port()), "--http": f"127.0.0.1:{free_port()}"}
        ports |= dict(zip(flags[::2], flags[1::2], strict=True))
        super().__init__(folder / f"demo-{free_port()}.log", free_port())
        self._flags = [word for flag, value in ports.items() if value for word in (flag, value)]
        self.mqtt_port = 0

    def launch_demo(self) -> None:
        """Start it, and wait for nothing."""
        self.launch([sys.executable, "-m", "hub", "demo", *self._flags], environment({}))

    def start(self) -> "Demo":
        """Start it, and wait until it has said where it is."""
        self.launch_demo()
        until(self._told, lambda: f"the demo says where it is; it said:\n{self.said}")
        self.url, port = self._addresses()
        self.mqtt_port = int(port)
        self._client.base_url = self.url
        until(self.serves, "the wall is served")
        return self

    def _told(self) -> bool:
        assert self.running, f"the demo ended:\n{self.said}"
        return "\nstop " in self.said

    def _addresses(self) -> tuple[str, str]:
        wall = re.search(r"^wall +(\S+)/ ", self.said, re.MULTILINE)
        broker = re.search(r"^MQTT +mqtt://127\.0\.0\.1:(\d+)", self.said, re.MULTILINE)
        assert wall is not None, self.said
        assert broker is not None, self.said
        return wall[1], broker[1]
