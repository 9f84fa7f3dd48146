"""Two hubs on a real cluster of two broker nodes: one dies, then a node, and nothing is lost."""

from collections.abc import Iterator

import pytest

from faults.cluster.node_client import NodeClient
from faults.cluster.scenarios import SCENARIOS
from faults.cluster.shown import Delay, Shown
from faults.cluster.stage import ClusterStage
from harness.artemis import NEEDED, artemis_home
from harness.wait import until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterStage]:
    if artemis_home() is None:
        pytest.skip(f"several hubs on a clustered broker are NOT tested: they need {NEEDED}")
    folder = tmp_path_factory.mktemp("cluster")
    with ClusterStage(folder, print, 2, short=True) as stage:
        yield stage.open()


@pytest.mark.parametrize("name", ["hub-killed", "node-killed"])
def test_nothing_is_lost_when_a_part_of_a_cluster_dies(stage: ClusterStage, name: str):
    played = SCENARIOS[name].play(stage)
    assert SCENARIOS[name].failures(played) == []
    assert played.faults == 1
    assert played.verdict.acknowledged > 500


def test_the_wall_shows_the_devices_of_every_node(stage: ClusterStage):
    wall = stage.wall()
    for node in stage.nodes:
        client = NodeClient(node.port, f"at-{node.name}")
        client.publish(f"smartlife/v1/seen/light/{node.name}", '{"brightness": 7}')
        client.close()
    shown = {node.name: "live" for node in stage.nodes}

    def found() -> dict[str, str]:
        devices = wall.get("/api/devices", booth="seen")
        return {item["device"]: item["state"] for item in devices}

    until(lambda: found() == shown, lambda: f"both are on the wall: {found()}")


def test_a_state_that_the_wall_shows_over_2_s_late_is_a_failure():
    behind = [Delay("live", [-0.1, 2.0]), Delay("late", [0.1, 2.1])]
    assert Shown(2, 2, behind, []).failures() == ["late: up to 2.1 s"]
    assert Shown(2, 1, [], []).failures() == ["1 of 2 devices are not on the wall"]
