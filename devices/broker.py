"""Where the broker is: the address that people write, taken apart."""

import ssl
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from devices.errors import BadBrokerError

DEFAULT_BROKER = "mqtt://127.0.0.1:1883"
_PORTS = {"mqtt": 1883, "mqtts": 8883}


class Mqtt(IntEnum):
    """The version of MQTT that a device speaks, by the protocol level that CONNECT carries."""

    V311 = 4
    V5 = 5


@dataclass(frozen=True, slots=True)
class Broker:
    """How to reach a broker; `ca` is a file of certificates to trust instead of the system's."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    tls: bool = False
    ca: Path | None = None
    version: Mqtt = Mqtt.V311

    def __str__(self) -> str:
        """The address without the password."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"<Broker {self}>"

    def trust(self) -> ssl.SSLContext | None:
        """Return what TLS needs, or `None` without TLS.

        Raises:
            BadBrokerError: the file of certificates cannot be read.
        """
        if not self.tls:
            return None
        try:
            return ssl.create_default_context(cafile=self.ca)
        except OSError as exc:
            raise BadBrokerError(
                f"ca: {self.ca} cannot be read as certificates (PEM): {exc}"
            ) from exc


def parse_broker(url: str, *, ca: Path | None = None, version: Mqtt = Mqtt.V311) -> Broker:
    """Return the broker of `mqtt://[user:password@]host[:port]` (or `mqtts://`).

    Raises:
        BadBrokerError: `url` is no such address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as exc:
        raise BadBrokerError(f"broker: {exc}; write it like {DEFAULT_BROKER}") from exc
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise BadBrokerError(
            f"broker: {_without_password(url)!r} is not an address of a broker; "
            f"write it like {DEFAULT_BROKER} or mqtts://user:password@host:8883"
        )
    return Broker(
        host=parts.hostname,
        port=port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "mqtts",
        ca=ca,
        version=version,
    )


def _without_password(url: str) -> str:
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if scheme else rest.rpartition("@")[2]
