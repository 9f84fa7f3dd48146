"""The hub and the demo as processes, with their API."""

import os
import re
import resource
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from harness.ports import free_port
from harness.process import Process
from harness.wait import DEADLINE, until


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

    def get(self, path: str, **parameters: Any) -> Any:
        """Return what an address answers, from JSON."""
        return self._client.get(path, params=parameters).raise_for_status().json()

    def delete(self, path: str) -> None:
        """Delete what is at an address."""
        self._client.delete(path).raise_for_status()

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
        # A hub of before, which `make bench` may compare with, merges without counting, and takes
        # one reading a message.
        kept = [found.get(name, 0) for name in ("stored", "merged", "waiting", "refused")]
        assert found["received"] == sum(taken), found
        assert found.get("readings", found["accepted"]) == sum(kept), found
        assert min(found.values()) >= 0, found
        return found

    def wait_for(self, account: str, count: int) -> None:
        """Wait until an account has come to `count`."""
        until(lambda: self.accounts()[account] >= count, f"{account} comes to {count}")

    def metrics(self) -> list[str]:
        """Return the lines of /metrics."""
        return self._client.get("/metrics").raise_for_status().text.splitlines()

    def readings(self, kind: str, **parameters: Any) -> list[dict[str, Any]]:
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

    command = "run"
    forks = True
    """False where a test looks at the process as everyone can see it."""

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

    def start(self, *, well: bool = True) -> Self:
        """Start it, and wait until it is well, or at least serves."""
        self.launch_hub()
        ready = self.well if well else self.serves
        until(ready, lambda: f"the hub is ready; it said:\n{self.said}")
        return self

    def launch_hub(self) -> None:
        """Start it, and wait for nothing."""
        words = ["hub", self.command]
        self.launch_module(words, environment(self.settings), forks=self.forks)


class HubWall(Hub):
    """`hub wall` as a process."""

    command = "wall"


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

    def start(self) -> Self:
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
