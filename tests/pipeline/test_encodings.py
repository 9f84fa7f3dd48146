"""What a payload that is no JSON looks like by its first bytes, as the specifications have them."""

import gzip
import zlib

import pytest

from hub.pipeline.encodings import looks_like

TEXT = '{"온도": 21}'
CBOR_TAG = b"\xd9\xd9\xf7"

RECOGNISED = [
    ("gzip", gzip.compress(b"{}", mtime=0)),
    *[("zlib", zlib.compress(b"{}" * 99, level)) for level in (0, 3, 6, 9)],
    ("Zstandard", b"\x28\xb5\x2f\xfd\x20"),
    ("LZ4", b"\x04\x22\x4d\x18\x64"),
    ("a picture", b"\x89PNG\r\n"),
    ("a picture", b"\xff\xd8\xff\xe0"),
    *[
        ("UTF-16", text.encode(name))
        for name in ("utf-16", "utf-16-le", "utf-16-be")
        for text in (TEXT, "[]")
    ],
    ("CDR", b"\0\x01\0\0" + bytes(4)),
    ("CDR", b"\0\x0b\0\0" + bytes(4)),
    ("BSON", b"\x05\0\0\0\0"),
    ("BSON", b"\x0c\0\0\0\x10a\0\x01\0\0\0\0"),
    ("MessagePack", b"\x80"),
    ("MessagePack", b"\x8f\xa0"),
    *[
        ("MessagePack", b"\x81" + key)
        for key in (b"\xa1a\x01", b"\xbf", b"\xd9\x01a", b"\xda\0\x01a")
    ],
    ("MessagePack", b"\xde\0\x10\xa1a\x01"),
    ("MessagePack", b"\xdf\0\0\0\x10\xa1a\x01"),
    ("CBOR", b"\xa0"),
    ("CBOR", b"\xb7\x61a\x01"),
    ("CBOR", b"\xbf\x61a\x01\xff"),
    *[("CBOR", b"\xa1" + key) for key in (b"\x60", b"\x61a", b"\x77", b"\x78\x18a", b"\x7b")],
    ("CBOR", b"\xb8\x18\x61a\x01"),
    ("CBOR", b"\xb9\x01\0\x61a\x01"),
    ("CBOR", CBOR_TAG + b"\xa1\x61a\x01"),
    ("CP949", TEXT.encode("cp949")),
    ("CP949", b"x" + "온".encode("cp949") * 600),  # what is looked at is cut within a letter
    ("Protocol Buffers", b"\x08\x96\x01"),
    ("Protocol Buffers", b"\x09" + bytes(8) + b"\x08\x01"),
    ("Protocol Buffers", b"\x0d" + bytes(4) + b"\x08\x01"),
    ("Protocol Buffers", b"\x12\x02ab\x08\x01"),
]


@pytest.mark.parametrize(("name", "payload"), RECOGNISED)
def test_an_encoding_is_recognised(name: str, payload: bytes):
    label = looks_like(payload)
    assert label is not None
    assert label.en.startswith(f"looks like {name}"), label.en
    assert label.ko.startswith(name)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        TEXT.encode(),
        "21 °C".encode(),
        b"\0\x0c\0\0" + bytes(4),  # no representation that CDR knows
        b"\0\x01\0\0" + bytes(3),
        b"\x06\0\0\0\0",  # BSON of another length
        b"\x08\x96\x01\x03",  # a tag of a field without a number
        b"\x09" + bytes(8) + b"\0",
        b"\x90\x01\x01",  # a first field of Protocol Buffers above those of one byte
    ],
)
def test_what_is_not_recognised_is_not_guessed(payload: bytes):
    assert looks_like(payload) is None
