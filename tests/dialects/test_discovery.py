"""Home Assistant's discovery: where its topics may stand, whose they are, and what is kept."""

import json

import pytest

from hub.dialects.memory import Memories
from hub.messages import Rejection, Translated
from hub.pipeline.decode import Decoder, Verdict
from hub.pipeline.dialect_routes import Dialects, Native
from hub.timestamps import parse
from schemas import kinds

NOW = parse("2026-10-07T01:00:00Z")
PREFIX = "smartlife/v1/b12/homeassistant/"
NATIVE = [
    Native("homeassistant/#", "b12", "homeassistant"),
    Native("esphome/#", "b12", "homeassistant"),
]
STATE = "esphome/plug/sensor/power/state"


def config(state_topic: str, **more: object) -> bytes:
    about = {"state_topic": state_topic, "device_class": "power", "unit_of_measurement": "W"}
    return json.dumps({**about, "device": {"identifiers": "1", "name": "plug"}, **more}).encode()


def deciding(memories: Memories | None = None) -> Decoder:
    return Decoder("smartlife/v1", kinds(), dialects=Dialects(memories, NATIVE))


def power(verdict: Verdict) -> list[float]:
    assert isinstance(verdict, Translated), verdict
    return [reading.fields["power"] for reading in verdict.readings]


@pytest.mark.parametrize("sent_to", [STATE, PREFIX + STATE], ids=["native", "prefixed"])
@pytest.mark.parametrize("named", [STATE, PREFIX + STATE], ids=["names-native", "names-prefixed"])
@pytest.mark.parametrize("below", ["", PREFIX], ids=["config-native", "config-prefixed"])
def test_a_state_is_found_wherever_its_config_stands(below: str, named: str, sent_to: str):
    decoder = deciding()
    topic = f"{below}homeassistant/sensor/plug/power/config"
    decoder.decode(topic, config(named), NOW, retain=True)
    verdict = decoder.decode(sent_to, b"61.5", NOW)
    if named.startswith(PREFIX) and sent_to == STATE:  # then the config names another topic
        assert isinstance(verdict, Translated)
        assert not verdict.readings
    else:
        assert power(verdict) == [61.5]


def test_what_one_booth_discovers_is_not_anothers():
    decoder = deciding()
    decoder.decode(f"{PREFIX}sensor/plug/config", config("plug/state"), NOW, retain=True)
    other = decoder.decode("smartlife/v1/b13/homeassistant/plug/state", b"61.5", NOW)
    assert isinstance(other, Rejection)
    assert "no config" in other.message.en


def test_what_is_kept_is_enough_after_a_restart():
    memories = Memories()
    deciding(memories).decode(f"{PREFIX}sensor/plug/config", config("plug/state"), NOW)
    kept = json.loads(json.dumps([[*key, value] for key, value in memories.pop_unsaved().items()]))
    decoder = deciding(Memories(tuple(item) for item in kept))
    assert power(decoder.decode(f"{PREFIX}plug/state", b"61.5", NOW)) == [61.5]


def test_a_config_that_comes_again_changes_nothing_on_disk():
    memories = Memories()
    decoder = deciding(memories)
    for _ in range(2):
        memories.pop_unsaved()
        decoder.decode(f"{PREFIX}sensor/plug/config", config("plug/state"), NOW, retain=True)
    assert memories.pop_unsaved() == {}


def test_a_device_is_gone_when_its_value_expires():
    decoder = deciding()
    about = config("plug/state", expire_after=90)
    decoder.decode(f"{PREFIX}sensor/plug/config", about, NOW, retain=True)
    verdict = decoder.decode(f"{PREFIX}plug/state", b"61.5", NOW)
    assert isinstance(verdict, Translated)
    (reading,) = verdict.readings
    assert reading.remarks.source is not None
    assert reading.remarks.source.silence == 90
