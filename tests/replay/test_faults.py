"""A broker that goes away in mid-replay: nothing is lost, and nothing is there twice."""

import signal
from collections import Counter

import pytest

from harness.network import Cuttable
from harness.wait import until
from tests.recording.made import reading

COUNT = 12_000


def numbers(service, booth):
    """How often each number is stored."""
    return Counter(
        int(row["fields"]["steps"])
        for row in service.readings("wearable", booth=booth, field="steps")
    )


def check(service, booth):
    until(lambda: sum(numbers(service, booth).values()) >= COUNT, "all are stored")
    found = numbers(service, booth)
    assert sorted(set(range(COUNT)) - found.keys()) == [], "lost"
    assert {number: count for number, count in found.items() if count > 1} == {}, "twice"


def taken(service, more):
    before = service.accounts()["received"]
    until(lambda: service.accounts()["received"] >= before + more, f"{more} more are received")


@pytest.fixture
def path(record, booth):
    """Twelve seconds of a thousand readings a second, without times of their own."""
    return record(reading(number, booth=booth) for number in range(COUNT))


def test_cut_connections_lose_nothing_and_repeat_nothing(
    path, booth, replaying, mosquitto, service
):
    with Cuttable(mosquitto.port) as network:
        replaying.begin(path, "--to", network.url, "--speed", "4")
        for cut in range(4):
            taken(service, 700)
            if cut % 2:
                network.cut()  # in the middle of a packet of the broker
            else:
                network.deafen()  # what the replay says is lost first
                network._wires[-1].close()
        assert replaying.wait() == 0, replaying.said
    check(service, booth)
    assert "connected again" in replaying.said


def test_a_restart_of_the_broker_loses_nothing_and_repeats_nothing(
    path, booth, replaying, mosquitto, service
):
    replaying.begin(path, "--to", mosquitto.url, "--speed", "4")
    for _ in range(2):
        taken(service, 1_000)
        assert mosquitto.stop(signal.SIGTERM) == 0
        mosquitto.start()
    assert replaying.wait() == 0, replaying.said
    check(service, booth)


def test_ctrl_c_ends_a_replay_cleanly(path, booth, replaying, mosquitto, service):
    replaying.begin(path, "--to", mosquitto.url)
    taken(service, 100)
    assert replaying.stop(signal.SIGINT) == 0
    assert "Traceback" not in replaying.said
    assert replaying.said.startswith("played ")
    played = int(replaying.said.split()[1].replace(",", ""))
    until(lambda: sum(numbers(service, booth).values()) >= played, "all of them are stored")
    assert numbers(service, booth) == Counter(range(played))
