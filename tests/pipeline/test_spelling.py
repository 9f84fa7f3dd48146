"""Which declared name another one means: said only where it is sure enough."""

import pytest

from hub.pipeline.spelling import meant, nearest


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
