"""Files: locks the data folder for one process, and writes files atomically."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hub.errors import SettingError

PRIVATE = 0o600
"""Readable and writable by the owner alone."""


def write_atomically(
    path: Path, octets: bytes, mode: int = PRIVATE, owner: tuple[int, int] | None = None
) -> None:
    """Write or replace a file atomically: after a crash it is the old one or the new one.

    Args:
        path: the file; written as `NAME.part` beside it, then renamed.
        octets: its content.
        mode: its permissions, set once all is written; 0600 until then.
        owner: its user id and group id; -1 leaves one as it is.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    # O_EXCL: never through a link that somebody put there meanwhile.
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(octets)
        if owner is not None:
            os.fchown(file.fileno(), *owner)
        os.fchmod(file.fileno(), mode)  # after the owner, for chown may take bits away
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def whole(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield the place to write a file at, `NAME.part`, which gets its name once it is whole.

    Nothing of it stays if writing fails. One that was not written stays away.

    Raises:
        FileExistsError: there is one of that name, and it is not to be replaced.
    """
    if not replace and path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        if part.exists():
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def lock(folder: Path) -> IO[str]:
    """Create and lock the data folder for this process, until the returned file is closed.

    Raises:
        SettingError: it cannot be written, or another hub is using it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / "hub.lock").open("w")
    except OSError as exc:
        why = exc.strerror or exc
        raise SettingError(f"HUB_DATA: cannot write to {folder}: {why}; set it to another") from exc
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        held.close()
        raise SettingError(
            f"HUB_DATA: another hub is using {folder}; stop it, or give this one its own folder"
        ) from exc
    return held
