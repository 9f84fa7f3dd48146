"""From the outbox to the store, and taking readings while it is away: python -m bench.influx

The server is Debian's influxd 1.6 behind the harness's shim, which passes the write call of
InfluxDB 2 on to it; both share the machine with what is measured. Bounded to less than a minute.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import load, servers
from bench.drain_queue import Meter
from harness import ROOT
from harness.ports import free_port
from hub.pipeline.outbox import AsyncOutbox

LINES = 200_000
QUEUE = 50_000
RUNS = 3
DEVICES = 100
_BATCH = 500
TOKEN = "token-of-the-bench"


def measure() -> dict[str, float]:
    """Return lines a second to InfluxDB and SQLite, with CPU a line, and readings taken a second.

    `present` and `away` are medians of runs that take turns; `ratio` is away to present.
    """
    with (
        tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder,
        server(folder) as (port, _),
    ):
        stored = _role("store", address(port), LINES)
        embedded = _role("store", "sqlite:", LINES)
        nobody = address(free_port())
        runs: dict[str, list[float]] = {"present": [], "away": []}
        for _ in range(RUNS):
            for name, where in (("present", address(port)), ("away", nobody)):
                runs[name].append(_ingest(where))
    present, away = (statistics.median(runs[name]) for name in ("present", "away"))
    return {
        "store_rate": stored["lines"] / stored["seconds"],
        "store_cpu_us": stored["cpu"] / stored["lines"] * 1e6,
        "sqlite_rate": embedded["lines"] / embedded["seconds"],
        "sqlite_cpu_us": embedded["cpu"] / embedded["lines"] * 1e6,
        "store_lines": LINES,
        "present": present,
        "away": away,
        "ratio": away / present,
        "queue": QUEUE,
    }


def address(port: int) -> str:
    return f"influx://127.0.0.1:{port}/expo?org=bench"


def _ingest(address: str) -> float:
    """Fill Mosquitto's queue, and let a hub with its store at `address` empty it."""
    with servers.mosquitto() as port:
        asyncio.run(load.queue(port, QUEUE, DEVICES))
        figures = _role("ingest", address, port)
    return figures["messages"] / figures["seconds"]


def _role(*arguments: object) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", "bench.influx", *map(str, arguments)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


@contextlib.contextmanager
def server(folder: str) -> Iterator[tuple[int, int]]:
    """Run influxd and its shim in a process of their own; yields the shim's port, influxd's pid."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.influx", "serve", folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        port, pid = map(int, process.stdout.readline().split())
        yield port, pid
    finally:
        process.communicate(timeout=30)  # the end of its input is its sign to stop


def serve(folder: str) -> None:
    """Serve until the input ends."""
    from harness.influx_shim import Shim
    from harness.influxd import Influxd

    with contextlib.ExitStack() as stack:
        influxd = Influxd(Path(folder))
        stack.callback(influxd.close)
        influxd.start().create("expo")
        shim = Shim(influxd, remember=False)
        shim.token = TOKEN
        stack.callback(shim.start().close)
        print(shim.port, influxd.pid, flush=True)
        sys.stdin.read()


async def store(address: str, count: int) -> dict[str, float]:
    """Fill an outbox and let the drain empty it into a store."""
    from pydantic import SecretStr

    from hub.pipeline.drain import Drain
    from hub.stores import open_store
    from schemas import kinds

    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        outbox = await AsyncOutbox.open(Path(folder) / "outbox.db", 2**31, 0, 1)
        target = open_store(address, Path(folder), kinds(), SecretStr(TOKEN))
        await _fill(outbox, count)
        started = time.perf_counter(), time.process_time()
        draining = asyncio.create_task(Drain(outbox, target).run())
        while outbox.accounts.waiting:
            assert not draining.done()
            await asyncio.sleep(0.005)
        seconds, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)
        assert outbox.accounts.stored == count, outbox.accounts
        await target.close()
        await outbox.close()
    return {"lines": count, "seconds": seconds, "cpu": cpu}


async def _fill(outbox: AsyncOutbox, count: int) -> None:
    from hub.messages import Reading
    from hub.pipeline.decode import Decoder
    from hub.pipeline.outbox.entries import Commit
    from hub.stores import rows
    from schemas import kinds

    decoder = Decoder("smartlife/v1", kinds())
    now = time.time_ns()
    found = []
    for number, (topic, payload) in enumerate(load.messages(count, DEVICES)):
        reading = decoder.decode(topic, payload, now + number)
        assert isinstance(reading, Reading)
        found.append((reading.header, reading.row))
    for start in range(0, count, _BATCH):
        batch = found[start : start + _BATCH]
        await outbox.commit(Commit(rows.join(batch), count=len(batch)))


async def ingest(address: str, port: int) -> dict[str, float]:
    """Empty Mosquitto's queue with a whole hub, drain and all; until the last acknowledgement."""
    from hub import app, settings
    from hub.messages import Connection, Message

    os.environ["HUB_INFLUX_TOKEN"] = TOKEN
    meter = Meter(QUEUE, 0)
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        given = {"broker": f"mqtt://127.0.0.1:{port}", "data": folder, "store": address}
        async with app.open_hub(settings.load(given)) as opened:
            receive = opened.intake.receive

            def received(connection: Connection, messages: Sequence[Message]) -> None:
                meter.begin()
                receive(connection, messages)

            opened.committer.observers.append(lambda batch: meter.add(batch.messages))
            opened.source._receive = received
            parts = (opened.committer, opened.live, opened.source, opened.drain)
            tasks = [asyncio.create_task(part.run()) for part in parts]
            await meter.done.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return meter.report()


def main(arguments: list[str]) -> None:
    """Measure everything and print it, or play one part of it."""
    match arguments:
        case ["serve", folder]:
            serve(folder)
        case ["store", address, count]:
            print(json.dumps(asyncio.run(store(address, int(count)))))
        case ["ingest", address, port]:
            print(json.dumps(asyncio.run(ingest(address, int(port)))))
        case []:
            print(json.dumps(measure(), indent=1))
        case _:
            sys.exit("usage: python -m bench.influx")


if __name__ == "__main__":
    main(sys.argv[1:])
