"""What is whole of a damaged recording is saved, and what was lost is said."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.format import Recorded, Writer, info, read
from hub.recording.repair import repair
from schemas import kinds

AT = 1_760_000_000_000_000_000
S = 1_000_000_000
SECONDS, EACH = 6, 20


def message(number: int) -> Recorded:
    return Recorded(
        f"smartlife/v1/b{number % 3}/thermostat/t1",
        b'{"temperature": %d.5}' % (number % 40),
        AT + number * S // EACH,
        1,
        properties={"content_type": "application/json"} if number % 5 == 0 else {},
    )


MESSAGES = [message(number) for number in range(SECONDS * EACH)]


def recording(path: Path, *, close: bool = True) -> Path:
    """A recording that was flushed each second."""
    writer = Writer(path, kinds())
    for second in range(SECONDS):
        for item in MESSAGES[second * EACH : (second + 1) * EACH]:
            writer.add(item)
        writer.flush()
    if close:
        writer.close()
    writer.abandon()
    return path


def chunks(whole: bytes) -> list[int]:
    """Where the chunks begin."""
    found, place = [], whole.find(b"\x04\x00\x00\x00zstd")
    while place >= 0 and whole[place - 37] == 6:
        found.append(place - 37)
        place = whole.find(b"\x04\x00\x00\x00zstd", place + 1)
    return found[:SECONDS]


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return recording(tmp_path_factory.mktemp("whole") / "a.mcap")


@pytest.fixture
def whole(source: Path) -> bytes:
    return source.read_bytes()


def test_a_recording_that_is_whole_is_left_alone(tmp_path: Path):
    path, out = recording(tmp_path / "a.mcap"), tmp_path / "b.mcap"
    result = repair(path, out, kinds())
    assert (result.out, result.saved, result.lost, result.closed) == (None, 120, (), True)
    assert not out.exists()


def test_a_recording_that_was_never_closed_keeps_everything_that_was_flushed(tmp_path: Path):
    path, out = recording(tmp_path / "a.mcap", close=False), tmp_path / "b.mcap"
    with pytest.raises(RecordingError, match=r"ends early.*hub recording repair .*a\.mcap"):
        read(path)
    result = repair(path, out, kinds())
    assert (result.saved, result.messages_lost, result.closed) == (len(MESSAGES), 0, False)
    assert list(read(out)) == MESSAGES
    assert info(out).end["repaired"] == "yes"
    with out.open("rb") as file:
        assert make_reader(file).get_summary() is not None


def test_a_chunk_that_was_being_written_is_lost_and_no_more(tmp_path: Path, whole: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    path.write_bytes(whole[: chunks(whole)[4] + 60])
    result = repair(path, out, kinds())
    assert list(read(out)) == MESSAGES[: 4 * EACH]
    assert [item.why for item in result.lost] == ["the file ends in a record"]


def test_a_damaged_chunk_in_the_middle_costs_its_own_messages(tmp_path: Path, whole: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    spoiled = bytearray(whole)
    spoiled[chunks(whole)[2] + 60] ^= 0xFF
    path.write_bytes(spoiled)
    result = repair(path, out, kinds())
    assert list(read(out)) == MESSAGES[: 2 * EACH] + MESSAGES[3 * EACH :]
    assert result.messages_lost == EACH
    (gap,) = info(out).gaps
    assert (gap.start, gap.stop) == (MESSAGES[2 * EACH - 1].at, MESSAGES[3 * EACH].at)
    assert gap.why == "damaged: 20 messages were lost"


def test_the_first_chunk_with_its_channels_can_be_lost(tmp_path: Path, whole: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    spoiled = bytearray(whole)
    spoiled[chunks(whole)[0] + 60] ^= 0xFF
    path.write_bytes(spoiled)
    assert repair(path, out, kinds()).messages_lost == EACH
    assert list(read(out)) == MESSAGES[EACH:]  # the index at the end has the channels too


def test_the_last_chunk_that_is_damaged_is_counted(tmp_path: Path, whole: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    spoiled = bytearray(whole)
    spoiled[chunks(whole)[5] + 60] ^= 0xFF
    path.write_bytes(spoiled)
    assert repair(path, out, kinds()).messages_lost == EACH
    assert list(read(out)) == MESSAGES[: 5 * EACH]


@pytest.mark.parametrize("garbage", [b"\xee" * 500, b"\x06" * 37, b"\x00" * 5000])
def test_garbage_in_the_middle_is_passed_over(tmp_path: Path, whole: bytes, garbage: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    place = chunks(whole)[3]
    path.write_bytes(whole[:place] + garbage + whole[place:])
    result = repair(path, out, kinds())
    assert list(read(out)) == MESSAGES
    assert result.messages_lost == 0
    assert result.lost


def test_a_length_that_reaches_over_the_rest_costs_one_chunk(tmp_path: Path, whole: bytes):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    spoiled = bytearray(whole)
    spoiled[chunks(whole)[1] + 3] = 0x7F
    path.write_bytes(spoiled)
    repair(path, out, kinds())
    saved = list(read(out))
    assert saved == MESSAGES[:EACH] + MESSAGES[2 * EACH :]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_happened_to_the_bytes_what_is_read_was_recorded(tmp_path_factory, source, data):
    """Flipped, cut, put in, taken out: the rest is saved in order, or it is said that none is."""
    whole = source.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 2000))
    junk = data.draw(st.binary(max_size=200))
    folder = tmp_path_factory.mktemp("any")
    path, out = folder / "a.mcap", folder / "b.mcap"
    path.write_bytes(whole[:place] + junk + whole[place + length :])
    try:
        result = repair(path, out, kinds())
    except RecordingError:
        return
    saved = list(read(result.out or path))
    assert result.saved == len(saved)
    rest = iter(MESSAGES)
    assert all(
        any(item.payload == it.payload and item.at == it.at for it in rest) for item in saved
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "is empty"), (b"PK\x03\x04" + bytes(400), "is no MCAP file")],
)
def test_what_holds_no_recording_is_refused(tmp_path: Path, body: bytes, said: str):
    path = tmp_path / "a.mcap"
    path.write_bytes(body)
    with pytest.raises(RecordingError, match=said):
        repair(path, tmp_path / "b.mcap", kinds())


def test_gaps_and_the_beginning_are_kept(tmp_path: Path):
    path, out = tmp_path / "a.mcap", tmp_path / "b.mcap"
    writer = Writer(path, kinds(), root="other/root", begin={"broker": "mqtt://b:1883"})
    writer.add_gap(layout.Gap(AT, AT + S, "away"))
    writer.add(MESSAGES[0])
    writer.flush()
    writer.abandon()
    repair(path, out, kinds())
    found = info(out)
    assert found.gaps == (layout.Gap(AT, AT + S, "away"),)
    assert (found.root, found.begin["broker"]) == ("other/root", "mqtt://b:1883")
