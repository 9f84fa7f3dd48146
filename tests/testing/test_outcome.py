"""What a test can look at: devices, warnings, alarms, answers, steps, golden files."""

import json
from pathlib import Path

import pytest

from hub.clock import SECOND
from hub.recording.format import Recorded
from hub.testing.golden import held_to
from tests.recording.made import FIRST, ROOT, reading, written

T1 = "b12/thermostat/t1"
DAY = 86_400 * SECOND


def test_devices_are_shown_as_the_api_shows_them(hub):
    hub.publish("b13/light/l1", {"switched_on": True})
    hub.publish(T1, {"temperature": 21.5})
    assert [item["device"] for item in hub.devices()] == ["t1", "l1"]
    assert hub.devices("b12") == [hub.device(T1)]


def test_warnings_and_alarms_stand_at_a_device(hub):
    hub.publish(T1, {"temperature": 21.5, "battery": 3, "humidity": 100.4})
    assert hub.alarms(T1) == {"battery": 3.0}
    assert "humidity" in " ".join(hub.warnings(T1))
    assert (hub.alarms("b12/light/none"), hub.warnings("b12/light/none")) == ({}, [])


def test_answers_are_what_devices_get(hub):
    hub.publish(T1, {"temperature": 412})
    hub.publish(
        T1,
        {"temperature": 21},
        response_topic=f"{ROOT}/{T1}/receipts",
        correlation_data=b"7",
    )
    assert hub.answers(f"{T1}/errors")[0].said["code"] == "schema"
    (receipt,) = hub.answers(f"{T1}/receipts")
    assert (receipt.said["stored"], receipt.correlation_data) == (True, b"7")
    assert hub.answers("b13/thermostat/t1") == []
    assert len(hub.answers(T1)) == len(hub.answers())


def test_time_does_not_go_back(hub):
    with pytest.raises(ValueError, match=r"-5 s cannot pass; clock\.hold_at sets the clock back"):
        hub.advance(-5)


def test_messages_are_played_one_by_one(hub):
    playing = hub.playing([reading(n, every=SECOND) for n in range(5)])
    next(playing)
    assert hub.accounts.stored == 1
    for message in playing:
        if message.at >= FIRST + 3 * SECOND:
            break
    assert hub.accounts.stored == 4


@pytest.mark.parametrize("years", [-3, 3])
def test_a_recording_of_another_year_sets_the_clock_of_a_fresh_hub(hub, years: int):
    at = FIRST + years * 365 * DAY
    hub.play([reading(0, at=at)])
    assert hub.clock.now() == at
    assert hub.accounts.stored == 1
    assert hub.warnings("b12/wearable/w0") == []


def test_over_a_long_gap_the_clock_leaps_and_devices_go_offline(hub):
    hub.play([reading(0), reading(5, at=FIRST + 300 * DAY)])
    assert hub.states("b12/wearable/w0") == ["live", "late", "offline", "live"]
    assert hub.accounts.stored == 2


def test_booths_are_renamed(replay, tmp_path: Path):
    path = written(tmp_path / "a.mcap", [reading(0)])
    hub = replay(path, booths={"b12": "b99"}, booth=["b12", "b13"])
    assert [item["booth"] for item in hub.devices()] == ["b99"]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    bad = Recorded(f"{ROOT}/b12/wearable/w0", b"{}", FIRST, 1, verdict="rejected:schema")
    return written(tmp_path / "a.mcap", [*(reading(n) for n in range(6)), bad])


def test_a_golden_file_is_written_once_and_then_held_to(replay, recorded: Path, tmp_path: Path):
    path = tmp_path / "golden" / "a.jsonl"
    with pytest.raises(AssertionError, match="is not there; pytest --update writes it"):
        held_to(replay(recorded), path, "0", update=False)
    held_to(replay(recorded), path, "0", update=True)
    held_to(replay(recorded), path, "0", update=False)
    verdicts = [json.loads(line)["verdict"] for line in path.read_text().splitlines()]
    assert verdicts == ["accepted"] * 6 + ["schema"] + ["state"] * 5


def test_what_differs_from_a_golden_file_is_named(replay, recorded: Path, tmp_path: Path):
    path = tmp_path / "a.jsonl"
    held_to(replay(recorded), path, "0", update=True)
    path.write_text(path.read_text().replace('"heart_rate": 60', '"heart_rate": 61', 1))
    with pytest.raises(AssertionError) as failed:
        held_to(replay(recorded), path, "0", update=False)
    assert str(failed.value).splitlines() == [
        "b12/wearable/w0 heart_rate: 1 differ, by 1 at most; the first: 61.0 and 60.0",
        "if this is right, pytest --update writes a.jsonl again",
    ]
    held_to(replay(recorded), path, "2%", update=False)


def test_the_fixture_finds_the_file_beside_the_test(hub, golden):
    hub.play([reading(n, every=SECOND) for n in range(4)])
    golden(hub, "four-wearables.jsonl")
