"""How soon the wall of all hubs shows a state, beside the hub that took it and a single hub.

Each program is followed by its live stream, as its pages are.
"""

import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from statistics import quantiles
from typing import NamedTuple

import httpx

from faults.cluster.node_client import NodeClient
from faults.cluster.stage import RATE, ClusterStage
from faults.load import Load
from faults.readings import KINDS
from harness.artemis import Artemis
from harness.hub import Hub
from harness.wait import DEADLINE

BOUND = 2.0
"""Seconds within which the wall shows what a single hub, or the hub that took it, shows."""
EACH = 100
"""Devices at each node."""
STATES = "live", "late", "offline"
_PACE = 0.01
_KIND = "wearable"
"""It sends each second, so it is late after 5 s without a reading."""
_BOOTH = "shown"
_ROOT = f"smartlife/v1/{_BOOTH}/{_KIND}"

Times = Mapping[tuple[str, str], float]
"""When each device got into a state (s, monotonic)."""


class Delay(NamedTuple):
    """What was measured, and the seconds of each device."""

    words: str
    seconds: list[float]

    @property
    def worst(self) -> float:
        """The longest (s); infinite if it never came."""
        return max(self.seconds, default=math.inf)

    @property
    def percentiles(self) -> tuple[float, float]:
        """The seconds within which 50 % and 99 % are."""
        found = quantiles(self.seconds or [math.inf] * 2, n=100, method="inclusive")
        return found[49], found[98]


class Shown(NamedTuple):
    """Of how many `devices` the wall showed each state, and how soon.

    `behind` is how much later than others the wall shows a state, `published` how long after its
    PUBLISH a reading is shown.
    """

    devices: int
    complete: int
    behind: list[Delay]
    published: list[Delay]

    def failures(self) -> list[str]:
        """Return what must not be."""
        missing = self.devices - self.complete
        found = [f"{missing} of {self.devices} devices are not on the wall"] if missing else []
        late = [item for item in self.behind if item.worst > BOUND]
        return found + [f"{item.words}: up to {item.worst:.1f} s" for item in late]


class _Watcher:
    """Follows a program's live stream."""

    def __init__(self, program: Hub) -> None:
        self._url = f"{program.url}/api/live"
        self.at: dict[tuple[str, str], float] = {}
        self.open = False

    async def run(self) -> None:
        async with (
            httpx.AsyncClient(timeout=None, trust_env=False) as client,
            client.stream("GET", self._url, params={"booth": _BOOTH}) as answer,
        ):
            event = ""
            async for line in answer.aiter_lines():
                self.open = True
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif event == "state" and line.startswith("data: "):
                    said = json.loads(line.removeprefix("data: "))
                    self.at.setdefault((said["device"], said["state"]), time.monotonic())


def shown(stage: ClusterStage, wall: Hub) -> Shown:
    """Measure it, first with a hub at every node; other publishers go on meanwhile."""
    loads = stage.publishing()
    names = [f"d{number}" for number in range(stage.size(EACH, 4) * len(stage.nodes))]
    with stage.outsider("single", len(stage.nodes) - 1) as single:
        _await_level(wall, stage.hubs, loads)
        found = asyncio.run(_beside(stage, wall, single, names))
    found.published.extend(_without_a_hub(stage))
    for load in loads:
        load.stop()
    stage.quiet()
    return found


def _await_level(wall: Hub, hubs: Sequence[Hub], loads: Sequence[Load]) -> None:
    """Wait until the wall is level with the hubs; go on if it never is, the delays will tell.

    Nodes that have just started pass messages on slowly, for half a minute on a busy machine.
    """

    def seen(program: Hub) -> int:
        shown = (program.get("/api/devices", booth=load.booth) for load in loads)
        return sum(item["readings"] for devices in shown for item in devices)

    end = time.monotonic() + DEADLINE
    while sum(map(seen, hubs)) > seen(wall) + RATE / 4 and time.monotonic() < end:
        time.sleep(0.1)


def _without_a_hub(stage: ClusterStage) -> list[Delay]:
    """Publish where the hub of the group is dead, and where there never was one."""
    node, (hub, *others) = stage.nodes[0], stage.hubs
    hub.kill()
    dead = asyncio.run(_taken(node, others, "dead"))
    hub.start()
    with stage.outsider("other", 1, group="other") as other:
        never = asyncio.run(_taken(node, [other], "never"))
    return [
        Delay("at a node whose hub is dead: the hub that took it", dead),
        Delay("at a node that never had a hub of the group: the hub that took it", never),
    ]


async def _taken(node: Artemis, hubs: Sequence[Hub], name: str) -> list[float]:
    names = [f"{name}{number}" for number in range(EACH)]
    watchers = [_Watcher(hub) for hub in hubs]
    async with _following(watchers):
        published = await _publish([node], names, "live")
        await _until(lambda: len(_earliest(watchers)) >= EACH)
    return _delays(published, _earliest(watchers), "live")


async def _beside(stage: ClusterStage, wall: Hub, single: Hub, names: Sequence[str]) -> Shown:
    hubs = [_Watcher(hub) for hub in stage.hubs]
    all_, one = _Watcher(wall), _Watcher(single)
    published: Times = {}
    async with _following([*hubs, all_, one]):
        for state in STATES:
            if state != "late":
                published = {**published, **await _publish(stage.nodes, names, state)}
            await _until(lambda: all(_has(item.at, names, state) for item in (all_, one)))  # noqa: B023
    taken = _earliest(hubs)
    return Shown(
        len(names),
        sum(_has(all_.at, [name], *STATES) for name in names),
        [
            Delay("live: after the hub that took the reading", _delays(taken, all_.at, "live")),
            *(
                Delay(f"{state}: after a single hub", _delays(one.at, all_.at, state))
                for state in STATES
            ),
        ],
        [
            Delay("the hub that took it", _delays(published, taken, "live")),
            Delay("a single hub", _delays(published, one.at, "live")),
            Delay("the wall", _delays(published, all_.at, "live")),
        ],
    )


async def _publish(nodes: Sequence[Artemis], names: Sequence[str], state: str) -> Times:
    """Send a reading of each device, or its status; they take turns among the nodes."""
    clients = [NodeClient(node.port, f"shown-{node.name}") for node in nodes]
    found: dict[tuple[str, str], float] = {}
    for number, name in enumerate(names):
        topic, said = f"{_ROOT}/{name}", json.dumps(KINDS[_KIND].values(number))
        if state == "offline":
            topic, said = f"{topic}/status", state
        found[name, state] = time.monotonic()
        clients[number % len(clients)].send(topic, said)
        await asyncio.sleep(_PACE)
    for client in clients:
        client.close()
    return found


@contextlib.asynccontextmanager
async def _following(watchers: Sequence[_Watcher]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(item.run()) for item in watchers]
    assert await _until(lambda: all(item.open for item in watchers)), "the streams are open"
    yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + DEADLINE
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.05)
    return condition()


def _has(times: Times, names: Sequence[str], *states: str) -> bool:
    return all((name, state) in times for name in names for state in states)


def _earliest(watchers: Sequence[_Watcher]) -> Times:
    """When the first of them showed each state."""
    found: dict[tuple[str, str], float] = {}
    for watcher in watchers:
        for seen, at in watcher.at.items():
            found[seen] = min(at, found.get(seen, at))
    return found


def _delays(early: Times, late: Times, state: str) -> list[float]:
    return [at - early[seen] for seen, at in late.items() if seen[1] == state and seen in early]
