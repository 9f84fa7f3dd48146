"""Reads the records of an MCAP file one by one, each validated; the file is never loaded whole.

The library reads a truncated file as if its last record were short; here it is detected.
"""

import mmap
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import IO, NamedTuple

from lz4.frame import LZ4FrameDecompressor
from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, McapRecord, Message, Metadata, Schema
from mcap.stream_reader import get_chunk_data_stream
from mcap.writer import MCAP0_MAGIC

from hub.recording.layout import MAX_CHUNK, MAX_RECORD

MAGIC = MCAP0_MAGIC
_HEAD = struct.Struct("<BQ")
HEAD = _HEAD.size


class DamagedRecord(Exception):
    """There is no valid record at `offset`."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset


class BehindTheEnd(DamagedRecord):
    """The recording has its end, and something stands behind it."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset, "something stands behind the recording's end")


class Frame(NamedTuple):
    """A record of the file: its opcode, its place, and `skipped` bytes that were not read."""

    offset: int
    opcode: int
    body: bytes
    skipped: int = 0

    @property
    def end(self) -> int:
        """The offset of the next record."""
        return self.offset + HEAD + len(self.body) + self.skipped


def frames(file: IO[bytes], offset: int = len(MAGIC)) -> Iterator[Frame]:
    """Yield every record from `offset` up to the footer.

    Raises:
        DamagedRecord: the file is truncated within a record, or there is none.
    """
    size = file.seek(0, 2)
    file.seek(offset)
    while True:
        head = file.read(HEAD)
        if len(head) < HEAD:
            raise DamagedRecord(offset, "the file ends here")
        opcode, length = _HEAD.unpack(head)
        if not Opcode.HEADER <= opcode <= Opcode.DATA_END:
            raise DamagedRecord(offset, f"there is no record with the number {opcode}")
        if length > MAX_RECORD and opcode != Opcode.ATTACHMENT:
            raise DamagedRecord(offset, f"a record claims {length:,} bytes")
        if offset + HEAD + length > size:
            raise DamagedRecord(offset, "the file ends in a record")
        frame = _frame(file, offset, opcode, length)
        yield frame
        if opcode == Opcode.FOOTER:
            if frame.end + len(MAGIC) < size:
                raise BehindTheEnd(frame.end + len(MAGIC))
            return
        offset = frame.end


def _frame(file: IO[bytes], offset: int, opcode: int, length: int) -> Frame:
    if opcode == Opcode.ATTACHMENT:  # which no hub writes, and other tools with gigabytes
        file.seek(length, 1)
        return Frame(offset, opcode, b"", length)
    return Frame(offset, opcode, file.read(length))


_CHUNK = re.compile(
    rb"\x06.{4}\0{4}.{16}(.{8}).{4}(?:\x04\0{3}zstd|\x03\0{3}lz4|\0{4}\1)", re.DOTALL
)
"""The beginning of a chunk: opcode, length, two times, unpacked size, checksum, compression, and
without compression the packed size, which is the same."""


def next_chunk(view: mmap.mmap, start: int) -> int:
    """The offset at which the next chunk seems to begin; the end of the file if there is none."""
    found = _CHUNK.search(view, start)
    return found.start() if found else len(view)


_PARSERS: dict[int, Callable[[ReadDataStream], McapRecord]] = {
    Opcode.SCHEMA: Schema.read,
    Opcode.CHANNEL: Channel.read,
    Opcode.METADATA: Metadata.read,
}
_COMPRESSIONS = {"", "lz4", "zstd"}
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MESSAGE = struct.Struct("<HIQQ")


def parse(frame: Frame, *, messages: bool = True, most: int = MAX_CHUNK) -> list[McapRecord]:
    """Parse the schemas, channels, messages and metadata in a record; none for other records.

    Without `messages` those are skipped, which is quick. A chunk unpacks to `most` bytes at most.

    Raises:
        DamagedRecord: it is invalid, or its checksum does not match.
    """
    try:
        if frame.opcode != Opcode.CHUNK:
            return _parsed(frame.opcode, frame.body, messages)
        return list(_unpacked(Chunk.read(ReadDataStream(BytesIO(frame.body))), messages, most))
    except Exception as exc:  # zstandard's own error is not to be had from mcap
        raise DamagedRecord(frame.offset, f"a record cannot be read: {exc}") from exc


def _parsed(opcode: int, body: bytes, messages: bool) -> list[McapRecord]:
    if opcode == Opcode.MESSAGE:
        return [_message(body)] if messages else []
    parser = _PARSERS.get(opcode)
    return [parser(ReadDataStream(BytesIO(body)))] if parser is not None else []


def _message(body: bytes) -> Message:
    channel, sequence, log_time, publish_time = _MESSAGE.unpack_from(body)
    return Message(channel, log_time, body[_MESSAGE.size :], publish_time, sequence)


def _unpacked(chunk: Chunk, messages: bool, most: int) -> Iterator[McapRecord]:
    """Yield the records of a chunk; the library takes twice as long for a message."""
    if chunk.compression not in _COMPRESSIONS:
        raise ValueError(f"a chunk is compressed by {chunk.compression[:20]!r}; known: lz4, zstd")
    size = max(chunk.uncompressed_size, _frame_size(chunk.data))
    if size > most:
        raise ValueError(f"a chunk unpacks to {size:,} bytes, of which {most:,} are read at most")
    if chunk.compression == "lz4":
        chunk = replace(chunk, compression="", data=_unpacked_lz4(chunk))
    stream, size = get_chunk_data_stream(chunk, validate_crc=True)
    data, start = stream.read(size), 0
    while start < size:
        opcode, length = _HEAD.unpack_from(data, start)
        start += HEAD + length
        if start > size:
            raise ValueError("a record reaches beyond its chunk")
        yield from _parsed(opcode, data[start - length : start], messages)


def _unpacked_lz4(chunk: Chunk) -> bytes:
    """Unpack no more than the chunk says: LZ4 itself names no size, 3 MB may hold a gigabyte."""
    size = chunk.uncompressed_size
    data: bytes = LZ4FrameDecompressor().decompress(chunk.data, max_length=size + 1)
    if len(data) != size:
        raise ValueError(f"a chunk does not unpack to the {size:,} bytes that it says")
    return data


def _frame_size(data: bytes) -> int:
    """The Frame_Content_Size of a Zstandard frame, 0 if it has none (RFC 8878, 3.1.1.1).

    The library allocates it, and not the size in the chunk: 30 kB may claim a gigabyte.
    """
    if not data.startswith(_ZSTD_MAGIC) or len(data) < 5:
        return 0
    described = data[4]
    single = described >> 5 & 1
    width = (single, 2, 4, 8)[described >> 6]
    start = 6 - single + (0, 1, 2, 4)[described & 3]
    size = int.from_bytes(data[start : start + width], "little")
    return size + 256 if width == 2 else size


def times_of(frame: Frame) -> tuple[int, int] | None:
    """Return the first and the last time (ns) in a chunk, without unpacking it."""
    if frame.opcode != Opcode.CHUNK or len(frame.body) < 16:
        return None
    first, last = struct.unpack_from("<QQ", frame.body)
    return first, last
