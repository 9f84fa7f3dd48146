"""What a hub of a group says of dialects whose messages need what was said earlier."""

import logging

import pytest

from hub.pipeline.decode import Decoder
from hub.status.dialects_in_group import GroupedDialects
from schemas import kinds


def heard(*topics: str) -> Decoder:
    decoder = Decoder("smartlife/v1", kinds())
    for topic in topics:
        decoder.decode(f"smartlife/v1/b12/{topic}", b"1", 1_790_000_000_000_000_000)
    return decoder


def test_a_hub_in_a_group_tells_of_the_dialects_that_it_may_not_be_able_to_read(
    caplog: pytest.LogCaptureFixture,
):
    decoder = heard("homie/homie/5/hall/air/t", "goe/1/wh", "sparkplug/spBv1.0/g/NDATA/n")
    grouped = GroupedDialects("hubs", decoder.translator.spoken)
    with caplog.at_level(logging.WARNING):
        notes = [grouped.note(), grouped.note()]
    assert notes[0] is not None
    assert notes[0] == notes[1]
    assert "read its messages: Homie, Sparkplug B." in notes[0].en
    assert "Homie, Sparkplug B" in notes[0].ko
    assert len(caplog.records) == 1


@pytest.mark.parametrize(("group", "topic"), [("", "homie/5/hall/air/t"), ("hubs", "goe/1/wh")])
def test_a_hub_that_can_read_all_says_nothing(group: str, topic: str):
    assert GroupedDialects(group, heard(topic).translator.spoken).note() is None
