"""Dialects in a hub: accounts, devices, the booth's page, what survives a restart."""

import time
from pathlib import Path
from typing import Any

import pytest

from hub.booths.registry import Registry
from hub.clock import HeldClock
from hub.event.zone import NativeTopics
from hub.pipeline.decode import Decoder
from hub.recording.received import verdict_of
from hub.testing.memory_source import MemorySource
from schemas import kinds
from tests.web.conftest import Site, open_site

SENSOR = '{"ENERGY":{"Power":12,"ReactivePower":3,"Voltage":900},"AM2301":{"Temperature":21.5}}'
ZONE = """
[[booth]]
id = "b12"
name = "Plugs"
native = [{ dialect = "tasmota", topics = ["acme/#"] }]
devices = [{ kind = "thermostat", id = "warm" }]
"""


async def devices(site: Site) -> dict[str, Any]:
    found: Any = await site.said("/api/devices", booth="b12")
    return {f"{item['kind']}/{item['device']}": item for item in found}


async def test_a_message_may_hold_several_readings_and_the_accounts_balance(site: Site):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    await site.publish("b12/tasmota/tele/plug1/LWT", "Online")
    await site.publish("b12/tasmota/tele/plug1/SENSOR", '{"ENERGY":{"Power":"x"}}')
    await site.stored()
    accounts: Any = await site.said("/api/accounts")
    counted = {name: count for name, count in accounts.items() if count}
    assert counted == {
        "received": 3,
        "accepted": 1,
        "ignored": 1,
        "rejected": 1,
        "readings": 2,
        "stored": 2,
    }
    site.clock.advance(1)
    rows: Any = await site.said("/api/readings", booth="b12", kind="climate_sensor")
    assert [row["fields"] for row in rows] == [{"temperature": 21.5}]


async def test_its_devices_are_where_those_of_any_device_are(site: Site):
    await site.publish("b12/tasmota/tele/거실/SENSOR", '{"ENERGY":{"Power":12,"Voltage":900}}')
    (device,) = [item for item in (await devices(site)).values() if item["readings"]]
    assert (device["dialect"], device["name"], device["state"]) == ("tasmota", "거실", "live")
    assert device["last"] == {"power": 12.0}
    assert device["warnings"] == ["out_of_range: voltage: 900 is above the maximum 300 V"]


async def test_what_two_messages_of_one_time_say_is_one_reading_and_no_mistake(site: Site):
    time_ = "2025-10-09T17:53:19"  # a second before the held clock, in Seoul
    await site.publish("b12/tasmota/tele/p/STATE", f'{{"Time":"{time_}","POWER":"ON"}}')
    energy = f'{{"Time":"{time_}","ENERGY":{{"Power":12}}}}'
    await site.publish("b12/tasmota/tele/p/SENSOR", energy)
    found = (await devices(site))["smart_plug/p"]
    assert (found["last"], found["earlier"]) == ({"switched_on": True, "power": 12.0}, {})
    assert "same_ts" not in found["warnings"]
    await site.publish("b12/tasmota/tele/p/SENSOR", energy)
    assert "same_ts" in (await devices(site))["smart_plug/p"]["warnings"]


async def test_what_two_messages_of_a_backlog_say_at_one_time_is_told(site: Site):
    """Of times before the latest it is not known which fields they had."""

    async def warned(kind: str, time_: str, said: str) -> bool:
        payload = f'{{"Time":"2025-10-09T17:53:{time_}",{said}}}'
        await site.publish(f"b12/tasmota/tele/p/{kind}", payload)
        return "same_ts" in (await devices(site))["smart_plug/p"]["warnings"]

    assert not await warned("STATE", "19", '"POWER":"ON"')
    assert not await warned("SENSOR", "09", '"ENERGY":{"Power":12}')
    assert await warned("SENSOR", "09", '"ENERGY":{"Voltage":221}')


async def test_a_device_is_late_by_the_rhythm_of_its_dialect(site: Site, clock: HeldClock):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    site.hub.live._hears = lambda: True
    clock.advance(299)
    site.hub.live.sweep()
    assert (await devices(site))["smart_plug/plug1"]["state"] == "live"
    clock.advance(602)
    site.hub.live.sweep()
    assert (await devices(site))["smart_plug/plug1"]["state"] == "late"


async def test_its_will_is_one_for_all_that_it_measures(site: Site):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    await site.publish("b12/tasmota/tele/plug1/LWT", "Offline")
    found = await devices(site)
    assert found["smart_plug/plug1"]["state"] == "offline"
    assert found["climate_sensor/plug1"]["state"] == "offline"


async def test_the_page_shows_what_became_of_each_part(site: Site):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    booth: Any = await site.said("/api/booths/b12")
    (heard,) = booth["heard"]
    assert heard["topic"] == "tele/plug1/SENSOR"
    became = {use["place"]: use["field"] for use in heard["uses"]}
    assert became == {
        "ENERGY.Power": "power",
        "ENERGY.Voltage": None,
        "ENERGY.ReactivePower": None,
        "AM2301.Temperature": "temperature",
    }
    why = {use["place"]: use.get("why_ko") for use in heard["uses"]}
    assert why["ENERGY.Voltage"] == "허용 범위(0~300 V)를 벗어났습니다(받은 값: 900)"


async def test_a_message_with_one_reading_is_on_the_page_too(site: Site):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", '{"ENERGY":{"Power":12}}')
    booth: Any = await site.said("/api/booths/b12")
    assert [item["topic"] for item in booth["heard"]] == ["tele/plug1/SENSOR"]


async def test_every_dialect_is_listed_with_what_to_set(site: Site):
    listed: Any = await site.said("/api/dialects")
    tasmota = next(item for item in listed if item["name"] == "tasmota")
    assert tasmota["prefix"] == "smartlife/v1/{booth}/tasmota/"
    assert tasmota["setup"][0]["value"] == "smartlife/v1/{booth}/tasmota/%prefix%/%topic%/"


async def test_a_will_is_understood_after_a_restart(tmp_path: Path, clock: HeldClock):
    async with open_site(tmp_path / "data", clock) as site:
        await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    async with open_site(tmp_path / "data", clock) as site:
        await site.publish("b12/tasmota/tele/plug1/LWT", "Offline")
        found = await devices(site)
    assert {name: item["state"] for name, item in found.items()} == {
        "climate_sensor/plug1": "offline",
        "smart_plug/plug1": "offline",
    }


async def test_topics_of_its_own_are_a_booths_by_the_zone_file(tmp_path: Path, clock: HeldClock):
    zone = tmp_path / "zone.toml"
    zone.write_text(ZONE, encoding="utf-8")
    async with open_site(tmp_path / "data", clock, zone=str(zone)) as site:
        source = MemorySource(site.hub.intake.receive)
        source.publish("acme/plug1/tele/SENSOR", b'{"ENERGY":{"Power":12}}')
        source.publish("other/plug1/tele/SENSOR", b'{"ENERGY":{"Power":12}}')
        await site.hub.committer.settled()
        found = await devices(site)
        accounts: Any = await site.said("/api/accounts")
        filters = [item.pattern for item in site.hub.source._filters]
    assert [item["name"] for item in found.values() if item["readings"]] == ["acme/plug1"]
    assert (accounts["accepted"], accounts["rejected"]) == (1, 1)
    assert filters == ["smartlife/v1/#", "acme/#"]


async def test_a_booth_s_own_topics_may_begin_with_a_slash(tmp_path: Path, clock: HeldClock):
    zone = tmp_path / "zone.toml"
    own = '{ dialect = "goe", topics = ["/go-eCharger/094321/#"] }'
    zone.write_text(ZONE.replace('{ dialect = "tasmota", topics = ["acme/#"] }', own), "utf-8")
    async with open_site(tmp_path / "data", clock, zone=str(zone)) as site:
        source = MemorySource(site.hub.intake.receive)
        source.publish("/go-eCharger/094321/car", b"2")
        await site.hub.committer.settled()
        found = await devices(site)
        filters = [item.pattern for item in site.hub.source._filters]
    assert found["ev_charger/094321"]["last"] == {"status": "charging"}
    assert filters == ["smartlife/v1/#", "/go-eCharger/094321/#"]


async def test_the_zone_file_says_of_which_kind_a_device_is(tmp_path: Path, clock: HeldClock):
    zone = tmp_path / "zone.toml"
    zone.write_text(ZONE, encoding="utf-8")
    async with open_site(tmp_path / "data", clock, zone=str(zone)) as site:
        await site.publish("b12/tasmota/tele/warm/SENSOR", '{"AM2301":{"Temperature":21.5}}')
        found = await devices(site)
    assert found["thermostat/warm"]["last"] == {"temperature": 21.5}


async def test_what_was_retained_is_no_reading(site: Site):
    source = MemorySource(site.hub.intake.receive)
    topic = "smartlife/v1/b12/tasmota/tele/plug1/SENSOR"
    source.send([source.message(topic, b'{"ENERGY":{"Power":12}}', retain=True)])
    await site.hub.committer.settled()
    accounts: Any = await site.said("/api/accounts")
    assert (accounts["accepted"], accounts["ignored"]) == (0, 1)


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"[", b"[1]", b"{}", b'"x"', b"1e999", b"null"])
async def test_what_is_no_message_of_a_dialect_is_told_or_ignored(site: Site, payload: bytes):
    await site.publish("b12/tasmota/tele/plug1/SENSOR", payload)
    accounts: Any = await site.said("/api/accounts")
    assert accounts["received"] == accounts["rejected"] + accounts["ignored"] == 1
    rejected: Any = await site.said("/api/rejections", booth="b12")
    assert all(item["code"] in ("json", "schema") for item in rejected)


async def test_what_was_recorded_of_a_dialect_is_replayed_on_the_wall(site: Site):
    shown = site.hub.parts.wall_replay.show(
        [
            ("smartlife/v1/b12/tasmota/tele/plug1/SENSOR", SENSOR.encode()),
            ("smartlife/v1/b12/tasmota/tele/plug1/LWT", b"Online"),
        ]
    )
    assert shown == {"shown": 2, "live": 0, "unfit": 1}


@pytest.mark.parametrize(
    ("own", "payload", "verdict"),
    [
        ("tele/plug1/SENSOR", SENSOR, "accepted"),
        ("tele/plug1/SENSOR", "[", "rejected:json"),
        ("tele/plug1/INFO1", "{}", "ignored"),
    ],
)
def test_a_recording_names_the_verdict(own: str, payload: str, verdict: str):
    decoder = Decoder("smartlife/v1", kinds())
    topic = f"smartlife/v1/b12/tasmota/{own}"
    assert verdict_of(decoder.decode(topic, payload.encode(), time.time_ns())) == verdict


async def test_an_error_of_a_dialect_is_the_booth_s_rejection(site: Site, monkeypatch: Any):
    def fails(*_: object) -> None:
        raise RuntimeError("a mistake in a dialect")

    monkeypatch.setattr("hub.pipeline.translate.Translator._verdict", fails)
    await site.publish("b12/tasmota/tele/plug1/SENSOR", SENSOR)
    rejected: Any = await site.said("/api/rejections", booth="b12")
    assert [item["code"] for item in rejected] == ["internal"]


async def test_its_rhythm_stays_when_the_zone_file_is_read_again(tmp_path: Path, clock: HeldClock):
    zone = tmp_path / "zone.toml"
    planned = 'devices = [{ kind = "smart_plug", id = "plug1" }]'
    zone.write_text(f'[[booth]]\nid = "b12"\nname = "Plugs"\n{planned}\n', encoding="utf-8")
    async with open_site(tmp_path / "data", clock, zone=str(zone)) as site:
        await site.publish("b12/tasmota/tele/plug1/SENSOR", '{"ENERGY":{"Power":12}}')
        (device,) = site.hub.live.devices("b12")
        assert device.interval == 300
        zone.write_text(zone.read_text(encoding="utf-8").replace("Plugs", "Lamps"), "utf-8")
        await site.hub.plan.reload()
        assert device.interval == 300


async def test_topics_below_the_root_or_of_another_booth_are_left_out(
    tmp_path: Path, clock: HeldClock
):
    zone = tmp_path / "zone.toml"
    zone.write_text(ZONE.replace('["acme/#"]', '["acme/#", "smartlife/#"]'), encoding="utf-8")
    taken = NativeTopics(dialect="tasmota", topics=("acme/1/#", "beta/#"))
    Registry(tmp_path / "data").put("b13", "", "", (), (taken,))
    async with open_site(tmp_path / "data", clock, zone=str(zone)) as site:
        patterns = [item.pattern for item in site.hub.source._filters]
    assert patterns == ["smartlife/v1/#", "acme/#", "beta/#"]
