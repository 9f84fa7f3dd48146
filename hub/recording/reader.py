"""Reads a recording in the order in which it was recorded, a chunk at a time."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from mcap.records import Channel, McapRecord, Message, Metadata, Schema

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.frames import MAGIC, DamagedRecord, frames, parse, times_of
from hub.recording.layout import Recorded, TopicNames, names_of
from hub.recording.writer import ROOT

_ANOTHER = "another program wrote it; give one that hub record wrote"
_NO_NAMES = TopicNames(None, None, None)


class _Known(NamedTuple):
    """A channel, parsed: what its messages have in common."""

    topic: str
    qos: int
    retain: bool
    verdict: str
    names: TopicNames


def read(
    path: Path,
    *,
    start: int | None = None,
    stop: int | None = None,
    booth: str | None = None,
    kind: str | None = None,
) -> Iterator[Recorded]:
    """Return the messages in order of recording: from `start`, before `stop` (ns).

    Raises:
        RecordingError: the file is no recording, or is incomplete; raised at once if its end shows
            it, else while the messages are read.
    """
    open_recording(
        path
    ).close()  # so that faults at its end are raised now, not at the first message
    found = _read(path, start, stop)
    return (
        message
        for names, message in found
        if booth in {None, names.booth} and kind in {None, names.kind}
    )


def open_recording(path: Path) -> IO[bytes]:
    """Open a recording that was closed properly.

    Raises:
        RecordingError: it does not exist, is no recording, or was not closed.
    """
    file = open_mcap(path)
    file.seek(-len(MAGIC), 2)
    if file.tell() < len(MAGIC) or file.read() != MAGIC:
        file.close()
        raise RecordingError(
            f"{path} ends early: it was not closed, or not copied whole; {_mend(path)}"
        )
    file.seek(0)
    return file


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
    if not magic:
        raise RecordingError(f"{path} is empty; nothing was recorded, or it was not copied")
    raise RecordingError(f"{path} is no MCAP file; give one that hub record wrote")


def _mend(path: Path) -> str:
    return f"save what is whole with: hub recording repair {path}"


def _read(path: Path, start: int | None, stop: int | None) -> Iterator[tuple[TopicNames, Recorded]]:
    """Yield each message with the parts of its topic."""
    assembler = Assembler(path)
    with open_recording(path) as file:
        try:
            for frame in frames(file):
                # Channels and schemas of a chunk count, even if none of its messages does.
                wanted = _overlaps(times_of(frame), start, stop)
                for record in parse(frame, messages=wanted):
                    found = assembler.feed(record, frame.offset)
                    if found is None or (start is not None and found[1].at < start):
                        continue
                    if stop is None or found[1].at < stop:
                        yield found
        except DamagedRecord as exc:
            raise RecordingError(
                f"{path} is damaged at byte {exc.offset:,}: {exc}; {_mend(path)}"
            ) from exc


def _overlaps(span: tuple[int, int] | None, start: int | None, stop: int | None) -> bool:
    if span is None:
        return True
    return (start is None or span[1] >= start) and (stop is None or span[0] < stop)


class Assembler:
    """Assembles messages from records, in their order; keeps the channels seen so far.

    `sequence` is the number of the last message in the file, `root` what topics start with.

    Args:
        path: the file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._channels: dict[int, _Known] = {}
        self._about: tuple[int, Mapping[str, Any]] = (-1, {})
        self.root = ROOT
        self.sequence = 0
        self.schemas: dict[str, bytes] = {}
        self.metadata: list[Metadata] = []

    def feed(self, record: McapRecord, offset: int) -> tuple[TopicNames, Recorded] | None:
        """Add a record; return the message if it is one, with the parts of its topic.

        Raises:
            RecordingError: the file was not written by a hub.
            DamagedRecord: a message's channel is missing, or its properties are not JSON.
        """
        match record:
            case Message():
                try:
                    return self._message(record)
                except (KeyError, ValueError, TypeError, AttributeError) as exc:
                    said = f"a message of an unknown channel, or with impossible properties: {exc}"
                    raise DamagedRecord(offset, said) from exc
            case Channel():
                # The first counts: the index repeats them, without a checksum.
                self._channels.setdefault(record.id, self._known(record))
            case Schema():
                self.schemas.setdefault(record.name, record.data)
            case Metadata():
                self.metadata.append(record)
                if record.name == layout.BEGIN:
                    self.root = record.metadata.get("root", self.root)
        return None

    def _message(self, record: Message) -> tuple[TopicNames, Recorded] | None:
        channel = self._channels[record.channel_id]
        if channel.topic == layout.ABOUT:
            self._about = (record.sequence, json.loads(record.data))
            return None
        self.sequence = record.sequence
        sequence, about = self._about
        own = about if sequence == record.sequence else {}
        # What shares a channel has its topic beside it, or it is lost.
        topic: str = own["topic"] if channel.topic == layout.OTHER else channel.topic
        if topic != channel.topic:
            self._check_topic(topic)
        b64decode(own.get("properties", {}).get("correlation_data", ""))
        names = channel.names if topic == channel.topic else names_of(self.root, topic)
        return names, Recorded(
            topic,
            record.data,
            record.log_time,
            channel.qos,
            channel.retain,
            own.get("properties", {}),
            channel.verdict,
        )

    def _known(self, channel: Channel) -> _Known:
        said = channel.metadata
        if channel.topic == layout.ABOUT:
            return _Known(channel.topic, 0, False, "", _NO_NAMES)
        if not {"qos", "retain", "verdict"} <= said.keys():
            raise RecordingError(
                f"{self._path} is an MCAP file, but no recording of a hub: its channel "
                f"{channel.topic!r} says no verdict; give one that hub record wrote"
            )
        if said["qos"] not in {"0", "1", "2"}:
            raise RecordingError(
                f"{self._path}: its channel {_shown(channel.topic)} has the QoS "
                f"{_shown(said['qos'])}, which is none of 0, 1 and 2; {_ANOTHER}"
            )
        if channel.topic != layout.OTHER:
            self._check_topic(channel.topic)
        names = TopicNames(said.get("booth"), said.get("kind"), said.get("device"))
        return _Known(
            channel.topic, int(said["qos"]), said["retain"] == "true", said["verdict"], names
        )

    def _check_topic(self, topic: str) -> None:
        if not topic or set(topic) & set("+#\0"):
            raise RecordingError(
                f"{self._path}: its topic {_shown(topic)} is none that a message can have; "
                f"{_ANOTHER}"
            )


def _shown(text: str) -> str:
    return ascii(text[:80])
