"""Recognises the encoding of a payload that is not JSON; says how to send JSON instead. Pure.

Each is known by its first bytes, as its specification gives them: RFC 1950 (zlib), RFC 1952 (gzip),
RFC 8878 (Zstandard), RFC 8949 (CBOR), RFC 2781 (UTF-16), the MessagePack and Protocol Buffers
encodings, OMG DDS-RTPS 10.2 (CDR), and BSON 1.1.
"""

import re
from collections.abc import Callable

from schemas import Label

_SHOWN = 256
_PRINTABLE = 0x20
_HANGUL = re.compile("[가-힣]")
_TOP = 5
"""Bits of the largest header of a protobuf field that stands first: field 15 at most."""


def looks_like(payload: bytes) -> Label | None:
    """Return what a payload looks like, and the way out; None for what is not recognised."""
    return next((label for recognise, label in _KNOWN if payload and recognise(payload)), None)


def _utf16(payload: bytes) -> bool:
    return payload.startswith((b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{", b"[\0", b"\0["))


def _messagepack(payload: bytes) -> bool:
    """A map whose first key is text."""
    key = {0xDE: payload[3:4], 0xDF: payload[5:6]}.get(payload[0], payload[1:2])
    is_map = 0x80 <= payload[0] <= 0x8F or payload[0] in (0xDE, 0xDF)
    return is_map and (not key or 0xA0 <= key[0] <= 0xBF or key[0] in (0xD9, 0xDA))


def _cbor(payload: bytes) -> bool:
    """A map whose first key is text, perhaps below the tag that says CBOR (55799)."""
    start = payload.removeprefix(b"\xd9\xd9\xf7")
    if start[:1] in (b"\xb8", b"\xb9"):  # with the number of its pairs behind it
        start = b"\xa0" + start[1 + start[0] - 0xB7 :]
    is_map = bool(start) and (0xA0 <= start[0] <= 0xB7 or start[0] == 0xBF)
    return is_map and (len(start) == 1 or 0x60 <= start[1] <= 0x7B)


def _cdr(payload: bytes) -> bool:
    return len(payload) >= 8 and payload[0] == 0 and payload[1] <= 0x0B and payload[2:4] == b"\0\0"


def _bson(payload: bytes) -> bool:
    size = int.from_bytes(payload[:4], "little")
    return len(payload) >= 5 and size == len(payload) and payload[-1] == 0


def _protobuf(payload: bytes) -> bool:
    """Fields one after the other up to the end, or to what is seen of it."""
    at = 0
    while at < min(len(payload), _SHOWN):
        kind, field = payload[at] & 7, payload[at] >> 3
        if not 0 < field < 1 << (_TOP - 1) or kind not in (0, 1, 2, 5):
            return False
        at += 1
        if kind == 0:
            while at < min(len(payload), _SHOWN) and payload[at] & 0x80:
                at += 1
            at += 1
        elif kind == 2:
            at += 1 + (payload[at] if at < len(payload) else 0)
        else:
            at += 8 if kind == 1 else 4
    return min(payload) < _PRINTABLE and at >= min(len(payload), _SHOWN)


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cp949(payload: bytes) -> bool:
    """Text whose Hangul reads in the code page of Korean Windows."""
    if _is_utf8(payload):  # as a no-break space is, whose bytes read as a Hangul letter too
        return False
    text = payload[:1024].decode("cp949", errors="replace")
    # Cut within a letter, it ends with a replacement.
    return text[:1].isprintable() and "�" not in text[:-1] and bool(_HANGUL.search(text))


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda payload: payload.startswith(magic)


def _packed(name: str) -> Label:
    return Label(
        f"looks like {name}: send the JSON uncompressed",
        f"{name} 압축으로 보입니다. 압축하지 않은 JSON으로 보내세요",
    )


def _coded(name: str, way: Label) -> Label:
    return Label(f"looks like {name}: {way.en}", f"{name} 형식으로 보입니다. {way.ko}")


_AS_TEXT = Label("send JSON text", "JSON 글자로 보내세요")
_BRIDGE = Label(
    "set the bridge to json, or send JSON text",
    "브리지를 json으로 설정하거나 JSON 글자로 보내세요",
)
_SERIALIZER = Label(
    "set the serializer to json, or send JSON text",
    "직렬화 방식을 json으로 설정하거나 JSON 글자로 보내세요",
)
_UTF8 = Label("send the JSON in UTF-8", "JSON을 UTF-8로 보내세요")
_KNOWN: tuple[tuple[Callable[[bytes], bool], Label], ...] = (
    (_starts(b"\x1f\x8b"), _packed("gzip")),
    (_starts(b"\x28\xb5\x2f\xfd"), _packed("Zstandard")),
    (_starts(b"\x04\x22\x4d\x18"), _packed("LZ4")),
    (_starts(b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), _packed("zlib")),
    (_starts(b"\xff\xd8\xff", b"\x89PNG"), _coded("a picture", _AS_TEXT)),
    (_utf16, _coded("UTF-16", _UTF8)),
    (_cdr, _coded("CDR (ROS 2, DDS)", _SERIALIZER)),
    (_bson, _coded("BSON", _AS_TEXT)),
    (_messagepack, _coded("MessagePack", _BRIDGE)),
    (_cbor, _coded("CBOR", _BRIDGE)),
    (_cp949, _coded("CP949 (EUC-KR)", _UTF8)),
    (_protobuf, _coded("Protocol Buffers", _SERIALIZER)),
)
