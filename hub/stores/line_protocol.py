r"""InfluxDB line protocol: formats and parses the lines that the hub writes. Pure.

One line is one reading::

    thermostat,booth=b12,device=t1,domain=smart_home temperature=21.5 1760000000000000000

Tag values need no escaping (the patterns of booths and devices see to that); strings are quoted,
with ``"`` and ``\`` escaped, and hold no line breaks (`schemas` sees to that).
Source: InfluxDB v2 line protocol reference.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas import FieldType

#: Around a value in JSON, which writes numbers, booleans and one-line strings as a line does.
_SUFFIXES = {FieldType.INTEGER: "i"}


class Row(NamedTuple):
    """A parsed line: `tags` and `fields` by name, `ts` in ns."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, Any]
    ts: int


def prefix(measurement: str, tags: Mapping[str, str]) -> str:
    """Return the part of a line before its fields, tags in the order given, empty ones left out."""
    return ",".join([measurement, *(f"{name}={value}" for name, value in tags.items() if value)])


def field_format(name: str, type_: FieldType) -> str:
    """Return a field's ``name=value``, with ``%b`` for the value in JSON."""
    return f"{name}=%b{_SUFFIXES.get(type_, '')}"


def escape(value: str) -> str:
    """Escape a string for a string field, without the quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def line(measurement: str, tags: Mapping[str, str], fields: Mapping[str, Any], ts: int) -> str:
    """Return one line, its types those of the values; for the hub's own rows."""
    body = ",".join(f"{name}={_written(value)}" for name, value in fields.items())
    return f"{prefix(measurement, tags)} {body} {ts}"


def _written(value: float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value}i"
    return f'"{escape(value)}"' if isinstance(value, str) else repr(value)


_FIELD = re.compile(r'([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)')
_ESCAPED = re.compile(r"\\(.)")
_BOOLEANS = {"true": True, "false": False}


def parse(text: str) -> Row:
    """Parse a line that this module wrote.

    Raises:
        ValueError: it is not such a line, or has an integer of more than 64 bits.
    """
    head, rest = text.split(" ", 1)
    body, ts = rest.rsplit(" ", 1)
    measurement, *tags = head.split(",")
    return Row(
        measurement,
        dict(tag.split("=", 1) for tag in tags),
        {name: _value(raw) for name, raw in _FIELD.findall(body)},
        _whole(ts),
    )


def _whole(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{text} has more than 64 bits")
    return number


def _value(raw: str) -> Any:
    if not raw:
        raise ValueError("a field has no value")
    if raw[0] == '"':
        return _ESCAPED.sub(r"\1", raw[1:-1])
    if raw[-1] == "i":
        return _whole(raw[:-1])
    return _BOOLEANS[raw] if raw in _BOOLEANS else float(raw)
