"""Hints at a power or an energy that is a thousand times off, and none at what real things send."""

from typing import Any

import pytest

from devices import thing
from hub.live.hints import EACH, READINGS, Hints
from hub.timestamps import SECOND
from schemas import kinds

KINDS = kinds()


def hints(kind: str, readings: list[dict[str, Any]], interval: float) -> list[str]:
    """Hints about the last of readings that come each `interval` seconds, after the first 100."""
    found = Hints(KINDS[kind])
    for number, fields in enumerate(readings[:READINGS], 1):
        if not number % EACH:
            found.take(fields, round(number * interval * SECOND))
    for fields in readings[READINGS:]:
        said = [label.en for _, label in found.current(fields)]
    return said


def plug(power: float, each: float = 0.0, **fields: Any) -> list[dict[str, Any]]:
    """A lamp of 64 W; `each` is what the energy rises in 2 s."""
    even = {"voltage": 221.4, "current": 0.31, "power": power, **fields}
    return [{**even, "energy": 18.0 + each * number} for number in range(READINGS + 1)]


def charger(power: float, **fields: Any) -> list[dict[str, Any]]:
    return [{"status": "charging", "power": power, **fields}] * (READINGS + 1)


TOLD = {
    "kW for W": ("smart_plug", plug(0.064), "power: about a thousandth"),
    "Wh for kWh": ("smart_plug", plug(64.0, 64 * 2 / 3600), "energy: rises about 1,000 times"),
    "whole Wh": (
        "smart_plug",
        [{**one, "energy": round(one["energy"])} for one in plug(64.0, 64 * 2 / 3600)],
        "energy: rises about 1,000 times",
    ),
    "W for kW": ("ev_charger", charger(880.0, voltage=220, current=4.2), "power: about 1,000"),
}


@pytest.mark.parametrize(("kind", "readings", "words"), TOLD.values(), ids=TOLD)
def test_what_is_a_thousand_times_off_is_hinted_at(kind, readings, words):
    (said,) = hints(kind, readings, 2.0)
    assert said.startswith(f"hint: {words}")


QUIET = {
    "a lamp": ("smart_plug", plug(64.0, 64 * 2 / 3.6e6)),
    "a lamp that meters whole kWh": (
        "smart_plug",
        [{**one, "energy": 18 + (number > 50)} for number, one in enumerate(plug(64.0))],
    ),
    "a lamp without voltage": ("smart_plug", [{"power": 0.064}] * (READINGS + 1)),
    "a balcony panel": ("smart_plug", plug(-225.0, current=1.02)),
    "almost all reactive": ("smart_plug", plug(0.9, current=0.4)),
    "standby": ("smart_plug", plug(0.5, current=0.005)),
    "a kettle between two looks": (
        "smart_plug",
        [
            {**one, "power": 64.0 if number % 10 == 9 else 2000.0}
            for number, one in enumerate(plug(0, 2000 * 2 / 3.6e6))
        ],
    ),
    "three phases of which one is measured": (
        "ev_charger",
        charger(11.0, voltage=230, current=16),
    ),
    "direct current": ("ev_charger", charger(86.4, voltage=712, current=121.3)),
}


@pytest.mark.parametrize(("kind", "readings"), QUIET.values(), ids=QUIET)
def test_what_is_right_is_not_hinted_at(kind, readings):
    assert hints(kind, readings, 2.0) == []


def metered(ratio: float) -> list[dict[str, Any]]:
    """A lamp whose energy rises `ratio` times as fast as its power makes it."""
    return plug(64.0, ratio * 64 * 2 / 3.6e6)


def measured(power: float, **fields: Any) -> list[dict[str, Any]]:
    return plug(power, **{"voltage": 200, "current": 5, **fields})


def uneven(highest: float) -> list[dict[str, Any]]:
    """A lamp that counts Wh, and whose power at each second look is `highest` times the other."""
    each = 64 * (1 + highest) / 2 * 2 / 3600
    return [
        {**one, "power": 64.0 * (highest if number // 10 % 2 else 1)}
        for number, one in enumerate(plug(64.0, each))
    ]


def rising(steps: int) -> list[dict[str, Any]]:
    """A lamp that counts Wh, and whose energy rises in so many steps between the looks."""
    whole = 64 * 180 / 3600
    return [
        {**one, "energy": 18 + whole * min(number // 10, steps) / steps}
        for number, one in enumerate(plug(64.0))
    ]


def looked_at(times: int) -> list[dict[str, Any]]:
    """A lamp in kW whose current is known at so many of the looks."""
    without = {"power": 0.064}
    return [without] * (READINGS - 10 * times) + plug(0.064)[: 10 * times + 1]


EDGES = {
    "50 times the apparent power": (
        "ev_charger",
        charger(50.0, voltage=200, current=5),
        charger(49.9, voltage=200, current=5),
    ),
    "0.003 of the apparent power": ("smart_plug", measured(3.0), measured(3.01)),
    "20 VA": ("smart_plug", measured(0.02, current=0.1), measured(0.02, current=0.099)),
    "five looks": ("smart_plug", looked_at(5), looked_at(4)),
    "300 times as fast": ("smart_plug", metered(300.5), metered(299.5)),
    "3,000 times as fast": ("smart_plug", metered(2_999.5), metered(3_000.5)),
    "a power of 1 to 3": ("smart_plug", uneven(3.0), uneven(3.1)),
    "three rises": ("smart_plug", rising(3), rising(2)),
}


@pytest.mark.parametrize(("kind", "hinted_at", "quiet"), EDGES.values(), ids=EDGES)
def test_a_hint_begins_at_its_edge(kind, hinted_at, quiet):
    assert len(hints(kind, hinted_at, 2.0)) == 1
    assert hints(kind, quiet, 2.0) == []


def test_a_hint_goes_when_the_device_was_mended():
    assert (
        hints("smart_plug", [*plug(0.064), {"voltage": 221, "current": 0.3, "power": 64}], 2) == []
    )
    mended = {"power": 64.0, "energy": 0.018}
    assert hints("smart_plug", [*plug(64.0, 64 * 2 / 3600), mended], 2.0) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_hinted_at_of_the_demo_s_devices(kind):
    interval = KINDS[kind].interval
    for seed in range(8):
        model = thing(kind, seed)
        for _ in range(seed * 40):
            model.step(interval)
        assert hints(kind, [model.step(interval) for _ in range(3 * READINGS)], interval) == []
