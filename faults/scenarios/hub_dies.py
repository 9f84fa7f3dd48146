"""The hub is killed: at random moments, and in each window that there is, for certain."""

import functools
import random
import time
from collections.abc import Callable, Iterator, Sequence

from faults.hub_with_failpoints import POINTS
from faults.stage import FaultyHub, Outcome, Stage
from harness.wait import until

_KILLED = -9
_SELDOM = {"opening", "redelivered"}


def at_random(stage: Stage) -> Outcome:
    """Kill it while readings flow, and every third time while it starts."""
    chance = random.Random()
    _, hub, load = stage.flowing()
    for number in stage.rounds(50, 3):
        stage.flow(hub, chance.randrange(200, 6_000))
        hub.kill()
        if number % 3 == 2:
            hub.launch_hub()
            time.sleep(chance.uniform(0.2, 1.5))
            hub.kill()
            stage.faults += 1
        stage.restart(hub)
    stage.flow(hub, 2_000)
    return stage.conclude(hub, load)


def at_each_point() -> Iterator[tuple[str, str, Callable[[Stage], Outcome]]]:
    """Yield name, words and scenario of each window."""
    for name, point in POINTS.items():
        yield name, point.words, functools.partial(_at_point, name)


def at_every_point(stage: Stage) -> Outcome:
    """All of the windows in turn, in one run."""
    return _at_points(list(POINTS), stage)


def _at_point(name: str, stage: Stage) -> Outcome:
    return _at_points([name] * stage.size(5, 1), stage)


def _at_points(names: Sequence[str], stage: Stage) -> Outcome:
    """Start it again and again so that it dies at a point, and then so that it lives."""
    chance = random.Random()
    _, hub, load = stage.flowing()
    for number in stage.rounds(len(names), len(names)):
        name = names[number]
        stage.flow(hub, chance.randrange(50, stage.size(4_000, 400)))
        hub.kill()
        if name == "redelivered":  # so that something comes again
            dies(stage, hub, "committed:3")
        times = 1 if name in _SELDOM else chance.randrange(1, stage.size(20, 4))
        dies(stage, hub, f"{name}:{times}")
        stage.restart(hub)
    stage.flow(hub, stage.size(1_000, 200))
    return stage.conclude(hub, load)


def dies(stage: Stage, hub: FaultyHub, kill_at: str) -> None:
    """Start a hub that dies at a point (POINT:N)."""
    hub.kill_at = kill_at
    hub.launch_hub()
    until(lambda: not hub.running, f"the hub comes to {kill_at}\n{hub.said[-2000:]}")
    assert hub.wait() == _KILLED, hub.said
    stage.faults += 1
