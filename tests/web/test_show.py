"""What visitors are shown: the demo's plug, and taps where the zone file has a booth for them."""

from pathlib import Path

import pytest
from pydantic import SecretStr, TypeAdapter

from harness.ports import free_port
from hub.app import open_hub
from hub.clock import HeldClock
from hub.settings import Settings
from hub.settings.values import BrokerAddress
from tests.web.conftest import TOKEN, ZONE, Site, site_of
from tools.shapes import ASKED, SHAPES

PLUG = "/api/show/plug"


@pytest.fixture
def phones_file(tmp_path: Path) -> Path:
    path = tmp_path / "phones.toml"
    path.write_text(ZONE.replace("[event]", '[event]\nphones = "b12"'), encoding="utf-8")
    return path


async def test_a_hub_of_an_event_has_no_plug_to_pull(site: Site):
    assert (await site.get(PLUG)).status_code == 404
    assert (await site.client.post(PLUG)).status_code == 404
    assert "show" not in (await site.get("/api/zone")).json()


async def test_visitors_pull_the_plug_and_nothing_is_lost(
    tmp_path: Path, clock: HeldClock, zone_file: Path
):
    settings = Settings(data=tmp_path, zone=zone_file)
    async with open_hub(settings, clock, show=True) as hub, site_of(hub, clock) as site:
        assert (await site.get("/api/zone")).json()["show"] == {"plug": True}
        pulled = (await site.client.post(PLUG)).json()
        assert pulled == {"pulled": True, "seconds": 60.0}
        TypeAdapter(ASKED[PLUG]).validate_python(pulled)
        await site.publish("b12/thermostat/t1", '{"temperature": 21.5}')
        assert (await site.get("/api/accounts")).json()["waiting"] == 1
        assert (await site.get("/api/readings?kind=thermostat")).status_code == 503
        assert (await site.client.delete(PLUG)).json() == {"pulled": False, "seconds": 0.0}
        await site.stored()
        (row,) = (await site.get("/api/readings?kind=thermostat")).json()
        assert row["fields"] == {"temperature": 21.5}


async def test_a_telephone_needs_no_token_and_may_tap_now_and_then(
    tmp_path: Path, clock: HeldClock, phones_file: Path, caplog
):
    broker = f"mqtt://127.0.0.1:{free_port()}"
    public = "http://10.0.0.5:8080"
    settings = Settings(
        data=tmp_path,
        zone=phones_file,
        broker=BrokerAddress.parse(broker),
        ops_token=SecretStr(TOKEN),
        public_http=public,
    )
    async with open_hub(settings, clock) as hub, site_of(hub, clock) as site:
        assert (await site.get("/tap")).status_code == 200
        assert (await site.get(PLUG)).status_code == 401
        assert (await site.get("/api/show/tap.svg")).status_code == 401
        taps = [(await site.client.post("/api/show/tap")).status_code for _ in range(4)]
        assert taps == [503, 503, 503, 429], "nobody answers; then it was much tapping"
        assert broker in caplog.text, "the staff is told more than visitors are"
        ops = {"authorization": f"Bearer {TOKEN}"}
        zone = await site.get("/api/zone", headers=ops)
        SHAPES["/api/zone"].model_validate_json(zone.content)
        shown = zone.json()["show"]
        assert not shown["plug"]
        assert shown["tap"]["url"] == f"{public}/tap"
        assert shown["tap"]["booth"] == "b12"
        code = await site.get("/api/show/tap.svg", headers=ops)
        assert code.headers["content-type"] == "image/svg+xml"
        assert code.text.startswith("<?xml")


async def test_where_no_telephone_comes_no_code_invites_it(
    tmp_path: Path, clock: HeldClock, phones_file: Path
):
    settings = Settings(data=tmp_path, zone=phones_file)
    async with open_hub(settings, clock) as hub, site_of(hub, clock) as site:
        assert (await site.get("/api/show/tap.svg")).status_code == 404
        assert "show" not in (await site.get("/api/zone")).json()


async def test_without_a_booth_for_phones_there_is_no_page_to_tap(site: Site):
    assert (await site.get("/api/show/tap.svg")).status_code == 404
    assert (await site.get("/tap")).status_code == 404
    assert (await site.client.post("/api/show/tap")).status_code == 404
