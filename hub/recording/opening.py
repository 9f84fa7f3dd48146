"""Opens a recording; every command reports a file that is none with the same error."""

import mmap
from pathlib import Path
from typing import IO

from mcap.opcode import Opcode

from hub.errors import RecordingError
from hub.recording.frames import MAGIC, DamagedRecord, frames, next_chunk

_PACKED = {
    b"\x28\xb5\x2f\xfd": ("zstd", "zstd -d"),
    b"\x04\x22\x4d\x18": ("lz4", "lz4 -d"),
    b"\x1f\x8b": ("gzip", "gunzip"),
}
_HOLDS = {Opcode.MESSAGE, Opcode.CHUNK}


def open_recording(path: Path) -> IO[bytes]:
    """Open a recording that was closed properly.

    Raises:
        RecordingError: it does not exist, is no recording, or was not closed.
    """
    file = open_mcap(path)
    if _is_closed(file):
        file.seek(0)
        return file
    with file:
        if not _holds_messages(file):
            raise without_messages(path)
    raise RecordingError(
        f"{path} ends early: it was not closed, or not copied whole; {_mend(path)}"
    )


def _is_closed(file: IO[bytes]) -> bool:
    file.seek(-len(MAGIC), 2)
    return file.tell() >= len(MAGIC) and file.read() == MAGIC


def _holds_messages(file: IO[bytes]) -> bool:
    """Whether there is a message, or a chunk of them behind the place where it is damaged."""
    try:
        return any(frame.opcode in _HOLDS for frame in frames(file))
    except DamagedRecord as exc:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return next_chunk(view, exc.offset + 1) < len(view)


def open_mcap(path: Path) -> IO[bytes]:
    """Open a file that begins like an MCAP file.

    Raises:
        RecordingError: it does not exist, is empty, or is something else.
    """
    try:
        file = path.open("rb")
        magic = file.read(len(MAGIC))
    except OSError as exc:
        raise RecordingError(f"{path}: cannot be read: {exc.strerror or exc}") from exc
    if magic == MAGIC:
        return file
    file.close()
    refuse_packed(path, magic)
    raise RecordingError(f"{path} is no MCAP file; give one that hub record wrote")


def refuse_packed(path: Path, begins: bytes) -> None:
    """Refuse a file that is empty, or packed as a whole, by its first bytes.

    Raises:
        RecordingError: it is.
    """
    if not begins:
        raise RecordingError(f"{path} is empty; nothing was recorded, or it was not copied")
    for start, (name, command) in _PACKED.items():
        if begins.startswith(start):
            raise RecordingError(
                f"{path} is packed as a whole with {name}; unpack it first: {command} {path}"
            )


def without_messages(path: Path) -> RecordingError:
    """The error for a file that ends before its first message."""
    return RecordingError(
        f"{path} ends early, before its first message: it holds no messages, and there is nothing "
        "to save"
    )


def damaged(path: Path, exc: DamagedRecord) -> RecordingError:
    """The error for a file with a record that cannot be read."""
    return RecordingError(f"{path} is damaged at byte {exc.offset:,}: {exc}; {_mend(path)}")


def _mend(path: Path) -> str:
    return f"save what is whole with: hub recording repair {path}"
