"""The MQTT client of the commands: `hub send`, `hub tail`, `hub doctor`, `hub booth`."""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.errors import AccountRefused, BrokerError, MessageRefused
from hub.mqtt.certificate_errors import describe_distrust
from hub.settings.values import BrokerAddress

_TIMED_OUT = "timed out"
_OLD = "Unsupported protocol version"
_REFUSALS = ("Not authorized", "Bad user name or password")
"""The names of the reason codes (135, 134) with which a broker refuses an account."""


class Client(aiomqtt.Client):
    """aiomqtt's client, which keeps what aiomqtt 2.5 drops: how the broker answered a message.

    `refusal` is the reason code of the last PUBACK, if that was a refusal.
    """

    refusal: ReasonCode | None = None

    def _on_publish(
        self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Properties
    ) -> None:
        self.refusal = reason_code if reason_code.is_failure else None
        super()._on_publish(client, userdata, mid, reason_code, properties)


@contextlib.asynccontextmanager
async def connect(
    address: BrokerAddress,
    ca: Path | None,
    setting: str = "HUB_BROKER",
    client_id: str | None = None,
) -> AsyncIterator[Client]:
    """Connect with MQTT 5 and a session that ends with the connection.

    `setting` is the name of the setting with the address, for error messages.

    Raises:
        AccountRefused: the broker refuses the account.
        BrokerError: it cannot be reached, or refuses.
    """
    try:
        client = Client(
            address.host,
            address.port,
            identifier=client_id,
            username=address.username,
            password=address.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            tls_context=ssl.create_default_context(cafile=ca) if address.tls else None,
            timeout=5,
        )
        try:
            async with client:
                _end_if_cancelled()
                yield client
        finally:
            # Retrieve the exception: asyncio would log one that is never retrieved. A connection
            # that was cancelled while it was being made may end later, which nobody asks then.
            ended = client._disconnected  # noqa: SLF001 - aiomqtt 2.5 has no other way to it
            if not ended.cancel() and not ended.cancelled():
                ended.exception()
    except (aiomqtt.MqttError, OSError) as exc:  # an ssl.SSLError is an OSError
        cause = exc.__context__  # aiomqtt keeps only its text
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise BrokerError(f"{address}: {describe_distrust(cause)}") from exc
        if any(said in str(exc) for said in _REFUSALS):
            wrong = (
                "the name or the password in {} is wrong"
                if address.username
                else ("it asks for an account, and {} has none")
            )
            raise AccountRefused(f"{address}: {exc}; {wrong.format(setting)}") from exc
        way_out = f"is the broker running, and is {setting} right?"
        if _OLD in str(exc):
            way_out = f"the hub needs MQTT 5; name a broker in {setting} that speaks it"
        if _TIMED_OUT in str(exc) and await _listens(address):
            # A broker of MQTT 3.1.1 may close the connection without CONNACK, or say nothing.
            way_out = "something listens there; does it speak MQTT 5 at this port?"
        raise BrokerError(
            f"{address}: {exc}; {way_out}",
            ko=f"{address}: 브로커에 연결할 수 없습니다({exc}). 브로커가 실행 중인지, "
            "주소가 맞는지 확인하세요",
        ) from exc


async def _listens(address: BrokerAddress) -> bool:
    """Whether anything accepts a connection."""
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(address.host, address.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def subscribe(client: Client, patterns: Iterable[str]) -> dict[str, str]:
    """Subscribe to topic filters; return those that the broker refused, each with its reason."""
    refused = {}
    for pattern in patterns:
        for answer in await client.subscribe(pattern):
            if isinstance(answer, ReasonCode) and answer.is_failure:
                refused[pattern] = str(answer)
    _end_if_cancelled()
    return refused


def _end_if_cancelled() -> None:
    """End a task that was to end just when the broker answered.

    Before Python 3.12 `asyncio.wait_for`, which aiomqtt uses, forgets it then: of 400 Ctrl-C within
    the 8 ms of connecting and subscribing, 15 did nothing.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def ask(client: Client, topic: str, payload: bytes, answer: str, patience: float) -> bytes:
    """Publish with a Response Topic, and return what answers this message.

    Raises:
        MessageRefused: the broker refuses the message.
        BrokerError: the connection ends, or nobody answers within `patience` seconds.
    """
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.ResponseTopic = answer
    mark = secrets.token_bytes(8)
    properties.CorrelationData = mark
    try:
        async with asyncio.timeout(patience):
            await client.subscribe(answer, qos=1)
            await client.publish(topic, payload, qos=1, properties=properties)
            if client.refusal is not None:
                raise MessageRefused(f"{topic}: the broker refused it: {client.refusal}")
            async for message in client.messages:
                if getattr(message.properties, "CorrelationData", None) == mark:
                    return bytes(message.payload)
    except TimeoutError as exc:
        raise BrokerError(f"{topic}: no answer came within {patience:g} s") from exc
    except aiomqtt.MqttError as exc:
        raise BrokerError(f"{topic}: {exc}") from exc
    raise BrokerError(f"{topic}: the connection ended before an answer came")
