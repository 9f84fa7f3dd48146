"""What is shown as now has the newest time, field by field; what its clock and its units tell."""

import json
from typing import Any

import pytest

from hub.clock import SECOND
from hub.live.hints import EACH
from hub.live.warnings import STAYS
from hub.timestamps import rfc3339
from tests.live.stage import Stage


def at(stage: Stage, ago: float, **fields: Any) -> None:
    ts = stage.clock.now() - round(ago * SECOND)
    stage.message("b12/thermostat/t1", json.dumps({**fields, "ts": ts}).encode())


def test_a_backlog_does_not_overwrite_the_present(stage: Stage):
    at(stage, 0, temperature=25.0)
    stage.pass_time(1)
    at(stage, 3600, temperature=18.0, humidity=40.0)
    assert stage.t1["last"] == {"temperature": 25.0, "humidity": 40.0}
    assert (stage.t1["state"], stage.t1["warnings"]) == ("live", ["backlog"])
    at(stage, 1800, temperature=18.0, colour="red")
    assert stage.t1["warnings"] == ["backlog", "ignored: colour"]
    at(stage, 0, temperature=25.0, colour="red")
    assert stage.t1["warnings"] == ["backlog", "ignored: colour"]
    stage.pass_time(1)
    (device,) = stage.live.devices()
    assert [
        value for _, value in device.as_json(stage.clock.monotonic(), trend=True)["trend"]["points"]
    ] == [25.0]
    at(stage, 0, temperature=26.0)
    assert stage.t1["last"] == {"temperature": 26.0, "humidity": 40.0}


def test_of_each_field_the_newest_counts_in_any_order(stage: Stage):
    at(stage, 10, temperature=25.0, mode="heat")
    at(stage, 0, temperature=21.0)
    at(stage, 5, temperature=23.0, mode="cool")
    at(stage, 7, temperature=22.0, mode="off")
    assert stage.t1["last"] == {"temperature": 21.0, "mode": "cool"}


def test_null_clears_a_field_at_once_and_an_older_value_does_not_bring_it_back(stage: Stage):
    at(stage, 2, temperature=21.0, window_open=True)
    at(stage, 0, temperature=21.0, window_open=None)
    assert stage.t1["last"] == {"temperature": 21.0}
    at(stage, 1, temperature=21.0, window_open=True)
    assert stage.t1["last"] == {"temperature": 21.0}


def test_a_field_that_is_left_out_has_its_age_and_ceases_after_ten_intervals(stage: Stage):
    at(stage, 0, temperature=21.0, window_open=True)
    first = stage.clock.now()
    for _ in range(9):
        stage.pass_time(5)
        at(stage, 0, temperature=21.0)
    assert stage.t1["earlier"] == {"window_open": rfc3339(first)}
    assert stage.t1["ceased"] == []
    stage.pass_time(5)
    at(stage, 0, temperature=21.0)
    assert stage.t1["ceased"] == ["window_open"]
    at(stage, 0, temperature=21.0, window_open=False)
    assert (stage.t1["earlier"], stage.t1["ceased"]) == ({}, [])


def test_two_readings_at_one_time_are_told(stage: Stage):
    at(stage, 0, temperature=21.0)
    at(stage, 0, temperature=22.0)
    assert (stage.t1["last"], stage.t1["warnings"]) == ({"temperature": 22.0}, ["same_ts"])


def test_the_time_of_what_was_not_accepted_is_no_earlier_one(stage: Stage):
    stage.message("b12/robot_arm/r1", b'{"nothing": 1, "ts": 1760000000}')
    stage.message("b12/robot_arm/r1", b'{"joint_1": 1.0, "ts": 1760000000}')
    (device,) = stage.live.devices()
    assert device.warnings == []


@pytest.mark.parametrize("ago", [9 * 3600.0, 6 * 86_400.0])
def test_a_clock_that_is_steadily_behind_is_warned_of(stage: Stage, ago: float):
    for _ in range(4):
        at(stage, ago, temperature=21.0)
        stage.pass_time(1)
    assert stage.t1["warnings"] == ["clock"]
    assert stage.t1["clock_skew_ms"] == -round(ago * 1000)
    assert stage.t1["clock_guess"].startswith("9 h behind" if ago < 86_400 else "6 d behind")
    assert "느림" in stage.t1["clock_guess_ko"]


def test_a_backlog_is_no_clock_that_is_behind(stage: Stage):
    for number in range(60):
        at(stage, 3600 - 60 * number, temperature=21.0)
        stage.pass_time(0.5)
    assert stage.t1["warnings"] == []


def test_what_is_out_of_range_is_left_out_and_told(stage: Stage):
    stage.message("b12/thermostat/t1", b'{"temperature": 21.5, "battery": 255}')
    assert stage.t1["last"] == {"temperature": 21.5}
    said = "out_of_range: battery: 255 is above the maximum 100%; 255 means unknown"
    assert stage.t1["warnings"] == [said]
    assert stage.t1["warnings_ko"][0].startswith("out_of_range: battery: 허용 범위(0~100%)")


UNITS = {
    "a ratio": ("humidity", lambda n: 0.4 + n / 1000, "per cent"),
    "°F": ("temperature", lambda n: 70.0 + n / 100, "°F"),
}


@pytest.mark.parametrize(("field", "value", "words"), UNITS.values(), ids=UNITS)
def test_a_unit_that_is_likely_another_is_hinted_at(
    stage: Stage, field: str, value: Any, words: str
):
    for number in range(101):
        at(stage, 0, **{"temperature": 21.0, field: value(number)})
        stage.pass_time(1)
        if number < 98:
            assert stage.t1["warnings"] == []
    (hint,) = stage.t1["warnings"]
    assert hint.startswith(f"hint: {field}: ")
    assert words in hint
    at(stage, 0, temperature=21.0, humidity=40.0)
    stage.pass_time(200)
    at(stage, 0, temperature=21.0, humidity=40.0)
    assert stage.t1["warnings"] == []


def test_what_a_sensor_says_before_it_has_measured_is_hinted_at(stage: Stage):
    def warnings(value: float) -> list[str]:
        stage.message("b12/climate_sensor/c1", b'{"temperature": %r}' % value)
        stage.pass_time(1)
        (device,) = stage.live.devices()
        return device.warnings

    hint = "hint: temperature: 85 is what a DS18B20 says before it has measured"
    assert [warnings(21.5) for _ in range(EACH)] == [[]] * EACH
    assert warnings(85.0) == [hint]
    stage.pass_time(STAYS // SECOND)
    assert warnings(84.5) == []


def test_a_heading_in_radians_is_hinted_at(stage: Stage):
    for number in range(101):
        heading = number / 101 * 3
        stage.message("b12/mobile_robot/r1", b'{"state": "driving", "heading": %r}' % heading)
        stage.pass_time(1)
    (device,) = stage.live.devices()
    assert "radians" in device.warnings[0]


def test_a_device_is_judged_by_its_first_readings_alone(stage: Stage):
    """Else what is looked at would grow with each reading of other fields than the last."""
    for number in range(1, 301):
        more = {"voltage": 221.4, "current": 0.31} if number > 100 and number % 2 == 0 else {}
        stage.message("b12/smart_plug/p1", json.dumps({"power": 0.064, **more}).encode())
        stage.pass_time(1)
    (device,) = stage.live.devices()
    assert device.warnings == []
