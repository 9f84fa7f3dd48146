"""Muted alarms: who muted what until when; they survive a restart and go when ended or over."""

import json
from pathlib import Path

import pytest

from hub.clock import SECOND, HeldClock
from hub.errors import MuteError
from hub.live import mutes as mutes_module
from hub.live.mutes import Mutes
from hub.topics import Address
from tests.web.conftest import TOKEN, open_site

OPS = {"authorization": f"Bearer {TOKEN}"}
T1 = Address("b12", "thermostat", "t1")
GOOD = '{"temperature": 21.5}'
MINUTE = 60 * SECOND


def test_a_mute_lasts_until_its_end_and_no_longer():
    mutes = Mutes()
    mutes.add("offline b12", "Kim", 15, 0)
    mutes.add(T1, "Lee", 60, MINUTE)
    assert [mute.what for mute in mutes.in_force(2 * MINUTE)] == [
        "b12/thermostat/t1",
        "offline b12",
    ]
    assert [mute.by for mute in mutes.in_force(15 * MINUTE)] == ["Lee"]
    assert mutes.in_force(61 * MINUTE) == []


def test_what_is_muted_again_has_the_new_end_alone():
    mutes = Mutes()
    mutes.add(T1, "Kim", 15, 0)
    mutes.add(T1, "Lee", 60, MINUTE)
    (mute,) = mutes.in_force(2 * MINUTE)
    assert (mute.by, mute.until) == ("Lee", 61 * MINUTE)


def test_it_survives_a_restart(tmp_path: Path):
    path = tmp_path / "mutes.json"
    made = Mutes(path).add(T1, "김운영", 15, 0)
    assert Mutes(path).in_force(MINUTE) == [made]
    assert Mutes(path).end(made.id, MINUTE) == made
    assert Mutes(path).in_force(MINUTE) == []


def test_a_damaged_file_mutes_nothing(tmp_path: Path):
    path = tmp_path / "mutes.json"
    path.write_text('[{"id": 1}]')
    assert Mutes(path).in_force(0) == []


def test_there_are_never_too_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mutes_module, "MOST", 1)
    mutes = Mutes()
    mutes.add("offline b12", "Kim", 1, 0)
    mutes.add("offline b12", "Kim", 1, 0)
    with pytest.raises(MuteError, match="end some"):
        mutes.add("offline b13", "Kim", 1, 0)


async def test_the_ops_staff_mutes_and_ends_it_and_the_log_says_who(
    tmp_path: Path, clock: HeldClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO")
    device = T1._asdict()
    async with open_site(tmp_path, clock, TOKEN) as site:
        await site.publish("/".join(T1), GOOD)
        asked = json.dumps({"device": device, "minutes": 15, "by": " Kim  Ops "})
        made = (await site.client.post("/api/mutes", content=asked, headers=OPS)).json()
        assert made == {
            "id": made["id"],
            "cause": None,
            "device": device,
            "by": "Kim Ops",
            "at": made["at"],
            "until": made["until"],
        }
        assert (await site.client.get("/api/mutes", headers=OPS)).json() == [made]
        assert "Kim Ops muted b12/thermostat/t1 until" in caplog.text
        gone = await site.client.delete(f"/api/mutes/{made['id']}", headers=OPS)
        assert gone.status_code == 204
        assert (await site.client.get("/api/mutes", headers=OPS)).json() == []
        assert "b12/thermostat/t1 is no longer muted" in caplog.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"minutes": 15, "by": "Kim"}, "name a cause or a device"),
        ({"cause": "x", "device": T1._asdict(), "minutes": 15, "by": "Kim"}, "name a cause"),
        ({"cause": "x", "minutes": 0, "by": "Kim"}, "minutes"),
        ({"cause": "x", "minutes": 15}, "by"),
    ],
)
async def test_a_request_that_cannot_be_meant_is_refused(tmp_path, clock, asked, said):
    async with open_site(tmp_path, clock, TOKEN) as site:
        answer = await site.client.post("/api/mutes", content=json.dumps(asked), headers=OPS)
        assert answer.status_code == 422
        assert said in answer.json()["message"]


async def test_a_device_that_there_is_not_cannot_be_muted(tmp_path, clock):
    async with open_site(tmp_path, clock, TOKEN) as site:
        await site.publish("/".join(T1), GOOD)
        for other, said in (
            (T1._replace(device="t2"), "did you mean b12/thermostat/t1?"),
            (Address("q", "door_lock", "front"), "GET /api/devices lists"),
        ):
            asked = {"device": other._asdict(), "minutes": 15, "by": "Kim"}
            answer = await site.client.post("/api/mutes", content=json.dumps(asked), headers=OPS)
            assert answer.status_code == 404
            assert answer.json()["message"].startswith(f"{'/'.join(other)}: no such device")
            assert said in answer.json()["message"]
