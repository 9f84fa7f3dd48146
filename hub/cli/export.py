"""`hub export`: a booth's readings of a day, to take home."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.options import warn_of_booth, with_settings
from hub.files import whole

if TYPE_CHECKING:
    from hub.booths.take_home import Day
    from hub.settings import Settings
    from hub.stores.store import Store
    from schemas import KindSpec


class TakeHomeFormat(StrEnum):
    """What to write."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    HTML = "html"


@with_settings("store", "data", "zone", "kinds", "influx_token_file")
def export(
    settings: "Settings",
    booth: Annotated[str, typer.Option(help="The booth.")],
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="A day of the event. [default: today]"),
    ] = None,
    to: Annotated[
        TakeHomeFormat,
        typer.Option(
            "--format", help="xlsx is one file, csv and parquet one a kind, html a report to print."
        ),
    ] = TakeHomeFormat.XLSX,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    lang: Annotated[
        str | None, typer.Option(help="The language of the head: en or ko. [default: en]")
    ] = None,
) -> None:
    """Write a booth's readings of a day for spreadsheets, with names, units and local times."""
    import asyncio
    from zoneinfo import ZoneInfo

    from hub.booths.take_home import Day
    from hub.errors import QueryError
    from hub.event.zone import load
    from hub.topics import BOOTH

    if lang is not None and to is TakeHomeFormat.PARQUET:
        raise typer.BadParameter(
            "--lang: columns of Parquet have the fields' own names; leave it out, or take csv"
        )
    if lang not in {None, "en", "ko"} or not BOOTH.fullmatch(booth):
        raise typer.BadParameter("--lang is en or ko, --booth an id like b12")
    zone = ZoneInfo(load(settings.zone).event.timezone)
    chosen = Day(day.date() if day is not None else datetime.now(zone).date(), zone)
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = asyncio.run(_export(settings, booth, chosen, to, out, lang or "en"))
    except OSError as exc:
        raise QueryError(f"{exc.filename}: {exc.strerror}; name another folder") from exc
    for path, rows in written.items():
        typer.echo(f"{path}  {rows:,} readings")
    if not written:
        warn_of_booth(settings, booth)
        typer.echo(f"{booth}: no readings on {chosen.day} ({zone.key}); nothing was written")


async def _export(
    settings: "Settings", booth: str, day: "Day", to: TakeHomeFormat, out: Path, lang: str
) -> dict[Path, int]:
    from hub.event.catalogue import load
    from hub.stores import store_of

    kinds = load(settings)
    store = store_of(settings, kinds)
    name = f"{booth}-{day.day}"
    try:
        if to is TakeHomeFormat.XLSX:
            path = out / f"{name}.xlsx"
            rows = await _whole(path, partial(_xlsx, store, kinds, booth, day, lang))
            return {path: rows} if rows else {}
        if to is TakeHomeFormat.HTML:
            path = out / f"{name}.html"
            rows = await _whole(path, partial(_html, settings, store, kinds, booth, day, lang))
            return {path: rows} if rows else {}
        written: dict[Path, int] = {}
        write = _csv if to is TakeHomeFormat.CSV else _parquet
        for spec in kinds.values():
            path = out / f"{name}-{spec.name}.{to.value}"
            rows = await _whole(path, partial(write, store, spec, booth, day, lang))
            written |= {path: rows} if rows else {}
        return written
    finally:
        await store.close()


async def _whole(path: Path, write: "Callable[[Path], Awaitable[int]]") -> int:
    """Write a file that is there once it is whole and has readings; until then that of before."""
    with whole(path, replace=True) as part:
        rows = await write(part)
        if not rows:
            part.unlink(missing_ok=True)
    return rows


async def _xlsx(
    store: "Store", kinds: "dict[str, KindSpec]", booth: str, day: "Day", lang: Any, path: Path
) -> int:
    from hub.booths.take_home import DayExport

    export = DayExport(store.query, booth, day, lang)
    with path.open("wb") as file:
        await export.xlsx(kinds.values(), file)
    return export.rows


async def _html(
    settings: "Settings", store: "Store", kinds: "dict[str, KindSpec]", booth: str, day: "Day",
    lang: Any, path: Path,
) -> int:  # fmt: skip
    import time

    from hub.booths.day_facts import day_facts
    from hub.booths.report import ReportHead, report
    from hub.event.zone import load
    from schemas import Label

    zone = load(settings.zone)
    name = next((item.label() for item in zone.booth if item.id == booth), Label("", ""))
    facts = await day_facts(store.query, kinds, booth, day)
    head = ReportHead(zone.event.label(), booth, name, time.time_ns())
    with path.open("w", encoding="utf-8") as file:
        file.write(report(head, day, kinds, facts, lang))
    return facts.readings.total()


async def _csv(
    store: "Store", spec: "KindSpec", booth: str, day: "Day", lang: Any, path: Path
) -> int:
    from hub.booths.take_home import DayExport

    export = DayExport(store.query, booth, day, lang)
    with path.open("wb") as file:
        await export.csv(spec, file)
    return export.rows


async def _parquet(
    store: "Store", spec: "KindSpec", booth: str, day: "Day", _lang: Any, path: Path
) -> int:
    from hub.booths.take_home import pieces
    from hub.recording.export import ReadingsParquet

    total = 0
    with ExitStack() as stack:
        table = None
        async for rows in pieces(store.query, spec.name, booth, day):
            table = table or stack.enter_context(closing(ReadingsParquet(spec, path)))
            for row in rows:
                table.add_row(row.ts, row.tags, row.fields)
            total += len(rows)
    return total
