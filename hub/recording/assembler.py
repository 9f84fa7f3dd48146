"""Assembles messages from the records of a recording, also after other tools changed the file.

Tools merge, sort and filter: the properties of a message may stand behind it or be gone, sequence
numbers may repeat, and channels of other programs may stand beside ours.
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mcap.records import Channel, McapRecord, Message, Metadata, Schema

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.frames import DamagedRecord
from hub.recording.layout import MAX_CHUNK, Recorded, TopicNames, names_of, root_in
from hub.recording.writer import ROOT

_ANOTHER = "another program wrote it; give one that hub record wrote"
_OURS = {"qos", "retain", "verdict"}


class Known(NamedTuple):
    """A channel, parsed: what its messages have in common."""

    topic: str
    qos: int
    retain: bool
    verdict: str
    names: TopicNames


class Assembler:
    """Assembles messages from records, in their order; keeps the channels seen so far.

    `sequence` and `channel` are those of the last message, `root` is what topics start with.
    `abouts` counts the metadata of single messages, `foreign` messages of other programs by
    topic, and `nameless` those that lost their topic.

    Args:
        path: the file, for messages.
        lenient: passes over messages that cannot be read, as in what is left of a damaged file.
    """

    def __init__(self, path: Path, *, lenient: bool = False) -> None:
        self._path = path
        self._lenient = lenient
        self._ours: dict[int, Known] = {}
        self._about: set[int] = set()
        self._others: dict[int, str] = {}
        self._own = _Own()
        self._begun: str | None = None
        self._guessed: str | None = None
        self.sequence = 0
        self.channel: Known | None = None
        self.abouts = 0
        self.foreign = Counter[str]()
        self.nameless = 0
        self.schemas: dict[str, bytes] = {}
        self.metadata: list[Metadata] = []

    @property
    def known_root(self) -> str | None:
        """The root that the recording says, or else its channels show."""
        return self._guessed if self._begun is None else self._begun

    @property
    def root(self) -> str:
        """The root of the topics, the default if the file does not show it."""
        return ROOT if self.known_root is None else self.known_root

    @property
    def channels(self) -> Mapping[int, Known]:
        """The channels of a hub, by their number."""
        return self._ours

    def check_ours(self) -> None:
        """Refuse a file that has channels, and none of a hub.

        Raises:
            RecordingError: it is so.
        """
        if self._others and not self._ours:
            raise RecordingError(
                f"{self._path} is an MCAP file, but no recording of a hub: its channel "
                f"{next(iter(self._others.values()))!r} says no verdict; make one of it with: hub "
                f"recording import {self._path}"
            )

    def left_out(self) -> Iterator[str]:
        """Say in sentences which messages were passed over, and why."""
        if self.foreign:
            yield (
                f"{self.foreign.total():,} messages of other programs, on {len(self.foreign):,} "
                f"topics like {_shown(next(iter(self.foreign)))}, are left out"
            )
        if self.nameless:
            yield (
                f"{self.nameless:,} messages are left out: another tool took away the channel "
                f"{layout.ABOUT}, which said their topics"
            )

    def feed(
        self, records: Sequence[McapRecord], offset: int
    ) -> Iterator[tuple[TopicNames, Recorded]]:
        """Add the records of a frame at `offset`; yield its messages, each with its topic's parts.

        Raises:
            RecordingError: no hub can have written a channel.
            DamagedRecord: a message's channel is missing, or its properties are not JSON.
        """
        for record in records:
            if type(record) is not Message:
                self._note_record(record)
        messages = [record for record in records if type(record) is Message]
        for about in [it for it in messages if it.channel_id in self._about]:
            self.abouts += 1  # first: a tool that sorts may have put them behind their messages
            self._own.keep(about)
        for message in messages:
            try:
                found = self._message(message, offset)
            except DamagedRecord:
                if not self._lenient:
                    raise
                continue
            if found is not None:
                yield found

    def _note_record(self, record: McapRecord) -> None:
        match record:
            case Channel():
                self._note_channel(record)
            case Schema():
                self.schemas.setdefault(record.name, record.data)
            case Metadata():
                self.metadata.append(record)
                if record.name == layout.BEGIN:
                    self._begun = record.metadata.get("root", self._begun)

    def _message(self, message: Message, offset: int) -> tuple[TopicNames, Recorded] | None:
        channel = self._ours.get(message.channel_id)
        if channel is None:
            self._pass_over(message.channel_id, offset)
            return None
        self.sequence, self.channel = message.sequence, channel
        try:
            return self._recorded(message, channel)
        except (KeyError, ValueError, TypeError, AttributeError) as exc:
            raise DamagedRecord(offset, f"a message has impossible properties: {exc}") from exc

    def _pass_over(self, channel: int, offset: int) -> None:
        if channel in self._others:
            self.foreign[self._others[channel]] += 1
        elif channel not in self._about:
            raise DamagedRecord(offset, f"a message is of an unknown channel, {channel}")

    def _recorded(self, message: Message, channel: Known) -> tuple[TopicNames, Recorded] | None:
        own = self._own.pop(message)
        topic, names = channel.topic, channel.names
        if topic == layout.OTHER:  # what shares a channel has its topic beside it, or it is lost
            if not own:
                self.nameless += 1
                return None
            topic = own["topic"]
            self._check_topic(topic)
            names = names_of(self.root, topic)
        properties = own.get("properties", {})
        b64decode(properties.get("correlation_data", ""))
        return names, Recorded(
            topic,
            message.data,
            message.log_time,
            channel.qos,
            channel.retain,
            properties,
            channel.verdict,
        )

    # --- channels

    def _note_channel(self, channel: Channel) -> None:
        """The first of a number counts: the index repeats them, without a checksum."""
        number, said = channel.id, channel.metadata
        if number in self._ours or number in self._others or number in self._about:
            return
        if channel.topic == layout.ABOUT:
            self._about.add(number)
        elif said.keys() >= _OURS:
            self._ours[number] = self._known(channel)
            self._guessed = self._guessed or root_in(channel.topic, said)
        else:
            self._others[number] = channel.topic

    def _known(self, channel: Channel) -> Known:
        said = channel.metadata
        if said["qos"] not in {"0", "1", "2"}:
            raise RecordingError(
                f"{self._path}: its channel {_shown(channel.topic)} has the QoS "
                f"{_shown(said['qos'])}, which is none of 0, 1 and 2; {_ANOTHER}"
            )
        if channel.topic != layout.OTHER:
            self._check_topic(channel.topic)
        names = TopicNames(said.get("booth"), said.get("kind"), said.get("device"))
        return Known(
            channel.topic, int(said["qos"]), said["retain"] == "true", said["verdict"], names
        )

    def _check_topic(self, topic: str) -> None:
        if not topic or set(topic) & set("+#\0"):
            raise RecordingError(
                f"{self._path}: its topic {_shown(topic)} is none that a message can have; "
                f"{_ANOTHER}"
            )


class _Own:
    """The metadata of single messages, kept until they are read; 16 MiB at most."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], bytes] = {}
        self._size = 0

    def keep(self, about: Message) -> None:
        # Merged recordings have each number twice: the time of receipt tells them apart.
        self._drop((about.sequence, about.log_time))
        self._kept[about.sequence, about.log_time] = about.data
        self._size += len(about.data)
        while self._size > MAX_CHUNK:
            self._drop(next(iter(self._kept)))

    def pop(self, message: Message) -> Mapping[str, Any]:
        """What was kept for a message; empty if nothing was."""
        data = self._drop((message.sequence, message.log_time)) if self._kept else None
        return {} if data is None else json.loads(data)

    def _drop(self, key: tuple[int, int]) -> bytes | None:
        data = self._kept.pop(key, None)
        self._size -= len(data or b"")
        return data


def _shown(text: str) -> str:
    return ascii(text[:80])
