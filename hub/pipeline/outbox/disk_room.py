"""Room on the outbox's disk: some is left free, for deleting what is stored needs it."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hub.errors import OutboxError, OutboxFull
from hub.stores import sqlite_file

ROOM = 6 * 1024**2
"""Bytes of the disk that are left free, besides as much as the log takes: it grows to some 4.3 MB
before it is written into the file, and by one deletion more."""


def leave_room(db: sqlite3.Connection, path: Path, size: int) -> None:
    """Return if the disk has room for `size` bytes more, and then for deleting them.

    On a disk that is full to the last page nothing can be deleted either, for that is written
    to the log (WAL) first; and the log can begin anew only once all of it fits into the file.

    Raises:
        OutboxFull: it has not.
        OutboxError: the folder is gone.
    """
    if _free_if_too_little(db, path, size) is None:
        return
    given_back(db, path)  # what the log holds may be long deleted
    free = _free_if_too_little(db, path, size)
    if free is not None:
        raise OutboxFull(
            f"outbox {path}: its disk is full but for {free} bytes, which are needed to "
            "delete readings; it goes on by itself when the store takes some or the disk "
            "has more room"
        )


def given_back(db: sqlite3.Connection, path: Path) -> bool:
    """Move what is in the log into the file; return whether the disk has more room by it."""
    before = sqlite_file.log_size(path)
    with contextlib.suppress(sqlite3.OperationalError):  # no room for even that
        sqlite_file.empty_log(db)
    return sqlite_file.log_size(path) < before


def _free_if_too_little(db: sqlite3.Connection, path: Path, size: int) -> int | None:
    """Bytes that are free on the disk, None if they are enough for `size` bytes more."""
    try:
        disk = os.statvfs(path.parent)
        growth = 2 * size + sqlite_file.log_size(path)
    except OSError as exc:
        raise OutboxError(
            f"outbox {path}: {exc.strerror}; is the data folder still there?"
        ) from exc
    free = disk.f_bavail * disk.f_frsize
    if free >= ROOM + growth or free >= ROOM + max(0, growth - _freed(db)):
        return None
    return free


def _freed(db: sqlite3.Connection) -> int:
    """Bytes of the file that will be written to before it grows."""
    (pages,), (size,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size")
    )
    return int(pages * size)
