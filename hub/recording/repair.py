"""Repairs a truncated or damaged recording: copies what is intact, and reports what was lost."""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mcap.opcode import Opcode
from mcap.records import McapRecord, Metadata

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.frames import HEAD, MAGIC, DamagedRecord, Frame, frames, parse
from hub.recording.info import info
from hub.recording.layout import Gap
from hub.recording.reader import Assembler
from hub.recording.writer import Writer
from schemas import KindSpec

_ZSTD = b"\x04\x00\x00\x00zstd"
_BEFORE_ZSTD = HEAD + 8 + 8 + 8 + 4
"""Where the name of the compression stands in a chunk: after two times, a size and a checksum."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Bytes of the file that could not be read, and why."""

    start: int
    stop: int
    why: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The result of a repair: `out` is None if the recording was intact, and nothing was written.

    `gaps` are the times in which `messages_lost` messages are missing, known by their sequence
    numbers; a loss at the very end is known only in bytes. `closed` is whether it was closed.
    """

    out: Path | None
    saved: int
    messages_lost: int
    gaps: tuple[Gap, ...]
    lost: tuple[Lost, ...]
    closed: bool


def repair(path: Path, out: Path, kinds: Mapping[str, KindSpec]) -> Repaired:
    """Copy the intact records of `path` to `out`, unless all are intact.

    Raises:
        RecordingError: it has no intact record, or `out` cannot be written.
    """
    try:
        file = path.open("rb")
    except OSError as exc:
        raise RecordingError(f"{path}: cannot be read: {exc.strerror or exc}") from exc
    with file:
        if not file.read(1):
            raise RecordingError(f"{path} is empty: there is nothing to save")
        return _repair(path, file, out, kinds)


def _repair(path: Path, file: IO[bytes], out: Path, kinds: Mapping[str, KindSpec]) -> Repaired:
    lost: list[Lost] = []
    assembler = Assembler(path)
    found = False
    # A first pass for the channels: those of a damaged chunk are also in the index.
    for frame, records in _whole_frames(file, lost, messages=False):
        found = found or frame.opcode == Opcode.CHUNK
        for record in records:
            assembler.feed(record, frame.offset)
    if not found and not assembler.metadata:
        raise RecordingError(f"{path}: nothing in it is a recording; give one of hub record")
    closed = _has_index(path)
    if closed and not lost:
        return Repaired(None, _count(file, assembler), 0, (), (), closed)
    begin = next((it.metadata for it in assembler.metadata if it.name == layout.BEGIN), {})
    begin = {name: value for name, value in begin.items() if name not in {"format", "root"}}
    writer = Writer(out, kinds, root=assembler.root, begin=begin, schemas=assembler.schemas)
    copy = _Copy(writer, assembler)
    for frame, records in _whole_frames(file, []):
        copy.feed(frame, records)
    copy.finish()
    writer.close(
        {
            "repaired": "yes",
            "messages_lost": str(copy.lost),
            "bytes_lost": str(sum(item.stop - item.start for item in lost)),
        }
    )
    return Repaired(out, writer.messages, copy.lost, tuple(copy.gaps), tuple(lost), closed)


def _has_index(path: Path) -> bool:
    try:
        info(path)
    except RecordingError:
        return False
    return True


def _count(file: IO[bytes], assembler: Assembler) -> int:
    found = (
        assembler.feed(record, frame.offset)
        for frame, records in _whole_frames(file, [])
        for record in records
    )
    return sum(item is not None for item in found)


class _Copy:
    """Copies messages, and finds gaps in their sequence numbers."""

    def __init__(self, writer: Writer, assembler: Assembler) -> None:
        self._writer = writer
        self._assembler = assembler
        self._at = 0
        self._next = 1
        self.lost = 0
        self.gaps: list[Gap] = []

    def feed(self, frame: Frame, records: list[McapRecord]) -> None:
        """Copy the records of one frame of the file."""
        for record in records:
            if isinstance(record, Metadata) and record.name == layout.GAP:
                self._writer.add_gap(layout.gap_of(record.metadata))
            try:
                found = self._assembler.feed(record, frame.offset)
            except DamagedRecord:  # its channel stood in a chunk that is lost
                continue
            if found is not None:
                message, sequence = found[1], self._assembler.sequence
                self._note(sequence, message.at)
                self._next, self._at = sequence + 1, message.at
                self._writer.add(message)

    def finish(self) -> None:
        """Add the gap at the end, if the file still has its count of messages."""
        said = {record.name: record.metadata for record in self._assembler.metadata}
        if layout.END in said:
            self._note(int(said[layout.END]["messages"]) + 1, self._at)

    def _note(self, sequence: int, at: int) -> None:
        missing = sequence - self._next
        if missing > 0:
            gap = Gap(self._at or at, at, f"damaged: {missing:,} messages were lost")
            self._writer.add_gap(gap)
            self.gaps.append(gap)
            self.lost += missing


def _whole_frames(
    file: IO[bytes], lost: list[Lost], *, messages: bool = True
) -> Iterator[tuple[Frame, list[McapRecord]]]:
    """Yield every readable record, and add what lies between to `lost`."""
    offset = len(MAGIC)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        while True:
            try:
                for frame in frames(file, offset):
                    offset = frame.end
                    yield frame, parse(frame, messages=messages)
            except DamagedRecord as exc:
                after = _after(view, exc.offset, offset)
                if exc.offset < len(view):
                    lost.append(Lost(exc.offset, after, str(exc)))
                if after >= len(view):
                    return
                offset = after
            else:
                return


def _after(view: mmap.mmap, damaged: int, end: int) -> int:
    """The offset to resume at: after the damaged record, or at a chunk before that.

    `end` is where the record claimed to end, `damaged` itself if it claimed nothing.
    """
    chunk = _next_chunk(view, damaged + 1)
    if damaged < end < len(view):
        return min(chunk, end)
    return chunk


def _next_chunk(view: mmap.mmap, start: int) -> int:
    """The offset at which the next chunk seems to begin; the end of the file if there is none."""
    place = view.find(_ZSTD, start + _BEFORE_ZSTD)
    while place >= 0:
        chunk = place - _BEFORE_ZSTD
        if view[chunk] == Opcode.CHUNK:
            return chunk
        place = view.find(_ZSTD, place + 1)
    return len(view)
