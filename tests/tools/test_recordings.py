"""The recordings of the demo scenarios: what stands in them, and that they are what they say."""

import json
from pathlib import Path

import jsonschema
import pytest
from mcap.reader import make_reader

from harness import ROOT
from hub.pipeline.decode import Decoder
from hub.recording.format import info, read
from hub.recording.received import verdict_of
from schemas import kinds
from tools import recordings

NAMES = sorted(recordings.SCENARIOS)


def path_of(name: str) -> Path:
    return ROOT / "tests" / "data" / "recordings" / f"{name}.mcap"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_whole(name: str):
    found = info(path_of(name))
    assert found.size < 300_000
    assert found.messages == len(list(read(path_of(name)))) > 500
    assert found.begin["scenario"] == name


@pytest.mark.parametrize("name", NAMES)
def test_the_official_reader_reads_it_and_its_schemas_validate_it(name: str):
    validators: dict[int, jsonschema.Draft202012Validator] = {}
    with path_of(name).open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages():
            if schema is not None:
                if schema.id not in validators:
                    validators[schema.id] = jsonschema.Draft202012Validator(json.loads(schema.data))
                validators[schema.id].validate(json.loads(message.data))
            assert schema is not None or channel.metadata["verdict"] != "accepted"


@pytest.mark.parametrize("name", NAMES)
def test_its_verdicts_are_those_of_the_present_catalogue(name: str):
    decoder = Decoder("smartlife/v1", kinds())
    for message in read(path_of(name)):
        found = decoder.decode(message.topic, message.payload, message.at, message.retain)
        assert verdict_of(found) == message.verdict


def test_nothing_is_wrong_in_a_quiet_morning():
    assert set(info(path_of("quiet-morning")).verdicts) == {"accepted", "state"}


def test_every_kind_is_there_in_a_busy_hour():
    assert set(info(path_of("busy-hour")).kinds) == set(kinds())


def test_nothing_comes_while_the_broker_is_away_and_every_device_comes_back():
    path = path_of("broker-outage")
    (gap,) = info(path).gaps
    settled = gap.start + 50_000_000  # what was under way
    assert list(read(path, start=settled, stop=gap.stop)) == []
    before = {message.topic for message in read(path, stop=gap.start)}
    assert {message.topic for message in read(path, start=gap.stop)} >= {
        topic for topic in before if topic.endswith("/status")
    }


def test_only_the_misbehaving_booth_misbehaves():
    path = path_of("misbehaving-booth")
    assert {"rejected:json", "rejected:schema", "rejected:size"} <= set(info(path).verdicts)
    wrong = {message.topic.split("/")[2] for message in read(path) if ":" in message.verdict}
    assert wrong == {"b08"}
