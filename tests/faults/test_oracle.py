"""The oracle of the fault suite finds what is lost, twice and wrong, and only that."""

import pytest

from faults.hub_with_failpoints import POINTS, _classes
from faults.link import mirrored
from faults.oracle import Moments, Row, Sent, judge
from faults.readings import KINDS, STEP, Device
from faults.scenarios import SCENARIOS

START = 1_760_000_000_000_000_000


def sent(text: str = "wearable:w:1", count: int = 10, again: tuple[int, ...] = ()) -> Sent:
    return Sent(Device.parse(text), START, count, set(range(count)), set(again))


def row(number: int, ts: int | None = None, **other: object) -> Row:
    fields = {**KINDS["wearable"].values(number), **other}
    return Row("wearable", "w", START + number * STEP if ts is None else ts, fields)


ALL = [row(number) for number in range(10)]


@pytest.mark.parametrize("device", ["wearable:w:1", "wearable:w:2:ts"])
def test_all_is_well(device: str):
    verdict = judge([sent(device)], ALL)
    assert (verdict.acknowledged, verdict.rows) == (10, 10)
    assert (verdict.lost, verdict.twice, verdict.wrong) == (0, 0, 0)


def test_what_is_missing_is_lost():
    verdict = judge([sent()], ALL[:7])
    assert (verdict.lost, verdict.twice, verdict.wrong) == (3, 0, 0)
    assert "[7, 8, 9]" in verdict.examples[0]


def test_what_has_no_puback_is_not_lost():
    late = sent()
    late.acknowledged.remove(9)
    assert judge([late], ALL[:9]).lost == 0


def test_what_is_stored_under_two_times_is_twice():
    assert judge([sent()], [*ALL, row(3, ts=START + 1)]).twice == 1


def test_what_its_publisher_sent_again_is_a_repeat_unless_it_has_a_ts():
    rows = [*ALL, row(3, ts=START + 1)]
    verdict = judge([sent(again=(3,))], rows)
    assert (verdict.twice, verdict.repeated) == (0, 1)
    verdict = judge([sent("wearable:w:1:ts", again=(3,))], rows)
    assert (verdict.twice, verdict.repeated) == (1, 0)


WRONG = {
    "another value": (*ALL[:9], row(9, heart_rate=1)),
    "a value is missing": (*ALL[:9], ALL[9]._replace(fields={"steps": 9})),
    "a number that was not sent": (*ALL, row(10)),
    "a device that sent nothing": (*ALL, ALL[0]._replace(device="x")),
    "another time than its ts": (*ALL[:9], row(9, ts=START)),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong(what: str):
    assert judge([sent("wearable:w:1:ts")], WRONG[what]).wrong == 1


def test_another_time_is_right_where_a_clock_is_not_believed():
    assert judge([sent("wearable:w:1:ts")], [*ALL[:9], row(9, ts=START)], times=False).wrong == 0


def test_a_bad_reading_that_is_stored_is_wrong():
    bad = sent("wearable:bad1:1")
    assert judge([bad], []).rejected == 10
    assert judge([bad], [ALL[0]._replace(device="bad1")]).wrong == 1


# --- readings that are all alike can only be counted


def alike(count: int) -> tuple[Sent, list[Row]]:
    values = KINDS["wearable"].values(0)
    rows = [Row("wearable", "alike0", START + at, values) for at in range(count)]
    return sent("wearable:alike0:1"), rows


@pytest.mark.parametrize(("stored", "lost", "twice"), [(10, 0, 0), (7, 3, 0), (12, 0, 2)], ids=str)
def test_readings_that_are_alike_are_counted(stored: int, lost: int, twice: int):
    item, rows = alike(stored)
    verdict = judge([item], rows)
    assert (verdict.lost, verdict.twice, verdict.wrong) == (lost, twice, 0)


def test_of_readings_that_are_alike_as_many_may_be_there_twice_as_were_sent_again():
    item, rows = alike(12)
    item.repeats = 2
    verdict = judge([item], rows)
    assert (verdict.twice, verdict.repeated) == (0, 2)
    assert judge([alike(12)[0]], rows, twice_allowed=True).repeated == 2


def test_a_reading_that_is_alike_has_the_values_of_all():
    device = Device.parse("wearable:alike0:1")
    assert device.payload(7, START) == device.payload(0, START)


# --- the time of a reading

SECOND = 10**9


def timed(text: str) -> Sent:
    """A device that sends ten readings, one a second, as the second of two of its publisher."""
    item = sent(text)
    item.moments, item.place = Moments(2), 1
    for number in range(10):
        item.moments.note(START + number * SECOND, number * 2)
    return item


def test_each_reading_is_known_to_have_been_sent_after_a_moment():
    item = timed("wearable:w:1")
    assert [item.at(number) - START for number in (0, 3, 9)] == [0, 3 * SECOND, 9 * SECOND]


RIGHT = [(START, START + 3 * SECOND), (START + 6 * SECOND, START + 60 * SECOND)]
"""The clock is right for the readings 0 to 2 and 6 to 9."""


def arrived(off: dict[int, int]) -> list[Row]:
    times = {number: START + number * SECOND + off.get(number, 0) for number in range(10)}
    return [row(number, ts) for number, ts in times.items()]


@pytest.mark.parametrize(
    ("off", "wrong"),
    [
        ({}, 0),
        ({3: 400 * 86_400 * SECOND, 5: -9 * 3_600 * SECOND}, 0),
        ({6: 400 * 86_400 * SECOND}, 1),
        ({7: -9 * 3_600 * SECOND, 8: 3_600 * SECOND}, 2),
    ],
    ids=["right", "while the clock is wrong", "after it was ahead", "back and forth"],
)
def test_the_time_is_wrong_only_where_the_clock_was_right(off: dict[int, int], wrong: int):
    verdict = judge([timed("wearable:w:1")], arrived(off), times=False, right=RIGHT)
    assert (verdict.wrong, verdict.wrong_time) == (0, wrong)


def test_a_ts_is_believed_while_the_clock_is_right():
    rows = [*ALL[:9], row(9, START + 9 * SECOND)]
    verdict = judge([timed("wearable:w:1:ts")], rows, times=False, right=RIGHT)
    assert (verdict.wrong, verdict.wrong_time) == (0, 1)


@pytest.mark.parametrize("name", POINTS)
def test_each_point_at_which_the_hub_is_killed_is_a_call_of_its(name: str):
    for owner in _classes(POINTS[name].target):
        assert callable(getattr(owner, POINTS[name].method))


def test_a_mirrored_packet_changes_its_direction():
    packet = bytes(range(24))
    assert mirrored(packet) == bytes([*range(12), *range(16, 20), *range(12, 16), *range(20, 24)])
    assert mirrored(mirrored(packet)) == packet


def test_each_scenario_says_what_it_is():
    assert len({item.words for item in SCENARIOS.values()}) == len(SCENARIOS)
