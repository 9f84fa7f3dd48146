"""Which declared name another one means: said only where it is sure enough."""

import pytest

from hub.pipeline.spelling import meant, nearest, place_of, plain


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("Temperature", ["temperature"], "temperature"),
        ("heart-rate", ["heart_rate"], "heart_rate"),
        ("temp", ["temperature"], "temperature"),
        ("temperature_indoors", ["temperature"], "temperature"),
        ("tem", ["temperature"], None),
        ("hot", ["temperature"], None),
        ("power", ["powerful", "POWER"], "POWER"),
        ("powe", ["power", "powerful"], "power"),
    ],
)
def test_a_name_means_one_of_the_same_letters_or_the_beginning_of_one(name, known, found):
    assert meant(name, known) == found


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("termostat", ["light", "thermostat"], ["thermostat"]),
        ("Thermo-Stat", ["thermostats", "thermostat"], ["thermostat"]),
        ("lamp1", ["lamp2", "lamp3", "lamp4", "lamp5"], ["lamp5", "lamp4", "lamp3"]),
        ("toaster", ["light", "drone"], []),
    ],
)
def test_the_names_spelled_most_alike_are_the_nearest_three_at_most(name, known, found):
    assert nearest(name, known) == found


@pytest.mark.parametrize(("size", "told_apart"), [(64, True), (65, False)])
def test_64_characters_of_a_name_count(size: int, told_apart: bool):
    assert (plain("a" * (size - 1) + "b") != plain("a" * (size - 1) + "c")) == told_apart


def test_a_value_is_looked_for_in_objects_four_deep_and_among_the_first_64():
    assert place_of("power", {"a": {"b": {"c": {"power": 1}}}}, ()) == "a.b.c.power"
    assert place_of("power", {"a": {"b": {"c": {"d": {"power": 1}}}}}, ()) is None
    many = {f"x{number}": 0 for number in range(64)}
    first = dict([*many.items()][:63])
    assert place_of("power", {**first, "Power": 1}, ()) == "Power"
    assert place_of("power", {**many, "Power": 1}, ()) is None
