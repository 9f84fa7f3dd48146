"""Changes to an input as a careless or hostile sender would make them. Pure but for `chance`."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_WORDS = [
    *(b"null", b"true", b"false", b"NaN", b"Infinity", b"-0", b"1e999", b"1e-999", b"9" * 40),
    *(b"[" * 50, b'{"":' * 50, b"{}", b'"', b"\\", b"\\u0000", b"\\ud800", b"\\", b",", b"=", b" "),
    *(b"\n", b"\0", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8"),
    *(b"%b", b"%d", b"%", b"i", b"ts", b'"ts":', b"status", b"/errors", b"/", b"#", b"+", b"$"),
    *(b"smartlife/v1/", b"\x30\xff\xff\xff\x7f", b"\x00\x00", b"\xff\xff", b"\x7f", b"\x80"),
    *(
        "온도".encode(),
        "\U0001f600".encode(),
        b"2016-12-31T23:59:60Z",
        b"9999-12-31T23:59:59+00:00",
    ),
]
_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, -0.0, 1e308, 5e-324, 2**31, 2**63, -(2**63) - 1, 10**30),
    *("", "21.5", "NaN", "online", "\0", "\n", "\u2028", "\x7f", "가" * 100, '"', "\\", "a,b=c 1"),
    *([], {}, [1], {"a": {}}, 1_760_000_000, "2025-10-09T08:53:20Z"),
]


def mutated(data: bytes, chance: Random, others: Sequence[bytes] = ()) -> bytes:
    """Return `data` with one to four changes; `others` are inputs to take pieces from."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_CHANGES)(data, chance, others)
    return data


def _place(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.randint(0, 16))


def _flip(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    if not data:
        return bytes([chance.randrange(256)])
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _cut(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(data, chance)
    return data[:start] if chance.random() < 0.2 else data[:start] + data[end:]


def _repeat(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(data, chance)
    times = chance.choice([1, 1, 2, 10, 300])
    return data[:end] + data[start:end] * times + data[end:]


def _insert(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + chance.choice(_WORDS) + data[chance.choice([start, end]) :]


def _splice(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others) if others else data
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _change_value(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    """Change what a JSON object says, if this is one behind the byte that names the kind."""
    start = max(0, data.find(b"{"))
    try:
        fields = json.loads(data[start:])
        if not isinstance(fields, dict):
            return data
        _change_one(fields, chance)
        text = json.dumps(fields, ensure_ascii=chance.random() < 0.5)
    except (ValueError, OverflowError, RecursionError):  # no JSON, or a number of 5,000 digits
        return data
    return data[:start] + text.encode("utf-8", "surrogatepass")


def _change_one(fields: dict[str, Any], chance: Random) -> None:
    names = [*fields, "ts", "extra", "", "온도", "temperature"]
    name, how = chance.choice(names), chance.random()
    if how < 0.2:
        fields.pop(name, None)
    elif how < 0.4 and isinstance(fields.get(name), int | float):
        fields[name] *= chance.choice([-1, 10, 0.1, 1e6, 1 + 1e-15])
    else:
        fields[name] = chance.choice(_VALUES)


_Change = Callable[[bytes, Random, Sequence[bytes]], bytes]
_CHANGES: list[_Change] = [_flip, _cut, _repeat, _insert, _splice, _change_value, _change_value]
