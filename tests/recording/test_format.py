"""A recording is written, read back to the byte, and understood by the official reader."""

import json
import struct
import tracemalloc
from pathlib import Path
from secrets import token_bytes

import jsonschema
import lz4.frame
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode
from mcap.reader import NonSeekingReader, make_reader
from mcap.records import Channel

from hub.errors import RecordingError
from hub.recording import layout
from hub.recording.format import Gap, Recorded, Writer, info, read
from hub.recording.frames import DamagedRecord, Frame, _frame_size, parse
from schemas import kinds
from tests.recording.made import written

T1 = "smartlife/v1/b12/thermostat/t1"
S = 1_000_000_000
AT = 1_760_000_000 * S
GOOD = json.dumps({"temperature": 21.5}).encode()


def good(at: int = AT, **more) -> Recorded:
    return Recorded(**{"topic": T1, "payload": GOOD, "at": at, "qos": 1, **more})


MIXED = [
    good(),
    good(AT + 1, qos=0),
    good(AT + 1),  # an equal time
    good(AT - 5 * S),  # a time out of order
    Recorded(T1, b'{"temperature": 412}', AT + 2, 1, verdict="rejected:schema"),
    Recorded(T1, b"{\xff\x00", AT + 3, 1, verdict="rejected:json"),
    Recorded("smartlife/v1/b12/toaster/x", b"{}", AT + 4, 0, verdict="rejected:kind"),
    Recorded("smartlife/v1/b12", b"", AT + 5, 0, verdict="rejected:topic"),
    Recorded(f"{T1}/status", b"online", AT + 6, 1, retain=True, verdict="state"),
    good(AT + 7, verdict="duplicate"),
    good(
        AT + 8,
        properties={
            "content_type": "application/json",
            "response_topic": "r/1",
            "correlation_data": "AP8=",
            "user_properties": [["a", "1"], ["a", "2"], ["ㄱ", ""]],
        },
    ),
    Recorded("smartlife/v1/b1/robot_arm/r1", b'{"x": NaN}', AT + 9, 1, verdict="ignored"),
]


def test_what_was_written_is_read_in_the_same_order_to_the_byte(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    assert list(read(path)) == MIXED


recorded = st.builds(
    Recorded,
    topic=st.one_of(
        st.just(T1),
        st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="+#\0"),
            min_size=1,
            max_size=20,
        ),
    ),
    payload=st.one_of(st.just(GOOD), st.binary(max_size=30)),
    at=st.integers(0, 2**63),
    qos=st.integers(0, 2),
    retain=st.booleans(),
    properties=st.one_of(
        st.just({}),
        st.fixed_dictionaries(
            {},
            optional={"content_type": st.text(max_size=3), "message_expiry_interval": st.just(3)},
        ),
    ),
    verdict=st.sampled_from(["rejected:schema", "state", "ignored", "duplicate"]),
)


@settings(max_examples=40, deadline=None)
@given(messages=st.lists(recorded, max_size=20), limit=st.integers(1, 30))
def test_whatever_came_is_read_back(tmp_path_factory, messages, limit):
    path = tmp_path_factory.mktemp("any") / "a.mcap"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "MAX_CHANNELS", limit)
        written(path, messages)
    assert list(read(path)) == messages


def test_the_official_reader_reads_it_and_its_schemas_validate_the_messages(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    validated = 0
    with path.open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages(log_time_order=False):
            if schema is not None:
                assert schema.encoding == "jsonschema"
                jsonschema.validate(json.loads(message.data), json.loads(schema.data))
                validated += 1
            if channel.message_encoding == "json":
                json.loads(message.data)
    assert validated == 6


def channels(path: Path) -> list[Channel]:
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    return list(summary.channels.values())


def test_a_channel_says_what_its_messages_have_in_common(tmp_path: Path):
    state = Recorded(f"{T1}/status", b"online", AT, 2, retain=True, verdict="state")
    nowhere = Recorded("smartlife/v1", b"", AT, 0, verdict="rejected:topic")
    path = written(tmp_path / "a.mcap", [good(), state, nowhere, good(AT + 1)])
    address = {"booth": "b12", "kind": "thermostat", "device": "t1"}
    assert [(channel.topic, channel.metadata) for channel in channels(path)] == [
        (T1, address | {"qos": "1", "retain": "false", "verdict": "accepted"}),
        (f"{T1}/status", address | {"qos": "2", "retain": "true", "verdict": "state"}),
        ("smartlife/v1", {"qos": "0", "retain": "false", "verdict": "rejected:topic"}),
    ]


def test_what_was_flushed_and_what_was_closed_is_on_disk(tmp_path: Path, monkeypatch):
    path, synced = tmp_path / "a.mcap", list[int]()
    monkeypatch.setattr(
        "hub.recording.writer.os.fsync", lambda _: synced.append(path.stat().st_size)
    )
    writer = Writer(path, kinds())
    writer.add(good())
    assert synced == []
    writer.flush()
    assert synced == [writer.size]
    writer.close()
    assert synced[-1] == writer.size == path.stat().st_size > synced[0]


def test_accepted_messages_have_the_schema_of_their_kind_and_others_none(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    names = {
        (channel.metadata.get("verdict"), summary.schemas[channel.schema_id].name)
        for channel in summary.channels.values()
        if channel.schema_id
    }
    assert names == {("accepted", "thermostat"), (None, "$hub/about")}


@pytest.mark.parametrize("word", ["NaN", "-Infinity"])
def test_what_only_python_takes_for_json_is_not_called_json(tmp_path: Path, word: str):
    message = good(payload=b'{"temperature": 21, "mine": %s}' % word.encode())
    path = written(tmp_path / "a.mcap", [message])
    with path.open("rb") as file:
        ((schema, channel, _),) = make_reader(file).iter_messages()
    assert (schema, channel.message_encoding) == (None, layout.BYTES)
    assert list(read(path)) == [message]


def test_sequence_numbers_count_up_over_the_file(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    with path.open("rb") as file:
        numbers = [
            message.sequence
            for _, channel, message in NonSeekingReader(file).iter_messages(log_time_order=False)
            if channel.topic != layout.ABOUT
        ]
    assert numbers == list(range(1, len(MIXED) + 1))


def test_it_is_read_by_time_booth_and_kind(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    assert list(read(path, start=AT + 2, stop=AT + 4)) == MIXED[4:6]
    assert list(read(path, booth="b1")) == MIXED[-1:]
    assert list(read(path, kind="toaster")) == [MIXED[6]]
    assert list(read(path, booth="b12", kind="robot_arm")) == []


def test_chunks_out_of_range_are_passed_over_but_their_channels_are_known(tmp_path: Path):
    writer = Writer(tmp_path / "a.mcap", kinds())
    for second in range(10):
        writer.add(good(AT + second * S))
        writer.flush()
    writer.close()
    assert list(read(tmp_path / "a.mcap", start=AT + 8 * S)) == [good(AT + 8 * S), good(AT + 9 * S)]


def test_topics_beyond_the_last_channel_share_one(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(layout, "MAX_CHANNELS", 3)
    messages = [good(AT + n, topic=f"smartlife/v1/b{n}/thermostat/t") for n in range(9)]
    path = written(tmp_path / "a.mcap", messages)
    assert list(read(path)) == messages
    assert list(read(path, booth="b7")) == [messages[7]]
    assert info(path).messages == 9
    own = [message.topic for message in messages[:3]]
    assert [channel.topic for channel in channels(path)] == [*own, layout.OTHER, layout.ABOUT]


def test_info_counts_by_topic_booth_kind_and_verdict(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED, begin={"broker": "mqtt://there:1883"})
    found = info(path)
    assert (found.messages, found.first, found.last) == (12, AT - 5 * S, AT + 9)
    assert found.verdicts["accepted"] == 5
    assert found.verdicts["rejected:schema"] == 1
    assert found.kinds == {"thermostat": 9, "toaster": 1, "robot_arm": 1}
    assert found.booths == {"b12": 11, "b1": 1}
    assert found.topics[T1] == 8
    assert found.begin["broker"] == "mqtt://there:1883"
    assert found.root == "smartlife/v1"


def test_info_names_what_was_missed(tmp_path: Path):
    writer = Writer(tmp_path / "a.mcap", kinds())
    writer.add_gap(Gap(AT, AT + S, "connection lost"))
    writer.close({"missed": "2"})
    found = info(tmp_path / "a.mcap")
    assert found.gaps == (Gap(AT, AT + S, "connection lost"),)
    assert found.end == {"messages": "0", "missed": "2"}
    assert found.first is None


def test_the_same_messages_make_the_same_file(tmp_path: Path):
    one = written(tmp_path / "1.mcap", MIXED).read_bytes()
    assert written(tmp_path / "2.mcap", MIXED).read_bytes() == one


def test_a_recording_that_is_there_is_not_overwritten(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    with pytest.raises(RecordingError, match=r"a\.mcap is there already; give another name"):
        Writer(path, kinds())


BAD = {
    "empty": (lambda _: b"", "is empty"),
    "foreign": (lambda _: b"PK\x03\x04" + bytes(100), "is no MCAP file"),
    "truncated": (lambda whole: whole[:-100], "ends early.*hub recording repair"),
    "half": (lambda whole: whole[: len(whole) // 2], "ends early"),
    "only a magic": (lambda whole: whole[:8], "ends early|damaged"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_not_whole_is_refused_with_the_way_out(tmp_path: Path, what: str):
    spoil, said = BAD[what]
    path = tmp_path / "bad.mcap"
    path.write_bytes(spoil(written(tmp_path / "a.mcap", MIXED).read_bytes()))
    with pytest.raises(RecordingError, match=said):
        list(read(path))


def test_a_recording_that_nobody_reads_is_not_held_open(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    before = len(list(Path("/proc/self/fd").iterdir()))
    unread = read(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert next(iter(unread)) == MIXED[0]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        read(tmp_path / "none.mcap")


def test_a_flipped_bit_in_a_chunk_is_found_and_the_place_named(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    whole = bytearray(path.read_bytes())
    place = whole.index(b"zstd") + 40
    whole[place] ^= 0x10
    path.write_bytes(whole)
    with pytest.raises(RecordingError, match=r"damaged at byte \d+: .*hub recording repair"):
        list(read(path))


def test_garbage_between_records_is_found(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    whole = path.read_bytes()
    place = whole.index(b"\x04\x00\x00\x00zstd") - 37
    path.write_bytes(whole[:place] + b"\xee" * 50 + whole[place:])
    with pytest.raises(RecordingError, match="no record with the number 238"):
        list(read(path))


def test_a_recording_of_another_program_is_refused(tmp_path: Path):
    from mcap.writer import Writer as Other

    path = tmp_path / "ros.mcap"
    with path.open("wb") as file:
        other = Other(file)
        other.start()
        other.add_message(other.register_channel("/odom", "json", 0), 1, b"{}", 1)
        other.finish()
    with pytest.raises(
        RecordingError, match=r"is an MCAP file, but no recording of a hub: .*/odom"
    ):
        list(read(path))


def test_a_copy_keeps_the_schema_of_an_older_kind(tmp_path: Path):
    older = b'{"type":"object","properties":{"temp":{"type":"number"}}}'
    path = written(tmp_path / "a.mcap", [good()], schemas={"thermostat": older})
    assert info(path).schemas["thermostat"] == older
    assert list(read(path)) == [good()]


def test_a_recording_larger_than_memory_is_read_a_chunk_at_a_time(tmp_path: Path):
    noise = token_bytes(512 * 1024)
    writer = Writer(tmp_path / "a.mcap", kinds())
    for number in range(160):  # 80 MiB
        at = AT + number * S
        writer.add(Recorded(T1, noise, at, 1, verdict="rejected:size"))
    writer.close()
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(tmp_path / "a.mcap"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 160
    assert peak < 16 * 1024 * 1024


def test_a_length_of_gigabytes_is_not_believed(tmp_path: Path):
    path = written(tmp_path / "a.mcap", MIXED)
    whole = bytearray(path.read_bytes())
    place = whole.index(b"\x04\x00\x00\x00zstd") - 37
    whole[place + 5] = 0x10  # 64 GiB
    path.write_bytes(whole)
    with pytest.raises(RecordingError, match=r"a record claims 68,\d+,\d+,\d+ bytes"):
        list(read(path))


def test_a_chunk_that_would_unpack_to_a_gigabyte_is_not_unpacked(tmp_path: Path):
    writer = Writer(tmp_path / "a.mcap", kinds())
    writer.add(Recorded(T1, bytes(100 * 1024 * 1024), AT, 1, verdict="rejected:size"))
    writer.close()
    tracemalloc.start()
    try:
        with pytest.raises(RecordingError, match=r"a chunk unpacks to 104,\d+,\d+ bytes"):
            list(read(tmp_path / "a.mcap"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_a_chunk_that_inflates_30000_fold_is_not_unpacked(tmp_path: Path):
    writer = Writer(tmp_path / "a.mcap", kinds())
    writer.add(Recorded(T1, bytes(60 * 1024 * 1024), AT, 1, verdict="rejected:size"))
    writer.close()
    assert (tmp_path / "a.mcap").stat().st_size < 16_384
    tracemalloc.start()
    try:
        with pytest.raises(
            RecordingError, match=r"a\.mcap is damaged at .*unpacks to 62,9.*repair"
        ):
            list(read(tmp_path / "a.mcap"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1024 * 1024


WRONG_CHANNELS = {
    "a QoS that is no number": ({"qos": "high"}, T1, "QoS 'high', which is none of 0, 1 and 2"),
    "a QoS that there is not": ({"qos": "3"}, T1, "QoS '3', which is none of 0, 1 and 2"),
    "a wildcard": ({}, "smartlife/v1/#", "topic 'smartlife/v1/#' is none that a message can have"),
    "no topic": ({}, "", "topic '' is none that a message can have"),
    "a NUL": ({}, "a\0b", "topic 'a\\x00b' is none"),
}


@pytest.mark.parametrize("what", WRONG_CHANNELS)
def test_a_channel_that_no_hub_can_have_written_is_refused(tmp_path: Path, what: str):
    from mcap.writer import Writer as Other

    more, topic, words = WRONG_CHANNELS[what]
    path = tmp_path / "other.mcap"
    with path.open("wb") as file:
        other = Other(file)
        other.start()
        metadata = {"qos": "1", "retain": "false", "verdict": "accepted", **more}
        other.add_message(other.register_channel(topic, "json", 0, metadata), 1, b"{}", 1)
        other.finish()
    with pytest.raises(RecordingError) as refused:
        list(read(path))
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{path}: ")
    assert "give one that hub record wrote" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "about", [b"[1]", b'{"properties": 1}', b'{"properties": {"correlation_data": "a"}}', b"{"]
)
def test_impossible_properties_are_damage(tmp_path: Path, about: bytes):
    from mcap.writer import Writer as Other

    path = tmp_path / "other.mcap"
    with path.open("wb") as file:
        other = Other(file)
        other.start()
        other.add_message(other.register_channel("$hub/about", "json", 0), 1, about, 1, 1)
        metadata = {"qos": "1", "retain": "false", "verdict": "accepted"}
        other.add_message(other.register_channel(T1, "json", 0, metadata), 1, b"{}", 1, 1)
        other.finish()
    with pytest.raises(RecordingError, match=r"is damaged at .*repair"):
        list(read(path))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300, 65_791, 65_792, 1_000_000])
def test_the_size_that_a_frame_claims_is_read(size: int):
    assert _frame_size(zstandard.compress(bytes(size))) == size


def test_what_names_no_size_is_unpacked_no_further_than_its_chunk_says():
    squeezed = lz4.frame.compress(bytes(64 * 1024 * 1024), store_size=False)
    size = 1_000  # is what the chunk claims
    head = struct.pack("<QQQI", AT, AT, size, 0)
    body = head + struct.pack("<I", 3) + b"lz4" + struct.pack("<Q", len(squeezed)) + squeezed
    tracemalloc.start()
    try:
        with pytest.raises(DamagedRecord, match="does not unpack to the 1,000 bytes"):
            parse(Frame(8, Opcode.CHUNK, body))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
