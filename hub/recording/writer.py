"""Writes a recording; messages are on disk once their chunk is closed and synced."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol, cast

from mcap.writer import CompressionType
from mcap.writer import Writer as McapWriter

from hub.errors import RecordingError
from hub.files import whole
from hub.recording import layout
from hub.recording.layout import Gap, Recorded
from hub.recording.message_schema import compact, schema_of
from hub.settings.table import SETTINGS
from schemas import KindSpec

ROOT = SETTINGS["root"].default or ""
_CHUNK = 1024 * 1024
_MAX_SEQUENCE = 0xFFFFFFFF


class Stream(Protocol):
    """A stream of bytes that a recording is written to instead of a file."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""
        ...

    def tell(self) -> int:
        """Return how many bytes were written."""
        ...

    def flush(self) -> None:
        """Flush all buffers."""
        ...


class _Key(NamedTuple):
    """What the messages of a channel have in common."""

    topic: str
    qos: int
    retain: bool
    verdict: str
    encoding: str


class Writer:
    """Writes messages in the order in which they are added.

    Args:
        path: a file that does not exist yet, or an open stream of bytes.
        kinds: the catalogue, for the schemas of accepted messages.
        root: what topics start with.
        begin: further metadata of the beginning, as text.
        schemas: JSON Schemas by kind that override those of `kinds`, for copies of a recording.
        named: the name that the file gets once it is whole; see `whole_recording`.

    Raises:
        RecordingError: the file exists already or cannot be written; so does every method.
    """

    def __init__(
        self,
        path: Path | Stream,
        kinds: Mapping[str, KindSpec],
        *,
        root: str = ROOT,
        begin: Mapping[str, str] | None = None,
        schemas: Mapping[str, bytes] | None = None,
        named: Path | None = None,
    ) -> None:
        self._file = _create(path, named or path) if isinstance(path, Path) else None
        self._stream: Stream = self._file or path  # type: ignore[assignment]
        self._name = str(named or path) if self._file else "the recording"
        self._may_stay = named is None
        self._kinds = kinds
        self._root = root
        self._known = schemas or {}
        self._schemas: dict[str, int] = {}
        self._channels: dict[tuple[Any, ...], int] = {}
        self._about: int | None = None
        self._abouts = 0
        self._in_chunk: set[int] = set()
        # Any: some of its methods have no types.
        self._writer: Any = McapWriter(
            cast("IO[bytes]", self._stream), chunk_size=_CHUNK, compression=CompressionType.ZSTD
        )
        self._size = 0
        self.closed = False
        self.messages = 0
        self.indexed = 0
        """Entries of the index in memory, about 100 bytes each, until the file is closed."""
        self._writer.start(layout.PROFILE, layout.LIBRARY)
        self._writer.add_metadata(layout.BEGIN, {"format": "1", "root": root, **(begin or {})})

    @property
    def size(self) -> int:
        """Bytes written so far, the open chunk not counted."""
        return self._size if self.closed else self._stream.tell()

    def add(self, message: Recorded) -> None:
        """Add a message; it is on disk after the next `flush`."""
        sequence = (self.messages + 1) & _MAX_SEQUENCE
        key = _Key(
            message.topic,
            message.qos,
            message.retain,
            message.verdict,
            layout.encoding_of(message),
        )
        channel = self._channels.get(key)
        own: dict[str, Any] = {}
        if channel is None:
            channel = self._channel(key)
            if channel == self._channels.get(key._replace(topic=layout.OTHER)):
                own["topic"] = message.topic
        if message.properties:
            own["properties"] = dict(message.properties)
        if own:
            self._add(self._about_channel(), message.at, compact(own), sequence)
            self._abouts += 1
        self._add(channel, message.at, message.payload, sequence)
        self.messages += 1

    def _add(self, channel: int, at: int, data: bytes, sequence: int) -> None:
        if channel not in self._in_chunk:
            self._in_chunk.add(channel)
            self.indexed += 1
        try:
            self._writer.add_message(channel, at, data, at, sequence)
        except OSError as exc:
            raise self._failed(exc) from exc

    def add_gap(self, gap: Gap) -> None:
        """Note a time in which messages may have been missed."""
        said = {"start": str(gap.start), "stop": str(gap.stop), "why": gap.why}
        self._metadata(layout.GAP, said)

    def flush(self) -> None:
        """Close the chunk and sync it to disk."""
        try:
            self._writer.flush()
            self._in_chunk.clear()
            if self._file is not None:
                os.fsync(self._file.fileno())
        except OSError as exc:
            raise self._failed(exc) from exc

    def close(self, end: Mapping[str, str] | None = None) -> None:
        """Finish the file with its index; `end` is its metadata of the end. Safe to call twice."""
        if self.closed:
            return
        self.flush()
        counts = {"messages": self.messages} | ({"about": self._abouts} if self._abouts else {})
        said = {name: str(count) for name, count in counts.items()}
        self._metadata(layout.END, {**said, **(end or {})})
        try:
            self._writer.finish()
            self._stream.flush()
            self._size, self.closed = self._stream.tell(), True
            if self._file is not None:
                os.fsync(self._file.fileno())
                self._file.close()
        except OSError as exc:
            raise self._failed(exc) from exc

    def abandon(self) -> None:
        """Close the file unfinished; what was flushed can be repaired."""
        if not self.closed and self._file is not None:
            with contextlib.suppress(OSError):  # what is in the buffer may not find room either
                self._file.close()
        self.closed = True

    def _metadata(self, name: str, said: dict[str, str]) -> None:
        try:
            self._writer.add_metadata(name, said)
        except OSError as exc:
            raise self._failed(exc) from exc

    # --- channels and schemas

    def _channel(self, key: _Key) -> int:
        """The channel of a new key, or the shared one when there are too many."""
        if len(self._channels) >= layout.MAX_CHANNELS:
            key = key._replace(topic=layout.OTHER)
            if key in self._channels:
                return self._channels[key]
        names = layout.names_of(self._root, key.topic)
        said = {name: value for name, value in names._asdict().items() if value is not None}
        said |= {"qos": str(key.qos), "retain": str(key.retain).lower(), "verdict": key.verdict}
        fitting = key.verdict == layout.ACCEPTED and key.encoding == layout.JSON
        schema = self._schema(names.kind) if fitting else 0
        channel: int = self._writer.register_channel(key.topic, key.encoding, schema, said)
        self._channels[key] = channel
        return channel

    def _schema(self, kind: str | None) -> int:
        if kind is None or not (kind in self._known or kind in self._kinds):
            return 0
        if kind not in self._schemas:
            text = self._known.get(kind) or schema_of(self._kinds[kind])
            self._schemas[kind] = self._writer.register_schema(kind, "jsonschema", text)
        return self._schemas[kind]

    def _about_channel(self) -> int:
        if self._about is None:
            schema = self._writer.register_schema(
                layout.ABOUT, "jsonschema", compact(layout.ABOUT_SCHEMA)
            )
            self._about = self._writer.register_channel(layout.ABOUT, layout.JSON, schema)
        return self._about

    def _failed(self, exc: OSError) -> RecordingError:
        said = f"{self._name}: cannot be written: {exc.strerror or exc}"
        if not self._may_stay:
            return RecordingError(f"{said}; make room, and do it again")
        return RecordingError(
            f"{said}; what was flushed is safe: make room, then: hub recording repair {self._name}"
        )


def _create(path: Path, named: Path) -> IO[bytes]:
    try:
        return path.open("xb")
    except FileExistsError as exc:
        raise RecordingError(f"{named} is there already; give another name") from exc
    except OSError as exc:
        raise RecordingError(f"{named}: cannot be written: {exc.strerror or exc}") from exc


@contextlib.contextmanager
def whole_recording(out: Path, kinds: Mapping[str, KindSpec], **more: Any) -> Iterator[Writer]:
    """Write a copy that is there once it is whole; if writing fails, nothing of it stays.

    `more` is for the writer.

    Raises:
        RecordingError: the file exists already or cannot be written.
    """
    if out.exists():
        raise RecordingError(f"{out} is there already; give another name")
    with whole(out) as part:
        writer = Writer(part, kinds, named=out, **more)
        try:
            yield writer
            writer.close()
        finally:
            writer.abandon()
