"""When the values of a device hint at another unit: by the lowest and the highest of them."""

from collections.abc import Mapping
from dataclasses import replace
from math import pi

import pytest

from hub.live.hints import EACH, READINGS, Hints
from schemas import KindSpec, Unit

RANGES = {
    "a ratio": ("battery", (0.0, 1.0), True),
    "per cent of an empty battery": ("battery", (0.0, 0.0), False),
    "per cent that are low": ("battery", (0.0, 1.01), False),
    "a ratio below nothing": ("battery", (-0.01, 1.0), False),
    "°F": ("temperature", (55.0, 110.0), True),
    "°C of a cold room": ("temperature", (54.9, 110.0), False),
    "°C of an oven": ("temperature", (55.0, 110.1), False),
    "radians": ("heading", (-pi, pi), True),
    "radians that moved just enough": ("heading", (1.0, 1.5), True),
    "a number that is not an angle": ("joint_count", (-pi, pi), False),
    "what hardly moves": ("heading", (1.0, 1.49), False),
    "degrees above": ("heading", (0.0, 3.15), False),
    "degrees below": ("heading", (-3.15, 0.0), False),
}


@pytest.fixture(scope="module")
def widest(kinds: Mapping[str, KindSpec]) -> KindSpec:
    """A kind whose fields may have any value, as one that is declared while the hub runs."""
    found = [*kinds["thermostat"].fields, *kinds["tracker"].fields]
    fields = {item.name: replace(item, minimum=-1e6, maximum=1e6) for item in found}
    fields["joint_count"] = replace(fields["heading"], name="joint_count", unit=Unit.NONE)
    return replace(kinds["thermostat"], fields=tuple(fields.values()))


@pytest.mark.parametrize(("field", "values", "hinted"), RANGES.values(), ids=RANGES)
def test_values_hint_at_another_unit_within_a_range(
    widest: KindSpec, field: str, values: tuple[float, float], hinted: bool
):
    hints = Hints(widest)
    for number in range(READINGS // EACH):
        assert [*hints.current({field: values[0]})] == [], "it is too early to say"
        hints.take({field: values[number % 2]}, number)
    assert [name for name, _ in hints.current({field: values[0]})] == [field] * hinted
    assert [*hints.current({})] == []
    assert [*hints.current({field: 1_000.0})] == []
    assert [*hints.current({field: values[0]})] == [], "what it was once, it stays"
