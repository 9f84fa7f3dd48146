"""Exports recordings: CSV or Parquet for each kind, or JSON Lines."""

import csv
import json
from abc import ABC, abstractmethod
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from hub.errors import RecordingError
from hub.files import whole
from hub.messages import Reading
from hub.pipeline.batch import held
from hub.pipeline.decode import Decoder
from hub.recording.layout import ACCEPTED, Recorded, names_of
from hub.timestamps import rfc3339
from schemas import FieldType, KindSpec

_ROWS = 10_000
"""Rows of a kind that are held before they are written as one group of Parquet."""


class Table(ABC):
    """One file of readings of one kind, with columns by its declaration."""

    def __init__(self, kind: KindSpec) -> None:
        self.kind = kind
        self.fields = [spec.name for spec in kind.fields]

    @abstractmethod
    def add(self, reading: Reading) -> None:
        """Add a row; a field that was not sent stays empty."""

    @abstractmethod
    def close(self) -> None:
        """Write what is buffered, and close the file."""


class _Csv(Table):
    def __init__(self, kind: KindSpec, path: Path) -> None:
        super().__init__(kind)
        self._file = path.open("x", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["ts", "booth", "device", *self.fields])

    def add(self, reading: Reading) -> None:
        values = [reading.fields.get(name) for name in self.fields]
        cells = [str(item).lower() if isinstance(item, bool) else item for item in values]
        address = reading.address
        self._writer.writerow([rfc3339(reading.ts), address.booth, address.device, *cells])

    def close(self) -> None:
        self._file.close()


class ReadingsParquet(Table):
    """A Parquet file of readings of one kind."""

    def __init__(self, kind: KindSpec, path: Path) -> None:
        super().__init__(kind)
        self._arrow, parquet = _pyarrow()
        types = {
            FieldType.FLOAT: self._arrow.float64(),
            FieldType.INTEGER: self._arrow.int64(),
            FieldType.BOOLEAN: self._arrow.bool_(),
            FieldType.STRING: self._arrow.string(),
        }
        columns = {"ts": self._arrow.timestamp("ns", "UTC")}
        columns |= dict.fromkeys(("booth", "device"), types[FieldType.STRING])
        columns |= {spec.name: types[spec.type] for spec in kind.fields}
        self._schema = self._arrow.schema(list(columns.items()))
        self._rows: list[dict[str, Any]] = []
        self._file = path.open("xb")
        self._writer = parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def add(self, reading: Reading) -> None:
        """Add a row."""
        address = reading.address
        tags = {"booth": address.booth, "device": address.device}
        self.add_row(reading.ts, tags, reading.fields)

    def add_row(self, ts: int, tags: Mapping[str, str], fields: Mapping[str, Any]) -> None:
        """Add a row as a store has it."""
        own = {name: tags.get(name) for name in ("booth", "device")}
        self._rows.append({"ts": ts, **own, **fields})
        if len(self._rows) >= _ROWS:
            self._write()

    def _write(self) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()

    def close(self) -> None:
        """Write what is buffered, and close the file."""
        try:
            if self._rows:
                self._write()
            self._writer.close()
        finally:
            self._file.close()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as exc:
        raise RecordingError(
            "Parquet needs pyarrow; install it in the hub's folder with: "
            ".venv/bin/pip install -e '.[parquet]', or export to csv"
        ) from exc
    return pa, parquet


TABLES = {"csv": _Csv, "parquet": ReadingsParquet}


def export_tables(
    messages: Iterable[Recorded], form: str, folder: Path, kinds: Mapping[str, KindSpec], root: str
) -> tuple[Counter[str], int]:
    """Write the accepted readings to `folder/<kind>.<form>`, with bounded memory.

    Returns:
        The readings of each kind, and how many the present catalogue rejects.

    Raises:
        RecordingError: a file exists already, cannot be written, or pyarrow is missing.
    """
    tables: dict[str, Table] = {}
    counts, strangers = Counter[str](), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Inside: what closing still has to write may fail as well. All are closed before one of
        # them gets its name.
        with ExitStack() as names, ExitStack() as open_tables:
            for reading in _readings(messages, kinds, root):
                if reading is None:
                    strangers += 1
                    continue
                name = reading.address.kind
                if name not in tables:
                    part = names.enter_context(whole(folder / f"{name}.{form}"))
                    tables[name] = TABLES[form](kinds[name], part)
                    open_tables.callback(tables[name].close)
                tables[name].add(reading)
                counts[name] += 1
    except OSError as exc:
        raise not_written(exc, folder) from exc
    return counts, strangers


def _readings(
    messages: Iterable[Recorded], kinds: Mapping[str, KindSpec], root: str
) -> Iterator[Reading | None]:
    decoder = Decoder(root, kinds)
    for message in messages:
        if message.verdict == ACCEPTED:
            verdict = decoder.decode(message.topic, message.payload, message.at)
            yield from held(verdict) or (None,)


def export_lines(messages: Iterable[Recorded], path: Path, root: str) -> int:
    """Write every message, rejected ones too, as one line of JSON; return how many.

    Raises:
        RecordingError: the file exists already or cannot be written.
    """
    count = 0
    try:
        with whole(path) as part, part.open("x", encoding="utf-8") as file:
            for message in messages:
                _write_line(file, message, root)
                count += 1
    except OSError as exc:
        raise not_written(exc, path) from exc
    return count


def _write_line(file: IO[str], message: Recorded, root: str) -> None:
    line: dict[str, Any] = {"at": rfc3339(message.at), "topic": message.topic}
    line |= names_of(root, message.topic)._asdict()
    line |= {"qos": message.qos, "retain": message.retain, "verdict": message.verdict}
    if message.properties:
        line["properties"] = dict(message.properties)
    json.dump({**line, **payload_in_json(message.payload)}, file, ensure_ascii=False)
    file.write("\n")


def payload_in_json(payload: bytes) -> dict[str, str]:
    """The payload to the byte: as text, or in base64 where it is none."""
    try:
        return {"payload": payload.decode()}
    except UnicodeDecodeError:
        return {"payload_base64": b64encode(payload).decode()}


def not_written(exc: OSError, path: Path) -> RecordingError:
    """The error for an export that could not be written."""
    if isinstance(exc, FileExistsError):
        return RecordingError(f"{exc.filename} is there already; give another --out")
    return RecordingError(f"{path}: cannot be written: {exc.strerror or exc}")
