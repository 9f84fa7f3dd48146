"""What dies in a cluster, one after the other, under load."""

import shutil
import time
from collections.abc import Callable
from typing import NamedTuple

from faults.cluster.stage import RATE, ClusterStage, Played
from faults.stage import FaultyHub
from harness.wait import until

_AWAY = 5.0


class ClusterScenario(NamedTuple):
    """A fault in a cluster: what it is in words, and how it is played.

    `spared` may be more than 0, for the reason in `stated`.
    """

    words: str
    play: Callable[[ClusterStage], Played]
    spared: tuple[str, ...] = ()
    stated: str = ""

    def failures(self, played: Played) -> list[str]:
        """Return what must not have happened."""
        counted = {what: getattr(played.verdict, what) for what in ("lost", "twice", "wrong")}
        return [
            f"{what} {many}: {played.verdict.examples}"
            for what, many in counted.items()
            if many and what not in self.spared
        ]


def _revive(stage: ClusterStage, hub: FaultyHub, played: Played) -> None:
    """Start a hub that is dead; the time until it is well and receives is its recovery."""
    began = time.monotonic()
    hub.start()
    stage.more(1, [hub])
    played.recoveries.append(time.monotonic() - began)


def _kill(stage: ClusterStage, hub: FaultyHub, played: Played) -> None:
    """Kill a hub; the time until the others have a second's worth more is the takeover."""
    others = [other for other in stage.hubs if other is not hub]
    before, began = stage.received(others), time.monotonic()
    if hub.running:
        hub.kill()
    played.faults += 1
    until(lambda: stage.received(others) >= before + RATE, "the others take over")
    played.takeovers.append(time.monotonic() - began)


def hub_killed(stage: ClusterStage) -> Played:
    """Kill a hub at random; the others of the group get what it had not acknowledged."""
    played, loads = Played(), stage.publishing()
    for number in stage.rounds(4, 1):
        stage.more(1_000)
        hub = stage.hubs[number % len(stage.hubs)]
        _kill(stage, hub, played)
        _revive(stage, hub, played)
    stage.more(500)
    return stage.judged(played, *loads)


def hub_killed_committed(stage: ClusterStage) -> Played:
    """Kill a hub between commit and acknowledgement: the worst moment, for certain."""
    played, loads = Played(), stage.publishing()
    hub = stage.hubs[0]
    for _ in stage.rounds(4, 1):
        hub.kill()
        hub.kill_at = "committed:10"
        hub.launch_hub()
        until(lambda: not hub.running, "the hub dies at that point")
        _kill(stage, hub, played)
        _revive(stage, hub, played)
    stage.more(500)
    return stage.judged(played, *loads)


def hub_lost(stage: ClusterStage) -> Played:
    """Kill a hub and throw its data folder away, while InfluxDB takes what comes."""
    return _lose(stage, away=False)


def hub_lost_behind(stage: ClusterStage) -> Played:
    """Kill a hub and throw its data folder away, after InfluxDB has been away for a while."""
    return _lose(stage, away=True)


def _lose(stage: ClusterStage, *, away: bool) -> Played:
    assert stage.influx is not None
    played, loads = Played(), stage.publishing()
    hub = stage.hubs[0]
    stage.more(1_000)
    if away:
        stage.influx.influxd.kill()
        end = time.monotonic() + _AWAY
        until(lambda: time.monotonic() > end, "InfluxDB has been away")
    waiting = hub.accounts()["waiting"]
    _kill(stage, hub, played)
    shutil.rmtree(hub.data)
    if away:
        stage.influx.influxd.start()
    played.notes.append(
        f"the lost outbox counted {waiting:,} as waiting: also what the store had and it did not "
        "know yet"
    )
    _revive(stage, hub, played)
    stage.more(500)
    return stage.judged(played, *loads)


def node_killed(stage: ClusterStage) -> Played:
    """Kill a node of the broker; its hub and the publishers there wait, the others go on."""
    played, loads = Played(), stage.publishing()
    for number in stage.rounds(8, 1):
        stage.more(1_000)
        _kill_node(stage, number % len(stage.nodes), played)
    stage.more(500)
    return stage.judged(played, *loads)


def _kill_node(stage: ClusterStage, number: int, played: Played) -> None:
    node, hub = stage.nodes[number], stage.hubs[number]
    others = [other for other in stage.hubs if other is not hub]
    node.kill()
    played.faults += 1
    played.takeovers.append(stage.more(round(RATE / 2), others))
    began = time.monotonic()
    node.start()
    stage.await_all()
    stage.more(1, [hub])
    played.recoveries.append(time.monotonic() - began)


def influx_killed(stage: ClusterStage) -> Played:
    """Kill InfluxDB; the hubs keep what comes, and store it once it is back."""
    assert stage.influx is not None
    played, loads = Played(), stage.publishing()
    for _ in stage.rounds(2, 1):
        stage.more(1_000)
        stage.influx.influxd.kill()
        played.faults += 1
        stage.more(1_000)
        began = time.monotonic()
        stage.influx.influxd.start()
        until(
            lambda: all(hub.accounts()["waiting"] < RATE for hub in stage.hubs), "it is caught up"
        )
        played.recoveries.append(time.monotonic() - began)
    return stage.judged(played, *loads)


def booths_divided(stage: ClusterStage) -> Played:
    """Two hubs that divide the booths, the load of each, and a `kill -9` of one of them."""
    played = Played()
    before = stage.hubs
    for hub in before:
        hub.stop()
    each = len(stage.nodes)
    booths = [f"c{stage.number + 1 + at}" for at in range(2 * each)]
    stage.hubs = [
        stage.member(at, booths=",".join(booths[at * each :][:each]), client_id=f"half{at + 1}")
        for at in range(2)
    ]
    stage.await_all()
    loads = [load for _ in stage.hubs for load in stage.publishing(RATE / 2)]
    for _ in stage.rounds(4, 1):
        stage.more(1_000)
        stage.hubs[0].kill()
        played.faults += 1
        stage.more(500, stage.hubs[1:])
        _revive(stage, stage.hubs[0], played)
    stage.more(500)
    found = stage.judged(played, *loads)
    for hub in stage.hubs:
        hub.stop()
    stage.hubs = before
    for hub in before:
        hub.launch_hub()
    stage.await_all()
    return found


_DUPLICATES = (
    "twice are readings without `ts` that the dead hub had on disk and had not acknowledged"
)
SCENARIOS = {
    "hub-killed": ClusterScenario(
        "`kill -9` of a hub of a group at a random moment",
        hub_killed,
        ("twice",),
        _DUPLICATES,
    ),
    "hub-killed-committed": ClusterScenario(
        "`kill -9` of a hub of a group between commit and acknowledgement",
        hub_killed_committed,
        ("twice",),
        _DUPLICATES,
    ),
    "booths": ClusterScenario(
        "`kill -9` of a hub, where hubs divide the booths",
        booths_divided,
        ("twice",),
        "twice are readings without `ts`: this broker does not number its messages in order",
    ),
    "hub-lost": ClusterScenario(
        "`kill -9` of a hub, and its data folder lost",
        hub_lost,
        ("twice", "lost"),
        "lost is what waited in the outbox",
    ),
    "hub-lost-behind": ClusterScenario(
        "the same, while InfluxDB was away for 5 s",
        hub_lost_behind,
        ("twice", "lost"),
        "lost is what waited in the outbox",
    ),
    "node-killed": ClusterScenario(
        "`kill -9` of a node of the broker",
        node_killed,
        ("twice",),
        "twice are readings without `ts` whose acknowledgement was not on the dead node's disk",
    ),
    "influx-killed": ClusterScenario("`kill -9` of InfluxDB", influx_killed),
}
