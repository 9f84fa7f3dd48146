"""Encodes and decodes MQTT 5 packets; the only module that imports the `mqtt5` library. Pure.

The library's traps are handled here: a packet that is not complete raises IndexError, one with bad
UTF-8 panics with a BaseException, and a length header may promise 256 MB.
"""

import sys
from array import array
from collections.abc import Sequence

import mqtt5
from mqtt5 import (
    ConnAckPacket,
    ConnectPacket,
    DisconnectPacket,
    PingReqPacket,
    PingRespPacket,
    PubAckPacket,
    PubCompPacket,
    PublishPacket,
    PubRecPacket,
    QoS,
    RetainHandling,
    SubAckPacket,
    SubscribePacket,
    TopicFilter,
    UnsubAckPacket,
    UnsubscribePacket,
)

from hub.errors import ProtocolError

__all__ = [
    "MAX_PACKET_SIZE",
    "ConnAckPacket",
    "ConnectPacket",
    "DisconnectPacket",
    "Framer",
    "PingReqPacket",
    "PingRespPacket",
    "PubAckPacket",
    "PubCompPacket",
    "PubRecPacket",
    "PublishPacket",
    "QoS",
    "RetainHandling",
    "SubAckPacket",
    "SubscribePacket",
    "TopicFilter",
    "UnsubAckPacket",
    "UnsubscribePacket",
    "pubacks",
    "pubrel",
]

MAX_PACKET_SIZE = 4 * 1024 * 1024
"""The largest packet the hub takes, in bytes: far above a reading's limit, so that one that is too
large gets its rejection instead of vanishing at the broker."""

_PUBACK = 0x40020000


class Framer:
    """Splits a stream of bytes into packets; buffers an incomplete one for the next call."""

    def __init__(self, max_packet_size: int = MAX_PACKET_SIZE) -> None:
        self._max = max_packet_size
        self._chunks: list[bytes] = []
        self._have = 0
        self._need = 0

    def feed(self, data: bytes | memoryview) -> list[mqtt5.Packet]:
        """Return the packets that `data` completes; it may be reused afterwards.

        Raises:
            ProtocolError: the bytes are not MQTT 5, or a packet is larger than allowed.
        """
        if self._chunks:
            # Joined once, when the packet is complete: joining each time is quadratic.
            self._chunks.append(bytes(data))
            self._have += len(data)
            if self._have < self._need:
                return []
            data = b"".join(self._chunks)
            self._chunks.clear()
        return self._read(memoryview(data))

    def _read(self, view: memoryview) -> list[mqtt5.Packet]:
        packets: list[mqtt5.Packet] = []
        read, start, end = mqtt5.read, 0, len(view)
        try:
            while start < end:
                packet, size = read(view[start:])
                start += size
                packets.append(packet)
        except IndexError:
            self._keep(bytes(view[start:]))
        except ValueError as exc:
            # A broker of MQTT 3.1.1 refuses with a return code that MQTT 5 does not define.
            said = f"the broker sent a malformed packet: {exc}; does it speak MQTT 5?"
            raise ProtocolError(said) from exc
        except BaseException as exc:
            if type(exc).__name__ != "PanicException":
                raise
            raise ProtocolError("the broker sent a topic or property that is not UTF-8") from exc
        return packets

    def _keep(self, rest: bytes) -> None:
        self._need = _packet_size(rest)
        if self._need > self._max:
            raise ProtocolError(
                f"the broker announced a packet of {self._need} bytes; the limit is {self._max}"
            )
        self._chunks.append(rest)
        self._have = len(rest)


def _packet_size(head: bytes) -> int:
    """The packet's size by its fixed header; one byte more than received if that is cut short."""
    size = 0
    for index, byte in enumerate(head[1:5]):
        size |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return size + index + 2
    return len(head) + 1


def pubacks(packet_ids: Sequence[int]) -> bytes:
    """Return PUBACKs with reason code 0, which may be left out (3.4.2.1), in the order given.

    Packed by hand: 30 ns each, the codec takes 165 ns.
    """
    packets = array("I", [_PUBACK | packet_id for packet_id in packet_ids])
    if sys.byteorder == "little":
        packets.byteswap()
    return packets.tobytes()


def pubrel(packet_id: int) -> bytes:
    """Return a PUBREL with reason code 0 (3.6)."""
    return (0x62020000 | packet_id).to_bytes(4, "big")
