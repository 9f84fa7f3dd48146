"""Connects to a broker: its address, the TLS context, and errors explained."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from hub.errors import BrokerError
from hub.mqtt.certificate_errors import describe_distrust
from hub.mqtt.codec import ConnAckPacket, ConnectPacket
from hub.mqtt.session import Session
from hub.settings.values import BrokerAddress

SESSION_EXPIRY = 7 * 24 * 3600
"""Seconds for which the broker keeps our session and what it queued while we are away."""
CONNECT_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker's address and our client id; `ca` is a PEM file to verify it with."""

    address: BrokerAddress
    client_id: str
    ca: Path | None = None


async def connack_of(broker: Broker) -> ConnAckPacket:
    """Connect in passing, and return what the broker answers; `broker` has a client id of its own.

    Raises:
        BrokerError: the broker refused.
        OSError: it cannot be reached.
        TimeoutError: it did not answer.
    """
    address = broker.address
    packet = ConnectPacket(
        broker.client_id,
        username=address.username,
        password=address.password.encode() if address.password is not None else None,
        clean_start=True,
        session_expiry_interval=SESSION_EXPIRY,
    )
    async with asyncio.timeout(CONNECT_TIMEOUT):
        _, session = await asyncio.get_running_loop().create_connection(
            lambda: Session(packet, lambda *_: None),
            address.host,
            address.port,
            ssl=tls_context(broker.ca) if address.tls else None,
        )
        try:
            await session.connected()
            return session.connack
        finally:
            session.close(forget=True)


def describe_error(exc: BaseException, address: BrokerAddress) -> str:  # noqa: PLR0911 - a table
    """Explain why connecting failed."""
    match exc:
        case TimeoutError():
            return "no answer"
        case ssl.SSLCertVerificationError():
            return describe_distrust(exc)
        case ssl.SSLError():
            return f"TLS failed: {exc.reason}; is it a port with TLS (mqtts), or without (mqtt)?"
        case socket.gaierror():
            return f"there is no host of that name: {exc.strerror}"
        case ConnectionRefusedError():
            return "connection refused, nobody listens there"
        case ConnectionError() if address.tls:
            return "the connection ended before TLS was set up; is it a port with TLS (mqtts)?"
    return str(exc)


def tls_context(ca: Path | None) -> ssl.SSLContext:
    """Return the TLS context that verifies the broker; BrokerError if the CA is not readable."""
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as exc:
        raise BrokerError(f"HUB_BROKER_CA: {ca}: {exc}; give a PEM file") from exc
