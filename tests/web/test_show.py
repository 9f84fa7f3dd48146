"""What the demo shows to visitors, and a hub of an event does not have."""

from pathlib import Path

from hub.app import open_hub
from hub.clock import HeldClock
from hub.settings import Settings
from tests.web.conftest import Site, site_of

PLUG = "/api/show/plug"


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
        await site.publish("b12/thermostat/t1", '{"temperature": 21.5}')
        assert (await site.get("/api/accounts")).json()["waiting"] == 1
        assert (await site.get("/api/readings?kind=thermostat")).status_code == 503
        assert (await site.client.delete(PLUG)).json() == {"pulled": False, "seconds": 0.0}
        await site.stored()
        (row,) = (await site.get("/api/readings?kind=thermostat")).json()
        assert row["fields"] == {"temperature": 21.5}
