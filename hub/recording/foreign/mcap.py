"""Reads JSON channels, and those of ROS 2 in CDR, out of any MCAP file."""

from pathlib import Path

from mcap.records import Channel, Message, Schema

from hub.recording.foreign import ros
from hub.recording.foreign.message import Foreign, Source, Unread
from hub.recording.frames import DamagedRecord, frames, parse
from hub.recording.layout import ABOUT, JSON, MAX_RECORD
from hub.recording.opening import damaged, open_recording


def mcap(path: Path) -> Source:
    """Read the messages of channels in JSON and CDR; those of others are named.

    Raises:
        RecordingError: it is no MCAP file, was not closed, or is damaged.
    """
    channels: dict[int, Channel] = {}
    types: dict[int, ros.Type] = {}
    with open_recording(path) as file:
        try:
            for frame in frames(file):
                for record in parse(frame, most=MAX_RECORD):
                    match record:
                        case Schema():
                            types.setdefault(record.id, _type(record))
                        case Channel():
                            channels.setdefault(record.id, record)
                        case Message():
                            channel = channels[record.channel_id]
                            yield _message(record, channel, types.get(channel.schema_id))
        except KeyError as exc:
            raise damaged(path, DamagedRecord(frame.offset, f"there is no channel {exc}")) from exc
        except DamagedRecord as exc:
            raise damaged(path, exc) from exc


def _type(schema: Schema) -> ros.Type:
    return ros.Type(schema.name, schema.data.decode(errors="replace"), schema.encoding)


def _message(message: Message, channel: Channel, type_: ros.Type | None) -> Foreign | Unread:
    if channel.message_encoding == ros.CDR and type_ is not None:
        return ros.message(channel.topic, message.data, message.log_time, type_)
    if channel.message_encoding != JSON or channel.topic == ABOUT:
        what = f"it is {channel.message_encoding or 'of no encoding'}"
        schema = f", {type_.name} as {type_.encoding}" if type_ is not None else ""
        return Unread(f"channel {channel.topic}", f"{what}{schema}, which is not read: send JSON")
    said = channel.metadata
    qos = said.get("qos", "0")
    return Foreign(
        channel.topic,
        message.data,
        message.log_time,
        int(qos) if qos in {"0", "1", "2"} else 0,
        said.get("retain") == "true",
    )
