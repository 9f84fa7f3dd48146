"""The live stream in the format of Server-Sent Events."""

import json
from typing import Any

import pytest

from hub.live.viewers import LiveEvent, Update
from hub.web.routes.stream import sse


def events(text: str) -> list[tuple[str, Any]]:
    """Read Server-Sent Events by the rules of the HTML standard (9.2.6), comments left out."""
    assert text.endswith("\n\n")
    found: list[tuple[str, Any]] = []
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        fields = dict(line.split(": ", 1) for line in lines)
        assert len(fields) == len(lines)
        if lines:
            assert set(fields) == {"event", "data"}
            found.append((fields["event"], json.loads(fields["data"])))
    return found


HOSTILE = [
    "\n",
    "\r\n\r\nevent: x",
    "data: x",
    "\u2028",
    "\u2029",
    "</script>",
    '"',
    "\\",
    ":",
    "온도",
]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_programs_that_split_lines_as_unicode_does_read_it_too(sign):
    said = json.dumps({"payload": sign}, ensure_ascii=False)
    text = sse(Update([LiveEvent("rejection", said)], []))
    assert len(text.splitlines()) == 3
    assert events(text) == [("rejection", {"payload": sign})]


@pytest.mark.parametrize("name", HOSTILE)
async def test_the_stream_is_well_formed_whatever_a_device_says(site, name: str):
    with site.hub.live.broadcast.watch() as viewer:
        await site.publish("b12/thermostat/t1", json.dumps({"temperature": 21.5, name: name}))
        await site.publish("b12/thermostat/t2", b'{"temperature": 21.5}')
        await site.publish("b12/thermostat/t1", json.dumps({"temperature": name}))
        await site.publish(f"b12/thermostat/{name}", b"{}")
        site.hub.live.tick()
        update = events(sse(await anext(viewer.updates())))
    states, rejections = ["state"] * 2, ["rejection"] * 2
    assert [kind for kind, _ in update] == [*states, *rejections, "reading", "reading"]
    assert update[-2][1]["warnings"] == [f"ignored: {name}"]
    assert update[-1][1]["device"] == "t2"
    assert update[2][1]["errors"][0]["got"] == name


def test_the_readings_of_an_update_are_one_event_for_who_asks_for_a_batch():
    told = [json.dumps({"device": name}) for name in ("t1", "t2")]
    state = LiveEvent("state", "{}")
    batch = events(sse(Update([state], told), batch=True))
    assert batch == [("state", {}), ("readings", [{"device": "t1"}, {"device": "t2"}])]
    assert events(sse(Update([state], []), batch=True)) == [("state", {})]


def test_a_stream_with_nothing_to_say_beats():
    assert sse(Update([], [])) == "event: beat\ndata: {}\n\n"
