"""Repairs a truncated or damaged recording: copies what is intact, and reports what was lost."""

import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple

from mcap.records import McapRecord

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.assembler import Assembler
from hub.recording.frames import (
    MAGIC,
    BehindTheEnd,
    DamagedRecord,
    Frame,
    frames,
    next_chunk,
    parse,
)
from hub.recording.info import Info, info
from hub.recording.layout import Gap
from hub.recording.opening import open_mcap, open_recording, without_messages
from hub.recording.writer import Writer, whole_recording
from schemas import KindSpec


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
    `remarks` are those of `Info`, of what was saved.
    """

    out: Path | None
    saved: int
    messages_lost: int
    gaps: tuple[Gap, ...]
    lost: tuple[Lost, ...]
    closed: bool
    remarks: tuple[str, ...] = ()


def repair(path: Path, out: Path, kinds: Mapping[str, KindSpec]) -> Repaired:
    """Copy the intact records of `path` to `out`, unless all are intact.

    Raises:
        RecordingError: it has no intact message, or `out` cannot be written.
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
    assembler = Assembler(path, lenient=True)
    # A first pass for the channels: those of a damaged chunk are also in the index.
    for frame, records in _whole_frames(file, lost, messages=False):
        list(assembler.feed(records, frame.offset))
    if not assembler.channels:
        open_mcap(path).close()  # which says what it is, if it is something else
    assembler.check_ours()
    whole = None if lost else _whole(path)
    if whole is not None:
        return Repaired(None, whole.messages, 0, (), (), closed=True, remarks=whole.remarks)
    with ExitStack() as stack:
        copy = _Copy(path, out, kinds, assembler, lost, stack)
        for frame, records in _whole_frames(file, []):
            copy.feed(frame, records)
        saved = copy.finish()
    gaps, left_out = tuple(copy.gaps), tuple(assembler.left_out())
    return Repaired(out, saved, copy.lost, gaps, tuple(lost), _is_closed(path), left_out)


def _is_closed(path: Path) -> bool:
    try:
        open_recording(path).close()
    except RecordingError:
        return False
    return True


def _whole(path: Path) -> Info | None:
    try:
        return info(path)
    except RecordingError:
        return None


class _Copy:
    """Copies messages, and finds gaps in their sequence numbers where bytes were lost."""

    def __init__(
        self,
        path: Path,
        out: Path,
        kinds: Mapping[str, KindSpec],
        assembler: Assembler,
        lost: Sequence[Lost],
        stack: ExitStack,
    ) -> None:
        self._path = path
        self._out = out
        self._kinds = kinds
        self._assembler = assembler
        self._metadata = list(assembler.metadata)
        self._damage = lost
        self._stack = stack
        self._writer: Writer | None = None
        self._before = _Place(0, 0, 0)
        self._missing: list[tuple[Gap, int]] = []
        self._ascending = True
        self.lost = 0
        self.gaps: list[Gap] = []

    def feed(self, frame: Frame, records: list[McapRecord]) -> None:
        """Copy the records of one frame of the file."""
        for _, message in self._assembler.feed(records, frame.offset):
            self._note(_Place(self._assembler.sequence, message.at, frame.offset))
            self._begun().add(message)

    def _begun(self) -> Writer:
        """The writer, once there is a message: a file without any is never written."""
        if self._writer is None:
            begin = dict(next(iter(self._said(layout.BEGIN)), {}))
            for name in ("format", "root"):
                begin.pop(name, None)
            root, schemas = self._assembler.root, self._assembler.schemas
            more = {"root": root, "begin": begin, "schemas": schemas}
            self._writer = self._stack.enter_context(
                whole_recording(self._out, self._kinds, **more)
            )
        return self._writer

    def _said(self, name: str) -> list[dict[str, str]]:
        return [record.metadata for record in self._metadata if record.name == name]

    def finish(self) -> int:
        """Add the gaps and close the file; return how many messages were saved.

        Raises:
            RecordingError: there was none.
        """
        writer, ends = self._writer, self._said(layout.END)
        if writer is None:
            raise without_messages(self._path)
        if len(ends) == 1 and self._damage:  # the file still has its count
            end = self._damage[-1].stop
            self._note(_Place(int(ends[0]["messages"]) + 1, self._before.at, end))
        self._settle()
        for gap in [*map(layout.gap_of, self._said(layout.GAP)), *self.gaps]:
            writer.add_gap(gap)
        lost = sum(item.stop - item.start for item in self._damage)
        said = {"messages_lost": str(self.lost), "bytes_lost": str(lost)}
        writer.close({"repaired": "yes", **said})
        return writer.messages

    def _note(self, place: "_Place") -> None:
        """Note what is missing before a message, if the file is damaged there."""
        before, missing = self._before, place.sequence - self._before.sequence - 1
        self._ascending = self._ascending and missing >= 0
        if any(before.offset <= item.start < place.offset for item in self._damage):
            self._missing.append((Gap(before.at or place.at, place.at, ""), missing))
        self._before = place

    def _settle(self) -> None:
        """Numbers that repeat or go back, as those of merged recordings, say nothing of a loss."""
        for gap, missing in self._missing:
            if not self._ascending:
                self.gaps.append(replace(gap, why="damaged: nobody knows how many were lost"))
            elif missing:
                why = f"damaged: {missing:,} messages were lost"
                self.gaps.append(replace(gap, why=why))
                self.lost += missing


class _Place(NamedTuple):
    """A message: its number, its time, and the offset of its frame."""

    sequence: int
    at: int
    offset: int


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
            except BehindTheEnd as exc:  # the channels of another file have the same numbers
                lost.append(Lost(exc.offset, len(view), str(exc)))
                return
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
    chunk = next_chunk(view, damaged + 1)
    if damaged < end < len(view):
        return min(chunk, end)
    return chunk
