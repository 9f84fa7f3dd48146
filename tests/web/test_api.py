"""The HTTP API, path by path, against a real hub."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, Self

import pytest
from jsonschema import Draft202012Validator

from harness.wait import DEADLINE
from hub.clock import SECOND, HeldClock
from hub.errors import OutboxFull, QueryTimeout, StoreUnavailable
from hub.event.zone import Event, Zone
from hub.settings import given
from hub.stores.store import TOO_LONG
from hub.web import serializers
from schemas import KindSpec
from tests.web.conftest import Site, open_site

GOOD = '{"temperature": 21.5}'
BAD = '{"temperature": 412}'
NOW = "2025-10-09T08:53:20"


async def test_accounts_say_what_became_of_every_message(site):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.publish("b12/thermostat/t1", BAD)
    await site.publish("b12/thermostat/t1/status", "online")
    site.source.reconnect()
    await site.stored()
    assert await site.said("/api/accounts") == {
        "received": 3,
        "accepted": 1,
        "rejected": 1,
        "duplicate": 0,
        "ignored": 1,
        "readings": 1,
        "stored": 1,
        "merged": 0,
        "refused": 0,
        "waiting": 0,
    }


async def test_kinds_are_all_listed_with_what_a_program_needs(site, kinds: Mapping[str, KindSpec]):
    listed: Any = await site.said("/api/kinds")
    assert [kind["name"] for kind in listed] == list(kinds)
    thermostat = next(kind for kind in listed if kind["name"] == "thermostat")
    assert thermostat["topic"] == "smartlife/v1/{booth}/thermostat/{device}"
    assert thermostat["label"] == {"en": "Thermostat", "ko": "온도조절기"}
    assert thermostat["interval"] == 5.0
    field = thermostat["fields"][0]
    assert (field["name"], field["type"], field["required"]) == ("temperature", "float", True)
    assert (field["minimum"], field["maximum"], field["unit"]) == (-40, 85, "°C")


async def test_a_kinds_schema_is_json_schema_and_accepts_its_example(site, kinds):
    for kind in kinds.values():
        answer = await site.get(f"/api/kinds/{kind.name}/schema")
        assert answer.headers["content-type"] == "application/schema+json"
        schema = answer.json()
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(dict(kind.example))


async def test_the_zone_lists_event_zones_and_booths_with_their_state(site):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.publish("b99/thermostat/t1", BAD)
    said: Any = await site.said("/api/zone")
    assert said["event"] == {
        "name": {"en": "Seoul Smart Life Week", "ko": "서울 스마트라이프위크"},
        "starts": "2026-11-21",
        "ends": "2026-11-23",
        "timezone": "Asia/Seoul",
        "languages": [],
    }
    assert said["zones"] == [
        {"id": "smart", "name": {"en": "Smart Life zone", "ko": "스마트라이프 존"}}
    ]
    b12, b13, b99 = said["booths"]
    assert b12["place"] == {"x": 1.0, "y": 2.0, "width": 3.0, "depth": 4.0}
    assert (b12["state"], b12["readings"]) == ("late", 1)
    assert b12["devices"] == {"live": 1, "late": 0, "offline": 1, "expected": 2}
    assert (b13["id"], b13["state"], b13["name"]["ko"]) == ("b13", "empty", "Empty")
    assert (b99["id"], b99["state"], b99["rejections"]) == ("b99", "empty", 1)
    assert said["mqtt"]["root"] == "smartlife/v1"


async def test_what_is_nobody_s_makes_its_booth_neither_late_nor_offline(site):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.publish("b12/door_lock/d1", '{"state": "locked"}')
    await site.publish("b12/thermostat/typo", "{}")
    await site.publish("b13/thermostat/typo", "{}")

    async def states() -> dict[str, str]:
        zone: Any = await site.said("/api/zone")
        return {booth["id"]: booth["state"] for booth in zone["booths"]}

    assert await states() == {"b12": "live", "b13": "empty"}
    await site.publish("b13/thermostat/typo", GOOD)
    assert await states() == {"b12": "live", "b13": "live"}
    zone: Any = await site.said("/api/zone")
    assert [booth["rejections"] for booth in zone["booths"]] == [1, 1]


async def test_devices_are_shown_with_everything_the_contract_names(site):
    await site.publish("b12/thermostat/t1", '{"temperature": 21.5, "colour": 1}')
    await site.publish("b12/thermostat/t1", BAD)
    (device,) = await site.said("/api/devices", kind="thermostat")
    expected = {
        "booth": "b12",
        "kind": "thermostat",
        "device": "t1",
        "domain": "smart_home",
        "state": "live",
        "last_seen": f"{NOW}.000000000Z",
        "last": {"temperature": 21.5},
        "warnings": ["ignored: colour"],
        "clock_skew_ms": None,
        "readings": 1,
        "rejections": 1,
    }
    assert device.items() >= expected.items()


async def test_devices_are_found_by_booth_kind_and_domain(site):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.publish("b1/vision_ai/v1", '{"people": 1}')

    async def names(**params: str) -> list[str]:
        found: Any = await site.said("/api/devices", **params)
        return [item["device"] for item in found]

    assert await names() == ["v1", "d1", "t1"]
    assert await names(booth="b1") == ["v1"]
    assert await names(kind="door_lock") == ["d1"]
    assert await names(domain="smart_home") == ["d1", "t1"]
    assert await names(booth="b1", domain="smart_home") == []


async def test_a_trend_comes_when_asked_for(site):
    await site.publish("b12/thermostat/t1", GOOD)
    site.hub.live.sweep()
    (device,) = await site.said("/api/devices", kind="thermostat", trend="true")
    assert device["trend"] == {"field": "temperature", "points": [[1_760_000_000_000, 21.5]]}


async def test_rejections_come_newest_first(site):
    for value in (101, 102, 103):
        await site.publish("b12/thermostat/t1", json.dumps({"temperature": value}))
    await site.publish("b1/thermostat/t1", "too warm")
    rejections: Any = await site.said("/api/rejections", booth="b12", limit=2)
    assert [item["errors"][0]["got"] for item in rejections] == [103, 102]
    (other,) = await site.said("/api/rejections", booth="b1")
    assert (other["code"], other["payload"], other["topic"]) == (
        "json",
        "too warm",
        "smartlife/v1/b1/thermostat/t1",
    )
    assert len(await site.said("/api/rejections")) == 4


# --- stored readings


async def fill(site) -> None:
    """A reading each second for ten seconds, the last one now."""
    for second in range(10):
        ts = 1_760_000_000 - 9 + second
        await site.publish("b12/thermostat/t1", json.dumps({"temperature": second, "ts": ts}))
    await site.publish("b12/vision_ai/v1", '{"people": 7, "model": "x"}')
    site.clock.advance(1)
    await site.stored()


async def test_readings_come_raw_and_oldest_first(site):
    await fill(site)
    rows: Any = await site.said("/api/readings", kind="thermostat")
    assert [row["fields"]["temperature"] for row in rows] == [float(n) for n in range(10)]
    first = rows[0]
    assert first["ts"] == "2025-10-09T08:53:11.000000000Z"
    assert (first["kind"], first["booth"], first["device"]) == ("thermostat", "b12", "t1")


async def test_readings_of_every_kind_come_together(site):
    await fill(site)
    rows: Any = await site.said("/api/readings", booth="b12")
    assert [row["kind"] for row in rows] == ["thermostat"] * 10 + ["vision_ai"]
    assert await site.said("/api/readings", booth="b1") == []


async def test_only_kinds_with_the_field_are_asked(site):
    await fill(site)
    rows: Any = await site.said("/api/readings", field="people")
    assert [(row["kind"], row["fields"]) for row in rows] == [("vision_ai", {"people": 7})]


async def test_the_start_is_inside_and_the_stop_is_not(site):
    await fill(site)
    rows: Any = await site.said(
        "/api/readings", kind="thermostat", start="2025-10-09T08:53:12Z", stop="1759999994"
    )
    assert [row["fields"]["temperature"] for row in rows] == [1.0, 2.0]


async def test_what_came_just_now_belongs_to_now(site):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.stored()
    assert len(await site.said("/api/readings", kind="thermostat", start="-1s")) == 1


AGGREGATES = {
    "mean": [0.0, 2.5, 6.5, 9.0],
    "min": [0.0, 1.0, 5.0, 9.0],
    "max": [0.0, 4.0, 8.0, 9.0],
    "last": [0.0, 4.0, 8.0, 9.0],
    "count": [1, 4, 4, 1],
}


@pytest.mark.parametrize(("agg", "values"), AGGREGATES.items())
async def test_readings_come_in_buckets(site, agg: str, values: list[float]):
    await fill(site)
    rows: Any = await site.said(
        "/api/readings", kind="thermostat", field="temperature", every="4s", agg=agg
    )
    assert [row["fields"]["temperature"] for row in rows] == values
    assert [row["ts"][17:19] for row in rows] == ["08", "12", "16", "20"]


async def test_the_limit_keeps_the_newest(site):
    await fill(site)
    rows: Any = await site.said("/api/readings", kind="thermostat", limit=2)
    assert [row["fields"]["temperature"] for row in rows] == [8.0, 9.0]


async def test_fields_may_be_repeated_or_joined(site):
    payload = '{"temperature": 21.5, "humidity": 40, "mode": "heat"}'
    await site.publish("b12/thermostat/t1", payload)
    await site.stored()
    joined = await site.said("/api/readings", field="temperature,mode")
    repeated = await site.get("/api/readings?field=temperature&field=mode")
    assert joined == repeated.json()
    assert [row["fields"] for row in repeated.json()] == [{"temperature": 21.5, "mode": "heat"}]


async def test_the_hubs_own_rows_can_be_asked_for(site):
    assert await site.said("/api/readings", kind="hub") == []
    assert await site.said("/api/readings", kind="device_state", booth="b12") == []


# --- the edges

FAR = [
    "start=-999999999d",
    "start=0&stop=99999999999999999999999",
    "every=999999999d",
    "start=-999999999d&every=999999999d&agg=last",
    "start=9999-12-31T23:59:59Z&stop=0001-01-01T00:00:00Z",
    "every=1ms&start=0",
]


@pytest.mark.parametrize("query", FAR)
async def test_no_time_is_too_far(site, query: str):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.stored()
    answer = await site.get(f"/api/readings?kind=thermostat&{query}")
    assert answer.status_code == 200, answer.text


async def test_a_store_that_does_not_answer_is_unavailable(site):
    async def away(_: object) -> None:
        raise StoreUnavailable("store: no answer")

    site.hub.parts.store.query = away
    answer = await site.get("/api/readings?kind=thermostat")
    assert answer.status_code == 503
    assert answer.json()["error"] == "store"
    assert "store: no answer" in answer.json()["message"]


async def test_a_store_that_takes_too_long_is_a_gateway_timeout(site):
    async def slow(_: object) -> None:
        raise QueryTimeout(TOO_LONG)

    site.hub.parts.store.query = slow
    answer = await site.get("/api/readings?kind=thermostat")
    assert (answer.status_code, answer.json()["error"]) == (504, "timeout")
    assert "ask for less time" in answer.json()["message"]


async def test_what_nobody_foresaw_of_a_store_is_unavailable_too(
    site, caplog: pytest.LogCaptureFixture
):
    async def broken(_: object) -> None:
        raise RecursionError("secret inside")

    site.hub.parts.store.query = broken
    for _ in range(3):
        answer = await site.get("/api/readings?kind=thermostat")
        assert (answer.status_code, answer.json()["error"]) == (503, "store")
        assert "RecursionError" in answer.json()["message"]
        assert "secret" not in answer.text
    assert site.hub.parts.store_fence.caught == 3
    assert [record.name for record in caplog.records if record.exc_info] == ["hub.pipeline.fence"]


async def test_an_outbox_that_cannot_be_read_is_unavailable(site):
    await site.hub.outbox._call(site.hub.outbox._outbox._db.execute, "DROP TABLE rejection")
    answer = await site.get("/api/rejections")
    assert answer.status_code == 503
    assert answer.json()["error"] == "outbox"
    assert "no such table: rejection" in answer.json()["message"]


async def test_a_mistake_of_the_hub_has_the_shape_of_every_error(site):
    async def broken(*_: object) -> None:
        raise RuntimeError("secret inside")

    site.hub.outbox.rejections = broken
    site.client._transport.raise_app_exceptions = False
    answer = await site.get("/api/rejections")
    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "message"}
    assert "secret" not in answer.text


# --- health


async def test_health_is_503_while_the_broker_is_away(site):
    answer = await site.get("/api/health")
    assert answer.status_code == 503
    said = answer.json()
    assert said["status"] == "failing"
    assert said["parts"]["broker"]["state"] == "down"
    assert "Is the broker running, and is HUB_BROKER right?" in said["parts"]["broker"]["message"]
    assert said["parts"]["outbox"]["state"] == "ok"
    assert all(part["message_ko"] for part in said["parts"].values())


async def test_health_is_200_when_readings_can_be_taken_and_kept(site):
    site.hub.source.last_error = None
    answer = await site.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


async def kept(site: Site, settings: int) -> None:
    """Wait until so many settings of the clock are on disk."""
    async with asyncio.timeout(DEADLINE):
        known: dict[str, Any] = {}
        while len(known.get("settings", ())) != settings:
            known = await site.hub.outbox.state("clock", {})


async def test_health_says_from_when_to_when_times_of_arrival_were_wrong(
    tmp_path: Path, clock: HeldClock, caplog, monkeypatch
):
    monkeypatch.setattr("hub.status.hub_status.INTERVAL", 0)
    began, hour = clock.now(), 3600 * SECOND
    async with open_site(tmp_path, clock) as site:
        watch = asyncio.create_task(site.hub.status.watch_clock())
        await kept(site, settings=1)
        clock.hold_at(began + hour)
        await kept(site, settings=2)
        clock.advance(60)
        clock.hold_at(began + 60 * SECOND)
        await kept(site, settings=3)
        watch.cancel()
        said = (await site.get("/api/health")).json()
    first, second = [item.message for item in caplog.records if "the clock" in item.message]
    assert "08:53:20.000Z are 3600 s behind, by the clock as it is now" in first
    assert second == f"the clock: {said['parts']['clock']['message']}"
    assert "times of arrival from 2025-10-09T09:53:20.000Z to" in said["parts"]["clock"]["message"]
    assert said["wrong_stamps"] == [
        {"from": "2025-10-09T09:53:20.000Z", "to": "2025-10-09T09:54:20.000Z", "ahead_s": 3600}
    ]
    async with open_site(tmp_path, clock) as site:
        assert (await site.get("/api/health")).json()["wrong_stamps"] == said["wrong_stamps"]


async def test_health_is_200_while_the_outbox_can_wait_for_the_store(site):
    site.hub.source.last_error = None
    site.hub.drain.last_error = "store: no answer"
    answer = await site.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["parts"]["store"]["state"] == "away"


async def test_health_is_503_when_the_outbox_is_full(site):
    site.hub.source.last_error = None
    site.hub.committer.last_error = OutboxFull("outbox: 10 of 10 bytes are used")
    answer = await site.get("/api/health")
    assert answer.status_code == 503
    part = answer.json()["parts"]["outbox"]
    assert part["state"] == "full"
    assert "Reading from the broker has stopped; nothing is lost" in part["message"]


# --- the live stream


class Stream:
    """Reads a streaming answer piece by piece, straight from the application."""

    def __init__(self, app: Any, path: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        name, _, query = path.partition("?")
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": name,
            "raw_path": name.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "server": ("hub", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
        }
        self._app = app
        self._sent: asyncio.Queue[Any] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._app(self._scope, self._receive, self._sent.put))
        self.start = await self._next()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        async with asyncio.timeout(DEADLINE):
            await self._task

    async def _receive(self) -> dict[str, object]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _next(self) -> Any:
        async with asyncio.timeout(DEADLINE):
            return await self._sent.get()

    async def piece(self) -> str:
        return (await self._next())["body"].decode()


async def test_the_stream_says_what_happens(site):
    async with Stream(site.client._transport.app, "/api/live?booth=b12") as stream:
        headers = dict(stream.start["headers"])
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert headers[b"cache-control"] == b"no-store"
        assert await stream.piece() == ": welcome\n\n"
        assert (await stream.piece()).startswith('event: booth\ndata: {"id": "b12", ')
        await site.publish("b1/thermostat/t1", GOOD)
        await site.publish("b12/thermostat/t1", GOOD)
        site.hub.live.tick()
        said = await stream.piece()
        assert [line for line in said.split("\n") if line.startswith("event")] == [
            "event: state",
            "event: reading",
        ]
        assert '"booth": "b1"' not in said
        assert site.hub.live.broadcast.viewers == 1
    assert site.hub.live.broadcast.viewers == 0


async def test_there_are_no_more_streams_than_can_be_served(site, monkeypatch):
    monkeypatch.setattr("hub.web.routes.stream.MAX_VIEWERS", 1)
    async with Stream(site.client._transport.app, "/api/live") as stream:
        await stream.piece()
        answer = await site.get("/api/live")
        assert answer.status_code == 503
        assert answer.json()["error"] == "unavailable"


async def test_a_device_is_forgotten_until_it_sends_again(site):
    await site.publish("b12/thermostat/x1", GOOD)
    known = {item["device"] for item in await site.said("/api/devices", booth="b12")}
    answer = await site.client.delete("/api/devices/b12/thermostat/x1")
    assert answer.status_code == 204
    left = {item["device"] for item in await site.said("/api/devices", booth="b12")}
    assert left == known - {"x1"}
    await site.stored()
    assert len(await site.said("/api/readings", kind="thermostat", device="x1")) == 1
    await site.publish("b12/thermostat/x1", GOOD)
    assert "x1" in {item["device"] for item in await site.said("/api/devices", booth="b12")}


async def test_readings_with_one_time_are_merged_and_counted(site):
    for number in range(3):
        payload = f'{{"temperature": {20 + number}, "ts": "2025-10-09T08:53:19Z"}}'
        await site.publish("b12/thermostat/x1", payload)
    await site.publish("b12/thermostat/x1", '{"temperature": 23, "ts": "2025-10-09T08:53:20Z"}')
    await site.stored()
    accounts = await site.said("/api/accounts")
    assert (accounts["readings"], accounts["stored"], accounts["merged"]) == (4, 2, 2)
    rows = await site.said("/api/readings", kind="thermostat", device="x1")
    assert [row["fields"]["temperature"] for row in rows] == [22.0, 23.0]


def test_the_zone_says_whether_the_event_is_open():
    event = Event(name="E", opens=time(10), closes=time(18), timezone="Asia/Seoul")
    noon = round(datetime.fromisoformat("2026-10-07T12:00:00+09:00").timestamp()) * 10**9
    said = [
        serializers.zone(Zone(event=event), [], given({}), noon + hours * 3600 * 10**9)["event"]
        for hours in (0, 6)
    ]
    assert [item["open"] for item in said] == [True, False]
    assert (said[0]["opens"], said[0]["closes"]) == ("10:00", "18:00")
