"""What the tests of the outbox put into it, and look at."""

import sqlite3
from pathlib import Path
from typing import Any

from hub.messages import Code, Rejection
from hub.pipeline.outbox.entries import Commit
from schemas import Label

MIB = 1024 * 1024


def rejection(number: int = 0, booth: str | None = "b12") -> Rejection:
    return Rejection(
        Code.SCHEMA,
        Label(f"fault {number}", "오류"),
        "a/b",
        number,
        "{}",
        booth=booth,
        address=None,
    )


def readings(count: int, start: int = 0) -> Commit:
    lines = "\n".join(f"thermostat,booth=b12 temperature=1.0 {start + i}" for i in range(count))
    return Commit(lines.encode(), count, last_arrival=start + count, arrivals=(7, start + count))


def everything_in(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, read by another connection."""
    tables = ("batch", "delivered", "rejection", "refused", "account", "state")
    db = sqlite3.connect(path)
    found = {name: db.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}
    db.close()
    return found
