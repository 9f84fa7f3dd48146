"""Topics outside the root: whose each is, by the zone file and the accounts."""

import asyncio
from pathlib import Path

import pytest

from hub.booths import natives as natives_module
from hub.booths.account_requests import native
from hub.booths.natives import Natives, dialects_of
from hub.booths.registry import Registry
from hub.dialects.memory import Memories
from hub.errors import BoothError
from hub.event.plan import ZonePlan
from hub.event.zone import NativeTopics
from hub.pipeline.dialect_routes import Native
from hub.settings import given

ZONE = """
[event]
name = "Fair"
timezone = "Asia/Tokyo"
[[booth]]
id = "b1"
name = "First"
native = [{dialect = "tasmota", topics = ["tele/1/#"]}]
devices = [{kind = "light", id = "l1"}]
"""


def topics(*patterns: str, dialect: str = "tasmota") -> tuple[NativeTopics, ...]:
    return (NativeTopics(dialect=dialect, topics=patterns),)


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    path = tmp_path / "zone.toml"
    path.write_text(ZONE, encoding="utf-8")
    return path


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "data")


@pytest.fixture
def found(zone: Path, registry: Registry) -> Natives:
    return Natives("smartlife/v1", ZonePlan(zone), registry, Memories())


def test_those_of_the_zone_file_come_first_and_no_topic_is_heard_twice(
    found: Natives, registry: Registry, caplog: pytest.LogCaptureFixture
):
    registry.put("b2", "", "", (), topics("tele/2/#", "tele/1/x", "smartlife/v1/b2/#"))
    for _ in range(2):
        assert found.dialects().native == [
            Native("tele/1/#", "b1", "tasmota"),
            Native("tele/2/#", "b2", "tasmota"),
        ]
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "native topics: b2: tele/1/x is left out: it overlaps tele/1/#",
        "native topics: b2: smartlife/v1/b2/# is left out: it overlaps smartlife/v1/#",
    ]


def test_a_program_beside_the_hub_knows_what_the_hub_does(zone: Path, tmp_path: Path):
    Registry(tmp_path).put("b2", "", "", (), topics("tele/2/#"))
    dialects = dialects_of(given({"data": tmp_path, "zone": zone}))
    assert [item.booth for item in dialects.native] == ["b1", "b2"]
    assert dialects.planned == {("b1", "l1"): ("light",)}
    assert dialects.timezone == "Asia/Tokyo"


async def test_they_are_followed_when_accounts_change_and_while_the_broker_refuses(
    found: Natives, registry: Registry, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(natives_module, "EVERY", 0.0)
    found.dialects()
    changes = 0
    looks = 0
    changed = asyncio.Event()

    async def on_change() -> None:
        nonlocal changes
        changes += 1
        found.dialects()
        changed.set()

    def refused() -> bool:
        nonlocal looks
        looks += 1
        return looks == 3

    following = asyncio.create_task(found.follow(on_change, refused))
    await changed.wait()
    assert (changes, looks) == (1, 3)
    changed.clear()
    registry.put("b2", "", "", (), topics("tele/2/#"))
    await changed.wait()
    assert changes == 2
    following.cancel()
    await asyncio.wait([following])


@pytest.mark.parametrize(
    ("dialect", "patterns", "said"),
    [
        ("tasmotta", ["a/#"], "there is no dialect 'tasmotta'; did you mean tasmota? hub dialects"),
        ("q", ["a/#"], "there is no dialect 'q'; hub dialects list"),
        ("tasmota", [], "name its topics too"),
        ("tasmota", ["#"], "--topics: '#' would take other booths' topics"),
    ],
)
def test_a_request_that_cannot_be_meant_says_why(dialect: str, patterns: list[str], said: str):
    with pytest.raises(BoothError) as caught:
        native(dialect, patterns)
    assert said in str(caught.value)
