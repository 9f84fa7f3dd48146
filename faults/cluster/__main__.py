"""Play everything on a three-node cluster, and write docs/reference/cluster.md.

python -m faults.cluster [--only NAME…]
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from faults.cluster.across import across
from faults.cluster.page import Results, write
from faults.cluster.scale import scale_run
from faults.cluster.scenarios import SCENARIOS
from faults.cluster.stage import ClusterStage

NODES = 3


def main() -> int:
    """Return 1 if something was lost, twice or wrong that must not be."""
    parser = argparse.ArgumentParser(prog="python -m faults.cluster", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, metavar="NAME")
    parser.add_argument("--short", action="store_true", help="fewer faults of each")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    found, failures = Results(), list[str]()
    with (
        tempfile.TemporaryDirectory(prefix="cluster-") as folder,
        ClusterStage(Path(folder), _say, NODES, short=options.short) as stage,
    ):
        stage.open()
        wall = stage.wall()
        if not options.only:
            found.across = across(stage)
            print("between the nodes", found.across, flush=True)
        for name in options.only or SCENARIOS:
            began = time.monotonic()
            played = found.played[name] = SCENARIOS[name].play(stage)
            failures += [f"{name}: {why}" for why in SCENARIOS[name].failures(played)]
            print(f"{name}: {time.monotonic() - began:.0f} s, {played}", flush=True)
        if not options.only:
            found.costs = scale_run(stage, wall)
            print(*found.costs, sep="\n", flush=True)
            found.load = os.getloadavg()[1]
            write(found)
    print("\n".join(failures) or "nothing that must not be")
    return int(bool(failures))


def _say(words: str) -> None:
    print(f"   {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
