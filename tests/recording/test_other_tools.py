"""Recordings that passed through other tools: every command gives one and the same answer."""

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import lz4.frame
import pytest
import zstandard
from mcap.records import Channel
from mcap.writer import CompressionType
from typer.testing import CliRunner

from hub.cli import app
from hub.recording import layout
from hub.recording.format import Recorded, RecordingError, info, read
from hub.recording.repair import repair
from schemas import kinds
from tests.recording.made import reading, written
from tests.recording.other_tools import BARE, rewritten

MESSAGES = [
    reading(n, properties={"content_type": "application/json"} if n % 4 == 0 else {})
    for n in range(40)
]
OTHERS = [
    reading(n, booth="b13", at=MESSAGES[n].at + 500, properties={"content_type": "x"})
    for n in range(20)
]


def first(tmp: Path) -> Path:
    return written(tmp / "first.mcap", MESSAGES, root="smartlife/v1")


def second(tmp: Path) -> Path:
    return written(tmp / "second.mcap", OTHERS)


def foreign(writer) -> None:
    odometry = writer.register_channel("/odom", "cdr", 0)
    for number in range(3):
        writer.add_message(odometry, MESSAGES[0].at + number, b"\x00\x01", 0)


def large_attachment(writer) -> None:
    writer.add_attachment(0, 0, "camera.mp4", "video/mp4", bytes(70 * 1024 * 1024))


def without(topic: str) -> Callable[[Channel], bool]:
    return lambda channel: channel.topic != topic


def only(booth: str) -> Callable[[Channel], bool]:
    return lambda channel: channel.metadata.get("booth", booth) == booth


class Whole(NamedTuple):
    """A file that can be read: how it is made, what is in it, and what is told of it."""

    make: Callable[[Path, Path], Path]
    messages: list[Recorded]
    remarks: Sequence[str] = ()


def plain(messages: list[Recorded]) -> list[Recorded]:
    return [Recorded(it.topic, it.payload, it.at, it.qos, verdict=it.verdict) for it in messages]


BY_TIME = sorted([*MESSAGES, *OTHERS], key=lambda it: it.at)
NO_METADATA = "another tool took away the metadata: how it began, and what was missed"
WHOLE = {
    "lz4": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], compression=CompressionType.LZ4), MESSAGES
    ),
    "not packed": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], compression=CompressionType.NONE), MESSAGES
    ),
    "without chunks": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], use_chunking=False), MESSAGES
    ),
    "no summary": Whole(lambda tmp, out: rewritten(out, [first(tmp)], **BARE), MESSAGES),
    "neither chunks nor summary": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], use_chunking=False, **BARE), MESSAGES
    ),
    "a large attachment": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], more=large_attachment), MESSAGES
    ),
    "filtered by topic": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], keep=without(MESSAGES[0].topic)),
        [it for it in MESSAGES if it.topic != MESSAGES[0].topic],
        ["another tool took away 8 of 40 messages"],
    ),
    "filtered, the metadata too": Whole(
        lambda tmp, out: rewritten(
            out, [first(tmp)], keep=without(MESSAGES[0].topic), with_metadata=False
        ),
        [it for it in MESSAGES if it.topic != MESSAGES[0].topic],
        ["another tool took away 8 of 40 messages", NO_METADATA],
    ),
    "properties filtered away": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], keep=without(layout.ABOUT)),
        plain(MESSAGES),
        ["another tool took away the MQTT 5 properties of 10 messages"],
    ),
    "everything filtered away but the metadata": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], keep=lambda _: False),
        [],
        [
            "another tool took away 40 of 40 messages",
            "another tool took away the MQTT 5 properties of 10 messages",
        ],
    ),
    "merged and sorted": Whole(
        lambda tmp, out: rewritten(
            out, [first(tmp), second(tmp)], order=lambda it: (it[2].log_time, it[1].topic)
        ),
        BY_TIME,
    ),
    "sorted, the properties behind their messages": Whole(
        lambda tmp, out: rewritten(
            out, [first(tmp)], order=lambda it: (it[2].log_time, it[1].topic == layout.ABOUT)
        ),
        MESSAGES,
    ),
    "merged with a foreign one": Whole(
        lambda tmp, out: rewritten(out, [first(tmp)], more=foreign),
        MESSAGES,
        ["3 messages of other programs, on 1 topics like '/odom', are left out"],
    ),
    "merged, one booth filtered": Whole(
        lambda tmp, out: rewritten(out, [first(tmp), second(tmp)], keep=only("b13")),
        OTHERS,
        ["another tool took away 40 of 60 messages"],
    ),
}


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_of_another_tool_is_read_and_told_the_same_by_all(tmp_path: Path, what: str):
    case, path = WHOLE[what], tmp_path / "a.mcap"
    case.make(tmp_path, path)
    assert list(read(path)) == case.messages
    found = info(path)
    times = [message.at for message in case.messages]
    assert (found.messages, found.first, found.last) == (
        len(case.messages),
        min(times, default=None),
        max(times, default=None),
    )
    repaired = repair(path, tmp_path / "b.mcap", kinds())
    assert (repaired.out, repaired.saved, repaired.closed) == (None, len(case.messages), True)
    assert not (tmp_path / "b.mcap").exists()
    if "booth" not in what:  # the properties of the other booth's messages are still counted
        assert found.remarks == tuple(case.remarks)
    assert set(case.remarks) <= set(found.remarks)
    assert repaired.remarks == found.remarks


def test_messages_that_lost_their_topic_are_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(layout, "MAX_CHANNELS", 2)
    source = first(tmp_path)
    path = rewritten(tmp_path / "a.mcap", [source], keep=without(layout.ABOUT))
    assert len(list(read(path))) == info(path).messages == 16
    assert "24 messages are left out: another tool took away the channel $hub/about" in "".join(
        info(path).remarks
    )


def test_the_root_is_known_without_the_metadata(tmp_path: Path):
    message = Recorded("lab/v2/b12/wearable/w1/status", b"online", 1, 1, verdict="state")
    source = written(tmp_path / "first.mcap", [message], root="lab/v2")
    assert info(rewritten(tmp_path / "a.mcap", [source], with_metadata=False)).root == "lab/v2"


class Refused(NamedTuple):
    """A file that no command can use: how it is made, and what is said."""

    make: Callable[[Path], bytes]
    says: str


def other_program(tmp: Path) -> bytes:
    path = rewritten(tmp / "other.mcap", [], more=foreign)
    return path.read_bytes()


def header(tmp: Path) -> bytes:
    whole = first(tmp).read_bytes()
    return whole[: 8 + 9 + int.from_bytes(whole[9:17], "little")]


REFUSED = {
    "only the first bytes": Refused(lambda tmp: first(tmp).read_bytes()[:8], "ends early, before"),
    "only a header": Refused(header, "ends early, before its first message: it holds no messages"),
    "half a header": Refused(lambda tmp: header(tmp)[:-4], "it holds no messages"),
    "packed as a whole with zstd": Refused(
        lambda tmp: zstandard.compress(first(tmp).read_bytes()), "unpack it first: zstd -d"
    ),
    "packed as a whole with lz4": Refused(
        lambda tmp: lz4.frame.compress(first(tmp).read_bytes()), "unpack it first: lz4 -d"
    ),
    "packed as a whole with gzip": Refused(
        lambda tmp: gzip.compress(first(tmp).read_bytes()), "unpack it first: gunzip"
    ),
    "another program's": Refused(
        other_program, "is an MCAP file, but no recording of a hub: its channel '/odom'"
    ),
    "something else": Refused(lambda _: b"PK\x03\x04" + bytes(400), "is no MCAP file"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_nobody_can_use_is_refused_by_all_in_the_same_words(tmp_path: Path, what: str):
    case, path = REFUSED[what], tmp_path / "a.mcap"
    path.write_bytes(case.make(tmp_path))
    said = set()
    for use in (info, lambda it: list(read(it)), lambda it: repair(it, tmp_path / "b", kinds())):
        with pytest.raises(RecordingError) as refused:
            use(path)
        said.add(str(refused.value))
    assert len(said) == 1
    assert case.says in said.pop()
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("command", ["info", "repair", "replay"])
def test_a_command_tells_what_a_filter_took_away(tmp_path: Path, command: str, broker):
    path = rewritten(tmp_path / "a.mcap", [first(tmp_path)], keep=without(MESSAGES[0].topic))
    arguments = {
        "info": ["recording", "info", str(path)],
        "repair": ["recording", "repair", str(path)],
        "replay": ["replay", str(path), "--to", broker.url, "--speed", "max"],
    }[command]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0
    assert "another tool took away 8 of 40 messages" in ended.output
    assert "32 messages" in ended.output


def test_a_repair_that_finds_no_message_writes_no_file(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MESSAGES)
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"zstd") + 40] ^= 0xFF
    path.write_bytes(whole[:-200])
    with pytest.raises(RecordingError, match="holds no messages"):
        repair(path, tmp_path / "b.mcap", kinds())
    assert not (tmp_path / "b.mcap").exists()


@pytest.mark.parametrize("compression", [CompressionType.LZ4, CompressionType.NONE])
def test_a_damaged_chunk_of_another_tool_costs_its_own_messages(tmp_path: Path, compression):
    path = rewritten(
        tmp_path / "a.mcap", [first(tmp_path)], compression=compression, chunk_size=400
    )
    whole = bytearray(path.read_bytes())
    place = whole.index(
        MESSAGES[20].payload if compression is CompressionType.NONE else b"lz4", len(whole) // 3
    )
    whole[place + 30] ^= 0xFF
    path.write_bytes(whole)
    result = repair(path, tmp_path / "b.mcap", kinds())
    saved = list(read(tmp_path / "b.mcap"))
    assert 20 < len(saved) < 40
    assert saved == [message for message in MESSAGES if message in saved]
    assert result.messages_lost == 40 - len(saved)


def test_two_files_in_a_row_are_no_recording(tmp_path: Path):
    path = tmp_path / "a.mcap"
    path.write_bytes(first(tmp_path).read_bytes() + second(tmp_path).read_bytes())
    with pytest.raises(RecordingError):
        info(path)
    with pytest.raises(RecordingError, match="behind the recording's end"):
        list(read(path))
    assert repair(path, tmp_path / "b.mcap", kinds()).saved == 40
