"""Checks that readings name only declared measurements and fields. Pure.

Values and ranges were checked before, by `hub.pipeline.decode` or `hub.pipeline.translate`.
"""

import re
from collections.abc import Iterable, Mapping

from hub.stores import line_protocol, rows
from hub.stores.store import Measurement, Refusal

DAMAGED = "damaged in the outbox file"
"""Why a row is refused that does not read back as it was written."""


class Declared:
    """The measurements that are declared, with their fields."""

    def __init__(self, measurements: Mapping[str, Measurement]) -> None:
        self._measurements = dict(measurements)
        self._fitting = {
            name.encode(): _pattern(item.fields).fullmatch for name, item in measurements.items()
        }

    def add(self, measurement: Measurement) -> None:
        """Declare one more measurement."""
        self._fitting[measurement.name.encode()] = _pattern(measurement.fields).fullmatch
        self._measurements[measurement.name] = measurement

    def sort(self, batches: Iterable[bytes]) -> tuple[list[rows.Rows], list[bytes], list[Refusal]]:
        """Return the rows and the lines of batches, and what is not declared, with the reason.

        Lines are not looked at.

        Raises:
            ValueError: rows are damaged; see `without_damage`.
        """
        found, lines, refusals = list[rows.Rows](), list[bytes](), list[Refusal]()
        for batch in batches:
            if not rows.is_rows(batch):
                lines += batch.split(b"\n")
                continue
            for part in rows.split(batch):
                try:
                    self._check(part.header.measurement, part.header.fields)
                except ValueError as exc:
                    refusals += [Refusal(line, str(exc)) for line in part.lines()]
                else:
                    found.append(part)
        return found, lines, refusals

    def unfit(self, line: bytes) -> str | None:
        """Return why a line cannot be kept; None for one that can."""
        # The pattern takes 2 µs for seven fields, taking the line apart 20.
        fits = self._fitting.get(line.partition(b",")[0])
        if fits is not None and fits(line):
            return None
        try:
            self.row(line)
        except ValueError as exc:
            return str(exc)
        return None

    def row(self, line: bytes) -> line_protocol.Row:
        """Return a parsed line.

        Raises:
            ValueError: it cannot be kept; its words say why.
        """
        try:
            row = line_protocol.parse(line.decode())
        except ValueError as exc:  # a damaged outbox may hold anything
            raise ValueError(f"is no line protocol: {exc}") from exc
        self._check(row.measurement, row.fields)
        return row

    def _check(self, name: str, fields: Mapping[str, object]) -> None:
        measurement = self._measurements.get(name)
        if measurement is None:
            raise ValueError(f"no kind {name} is declared")
        unknown = fields.keys() - measurement.fields.keys()
        if unknown:
            raise ValueError(f"{name} declares no field {min(unknown)}")


def without_damage(batches: Iterable[bytes]) -> tuple[list[bytes], list[Refusal]]:
    """Return batches without the rows that a store cannot take, and those rows."""
    found, refusals = list[bytes](), list[Refusal]()
    for batch in batches:
        if not rows.is_rows(batch):
            found.append(batch)
            continue
        good, bad = rows.split_damaged(batch)
        refusals += [Refusal(row, DAMAGED) for row in bad]
        if good:
            found.append(rows.join_in_order(good))
    return found, refusals


def _pattern(fields: Mapping[str, object]) -> re.Pattern[bytes]:
    """Match a line, tags and all, that has no other fields than these; it never backtracks."""
    names = "|".join(map(re.escape, fields))
    value = r'(?:"(?:[^"\\]++|\\.)*+"|[^",\s]++)'
    return re.compile(rf"[^ ]*+ (?:(?:{names})={value}[, ])++-?\d++".encode(), re.DOTALL)
