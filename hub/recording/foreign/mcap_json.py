"""Reads JSON channels out of any MCAP file."""

from pathlib import Path
from typing import NamedTuple

from mcap.records import Channel, Message, Schema

from hub.recording.foreign.message import Foreign, Source, Unread
from hub.recording.frames import DamagedRecord, frames, parse
from hub.recording.layout import ABOUT, JSON
from hub.recording.opening import damaged, open_recording


class _Known(NamedTuple):
    channel: Channel
    schema: str


def mcap(path: Path) -> Source:
    """Read the messages of JSON channels; those of others are named.

    Raises:
        RecordingError: it is no MCAP file, was not closed, or is damaged.
    """
    channels: dict[int, _Known] = {}
    schemas: dict[int, Schema] = {}
    with open_recording(path) as file:
        try:
            for frame in frames(file):
                for record in parse(frame):
                    match record:
                        case Schema():
                            schemas.setdefault(record.id, record)
                        case Channel():
                            schema = schemas.get(record.schema_id)
                            named = f", {schema.name} as {schema.encoding}" if schema else ""
                            channels.setdefault(record.id, _Known(record, named))
                        case Message():
                            yield _message(record, channels[record.channel_id])
        except KeyError as exc:
            raise damaged(path, DamagedRecord(frame.offset, f"there is no channel {exc}")) from exc
        except DamagedRecord as exc:
            raise damaged(path, exc) from exc


def _message(message: Message, known: _Known) -> Foreign | Unread:
    channel = known.channel
    if channel.message_encoding != JSON or channel.topic == ABOUT:
        what = f"it is {channel.message_encoding or 'of no encoding'}{known.schema}"
        return Unread(f"channel {channel.topic}", f"{what}, which is not read: send it as JSON")
    said = channel.metadata
    qos = said.get("qos", "0")
    return Foreign(
        channel.topic,
        message.data,
        message.log_time,
        int(qos) if qos in {"0", "1", "2"} else 0,
        said.get("retain") == "true",
    )
