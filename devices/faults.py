"""What goes wrong with devices at an exhibition, on purpose.

A fault turns a reading into what a broken device would publish instead: no message, one, or
several. Which readings suffer is left to the seed.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from devices.wire import encode
from schemas import FieldSpec, FieldType, KindSpec

Payload = Mapping[str, Any]

#: The contract's limit for a reading is 64 KiB.
TOO_LARGE_BYTES = 70_000
_HOUR = timedelta(hours=1)
_SILENCE = (5, 20)


class Fault(StrEnum):
    """One thing that can be wrong with a message."""

    DROP_OUT = "drop-out"
    WRONG_TYPE = "wrong-type"
    OUT_OF_RANGE = "out-of-range"
    BROKEN_JSON = "broken-json"
    NOT_UTF8 = "not-utf8"
    TOO_LARGE = "too-large"
    MISSING_FIELD = "missing-field"
    CLOCK_BEHIND = "clock-behind"
    CLOCK_AHEAD = "clock-ahead"
    CLOCK_1970 = "clock-1970"
    DUPLICATE = "duplicate"


BAD_PAYLOAD = (
    Fault.WRONG_TYPE,
    Fault.OUT_OF_RANGE,
    Fault.BROKEN_JSON,
    Fault.NOT_UTF8,
    Fault.TOO_LARGE,
    Fault.MISSING_FIELD,
)
WRONG_CLOCK = (Fault.CLOCK_BEHIND, Fault.CLOCK_AHEAD, Fault.CLOCK_1970)
#: What can be wrong with any message, whatever its fields are.
ANYWHERE = (
    Fault.DROP_OUT,
    Fault.BROKEN_JSON,
    Fault.NOT_UTF8,
    Fault.TOO_LARGE,
    Fault.DUPLICATE,
)

#: What can be asked for by name: each fault, and three groups of them.
NAMED: Mapping[str, tuple[Fault, ...]] = {
    **{fault.value: (fault,) for fault in Fault},
    "bad-payload": BAD_PAYLOAD,
    "wrong-clock": WRONG_CLOCK,
    "all": tuple(Fault),
}


class Faults:
    """Spoils a `share` (0 to 1) of the readings of one device with one of `faults`."""

    def __init__(
        self, kind: KindSpec, faults: Collection[Fault], random: Random, share: float = 0.1
    ) -> None:
        self._kind = kind
        self._faults = tuple(faults)
        self._random = random
        self._share = share
        self._silent = 0

    def only(self, faults: Collection[Fault]) -> "Faults":
        """Return the same with none but these `faults`."""
        those = [fault for fault in self._faults if fault in faults]
        return Faults(self._kind, those, self._random, self._share)

    def messages(self, payload: Payload) -> list[bytes]:
        """Return what to publish for this reading: mostly itself, now and then something bad."""
        if self._silent > 0:
            self._silent -= 1
            return []
        if not self._faults or self._random.random() >= self._share:
            return [encode(payload)]
        fault = self._random.choice(self._faults)
        if fault is Fault.DROP_OUT:
            self._silent = self._random.randint(*_SILENCE)
        return spoil(fault, self._kind, payload, self._random)


def spoil(fault: Fault, kind: KindSpec, payload: Payload, random: Random) -> list[bytes]:
    """Return the messages that a device of `kind` with this fault publishes for `payload`.

    A fault that the reading offers no place for (no number that could leave its range, no `ts`
    that could be wrong) leaves it as it is.
    """
    return _SPOILERS[fault](kind, payload, random)


def _drop_out(_kind: KindSpec, _payload: Payload, _random: Random) -> list[bytes]:
    return []


def _duplicate(_kind: KindSpec, payload: Payload, _random: Random) -> list[bytes]:
    return [encode(payload)] * 2


def _wrong_type(kind: KindSpec, payload: Payload, random: Random) -> list[bytes]:
    name = random.choice([spec.name for spec in kind.fields if payload.get(spec.name) is not None])
    value = payload[name]
    return [encode({**payload, name: 7 if isinstance(value, str) else str(value)})]


def _out_of_range(kind: KindSpec, payload: Payload, random: Random) -> list[bytes]:
    # An optional number outside its range costs only itself.
    costly = [spec for spec in kind.fields if spec.required or not spec.numeric]
    bounded = [spec for spec in costly if spec.name in payload and _beyond(spec) is not None]
    if not bounded:  # true and false have no range
        return _wrong_type(kind, payload, random)
    spec = random.choice(bounded)
    return [encode({**payload, spec.name: _beyond(spec)})]


def _beyond(spec: FieldSpec) -> Any:
    """A value of the field's type that its declaration does not allow, if there is one."""
    if spec.numeric:
        return None if spec.maximum is None else _above(spec, spec.maximum)
    if spec.choices:
        return f"no-such-{spec.name}"
    if spec.type is FieldType.STRING and spec.max_length:
        return "x" * (spec.max_length + 1)
    return None


def _above(spec: FieldSpec, maximum: float) -> float:
    beyond = maximum * 2 if maximum > 0 else maximum + 100
    return int(beyond) if spec.type is FieldType.INTEGER else beyond


def _broken_json(_kind: KindSpec, payload: Payload, random: Random) -> list[bytes]:
    whole = encode(payload)
    return [whole[: random.randint(1, len(whole) - 1)]]


def _not_utf8(_kind: KindSpec, payload: Payload, _random: Random) -> list[bytes]:
    """As a program would send that writes its Korean texts in EUC-KR."""
    whole = encode(payload)
    return [whole[:-1] + ',"메모":"전시"}'.encode("euc-kr")]


def _too_large(_kind: KindSpec, payload: Payload, _random: Random) -> list[bytes]:
    return [encode({**payload, "log": "x" * TOO_LARGE_BYTES})]


def _missing_field(kind: KindSpec, payload: Payload, random: Random) -> list[bytes]:
    required = [spec.name for spec in kind.fields if spec.required]
    if not required:
        return [encode(payload)]
    gone = random.choice(required)
    return [encode({name: value for name, value in payload.items() if name != gone})]


def _clock(shift: Callable[[datetime], datetime], milliseconds: Callable[[int], int]) -> Any:
    def messages(_kind: KindSpec, payload: Payload, _random: Random) -> list[bytes]:
        ts = payload.get("ts")
        if ts is None:
            return [encode(payload)]
        wrong = milliseconds(ts) if isinstance(ts, int) else _text(shift, ts)
        return [encode({**payload, "ts": wrong})]

    return messages


def _text(shift: Callable[[datetime], datetime], ts: str) -> str:
    return shift(datetime.fromisoformat(ts)).isoformat(timespec="milliseconds")


def _since_start(moment: datetime) -> datetime:
    """The time of a device that counts from 1970 since it was switched on this hour."""
    return moment.replace(year=1970, month=1, day=1, hour=0)


_HOUR_MS = 3_600_000
_SPOILERS: Mapping[Fault, Callable[[KindSpec, Payload, Random], list[bytes]]] = {
    Fault.DROP_OUT: _drop_out,
    Fault.WRONG_TYPE: _wrong_type,
    Fault.OUT_OF_RANGE: _out_of_range,
    Fault.BROKEN_JSON: _broken_json,
    Fault.NOT_UTF8: _not_utf8,
    Fault.TOO_LARGE: _too_large,
    Fault.MISSING_FIELD: _missing_field,
    Fault.CLOCK_BEHIND: _clock(lambda ts: ts - _HOUR, lambda ts: ts - _HOUR_MS),
    Fault.CLOCK_AHEAD: _clock(lambda ts: ts + _HOUR, lambda ts: ts + _HOUR_MS),
    Fault.CLOCK_1970: _clock(_since_start, lambda ts: ts % _HOUR_MS),
    Fault.DUPLICATE: _duplicate,
}
