"""The scale run: what a reading costs with one, two and three hubs, each with the same load."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from faults.cluster.stage import ClusterStage
from harness.process import Process

EACH = 500.0
"""Readings a second for each hub of the run."""
_COUNTED = 10
"""Seconds' worth of readings over which the CPU is taken."""


class Cost(NamedTuple):
    """µs of CPU that a reading takes of each part, all processes of it together."""

    hubs: int
    rate: float
    hub: float
    broker: float
    influxd: float
    wall: float


def processor_time(process: Process) -> float:
    """Return the seconds of CPU that a process has used."""
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    return sum(map(int, stat.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def scale_run(stage: ClusterStage, wall: Process) -> list[Cost]:
    """Measure with one hub, then two, and so on; the others of the group are stopped meanwhile."""
    everyone, found = stage.hubs, list[Cost]()
    for hub in everyone[1:]:
        hub.stop()
    for count in range(1, len(everyone) + 1):
        stage.hubs = everyone[:count]
        if count > 1:
            stage.hubs[-1].launch_hub()
        stage.await_all()
        stage.tell(f"{count} of {len(everyone)} hubs")
        found.append(_cost(stage, wall))
    return found


def _cost(stage: ClusterStage, wall: Process) -> Cost:
    assert stage.influx is not None
    rate = EACH * len(stage.hubs)
    loads = stage.publishing(rate, stage.nodes[: len(stage.hubs)])
    stage.more(round(2 * rate))
    parts: list[Sequence[Process]] = [stage.hubs, stage.nodes, [stage.influx.influxd], [wall]]
    before = [sum(map(processor_time, part)) for part in parts]
    received = stage.received()
    seconds = stage.more(round(_COUNTED * rate))
    readings = stage.received() - received
    after = [sum(map(processor_time, part)) for part in parts]
    for load in loads:
        load.stop()
    stage.quiet()
    hub, broker, influxd, shown = (
        (late - early) / readings * 1e6 for early, late in zip(before, after, strict=True)
    )
    return Cost(len(stage.hubs), readings / seconds, hub, broker, influxd, shown)
