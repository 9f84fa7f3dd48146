"""The table of a run, and the page that it becomes: docs/reference/faults.md."""
# ruff: noqa: E501 - a row of a table is one line

import os
import pickle
import platform
import re
import statistics
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from faults.oracle import BAD, Verdict
from faults.scenarios import SCENARIOS
from faults.stage import Outcome
from harness import ROOT
from harness.mosquitto import chosen_mosquitto
from harness.process import program

PATH = ROOT / "docs" / "reference" / "faults.md"
_LATEST = ROOT / "build" / "faults.pickle"
"""What the latest run came to, so that a scenario of it can be played again."""
_HEAD = """\
| fault | readings a second | faults | acknowledged | lost | twice | wrong | wrong time | recovery: median, longest | notes |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""
_TEXT = """\
# Faults

For everybody who relies on readings: what became of them under faults.

`make faults` played these faults, judged what became of each reading, and wrote this page: {date},
{form}, {minutes:.0f} minutes.

Machine: {cpu}, {cores} cores, with broker, database, publishers and hub on it; {system}; Python
{python}; Mosquitto {mosquitto}; InfluxDB {influxd}.{again}

**{sum}**

`python -m faults --list` names the scenarios, `--only NAME…` plays some of them, `--short` plays fewer faults
of each; some of them are played in that form by `make test`.

## How it is judged

Publishers are MQTT clients in processes of their own: MQTT 5 with QoS 1, MQTT 3.1.1 with QoS 1 and 2,
three kinds, every other device with `ts`; 1 % of what they send is to be rejected, and has to be, with its
PUBACK. They number the readings of each device and write down each PUBACK (QoS 2: PUBCOMP) as it comes. In the end the store is
read past the hub, from the SQLite file or from InfluxDB, and compared with what was written down:

- *lost*: acknowledged, but not stored
- *twice*: stored under more than one time
- *wrong*: stored with a value, a `ts` or a number that was not sent
- *wrong time*: sent while the hub's clock was right, and stored under another time than its arrival or its `ts`
- and the [accounts](../explanation/guarantees.md#the-accounts) have to balance whenever they are asked for,
  and have to agree with the rows in the end

Devices that say the same each time without `ts` cannot be told apart by their values: of each the readings
acknowledged are counted and compared with the rows.

A publisher whose own connection ends before its PUBACK sends again. Without `ts` nobody can tell such a
repeat from a new reading, so where the broker is stopped or killed it is not counted as twice.

*Recovery* is the time from the end of the fault until the hub is well and receives readings again, and
for a database until what waited is stored. It includes the start of the process. It varies with what else
the machine has to do: here broker, publishers and database share it.

Mosquitto runs with [mosquitto.conf](../../mosquitto/mosquitto.conf), InfluxDB behind a small
translation of the write call of InfluxDB 2. The points at which the hub is killed "for certain" are hit by a
start of the hub that wraps its calls; its code is the same. Delay and loss are those of an IP path, a TUN
interface in a network namespace, with the kernel's TCP at both ends.

{tables}
"""


def _row(name: str, outcome: Outcome | str) -> str:
    scenario = SCENARIOS[name]
    if isinstance(outcome, str):
        return f"| {scenario.words} | | | | | | | | | **not played: {_one_line(outcome)}** |\n"
    verdict = outcome.verdict
    times = outcome.recoveries
    recovery = f"{statistics.median(times):.1f} s, {max(times):.1f} s" if times else ""
    counted = verdict.acknowledged + verdict.rejected + verdict.refused
    notes = [*outcome.notes, *([scenario.stated] if scenario.stated and _bad(outcome) else [])]
    if verdict.refused:
        notes.append(f"{verdict.refused:,} refused by the database, and kept with its reason")
    if failures := scenario.failures(outcome):
        notes.append(f"**{_one_line('; '.join(failures))}**")
    numbers = [getattr(verdict, what) for what in BAD]
    cells = [
        scenario.words,
        f"{outcome.rate:,.0f}",
        f"{outcome.faults:,}",
        f"{counted:,}",
        *(f"{number:,}" for number in numbers),
        recovery,
        "; ".join(notes),
    ]
    return f"| {' | '.join(cells)} |\n"


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:200]


def _in_words(verdict: Verdict) -> str:
    return ", ".join(f"{what.replace('_', ' ')} {getattr(verdict, what):,}" for what in BAD)


def _bad(outcome: Outcome) -> int:
    return sum(getattr(outcome.verdict, what) for what in BAD)


@dataclass
class Results:
    """What each scenario came to, in the order played."""

    short: bool
    found: list[tuple[str, Outcome | str, float]] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    again: set[str] = field(default_factory=set)

    @classmethod
    def latest(cls) -> "Results":
        """Return what the latest run came to."""
        found = pickle.loads(_LATEST.read_bytes())  # which a run of this program wrote
        assert isinstance(found, cls)
        found.played.clear()
        return found

    def add(self, name: str, outcome: Outcome | str, seconds: float) -> None:
        """Keep what a scenario came to, instead of what it came to before."""
        places = list(SCENARIOS)
        if any(item[0] == name for item in self.found):
            self.again.add(name)
        self.found = [item for item in self.found if item[0] != name]
        self.found.append((name, outcome, seconds))
        self.found.sort(key=lambda item: places.index(item[0]))
        self.played.append(name)

    def last(self) -> str:
        """Return the latest in a line, for people who wait."""
        name, outcome, seconds = next(item for item in self.found if item[0] == self.played[-1])
        if isinstance(outcome, str):
            return f"{name}: NOT PLAYED after {seconds:.0f} s: {outcome}"
        verdict = outcome.verdict
        said = (
            f"{name}: {verdict.acknowledged:,} acknowledged at {outcome.rate:,.0f}/s, "
            f"{outcome.faults} faults: {_in_words(verdict)}; {seconds:.0f} s"
        )
        return "\n      ".join([said, *outcome.notes, *SCENARIOS[name].failures(outcome)[:5]])

    @property
    def failed(self) -> list[str]:
        """The scenarios in which something is lost, twice or wrong that must not be."""
        return [
            name
            for name, outcome, _ in self.found
            if name in self.played
            and (isinstance(outcome, str) or SCENARIOS[name].failures(outcome))
        ]

    def _sum(self) -> str:
        outcomes = [item for _, item, _ in self.found if isinstance(item, Outcome)]
        kept = [item for name, item, _ in self.found if not SCENARIOS[name].stated]
        held = [item for item in kept if isinstance(item, Outcome)]
        stated = len(self.found) - len(kept)
        bad = sum((item.verdict for item in held), Verdict())
        return (
            f"{sum(item.faults for item in outcomes):,} faults in {len(outcomes)} scenarios; "
            f"{sum(item.verdict.acknowledged for item in held):,} readings acknowledged, "
            f"{_in_words(bad)}. Not in this sum are {stated} rows that "
            "show what a hub cannot help; they say why."
        )

    def _played_again(self) -> str:
        words = [SCENARIOS[name].words for name in SCENARIOS if name in self.again]
        if not words:
            return ""
        return f"\n\nPlayed again by themselves after that run: {'; '.join(words)}."

    def _tables(self) -> Iterable[str]:
        def part(item: tuple[str, Outcome | str, float]) -> str:
            return SCENARIOS[item[0]].part

        for title, items in groupby(self.found, key=part):
            yield f"## {title}\n\n{_HEAD}{''.join(_row(name, out) for name, out, _ in items)}"

    def write(self) -> None:
        """Write the page."""
        text = _TEXT.format(
            **machine(),
            form="short form" if self.short else "long form",
            minutes=sum(seconds for _, _, seconds in self.found) / 60,
            again=self._played_again(),
            sum=self._sum(),
            tables="\n".join(self._tables()).rstrip(),
        )
        PATH.write_text(text, encoding="utf-8")
        _LATEST.parent.mkdir(exist_ok=True)
        _LATEST.write_bytes(pickle.dumps(self))


def machine() -> dict[str, object]:
    """Return what stands on a page about the machine and its programs."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "mosquitto": chosen_mosquitto(),
        "influxd": _said("influxd", "version"),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _said(name: str, flag: str) -> str:
    """Return the version that a program says it is."""
    answer = subprocess.run([program(name), flag], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", answer.stdout)
    return found[0] if found is not None else "?"
