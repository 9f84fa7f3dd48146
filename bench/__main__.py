"""Measure the hub and write docs/reference/performance.md: python -m bench.

All in one run, on loopback, bounded; the figures that count are the ratios to the references.
"""

import asyncio
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

from bench import influx, latency, load, replay, servers
from bench.report import Figures, write
from harness import ROOT
from harness.mosquitto import chosen_mosquitto

QUEUE = 300_000
REFERENCE_QUEUE = 20_000
RUNS = 3
DEVICES = 100
MANY_DEVICES = 10_000


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


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


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


def main() -> None:
    """Measure everything and write the report."""
    print(f"== Mosquitto {chosen_mosquitto()}", flush=True)
    throughput = _throughput()
    print("== latency and memory", flush=True)
    figures = Figures(
        machine=_machine(),
        influx=influx.measure(),
        throughput=throughput,
        latency=latency.measure(rate=5_000, seconds=10, devices=DEVICES),
        memory=latency.measure(rate=20_000, seconds=10, devices=MANY_DEVICES),
        replay=replay.measure(),
        help_seconds=_help_seconds(),
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
