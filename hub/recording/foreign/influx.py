"""Reads exports of InfluxDB: line protocol, and annotated CSV. Pure.

Both may have each field of a reading in a separate row, far from the others: the fields of one
measurement, its tags and one time are put together in memory, and come in the order of time.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from hub import timestamps
from hub.errors import RecordingError
from hub.recording.foreign.message import Foreign, Source, Unread
from schemas import KindSpec

MAX_READINGS = 1_000_000
"""Readings that are put together in memory, at most: some 500 MB."""
Value = float | str | bool

_TAGS = {"booth", "device"}
_META = {"", "result", "table", "_start", "_stop", "_time", "_measurement", "_field", "_value"}
_HEAD = re.compile(r"((?:[^ \\]|\\.)+) (.+?)(?: (-?\d+))?\s*", re.DOTALL)
_PART = re.compile(r"((?:[^,=\\]|\\.)+)=((?:[^,=\\]|\\.)*)")
_FIELD = re.compile(r'((?:[^,=\\]|\\.)+)=("(?:[^"\\]|\\.)*"|[^,]+)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BOOLEANS = {"t": True, "true": True, "f": False, "false": False}


class Points:
    """Puts the fields of each reading together."""

    def __init__(self, root: str, ignored: frozenset[str]) -> None:
        self._root = root
        self._ignored = ignored
        self._readings: dict[tuple[int, str], dict[str, Value]] = {}

    def add(
        self, measurement: str, tags: Mapping[str, str], fields: Mapping[str, Value], at: int
    ) -> None:
        """Add fields of a reading; those of the hub's own measurements are left out.

        Raises:
            RecordingError: there are more readings than are held.
        """
        if measurement in self._ignored:
            return
        key = (at, self._topic(measurement, tags))
        self._readings.setdefault(key, {}).update(fields)
        if len(self._readings) > MAX_READINGS:
            raise RecordingError(
                f"there are more than {MAX_READINGS:,} readings; export a shorter time"
            )

    def _topic(self, measurement: str, tags: Mapping[str, str]) -> str:
        """The topic of a device, or else the measurement and its tags, to be mapped."""
        if tags.keys() >= _TAGS:
            return f"{self._root}/{tags['booth']}/{measurement}/{tags['device']}"
        return "/".join([measurement, *(tags[name] for name in sorted(tags))])

    def messages(self) -> Iterator[Foreign]:
        """Return the readings as messages, oldest first."""
        for (at, topic), fields in sorted(self._readings.items(), key=lambda item: item[0]):
            said = json.dumps({**fields, "ts": at}, ensure_ascii=False)
            yield Foreign(topic, said.encode(errors="replace"), at)


def line_protocol(lines: Iterable[str], points: Points) -> Source:
    """Read line protocol, as of `influxd inspect export-lp` and `influx_inspect export`."""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(("#", "CREATE DATABASE")):
            continue
        try:
            measurement, tags, fields, at = _parsed(line)
        except ValueError as exc:
            yield Unread(f"line {number:,}", str(exc))
        else:
            points.add(measurement, tags, fields, at)
    yield from points.messages()


def _parsed(line: str) -> tuple[str, dict[str, str], dict[str, Value], int]:
    match = _HEAD.fullmatch(line.rstrip("\r\n"))
    if match is None:
        raise ValueError("it is no line protocol")
    head, body, at = match.groups()
    if at is None:
        raise ValueError("it has no time")
    name, _, rest = head.partition(",")
    tags = {_plain(key): _plain(value) for key, value in _PART.findall(rest)}
    fields = {_plain(key): _value(said) for key, said in _FIELD.findall(body)}
    if not fields:
        raise ValueError("it has no fields")
    return _plain(name), tags, fields, timestamps.parse(int(at))


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _value(said: str) -> Value:
    if said[0] == '"':
        return _plain(said[1:-1])
    if said.lower() in _BOOLEANS:
        return _BOOLEANS[said.lower()]
    if said[-1] in "iu":
        return int(said[:-1])
    return float(said)


def annotated_csv(
    rows: Iterable[list[str]], points: Points, kinds: Mapping[str, KindSpec]
) -> Source:
    """Read the CSV of Flux, as it comes or pivoted."""
    said: dict[str, list[str]] = {}
    columns: list[_Column] = []
    for number, row in enumerate(rows, 1):
        if not any(row) or row[0].startswith("#"):
            said, columns = {} if columns else said, []
            said |= {row[0]: row} if any(row) else {}
        elif not columns:
            columns = _columns(row, said)
        else:
            try:
                _add_row(columns, row, points, kinds)
            except (ValueError, KeyError) as exc:
                why = f"it has no {exc}" if isinstance(exc, KeyError) else str(exc)
                yield Unread(f"row {number:,}", why)
    yield from points.messages()


class _Column(NamedTuple):
    """A column: its name, its type, and whether it is in the group key; None if not known."""

    name: str
    type: str | None
    in_key: bool | None


def _columns(header: list[str], said: Mapping[str, list[str]]) -> list[_Column]:
    groups = dict(zip(header, said.get("#group", ()), strict=False))
    known = groups.get("_measurement") == "true"  # group() takes the tags out of the key, too
    types = dict(zip(header, said.get("#datatype", ()), strict=False))
    return [
        _Column(name, types.get(name), groups.get(name) == "true" if known else None)
        for name in header
    ]


def _add_row(
    columns: list[_Column], row: list[str], points: Points, kinds: Mapping[str, KindSpec]
) -> None:
    found = {column.name: text for column, text in zip(columns, row, strict=False)}
    if "error" in found:
        raise ValueError(f"InfluxDB said: {found['error']}")
    measurement, at = found["_measurement"], timestamps.parse(found["_time"])
    types = {column.name: column.type for column in columns}
    if "_field" in found:
        fields = {found["_field"]: _typed(found["_value"], types.get("_value"))}
        tags = {name: text for name, text in found.items() if name not in _META}
    else:
        declared = {spec.name for spec in kinds[measurement].fields} if measurement in kinds else ()
        cells = {
            column: _typed(found[column.name], column.type)
            for column in columns
            if column.name not in _META and found.get(column.name)
        }
        fields = {it.name: said for it, said in cells.items() if _is_field(it, said, declared)}
        tags = {it.name: found[it.name] for it in cells if it.name not in fields}
    points.add(measurement, tags, fields, at)


def _is_field(column: _Column, said: Value, declared: Collection[str]) -> bool:
    """Whether a pivoted column is a field: where nothing tells, text is a tag."""
    if column.name in declared or column.name in _TAGS:
        return column.name in declared
    return not isinstance(said, str) if column.in_key is None else not column.in_key


def _typed(said: str, type_: str | None) -> Value:
    match type_:
        case "string":
            return said
        case "long" | "unsignedLong":
            return int(said)
        case "double":
            return float(said)
        case "boolean":
            return _BOOLEANS[said.lower()]
    try:
        return _value(said or '""')
    except ValueError:
        return said
