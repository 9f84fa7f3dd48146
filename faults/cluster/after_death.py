"""What is known of devices whose node has died: retained states, and names nobody planned."""

import json
import time
from typing import NamedTuple

from faults.cluster.across import retained
from faults.cluster.node_client import NodeClient
from faults.cluster.stage import ClusterStage
from harness.artemis import Artemis
from harness.hub import Hub

NAMES = 30
"""Devices of each look; none is in a zone file."""
_BOOTH = "names"
_PATIENCE = 60.0
"""Seconds for which devices that the wall does not show are awaited."""


class AfterDeath(NamedTuple):
    """How many of so many `names` the wall shows, and where a retained state is known."""

    names: int
    moved: int
    new_meanwhile: int
    new_once_back: int
    retained_meanwhile: bool
    retained_once_back: bool


def after_death(stage: ClusterStage, wall: Hub) -> AfterDeath:
    """Kill a node with devices, let them go on at another, start it again; new ones come too."""
    node, other = stage.nodes[0], stage.nodes[-1]
    known = _sent(node, wall, "known", 1)
    assert known == NAMES, f"the wall shows {known} of {NAMES} devices at another node"
    status = f"smartlife/v1/{_BOOTH}/thermostat/known0/status"
    client = NodeClient(node.port, "after-death")
    client.publish(status, "online", retain=True)
    client.close()
    node.kill()
    meanwhile = retained(other.port, status)
    moved, new = _sent(other, wall, "known", 2), _sent(other, wall, "new", 2)
    node.start()
    stage.await_all()
    return AfterDeath(
        NAMES, moved, new, _sent(node, wall, "later", 3), meanwhile, retained(node.port, status)
    )


def _sent(node: Artemis, wall: Hub, name: str, value: int) -> int:
    """Have devices send a value at a node; return of how many the wall shows it in the end."""
    client = NodeClient(node.port, f"after-death-{name}")
    devices = {f"{name}{number}" for number in range(NAMES)}
    for device in devices:
        topic = f"smartlife/v1/{_BOOTH}/thermostat/{device}"
        client.publish(topic, json.dumps({"temperature": value}))
    client.close()
    end = time.monotonic() + _PATIENCE
    while True:
        found = wall.get("/api/devices", booth=_BOOTH)
        shown = {item["device"] for item in found if _says(item, value)} & devices
        if len(shown) == NAMES or time.monotonic() > end:
            return len(shown)
        time.sleep(0.1)


def _says(item: dict[str, object], value: int) -> bool:
    return item["state"] == "live" and item["last"] == {"temperature": value}
