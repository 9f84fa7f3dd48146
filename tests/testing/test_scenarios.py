"""The demo scenarios' recordings, played to the real pipeline: what came of them comes of them."""

from collections import Counter

import pytest

from harness import ROOT
from hub.clock import SECOND, STRIDE
from hub.messages import Reading
from hub.recording.format import info, read
from hub.testing import Faults
from schemas import kinds

FOLDER = ROOT / "tests" / "data" / "recordings"
SCENARIOS = ["quiet-morning", "busy-hour", "broker-outage", "misbehaving-booth"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_hub_makes_of_it_what_the_hub_of_then_made(replay, decoder, name):
    path = FOLDER / f"{name}.mcap"
    verdicts, hub = info(path).verdicts, replay(path)
    accounts = hub.accounts
    assert accounts.accepted == accounts.stored + accounts.merged == verdicts["accepted"]
    assert accounts.ignored == verdicts["state"] + verdicts.get("ignored", 0)
    codes = Counter(f"rejected:{item['code']}" for item in hub.rejections())
    assert codes == {name: n for name, n in verdicts.items() if name.startswith("rejected")}
    assert {(row.tags["device"], row.ts) for kind in kinds() for row in hub.readings(kind)} == {
        (found.address.device, found.ts)
        for message in read(path)
        for stamp in [message.at - message.at % STRIDE]
        if isinstance(found := decoder.decode(message.topic, message.payload, stamp), Reading)
    }


def test_it_is_stored_the_same_to_the_byte_each_time(replay):
    path = FOLDER / "misbehaving-booth.mcap"
    assert replay(path).stored() == replay(path).stored()


def test_the_misbehaving_booth_harms_no_other(replay):
    hub = replay(FOLDER / "misbehaving-booth.mcap")
    assert {item["booth"] for item in hub.rejections()} == {"b08"}
    alone = replay(FOLDER / "misbehaving-booth.mcap", booth="b08")
    assert alone.rejections() == hub.rejections()


def test_faults_on_the_way_are_the_same_each_time(replay):
    path = FOLDER / "quiet-morning.mcap"
    faults = Faults.of(drop="5%", duplicate="5%", delay="200ms±50", seed=3)
    one, other = replay(path, faults=faults), replay(path, faults=faults)
    assert one.stored() == other.stored() != replay(path).stored()
    assert one.accounts.accepted != info(path).verdicts["accepted"]


def test_a_part_is_named_as_the_command_names_it(replay):
    path = FOLDER / "quiet-morning.mcap"
    first = info(path).first
    assert first is not None
    part = replay(path, start="+10s", stop="+20s")
    assert (
        part.stored() == replay(path, start=first + 10 * SECOND, stop=first + 20 * SECOND).stored()
    )
