"""A plain MQTT client for everything that is not the way of a reading: `hub tail`, `hub doctor`."""

import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt

from hub.errors import BrokerError
from hub.settings import BrokerAddress


@contextlib.asynccontextmanager
async def connect(address: BrokerAddress, ca: Path | None) -> AsyncIterator[aiomqtt.Client]:
    """Connect with MQTT 5 and a session that ends with the connection.

    Raises:
        BrokerError: the broker cannot be reached, or refuses.
    """
    try:
        client = aiomqtt.Client(
            address.host,
            address.port,
            username=address.username,
            password=address.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            tls_context=ssl.create_default_context(cafile=ca) if address.tls else None,
            timeout=5,
        )
        async with client:
            yield client
    except (aiomqtt.MqttError, OSError) as exc:  # an ssl.SSLError is an OSError
        raise BrokerError(
            f"{address}: {exc}; is the broker running, and is HUB_BROKER right?"
        ) from exc
