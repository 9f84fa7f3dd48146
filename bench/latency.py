"""From a device to the store and to a viewer, at a steady rate; and the memory that it takes."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from bench import load, servers
from harness import ROOT
from hub.timestamps import parse

_SETTLE = 3.0
_POLL = 0.002


def measure(rate: int, seconds: float, devices: int) -> dict[str, Any]:
    """Run broker and hub, publish `rate` readings a second, and return what was seen.

    Latencies are in ms from the `ts` that the publisher wrote, just before it wrote the packet.
    """
    with servers.mosquitto() as port, servers.hub(port) as hub:
        command = [sys.executable, "-m", "bench.latency", *map(str, (port, rate, seconds, devices))]
        publishing = subprocess.Popen(command, cwd=ROOT)
        found = asyncio.run(_watch(hub.url, hub.data / "store.db", seconds + _SETTLE))
        publishing.wait(60)
        peak = _status_mib(hub.pid, "VmHWM")
        accounts = hub.accounts()
    return {**found, "rate": rate, "devices": devices, "peak_mib": peak, **accounts}


async def _watch(url: str, store: Path, seconds: float) -> dict[str, Any]:
    live, stored = await asyncio.gather(_watch_live(url, seconds), _watch_store(store, seconds))
    return {"live": _percentiles(live), "store": _percentiles(stored)}


async def _watch_live(url: str, seconds: float) -> list[float]:
    """How old a reading is when its live event is here: the newest of each device and update."""
    ages: list[float] = []
    end = time.monotonic() + seconds
    # One booth: what a viewer sees is measured, not how fast this client reads JSON.
    watching = {"booth": "b07"}
    async with (
        httpx.AsyncClient(timeout=None) as client,
        client.stream("GET", f"{url}/api/live", params=watching) as answer,
    ):
        name = ""
        async for line in answer.aiter_lines():
            now = time.time_ns()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name == "reading":
                said = json.loads(line.removeprefix("data: "))
                ages.append((now - parse(said["ts"])) / 1e6)
            if time.monotonic() > end:
                return ages
    return ages


async def _watch_store(path: Path, seconds: float) -> list[float]:
    """How old the newest stored reading is, looked at every 2 ms, whenever there is a newer one."""
    ages: list[float] = []
    end = time.monotonic() + seconds
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        seen = 0
        while time.monotonic() < end:
            query = "SELECT ts FROM thermostat WHERE ts > ? ORDER BY ts"
            rows = db.execute(query, (seen,)).fetchall()
            now = time.time_ns()
            ages += [(now - ts) / 1e6 for (ts,) in rows]
            seen = rows[-1][0] if rows else seen
            await asyncio.sleep(_POLL)
    return ages


def _percentiles(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    return {
        "p50": values[len(values) // 2],
        "p99": values[len(values) * 99 // 100],
        "max": values[-1],
        "count": len(values),
    }


def _status_mib(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


if __name__ == "__main__":
    _port, _rate, _seconds, _devices = sys.argv[1:]
    asyncio.run(load.steady(int(_port), int(_rate), float(_seconds), int(_devices)))
