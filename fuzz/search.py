"""Runs the searches, each in a process of its own, and puts together what they came to."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from fuzz import flow, structured
from fuzz.findings import Outcome
from fuzz.targets import targets
from harness import ROOT

LEFT_OUT = (
    "the searches guided by coverage are left out: atheris is not installed, it has wheels only "
    "for CPython before 3.14 on Linux x86_64"
)
SHARES = {
    "topic": 0.08,
    "time": 0.08,
    "payload": 0.3,
    "packet": 0.19,
    "line": 0.05,
    "flow": 0.3,
}
"""The part of all inputs that each search gets; the structured search comes on top."""
STRUCTURED = 200
"""Inputs for one of the structured search, which takes milliseconds for each."""


def guided() -> bool:
    """Whether the coverage-guided search can run here."""
    return find_spec("atheris") is not None


def by_bytes(target: str, runs: int, seed: int, folder: Path) -> Outcome:
    """Search one way in with `runs` inputs."""
    command = [sys.executable, "-m", "fuzz.guided", target, str(runs), str(seed), str(folder)]
    # A panic in Rust is caught and is no finding; telling the stack takes it 2 ms.
    settings = {"RUST_BACKTRACE": "0", "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    path = folder / "outcome.json"
    if not path.exists():
        raise RuntimeError(
            f"the search {target} ended with {done.returncode}:\n{done.stderr[-3000:]}"
        )
    outcome = Outcome.read(path)
    outcome.edges = max(map(int, re.findall(r"cov: (\d+)", done.stderr)), default=0)
    outcome.corpus = len(list((folder / "corpus").iterdir()))
    return outcome


def run(
    inputs: int, seed: int, wanted: list[str], tell: Callable[[Outcome], None]
) -> list[Outcome]:
    """Run the searches `wanted` that can run here with about `inputs` inputs; tell of each one."""
    found: list[Outcome] = []

    def keep(outcome: Outcome) -> None:
        found.append(outcome)
        tell(outcome)

    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        for target in targets() if guided() else ():
            if target not in wanted:
                continue
            folder = Path(name) / target
            folder.mkdir()
            keep(by_bytes(target, int(inputs * SHARES[target]), seed, folder))
    if "flow" in wanted:
        keep(flow.run(int(inputs * SHARES["flow"]), seed))
    if "structured" in wanted:
        keep(structured.run(max(20, inputs // STRUCTURED), seed))
    return found


ALL = [*SHARES, "structured"]
