"""One booth floods: the others do not notice, and nothing that must be kept is lost."""

import pytest

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from hub.live.roster import BOOTH_DEVICES
from tests.integration.load import flood, locked, settled, stored_steps

FLOOD = 20_000


@pytest.fixture
def hub(mosquitto: Mosquitto, make_hub) -> Hub:
    """A hub at which a booth may send 100 readings a second, and 1,000 at once."""
    return make_hub(mosquitto.url, quota_readings=100).start()


def test_surplus_waits_and_none_of_it_is_lost(mosquitto: Mosquitto, hub: Hub):
    """That it is stored after the others' is tested where it can be seen, at the outbox."""
    with locked(hub):
        flood(mosquitto, "b1", range(FLOOD))
        flood(mosquitto, "b2", range(10))
        until(lambda: hub.accounts()["waiting"] == FLOOD + 10, "all of it is kept")
    assert hub.health()[1]["over_quota"] == ["b1"]
    until(lambda: stored_steps(hub, "b2") == list(range(10)), "the other booth's are stored")
    settled(hub, FLOOD + 10)
    assert stored_steps(hub, "b1") == list(range(FLOOD)), "and none of it is lost"
    (metrics,) = [line for line in hub.metrics() if line.startswith("hub_surplus_delayed_total ")]
    assert FLOOD * 0.8 < float(metrics.split()[1]) < FLOOD


def test_surplus_of_qos_0_is_dropped_and_counted(mosquitto: Mosquitto, hub: Hub):
    flood(mosquitto, "b1", range(FLOOD), qos=0)
    flood(mosquitto, "b2", range(10), qos=0)

    def counted() -> dict[str, int] | None:
        accounts = hub.accounts()
        return accounts if accounts["received"] == FLOOD + 10 else None

    accounts = until(counted, "every one is in the accounts")
    assert accounts["ignored"] > FLOOD * 0.8
    assert "hub_broker_unforeseen_total 0.0" in hub.metrics()
    settled(hub, accounts["accepted"])
    assert stored_steps(hub, "b2") == list(range(10))
    rows = until(
        lambda: hub.get("/api/readings", kind="surplus", booth="b1", agg="last"),
        "the store knows how many",
    )
    assert {(row["booth"], row["outcome"]) for row in rows} == {("b1", "dropped")}


def test_ever_new_names_take_no_other_booth_s_device_off_the_wall(mosquitto: Mosquitto, make_hub):
    hub = make_hub(mosquitto.url, quota_devices=0).start()
    names = 3 * BOOTH_DEVICES
    flood(mosquitto, "b2", range(10), device="w{}")
    flood(mosquitto, "b1", range(names), device="x{}")
    settled(hub, names + 10)
    assert {item["device"] for item in hub.get("/api/devices", booth="b2")} == {
        f"w{number}" for number in range(10)
    }
    assert len(hub.get("/api/devices", booth="b1")) == BOOTH_DEVICES
    assert hub.get("/api/booths/b1")["devices_left_out"] == names - BOOTH_DEVICES
    assert len(hub.get("/api/readings", kind="wearable", booth="b1")) == names
