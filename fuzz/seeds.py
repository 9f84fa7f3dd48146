"""What the searches begin with: the named cases of the tests, and what well-made devices send."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from harness import ROOT
from hub.mqtt.codec import (
    ConnAckPacket,
    DisconnectPacket,
    PingRespPacket,
    PublishPacket,
    QoS,
)
from schemas import FieldSpec, FieldType, KindSpec, kinds

TOPIC_ROOT = "smartlife/v1"
KINDS = tuple(kinds())
"""The kinds in the order by which a byte of input chooses one."""

_TIMES = [
    *("1760000000", "1760000000.25", "1760000000123", "1760000000123456", "1760000000123456789"),
    *('"2025-10-09T08:53:20Z"', '"2025-10-09 17:53:20.123456789+09:00"', '"2016-12-31T23:59:60Z"'),
    *("null", "true", "[]", "{}", '""', "-1", "1e400", "1e-400", "-0.0", "0.1e-7", "9" * 400),
]


def cases() -> dict[str, dict[str, Any]]:
    """Return the named cases of `tests/cases` by name."""
    folder = ROOT / "tests" / "cases"
    return {
        str(path.relative_to(folder).with_suffix("")): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.json"))
    }


def payload_of(case: dict[str, Any]) -> bytes:
    """Return the bytes that a case stands for."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return "".join(
        text * times for text, times in case.get("parts", [[case.get("payload"), 1]])
    ).encode()


def topic_of(name: str, case: dict[str, Any]) -> str:
    """Return the topic that a case stands for."""
    return str(case.get("topic", f"{TOPIC_ROOT}/b12/{name.partition('/')[0]}/t1"))


def messages() -> list[tuple[str, bytes]]:
    """Return topics and payloads: every case, and of every kind what a good device sends."""
    found = [(topic_of(name, case), payload_of(case)) for name, case in cases().items()]
    for kind in kinds().values():
        topic = f"{TOPIC_ROOT}/b1/{kind.name}/d1"
        found += [(topic, payload) for payload in _good(kind)]
        found += [(f"{topic}/status", b"online"), (f"{topic}/errors", b"{}")]
    return found


def _good(kind: KindSpec) -> Iterator[bytes]:
    yield json.dumps(dict(kind.example)).encode()
    yield json.dumps(dict(kind.example) | {"ts": 1_760_000_000.5, "extra": 1}).encode()
    for pick in (0, -1):
        values = {field.name: _edges(field)[pick] for field in kind.fields}
        yield json.dumps(values, ensure_ascii=False).encode()


def _edges(field: FieldSpec) -> tuple[Any, Any]:
    if field.choices:
        words = list(field.choices)
        return words[0], words[-1]
    if field.type is FieldType.STRING:
        return "", '온도 "\\", =1i'[: field.max_length]
    if field.type is FieldType.BOOLEAN:
        return False, True
    return field.minimum, field.maximum


def dictionary() -> str:
    """Return the words of JSON, of topics and of the kinds, as libFuzzer reads a dictionary."""
    words = {
        "null",
        "true",
        "NaN",
        "1e999",
        '"ts":',
        "\\ud800",
        "status",
        "/errors",
        "+",
        "#",
        "\0",
    }
    for kind in kinds().values():
        words |= {kind.name, *(f'"{field.name}":' for field in kind.fields)}
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in sorted(words))
    return "".join(f'"{word}"\n' for word in escaped)


def packets() -> list[bytes]:
    """Return streams of bytes as a broker sends them."""
    published = [
        PublishPacket(
            topic,
            payload[:2000],
            qos=QoS.AT_LEAST_ONCE,
            packet_id=number + 1,
            response_topic="a/b" if number % 3 == 0 else None,
            correlation_data=b"\0\1" if number % 5 == 0 else None,
        ).write()
        for number, (topic, payload) in enumerate(messages()[::7])
        if topic and not set(topic) & set("+#\0")
    ]
    others = [ConnAckPacket().write(), PingRespPacket().write(), DisconnectPacket().write()]
    wrong = [
        b"\x30\x03\x00\x10a",  # a topic that runs past its packet
        b"\x30\xff\xff\xff\xff\x7f",  # a length without end
        b"\x30\xff\xff\xff\x7f\x00\x01a",  # 256 MB promised
        b"\x30\x05\x00\x01\xff\x00x",  # a topic that is not UTF-8
        b"\x90\x04\x00\x01\x00\x80",
        b"\x36\x07\x00\x01a\x00\x01\x00x",  # QoS 3
        b"\x20\x02\x00\x00",  # CONNACK of MQTT 3.1.1
    ]
    return [*published, *others, *wrong, b"".join(published[:5])]


def seeds(target: str) -> list[bytes]:
    """Return inputs to begin with for the target called so."""
    if target == "topic":
        return [topic.encode() for topic, _ in messages()]
    if target == "time":
        said = [f'"{case["payload"]}"' for case in cases().values() if "payload" in case]
        return [text.encode() for text in (*_TIMES, *said)]
    if target == "payload":
        numbers = {name: number for number, name in enumerate(KINDS)}
        parts = [(topic.split("/"), payload) for topic, payload in messages()]
        return [
            bytes([numbers.get(levels[3] if len(levels) > 3 else "", 0)]) + payload
            for levels, payload in parts
        ]
    if target == "line":
        return [b"temperature\0" + payload for _, payload in messages()]
    return [bytes([number % 9]) + stream for number, stream in enumerate(packets())]
