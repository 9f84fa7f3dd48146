"""Recordings as CSV, Parquet and JSON Lines."""

import builtins
import csv
import json
import resource
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from hub.errors import RecordingError
from hub.recording.export import export_lines, export_tables
from hub.recording.format import Recorded, read
from schemas import FieldType, kinds

MORNING = Path(__file__).parents[1] / "data" / "recordings" / "quiet-morning.mcap"
BAD = MORNING.with_name("misbehaving-booth.mcap")
ROOT = "smartlife/v1"
AT = 1_760_000_000_123_456_789


def accepted(path: Path, kind: str) -> list[dict[str, Any]]:
    return [
        json.loads(message.payload)
        for message in read(path, kind=kind)
        if message.verdict == "accepted"
    ]


def test_each_kind_is_a_csv_with_its_declared_columns(tmp_path: Path):
    counts, strangers = export_tables(read(MORNING), "csv", tmp_path, kinds(), ROOT)
    assert strangers == 0
    assert counts
    for name, count in counts.items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        fields = [spec.name for spec in kinds()[name].fields]
        assert list(rows[0]) == ["ts", "booth", "device", *fields]
        sent = accepted(MORNING, name)
        assert len(rows) == count == len(sent)
        number = next(spec.name for spec in kinds()[name].fields if spec.numeric)
        assert [float(row[number]) for row in rows] == [item[number] for item in sent]


def test_times_and_empty_fields_in_csv(tmp_path: Path):
    message = Recorded(f"{ROOT}/b1/thermostat/t", b'{"temperature": 21, "window_open": true}', AT)
    export_tables([message], "csv", tmp_path, kinds(), ROOT)
    (row,) = csv.DictReader((tmp_path / "thermostat.csv").read_text("utf-8").splitlines())
    assert (row["ts"], row["booth"], row["device"]) == ("2025-10-09T08:53:20.123456789Z", "b1", "t")
    assert (row["window_open"], row["target"]) == ("true", "")


def test_parquet_has_types_and_nanoseconds(tmp_path: Path):
    counts, _ = export_tables(read(MORNING), "parquet", tmp_path, kinds(), ROOT)
    assert counts
    for name, count in counts.items():
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        assert table.num_rows == count
        assert str(table.schema.field("ts").type) == "timestamp[ns, tz=UTC]"
        types = {
            FieldType.FLOAT: "double",
            FieldType.INTEGER: "int64",
            FieldType.BOOLEAN: "bool",
            FieldType.STRING: "string",
        }
        for spec in kinds()[name].fields:
            assert str(table.schema.field(spec.name).type) == types[spec.type]
            assert table.column(spec.name).to_pylist() == [
                item.get(spec.name) for item in accepted(MORNING, name)
            ]


def test_json_lines_hold_every_message_to_the_byte(tmp_path: Path):
    from base64 import b64decode

    messages = list(read(BAD))
    assert export_lines(iter(messages), tmp_path / "a.jsonl", ROOT) == len(messages)
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    payloads = [
        line["payload"].encode() if "payload" in line else b64decode(line["payload_base64"])
        for line in lines
    ]
    assert payloads == [message.payload for message in messages]
    assert [line["verdict"] for line in lines] == [message.verdict for message in messages]
    assert {line["booth"] for line in lines} == {"b01", "b02", "b08", "b12"}
    assert any("payload_base64" in line for line in lines)


def test_readings_that_the_catalogue_does_not_take_any_more_are_counted(tmp_path: Path):
    older = [
        Recorded(f"{ROOT}/b1/thermostat/t", b'{"temp": 21}', AT),
        Recorded(f"{ROOT}/b1/gramophone/t", b'{"speed": 78}', AT),
    ]
    assert export_tables(older, "csv", tmp_path, kinds(), ROOT) == ({}, 2)


def test_files_that_are_there_are_left_alone(tmp_path: Path):
    export_tables(read(MORNING), "csv", tmp_path, kinds(), ROOT)
    with pytest.raises(RecordingError, match=r"\.csv is there already; give another --out"):
        export_tables(read(MORNING), "csv", tmp_path, kinds(), ROOT)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_disk_that_is_full_is_told_at_the_last_byte_too(tmp_path: Path, form: str):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # less than what closing has to write
    try:
        with pytest.raises(RecordingError, match="cannot be written: File too large"):
            export_tables(read(MORNING), form, tmp_path, kinds(), ROOT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_without_pyarrow_parquet_says_how_to_get_it(tmp_path: Path, monkeypatch):
    usual = builtins.__import__

    def importing(name, *more, **named):
        if name == "pyarrow":
            raise ImportError(name)
        return usual(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(RecordingError, match=r"pip install -e '.\[parquet\]'"):
        export_tables(read(MORNING), "parquet", tmp_path, kinds(), ROOT)


def test_a_message_of_a_dialect_is_a_row_for_each_reading(tmp_path: Path):
    said = b'{"ENERGY":{"Power":12},"AM2301":{"Temperature":21.5}}'
    message = Recorded(f"{ROOT}/b1/tasmota/tele/plug1/SENSOR", said, AT)
    counts, strangers = export_tables([message], "csv", tmp_path, kinds(), ROOT)
    assert (counts, strangers) == ({"smart_plug": 1, "climate_sensor": 1}, 0)
    (row,) = csv.DictReader((tmp_path / "smart_plug.csv").read_text("utf-8").splitlines())
    assert (row["device"], row["power"]) == ("plug1", "12.0")
