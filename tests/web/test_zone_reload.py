"""The zone file, read again while the hub runs."""

import shutil

import pytest

from hub.errors import ZoneError
from hub.live.liveness import Cadence
from tests.web.conftest import ZONE, open_site


@pytest.fixture
async def site(tmp_path, clock, zone_file):
    """A hub whose zone file is the test's own."""
    own = shutil.copy(zone_file, tmp_path / "zone.toml")
    async with open_site(tmp_path / "data", clock, zone=str(own)) as site:
        yield site


async def reload(site, text):
    site.hub.parts.settings.zone.write_text(text, encoding="utf-8")
    return await site.client.post("/api/zone/reload")


def devices(site):
    return {item.address.device: item for item in site.hub.live.devices("b12")}


async def test_new_names_places_booths_and_devices_hold_at_once(site):
    text = ZONE.replace("Warm homes", "Cool homes").replace("x = 1", "x = 9")
    text += '\n[[booth]]\nid = "b14"\nname = "New"\ndevices = [{kind = "light", id = "l1"}]\n'
    answer = await reload(site, text)
    assert answer.json() == {"booths": 3, "devices": 3}
    booths = {item["id"]: item for item in (await site.said("/api/zone"))["booths"]}
    assert booths["b12"]["name"]["en"] == "Cool homes"
    assert booths["b12"]["place"]["x"] == 9
    assert booths["b14"]["devices"] == {"live": 0, "late": 0, "offline": 1, "expected": 1}


async def test_a_kind_that_there_is_not_is_named(site):
    text = ZONE + '\n[[booth]]\nid = "b14"\nname = "New"\n'
    answer = await reload(site, text + 'devices = [{kind = "watertank", id = "w1"}]\n')
    assert answer.json() == {"booths": 3, "devices": 3, "unknown_kinds": ["watertank"]}


async def test_a_device_that_is_expected_no_longer_stays_if_it_was_heard(site):
    await site.publish("b12/thermostat/t1", '{"temperature": 21}')
    text = ZONE.replace(
        'devices = [{ kind = "thermostat", id = "t1" }, { kind = "door_lock", id = "d1" }]', ""
    )
    await reload(site, text)
    assert devices(site).keys() == {"t1"}
    assert not devices(site)["t1"].expected
    await reload(site, ZONE)
    assert devices(site).keys() == {"t1", "d1"}
    assert devices(site)["t1"].expected
    assert devices(site)["t1"].readings == 1


async def test_a_device_s_own_interval_holds_at_once(site):
    await reload(site, ZONE.replace('id = "t1"', 'id = "t1", interval = "10m"'))
    assert devices(site)["t1"].cadence == Cadence(600.0)


async def test_new_hours_hold_at_once(site):
    assert site.hub.live._is_open(site.clock.now())
    await reload(site, ZONE.replace("[[zone]]", "opens = 00:00:00\ncloses = 00:00:01\n[[zone]]", 1))
    assert not site.hub.live._is_open(site.clock.now())


async def test_a_mistake_changes_nothing_and_is_told(site):
    answer = await reload(site, ZONE.replace('zone = "smart"', 'zone = "clever"'))
    assert answer.status_code == 422
    assert answer.json()["error"] == "zone"
    assert "booth b12 is in zone 'clever', which is not listed" in answer.json()["message"]
    assert (await site.said("/api/zone"))["booths"][0]["zone"] == "smart"
    part = site.hub.status.health().parts["zone"]
    assert (part.state, part.vital) == ("stale", False)
    assert answer.json()["message_ko"] in part.message.ko
    assert "부스 b12의 존 'clever'가 목록에 없습니다" in part.message.ko
    await reload(site, ZONE)
    assert "zone" not in site.hub.status.health().parts


async def test_open_pages_are_told(site):
    with site.hub.live.broadcast.watch() as wall, site.hub.live.broadcast.watch("b12") as page:
        await reload(site, ZONE.replace("Warm", "Hot"))
        for viewer in (wall, page):
            assert [event.name for event in viewer._collect().events] == ["zone"]
        await reload(site, ZONE.replace("Warm", "Hot"))
        assert not wall._collect().events


async def test_without_a_zone_file_there_is_none_to_read(tmp_path, clock):
    async with open_site(tmp_path / "data", clock) as site:
        with pytest.raises(ZoneError, match="HUB_ZONE: is not set"):
            await site.hub.plan.reload()
