"""A recording on the wall: seen as what it is, and in no count, no store and no state."""

import json

import httpx
import pytest

from harness.wait import until
from hub.web.routes.replay import CONTENT_TYPE, MAX_BODY, MAX_MESSAGES
from hub.web.server import create_app
from tests.recording.made import ROOT, reading
from tests.replay.conftest import play

T1 = "b12/thermostat/t1"
TOPIC = f"{ROOT}/{T1}"


def lines(*messages):
    return "\n".join(json.dumps({"topic": topic, "payload": text}) for topic, text in messages)


def client(hub):
    transport = httpx.ASGITransport(create_app(hub._hub.parts))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def post(hub, body, kind=CONTENT_TYPE):
    async with client(hub) as web:
        return await web.post("/api/replay", content=body, headers={"content-type": kind})


async def show(hub, text='{"temperature": 19.5}', topic=TOPIC):
    answer = await post(hub, lines((topic, text)))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_replayed_reading_is_shown_as_such_and_kept_nowhere(hub):
    before = hub.stored()
    assert await show(hub) == {"shown": 1, "live": 0, "unfit": 0}
    shown = hub.device(T1)
    assert shown["replayed"] is True
    assert shown["last"] == {"temperature": 19.5}
    assert (shown["state"], shown["readings"], shown["last_seen"]) == ("offline", 0, None)
    assert sum(hub._hub.live.count().values()) == 0
    hub.advance(5)
    assert hub.device(T1) == shown
    assert hub.readings("thermostat") == []
    assert hub.states(T1) == []
    assert hub.accounts.received == 0
    rows = [line for line in hub.stored().splitlines() if not line.startswith("hub,")]
    assert rows == before.splitlines()
    assert sum(hub._hub.live.count().values()) == 0


async def test_the_event_says_that_it_is_replayed(hub):
    with hub._hub.live.broadcast.watch() as viewer:
        await show(hub)
        hub._hub.live.tick()
        assert '"replayed": true' in viewer._collect().readings[0]
        hub.publish(T1, {"temperature": 21.5})
        hub._hub.live.tick()
        assert '"replayed": false' in viewer._collect().readings[0]


async def test_a_device_that_is_live_shows_its_own(hub):
    hub.publish(T1, {"temperature": 21.5})
    assert await show(hub) == {"shown": 0, "live": 1, "unfit": 0}
    assert hub.device(T1)["last"] == {"temperature": 21.5}
    assert hub.device(T1)["replayed"] is False


async def test_a_device_that_died_shows_the_recording_until_it_is_back(hub):
    hub.publish(T1, {"temperature": 21.5, "battery": 50})
    hub.advance(60)
    await show(hub)
    assert hub.device(T1)["last"] == {"temperature": 19.5}, "values of both must not be mixed"
    hub.publish(T1, {"temperature": 22.5})
    shown = hub.device(T1)
    assert (shown["replayed"], shown["state"]) == (False, "live")
    assert shown["last"] == {"temperature": 22.5, "battery": 50}
    await show(hub)
    assert hub.device(T1)["replayed"] is False


async def test_the_mark_goes_when_the_replay_ends(hub):
    hub.publish(T1, {"temperature": 21.5})
    hub.advance(60)
    await show(hub)
    hub.advance(30)
    await show(hub)
    hub.advance(48)
    assert hub.device(T1)["replayed"] is True
    hub.advance(5)
    shown = hub.device(T1)
    assert (shown["replayed"], shown["last"], shown["state"]) == (
        False,
        {"temperature": 21.5},
        "offline",
    )


async def test_a_device_known_from_a_recording_alone_goes_with_it(hub):
    await show(hub)
    hub.advance(60)
    assert hub.device(T1) is None


async def test_what_is_no_reading_is_counted_and_not_shown(hub):
    body = lines(
        (TOPIC, "x"), (f"{TOPIC}/status", "online"), ("other", "{}"), (TOPIC, '{"mode":1}')
    )
    assert (await post(hub, body)).json() == {"shown": 0, "live": 0, "unfit": 4}
    assert hub.rejections() == []


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "1",
        "[]",
        "{}",
        '{"topic": "a"}',
        '{"topic": 1, "payload": "x"}',
        '{"topic": "a", "payload": "\\ud800"}',
        "[" * 5_000,
    ],
)
async def test_a_line_that_is_no_message_is_refused_with_its_number(hub, line):
    answer = await post(hub, f"{lines((TOPIC, '{}'))}\n{line}")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("line 2 is no message")


async def test_what_is_too_large_is_refused(hub):
    assert (await post(hub, b" " * (MAX_BODY + 1))).status_code == 413
    assert (await post(hub, b"1\n" * (MAX_MESSAGES + 1))).status_code == 413


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_only_its_own_type_is_taken(hub, kind):
    answer = await post(hub, lines((TOPIC, "{}")), kind)
    assert answer.status_code == 415
    assert answer.json()["error"] == "media_type"


@pytest.mark.hub(ops_token="correct-horse-battery")
async def test_it_asks_for_the_ops_token(hub):
    async with client(hub) as web:
        answer = await web.post("/api/replay", headers={"content-type": CONTENT_TYPE})
        assert answer.status_code == 401


def test_a_recording_is_played_to_the_wall_of_a_running_hub(record, booth, service):
    path = record(reading(number, booth=booth) for number in range(50))
    received = service.accounts()["received"]
    address = service.url.removeprefix("http://")
    found = play(path, "--into-hub", "--http", address, "--speed", "max")
    assert found.code == 0
    assert "on the wall 50" in found.said
    shown = until(lambda: service.device(booth, "wearable", "w4"), "the device is shown")
    assert shown["replayed"]
    assert shown["last"]["steps"] == 49
    assert service.accounts()["received"] == received
    assert service.readings("wearable", booth=booth) == []


def test_large_messages_go_in_as_many_requests_as_it_takes(record, service):
    payload = json.dumps({"heart_rate": 60, "note": "x" * 60_000}).encode()
    path = record(
        [
            *(reading(number, booth="b66", payload=payload) for number in range(120)),
            reading(120, booth="b66", payload=b" " * MAX_BODY),
        ]
    )
    address = service.url.removeprefix("http://")
    found = play(path, "--into-hub", "--http", address, "--speed", "max")
    assert found.code == 0, found.said
    assert "on the wall 120" in found.said
    assert "1 that are no readings" in found.said


def test_without_a_hub_it_says_so(record):
    path = record([reading(1)])
    found = play(path, "--into-hub", "--http", "127.0.0.1:1")
    assert found.code == 1
    assert "no hub answers" in found.said
