"""A booth's readings to take home: tables for spreadsheets, with names, units and local times."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Literal, NamedTuple
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from hub.errors import QueryError
from hub.stores.store import Query, StoredRow
from hub.timestamps import SECOND
from schemas import KindSpec

PIECE = 20_000
"""Rows that are asked for, and written, at once."""
SHEET_ROWS = 1_048_575
"""Rows below the head of a sheet in Excel."""
_WINDOW = 3_600 * SECOND
_SHORTEST = SECOND // 1_000
_LAST_YEAR = 2262
"""The year in which times in ns are at an end."""
_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would run as a formula."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Language = Literal["en", "ko"]
Ask = Callable[[Query], Awaitable[list[StoredRow]]]
Run = Callable[..., Awaitable[Any]]
"""Runs a function with its arguments, perhaps in a thread."""


class Day(NamedTuple):
    """A day of the event, in its time zone."""

    day: date
    zone: ZoneInfo

    @property
    def span(self) -> tuple[int, int]:
        """Its beginning and its end, in ns.

        Raises:
            QueryError: no reading can be of that day.
        """
        if not 1970 < self.day.year < _LAST_YEAR:
            raise QueryError(f"day: {self.day} is no day of an event; write it like 2026-10-07")
        begin = datetime.combine(self.day, time(), self.zone)
        end = datetime.combine(self.day + timedelta(days=1), time(), self.zone)
        return int(begin.timestamp()) * SECOND, int(end.timestamp()) * SECOND

    def local(self, ts: int) -> str:
        """Return a time (ns) as a clock in the hall shows it, to the millisecond."""
        at = datetime.fromtimestamp(ts // SECOND, self.zone)
        return f"{at:%Y-%m-%d %H:%M:%S}.{ts % SECOND // 1_000_000:03}"


async def pieces(ask: Ask, kind: str, booth: str, day: Day) -> AsyncIterator[list[StoredRow]]:
    """Yield the stored rows of a booth's devices of a kind, oldest first, a piece at a time."""
    begin, end = day.span
    todo = [(at, min(at + _WINDOW, end)) for at in range(begin, end, _WINDOW)][::-1]
    while todo:
        start, stop = todo.pop()
        rows = await ask(Query(kind, start, stop, booth, limit=PIECE))
        if len(rows) == PIECE and stop - start > _SHORTEST:
            middle = (start + stop) // 2
            todo += [(middle, stop), (start, middle)]
        elif rows:
            yield rows


async def _here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


class DayExport:
    """Writes what a booth's devices sent on a day.

    Args:
        ask: the store's query.
        booth: whose devices.
        day: the day.
        language: that of the heads.
        run: runs what takes long.
        most: rows beyond which it is refused with a QueryError.
    """

    def __init__(
        self,
        ask: Ask,
        booth: str,
        day: Day,
        language: Language,
        run: Run = _here,
        most: int | None = None,
    ) -> None:
        self._ask, self._booth, self._day, self._language = ask, booth, day, language
        self._run, self._most = run, most
        self.rows = 0

    async def csv(self, kind: KindSpec, file: IO[bytes]) -> None:
        """Write the readings of a kind as CSV."""
        file.write(b"\xef\xbb\xbf")  # without it Excel reads Korean as another encoding
        file.write(csv_text([head(kind, self._day, self._language)]).encode())
        async for lines in self._lines(kind):
            file.write((await self._run(csv_text, lines)).encode())

    async def xlsx(self, kinds: Iterable[KindSpec], file: IO[bytes]) -> None:
        """Write the readings as a workbook, with a sheet for each kind that has some."""
        with closing(Workbook(file)) as book:
            for kind in kinds:
                begun = False
                async for lines in self._lines(kind):
                    if not begun:
                        book.sheet(kind.name, head(kind, self._day, self._language))
                        begun = True
                    await self._run(book.add, lines)

    async def _lines(self, kind: KindSpec) -> AsyncIterator[list[list[Any]]]:
        async for rows in pieces(self._ask, kind.name, self._booth, self._day):
            self.rows += len(rows)
            if self._most is not None and self.rows > self._most:
                raise QueryError(
                    f"the day has more than {self._most:,} rows; ask for one kind, or the "
                    "organisers for hub export"
                )
            yield [cells(kind, self._day, row) for row in rows]


def head(kind: KindSpec, day: Day, language: Language) -> list[str]:
    """Return the names of the columns, with units, and of flags with what `true` stands for."""
    first = [f"시각 ({day.zone.key})", "기기"] if language == "ko" else [f"time ({day.zone.key})"]
    first = first if language == "ko" else [*first, "device"]
    for spec in kind.fields:
        meant = f"true: {getattr(spec.words.true, language)}" if spec.words else spec.unit.symbol
        first.append(f"{getattr(spec.label, language)}{f' [{meant}]' if meant else ''}")
    return first


def cells(kind: KindSpec, day: Day, row: StoredRow) -> list[Any]:
    """Return a row's cells; None where a field was not sent."""
    values = [row.fields.get(spec.name) for spec in kind.fields]
    return [day.local(row.ts), row.tags.get("device", ""), *values]


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell


def csv_text(lines: Iterable[Sequence[Any]]) -> str:
    """Return lines of CSV; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([_shown(harmless(cell)) for cell in line])
    return out.getvalue()


def _shown(cell: Any) -> Any:
    return str(cell).lower() if isinstance(cell, bool) else cell


class Workbook:
    """An Excel workbook (ECMA-376), written sheet by sheet; text stays text, so nothing is run."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._names: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._rows = 0

    def sheet(self, name: str, columns: Sequence[str]) -> None:
        """Begin a sheet; the one before ends."""
        self._end()
        self._names.append(f"{name[:26]}-{len(self._names)}" if len(name) > 31 else name)
        path = f"xl/worksheets/sheet{len(self._names)}.xml"
        self._sheet = self._zip.open(path, "w", force_zip64=True)
        self._sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._rows = -1
        self.add([columns])

    def add(self, lines: Iterable[Sequence[Any]]) -> None:
        """Add lines to the sheet.

        Raises:
            QueryError: there are more than a sheet holds.
        """
        assert self._sheet is not None
        for line in lines:
            self._rows += 1
            if self._rows > SHEET_ROWS:
                raise QueryError(f"format: a sheet of Excel holds {SHEET_ROWS:,} rows; take csv")
            self._sheet.write(f"<row>{''.join(map(_cell, line))}</row>".encode())

    def _end(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()

    def close(self) -> None:
        """Write what holds the sheets together."""
        if not self._names:
            self.sheet("-", [])
        self._end()
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
            for at, name in zip(numbers, self._names, strict=True)
        )
        links = "".join(
            f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" '
            f'Target="worksheets/sheet{at}.xml"/>'
            for at in numbers
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for at in numbers
        )
        for path, text in {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relationships(links),
            "_rels/.rels": _relationships(
                f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
                'Target="xl/workbook.xml"/>'
            ),
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f"{parts}</Types>",
        }.items():
            self._zip.writestr(path, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
        self._zip.close()


def _relationships(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    text = escape(_NO_XML.sub("", str(value)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
