"""The store is away or the outbox full: readings wait, the hub says so and goes on by itself."""

import signal
from pathlib import Path

import httpx
import pytest

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.load import flood, locked, settled, stored_steps


def test_readings_wait_while_the_store_is_away(mosquitto: Mosquitto, hub: Hub, booth: str):
    with locked(hub):
        flood(mosquitto, booth, range(100))
        until(lambda: hub.accounts()["waiting"] == 100, "they wait")
        until(lambda: hub.part("store") != "takes readings", "the hub says that the store is away")
        status, health = hub.health()
        assert status == httpx.codes.OK, "the hub still takes and keeps readings"
        store = health["parts"]["store"]
        assert store["state"] == "away"
        assert store["waiting"] == 100
        assert "locked" in store["message"]
        assert stored_steps(hub, booth) == []
    settled(hub, 100)
    until(lambda: hub.part("store") == "takes readings", "the store is back")
    assert stored_steps(hub, booth) == list(range(100))
    assert "takes readings again" in hub.said


def test_readings_that_wait_outlive_the_hub(mosquitto: Mosquitto, hub: Hub, booth: str):
    with locked(hub):
        flood(mosquitto, booth, range(100))
        until(lambda: hub.accounts()["waiting"] == 100, "they wait")
        hub.stop(signal.SIGKILL)
    hub.start()
    settled(hub, 100)
    assert stored_steps(hub, booth) == list(range(100))


@pytest.fixture
def small(mosquitto: Mosquitto, make_hub) -> Hub:
    """A hub with the smallest outbox there is."""
    hub: Hub = make_hub(mosquitto.url, outbox_limit="1MiB")
    return hub.start()


def test_a_full_outbox_pauses_the_hub_within_bounded_memory(
    mosquitto: Mosquitto, small: Hub, booth: str, tmp_path: Path
):
    hub = small
    with locked(hub):
        flood(mosquitto, booth, range(40_000))
        until(lambda: not hub.well(), "the outbox is full")
        status, health = hub.health()
        outbox = health["parts"]["outbox"]
        assert status == httpx.codes.SERVICE_UNAVAILABLE
        assert outbox["state"] == "full"
        assert "goes on by itself" in outbox["message"]
        assert outbox["bytes"] <= outbox["limit"] == 1024**2
        before, accounts = hub.resident, hub.accounts()
        flood(mosquitto, booth, range(40_000, 90_000))
        assert hub.resident - before < 16 * 1024**2
        assert hub.accounts() == accounts
        assert not hub.well()
    accounts = settled(hub, 90_000)
    until(hub.well, "the hub goes on by itself")
    assert accounts["accepted"] == 90_000
    assert stored_steps(hub, booth) == list(range(90_000))
    assert "nothing is acknowledged until it works again" in hub.said
    assert "the outbox takes readings again" in hub.said


def test_kill_9_and_sigterm_with_a_full_outbox_lose_nothing(
    mosquitto: Mosquitto, small: Hub, booth: str
):
    hub = small
    with locked(hub):
        flood(mosquitto, booth, range(40_000))
        until(lambda: not hub.well(), "the outbox is full")
        assert hub.stop(signal.SIGTERM) == 0
    hub.start()
    with locked(hub):
        flood(mosquitto, booth, range(40_000, 80_000))
        until(lambda: not hub.well(), "the outbox is full again")
        hub.stop(signal.SIGKILL)
    hub.start(well=False)
    accounts = settled(hub, 80_000)
    assert accounts["accepted"] == 80_000
    assert stored_steps(hub, booth) == list(range(80_000))
