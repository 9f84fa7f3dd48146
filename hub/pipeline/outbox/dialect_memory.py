"""What dialects remember, in the outbox's file: discovery, births, which kinds a device is."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from hub.dialects.memory import Key

_COLUMNS = ("booth", "dialect", "name", "value")


def remember(db: sqlite3.Connection, memory: Mapping[Key, Any]) -> None:
    """Replace these entries, inside the caller's transaction; None deletes one."""
    db.executemany(
        "DELETE FROM memory WHERE booth = ? AND dialect = ? AND name = ?",
        [key for key, value in memory.items() if value is None],
    )
    db.executemany(
        "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)",
        [(*key, json.dumps(value)) for key, value in memory.items() if value is not None],
    )


def remembered(db: sqlite3.Connection) -> list[tuple[str, str, str, Any]]:
    """Return booth, dialect, name and value of each entry; a damaged one is not worth a start."""
    blobs = ", ".join(f"CAST({column} AS BLOB)" for column in _COLUMNS)
    rows = db.execute(f"SELECT {blobs} FROM memory").fetchall()
    return [entry for row in rows if (entry := _entry(row)) is not None]


def _entry(row: Sequence[bytes]) -> tuple[str, str, str, Any] | None:
    try:
        booth, dialect, name, value = (part.decode() for part in row)
        return booth, dialect, name, json.loads(value)
    except ValueError:
        return None
