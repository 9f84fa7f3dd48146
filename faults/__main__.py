"""Play the faults and write docs/reference/faults.md: python -m faults [--short] [--only NAME…]."""

import argparse
import contextlib
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from faults import report
from faults.scenarios import SCENARIOS
from faults.stage import Outcome, Stage
from harness.mosquitto import chosen_mosquitto


class Progress:
    """Says which fault is on and for how long, in one line on a terminal, else a line a step."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.monotonic()
        self._live = sys.stderr.isatty()

    def __call__(self, what: str) -> None:
        seconds = time.monotonic() - self._began
        head, tail = ("\r\033[K", "") if self._live else ("", "\n")
        print(f"{head}   {self._name}: {seconds:5.1f} s  {what}", end=tail, file=sys.stderr)
        sys.stderr.flush()


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the main thread when it takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError(f"took more than {seconds:g} s")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def play(name: str, *, short: bool) -> Outcome:
    """Play one scenario in a folder of its own and return what it came to."""
    scenario = SCENARIOS[name]
    with (
        tempfile.TemporaryDirectory(prefix="smartlife-faults-") as folder,
        Stage(Path(folder), Progress(name), short=short, version=scenario.version) as stage,
        limit(scenario.limit),
    ):
        return scenario.play(stage)


def main() -> int:
    """Play what is asked for; returns 1 when anything was lost, twice or wrong."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer faults, a few minutes in all")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, metavar="NAME", help="these alone")
    parser.add_argument(
        "--again", action="store_true", help="with --only: put them into the page of the last run"
    )
    parser.add_argument("--list", action="store_true", help="say what there is, and stop")
    options = parser.parse_args()
    if options.list:
        for name, scenario in SCENARIOS.items():
            print(f"{name:24} {scenario.words}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    print(f"== Mosquitto {chosen_mosquitto()}", flush=True)
    results = report.Results.latest() if options.again else report.Results(short=options.short)
    for name in options.only or SCENARIOS:
        began = time.monotonic()
        try:
            outcome: Outcome | str = play(name, short=options.short)
        except Exception as exc:
            outcome = f"{type(exc).__name__}: {exc}"
        results.add(name, outcome, time.monotonic() - began)
        print(results.last(), flush=True)
        if options.again or not options.only:
            results.write()
    if results.failed:
        print("failed:", ", ".join(results.failed))
    return int(bool(results.failed))


if __name__ == "__main__":
    sys.exit(main())
