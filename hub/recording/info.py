"""Summarises a recording from its index at the end; what other tools changed is read whole."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mcap.reader import make_reader

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.assembler import Assembler, Known
from hub.recording.frames import DamagedRecord, frames, parse
from hub.recording.layout import Gap, gap_of
from hub.recording.opening import damaged, open_recording


@dataclass(frozen=True, slots=True)
class Info:
    """The summary of a recording.

    `size` is in bytes, `first` and `last` are times of receipt (ns), None without messages;
    `begin` and `end` are the recorder's metadata, `root` what topics start with, empty if unknown.
    `topics`, `booths`, `kinds` and `verdicts` count messages. `schemas` are those of the file by
    kind. `remarks` say in sentences what other tools added, or took away.
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
    root: str
    remarks: tuple[str, ...]

    def span(self) -> tuple[int, int]:
        """Return when the first and the last message were received (ns).

        Raises:
            RecordingError: there are none.
        """
        if self.first is None or self.last is None:
            raise RecordingError(f"{self.path} holds no messages; record some first")
        return self.first, self.last


@dataclass
class _Counted:
    """What a recording holds, counted from its index or from its messages."""

    assembler: Assembler
    first: int | None = None
    last: int | None = None
    channels: Counter[Known] = field(default_factory=Counter)
    numbered: int = 0
    """The messages when it was recorded, as far as that is known."""
    with_properties: int = 0

    def add(self, at: int) -> None:
        """Count the message of `at` (ns) that was assembled last."""
        assert self.assembler.channel is not None
        self.channels[self.assembler.channel] += 1
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)


def info(path: Path) -> Info:
    """Summarise a recording: from its index, or from its messages if other tools changed it.

    Raises:
        RecordingError: the file is no recording, is damaged, or its index is.
    """
    with open_recording(path) as file:
        try:
            counted = _from_index(path, file)
        except RecordingError:
            raise
        except Exception as exc:  # zlib, struct, Unicode: whatever a damaged index runs into
            raise RecordingError(
                f"{path}: its index cannot be read: {exc}; make it again with: "
                f"hub recording repair {path}"
            ) from exc
        return _info(path, counted or _from_messages(path, file))


def _info(path: Path, counted: _Counted) -> Info:
    assembler, counts = counted.assembler, _by_part(counted.channels)
    said = {record.name: record.metadata for record in assembler.metadata}
    gaps = [gap_of(it.metadata) for it in assembler.metadata if it.name == layout.GAP]
    return Info(
        path=path,
        size=path.stat().st_size,
        messages=counted.channels.total(),
        first=counted.first,
        last=counted.last,
        topics=counts["topic"],
        booths=counts["booth"],
        kinds=counts["kind"],
        verdicts=counts["verdict"],
        gaps=tuple(gaps),
        begin=said.get(layout.BEGIN, {}),
        end=said.get(layout.END, {}),
        schemas=assembler.schemas,
        root=assembler.known_root or "",
        remarks=tuple(_remarks(counted)),
    )


def _by_part(channels: Counter[Known]) -> dict[str, Counter[str]]:
    counts = {name: Counter[str]() for name in ("topic", "booth", "kind", "verdict")}
    for channel, messages in channels.items():
        said = {**channel.names._asdict(), "topic": channel.topic, "verdict": channel.verdict}
        for name, counter in counts.items():
            if said[name] is not None and messages:
                counter[said[name]] += messages
    return counts


def _remarks(counted: _Counted) -> Iterator[str]:
    """Say what other tools added or took away."""
    assembler, messages = counted.assembler, counted.channels.total()
    yield from assembler.left_out()
    if (taken := counted.numbered - messages - assembler.nameless) > 0:
        yield f"another tool took away {taken:,} of {counted.numbered:,} messages"
    if (properties := counted.with_properties - assembler.abouts) > 0:
        yield f"another tool took away the MQTT 5 properties of {properties:,} messages"
    if messages and not any(it.name == layout.BEGIN for it in assembler.metadata):
        yield "another tool took away the metadata: how it began, and what was missed"


def _from_index(path: Path, file: IO[bytes]) -> _Counted | None:
    """Count a recording as a hub closed it; None for another, whose index tells less or nothing."""
    reader = make_reader(file)
    summary = reader.get_summary()
    found = summary.statistics if summary is not None else None
    if summary is None or found is None:
        return None
    counted = _Counted(Assembler(path))
    records = [*summary.schemas.values(), *summary.channels.values(), *reader.iter_metadata()]
    list(counted.assembler.feed(records, 0))
    for number, channel in counted.assembler.channels.items():
        counted.channels[channel] += found.channel_message_counts.get(number, 0)
    messages, ends = counted.channels.total(), _ends(counted.assembler, "messages")
    about = sum(
        found.channel_message_counts.get(number, 0)
        for number, channel in summary.channels.items()
        if channel.topic == layout.ABOUT
    )
    # An older recording does not say how many messages have metadata.
    said = _ends(counted.assembler, "about") or about
    if ends != messages or said != about or found.message_count != messages + about:
        return None
    if messages:
        counted.first, counted.last = found.message_start_time, found.message_end_time
    return counted


def _from_messages(path: Path, file: IO[bytes]) -> _Counted:
    counted = _Counted(Assembler(path))
    assembler, highest = counted.assembler, 0
    try:
        for frame in frames(file):
            for _, message in assembler.feed(parse(frame), frame.offset):
                counted.add(message.at)
                highest = max(highest, assembler.sequence)
    except DamagedRecord as exc:
        raise damaged(path, exc) from exc
    assembler.check_ours()
    # Numbers count up from 1 in each recording, so at least so many were there.
    counted.numbered = max(highest, _ends(assembler, "messages") or 0)
    counted.with_properties = _ends(assembler, "about") or 0
    return counted


def _ends(assembler: Assembler, what: str) -> int | None:
    """What recorders said when they closed the file, or the files that were merged in it."""
    ends = [it.metadata for it in assembler.metadata if it.name == layout.END]
    return sum(int(said.get(what, 0)) for said in ends) if ends else None
