"""Runs the searches, each in a process of its own, and puts together what they came to."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from fuzz import cover, flow, structured
from fuzz.findings import Outcome
from fuzz.seeds import ROOT
from fuzz.targets import targets

LEFT_OUT = (
    "the coverage-guided search is left out: atheris is not installed, it has wheels only for "
    "CPython before 3.14 on Linux x86_64; changes are made by chance alone instead"
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


def by_bytes(target: str, runs: int, seed: int, folder: Path, module: str | None = None) -> Outcome:
    """Search one way in with `runs` inputs, by `module` or else by the best there is."""
    module = module or ("fuzz.guided" if guided() else "fuzz.unguided")
    command = [sys.executable, "-m", module, target, str(runs), str(seed), str(folder)]
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
) -> tuple[list[Outcome], Mapping[str, tuple[int, int]]]:
    """Run the searches `wanted` with about `inputs` inputs; `tell` hears of each that is done."""
    found: list[Outcome] = []

    def keep(outcome: Outcome) -> None:
        found.append(outcome)
        tell(outcome)

    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        folders = {target: Path(name) / target for target in targets() if target in wanted}
        for target, folder in folders.items():
            folder.mkdir()
            keep(by_bytes(target, int(inputs * SHARES[target]), seed, folder))
        if "flow" in wanted:
            keep(flow.run(int(inputs * SHARES["flow"]), seed))
        if "structured" in wanted:
            keep(structured.run(max(20, inputs // STRUCTURED), seed))
        corpora = {target: folder / "corpus" for target, folder in folders.items()}
        return found, cover.reached(lambda: _again(corpora, seed))


def _again(corpora: Mapping[str, Path], seed: int) -> None:
    """Try the inputs that were kept once more, and some the whole way."""
    for target, folder in corpora.items():
        check, outcome = targets()[target], Outcome(target)
        for path in sorted(folder.iterdir()):
            outcome.try_out(check, path.read_bytes())  # what it finds was told before
    flow.run(2000, seed)


ALL = [*SHARES, "structured"]
