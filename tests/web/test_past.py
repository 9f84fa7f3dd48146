"""`GET /api/past` and `GET /api/day`: what a wall plays again."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.clock import HeldClock
from hub.pipeline.decode import Decoder
from hub.recording.flight_recorder import Received
from hub.testing.memory_source import MemoryMessage
from hub.timestamps import SECOND, parse
from hub.web.past import STEP, PastSteps
from schemas import KindSpec
from tests.web.conftest import TOKEN, Site, open_site

T1, ROBOT = "b12/thermostat/t1", "b13/mobile_robot/r1"


async def past(site: Site, **asked: int) -> Any:
    return await site.said("/api/past", **asked)


def robot(site: Site, x: float) -> str:
    return json.dumps({**site.hub.parts.kinds["mobile_robot"].example, "x": x, "y": 2.5})


def test_it_is_known_whether_there_was_anything(decoder: Decoder, kinds: Mapping[str, KindSpec]):
    steps = PastSteps(0, 10**9, decoder, kinds)
    assert not steps.take([])
    assert steps.take([Received(1, "b12", MemoryMessage(f"smartlife/v1/{T1}/status", b"online"))])


@pytest.mark.parametrize(
    ("device", "shown", "heard"),
    [
        ("t1", "thermostat", {"b12"}),
        ("try", "thermostat", set()),
        ("t1", "light", set()),
    ],
)
def test_trials_and_kinds_that_are_not_shown_are_not_heard(decoder, kinds, device, shown, heard):
    steps = PastSteps(0, 10**9, decoder, {shown: kinds[shown]})
    message = MemoryMessage(f"smartlife/v1/b12/thermostat/{device}", b'{"temperature": 21.5}')
    steps.take([Received(1, "b12", message)])
    assert {booth for found in steps._heard.values() for booth in found} == heard


def test_the_ways_of_a_hundred_devices_are_told_in_each_step(decoder, kinds):
    steps = PastSteps(0, 10 * SECOND, decoder, kinds)
    payload = json.dumps({**kinds["mobile_robot"].example, "x": 1.0, "y": 2.5}).encode()
    for at in (1, STEP + 1):
        steps.take(
            Received(at, "b13", MemoryMessage(f"smartlife/v1/b13/mobile_robot/r{n}", payload))
            for n in range(101)
        )
    assert Counter(step for step, _ in steps._moves) == {0: 100, 1: 100}
    assert len({address for _, address in steps._moves}) == 100


def test_of_messages_that_give_no_reading_four_are_decoded_in_a_step(
    decoder, kinds, monkeypatch: pytest.MonkeyPatch
):
    looks = Counter[tuple[int, str | None]]()
    monkeypatch.setattr(
        PastSteps, "_look", lambda _, step, item: looks.update([(step, item.booth)])
    )
    steps = PastSteps(0, 10 * SECOND, decoder, kinds)
    for at in (1, STEP + 1):
        steps.take(
            Received(at, booth, MemoryMessage(f"smartlife/v1/{booth}/thermostat/t1", b"{}"))
            for booth in ("b12", "b13")
            for _ in range(50)
        )
    # The very first of a topic shows whether its device drives.
    assert looks == {(0, "b12"): 5, (0, "b13"): 5, (1, "b12"): 4, (1, "b13"): 4}


async def test_the_latest_seconds_are_told_in_steps(site: Site):
    await site.publish(T1, '{"temperature": 20}')
    site.clock.advance(60)
    await site.publish(T1, '{"temperature": 21}')
    await site.publish(ROBOT, robot(site, 1.0))
    site.clock.advance(2)
    site.hub.live.sweep()
    await site.publish(T1, '{"temperature": 412}')
    await site.publish(ROBOT, robot(site, 3.125))
    site.clock.advance(1)
    said = await past(site, last=10)
    places = {tuple(device[:3]): index for index, device in enumerate(said["devices"])}
    robots = places["b13", "mobile_robot", "r1"]
    assert said["step_ms"] == 250
    assert [[step, *(said["booths"][it] for it in ids)] for step, *ids in said["heard"]] == [
        [28, "b12", "b13"],
        [36, "b13"],
    ]
    assert said["moves"] == [[28, robots, 1.0, 2.5], [36, robots, 3.12, 2.5]]
    assert said["rejections"] == [[36, said["booths"].index("b12"), 1]]
    assert said["messages"] == [[28, 2], [36, 2]]


async def test_a_device_has_its_state_of_the_beginning_and_then_its_changes(site: Site):
    await site.publish(T1, '{"temperature": 20}')
    site.clock.advance(30)
    await site.publish(f"{T1}/status", "offline")
    said = await past(site, last=10)
    (index,) = (n for n, device in enumerate(said["devices"]) if device[2] == "t1")
    assert said["devices"][index][3] == "live"
    assert said["states"] == [[40, index, "offline"]]


async def test_of_a_booth_one_reading_is_decoded_in_each_step(site: Site, monkeypatch: Any):
    await site.publish(T1, '{"temperature": 20}')
    site.clock.advance(20)
    for number in range(50):
        await site.publish(T1, f'{{"temperature": {number % 20}}}')
    looks: list[int] = []
    look = PastSteps._look

    def counted(steps: PastSteps, step: int, item: Received) -> None:
        looks.append(step)
        look(steps, step, item)

    monkeypatch.setattr(PastSteps, "_look", counted)
    said = await past(site, last=10)
    assert said["messages"] == [[40, 50]]
    assert looks == [40]


async def test_a_past_begins_with_the_first_message(site: Site):
    await site.publish(T1, '{"temperature": 20}')
    site.clock.advance(5)
    said = await past(site)
    assert said["heard"] == [[0, 0]]
    begin, end = parse(said["from"]), parse(said["to"])
    assert end - begin == 5 * SECOND


async def test_whoever_asks_at_once_gets_the_same(site: Site):
    first = await past(site)
    site.clock.advance(0.5)
    assert await past(site) == first
    site.clock.advance(0.5)
    assert (await past(site))["to"] != first["to"]


async def test_a_past_and_a_day_ask_for_the_ops_token(guarded: Site):
    ops = {"authorization": f"Bearer {TOKEN}"}
    for path in ("/api/past", "/api/day"):
        assert (await guarded.get(path)).status_code == 401
        answer = await guarded.get(path, headers=ops)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


async def test_a_hub_that_keeps_no_past_has_a_day_all_the_same(tmp_path: Path):
    async with open_site(tmp_path / "data", HeldClock(), past="0") as site:
        answer = await site.get("/api/past")
        assert answer.status_code == 404
        assert "set HUB_PAST" in answer.json()["message"]
        assert (await site.said("/api/day"))["readings"] == []  # type: ignore[index]
