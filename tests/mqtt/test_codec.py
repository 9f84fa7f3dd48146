"""The framer cuts a stream into the same packets however it comes; garbage ends in one error."""

from collections.abc import Sequence

import mqtt5
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.errors import ProtocolError
from hub.mqtt.codec import (
    ConnAckPacket,
    DisconnectPacket,
    Framer,
    PingRespPacket,
    PublishPacket,
    QoS,
    SubAckPacket,
    UnsubAckPacket,
    pubacks,
)

TOPICS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0+#"), min_size=1, max_size=20
)
PUBLISHES = st.builds(
    PublishPacket,
    TOPICS,
    st.binary(max_size=300),
    qos=st.just(QoS.AT_LEAST_ONCE),
    packet_id=st.integers(1, 65535),
    duplicate=st.booleans(),
    retain=st.booleans(),
    response_topic=st.none() | TOPICS,
    correlation_data=st.none() | st.binary(max_size=40),
)
PACKETS = st.one_of(
    PUBLISHES,
    st.builds(PublishPacket, TOPICS, st.binary(max_size=300)),
    st.just(PingRespPacket()),
    st.just(ConnAckPacket()),
    st.just(DisconnectPacket()),
)


def written(packets: Sequence[mqtt5.Packet]) -> bytes:
    return b"".join(packet.write() for packet in packets)


def fed(pieces: Sequence[bytes]) -> list[mqtt5.Packet]:
    framer = Framer()
    return [packet for piece in pieces for packet in framer.feed(piece)]


@given(st.lists(PACKETS, max_size=8), st.data())
def test_any_split_gives_the_same_packets(packets: list[mqtt5.Packet], data: st.DataObject):
    stream = written(packets)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=10).map(sorted))
    pieces = [
        stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
    ]
    assert fed(pieces) == packets


@settings(max_examples=20)
@given(st.lists(PACKETS, min_size=1, max_size=4))
def test_a_cut_at_every_byte_gives_the_same_packets(packets: list[mqtt5.Packet]):
    stream = written(packets)
    assert fed([stream[index : index + 1] for index in range(len(stream))]) == packets
    for cut in range(len(stream)):
        assert fed([stream[:cut], stream[cut:]]) == packets


def test_a_packet_of_a_mebibyte_comes_in_small_pieces():
    packet = PublishPacket("a", bytes(1024 * 1024))
    stream = packet.write()
    assert fed([stream[start : start + 1000] for start in range(0, len(stream), 1000)]) == [packet]


#: The codec panics in Rust over bad UTF-8, and Python hears of that twice.
panics = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@panics
@given(st.lists(st.binary(max_size=60), max_size=5))
@example([b"\x30\x03\x00\x10a"])  # a topic that runs past its packet
@example([b"\x90\x04\x00\x01", b"\x00"])
@example([b"\x30\xff\xff\xff\xff\x7f"])  # a length without end
@example([b"\x30\xff\xff\xff", b"\xff"])
@example([b"\x30\xff\xff\xff\x7f"])  # 256 MB promised
@example([b"\x30\x04\x00\x01\xffx"])  # a topic that is not UTF-8
@example([b"\x00\x00"])
@example([b"\xf0\x00"])
@example([b"\x36\x07\x00\x01a\x00\x01\x00x"])  # QoS 3
def test_garbage_ends_in_a_protocol_error_or_waits_for_more(pieces: list[bytes]):
    framer = Framer()
    try:
        for piece in pieces:
            framer.feed(piece)
    except ProtocolError:
        return
    assert framer._have <= 300  # what is kept is one packet that is not complete
    assert not framer._chunks or framer._need > framer._have


@panics
@given(PUBLISHES, st.data())
def test_a_packet_with_one_wrong_byte_is_read_or_ends_in_a_protocol_error(
    packet: PublishPacket, data: st.DataObject
):
    stream = bytearray(packet.write())
    index = data.draw(st.integers(0, len(stream) - 1))
    stream[index] = data.draw(st.integers(0, 255))
    framer = Framer()
    try:
        framer.feed(bytes(stream))
        framer.feed(PingRespPacket().write())
    except ProtocolError:
        pass


TOO_LARGE = {
    "by a byte": (b"\x30\x82\x01", "133 bytes"),
    "by far": (b"\x30\xff\xff\xff\x7f", "268435460 bytes"),
}


@pytest.mark.parametrize(("head", "size"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_packet_that_is_too_large_ends_before_it_is_taken_in(head: bytes, size: str):
    with pytest.raises(ProtocolError, match=size):
        Framer(max_packet_size=132).feed(head + b"\x00\x01a")


@pytest.mark.parametrize(
    "answer",
    [b"\x20\x02\x00\x00", b"\x20\x02\x00\x05", b"\x30\x80\x80\x80\x80"],
    ids=["a CONNACK of MQTT 3.1.1", "one that refuses", "a length without end"],
)
def test_what_another_protocol_says_is_told_in_words(answer: bytes):
    with pytest.raises(ProtocolError, match=r"malformed packet: .*; does it speak MQTT 5\?"):
        Framer().feed(answer)


@panics
def test_a_topic_that_is_not_utf8_is_told_in_words():
    with pytest.raises(ProtocolError, match="not UTF-8"):
        Framer().feed(b"\x30\x05\x00\x01\xff\x00x")


@given(st.lists(st.integers(1, 65535), max_size=50))
def test_acknowledgements_are_what_the_codec_writes(packet_ids: list[int]):
    expected = b"".join(mqtt5.PubAckPacket(packet_id).write() for packet_id in packet_ids)
    assert pubacks(packet_ids) == expected


@given(st.lists(st.integers(1, 65535), max_size=50))
def test_acknowledgements_are_read_back_in_order(packet_ids: list[int]):
    packets = fed([pubacks(packet_ids)])
    assert [packet.packet_id for packet in packets] == packet_ids  # type: ignore[union-attr]


def test_answers_to_subscriptions_are_packets_too():
    packets = fed([b"\x90\x04\x00\x01\x00\x00", b"\xb0\x04\x00\x02\x00\x00"])
    assert [type(packet) for packet in packets] == [SubAckPacket, UnsubAckPacket]
