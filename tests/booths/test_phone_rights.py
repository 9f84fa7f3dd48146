"""What the hub's account may publish as visitors' phones, at a real broker: one topic, if any.

And that each `hub booth add` brings its rights up to what it needs.
"""

from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from tests.booths.secured import HUB, Client, Secured, added, dynsec_command, hub_command

PHONE = "smartlife/v1/{}/presence_sensor/visitors"
ELSEWHERE = [
    PHONE.format("b13"),
    "smartlife/v1/b12/presence_sensor/other",
    "smartlife/v1/b12/thermostat/visitors",
    PHONE.format("b12") + "/status",
    PHONE.format("b12") + "/more",
    "smartlife/v1/b12",
]
DENIED = 135
ZONE = """
[event]
name = "Seoul Smart Life Week"
{}

[[booth]]
id = "b12"
name = "Warm homes"
place = {{ x = 1, y = 1, width = 6, depth = 4 }}

[[booth]]
id = "b13"
name = "Robots"
place = {{ x = 9, y = 1, width = 6, depth = 4 }}
"""


@pytest.fixture
def zone(tmp_path: Path) -> Callable[[str], Path]:
    """Write the zone file, with phones at a booth or at none."""

    def written(phones: str) -> Path:
        path = tmp_path / "zone.toml"
        path.write_text(ZONE.format(f'phones = "{phones}"' if phones else ""), encoding="utf-8")
        return path

    return written


def may(broker: Secured, *topics: str) -> list[bool]:
    """Whether the broker lets the hub's account publish there."""
    with Client(broker.port, "hub", HUB, mqtt.MQTTv5) as client:
        return [client.publish(topic) != DENIED for topic in topics]


def phones(broker: Secured) -> list[bool]:
    return may(broker, PHONE.format("b12"), PHONE.format("b13"))


def test_the_first_accounts_have_the_right_of_the_zone_file_and_no_more(make_secured, zone):
    broker = make_secured(zone=zone("b12"))
    assert phones(broker) == [True, False]
    assert may(broker, *ELSEWHERE) == [False] * len(ELSEWHERE)


def test_to_add_a_booth_brings_the_right_up_to_the_zone_file(make_secured, zone):
    broker = make_secured()
    assert phones(broker) == [False, False]
    added(broker, "b40", zone=zone("b12"))
    assert phones(broker) == [True, False]
    for booth, allowed in ("b12", [True, False]), ("b13", [False, True]), ("", [False, False]):
        again = hub_command(broker, "booth", "add", "b40", zone=zone(booth))
        assert again.returncode == 0, again.stderr
        assert phones(broker) == allowed


def test_to_add_a_booth_brings_the_right_to_answer_up_too(make_secured, zone):
    broker = make_secured()
    deeper = "smartlife/v1/b40/thermostat/t1/mine/7/receipts"
    right = {"acltype": "publishClientSend", "topic": "smartlife/v1/+/+/+/+/+/receipts"}
    dynsec_command(broker, command="removeRoleACL", rolename="hub", **right)
    assert may(broker, deeper) == [False]
    added(broker, "b40", zone=zone(""))
    assert may(broker, deeper) == [True]
