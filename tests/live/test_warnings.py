"""Warnings of a device: the newest of each sort, for three minutes, and never too many."""

from hub.live.warnings import STAYS, Warnings
from schemas import Label


def told(warnings: Warnings, now: int) -> list[str]:
    return [label.en for label in warnings.current(now)]


def test_a_warning_stays_for_three_minutes_after_the_last_reading_that_caused_it():
    warnings = Warnings()
    warnings.add("clock", Label("first", "첫째"), 0)
    warnings.add("clock", Label("second", "둘째"), 1)
    assert told(warnings, STAYS) == ["second"]
    assert warnings.holds("clock", STAYS)
    assert told(warnings, STAYS + 1) == []
    assert not warnings.holds("clock", STAYS + 1)
    assert not warnings.holds("backlog", 0)


def test_of_more_than_a_dozen_the_oldest_goes():
    warnings = Warnings()
    for number in range(10, 23):
        warnings.add(str(number), Label(str(number), ""), number)
        warnings.add("10", Label("10", ""), number)  # which is renewed
    assert told(warnings, 23) == ["10", *map(str, range(12, 23))]
