"""The report of a booth's day: what it counts, and that nobody's name becomes markup."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.booths.day_facts import DayFacts, day_facts, live_time
from hub.booths.report import ReportHead, report
from hub.booths.take_home import Day
from hub.stores.store import StoredRow
from hub.testing.hub import HeldHub, held_hub
from hub.testing.outcome import at_once
from hub.timestamps import SECOND, parse
from schemas import Label, kinds

SEOUL = ZoneInfo("Asia/Seoul")
DAY = Day(date(2026, 10, 7), SEOUL)
TEN = parse("2026-10-07T10:00:00+09:00")
HEAD = ReportHead(
    Label("Smart Life Week", "스마트라이프위크"), "b12", Label("Warm", "따뜻한 집"), TEN
)
MINUTE = 60 * SECOND


def _state(minute: int, level: int) -> StoredRow:
    tags = {"booth": "b12", "device": "t1", "kind": "thermostat", "domain": "smart_home"}
    return StoredRow(TEN + minute * MINUTE, "device_state", tags, {"level": level})


def _facts(hub: HeldHub) -> DayFacts:
    return at_once(day_facts(hub._store.query, dict(kinds()), "b12", DAY))


def test_a_device_is_live_from_state_to_state_and_not_while_no_hub_ran():
    states = [_state(0, 2), _state(10, 2), _state(15, 0), _state(20, 2), _state(90, 2)]
    found = live_time(states, DAY.span[1])
    assert found["thermostat", "t1"] == (10 + 5 + 11) * MINUTE  # of the gap of 70 minutes 11


def test_it_counts_readings_rejections_and_draws_curves(tmp_path: Path):
    with held_hub(tmp_path, now=TEN) as hub:
        for _ in range(4):
            hub.publish("b12/thermostat/t1", {"temperature": 21.5, "mode": "heat"})
            hub.advance(900)
        hub.publish("b12/thermostat/t1", {"temperature": 412})
        hub.publish("b13/thermostat/t1", {"temperature": 3.25})
        hub.advance(30)
        facts = _facts(hub)
    assert facts.readings == {("thermostat", "t1"): 4}
    assert facts.rejected == {"schema": 1}
    (curve,) = facts.curves
    assert (curve.field.name, [value for _, value in curve.points]) == ("temperature", [21.5] * 4)
    page = report(HEAD, DAY, dict(kinds()), facts, "ko")
    for words in (
        "따뜻한 집 (b12)",
        "하루 보고서 · 2026-10-07",
        "온도조절기",
        "값 오류",
        "<polyline",
    ):
        assert words in page
    assert "3.25" not in page


def test_a_day_without_readings_says_so():
    page = report(HEAD, DAY, dict(kinds()), DayFacts(), "en")
    assert "Nothing was stored on this day." in page


def test_names_from_outside_are_text():
    facts = DayFacts()
    facts.readings["thermostat", "<script>"] = 1
    facts.rejected["<b>"] = 1
    name = Label("<img src=x>", "")
    page = report(HEAD._replace(name=name), DAY, dict(kinds()), facts, "en")
    assert "<script>" not in page
    assert "<img" not in page
    assert "<b>1" not in page
