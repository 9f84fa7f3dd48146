"""The page of the cluster: docs/reference/cluster.md."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from faults.cluster.across import Across
from faults.cluster.after_death import AfterDeath
from faults.cluster.scenarios import SCENARIOS
from faults.cluster.shown import BOUND, Delay
from faults.cluster.stage import LATE, RATE, Played
from faults.report import machine
from harness import ROOT
from harness.artemis import artemis_home

PATH = ROOT / "docs" / "reference" / "cluster.md"
_TEXT = """\
# A cluster, as measured

For engineers and organisers who run several hubs: what became of each reading when a part died.

`make cluster` played this on a real three-node cluster of Apache Artemis, and wrote this page:
{date}. [Run several hubs](../how-to/run-several-hubs.md) says how to set one up,
[scale](../explanation/scale.md) how far it goes.

Machine: {cpu}, {cores} cores, with three broker nodes, three hubs, the wall, the database and the
publishers on it, and other work (load average {load}); {system}; Python {python}; Artemis
{artemis}, Java {java}; InfluxDB {influxd}. The nodes have
[artemis/broker.xml](../../artemis/broker.xml): the journal is on the disk before a PUBACK. A hub
is connected to each node, all in one `HUB_GROUP`; the wall is at the third. Publishers are spread
over the nodes, as devices behind a load balancer are.
It is judged as the [faults](faults.md#how-it-is-judged) of one hub are: *lost* was acknowledged
and is not stored, *twice* is stored under two times.

## What dies

{rate:,.0f} readings a second are published while it happens. *Takeover* is the time until the
others have received a second's worth more, *recovery* the time from the restart of what was dead
until it is well and receives again; both include how long a machine this busy takes to start a
process.

{faults}

`twice` are readings without `ts`: a `ts` makes a repeat the same row. In a group, what a dead
hub had not acknowledged goes to the others, who cannot know what it had on its disk. Where hubs
divide the booths it comes to the same hub again, which knows what it has, if the broker numbers
its messages as the specification says: Mosquitto does (there [nothing is
twice](faults.md#the-hub-dies)), this Artemis does not, and health says so.

What a node still holds for another comes late, so it is awaited for up to {late:.0f} s before
anything counts as lost.

## How soon the wall shows it

{devices} devices, spread over the nodes, sent their first reading, then fell silent, then said
`offline`; the others published meanwhile. It began once the wall was level with the hubs: nodes
that have just started pass messages on slowly, for half a minute on a busy machine. The live
streams of all hubs, of the wall, and of a single hub at the wall's node that takes everything were
compared, device by device. The wall showed {complete} of {devices} in every state. Each stream has
four updates a second: what is within 0.25 s, or before the other, is chance. More than {bound:g} s
would be a failure.

{behind}

From a device's PUBLISH until a program shows it live:

{published}

## What a reading costs

The same load for each hub, at its node: with one hub, two, three. Microseconds of CPU of all
processes of a part together, for each reading. Idle work is in it, most of what the hubs take at so
few readings a second. So compare the rows with each other, and not with the
[performance](performance.md) of a hub that has much to do.

{scale}

## Between the nodes

{across}

So states that must survive are not left to retained messages: the wall and the hubs have them from
the devices' next message, and from the store. A session stays where it is: give each hub the
address of one node, and let it wait for that node.

After the death of a node, of devices that no zone file names:

{after_death}
"""


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> str:
    """Return a Markdown table; the first `left` columns are text."""
    rule = ["---" if at < left else "---:" for at in range(len(heads))]
    lines = [heads, rule, *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _seconds(found: Sequence[float]) -> str:
    return f"{median(found):.1f} s, {max(found):.1f} s" if found else ""


def _fault(name: str, played: Played) -> list[object]:
    scenario, verdict = SCENARIOS[name], played.verdict
    stated = scenario.stated if verdict.lost or verdict.twice else ""
    return [
        scenario.words,
        played.faults,
        f"{verdict.acknowledged:,}",
        f"{verdict.lost:,}",
        f"{verdict.twice:,}",
        _seconds(played.takeovers),
        _seconds(played.recoveries),
        "; ".join(filter(None, (*played.notes, stated))),
    ]


def _delays(head: str, found: Iterable[Delay]) -> str:
    rows = (
        (item.words, *(f"{value:.2f} s" for value in (*item.percentiles, item.worst)))
        for item in found
    )
    return table((head, "p50", "p99", "worst"), rows)


def _yes(there: bool) -> str:
    return "yes" if there else "no"


def _across(found: Across) -> str:
    rows = [
        ("receipts of the hubs, whichever node they are at", f"{found.receipts} of {found.asked}"),
        ("rejections on `…/errors`, at most 20 at once", f"{found.rejections} of {found.asked}"),
        ("a retained state, at the node where it was published", _yes(found.retained_here)),
        ("a retained state, at another node", _yes(found.retained_elsewhere)),
        ("a session, at another node than the one that has it", _yes(found.session_elsewhere)),
    ]
    return table(("what", "there"), rows, left=2)


def _after_death(found: AfterDeath) -> str:
    rows = [
        ("devices of the dead node that go on at another: the wall shows", found.moved),
        ("new names at another node meanwhile: the wall shows", found.new_meanwhile),
        ("new names at the node once it is back: the wall shows", found.new_once_back),
    ]
    states = [
        ("a retained state of the dead node, at another meanwhile", found.retained_meanwhile),
        ("the same, at its node once that is back", found.retained_once_back),
    ]
    counted = [(words, f"{many} of {found.names}") for words, many in rows]
    kept = [(words, _yes(there)) for words, there in states]
    return table(("what", "there"), [*counted, *kept], left=2)


def _java() -> str:
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'"(.*?)"', said.stderr)
    return found[1] if found else "?"


def write(found: Mapping[str, Any], load: float) -> None:
    """Write the page from what each play found, by its name."""
    home = artemis_home()
    assert home is not None
    wall = found["shown"]
    heads = ("fault", "faults", "acknowledged", "lost", "twice", "takeover: median, longest")
    more = ("recovery: median, longest", "notes")
    costs = ((cost.hubs, *(f"{value:,.0f}" for value in cost[1:])) for cost in found["scale"])
    parts = ("hubs", "readings a second", "hubs, µs", "broker, µs", "InfluxDB, µs", "wall, µs")
    text = _TEXT.format(
        **machine(),
        artemis=home.name.removeprefix("artemis-"),
        java=_java(),
        load=f"{load:.0f}",
        rate=RATE,
        late=LATE,
        bound=BOUND,
        devices=wall.devices,
        complete=wall.complete,
        behind=_delays("the wall is behind", wall.behind),
        published=_delays("shown by", wall.published),
        faults=table((*heads, *more), [_fault(name, found[name]) for name in SCENARIOS]),
        scale=table(parts, costs, left=0),
        across=_across(found["across"]),
        after_death=_after_death(found["after-death"]),
    )
    PATH.write_text(text, encoding="utf-8")
