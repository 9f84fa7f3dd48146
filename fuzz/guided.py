"""The search that is guided by coverage, in a process of its own: python -m fuzz.guided.

libFuzzer ends the process when it is done, so it has one to itself; it tells what it found by a
file. The modules of the way in are instrumented while they are imported, so nothing else may have
imported them before.
"""

import os
import sys
import time
from pathlib import Path

import atheris

from fuzz.findings import Outcome, resident

with atheris.instrument_imports(
    include=[
        "hub.topics",
        "hub.timestamps",
        "hub.pipeline.decode",
        "hub.pipeline.full_validation",
        "hub.stores.line_protocol",
        "hub.pipeline.rejections",
        "hub.mqtt",
    ]
):
    from fuzz.seeds import dictionary, seeds
    from fuzz.targets import targets

LARGEST = 4096
"""Bytes of an input; what is larger only costs time."""


def main(target: str, runs: int, seed: int, folder: Path) -> None:
    """Search with `runs` inputs; leaves `outcome.json` and the corpus in `folder`."""
    check = targets()[target]
    outcome = Outcome(target)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (corpus / f"seed{number}").write_bytes(data[:LARGEST])
    words = folder / "words.dict"
    words.write_text(dictionary(), encoding="ascii")
    started = time.monotonic()

    def try_out(data: bytes) -> None:
        outcome.try_out(check, data)
        if outcome.inputs == runs // 3:  # the caches are warm
            outcome.rss_before = resident()
        if outcome.inputs >= runs:
            outcome.seconds = time.monotonic() - started
            outcome.rss_after = resident()
            outcome.write(folder / "outcome.json")
            os._exit(0)

    options = [f"-seed={seed}", f"-max_len={LARGEST}", "-rss_limit_mb=1500", "-timeout=30"]
    # The target's own words are closed: a panic in Rust prints itself, ten thousand times over.
    options += ["-close_fd_mask=2", f"-artifact_prefix={folder}/", f"-dict={words}"]
    atheris.Setup(
        [sys.argv[0], *options, "-len_control=0", "-print_final_stats=1", str(corpus)],
        try_out,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
