"""Two hubs on a real cluster of two broker nodes: one dies, then a node, and nothing is lost."""

from collections.abc import Iterator

import pytest

from faults.cluster.scenarios import SCENARIOS
from faults.cluster.stage import ClusterStage
from harness.artemis import NEEDED, artemis_home


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
