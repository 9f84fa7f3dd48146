"""Play everything on a three-node cluster, and write docs/reference/cluster.md.

python -m faults.cluster [--short] [--only NAME…]
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from faults.cluster.across import across
from faults.cluster.after_death import after_death
from faults.cluster.page import write
from faults.cluster.scale import scale_run
from faults.cluster.scenarios import SCENARIOS
from faults.cluster.shown import shown
from faults.cluster.stage import ClusterStage

NODES = 3
_MEASURES = "across", "after-death", "shown", "scale"


def main() -> int:
    """Return 1 if something was lost, twice, wrong or late that must not be."""
    parser = argparse.ArgumentParser(prog="python -m faults.cluster", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=(*_MEASURES, *SCENARIOS), metavar="NAME")
    parser.add_argument("--short", action="store_true", help="fewer faults of each")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    found, failures = dict[str, Any](), list[str]()
    with (
        tempfile.TemporaryDirectory(prefix="cluster-") as folder,
        ClusterStage(Path(folder), _say, NODES, short=options.short) as stage,
    ):
        plays = _plays(stage)
        for name in options.only or plays:
            began = time.monotonic()
            result = found[name] = plays[name]()
            failures += [f"{name}: {why}" for why in _failures(name, result)]
            print(f"{name}: {time.monotonic() - began:.0f} s, {result}", flush=True)
    if not options.only:
        write(found, os.getloadavg()[1])
    print("\n".join(failures) or "nothing that must not be")
    return int(bool(failures))


def _plays(stage: ClusterStage) -> dict[str, Callable[[], Any]]:
    """Start the cluster; return what is played on it, in this order."""
    wall = stage.open().wall()
    return {
        "across": partial(across, stage),
        "after-death": partial(after_death, stage, wall),
        "shown": partial(shown, stage, wall),
        "scale": partial(scale_run, stage, wall),  # before nodes are killed: a calm cluster
        **{name: partial(scenario.play, stage) for name, scenario in SCENARIOS.items()},
    }


def _failures(name: str, result: Any) -> list[str]:
    if name in SCENARIOS:
        return SCENARIOS[name].failures(result)
    return result.failures() if name == "shown" else []


def _say(words: str) -> None:
    print(f"   {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
