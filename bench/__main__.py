"""Measure the hub and write docs/reference/performance.md.

python -m bench [--before TREE] [--telegraf PROGRAM] [--influx URL]

All in one run, on loopback, bounded; the figures that count are the ratios to the references.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import dialects, influx, load, peer, replay, servers, steady
from bench.report import Figures, write
from harness import ROOT
from harness.mosquitto import chosen_mosquitto

QUEUE = 300_000
REFERENCE_QUEUE = 20_000
RUNS = 3
DEVICES = 100
MANY_DEVICES = 10_000
RATES = (1_000, 5_000, 20_000)
VIEWERS = 20


def _drain(way: str, port: int, count: int, devices: int) -> dict[str, float]:
    """Fill the queue and let a process of its own empty it."""
    asyncio.run(load.queue(port, count, devices))
    command = [sys.executable, "-m", "bench.drain_queue", way, *map(str, (port, count, devices))]
    answer = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300
    )
    figures: dict[str, float] = json.loads(answer.stdout)
    rate = figures["messages"] / figures["seconds"]
    cpu = figures["cpu"] / figures["messages"] * 1e6
    print(f"   {way}, {devices} devices: {rate:,.0f} a second, {cpu:.2f} µs of CPU", flush=True)
    return {"rate": rate, "cpu_us": cpu, "peak_mib": figures["peak_mib"]}


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure, and of each of those in a dict."""
    columns = {name: [run[name] for run in runs if name in run] for name in runs[0]}
    return {
        name: _median(found) if isinstance(found[0], dict) else statistics.median(found)
        for name, found in columns.items()
    }


def _throughput() -> dict[str, dict[str, float]]:
    """Each way in turn, several times over, so that a drift of the machine meets all of them."""
    ways = {
        "hub": ("hub", QUEUE, DEVICES),
        "hub_many": ("hub", QUEUE, MANY_DEVICES),
        "codec": ("codec", QUEUE, DEVICES),
        "reference": ("reference", REFERENCE_QUEUE, DEVICES),
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    with servers.influx_sink() as sink:
        os.environ["BENCH_SINK"] = sink
        for number in range(RUNS):
            print(f"== throughput, run {number + 1} of {RUNS}", flush=True)
            for name, (way, count, devices) in ways.items():
                with servers.mosquitto(persistence=False) as port:
                    runs[name].append(_drain(way, port, count, devices))
    return {name: _median(found) for name, found in runs.items()}


def _help_seconds() -> float:
    command = [sys.executable, "-m", "hub", "--help"]
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _machine() -> dict[str, Any]:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return {
        "cpu": names[0] if names else cpu,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "mosquitto": f"mosquitto version {chosen_mosquitto()}",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _database(influx_url: str | None) -> contextlib.AbstractContextManager[tuple[str, int | None]]:
    """The harness's InfluxDB, or one that runs already, of which only the address is known."""
    return steady.database() if influx_url is None else contextlib.nullcontext((influx_url, None))


def _steady(
    before: Path | None, telegraf: Path | None, influx_url: str | None
) -> list[dict[str, Any]]:
    """Each rate into each store, with the peers in turns; SQLite also with receipts, from many and
    to many.
    """
    runs: dict[tuple[int, str, str], list[dict[str, Any]]] = {}

    def add(who: str, into: str, found: dict[str, Any]) -> None:
        runs.setdefault((found["rate"], who, into), []).append(found)
        cpu, stored = found["cpu_us"], found["stored_rate"]
        print(f"   {who} to {into}: {stored:,.0f} a second, {cpu:.1f} µs of CPU", flush=True)

    hubs = {"hub": None} | ({} if before is None else {"hub before": before})
    for number, rate in itertools.product(range(RUNS), (*RATES, 0)):
        said = f"{rate:,} a second" if rate else "as many as go"
        print(f"== {said}, run {number + 1} of {RUNS}", flush=True)
        for who, tree in hubs.items():
            add(who, "SQLite", steady.measure(rate, tree=tree))
            with _database(influx_url) as (store, pid):
                add(who, "InfluxDB", steady.measure(rate, store=store, database=pid, tree=tree))
        if telegraf is not None:
            with steady.database() as (store, pid):
                add("Telegraf", "InfluxDB", peer.measure(telegraf, rate, store, pid))
    many, viewers = f"hub, {MANY_DEVICES:,} devices", f"hub, {VIEWERS} viewers"
    for number in range(RUNS):
        print(f"== with receipts, devices, viewers, run {number + 1} of {RUNS}", flush=True)
        for rate in RATES[:2]:
            add("hub, receipts asked", "SQLite", steady.measure(rate, receipts=True))
        add(many, "SQLite", steady.measure(5_000, devices=MANY_DEVICES))
        add(viewers, "SQLite", steady.measure(5_000, viewers=VIEWERS))
    return [{"who": who, "into": into, **_median(found)} for (_, who, into), found in runs.items()]


def main() -> None:
    """Measure everything and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--before", type=Path, help="another tree of the hub, measured in turns")
    parser.add_argument("--telegraf", type=Path, help="a telegraf, measured in turns")
    parser.add_argument("--influx", help="influx://HOST:PORT/BUCKET, with HUB_INFLUX_TOKEN")
    asked = parser.parse_args()
    print(f"== Mosquitto {chosen_mosquitto()}", flush=True)
    rates = _steady(asked.before, asked.telegraf, asked.influx)
    throughput = _throughput()
    print("== the rest", flush=True)
    figures = Figures(
        machine=_machine(),
        rates=rates,
        influx=influx.measure(),
        throughput=throughput,
        replay=replay.measure(),
        dialects=dialects.measure(),
        help_seconds=_help_seconds(),
        idle=steady.idle(),
        sizes={
            "queue": QUEUE,
            "reference_queue": REFERENCE_QUEUE,
            "runs": RUNS,
            "devices": DEVICES,
            "many_devices": MANY_DEVICES,
            "replay_messages": replay.MESSAGES,
        },
    )
    print(write(figures))


if __name__ == "__main__":
    main()
