"""Damage of the outbox's file: marks it, and looks for it before the next start."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from hub.errors import OutboxBroken, OutboxError

VERSION = 2
"""The version of the outbox, kept as SQLite's `user_version`. 0 is from before it was; up to 1 all
batches are line protocol."""
CHECKED = 256 * 1024 * 1024
"""Bytes of a file that is checked whole after a stop that was not clean: a second or two. A larger
one is checked when it does not open or something in it did not read: 1 GiB takes 4 to 8 s."""
NAMED = ("account", "state")

log = logging.getLogger("hub.pipeline.outbox")
_CORRUPT = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB


def broken(path: Path, exc: sqlite3.Error) -> OutboxError:
    """Map an error of SQLite to OutboxError; damage is marked, to be salvaged at the next start."""
    if _code(exc) not in _CORRUPT:
        return OutboxError(f"outbox {path}: {exc}; check the folder, its rights and disk")
    try:
        mark_of(path).touch()
    except OSError as failed:
        log.error("cannot mark %s as damaged: %s", path, failed)
    return OutboxBroken(
        f"outbox {path} is damaged: {exc}; stop the hub and start it again: it then saves what "
        "can be read, and keeps the damaged file beside the new one"
    )


def _code(exc: sqlite3.Error) -> int:
    return int(getattr(exc, "sqlite_errorcode", None) or 0) & 0xFF


def mark_of(path: Path) -> Path:
    """Return the file that marks an outbox as damaged."""
    return path.with_name(f"{path.name}.damaged")


def damage_of(path: Path) -> str | None:
    """Return the damage of the file as SQLite reports it; None if there is none."""
    unclean = path.with_name(f"{path.name}-wal").exists()  # SQLite removes it at a clean stop
    whole = mark_of(path).exists() or (unclean and path.stat().st_size <= CHECKED)
    try:
        with closing(sqlite3.connect(path)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            _check_owner(path, tables, int(db.execute("PRAGMA user_version").fetchone()[0]))
            for table in tables & {*NAMED}:
                db.execute(f"SELECT * FROM {table}").fetchall()
            for table, column in (
                ("memory", "value"),
                ("device", "name"),
                ("batch", "lines"),
                ("refused", "line"),
                ("delivered", "entries"),
            ):
                if table in tables:
                    db.execute(f"SELECT sum(length({column})) FROM {table}").fetchone()
            if whole:
                (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
                return None if said == "ok" else " ".join(str(said).split())
    except sqlite3.Error as exc:
        if _code(exc) in _CORRUPT:
            return str(exc)
        raise OutboxError(f"outbox {path}: {exc}; check the folder, its rights and disk") from exc
    return None


def _check_owner(path: Path, tables: set[str], version: int) -> None:
    if tables and "batch" not in tables:
        raise OutboxError(
            f"outbox {path} is a SQLite file of another program, with tables like {min(tables)}; "
            "move it away, or set HUB_DATA to another folder"
        )
    if version > VERSION:
        raise OutboxError(
            f"outbox {path} was written by a newer hub (version {version} of its tables, this hub "
            f"knows {VERSION}); start that one, or set HUB_DATA to another folder"
        )
