"""Search for input that breaks a promise, and write docs/reference/fuzzing.md: python -m fuzz."""

import argparse
import json
import sys

from fuzz import report, search
from fuzz.findings import Outcome
from harness import ROOT


def _tell(outcome: Outcome) -> None:
    print(
        f"   {outcome.target}: {outcome.inputs:,} inputs in {outcome.seconds:.1f} s, "
        f"{len(outcome.findings)} findings",
        flush=True,
    )
    for where, finding in outcome.findings.items():
        print(json.dumps({"where": where, **finding}, ensure_ascii=False), flush=True)


def main() -> int:
    """Run what is asked for; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="inputs in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", action="append", choices=search.ALL, help="only this one")
    asked = parser.parse_args()
    if not search.guided():
        print(f"note: {search.LEFT_OUT}", file=sys.stderr)
    outcomes = search.run(asked.inputs, asked.seed, asked.target or search.ALL, _tell)
    if asked.target is None:
        report.write(outcomes)
        print(f"written: {report.PATH.relative_to(ROOT)}")
    return 1 if any(outcome.findings for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
