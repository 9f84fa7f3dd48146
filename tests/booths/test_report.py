"""The report of a booth's day: what it counts, and that nobody's name becomes markup."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.booths.day_facts import CURVES, DEVICES, Curve, DayFacts, day_facts, live_time
from hub.booths.report import ReportHead, report
from hub.booths.take_home import Day
from hub.stores.store import Aggregate, Query, StoredRow
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
        hub.publish("b12/thermostat/try", {"temperature": 21})
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


def _curve(*values: float) -> Curve:
    kind = kinds()["thermostat"]
    points = tuple((TEN + 15 * number * MINUTE, value) for number, value in enumerate(values))
    return Curve(kind, "t1", kind.field("temperature"), points)


def test_the_page_sums_up_what_was_and_lists_it():
    facts = DayFacts()
    facts.readings.update({("thermostat", "t1"): 1_200, ("thermostat", "t2"): 3})
    facts.live["thermostat", "t1"] = 90 * MINUTE
    facts.rejected.update(schema=1_000, other=7)
    page = report(HEAD, DAY, dict(kinds()), facts, "en")
    for sums in (
        "<dt>Readings stored</dt><dd>1,203</dd>",
        "<dt>Devices</dt><dd>2</dd>",
        "<dt>Hours live, at most</dt><dd>1.5 h</dd>",
        "<dt>Messages rejected</dt><dd>1,007</dd>",
    ):
        assert sums in page
    for row in (
        '<th>Device</th><th>Kind</th><th class="n">Readings</th><th class="n">Hours live</th>',
        '<td>t1</td><td>Thermostat</td><td class="n">1,200</td><td class="n">1.5 h</td>',
        '<td>t2</td><td>Thermostat</td><td class="n">3</td><td class="n">0.0 h</td>',
        '<th>Cause</th><th class="n">Messages rejected</th>',
        '<td>Wrong value</td><td class="n">1,000</td></tr><tr><td>other</td><td class="n">7</td>',
    ):
        assert f"<tr>{row}</tr>" in page
    assert "Made on 2026-10-07 10:00</footer>" in page


def test_a_curve_fills_its_drawing_and_one_point_is_a_short_stroke():
    page = report(HEAD, DAY, dict(kinds()), DayFacts(curves=[_curve(20, 22, 21)]), "en")
    assert 'points="4.0,86.0 160.0,4.0 316.0,45.0"' in page
    assert "<span>20 … 22 °C</span>" in page
    assert '<div class="axis"><span>10:00</span><span>10:30</span></div>' in page
    page = report(HEAD, DAY, dict(kinds()), DayFacts(curves=[_curve(20)]), "en")
    assert 'points="4.0,45.0 8.0,45.0"' in page


@pytest.mark.parametrize(("devices", "curves", "said"), [(0, 0, 0), (2, 0, 1), (0, 3, 1)])
def test_what_is_too_many_to_show_is_counted(devices: int, curves: int, said: int):
    facts = DayFacts(curves=[_curve(20)], curves_left_out=curves)
    facts.readings.update(("thermostat", f"t{n}") for n in range(DEVICES + devices))
    page = report(HEAD, DAY, dict(kinds()), facts, "en")
    assert page.count(" more</p>") == said
    if said:
        assert f"<p>and {devices or curves} more</p>" in page
    assert page.count("<tr><td>t") == DEVICES


async def test_there_are_never_too_many_curves():
    async def ask(query: Query) -> list[StoredRow]:
        if query.measurement != "thermostat":
            return []
        fields = {"temperature": 21 if query.aggregate is Aggregate.COUNT else 21.5}
        return [
            StoredRow(TEN, "thermostat", {"booth": "b12", "device": f"t{number:02}"}, fields)
            for number in range(CURVES + 2)
        ]

    facts = await day_facts(ask, {"thermostat": kinds()["thermostat"]}, "b12", DAY)
    assert [curve.device for curve in facts.curves] == [f"t{number:02}" for number in range(CURVES)]
    assert facts.curves_left_out == 2
    assert facts.readings.total() == 21 * (CURVES + 2)


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
