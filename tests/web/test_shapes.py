"""What the API answers has the shapes that the pages' modules are checked with."""

import json

import pytest
from pydantic import TypeAdapter

from tools.shapes import SHAPES


@pytest.fixture
async def told(site):
    """A hub with a device, a rejection and a mute."""
    await site.publish("b12/thermostat/t1", json.dumps({"temperature": 21.5, "note": "x"}))
    await site.publish("b12/thermostat/t1", json.dumps({"temperature": 412}))
    muted = {"cause": "offline b12", "minutes": 15, "by": "desk"}
    assert (await site.client.post("/api/mutes", json=muted)).status_code == 200
    return site


@pytest.mark.parametrize("path", SHAPES)
async def test_an_answer_has_the_shape_that_the_pages_expect(told, path: str):
    query = {"/api/devices": "?trend=true", "/api/readings": "?kind=thermostat"}.get(path, "")
    answer = await told.get(path + query)
    assert answer.status_code == (503 if path == "/api/health" else 200)  # no broker is there
    assert answer.json()
    TypeAdapter(SHAPES[path]).validate_json(answer.content)
