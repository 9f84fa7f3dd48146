"""A booth's readings of a day, as tables."""

import asyncio
import csv
import io
import zipfile
from contextlib import closing, nullcontext
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from hub.booths import take_home
from hub.booths.take_home import Day, DayExport, Workbook, csv_text, head
from hub.cli import export
from hub.errors import QueryError
from hub.settings import given
from hub.stores.store import Query, StoredRow
from hub.timestamps import SECOND
from schemas import kinds
from tests.web.conftest import open_site

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
async def site(tmp_path, clock):
    async with open_site(tmp_path / "data", clock) as site:
        for number in range(5):
            await site.publish("b12/thermostat/t1", f'{{"temperature": {number}, "mode": "heat"}}')
        await site.publish("b12/door_lock/d1", '{"state": "locked", "tamper": true}')
        await site.publish("b13/thermostat/t1", '{"temperature": 77}')
        await site.stored()
        site.clock.advance(1)
        yield site


def test_a_day_is_the_event_s():
    start, stop = Day(date(2026, 10, 7), SEOUL).span
    assert stop - start == 86_400 * SECOND
    assert Day(date(2026, 10, 7), SEOUL).local(start + 7_999_999) == "2026-10-07 00:00:00.007"


@pytest.mark.parametrize(
    ("year", "fits"), [(1970, False), (1971, True), (2261, True), (2262, False)]
)
def test_a_day_that_no_reading_can_be_of_is_refused(year: int, fits: bool):
    with nullcontext() if fits else pytest.raises(QueryError, match="no day of an event"):
        assert Day(date(year, 10, 7), SEOUL).span


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["time (Asia/Seoul)", "device", "Temperature [°C]"]),
        ("ko", ["시각 (Asia/Seoul)", "기기", "온도 [°C]"]),
    ],
)
def test_the_columns_have_names_and_units(language, names):
    assert head(kinds()["thermostat"], Day(date(2026, 10, 7), SEOUL), language)[:3] == names


def text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def test_a_workbook_holds_each_cell_as_it_is():
    file = io.BytesIO()
    with closing(Workbook(file)) as book:
        book.sheet("a" * 32, ["first"])
        book.add([[None, False, 1.5, "=1 <\x00>"]])
        book.sheet("b" * 31, [])
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.partition("<sheetData>")[2] == (
            f"<row>{text_cell('first')}</row>"
            f'<row><c/><c t="b"><v>0</v></c><c><v>1.5</v></c>{text_cell("=1 &lt;&gt;")}</row>'
            "</sheetData></worksheet>"
        )
        names = parts.read("xl/workbook.xml").decode()
        assert f'<sheet name="{"a" * 26}-0" sheetId="1" r:id="rId1"/>' in names
        assert f'<sheet name="{"b" * 31}" sheetId="2" r:id="rId2"/>' in names


def test_a_workbook_without_readings_has_the_one_sheet_that_each_must_have():
    """ECMA-376, 18.2.20: at least one sheet, or Excel calls the file damaged."""
    file = io.BytesIO()
    Workbook(file).close()
    with zipfile.ZipFile(file) as found:
        assert found.read("xl/workbook.xml").count(b"<sheet ") == 1
        assert b"<sheetData>" in found.read("xl/worksheets/sheet1.xml")


def test_a_sheet_holds_so_many_rows_and_says_what_to_take_for_more(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(take_home, "SHEET_ROWS", 2)
    book = Workbook(io.BytesIO())
    book.sheet("a", ["first"])
    book.add([[1], [2]])
    with pytest.raises(QueryError, match="holds 2 rows; take csv"):
        book.add([[3]])
    book.close()


async def test_more_rows_than_a_booth_may_ask_for_are_refused():
    async def ask(query: Query) -> list[StoredRow]:
        return [StoredRow(query.start, query.measurement, {"device": "t1"}, {"temperature": 21.5})]

    kind, day = kinds()["thermostat"], Day(date(2026, 10, 7), SEOUL)
    whole = DayExport(ask, "b12", day, "en", most=24)  # one an hour
    await whole.csv(kind, io.BytesIO())
    assert whole.rows == 24
    with pytest.raises(QueryError, match="has more than 23 rows"):
        await DayExport(ask, "b12", day, "en", most=23).csv(kind, io.BytesIO())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_run_as_a_formula(text):
    assert next(csv.reader(io.StringIO(csv_text([[text]])))) == [f"'{text}"]


async def test_csv_has_names_units_and_local_times(site):
    answer = await site.get("/api/booths/b12/export?format=csv&kind=thermostat&lang=ko")
    assert answer.headers["content-disposition"].startswith('attachment; filename="b12-thermostat')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["시각 (Asia/Seoul)", "기기", "온도 [°C]"]
    assert [row[1:3] for row in rows[1:]] == [["t1", f"{number}.0"] for number in range(5)]
    assert rows[1][0].startswith("2025-10-09 17:53:20")


async def test_excel_has_a_sheet_for_each_kind_of_this_booth_alone(site):
    answer = await site.get("/api/booths/b12/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert book.testzip() is None
        names = book.read("xl/workbook.xml").decode()
        assert 'name="door_lock"' in names
        assert 'name="thermostat"' in names
        sheets = [book.read(f"xl/worksheets/sheet{at}.xml").decode() for at in (1, 2)]
    assert "locked" in sheets[0]
    assert '<c t="b"><v>1</v></c>' in sheets[0]
    assert "Temperature [°C]" in sheets[1]
    assert "77" not in sheets[1]


async def test_more_rows_than_one_question_brings_come_all_and_in_order(site, monkeypatch):
    monkeypatch.setattr(take_home, "PIECE", 2)
    monkeypatch.setattr(take_home, "_SHORTEST", 1)
    answer = await site.get("/api/booths/b12/export?format=csv&kind=thermostat")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    assert [row[2] for row in rows] == ["0.0", "1.0", "2.0", "3.0", "4.0"]


async def test_a_day_without_readings_is_a_table_without_rows(site):
    answer = await site.get("/api/booths/b12/export?format=csv&kind=thermostat&day=2020-01-01")
    assert len(answer.text.splitlines()) == 1
    answer = await site.get("/api/booths/b12/export?day=2020-01-01")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
async def test_the_command_writes_them_from_the_store(tmp_path, clock, form):
    async with open_site(tmp_path / "data", clock) as site:
        await site.publish("b12/thermostat/t1", '{"temperature": 21.5}')
        await site.stored()
    settings = given({"data": tmp_path / "data"})
    day = Day(date(2025, 10, 9), SEOUL)
    found = await export._export(settings, "b12", day, export.TakeHomeFormat(form), tmp_path, "en")
    ((path, rows),) = ((path, rows) for path, rows in found.items() if rows)
    assert rows == 1
    assert path.suffix == f".{form}"
    assert path.stat().st_size > 50


async def test_a_booth_has_one_table_written_at_a_time(site, monkeypatch):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> list[StoredRow]:
        begun.set()
        await go_on.wait()
        return []

    monkeypatch.setattr(site.hub.parts.store_fence, "query", slow)
    first = asyncio.create_task(site.get("/api/booths/b12/export"))
    await begun.wait()
    second = await site.get("/api/booths/b12/export")
    assert (second.status_code, second.headers["retry-after"]) == (503, "5")
    assert "another table of b12 is being written" in second.json()["message"]
    go_on.set()
    assert (await first).status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
async def test_an_export_that_fails_leaves_the_one_of_before(tmp_path, monkeypatch, form):
    name = "b12-2026-10-07" + ("" if form == "xlsx" else "-thermostat")
    before = tmp_path / f"{name}.{form}"
    before.write_bytes(b"of before")

    async def fails(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await export._whole(before, fails)
    assert before.read_bytes() == b"of before"
    assert sorted(tmp_path.iterdir()) == [before]
