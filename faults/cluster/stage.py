"""The servers of a cluster: broker nodes, a hub at each, a wall of all, one InfluxDB."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faults.cluster.node_client import NodeClient
from faults.load import Load
from faults.oracle import Sent, Verdict, judge
from faults.readback import influx_rows
from faults.readings import BAD, Device, mix
from faults.stage import BUCKET, FaultyHub, Stage
from harness.artemis import Artemis, ArtemisCluster
from harness.hub import Hub, HubWall
from harness.influx_shim import TOKEN, Influx
from harness.wait import until

GROUP = "expo"
RATE = 600.0
"""Readings a second of all publishers: few, for broker, hubs, database and they share cores."""
DEVICES = 49
"""Devices at each node."""
LATE = 120.0
"""Seconds for which what seems lost is awaited: twice Artemis's `connection-ttl`."""
_QUIET = 25
"""Looks in a row at which the hubs must have received the same: half a second."""


@dataclass
class Played:
    """What a scenario came to; `recoveries` in seconds."""

    verdict: Verdict = field(default_factory=Verdict)
    faults: int = 0
    recoveries: list[float] = field(default_factory=list)
    takeovers: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ClusterStage(Stage):
    """A cluster of so many nodes with a hub at each, all in one group."""

    def __init__(
        self, folder: Path, say: Callable[[str], None], nodes: int, *, short: bool = False
    ) -> None:
        super().__init__(folder, say, short=short)
        self.cluster = self.enter_context(ArtemisCluster(folder, nodes))
        self.number = 0
        self.hubs: list[FaultyHub] = []

    @property
    def nodes(self) -> list[Artemis]:
        """The broker's nodes."""
        return self.cluster.nodes

    def open(self) -> "ClusterStage":
        """Start broker, database and hubs."""
        self.tell("starting the cluster")
        self.database()
        self.cluster.start()
        self.hubs = [self.member(number, group=GROUP) for number in range(len(self.nodes))]
        self.await_all()
        return self

    def member(self, number: int, **settings: object) -> FaultyHub:
        """Start a hub at a node, and wait for nothing."""
        settings = {"client_id": f"hub{number + 1}", **settings}
        hub = self.hub(self.nodes[number].url, **settings)
        hub.launch_hub()
        return hub

    def await_all(self) -> None:
        """Wait until every hub is well."""
        for hub in self.hubs:
            until(hub.well, lambda: f"the hub is well\n{hub.said[-2000:]}")  # noqa: B023 - at once

    def wall(self) -> HubWall:
        """Start a wall of all at the last node."""
        assert isinstance(self.influx, Influx)
        wall = HubWall(
            self.folder / "wall",
            self.nodes[-1].url,
            store=self.influx.address,
            influx_token=TOKEN,
            group=GROUP,
        )
        self.callback(wall.close)
        wall.start()
        return wall

    @contextlib.contextmanager
    def outsider(self, name: str, node: int, **settings: object) -> Iterator[FaultyHub]:
        """Run a hub that is not in the group and keeps nothing; no session of it is left."""
        hub = self.hub(self.nodes[node].url, client_id=name, store="memory:", **settings)
        hub.start()
        try:
            yield hub
        finally:
            hub.stop()
            NodeClient(self.nodes[node].port, name).close()

    def publishing(self, rate: float = RATE, nodes: Sequence[Artemis] = ()) -> list[Load]:
        """Publish at these nodes, or at all, as devices behind a load balancer do.

        Those at each node have a booth of their own; 2 % of it is to be rejected.
        """
        nodes = nodes or self.nodes
        return [self._publishing(rate / len(nodes), node) for node in nodes]

    def _publishing(self, rate: float, node: Artemis) -> Load:
        self.number += 1
        devices = [*mix("d", DEVICES, 1), Device("smart_plug", BAD, 1, False)]
        return self.load(node.port, rate, [("quick", rate, devices)], f"c{self.number}")

    def received(self, hubs: Sequence[Hub] | None = None) -> int:
        """Return how much hubs have received together."""
        return sum(hub.accounts()["received"] for hub in hubs or self.hubs)

    def more(self, count: int, hubs: Sequence[Hub] | None = None) -> float:
        """Wait until hubs have received so many more together; return the seconds it took."""
        before, began = self.received(hubs), time.monotonic()
        until(lambda: self.received(hubs) >= before + count, f"{count} more come")
        return time.monotonic() - began

    def quiet(self) -> None:
        """Wait until no hub receives anything and nothing waits for the database."""
        seen: list[int] = []

        def settled() -> bool:
            found = [hub.accounts() for hub in self.hubs]
            seen.append(sum(item["received"] for item in found))
            waits = any(item["waiting"] for item in found)
            return not waits and seen[-_QUIET:].count(seen[-1]) == _QUIET

        until(settled, lambda: f"all is stored: {[hub.accounts() for hub in self.hubs]}")

    def judged(self, played: Played, *loads: Load) -> Played:
        """Stop the loads, let the hubs bring it to its end, and judge.

        What a node of the broker still has for another comes late: what seems lost is awaited.
        """
        sent = [load.stop() for load in loads]
        self.quiet()
        began, missing = time.monotonic(), 0
        while (verdict := self._verdict(loads, sent)).lost and time.monotonic() < began + LATE:
            missing = missing or verdict.lost
            time.sleep(1)
        if missing > verdict.lost:
            waited = time.monotonic() - began
            played.notes.append(f"{missing - verdict.lost:,} came {waited:.0f} s late")
        played.verdict = verdict
        return played

    def _verdict(self, loads: Sequence[Load], sent: Sequence[list[Sent]]) -> Verdict:
        assert self.influx is not None
        verdict = Verdict()
        for load, items in zip(loads, sent, strict=True):
            verdict += judge(items, influx_rows(self.influx.influxd, BUCKET, load.booth))
        return verdict
