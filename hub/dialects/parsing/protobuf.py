"""The wire format of Protocol Buffers: the fields of a message, one after another. Pure.

Nothing is copied and nothing is allocated for what a length says: a length has to lie within the
message. See protobuf.dev/programming-guides/encoding.
"""

import struct
from collections.abc import Iterator
from math import nan
from typing import NamedTuple

from hub.dialects.dialect import Misfit

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
FIELDS = 8_192
"""The most fields of a message, with those of the messages in it."""


class WireField(NamedTuple):
    """A field as it stands on the wire: its number, its wire type, and its value.

    The value of a varint or a fixed field is the unsigned number, that of bytes are its bytes.
    """

    number: int
    wire: int
    value: int
    data: memoryview

    @property
    def text(self) -> str:
        """The bytes as UTF-8 text; what is none is replaced."""
        return str(self.data, "utf-8", "replace")

    @property
    def float(self) -> float:
        """A fixed field as a float; one of 32 bits with the digits that it can have."""
        if self.wire == FIXED64:
            return float(struct.unpack("<d", struct.pack("<Q", self.value))[0])
        if self.wire == FIXED32:
            return float(f"{struct.unpack('<f', struct.pack('<I', self.value))[0]:.7g}")
        return nan


_NONE = memoryview(b"")
_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__


def items(message: bytes | memoryview, left: Iterator[int]) -> Iterator[WireField]:
    """Yield the fields of a message; `left` is used up by one each.

    Raises:
        Misfit: it is no Protocol Buffers message, or nothing is `left`.
    """
    data, at, size = memoryview(message), 0, len(message)
    while at < size:
        if next(left, None) is None:
            raise Misfit(
                f"it has more than {FIELDS} fields; send fewer metrics at a time",
                f"필드가 {FIELDS}개를 넘습니다. 메트릭을 나누어 보내세요",
            )
        tag = data[at]
        if tag < 0x80:
            at += 1
        else:
            tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, at = _varint(data, at)
            yield _new(WireField, (number, wire, value, _NONE))
        elif wire == BYTES:
            length, at = _varint(data, at)
            yield _new(WireField, (number, wire, 0, _slice(data, at, length)))
            at += length
        elif wire in {FIXED32, FIXED64}:
            length = 4 if wire == FIXED32 else 8
            value = int.from_bytes(_slice(data, at, length), "little")
            yield _new(WireField, (number, wire, value, _NONE))
            at += length
        else:
            raise _broken(f"byte {at} begins no field", f"{at}번째 바이트가 필드가 아닙니다")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        if at + place >= len(data):
            raise _broken("it ends within a number", "숫자 중간에서 끝납니다")
        byte = data[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + place + 1
    raise _broken(
        f"the number at byte {at} has more than {_LONGEST_VARINT} bytes",
        f"{at}번째 바이트의 숫자가 {_LONGEST_VARINT}바이트를 넘습니다",
    )


def _slice(data: memoryview, at: int, size: int) -> memoryview:
    if size > len(data) - at:
        raise _broken(
            f"a field of {size} bytes at byte {at} goes beyond its end",
            f"{at}번째 바이트의 필드({size}바이트)가 메시지 끝을 넘습니다",
        )
    return data[at : at + size]


def _broken(en: str, ko: str) -> Misfit:
    return Misfit(
        f"the payload is no Protocol Buffers message: {en}",
        f"페이로드가 Protocol Buffers 메시지가 아닙니다: {ko}",
    )
