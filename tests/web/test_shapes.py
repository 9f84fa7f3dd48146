"""What the API answers has the shapes that the pages' modules are checked with."""

import json

import pytest
from pydantic import TypeAdapter

from hub.booths.registry import DeviceAccount, Registry
from hub.pipeline.batch import Receipt
from hub.topics import Address
from tools.shapes import ASKED, SHAPES

REPLAY = {
    "name": "rehearsal.jsonl",
    "begins": "2026-11-21T09:00:00Z",
    "position": 1.5,
    "length": 60,
    "speed": None,
    "paused": False,
}
USAGE = {"over": True, "dropped": 3, "delayed": 4, "counted": 0}


@pytest.fixture
async def told(site):
    """A hub with something of all that it can tell of."""
    await site.publish("b12/thermostat/t1", json.dumps({"temperature": 21.5, "note": "x"}))
    await site.publish("b12/thermostat/t1", json.dumps({"temperature": 412}))
    await site.publish("b12/tasmota/tele/plug1/SENSOR", '{"ENERGY":{"Power":12,"Voltage":900}}')
    payload = {"level": 3, "on": True, "text": "a b", "mode": "x", "temperature": 3}
    await site.publish("b12/water_meter/w1", json.dumps(payload))
    muted = {"cause": "offline b12", "minutes": 15, "by": "desk"}
    assert (await site.client.post("/api/mutes", json=muted)).status_code == 200
    assert (await site.client.post("/api/booths/b12/kinds/water_meter/wish")).status_code == 200
    assert (await site.client.put("/api/replays/0123456789ab", json=REPLAY)).status_code == 200
    account = DeviceAccount(account="b12-1", kind="thermostat", device="t1")
    Registry(site.hub.parts.settings.data).put("b12", "", "", (account,))
    site.hub.parts.quotas.of = lambda _, __: USAGE
    site.hub.parts.feedback.send([], [Receipt("x", None, Address("b12", "light", "l1"), 0)])
    log_ins = site.hub.parts.log_ins
    log_ins.noticed(True)
    log_ins.take("1: New client connected from 10.0.3.7:4 as b12-1 (p2, c1, k60, u'b12-1').")
    log_ins.take("1: Client b12-1 disconnected due to oversize packet.")
    return site


def address(path: str) -> str:
    kind = "water_meter" if path.endswith("/draft") else "thermostat"
    query = {"/api/devices": "?trend=true", "/api/readings": "?kind=thermostat"}.get(path, "")
    return path.format(booth="b12", kind=kind) + query


@pytest.mark.parametrize("path", SHAPES)
async def test_an_answer_has_the_shape_that_the_pages_expect(told, path: str):
    answer = await told.get(address(path))
    assert answer.status_code == (503 if path == "/api/health" else 200)  # no broker is there
    assert answer.json()
    TypeAdapter(SHAPES[path]).validate_json(answer.content)


async def test_a_checklist_has_the_shape_that_the_pages_expect(site):
    """With a rejection, with what the broker refused, and of a booth that nobody planned."""
    path = "/api/booths/{booth}"
    log_ins = site.hub.parts.log_ins
    Registry(site.hub.parts.settings.data).put("b13", "", "", (DeviceAccount(account="b13-1"),))
    log_ins.noticed(True)
    log_ins.take("1: New client connected from 10.0.3.7:4 as b13-1 (p2, c1, k60, u'b13-1').")
    log_ins.take("1: Client b13-1 disconnected due to oversize packet.")
    await site.publish("b12/thermostat/t1", json.dumps({"temperature": 412}))
    for booth in "b12", "b13", "newcomer":
        answer = await site.get(path.format(booth=booth))
        TypeAdapter(SHAPES[path]).validate_json(answer.content)


@pytest.mark.parametrize("payload", ['{"temperature": 21, "temprature": 1, "ts": 5}', "{"])
async def test_a_trial_has_the_shape_that_the_pages_expect(site, payload: str):
    answer = await site.client.post("/api/kinds/thermostat/check", content=payload)
    TypeAdapter(ASKED["/api/kinds/{kind}/check"]).validate_json(answer.content)


async def test_what_became_of_rejected_messages_has_the_shape_that_the_pages_expect(site):
    path = "/api/kinds/{kind}/accept-rejected"
    answer = await site.client.post(path.format(kind="thermostat"))
    TypeAdapter(ASKED[path]).validate_json(answer.content)
