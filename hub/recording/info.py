"""Summarises a recording from its index at the end, independent of the file's size."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.summary import Summary

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.layout import Gap, gap_of
from hub.recording.reader import open_recording


@dataclass(frozen=True, slots=True)
class Info:
    """The summary of a recording.

    `size` is in bytes, `first` and `last` are times of receipt (ns), None without messages;
    `begin` and `end` are the recorder's metadata. `topics`, `booths`, `kinds` and `verdicts` count
    messages. `schemas` are those of the file by kind.
    """

    path: Path
    size: int
    messages: int
    first: int | None
    last: int | None
    topics: Mapping[str, int]
    booths: Mapping[str, int]
    kinds: Mapping[str, int]
    verdicts: Mapping[str, int]
    gaps: tuple[Gap, ...]
    begin: Mapping[str, str]
    end: Mapping[str, str]
    schemas: Mapping[str, bytes]

    @property
    def root(self) -> str:
        """The root of the topics."""
        return self.begin.get("root", "")

    def span(self) -> tuple[int, int]:
        """Return when the first and the last message were received (ns).

        Raises:
            RecordingError: there are none.
        """
        if self.first is None or self.last is None:
            raise RecordingError(f"{self.path} holds no messages; record some first")
        return self.first, self.last


def info(path: Path) -> Info:
    """Summarise a recording.

    Raises:
        RecordingError: the file is no recording, or has no index.
    """
    with open_recording(path) as file:
        try:
            return _info(path, file)
        except RecordingError:
            raise
        except Exception as exc:  # zlib, struct, Unicode: whatever a damaged index runs into
            raise RecordingError(
                f"{path}: its index cannot be read: {exc}; make it anew with: "
                f"hub recording repair {path}"
            ) from exc


def _info(path: Path, file: IO[bytes]) -> Info:
    reader = make_reader(file)
    summary = reader.get_summary()
    if summary is None or summary.statistics is None:
        raise McapError("there is none")
    metadata = list(reader.iter_metadata())
    said = {record.name: record.metadata for record in metadata}
    counts = _count(summary)
    about = sum(
        summary.statistics.channel_message_counts.get(channel.id, 0)
        for channel in summary.channels.values()
        if channel.topic == layout.ABOUT
    )
    messages = summary.statistics.message_count - about
    return Info(
        path=path,
        size=path.stat().st_size,
        messages=messages,
        first=summary.statistics.message_start_time if messages else None,
        last=summary.statistics.message_end_time if messages else None,
        topics=counts["topic"],
        booths=counts["booth"],
        kinds=counts["kind"],
        verdicts=counts["verdict"],
        gaps=tuple(gap_of(record.metadata) for record in metadata if record.name == layout.GAP),
        begin=said.get(layout.BEGIN, {}),
        end=said.get(layout.END, {}),
        schemas={item.name: item.data for item in summary.schemas.values()},
    )


def _count(summary: Summary) -> dict[str, Counter[str]]:
    counts = {name: Counter[str]() for name in ("topic", "booth", "kind", "verdict")}
    for channel in summary.channels.values():
        if channel.topic == layout.ABOUT or summary.statistics is None:
            continue
        messages = summary.statistics.channel_message_counts.get(channel.id, 0)
        said = {**channel.metadata, "topic": channel.topic}
        for name, counter in counts.items():
            if name in said and messages:
                counter[said[name]] += messages
    return counts
