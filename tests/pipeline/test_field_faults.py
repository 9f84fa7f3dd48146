"""A number outside its range is told with the range, in Korean without a particle."""

from dataclasses import replace

import pytest

from hub.pipeline.field_faults import _above, _below, found_at


@pytest.mark.parametrize(
    ("minimum", "maximum", "said"),
    [
        (None, 300, "300 V 이하여야 합니다(받은 값: 412)"),
        (500, None, "500 V 이상이어야 합니다(받은 값: 412)"),
        (0, 300, "허용 범위(0~300 V)를 벗어났습니다(받은 값: 412)"),
        (-40, 300, "허용 범위(−40~300 V)를 벗어났습니다(받은 값: 412)"),
    ],
)
def test_a_range_may_have_one_end(kinds, minimum, maximum, said):
    spec = replace(kinds["smart_plug"].field("voltage"), minimum=minimum, maximum=maximum)
    label = _below(spec, 412) if maximum is None else _above(spec, 412)
    assert label.ko.startswith(said)


def test_a_limit_has_a_true_minus_and_what_was_sent_stays_as_sent(kinds):
    label = _below(kinds["thermostat"].field("temperature"), -41)
    assert label.en == "-41 is below the minimum −40 °C"
    assert label.ko == "허용 범위(−40~85 °C)를 벗어났습니다(받은 값: -41)"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ev_charger", '"power_kw" was sent; send it as power'),
        ("smart_plug", '"power_kw" (kW) was sent; send power in W'),
    ],
)
def test_the_unit_in_a_name_is_told_unless_it_is_the_field_s_own(kinds, kind, said):
    assert found_at(kinds[kind].field("power"), "power_kw").en == said
