"""The broker's count of what it retains is followed, and told with the way out when it is large."""

import pytest

from hub.booths.acl import RETAINED
from hub.status import health
from hub.status.retained import MANY, Retained
from hub.testing.memory_source import MemoryMessage


def after(*payloads: bytes, topic: str = RETAINED) -> Retained:
    retained = Retained()
    retained.receive(None, [MemoryMessage(topic, payload) for payload in payloads])
    return retained


def test_the_newest_count_holds():
    assert after(b"58", b"60").count == 60
    assert after().count == 0


@pytest.mark.parametrize("payload", [b"", b"-1", b"many", b"1e9"])
def test_what_is_no_count_is_ignored(payload):
    assert after(b"58", payload).count == 58


def test_other_topics_are_of_no_interest():
    assert after(b"58", topic="$SYS/broker/log/N").count == 0


def test_many_are_told_in_health_with_the_way_out():
    assert after(b"%d" % MANY).note("smartlife/v1") is None
    note = after(b"25000").note("smartlife/v1")
    part = health.broker("mqtt://10.0.0.5", None, (), [note])
    assert part.state == "ok"
    for said in part.message:
        assert "25,000" in said
        assert "smartlife/v1/#" in said
        assert "hub booth disable" in said
