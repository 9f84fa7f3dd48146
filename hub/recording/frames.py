"""Reads the records of an MCAP file one by one, each validated; the file is never loaded whole.

The library reads a truncated file as if its last record were short; here it is detected.
"""

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, NamedTuple

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


class Frame(NamedTuple):
    """A record of the file: its opcode and its place."""

    offset: int
    opcode: int
    body: bytes

    @property
    def end(self) -> int:
        """The offset of the next record."""
        return self.offset + HEAD + len(self.body)


def frames(file: IO[bytes], offset: int = len(MAGIC)) -> Iterator[Frame]:
    """Yield every record from `offset` up to the footer.

    Raises:
        DamagedRecord: the file is truncated within a record, or there is none.
    """
    file.seek(offset)
    while True:
        head = file.read(HEAD)
        if len(head) < HEAD:
            raise DamagedRecord(offset, "the file ends here")
        opcode, length = _HEAD.unpack(head)
        if not Opcode.HEADER <= opcode <= Opcode.DATA_END:
            raise DamagedRecord(offset, f"there is no record with the number {opcode}")
        if length > MAX_RECORD:
            raise DamagedRecord(offset, f"a record claims {length:,} bytes")
        body = file.read(length)
        if len(body) < length:
            raise DamagedRecord(offset, "the file ends in a record")
        frame = Frame(offset, opcode, body)
        yield frame
        if opcode == Opcode.FOOTER:
            return
        offset = frame.end


_PARSERS: dict[int, Callable[[ReadDataStream], McapRecord]] = {
    Opcode.SCHEMA: Schema.read,
    Opcode.CHANNEL: Channel.read,
    Opcode.METADATA: Metadata.read,
}
_COMPRESSIONS = {"", "zstd"}
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MESSAGE = struct.Struct("<HIQQ")


def parse(frame: Frame, *, messages: bool = True) -> list[McapRecord]:
    """Parse the schemas, channels, messages and metadata in a record; none for other records.

    Without `messages` those are skipped, which is quick.

    Raises:
        DamagedRecord: it is invalid, or its checksum does not match.
    """
    try:
        if frame.opcode != Opcode.CHUNK:
            return _parsed(frame.opcode, frame.body, messages)
        return list(_unpacked(Chunk.read(ReadDataStream(BytesIO(frame.body))), messages))
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


def _unpacked(chunk: Chunk, messages: bool) -> Iterator[McapRecord]:
    """Yield the records of a chunk; the library takes twice as long for a message."""
    if chunk.compression not in _COMPRESSIONS:  # LZ4 says no size: 3 MB may hold a gigabyte
        raise ValueError(f"a chunk is compressed by {chunk.compression[:20]}, as no hub does it")
    size = max(chunk.uncompressed_size, _frame_size(chunk.data))
    if size > MAX_CHUNK:
        raise ValueError(
            f"a chunk unpacks to {size:,} bytes; one of a hub to {MAX_CHUNK:,} at most"
        )
    stream, size = get_chunk_data_stream(chunk, validate_crc=True)
    data, start = stream.read(size), 0
    while start < size:
        opcode, length = _HEAD.unpack_from(data, start)
        start += HEAD + length
        if start > size:
            raise ValueError("a record reaches beyond its chunk")
        yield from _parsed(opcode, data[start - length : start], messages)


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
