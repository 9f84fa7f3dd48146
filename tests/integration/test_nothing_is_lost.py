"""Exactly once in the store, whatever dies: the hub, the network, the broker in good order."""

import random
import signal
from collections.abc import Callable
from pathlib import Path

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.wait import until
from hub.mqtt.embedded import EmbeddedBroker
from tests.integration.load import Load, flood, publishing, repeated, settled


def _after(hub: Hub, more: int) -> None:
    """Wait until so many more messages have been received; the accounts balance all the while."""
    before = hub.accounts()["received"]
    until(lambda: hub.accounts()["received"] >= before + more, f"{more} more are received")


def _check(load: Load, hub: Hub, acknowledged: int) -> dict[str, int]:
    accounts = settled(hub, acknowledged)
    stored = load.stored(hub)
    assert load.lost(stored) == {}
    assert repeated(stored) == {}
    assert accounts["stored"] == sum(sum(n.values()) for n in stored.values())
    assert accounts["refused"] == accounts["rejected"] == 0
    return accounts


def test_kill_9_of_the_hub_under_load(mosquitto: Mosquitto, hub: Hub, booth: str, tmp_path: Path):
    moments = random.Random()
    with publishing(tmp_path, mosquitto.port, booth) as load:
        for _ in range(2):
            _after(hub, moments.randrange(200, 3_000))
            hub.kill()
            hub.start()
        _after(hub, 500)
        acknowledged = load.stop()
        accounts = _check(load, hub, acknowledged)
    assert accounts["accepted"] == acknowledged


def test_kill_9_of_the_hub_while_a_long_queue_drains(mosquitto: Mosquitto, hub: Hub, booth: str):
    count = 70_000  # more than there are packet identifiers
    assert hub.stop() == 0
    for start in range(0, count, 35_000):
        flood(mosquitto, booth, range(start, start + 35_000))
    hub.launch_hub()
    until(hub.serves, "the hub serves")
    _after(hub, count // 5)
    hub.kill()
    hub.start()
    assert settled(hub, count)["accepted"] == count


def test_a_cut_network_between_hub_and_broker(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    moments = random.Random()
    with Cuttable(mosquitto.port) as network:
        hub = make_hub(network.url).start()
        with publishing(tmp_path, mosquitto.port, booth) as load:
            for cut in range(2):
                _after(hub, moments.randrange(200, 2_000))
                if cut % 2:
                    network.deafen()  # acknowledgements are lost first
                    _after(hub, 200)
                network.cut()
                until(hub.well, "the hub is connected again")
            _after(hub, 200)
            acknowledged = load.stop()
            accounts = _check(load, hub, acknowledged)
    assert accounts["accepted"] == acknowledged
    assert accounts["duplicate"] > 0, "no cut fell between commit and acknowledgement"


def test_a_restart_of_the_broker_in_good_order(
    each_mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    mosquitto, hub = each_mosquitto, make_hub(each_mosquitto.url).start()
    with publishing(tmp_path, mosquitto.port, booth) as load:
        for _ in range(2):
            _after(hub, 1_000)
            assert mosquitto.stop() == 0
            until(lambda: not hub.well(), "the hub notices")
            mosquitto.start()
            until(hub.well, "the hub is connected again")
        _after(hub, 500)
        load.stop()
        # Publishers send what has no PUBACK again, so without ts it may be there twice.
        load.wait_until_stored(hub)


def test_sigterm_under_load(mosquitto: Mosquitto, hub: Hub, booth: str, tmp_path: Path):
    with publishing(tmp_path, mosquitto.port, booth) as load:
        _after(hub, 1_500)
        assert hub.stop(signal.SIGTERM) == 0
        assert "Traceback" not in hub.said
        hub.start()
        acknowledged = load.stop()
        accounts = _check(load, hub, acknowledged)
    assert accounts["accepted"] == acknowledged


def test_kill_9_of_a_hub_at_the_embedded_broker(
    embedded: EmbeddedBroker, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    """It sends again without DUP and under new identifiers: only a reading's ts tells it apart."""
    hub = make_hub(f"mqtt://127.0.0.1:{embedded.port_v5}").start()
    with publishing(tmp_path, embedded.port, booth) as load:
        for _ in range(2):
            _after(hub, random.randrange(200, 1_000))
            hub.kill()
            hub.start()
        _after(hub, 200)
        load.stop()
        load.wait_until_stored(hub)
    assert not repeated(load.stored(hub)).keys() & load.with_ts
