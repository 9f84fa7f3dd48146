"""`GET /api/recording`: the past of a running hub over HTTP."""

from pathlib import Path

import pytest

from hub.clock import HeldClock
from hub.recording.format import read
from tests.web.conftest import TOKEN, open_site

T1 = "b12/thermostat/t1"


async def test_what_came_in_the_last_seconds_is_a_recording(tmp_path: Path):
    clock = HeldClock()
    async with open_site(tmp_path / "data", clock) as site:
        await site.publish(T1, '{"temperature": 1}')
        clock.advance(60)
        await site.publish(T1, '{"temperature": 2}')
        await site.publish("b1/thermostat/t1", '{"temperature": 412}')
        answer = await site.get("/api/recording", params={"last": 30})
        (tmp_path / "all.mcap").write_bytes(answer.content)
        only = await site.get("/api/recording", params={"last": 100, "booth": "b12"})
        (tmp_path / "b12.mcap").write_bytes(only.content)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert [(item.payload, item.verdict) for item in read(tmp_path / "all.mcap")] == [
        (b'{"temperature": 2}', "accepted"),
        (b'{"temperature": 412}', "rejected:schema"),
    ]
    assert [item.payload[-2:] for item in read(tmp_path / "b12.mcap")] == [b"1}", b"2}"]


async def test_a_hub_that_keeps_no_past_says_so(tmp_path: Path):
    async with open_site(tmp_path / "data", HeldClock(), past="0") as site:
        answer = await site.get("/api/recording")
    assert answer.status_code == 404
    assert "set HUB_PAST" in answer.json()["message"]


async def test_it_asks_for_the_ops_token(tmp_path: Path):
    async with open_site(tmp_path / "data", HeldClock(), TOKEN) as site:
        assert (await site.get("/api/recording")).status_code == 401
        headers = {"authorization": f"Bearer {TOKEN}"}
        assert (await site.get("/api/recording", headers=headers)).status_code == 200


@pytest.mark.parametrize("wrong", [{"last": 0}, {"last": "x"}, {"last": 1e9}, {"booth": "B 12"}])
async def test_impossible_wishes_are_refused(tmp_path: Path, wrong: dict[str, object]):
    async with open_site(tmp_path / "data", HeldClock()) as site:
        answer = await site.get("/api/recording", params=wrong)
    assert answer.status_code == 422
    assert answer.json()["error"] == "parameter"
