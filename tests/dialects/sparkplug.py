"""Sparkplug B payloads for named cases, written as their metrics.

A metric has `name`, `alias`, `time` (ms), `type` (a data type's number) and `value`, maybe a
`unit` and whether it is `null`. Integers are sent as the specification says: unsigned.
"""

import struct
from typing import Any

FLOAT, DOUBLE, BOOLEAN, STRING = 9, 10, 11, 12


def encoded(payload: dict[str, Any]) -> bytes:
    time = _number(1, payload["time"]) if "time" in payload else b""
    return time + b"".join(_bytes(2, metric(said)) for said in payload["metrics"])


def metric(said: dict[str, Any]) -> bytes:
    found = _text(1, said["name"]) if "name" in said else b""
    for place, name in ((2, "alias"), (3, "time"), (4, "type")):
        found += _number(place, said[name]) if name in said else b""
    if said.get("null"):
        return found + _number(7, 1)
    if "unit" in said:
        value = _number(1, STRING) + _text(8, said["unit"])
        found += _bytes(9, _text(1, "engUnit") + _bytes(2, value))
    return found + (_value(said["value"], said.get("type")) if "value" in said else b"")


def _value(value: Any, type_: int | None) -> bytes:
    if isinstance(value, bool):
        return _number(14, value)
    if isinstance(value, str):
        return _text(15, value)
    if isinstance(value, dict):  # a template
        return _bytes(18, b"")
    if isinstance(value, int):
        return _number(11, value % 2**64) if type_ in {4, 8} else _number(10, value % 2**32)
    if type_ == FLOAT:
        return _varint(12 << 3 | 5) + struct.pack("<f", value)
    return _varint(13 << 3 | 1) + struct.pack("<d", value)


def _number(place: int, value: int) -> bytes:
    return _varint(place << 3) + _varint(int(value))


def _text(place: int, text: str) -> bytes:
    return _bytes(place, text.encode())


def _bytes(place: int, data: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
