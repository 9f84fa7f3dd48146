"""The hub's SQLite files: private to their owner, with a bounded write-ahead log (WAL).

SQLite can restart its WAL only when no reader uses it: one program that stays in a read transaction
lets it grow with every write, until the disk is full.
"""

import contextlib
import logging
import os
import sqlite3
import stat
from pathlib import Path

LOG_LIMIT = 256 * 1024 * 1024
"""Bytes that a log may take before nothing more is written. Left alone it takes some 4 MB, and more
for as long as a question to the store lasts."""
_PATIENCE = 100
"""ms to wait for current readers when the WAL is restarted."""

log = logging.getLogger("hub.files")


def make_private(path: Path) -> None:
    """Create the file if it is missing; it and SQLite's files beside it are its owner's alone."""
    # Not opened if it exists: to close it would release SQLite's locks (POSIX: fcntl, close).
    with contextlib.suppress(OSError):  # SQLite says what is wrong
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for item in (path, _beside(path, "-wal"), _beside(path, "-shm")):
        try:
            mode = item.stat().st_mode
            if stat.S_ISREG(mode) and mode & 0o077:
                item.chmod(mode & 0o700)
        except FileNotFoundError:
            continue
        except OSError as exc:
            log.warning("cannot take %s from other accounts: %s", item, exc.strerror)


def log_size(path: Path) -> int:
    """Return the bytes of the log of the file at `path`; 0 if there is none."""
    try:
        return os.stat(f"{path}-wal").st_size  # noqa: PTH116 - a Path costs 20 µs, at each commit
    except FileNotFoundError:
        return 0


def outgrown(db: sqlite3.Connection, path: Path) -> str | None:
    """Restart a WAL that has outgrown its limit; return why that is impossible, else None.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    if log_size(path) <= LOG_LIMIT:
        return None
    empty_log(db)
    size = log_size(path)
    if size <= LOG_LIMIT:
        return None
    return (
        f"its log has grown to {size} bytes, for another program stays in a read transaction; end "
        f"that program (fuser {path} names it)"
    )


def empty_log(db: sqlite3.Connection) -> None:
    """Move what is in the WAL into the file, and give its bytes back, if no reader needs them.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    (usual,) = db.execute("PRAGMA busy_timeout").fetchone()
    db.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    try:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        db.execute(f"PRAGMA busy_timeout={usual}")


def _beside(path: Path, end: str) -> Path:
    return path.with_name(f"{path.name}{end}")
