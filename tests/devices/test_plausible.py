"""What the things of a hall say fits together, over hours."""

from itertools import pairwise
from typing import Any

import pytest

from devices import thing
from devices.route import COEX, metres

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def day(kind: str, seed: int, interval: float, hours: float = 10) -> list[dict[str, Any]]:
    model = thing(kind, seed, hour=9)
    return [model.step(interval) for _ in range(int(hours * 3600 / interval))]


@SEEDS
def test_a_safety_sensor_warns_of_what_it_says_and_is_calm_otherwise(seed: int) -> None:
    dangers = ("smoke", "gas", "carbon_monoxide", "water_leak")
    readings = day("safety_sensor", seed, 10, 48)
    assert all(one["alarm"] == any(one[name] for name in dangers) for one in readings)
    alarms = sum(one["alarm"] for one in readings)
    assert 0 < alarms < len(readings) / 10


@SEEDS
def test_a_drone_charges_only_in_its_shut_dock_and_comes_back_with_less(seed: int) -> None:
    readings = day("dock", seed, 5, 4)
    assert any(not one["occupied"] for one in readings)
    for one, after in pairwise(readings):
        assert not one["charging"] or (one["occupied"] and not one["cover_open"])
        assert one["occupied"] == after["occupied"] or one["cover_open"] or after["cover_open"]
        if one["charging"] and after["charging"]:
            assert after["battery"] >= one["battery"]
        if not one["occupied"] and not after["occupied"]:
            assert after["battery"] <= one["battery"]
    assert min(one["battery"] for one in readings) > 15


@SEEDS
def test_a_meter_counts_what_flows_in_the_direction_in_which_it_flows(seed: int) -> None:
    readings = day("power_meter", seed, 5)
    for one, after in pairwise(readings):
        taken, given = (after[key] - one[key] for key in ("energy", "energy_exported"))
        assert min(taken, given) >= 0
        assert (given if after["power"] > 0 else taken) < 1e-9
    assert any(one["power"] < 0 for one in readings)
    used = sum(max(0, one["power"]) for one in readings) * 5 / 3.6e6
    assert readings[-1]["energy"] - readings[0]["energy"] == pytest.approx(used, rel=0.02)
    volts, amperes = (readings[9][key] for key in ("voltage", "current"))
    watts = volts * amperes * readings[9]["power_factor"]
    assert watts == pytest.approx(readings[9]["power"], rel=0.02)


@SEEDS
def test_a_tracker_drives_through_the_streets_as_fast_as_it_says(seed: int) -> None:
    readings = day("tracker", seed, 1, 0.5)
    places = [(one["latitude"], one["longitude"]) for one in readings]
    assert all(metres(place, COEX) < 1200 for place in places)
    driven = sum(metres(one, other) for one, other in pairwise(places))
    assert driven == pytest.approx(sum(one["speed"] / 3.6 for one in readings), rel=0.1)
    assert driven > 3000


@SEEDS
def test_a_room_is_empty_at_night_and_dark_unless_somebody_is_there(seed: int) -> None:
    afternoon, night = (thing("presence_sensor", seed, hour=hour) for hour in (13, 1))
    by_day, by_night = ([model.step(30) for _ in range(360)] for model in (afternoon, night))
    assert sum(one["occupied"] for one in by_day) > 3 * sum(one["occupied"] for one in by_night)
    assert all(one["illuminance"] > 300 for one in by_day if one["occupied"])
    assert all(one["illuminance"] < 10 for one in by_night if not one["occupied"])


@SEEDS
def test_a_window_is_tried_by_day_and_shut_most_of_the_time(seed: int) -> None:
    readings = day("contact_sensor", seed, 10, 8)
    opened = sum(one["is_open"] for one in readings) / len(readings)
    assert 0.05 < opened < 0.6
    changes = sum(one["is_open"] != after["is_open"] for one, after in pairwise(readings))
    assert 10 < changes < 120
