"""Debian's influxd 1.6, on a folder of its own."""

from pathlib import Path
from typing import Any, Self

import httpx

from harness.ports import free_port
from harness.process import Process, program
from harness.wait import DEADLINE, until

_CONFIG = """\
reporting-disabled = true
bind-address = "127.0.0.1:{backup}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
[continuous_queries]
enabled = false
"""


class Influxd(Process):
    """influxd on a folder of its own; it can be stopped, killed and started again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "influxd.log")
        self.port = free_port()
        self._config = folder / "influxdb.conf"
        text = _CONFIG.format(backup=free_port(), folder=folder, port=self.port)
        self._config.write_text(text)
        self.url = f"http://127.0.0.1:{self.port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=DEADLINE)

    def start(self) -> Self:
        self.launch([program("influxd"), "-config", str(self._config)])
        until(self._ready, f"influxd answers\n{self.said[-2000:]}")
        return self

    def _ready(self) -> bool:
        assert self.running, f"influxd ended:\n{self.said[-2000:]}"
        try:
            return self._client.get("/ping").status_code == 204
        except httpx.TransportError:
            return False

    def ask(self, statement: str, db: str | None = None) -> list[dict[str, Any]]:
        """Return the series of one statement."""
        parameters = {"db": db, "epoch": "ns"} if db else {}
        answer = self._client.post("/query", params=parameters, data={"q": statement}).json()
        result = answer["results"][0]
        assert "error" not in result, result
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    def create(self, db: str, duration: str | None = None) -> None:
        """Create a database; `duration` is how long it keeps points."""
        self.ask(f'CREATE DATABASE "{db}"' + (f" WITH DURATION {duration}" if duration else ""))

    def write(self, db: str, *lines: str) -> None:
        """Store lines past the shim."""
        self._client.post("/write", params={"db": db}, content="\n".join(lines)).raise_for_status()

    def count(self, db: str, measurement: str, name: str) -> int:
        """Return how many points have the field."""
        series = self.ask(f'SELECT count("{name}") FROM "{measurement}"', db)
        return series[0]["values"][0][1] if series else 0

    def close(self) -> None:
        self.kill()
        self._client.close()
