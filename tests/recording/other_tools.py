"""What other tools make of recordings: filtered, merged, sorted, packed anew, with more beside."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mcap.reader import NonSeekingReader
from mcap.records import Channel, Message, Schema
from mcap.writer import CompressionType, IndexType
from mcap.writer import Writer as McapWriter

ALL = IndexType.ALL
BARE: dict[str, Any] = {
    "index_types": IndexType.NONE,
    "repeat_channels": False,
    "repeat_schemas": False,
    "use_statistics": False,
    "use_summary_offsets": False,
}
"""A file without a summary."""

Record = tuple[Schema | None, Channel, Message]


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return list(NonSeekingReader(file).iter_messages(log_time_order=False))


def metadata(path: Path) -> list[tuple[str, dict[str, str]]]:
    with path.open("rb") as file:
        return [(it.name, it.metadata) for it in NonSeekingReader(file).iter_metadata()]


def rewritten(
    out: Path,
    sources: Iterable[Path],
    *,
    keep: Callable[[Channel], bool] = lambda _: True,
    order: Callable[[Record], Any] | None = None,
    with_metadata: bool = True,
    more: Callable[[McapWriter], None] = lambda _: None,
    **options: Any,
) -> Path:
    """Write what another tool would: channels numbered anew, its own library in the header."""
    sources = list(sources)
    found = [(number, it) for number, path in enumerate(sources) for it in records(path)]
    if order is not None:
        found.sort(key=lambda item: order(item[1]))
    options.setdefault("compression", CompressionType.ZSTD)
    with out.open("wb") as file:
        writer = McapWriter(file, **options)
        writer.start(library="another tool")
        numbers: dict[tuple[int, int], int] = {}
        for source, (schema, channel, message) in found:
            if not keep(channel):
                continue
            if (source, channel.id) not in numbers:
                numbers[source, channel.id] = _register(writer, schema, channel)
            writer.add_message(
                numbers[source, channel.id],
                message.log_time,
                message.data,
                message.publish_time,
                message.sequence,
            )
        more(writer)
        for name, said in [it for path in sources for it in metadata(path)] * with_metadata:
            writer.add_metadata(name, said)
        writer.finish()
    return out


def _register(writer: McapWriter, schema: Schema | None, channel: Channel) -> int:
    number = writer.register_schema(schema.name, schema.encoding, schema.data) if schema else 0
    return writer.register_channel(
        channel.topic, channel.message_encoding, number, channel.metadata
    )
