"""Makes a recording of what another tool recorded, with the verdicts that a hub would give now."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from hub.errors import RecordingError
from hub.pipeline.decode import Decoder
from hub.recording.foreign import influx, text
from hub.recording.foreign.mcap import mcap
from hub.recording.foreign.message import Foreign, Source, Unread
from hub.recording.foreign.ros import rosbag2
from hub.recording.frames import MAGIC
from hub.recording.layout import MAX_CHUNK, Recorded
from hub.recording.opening import refuse_packed
from hub.recording.received import is_answer, verdict_of
from hub.recording.topic_map import TopicMap
from hub.recording.writer import whole_recording
from hub.stores.store import measurements
from schemas import KindSpec

_SQLITE = b"SQLite format 3\0"
_LINE_PROTOCOL = re.compile(r'[^\s{"]+ [^\s=]+=.*? -?\d{9,20}\s*|# (?:DDL|DML|INFLUXDB EXPORT).*')
_REASONS = 20


FORMS = ("jsonl", "mosquitto", "mqtt-recorder", "influx-lines", "influx-csv", "mcap", "rosbag2")
"""The formats that are read, by the name that `--from` takes."""


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """How to read: the hub's root, what topics become, and times for a log that has none (ns)."""

    root: str
    topics: TopicMap
    start: int
    every: int


@dataclass(slots=True)
class Imported:
    """The result: messages by verdict, and what was not read, by reason with its first place."""

    verdicts: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    root: str = ""

    def not_read(self, item: Unread) -> None:
        """Count what was not read; beyond 20 reasons all together."""
        why = item.why if item.why in self.first or len(self.first) < _REASONS else "other reasons"
        self.unread[why] += 1
        self.first.setdefault(why, item.where)

    def remarks(self) -> list[str]:
        """Say in sentences what is not in the recording."""
        said = [
            f"{count:,} not read, the first at {self.first[why]}: {why}"
            for why, count in self.unread.items()
        ]
        if self.others:
            topic = next(iter(self.others))
            # Names of ROS begin with a slash.
            example = f" '/#={self.root}/BOOTH/ros/#'" if topic.startswith("/") else ""
            said.append(
                f"{self.others.total():,} messages left out of topics that are not below the root, "
                f"like {topic!r}: give --map-topic{example}"
            )
        return said


def import_file(
    path: Path, out: Path, form: str | None, terms: ImportTerms, kinds: Mapping[str, KindSpec]
) -> Imported:
    """Write the messages of a file as a recording.

    Args:
        path: what another tool recorded.
        out: the recording, a new file.
        form: one of `FORMS`; None to find out.
        terms: how to read it.
        kinds: the catalogue.

    Raises:
        RecordingError: the file cannot be read, holds no message, or `out` cannot be written.
    """
    form = form or form_of(path)
    result = Imported(root=terms.root)
    messages = _recorded(_source(path, form, terms, kinds), terms, kinds, result)
    first = next(messages, None)
    if first is None:
        said = "; ".join(result.remarks()) or "it is empty"
        raise RecordingError(f"{path}: there is no message in it, read as {form}: {said}")
    begin = {"imported": path.name, "from": form}
    with whole_recording(out, kinds, root=terms.root, begin=begin) as writer:
        for message in chain([first], messages):
            writer.add(message)
    return result


def _recorded(
    source: Source, terms: ImportTerms, kinds: Mapping[str, KindSpec], result: Imported
) -> Iterator[Recorded]:
    decoder = Decoder(terms.root, kinds)
    for item in source:
        if isinstance(item, Unread):
            result.not_read(item)
            continue
        fault = item.fault()
        if fault is not None:
            result.not_read(Unread(f"topic {item.topic[:80]!r}", fault))
            continue
        topic = terms.topics.mapped(item.topic)
        if not topic.startswith(f"{terms.root}/") or set(topic) & set("+#\0"):
            _count_other(result, topic)
        elif not is_answer(topic):
            message = _message(item, topic, decoder)
            result.verdicts[message.verdict] += 1
            yield message


def _count_other(result: Imported, topic: str) -> None:
    known = topic in result.others or len(result.others) < _REASONS
    result.others[topic if known else next(iter(result.others))] += 1


def _message(item: Foreign, topic: str, decoder: Decoder) -> Recorded:
    verdict = verdict_of(decoder.decode(topic, item.payload, item.at, item.retain))
    return Recorded(
        topic, item.payload, item.at, item.qos, item.retain, dict(item.properties), verdict
    )


# --- the formats


_BINARY = {"mcap": mcap, "rosbag2": rosbag2}


def _source(path: Path, form: str, terms: ImportTerms, kinds: Mapping[str, KindSpec]) -> Source:
    match form:
        case "jsonl":
            return text.json_lines(_lines(path))
        case "mosquitto":
            return text.topic_lines(_lines(path), terms.start, terms.every)
        case "mqtt-recorder":
            return text.mqtt_recorder(_rows(path))
        case "influx-lines":
            return influx.line_protocol(_texts(path), _points(terms, kinds))
        case "influx-csv":
            return influx.annotated_csv(_rows(path), _points(terms, kinds), kinds)
    return _BINARY[form](path)


def form_of(path: Path) -> str:
    """Return the format of a file by how it begins.

    Raises:
        RecordingError: it is none that is read; the message names it, if it is known.
    """
    if path.is_dir():
        return "rosbag2"
    try:
        with path.open("rb") as file:
            start = file.read(64 * 1024)
    except OSError as exc:
        raise RecordingError(f"{path}: cannot be read: {exc.strerror or exc}") from exc
    if start.startswith(MAGIC):
        return "mcap"
    if start.startswith(_SQLITE):
        return "rosbag2"
    refuse_packed(path, start)
    lines = start.decode(errors="replace").lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), None)
    found = None if first is None else _text_form(first)
    if found is None:
        raise RecordingError(f"{path} is nothing that is read; give --from: {', '.join(FORMS)}")
    return found


def _text_form(line: str) -> str | None:
    if line.startswith("{"):
        return "jsonl"
    if line.startswith(("#datatype", "#group", "#default", ",result,table")):
        return "influx-csv"
    row = next(csv.reader([line]), [])
    if len(row) == 6 and row[2] in {"0", "1", "2"} and row[3] in {"True", "False"}:
        return "mqtt-recorder"
    if _LINE_PROTOCOL.fullmatch(line):
        return "influx-lines"
    source = text.topic_lines([line.encode()], 0, 0)
    return "mosquitto" if any(isinstance(item, Foreign) for item in source) else None


def _rows(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CHUNK)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield from csv.reader(file)
    except csv.Error as exc:
        raise RecordingError(f"{path}: it is no CSV: {exc}") from exc
    except OSError as exc:
        raise RecordingError(f"{path}: {exc.strerror}") from exc


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_CHUNK):
                yield line
    except OSError as exc:
        raise RecordingError(f"{path}: {exc.strerror}") from exc


def _texts(path: Path) -> Iterable[str]:
    return (line.decode(errors="replace") for line in _lines(path))


def _points(terms: ImportTerms, kinds: Mapping[str, KindSpec]) -> influx.Points:
    own = measurements(kinds).keys() - kinds.keys()
    return influx.Points(terms.root, frozenset(own))
