"""The demo zone is a neat hall with every kind in it; a broken zone file says what is wrong."""

from itertools import combinations
from pathlib import Path

import pytest

from devices import (
    DEMO_ZONE,
    BadZoneError,
    Broker,
    UnknownKindError,
    WrongUseError,
    fleet,
    load_zone,
)
from devices.fleet import seed_of
from devices.hall import HALL_FLIGHT, ORIGIN, in_hall, on_earth
from devices.wire import ROOT
from devices.zone import Origin
from schemas import kinds

ZONE = load_zone(DEMO_ZONE)
HALL = (60, 36)


def test_every_kind_is_shown() -> None:
    assert {address.kind for address in ZONE.addresses(ROOT)} == set(kinds())


def test_there_are_a_dozen_booths_and_some_forty_devices() -> None:
    assert 10 <= len(ZONE.booth) <= 12
    assert 28 <= len(list(ZONE.addresses(ROOT))) <= 44


def test_no_booths_overlap_and_there_is_an_aisle_around_each() -> None:
    for one, other in combinations(ZONE.booth, 2):
        assert not one.place.overlaps(other.place)
        wider = one.place.model_copy(
            update={"width": one.place.width + 2.9, "depth": one.place.depth + 2.9}
        )
        assert not wider.overlaps(other.place)


def test_all_booths_are_in_the_hall() -> None:
    for booth in ZONE.booth:
        assert booth.place.x + booth.place.width <= HALL[0] - 3
        assert booth.place.y + booth.place.depth <= HALL[1] - 3


def test_names_are_given_in_both_languages() -> None:
    zones = [(zone.name, zone.name_ko) for zone in ZONE.zone]
    booths = [(booth.name, booth.name_ko) for booth in ZONE.booth]
    for name, name_ko in [(ZONE.event.name, ZONE.event.name_ko), *zones, *booths]:
        assert name.isascii()
        assert any("가" <= letter <= "힣" for letter in name_ko)


def test_the_devices_of_a_fleet_have_seeds_and_topics_of_their_own() -> None:
    addresses = list(ZONE.addresses(ROOT))
    assert len({seed_of(1, address) for address in addresses}) == len(addresses)
    assert len({device.address.topic for device in fleet(ZONE, Broker("127.0.0.1", 1))}) == len(
        addresses
    )


def test_two_devices_of_a_kind_say_different_things() -> None:
    arms = [one for one in fleet(ZONE, Broker("127.0.0.1", 1)) if one.address.kind == "robot_arm"]
    assert len(arms) == 2
    assert arms[0]._thing.step(10) != arms[1]._thing.step(10)


def test_the_seed_of_a_fleet_decides_what_its_devices_say() -> None:
    one, same, other = (fleet(ZONE, Broker("127.0.0.1", 1), seed=seed)[0] for seed in (1, 1, 2))
    said = one._thing.step(10)
    assert said == same._thing.step(10) != other._thing.step(10)


HEAD = """
[event]
name = "E"
name_ko = "이"
starts = 2026-10-07
ends = 2026-10-09
[[zone]]
id = "z"
name = "Z"
name_ko = "지"
"""
BOOTH = """
[[booth]]
id = "b1"
zone = "z"
name = "B"
name_ko = "비"
place = { x = 0, y = 0, width = 1, depth = 1 }
devices = [{ kind = "thermostat", id = "t1" }]
"""


def test_a_small_zone_file_is_enough(zone_file: Path) -> None:
    zone_file.write_text(HEAD + BOOTH)
    assert [address.topic for address in load_zone(zone_file).addresses(ROOT)] == [
        "smartlife/v1/b1/thermostat/t1"
    ]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("[event", BadZoneError, "not TOML"),
        (BOOTH, BadZoneError, "event: Field required"),
        (HEAD + BOOTH.replace("width = 1", "width = -1"), BadZoneError, "booth.0.place.width"),
        (HEAD + BOOTH.replace('zone = "z"', 'zone = "y"'), BadZoneError, "no zone 'y'"),
        (HEAD + BOOTH + BOOTH, BadZoneError, "b1/thermostat/t1 is there twice"),
        (
            HEAD + BOOTH.replace("thermostat", "thermostt"),
            UnknownKindError,
            "did you mean thermostat",
        ),
        (HEAD + BOOTH.replace('"b1"', '"B1"'), WrongUseError, "'B1' is no booth"),
        (HEAD + BOOTH.replace('"t1"', '"t 1"'), WrongUseError, "'t 1' is no device"),
        (HEAD + BOOTH.replace("depth = 1", "deep = 1"), BadZoneError, "booth.0.place.depth"),
        (HEAD.replace("[[zone]]", 'timezone = "Seoul"\n[[zone]]') + BOOTH, BadZoneError, "Seoul"),
        (HEAD + BOOTH.replace('"t1"', '"t1", interval = 0'), BadZoneError, "devices.0.interval"),
    ],
)
def test_a_zone_file_file_says_what_is_wrong(
    zone_file: Path, text: str, error: type[Exception], said: str
) -> None:
    zone_file.write_text(text)
    with pytest.raises(error, match=said):
        load_zone(zone_file)


def test_a_zone_file_that_is_not_there_is_named(zone_file: Path) -> None:
    with pytest.raises(BadZoneError, match=r"zone\.toml cannot be read: No such file"):
        load_zone(zone_file)


def test_drones_fly_in_the_hall_of_the_zone_file() -> None:
    kintex = Origin(latitude=37.6694, longitude=126.7459, bearing=40.0)
    for spot in HALL_FLIGHT:
        latitude, longitude = on_earth(spot)
        here = {"latitude": latitude, "longitude": longitude, "heading": 350.0, "speed": 1.8}
        moved = in_hall(here, kintex)
        there = on_earth(spot, kintex)
        assert (moved["latitude"], moved["longitude"]) == pytest.approx(there, abs=1e-6)
        assert moved["heading"] == pytest.approx((350 + 40 - ORIGIN.bearing) % 360)
        assert moved["speed"] == 1.8
    assert in_hall(here, ORIGIN) is here
    assert in_hall({"co2": 400}, kintex) == {"co2": 400}
