"""The page of a run: docs/reference/fuzzing.md."""
# ruff: noqa: E501 - a row of a table is one line

import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from fuzz.findings import Outcome
from fuzz.search import LEFT_OUT, guided
from harness import ROOT

PATH = ROOT / "docs" / "reference" / "fuzzing.md"
_MIB = 1024 * 1024

_TEXT = """\
# Bad input

For engineers: which input was searched for a mistake of the hub, and what was found.

`make fuzz` ran this and wrote this page on {date}: {inputs:,} inputs in {seconds:,.0f} s, {findings}.
Python {python}, {machine}. {guided}

What is searched, and what must hold for any input at all:

| search | what must hold |
| --- | --- |
| `topic` | a topic names a device or is refused in words of a bounded length; no receipt goes to a topic that its sender may not use |
| `time` | a `ts` is a time or a `ValueError`; a time that is written reads back the same |
| `payload` | of every kind: a reading whose line reads back as it was sent and fits its kind, or a rejection that is JSON of a bounded size; the tables of the decoder stay within their bounds |
| `packet` | bytes in any pieces are the same packets as at once, a protocol error, or wait for more |
| `line` | a hostile text comes back from a line as itself, and cannot become a field or a second line |
| `flow` | session, ingest, outbox, drain and store: every message is accounted for and acknowledged, nothing that was accepted is refused by the store, and nothing stops what follows; with cut connections |
| `structured` | what a kind declares to be good is accepted as it was sent; one wrong field is rejected for just that field |

The first five are guided by coverage (atheris, libFuzzer) and begin with the cases in `tests/cases` and with what
good devices send.

| search | inputs | seconds | findings | how they ended | edges | corpus | RSS before | RSS after |
| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |
{rows}

Edges are those of the code that the search reached, the corpus the inputs that it kept for reaching one more, with
those that it began with. Memory is measured once the caches are warm, and at the end.

## Findings

Findings become named cases in `tests/cases` or tests beside the module, so that they stay mended.
{found}

Earlier runs found these, which are mended:

- A `null` for an optional whole number was written into the line of 8 kinds, and no store can read
  such a line.
- A year before 1000 was written with three digits.
- A duration of ages was more than the 64 bits that a store takes.
- A line that is none, as a damaged outbox may hold, ended the writer instead of being refused.

The short form, a few thousand inputs and always the same ones, is a part of `make test`.
"""


def _row(outcome: Outcome) -> str:
    ended = ", ".join(f"{name} {number:,}" for name, number in sorted(outcome.ended.items()))
    memory = f"{outcome.rss_before / _MIB:.0f} MiB | {outcome.rss_after / _MIB:.0f} MiB"
    return (
        f"| `{outcome.target}` | {outcome.inputs:,} | {outcome.seconds:,.0f} | "
        f"{len(outcome.findings)} | {ended} | {outcome.edges or '–'} | "
        f"{outcome.corpus or '–'} | {memory} |"
    )


def write(outcomes: Sequence[Outcome]) -> None:
    """Write the page of a run."""
    findings = [
        f"- `{outcome.target}`, {where}: {finding['said']}"
        for outcome in outcomes
        for where, finding in outcome.findings.items()
    ]
    text = _TEXT.format(
        date=datetime.now(UTC).date(),
        inputs=sum(outcome.inputs for outcome in outcomes),
        seconds=sum(outcome.seconds for outcome in outcomes),
        findings=f"{len(findings)} findings" if findings else "no finding",
        python=platform.python_version(),
        machine=f"{sys.platform} {platform.machine()}",
        guided="The searches guided by coverage ran." if guided() else f"Note: {LEFT_OUT}.",
        rows="\n".join(map(_row, outcomes)),
        found="\n".join(findings) or "This run found nothing.",
    )
    PATH.write_text(text, encoding="utf-8")
