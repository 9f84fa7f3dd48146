"""The files of one recording, with rotation by size and time."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from hub.clock import Clock
from hub.recording.layout import REJECTED, Gap, Recorded
from hub.recording.writer import Writer
from hub.timestamps import rfc3339
from schemas import KindSpec

MAX_INDEXED = 1_000_000
"""Entries of a file's index at which the next file is begun whatever was asked: 100 MB of memory,
reached after half an hour with 500 devices a second."""


class Files:
    """Writes a recording to a file, or to rotated files.

    Args:
        path: the file; with rotation, `name-0001.mcap` and so on.
        kinds: the catalogue.
        root: what topics start with.
        begin: metadata of the beginning.
        clock: for rotation by time.
        size: bytes after which to rotate, 0 for never.
        every: nanoseconds after which to rotate, 0 for never.

    Raises:
        RecordingError: a file exists already or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        kinds: Mapping[str, KindSpec],
        root: str,
        begin: Mapping[str, str],
        clock: Clock,
        size: int = 0,
        every: int = 0,
    ) -> None:
        self._path = path
        self._kinds = kinds
        self._root = root
        self._begin = begin
        self._clock = clock
        self._limit = size
        self._every = every
        self._closed_size = 0
        self.paths: list[Path] = []
        self.counts = Counter[str]()
        self._begin_file()

    @property
    def size(self) -> int:
        """Bytes written, all files together."""
        return self._closed_size + self._size

    def _begin_file(self) -> None:
        number = len(self.paths) + 1
        rotating = bool(self._limit or self._every) or number > 1
        name = f"{self._path.stem}-{number:04}{self._path.suffix}" if rotating else self._path.name
        path = self._path.with_name(name)
        begin = {"recorded": rfc3339(self._clock.now(), 6), "file": str(number), **self._begin}
        self._writer = Writer(path, self._kinds, root=self._root, begin=begin)
        self._opened = self._clock.monotonic()
        self._counts = Counter[str]()
        self._missed = 0
        self._gaps = 0
        self._size = 0
        self.paths.append(path)

    def add(self, message: Recorded) -> None:
        """Add a message; it is on disk after the next `flush`."""
        self._writer.add(message)
        self._counts[message.verdict] += 1

    def add_gap(self, gap: Gap) -> None:
        """Note a time in which messages may have been missed."""
        self._writer.add_gap(gap)
        self._gaps += 1
        self._missed += gap.stop - gap.start

    def flush(self) -> None:
        """Sync everything to disk, and rotate if it is due."""
        self._writer.flush()
        self._size = self._writer.size
        if self._due():
            self.close()
            self._begin_file()

    def _due(self) -> bool:
        full = bool(self._limit) and self._size >= self._limit
        old = bool(self._every) and self._clock.monotonic() - self._opened >= self._every
        return full or self._writer.indexed >= MAX_INDEXED or (old and self._writer.messages > 0)

    def close(self) -> None:
        """Finish the file that is open; safe to call twice."""
        if self._writer.closed:
            return
        self._writer.close(
            {
                **{verdict: str(count) for verdict, count in sorted(self._counts.items())},
                "gaps": str(self._gaps),
                "gaps_ms": str(self._missed // 1_000_000),
                "ended": rfc3339(self._clock.now(), 6),
            }
        )
        self._size = 0
        self._closed_size += self._writer.size
        self.counts.update(self._counts)

    def discard_if_empty(self) -> None:
        """Remove a file without messages."""
        if not self.totals:
            self._writer.abandon()
            self.paths[-1].unlink()

    @property
    def totals(self) -> Counter[str]:
        """Messages by verdict, all files together."""
        return self.counts if self._writer.closed else self.counts + self._counts

    @property
    def rejected(self) -> int:
        """The number of rejected messages, all reasons together."""
        return sum(count for verdict, count in self.totals.items() if verdict.startswith(REJECTED))
