"""The demo devices obey the laws that people expect of things."""

import math
from itertools import pairwise, takewhile
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import thing
from devices.ai import VisionAi
from devices.aviation import Drone
from devices.big_data import StreamMeter
from devices.charging import EvCharger
from devices.day import crowd, outdoor, sun
from devices.drive import Drive
from devices.hall import ORIGIN
from devices.healthcare import Wearable
from devices.household import SmartPlug
from devices.iot import EnvironmentStation
from devices.mobility import Scooter, Shuttle
from devices.physics import Battery, Walk, approach, chance, taper
from devices.robot_arm import RobotArm, tool
from devices.robotics import Humanoid, MobileRobot
from devices.rooms import AirQuality, Room, Thermostat
from devices.route import COEX, COEX_LOOP, TOMBS_LOOP, Loop, Route, east_north, metres
from devices.twin import TwinLink
from devices.zone import DEMO_ZONE, load_zone

SEEDS = range(4)
ROUTES = {"coex": COEX_LOOP, "tombs": TOMBS_LOOP}


def readings(kind: str, seed: int, seconds: float, steps: int) -> list[dict[str, Any]]:
    model = thing(kind, seed)
    return [model.step(seconds) for _ in range(steps)]


# Rooms


def test_a_room_with_the_window_open_gets_colder_and_faster_than_a_shut_one() -> None:
    shut, open_ = Room(22.0), Room(22.0)
    open_.window_open = True
    for room in (shut, open_):
        room.advance(600, outside=12.0)
    assert open_.temperature < shut.temperature - 2 < 20


def test_a_heated_room_gets_warmer() -> None:
    room = Room(18.0)
    room.advance(1800, outside=12.0, power=1.0)
    assert room.temperature > 21


def test_a_thermostat_brings_the_room_to_its_set_point() -> None:
    model = Thermostat(Random(1), hour=11)
    model.room = Room(17.0)
    model.target, model.mode = 22.0, "heat"
    model.random = _Nothing()
    model.step(3 * 3600)
    assert model.room.temperature == pytest.approx(22.0, abs=0.4)


def test_nobody_heats_with_the_window_open() -> None:
    model = Thermostat(Random(1))
    model.random = _Nothing()
    model.room.window_open = True
    assert model.step(600)["demand"] < 1


def test_people_in_a_room_raise_its_carbon_dioxide_to_the_balance_of_breath_and_fresh_air() -> None:
    model = AirQuality(Random(1))
    model.random = _Nothing()
    model.people = 7
    model.step(4 * 3600)
    balance = model.OUTSIDE_CO2 + 7 * model.BREATH / model.VOLUME * 1e6 / model.FRESH
    assert model.co2 == pytest.approx(balance, rel=0.01)


# Batteries


def test_charging_power_is_full_up_to_80_per_cent_and_tapers_above() -> None:
    assert [taper(level) for level in (0, 50, 80)] == [1, 1, 1]
    above = [taper(level) for level in range(80, 101, 5)]
    assert all(later < earlier for earlier, later in pairwise(above))
    assert 0 < above[-1] < 0.1


def test_an_electric_car_charges_slower_above_80_per_cent() -> None:
    model = EvCharger(Random(3))
    model.plug_in(60.0)
    curve = [model.step(5) for _ in range(700)]
    curve = list(takewhile(lambda one: one["status"] == "charging", curve))
    middle = [one["power"] for one in curve if 65 < one["state_of_charge"] < 79]
    late = [one["power"] for one in curve if one["state_of_charge"] > 84]
    assert min(middle) == pytest.approx(model.FULL_POWER)
    assert max(late) < 0.85 * model.FULL_POWER
    assert all(b <= a for a, b in pairwise(late))


def test_the_energy_of_a_charging_session_is_what_its_power_adds_up_to() -> None:
    model = EvCharger(Random(3))
    model.plug_in(20.0)
    powers = [model.step(1)["power"] for _ in range(600)]
    assert model.energy == pytest.approx(sum(powers) / 3600, rel=0.01)
    gained = (model.vehicle.level - 20) / 100 * model.vehicle.capacity / 1000
    assert gained == pytest.approx(model.energy, rel=0.01)


def test_a_battery_holds_what_was_put_in() -> None:
    battery = Battery(capacity=1000, level=50)
    battery.charge(500, 720)
    battery.drain(500, 720)
    assert battery.level == pytest.approx(50)


def test_a_scooter_drains_while_it_is_ridden_and_is_full_again_after_service() -> None:
    model = Scooter(Random(2))
    model.battery.level = 40.0
    model.hire()
    model.step(200)
    assert model.battery.level < 40
    model.battery.level = 14.0
    model.hire()
    model.step(1)
    assert model.state == "non_operational"
    model.step(400)
    assert model.battery.level > 80


def test_a_mobile_robot_drains_on_its_way_and_recovers_at_its_dock() -> None:
    model = MobileRobot(Random(5))
    model.battery.level = 46.0
    levels, states = [], []
    for _ in range(4000):
        reading = model.step(1.0)
        levels.append(reading["battery"])
        states.append(reading["state"])
    charging = states.index("charging")
    assert min(levels[: charging + 1]) < 46
    assert max(levels[charging:]) >= 89


def test_a_shuttle_drains_while_it_drives_and_recovers_at_the_depot() -> None:
    model = Shuttle(Random(5))
    model.battery.level = 24.0
    states = [model.step(5.0) for _ in range(1400)]
    parked = [one["battery"] for one in states if one["mode"] == "parked"]
    before = [one["battery"] for one in states[: states.index(_first(states, "parked"))]]
    assert before[-1] < before[0]
    assert parked[-1] > 85 > parked[0]


def test_a_drone_drains_in_the_air_and_recovers_on_the_ground() -> None:
    flights = readings("drone", 3, 1.0, 1500)
    for earlier, later in pairwise(flights):
        if earlier["state"] == later["state"] == "in_air":
            assert later["battery"] <= earlier["battery"]
        if earlier["state"] == later["state"] == "on_ground":
            assert later["battery"] >= earlier["battery"]


def test_a_humanoid_walks_its_battery_down_and_charges_before_it_is_empty() -> None:
    model = Humanoid(Random(2))
    model.battery.level = 19.0
    show = [model.step(1.0) for _ in range(4000)]
    assert min(one["battery"] for one in show) > 5
    assert show[-1]["battery"] > 19
    assert any(one["state"] == "charging" for one in show)


# Robots


def test_an_e_stopped_arm_does_not_move() -> None:
    model = RobotArm(Random(1))
    model.step(3.0)
    model.stop("off", 20.0, e_stop=True)
    stopped = [model.step(0.5) for _ in range(30)]
    assert all(reading["e_stop"] for reading in stopped)
    assert all(reading == stopped[0] for reading in stopped)
    assert not model.step(10.0)["e_stop"]


def test_an_arm_has_an_e_stop_now_and_then_and_works_most_of_the_time() -> None:
    day = readings("robot_arm", 1, 5.0, 4000)
    assert any(reading["e_stop"] for reading in day)
    assert sum(reading["state"] == "running" for reading in day) > 0.8 * len(day)


def test_a_stretched_ur5e_reaches_as_far_as_its_data_sheet_says() -> None:
    x, y, z = tool((0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert (x, y, z) == pytest.approx((-817.2, -232.9, 62.8), abs=0.1)


def test_the_joints_of_an_arm_never_jump() -> None:
    model = RobotArm(Random(4))
    way = [model.step(0.1) for _ in range(3000)]
    names = [f"joint_{n}" for n in range(1, 7)]
    fastest = max(abs(b[name] - a[name]) for a, b in pairwise(way) for name in names)
    assert fastest <= model.FASTEST * 0.1 * 1.05


def test_a_mobile_robot_stands_while_somebody_is_in_its_way() -> None:
    way = readings("mobile_robot", 2, 1.0, 3000)
    blocked = [one for one in way if one["state"] == "blocked"]
    assert blocked
    assert all(one["field_violation"] for one in blocked)
    standing = [b for a, b in pairwise(way) if a["state"] == b["state"] == "blocked"]
    assert min(one["speed"] for one in standing) == 0


def test_a_fallen_humanoid_lies() -> None:
    model = Humanoid(Random(1))
    model._show.enter("fallen")
    assert model.step(5.0)["pitch"] > 60


# Streets


@pytest.mark.parametrize("name", ROUTES)
def test_routes_stay_within_2_km_of_coex(name: str) -> None:
    route = Route(ROUTES[name])
    for share in range(1000):
        place = route.place(route.length * share / 1000)
        assert metres(COEX, (place.latitude, place.longitude)) < 2000


@pytest.mark.parametrize("kind", ["scooter", "shuttle", "drone"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_drives_stays_near_coex_and_moves_as_far_as_its_speed_says(
    kind: str, seed: int
) -> None:
    way = readings(kind, seed, 1.0, 1500)
    unit = 1.0 if kind == "drone" else 3.6
    for before, after in pairwise(way):
        here = (after["latitude"], after["longitude"])
        assert metres(COEX, here) < 2000
        moved = metres((before["latitude"], before["longitude"]), here)
        assert moved <= max(before["speed"], after["speed"]) / unit + 2.5


@pytest.mark.parametrize("kind", ["shuttle", "drone"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_moves_in_the_hall_stays_above_the_plan_of_the_demo_zone(kind: str, seed: int) -> None:
    places = [booth.place for booth in load_zone(DEMO_ZONE).booth]
    right = max(place.x + place.width for place in places)
    down = max(place.y + place.depth for place in places)
    bearing, way = math.radians(ORIGIN.bearing), list[tuple[float, float]]()
    for one in readings(kind, seed, 1.0, 1500):
        place = one["latitude"], one["longitude"]
        east, north = east_north(place, (ORIGIN.latitude, ORIGIN.longitude))
        x = east * math.cos(bearing) - north * math.sin(bearing)
        y = -east * math.sin(bearing) - north * math.cos(bearing)
        assert 4 < x < right
        assert 4 < y < down
        way.append((x, y))
    assert max(x for x, _ in way) - min(x for x, _ in way) > 20, "and it gets about"


def test_a_shuttle_opens_its_doors_only_at_a_standstill() -> None:
    way = readings("shuttle", 1, 1.0, 3000)
    assert any(one["door_open"] for one in way)
    assert all(one["speed"] == 0 for one in way if one["door_open"])


def test_passengers_change_only_at_stops_and_fit_in() -> None:
    way = readings("shuttle", 1, 0.5, 6000)
    assert all(0 <= one["passengers"] <= Shuttle.SEATS for one in way)
    changed = [b for a, b in pairwise(way) if a["passengers"] != b["passengers"]]
    assert changed
    assert all(one["speed"] == 0 for one in changed)


def test_a_drone_stands_on_the_ground_and_flies_below_150_m() -> None:
    for one in readings("drone", 4, 1.0, 1500):
        assert one["altitude"] < 150
        if one["state"] == "on_ground":
            assert one["altitude"] == 0
            assert one["speed"] == 0


def test_a_drone_whose_failsafe_speaks_lands() -> None:
    model = Drone(Random(1))
    model.take_off()
    model.step(30)
    model.failsafe = True
    assert model.step(1.0)["state"] == "landing"


def test_a_parked_scooter_is_locked_and_stands() -> None:
    for one in readings("scooter", 1, 5.0, 1500):
        if one["state"] == "available":
            assert one["locked"]
    resting = [
        b for a, b in pairwise(readings("scooter", 1, 5.0, 1500)) if a["state"] == b["state"]
    ]
    assert all(one["speed"] == 0 for one in resting if one["state"] == "available")


@given(distance=st.floats(0, 1e6), shift=st.integers(0, 5))
def test_a_loop_repeats(distance: float, shift: int) -> None:
    loop = Loop([(0, 0), (30, 0), (30, 20), (0, 20)])
    assert loop.length == 100
    here, again = loop.spot(distance), loop.spot(distance + shift * loop.length)
    assert math.dist(here[:2], again[:2]) < 1e-6
    assert 0 <= here.x <= 30
    assert 0 <= here.y <= 20


@given(seed=st.integers(0, 1000), cruise=st.floats(0.5, 20), seconds=st.floats(0.05, 1))
def test_nobody_drives_through_a_stop(seed: int, cruise: float, seconds: float) -> None:
    drive = Drive(
        Random(seed), Loop([(0, 0), (200, 0), (0, 100)]), cruise=cruise, stops={90: (5, 9)}
    )
    for _ in range(400):
        due = drive.distance + drive.left
        reached = drive.advance(seconds)
        assert drive.distance <= due
        assert drive.speed <= cruise or reached
        assert not reached or (drive.speed == 0 and drive.at == 90)


def test_a_heading_is_a_compass_bearing() -> None:
    route = Route(COEX_LOOP)
    assert 300 < route.place(10).heading < 360, "Yeongdong-daero runs to the north-north-west"


# People


def test_people_follow_the_visiting_hours() -> None:
    night, morning, afternoon = (
        VisionAi(Random(1), hour=hour).step(600)["people"] for hour in (4.0, 10.2, 14.4)
    )
    assert night == 0
    assert morning < afternoon


def test_the_people_in_view_are_those_who_entered_and_did_not_leave() -> None:
    for one in readings("vision_ai", 2, 1.0, 1500):
        if not one["camera_blocked"]:
            assert one["people"] == one["entered"] - one["exited"]


def test_a_heart_rises_with_effort_as_a_first_order_lag_and_falls_again() -> None:
    model = Wearable(Random(1))
    model.do("sitting")
    model.step(1)
    model.heart_rate = start = model.rest
    model.do("stairs")
    model._visit.left = 1e9
    model.step(25.0)
    risen = (model.heart_rate - start) / 66
    assert risen == pytest.approx(1 - math.exp(-1), abs=0.01)
    model.do("sitting")
    model._visit.left = 1e9
    model.step(300)
    assert model.heart_rate < start + 10


def test_a_band_that_is_not_worn_reads_zero_and_says_so() -> None:
    model = Wearable(Random(1))
    model.do("off")
    reading = model.step(1.0)
    assert (reading["heart_rate"], reading["worn"]) == (0, False)
    assert "spo2" not in reading


def test_a_scale_settles_on_the_weight_and_only_then_says_what_it_is_made_of() -> None:
    swinging, settled = 0, 0
    for one in readings("body_scale", 1, 1.0, 2000):
        swinging += not one["stable"]
        settled += one["stable"]
        assert ("bmi" in one) == one["stable"]
    assert swinging
    assert settled


# Networks and pipelines


def test_a_twin_whose_link_is_cut_ages_a_second_each_second_and_then_catches_up() -> None:
    model = TwinLink(Random(1))
    model.random = _Nothing()
    before, model.cut = model.lag, 5.0
    reading = model.step(5.0)
    assert reading["lag"] == pytest.approx(before + 5000, abs=200)
    assert not reading["synced"]
    assert model.step(30.0)["synced"]


def test_a_pipeline_that_restarts_falls_behind_and_catches_up() -> None:
    model = StreamMeter(Random(1), hour=13)
    model.random = _Nothing()
    model.restart(15.0)
    behind = model.step(14.0)
    assert behind["state"] == "restarting"
    assert behind["records_rate"] < 100
    assert behind["lag"] > 50_000
    after = model.step(120.0)
    assert after["lag"] < 1000
    assert after["latency"] < behind["latency"]


def test_a_plug_counts_the_energy_it_feeds() -> None:
    model = SmartPlug(Random(1))
    start = model.energy
    powers = [model.step(2.0)["power"] for _ in range(1000)]
    assert model.energy - start == pytest.approx(sum(powers) * 2 / 3.6e6, rel=0.01)


# Weather and the day


def test_the_afternoon_is_warmer_and_lighter_than_the_night() -> None:
    night, noon = (EnvironmentStation(Random(3), hour=hour).step(10) for hour in (2.0, 13.0))
    assert noon["temperature"] > night["temperature"] + 4
    assert noon["illuminance"] > 100 * night["illuminance"]
    assert night["uv_index"] == 0


def test_the_course_of_the_day_has_its_ends_where_they_belong() -> None:
    assert crowd(3.0) == crowd(23.0) == 0
    assert max(range(24), key=outdoor) == 15
    assert sun(0.0) == 0 < sun(8.0) < sun(12.0)


# The laws themselves


@given(
    value=st.floats(-100, 100),
    target=st.floats(-100, 100),
    seconds=st.floats(0, 1e5),
    tau=st.floats(0.1, 1e5),
)
def test_a_lag_never_overshoots(value: float, target: float, seconds: float, tau: float) -> None:
    low, high = sorted((value, target))
    assert low - 1e-9 <= approach(value, target, seconds, tau) <= high + 1e-9


def test_a_walk_keeps_to_its_mean_and_spread_at_any_step() -> None:
    for seconds in (0.1, 10.0):
        walk = Walk(Random(1), mean=5.0, spread=2.0, tau=1.0)
        values = [walk.step(seconds) for _ in range(40_000)]
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
        assert mean == pytest.approx(5.0, abs=0.2)
        assert spread == pytest.approx(2.0, abs=0.1)


def test_what_happens_every_ten_seconds_happens_as_often_at_any_step() -> None:
    for seconds in (0.1, 1.0):
        random, steps = Random(1), round(20_000 / seconds)
        times = sum(chance(random, seconds, 10.0) for _ in range(steps))
        assert times == pytest.approx(2000, rel=0.08)


def _first(states: list[dict[str, Any]], mode: str) -> dict[str, Any]:
    return next(one for one in states if one["mode"] == mode)


class _Nothing(Random):
    """Chance on its day off: nothing that is rare ever happens."""

    def random(self) -> float:
        return 1.0 - 2**-53
