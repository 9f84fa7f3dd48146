"""The store is away or the outbox full: readings wait, the hub says so and goes on by itself."""

import signal
from functools import partial
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


def _taken_or_full(hub: Hub, count: int) -> bool:
    return not hub.well() or hub.accounts()["received"] >= count


def filled(broker: Mosquitto, hub: Hub, booth: str, first: int = 0) -> int:
    """Publish numbers from `first` on until the outbox is full; return the one after the last."""
    count = first
    while hub.well():
        flood(broker, booth, range(count, count + 10_000))
        count += 10_000
        until(partial(_taken_or_full, hub, count), "the hub has them, or is full")
    return count


def test_a_full_outbox_pauses_the_hub_within_bounded_memory(
    mosquitto: Mosquitto, small: Hub, booth: str, tmp_path: Path
):
    hub = small
    with locked(hub):
        full = filled(mosquitto, hub, booth)
        status, health = hub.health()
        outbox = health["parts"]["outbox"]
        assert status == httpx.codes.SERVICE_UNAVAILABLE
        assert outbox["state"] == "full"
        assert "goes on by itself" in outbox["message"]
        assert outbox["bytes"] <= outbox["limit"] == 1024**2
        before, accounts = hub.resident, hub.accounts()
        count = full + 30_000
        flood(mosquitto, booth, range(full, count))
        assert hub.resident - before < 16 * 1024**2
        assert hub.accounts() == accounts
        assert not hub.well()
    accounts = settled(hub, count)
    until(hub.well, "the hub goes on by itself")
    assert accounts["accepted"] == count
    assert stored_steps(hub, booth) == list(range(count))
    assert "nothing is acknowledged until it works again" in hub.said
    assert "the outbox takes readings again" in hub.said


def test_kill_9_and_sigterm_with_a_full_outbox_lose_nothing(
    mosquitto: Mosquitto, small: Hub, booth: str
):
    hub = small
    with locked(hub):
        count = filled(mosquitto, hub, booth)
        assert hub.stop(signal.SIGTERM) == 0
    hub.start()
    with locked(hub):
        count = filled(mosquitto, hub, booth, count)
        hub.stop(signal.SIGKILL)
    hub.start(well=False)
    accounts = settled(hub, count)
    assert accounts["accepted"] == count
    assert stored_steps(hub, booth) == list(range(count))
