"""The payload of Sparkplug B: metrics, out of a Protocol Buffers message. Pure.

Field numbers and data types are those of specification 3.0, 6.4 (`sparkplug_b.proto`).
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hub.dialects.dialect import Misfit
from hub.dialects.parsing.protobuf import BYTES, FIELDS, WireField, items

METRICS = 1_024
"""The most metrics of a payload that are read."""
NAME = 128
"""How much of a metric's name counts, in characters."""
BITS = {1: 8, 2: 16, 3: 32, 4: 64}
"""The signed data types, Int8 to Int64, and their bits."""
_BOOLEAN = 11
_UNIT = 16
_UNITS = frozenset({"engunit", "unit", "units", "engineeringunit", "engineeringunits", "uom"})


class Metric(NamedTuple):
    """A metric as it is on the wire; `shaped` one that is a data set, a template or bytes."""

    name: str | None = None
    alias: int | None = None
    time: int | None = None
    type: int = 0
    value: Any = None
    unit: str = ""
    shaped: bool = False

    @property
    def key(self) -> str:
        """What DATA finds it by."""
        return f"={(self.name or '')[:NAME]}" if self.alias is None else f"#{self.alias}"


_READ: dict[int, tuple[str, Callable[[WireField], Any]]] = {
    1: ("name", lambda item: item.text),
    2: ("alias", lambda item: item.value),
    3: ("time", lambda item: item.value),
    4: ("type", lambda item: item.value),
    10: ("value", lambda item: item.value),
    11: ("value", lambda item: item.value),
    12: ("value", lambda item: item.float),
    13: ("value", lambda item: item.float),
    14: ("value", lambda item: bool(item.value)),
    15: ("value", lambda item: item.text),
    **dict.fromkeys((16, 17, 18, 19), ("shaped", lambda _: True)),
}
_INTEGERS, _NULL, _PROPERTIES = frozenset({10, 11}), 7, 9


def metrics_of(payload: bytes) -> list[Metric]:
    """Return the metrics of a payload; one without a time has the payload's.

    Raises:
        Misfit: it is no Protocol Buffers message, or has more than `METRICS`.
    """
    time, found, left = None, list[memoryview](), iter(range(FIELDS))
    for item in items(payload, left):
        if item.number == 1 and item.wire != BYTES:
            time = item.value
        elif item.number == 2 and item.wire == BYTES:
            found.append(item.data)
            if len(found) > METRICS:
                raise Misfit(
                    f"it has more than {METRICS} metrics; send fewer in a message",
                    f"메트릭이 {METRICS}개를 넘습니다. 한 메시지에 더 적게 보내세요",
                )
    return [_metric(part, time, left) for part in found]


def _metric(data: memoryview, time: int | None, left: Iterator[int]) -> Metric:
    said: dict[str, Any] = {"time": time}
    null, integer = False, False
    for item in items(data, left):
        if item.number in _READ:
            name, read = _READ[item.number]
            said[name] = read(item)
            integer = item.number in _INTEGERS or (integer and name != "value")
        elif item.number == _NULL:
            null = bool(item.value)
        elif item.number == _PROPERTIES:
            said["unit"] = _unit(item.data, left)
    if null:
        said["value"] = None
    elif integer:
        said["value"] = signed(said["value"], said.get("type", 0))
    return Metric(**said)


def signed(value: int, type_: int) -> int | bool:
    """Return an integer by its data type: they are sent unsigned, in two's complement."""
    bits = BITS.get(type_)
    if bits is None:
        return bool(value) if type_ == _BOOLEAN else value
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _unit(properties: memoryview, left: Iterator[int]) -> str:
    """The engineering unit in a set of properties, which is a list of keys and one of values."""
    keys, values = list[str](), list[memoryview]()
    for item in items(properties, left):
        if item.number == 1:
            keys.append(item.text)
        elif item.number == 2:
            values.append(item.data)
    for key, value in zip(keys, values, strict=False):
        if key.replace("_", "").replace(" ", "").lower() in _UNITS:
            return next((item.text for item in items(value, left) if item.number == 8), "")[:_UNIT]
    return ""
