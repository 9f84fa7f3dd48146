"""Values by which sensors say that they have none, outside of what a field allows."""

from dataclasses import replace

import pytest

from hub.pipeline.sentinels import meaning, within

LARGEST = [2**bits - 1 for bits in (8, 16, 32)]
SIGNED = [-(2**15), 2**15 - 1, -(2**31), 2**31 - 1]
NINES = [999, 9_999, 99_999, -999, -9_999, -99_999, 999.9, -999.9]
OXIMETER = [127, 511, 1_023, 2_047]


@pytest.mark.parametrize("value", [-1, 1e20, *LARGEST, *SIGNED, *NINES])
def test_what_sensors_say_for_unknown_is_known_of_any_field(kinds, value):
    power = replace(kinds["smart_plug"].field("power"), minimum=2, maximum=200)
    label = meaning(power, value)
    assert label is not None
    assert label.en == f"{value:.15g} means unknown"
    assert meaning(power, 2 * value) is None


@pytest.mark.parametrize("value", LARGEST)
def test_a_value_that_a_field_allows_is_no_sentinel(kinds, value):
    power = replace(kinds["smart_plug"].field("power"), minimum=0, maximum=value)
    assert meaning(power, value) is None


@pytest.mark.parametrize("value", OXIMETER)
def test_what_pulse_oximeters_say_for_unknown_is_known_of_their_fields(kinds, value):
    spo2 = kinds["wearable"].field("spo2")
    assert meaning(spo2, value) is not None
    assert meaning(kinds["smart_plug"].field("voltage"), value) is None


@pytest.mark.parametrize(
    ("kind", "field", "found"),
    [
        ("thermostat", "temperature", {85}),
        ("environment_station", "temperature", set()),  # up to 60 °C
        ("thermostat", "humidity", set()),
        ("thermostat", "mode", set()),
    ],
)
def test_only_sentinels_of_its_unit_are_looked_for_among_the_values_of_a_field(
    kinds, kind, field, found
):
    assert within(kinds[kind].field(field)) == found
