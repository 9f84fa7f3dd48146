"""A hub at a steady rate of readings: what each costs, and how long it takes.

python -m bench.steady RATE [--seconds S] [--devices N] [--viewers N] [--store sqlite|influx]
                              [--receipts]

RATE 0 is as many as go. The hub is a process of its own, and so are publisher and viewers; all
share the machine. Bounded: it ends by itself.
"""

import argparse
import asyncio
import contextlib
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench import influx, load, servers
from harness import ROOT
from harness.hub import Hub
from hub.timestamps import parse

WARM_UP = 4.0
"""Seconds in which each device has been met and nothing is measured."""
_POLL = 0.01
_TICK = os.sysconf("SC_CLK_TCK")


class Usage(NamedTuple):
    """What a process has used so far, all of its threads."""

    user: float
    system: float
    writes: int
    written: int
    switches: int

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Read /proc; CPU in seconds, `written` in bytes that went to the disk."""
        process = Path(f"/proc/{pid}")
        fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        io = _numbers((process / "io").read_text(encoding="ascii"))
        switches = 0
        for task in (process / "task").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it has just ended
                said = _numbers((task / "status").read_text(encoding="utf-8"))
                switches += said["voluntary_ctxt_switches"] + said["nonvoluntary_ctxt_switches"]
        user, system = (int(ticks) / _TICK for ticks in fields[11:13])
        return cls(user, system, io["syscw"], io["write_bytes"], switches)

    def since(self, before: "Usage") -> "Usage":
        """Return what was used since `before`."""
        return Usage(
            self.user - before.user,
            self.system - before.system,
            self.writes - before.writes,
            self.written - before.written,
            self.switches - before.switches,
        )


def _numbers(text: str) -> dict[str, int]:
    pairs = (line.partition(":") for line in text.splitlines())
    found = ((name, value.split()) for name, _, value in pairs)
    return {name: int(value[0]) for name, value in found if value and value[0].isdigit()}


def measure(
    rate: int,
    seconds: float = 10,
    devices: int = 280,
    viewers: int = 0,
    store: str = "",
    database: int | None = None,
    tree: Path | None = None,
    receipts: bool = False,
) -> dict[str, Any]:
    """Publish `rate` readings a second, as many as go if it is 0; return what was seen.

    `store` is the hub's setting, SQLite if it is empty, and `database` the process of its server.
    Latencies are in ms from the `ts` that the publisher wrote, just before it wrote the packet;
    CPU is in µs a reading, of the whole process, in `seconds` in which only `viewers` look; who
    measures latencies reads the store a hundred times a second, and does so in as many seconds
    after them. `tree` is another checkout, whose hub is run. With `receipts` some devices ask for
    one: then the hub gathers less, and each reading costs more.
    """
    token = os.environ.get("HUB_INFLUX_TOKEN", influx.TOKEN)
    settings = {"store": store, "influx_token": token} if store else {}
    with servers.mosquitto() as port, servers.hub(port, tree, **settings) as hub:
        lasting = WARM_UP + 2 * seconds
        publisher = start("publish", port, rate, lasting, devices, int(receipts))
        watching = [start("watch", hub.url, lasting) for _ in range(viewers)]
        time.sleep(WARM_UP)
        pids = [hub.pid] if database is None else [hub.pid, database]
        before, taken = [Usage.of(pid) for pid in pids], hub.accounts()
        time.sleep(seconds)
        after, at_end = [Usage.of(pid) for pid in pids], hub.accounts()
        watched = asyncio.run(_watch(hub, None if store else hub.data / "store.db", seconds))
        used = [end.since(start) for end, start in zip(after, before, strict=True)]
        said = json.loads(publisher.communicate(timeout=120)[0])
        waiting = hub.accounts()["waiting"]
        for process in watching:
            process.communicate(timeout=60)
        peak = _peak_mib(hub.pid)
    count = at_end["stored" if rate else "received"] - taken["stored" if rate else "received"]
    figures = {
        "rate": rate,
        "devices": devices,
        "viewers": viewers,
        "sent_rate": said["sent"] / said["seconds"],
        "stored_rate": (at_end["stored"] - taken["stored"]) / seconds,
        "waiting": waiting,
        "cpu_us": (used[0].user + used[0].system) / count * 1e6,
        "user_us": used[0].user / count * 1e6,
        "system_us": used[0].system / count * 1e6,
        "writes": used[0].writes / count,
        "disk_bytes": used[0].written / count,
        "switches": used[0].switches / count,
        "peak_mib": peak,
        **{name: percentiles(ages) for name, ages in watched.items() if ages},
    }
    if receipts:
        figures["receipt"] = percentiles([1e3 * item for item in said["receipts"]])
    if database is not None:
        figures["database_us"] = (used[1].user + used[1].system) / count * 1e6
    return figures


def idle(seconds: float = 20) -> float:
    """Return the share of a core (0 to 1) that a hub takes to which nobody sends anything."""
    with servers.mosquitto() as port, servers.hub(port) as hub:
        time.sleep(WARM_UP)
        before = Usage.of(hub.pid)
        time.sleep(seconds)
        used = Usage.of(hub.pid).since(before)
    return (used.user + used.system) / seconds


def start(role: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.steady", role, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def _watch(hub: Hub, store: Path | None, seconds: float) -> dict[str, list[float]]:
    end = time.monotonic() + seconds
    looking = [_watch_live(hub.url, end)]
    if store is not None:
        looking.append(_watch_store(store, end))
    found = await asyncio.gather(*looking)
    return dict(zip(("live", "store"), found, strict=False))


async def _watch_live(url: str, end: float) -> list[float]:
    """How old a reading is when its live event is here: the newest of each device and update."""
    ages: list[float] = []
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


async def _watch_store(path: Path, end: float) -> list[float]:
    """How old each stored reading is when another program can read it; looked at every 10 ms."""
    ages: list[float] = []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        (seen,) = db.execute("SELECT coalesce(max(ts), 0) FROM thermostat").fetchone()
        while time.monotonic() < end:
            query = "SELECT ts FROM thermostat WHERE ts > ? ORDER BY ts"
            rows = db.execute(query, (seen,)).fetchall()
            now = time.time_ns()
            ages += [(now - ts) / 1e6 for (ts,) in rows]
            seen = rows[-1][0] if rows else seen
            await asyncio.sleep(_POLL)
    return ages


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p99, the largest, and how many there were."""
    values = sorted(values) or [math.nan]
    return {
        "p50": values[len(values) // 2],
        "p99": values[len(values) * 99 // 100],
        "max": values[-1],
        "count": len(values),
    }


def _peak_mib(pid: int) -> float:
    return _numbers(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))["VmHWM"] / 1024


async def _view(url: str, seconds: float) -> None:
    """Read the live updates of everything, as a wall does, and throw them away."""
    end = time.monotonic() + seconds
    async with (
        httpx.AsyncClient(timeout=None) as client,
        client.stream("GET", f"{url}/api/live") as answer,
    ):
        async for _ in answer.aiter_raw():
            if time.monotonic() > end:
                return


@contextlib.contextmanager
def database() -> Iterator[tuple[str, int]]:
    """Run influxd behind its shim; yields the hub's setting for the store, and influxd's pid."""
    with (
        tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder,
        influx.server(folder) as (port, pid),
    ):
        yield influx.address(port), pid


def main(arguments: list[str]) -> None:
    """Measure one rate and print it, or play one part of it."""
    match arguments:
        case ["publish", port, rate, seconds, devices, receipts]:
            sent = load.steady(
                int(port), int(rate), float(seconds), int(devices), receipts=bool(int(receipts))
            )
            print(json.dumps(asyncio.run(sent)))
        case ["watch", url, seconds]:
            asyncio.run(_view(url, float(seconds)))
        case _:
            parser = argparse.ArgumentParser(prog="python -m bench.steady")
            parser.add_argument("rate", type=int)
            parser.add_argument("--seconds", type=float, default=10)
            parser.add_argument("--devices", type=int, default=280)
            parser.add_argument("--viewers", type=int, default=0)
            parser.add_argument("--receipts", action="store_true")
            parser.add_argument("--store", choices=("sqlite", "influx"), default="sqlite")
            asked = vars(parser.parse_args(arguments))
            with contextlib.ExitStack() as stack:
                if asked.pop("store") == "influx":
                    asked["store"], asked["database"] = stack.enter_context(database())
                print(json.dumps(measure(**asked), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
