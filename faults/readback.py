"""The rows of a store, read past the hub: from the SQLite file, or from influxd."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from faults.oracle import Row
from faults.readings import KINDS
from harness.influxd import Influxd


def sqlite_rows(path: Path, booth: str) -> Iterator[Row]:
    """Yield what the embedded store has of a booth."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        for kind, (_, values) in KINDS.items():
            names = list(values(0))
            quoted = ", ".join(f'"{name}"' for name in names)
            query = f'SELECT device, ts, {quoted} FROM "{kind}" WHERE booth = ?'
            for device, ts, *found in db.execute(query, (booth,)):
                yield _row(kind, device, ts, names, found)


def influx_rows(influxd: Influxd, bucket: str, booth: str) -> Iterator[Row]:
    """Yield what influxd has of a booth."""
    for kind, (_, values) in KINDS.items():
        names = list(values(0))
        quoted = ", ".join(f'"{name}"' for name in names)
        query = f'SELECT {quoted} FROM "{kind}" WHERE "booth" = \'{booth}\' GROUP BY "device"'
        for series in influxd.ask(query, bucket):
            device = series["tags"]["device"]
            for ts, *found in series["values"]:
                yield _row(kind, device, ts, names, found)


def _row(kind: str, device: str, ts: int, names: list[str], found: list[object]) -> Row:
    there = {name: value for name, value in zip(names, found, strict=True) if value is not None}
    return Row(kind, device, ts, there)
