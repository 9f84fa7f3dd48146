"""Every kind has a device that stays within its declaration, for every seed the same way."""

import json
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import Thing, UnknownKindError, thing
from devices.catalogue import MODELS
from devices.generic import Generic
from devices.wire import encode
from schemas import Domain, Draw, Kind, KindSpec, Label, Unit, choice, flag, kinds, number, text

STEPS = 2000
KINDS = list(kinds().values())
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


def run(model: Thing, interval: float, steps: int = STEPS) -> list[dict[str, Any]]:
    return [model.step(interval) for _ in range(steps)]


def invalid(kind: KindSpec, readings: list[dict[str, Any]]) -> list[str]:
    """What the kind's own model, strict, says against the readings."""
    said = []
    for reading in readings:
        try:
            kind.model.model_validate_json(encode(reading))
        except ValueError as exc:
            said.append(str(exc))
    return said


@every_kind
def test_two_thousand_readings_are_valid_and_the_headline_moves(kind: KindSpec) -> None:
    readings = run(thing(kind.name, 7), kind.interval)
    assert not invalid(kind, readings)
    headline = kind.fields[0].name
    assert len({reading[headline] for reading in readings}) > 1


@every_kind
def test_a_device_says_only_what_its_kind_declares_and_leaves_out_nothing(kind: KindSpec) -> None:
    said = {name for reading in run(thing(kind.name, 7), kind.interval) for name in reading}
    assert said == {spec.name for spec in kind.fields}


@every_kind
def test_the_same_seed_gives_the_same_bytes(kind: KindSpec) -> None:
    one, other = (run(thing(kind.name, 3), kind.interval, 200) for _ in range(2))
    assert [encode(reading) for reading in one] == [encode(reading) for reading in other]


@every_kind
def test_different_seeds_differ(kind: KindSpec) -> None:
    one, other = (run(thing(kind.name, seed), kind.interval, 200) for seed in (1, 2))
    assert one != other


@every_kind
@pytest.mark.parametrize("hour", [3.0, 17.5])
def test_a_device_is_valid_at_any_time_of_the_day(kind: KindSpec, hour: float) -> None:
    assert not invalid(kind, run(thing(kind.name, 11, hour=hour), kind.interval, 300))


@every_kind
def test_one_long_step_is_as_good_as_many(kind: KindSpec) -> None:
    assert not invalid(kind, [thing(kind.name, 5).step(3600.0)])


@every_kind
def test_a_step_of_no_time_gives_a_valid_reading(kind: KindSpec) -> None:
    assert not invalid(kind, [thing(kind.name, 5).step(0.0)])


@every_kind
def test_the_generic_model_is_valid_for_every_kind_and_its_headline_moves(kind: KindSpec) -> None:
    readings = run(Generic(kind, Random(7)), kind.interval)
    assert not invalid(kind, readings)
    headline = kind.fields[0].name
    assert len({reading[headline] for reading in readings}) > 1


@every_kind
def test_the_generic_model_says_every_field_every_time(kind: KindSpec) -> None:
    names = [spec.name for spec in kind.fields]
    assert all(list(reading) == names for reading in run(Generic(kind, Random(1)), 1.0, 50))


class Fountain(Kind, domain=Domain.IOT, interval=2.0, en="Fountain", ko="분수"):
    """A kind of which nobody wrote a model."""

    height: float = number(0, 9, Unit.METRE, en="Height", ko="높이", normal=(2, 3))
    chlorine: float = number(0.01, 0.05, Unit.NONE, en="Chlorine", ko="염소")
    nozzles: int = number(3, 4, Unit.COUNT, en="Nozzles", ko="노즐")
    latitude: float = number(-90, 90, Unit.DEGREE, en="Latitude", ko="위도", draw=Draw.MAP)
    show: Literal["on", "stuck"] = choice(
        {"on": Label("On", "켜짐"), "stuck": Label("Stuck", "멈춤")},
        en="Show",
        ko="쇼",
        alarm=("stuck",),
    )
    leak: bool | None = flag(en="Leak", ko="누수", alarm=True, optional=True)
    tune: str = text(6, en="Tune", ko="음악")


FOUNTAIN = KindSpec(
    name="fountain",
    domain=Fountain.domain_,
    interval=Fountain.interval_,
    label=Fountain.label_,
    fields=Fountain.fields_,
    example={},
    about="",
    source="",
    model=Fountain,
)


def test_a_kind_without_a_model_of_its_own_runs_from_its_declaration() -> None:
    readings = run(Generic(FOUNTAIN, Random(4)), FOUNTAIN.interval)
    assert not invalid(FOUNTAIN, readings)
    assert all(2 <= reading["height"] <= 3 for reading in readings)
    assert all(abs(reading["latitude"] - 37.5118) < 0.01 for reading in readings)


def test_alarms_of_the_generic_model_are_the_exception() -> None:
    readings = run(Generic(FOUNTAIN, Random(4)), FOUNTAIN.interval)
    stuck = sum(reading["show"] == "stuck" for reading in readings)
    assert 0 < stuck < STEPS / 3


def test_every_model_is_of_a_kind_that_exists() -> None:
    assert set(MODELS) <= set(kinds())


def test_an_unknown_kind_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownKindError, match="'thermostt'; did you mean thermostat"):
        thing("thermostt", 1)


def test_time_only_goes_forward() -> None:
    with pytest.raises(ValueError, match="seconds: -1"):
        thing("thermostat", 1).step(-1)


@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 2**32),
    hour=st.floats(0, 24),
    seconds=st.lists(st.floats(0, 90), min_size=1, max_size=6),
)
def test_any_seed_hour_and_steps_give_valid_readings(
    kind: KindSpec, seed: int, hour: float, seconds: list[float]
) -> None:
    model = thing(kind.name, seed, hour=hour)
    readings = [model.step(some) for some in seconds]
    assert not invalid(kind, readings)
    assert json.loads(encode(readings[-1])) == readings[-1]
