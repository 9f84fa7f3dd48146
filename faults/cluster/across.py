"""What passes between the nodes of a broker: answers, retained states, sessions."""

import json
import threading
from typing import NamedTuple

from faults.cluster.node_client import NodeClient
from faults.cluster.stage import ClusterStage
from harness.wait import until

ASKED = 30
"""Readings with a Response Topic, and as many to be rejected."""
_BOOTH = "smartlife/v1/across"
_SEEN = 3.0


class Across(NamedTuple):
    """How many answers of `asked` came, and whether a node knows what another was told."""

    asked: int
    receipts: int
    rejections: int
    retained_here: bool
    retained_elsewhere: bool
    session_elsewhere: bool


def across(stage: ClusterStage) -> Across:
    """Ask for answers at one node; look at another for what was retained, and for a session."""
    here, elsewhere = stage.nodes[-1], stage.nodes[0]
    device = NodeClient(here.port, "across", 600)
    topic = f"{_BOOTH}/thermostat/t1"
    device.client.subscribe([(f"{topic}/errors", 1), (f"{topic}/receipts", 1)])
    for _ in range(ASKED):
        device.publish(topic, json.dumps({"temperature": 21.5}), answer=f"{topic}/receipts")
        device.publish(topic, "{}")
    until(lambda: device.got.get("receipts", 0) >= ASKED, lambda: f"receipts come: {device.got}")
    device.publish(f"{topic}/status", "online", retain=True)
    known_here = retained(here.port, f"{topic}/status")
    known_elsewhere = retained(elsewhere.port, f"{topic}/status")
    device.close()
    again = NodeClient(elsewhere.port, "across", 600)
    present = again.present
    again.close()
    got = device.got
    answers = got.get("receipts", 0), got.get("errors", 0)
    return Across(ASKED, *answers, known_here, known_elsewhere, present)


def retained(port: int, topic: str) -> bool:
    """Whether a node sends what was retained to who subscribes there."""
    client = NodeClient(port, f"look-{port}")
    client.client.subscribe(topic, 1)
    waited = threading.Event()
    for _ in range(30):
        if client.got or waited.wait(_SEEN / 30):
            break
    client.close()
    return bool(client.got)
