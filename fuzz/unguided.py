"""The search without coverage, where atheris has no wheels: the same changes, by chance alone."""

import sys
import time
from pathlib import Path
from random import Random

from fuzz.findings import Outcome, resident
from fuzz.mutate import mutated
from fuzz.seeds import seeds
from fuzz.targets import targets

LARGEST = 4096


def main(target: str, runs: int, seed: int, folder: Path) -> None:
    """Search with `runs` inputs; leaves `outcome.json` and the seeds in `folder`."""
    check, chance, begin = targets()[target], Random(seed), seeds(target)
    outcome = Outcome(target)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    for number, data in enumerate(begin):
        (corpus / f"seed{number}").write_bytes(data)
        outcome.try_out(check, data[:LARGEST])
    while outcome.inputs < runs:
        outcome.try_out(check, mutated(chance.choice(begin)[:LARGEST], chance, begin)[:LARGEST])
        if outcome.inputs == runs // 3:  # the caches are warm
            outcome.rss_before = resident()
    outcome.seconds = time.monotonic() - started
    outcome.rss_after = resident()
    outcome.write(folder / "outcome.json")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
