"""Why a connection to the broker cannot be made is said, with the way out."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.errors import BrokerError, ProtocolError
from hub.mqtt.codec import ConnAckPacket, ConnectPacket, TopicFilter
from hub.mqtt.connecting import connack_of, describe_error, tls_context
from hub.mqtt.session import Session
from hub.settings.values import BrokerAddress
from tests.mqtt.played import CONNACK, packet, played

PLAIN, TLS = BrokerAddress("10.0.0.5", 1883), BrokerAddress("10.0.0.5", 8883, tls=True)


def distrust(code: int) -> ssl.SSLCertVerificationError:
    exc = ssl.SSLCertVerificationError(1, "of the test")
    exc.verify_code, exc.verify_message = code, "for a reason"
    return exc


def tls_error() -> ssl.SSLError:
    exc = ssl.SSLError(1, "of the test")
    exc.reason = "WRONG_VERSION_NUMBER"
    return exc


@pytest.mark.parametrize(
    ("exc", "address", "said"),
    [
        (TimeoutError(), PLAIN, "no answer"),
        (tls_error(), TLS, "TLS failed: WRONG_VERSION_NUMBER; is it a port with TLS"),
        (socket.gaierror(-2, "unknown"), PLAIN, "there is no host of that name: unknown"),
        (ConnectionRefusedError(111, "no"), TLS, "connection refused, nobody listens there"),
        (ConnectionResetError(104, "no"), TLS, "the connection ended before TLS was set up"),
        (ConnectionResetError(104, "reset"), PLAIN, "[Errno 104] reset"),
        (BrokerError("refused"), PLAIN, "refused"),
        (distrust(9), TLS, "verified: for a reason; it is not valid yet: is the clock right"),
        (distrust(10), TLS, "it has expired: make it again with hub certs make"),
        (distrust(62), TLS, "with --name for every name that devices use"),
        (distrust(64), TLS, "with --ip for every address that devices use"),
        (distrust(20), TLS, "set HUB_BROKER_CA to the certificate of the authority"),
        (distrust(85), TLS, "certificate of the broker lacks authorityKeyIdentifier, which"),
        (distrust(86), TLS, "certificate of its authority lacks subjectKeyIdentifier, which"),
        (distrust(89), TLS, "of its authority lacks basicConstraints that are critical, which"),
        (distrust(92), TLS, "certificate of its authority lacks keyUsage, which"),
    ],
)
def test_each_error_has_its_words(exc: Exception, address: BrokerAddress, said: str):
    assert said in describe_error(exc, address)


def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(BrokerError, match=r"HUB_BROKER_CA: .*missing\.crt: .*; give a PEM file"):
        tls_context(tmp_path / "missing.crt")


async def test_what_a_broker_answers_is_learned_in_passing_and_leaves_no_session():
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await packet(reader))
        writer.write(ConnAckPacket(receive_max=7).write())
        came.append(await packet(reader))

    async with played(serve) as broker:
        assert (await connack_of(broker)).receive_max == 7
    connect, disconnect = came
    assert connect[9] & 0x02, "Clean Start"
    assert disconnect.endswith(b"\x11\0\0\0\0"), "Session Expiry Interval 0"


@contextlib.asynccontextmanager
async def session_at(*answers: bytes) -> AsyncIterator[Session]:
    """A session with a broker that answers each packet with the next of these."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await packet(reader)
            writer.write(answer)
        await reader.read()

    async with played(serve) as broker:
        _, session = await asyncio.get_running_loop().create_connection(
            lambda: Session(ConnectPacket("twin"), lambda *_: None),
            "127.0.0.1",
            broker.address.port,
        )
        try:
            yield session
        finally:
            session.close()


async def test_a_second_connack_ends_the_connection():
    async with session_at(CONNACK + CONNACK) as session:
        end = await session.closed()
    assert isinstance(end, ProtocolError)
    assert "second CONNACK" in str(end)


async def test_as_many_answers_as_filters_are_expected():
    async with session_at(CONNACK, bytes([0x90, 5, 0, 1, 0, 1, 1])) as session:
        await session.connected()
        with pytest.raises(ProtocolError, match="gave 2 answers to 1 filters"):
            await session.subscribe([TopicFilter("a/#")])


async def test_of_refused_filters_only_one_that_is_needed_is_an_error():
    filters = [TopicFilter("a/#"), TopicFilter("b/#")]
    async with session_at(CONNACK, bytes([0x90, 5, 0, 1, 0, 1, 135])) as session:
        await session.connected()
        found = await session.subscribe(filters, optional=["b/#"])
        assert list(found) == ["b/#"]
    async with session_at(CONNACK, bytes([0x90, 5, 0, 1, 0, 128, 1])) as session:
        await session.connected()
        with pytest.raises(BrokerError, match="refused to subscribe a/#: it gives no reason"):
            await session.subscribe(filters, optional=["b/#"])


@pytest.mark.parametrize("available", [True, False])
async def test_a_subscription_identifier_is_sent_where_the_broker_takes_one(available: bool):
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(ConnAckPacket(subscription_id_available=available).write())
        came.append(await packet(reader))
        writer.write(bytes([0x90, 4, 0, 1, 0, 1]))
        await reader.read()

    async with played(serve) as broker:
        _, session = await asyncio.get_running_loop().create_connection(
            lambda: Session(ConnectPacket("twin"), lambda *_: None),
            "127.0.0.1",
            broker.address.port,
        )
        await session.connected()
        await session.subscribe([TopicFilter("a/#")], 77)
        session.close()
    assert (b"\x0b\x4d" in came[0]) == available
