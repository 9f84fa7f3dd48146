"""Values of settings: parses and validates each from text, errors name the way out. Pure."""

import ipaddress
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from hub.topics import BOOTH
from schemas import Domain

LEVELS = ("debug", "info", "warning", "error")
_MIB = 1024 * 1024
_SIZE = re.compile(r"(\d{1,15}(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)?", re.IGNORECASE)
_BINARY = {"b": 1, "kib": 1024, "mib": _MIB, "gib": 1024 * _MIB, "tib": _MIB * _MIB}
_UNITS = _BINARY | {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_LONGEST_ROOT = 128
_ROOT = re.compile(r"[^\s/+#$\0](?:[^\s+#\0]*[^\s/+#\0])?")
_GROUP = re.compile(r"[A-Za-z0-9_-]{0,64}")
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """The address of the broker, and the account there."""

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    websockets: bool = False

    @classmethod
    def parse(cls, value: object) -> "BrokerAddress":
        """Read ``mqtt://user:password@host:port`` or ``mqtts://…``; the port may be left out."""
        if isinstance(value, cls):
            return value
        wrong = (
            "is no address of a broker; write it like mqtt://127.0.0.1:1883 or "
            "mqtts://user:password@host:8883, with / ? # @ in a password as %2F %3F %23 %40"
        )
        try:
            parts = urlsplit(str(value))
            port = parts.port
        except ValueError as exc:  # whose words may hold a part of the password
            raise ValueError(wrong) from exc
        _check_host(parts.hostname)
        beyond = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname or beyond or port == 0:
            raise ValueError(wrong)
        tls = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            port or (8883 if tls else 1883),
            tls,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password is not None else None,
        )

    @property
    def purpose(self) -> str:
        """What it is for: `web` browsers, `plain` what cannot do TLS, `tls` all others."""
        return "web" if self.websockets else "tls" if self.tls else "plain"

    def __str__(self) -> str:
        scheme = "ws" if self.websockets else "mqtt"
        return f"{scheme}{'s' if self.tls else ''}://{self.host}:{self.port}"


def public_brokers(value: object) -> tuple[BrokerAddress, ...]:
    """Parse the addresses that devices may use, separated by commas or blanks.

    Each is ``mqtt://``, ``mqtts://``, ``ws://`` or ``wss://``; the first, which programs and
    sheets use, is none of WebSockets.
    """
    if isinstance(value, tuple):
        return value
    texts = [str(item) for item in value] if isinstance(value, list) else []
    found = tuple(map(_public_broker, texts or re.split(r"[,\s]+", str(value).strip(", \n\t"))))
    if found[0].websockets:
        raise ValueError("begins with WebSockets; name an address with mqtt:// or mqtts:// first")
    return found


def _public_broker(text: str) -> BrokerAddress:
    if "@" in text:
        raise ValueError("holds an account; leave it out, for pages and sheets show the address")
    web = re.match(r"ws(s?)://", text)
    if web is None:
        return BrokerAddress.parse(text)
    address = BrokerAddress.parse(f"mqtt{web[1]}://{text[web.end() :]}")
    port = urlsplit(text).port or (443 if address.tls else 80)
    return replace(address, port=port, websockets=True)


SAMPLE = "change-this"
"""What the secrets of the documentation's examples start with."""


def is_sample(secret: str | None) -> bool:
    """Whether a secret was copied from the documentation, so that everybody knows it."""
    return secret is not None and secret.startswith(SAMPLE)


@dataclass(frozen=True, slots=True)
class HttpAddress:
    """The address on which the hub listens for HTTP."""

    host: str
    port: int

    @classmethod
    def parse(cls, value: object) -> "HttpAddress":
        """Read ``host:port``."""
        if isinstance(value, cls):
            return value
        try:
            parts = urlsplit(f"//{value}")
            port = parts.port
        except ValueError as exc:
            raise ValueError("is no address to listen on; write it like 127.0.0.1:8080") from exc
        if not parts.hostname or port is None or parts.path:
            raise ValueError("is no address to listen on; write it like 127.0.0.1:8080")
        _check_host(parts.hostname)
        return cls(parts.hostname, port)

    @property
    def loopback(self) -> bool:
        """Whether only programs on this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def nearby(self) -> "HttpAddress":
        """An address at which this machine reaches it: 127.0.0.1 for 0.0.0.0."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return HttpAddress(host, self.port)

    @property
    def url(self) -> str:
        """The address as a browser takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def __str__(self) -> str:
        return self.url.removeprefix("http://")


def token(value: object) -> object:
    """Read a token; white space around it, as a file may have, is left out, and none is None."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text.isprintable():
        raise ValueError("holds a line break or another control character; write it without")
    return text or None


def _check_host(host: str | None) -> None:
    """Refuse a host name that a resolver would raise on, at each connection."""
    try:
        # A label that is empty or longer than 63 (RFC 1035, 2.3.4).
        possible = b"\0" not in (host or "").encode("idna")
    except UnicodeError:
        possible = False
    if not possible:  # said without the host, where a part of a password may have slipped in
        raise ValueError(
            "has a host that there cannot be; check its dots: no part between them is empty or "
            "longer than 63"
        )


def byte_size(value: object) -> int:
    """Read a size like ``2GiB`` or ``500 MB`` in bytes; a bare number is bytes."""
    size = _bytes(value)
    if size < _MIB:
        raise ValueError("is less than 1MiB, which is too little to work with; give it more")
    return size


def _bytes(value: object) -> int:
    match = _SIZE.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("is no size; write it like 2GiB or 500MB")
    return int(float(match[1]) * _UNITS[(match[2] or "B").lower()])


def byte_rate(value: object) -> int:
    """A quota in bytes a second, below which one reading of the largest size would never fit."""
    size = _bytes(value)
    if 0 < size < _LARGEST:
        raise ValueError("is less than 64KiB, one reading of the largest size; give more, or 0")
    return size


def past(value: object) -> int:
    """Parse the size of the flight recorder, like ``32MiB``; 0 for none."""
    size = _bytes(value)
    if 0 < size < _MIB:
        raise ValueError("is less than 1MiB, which holds nothing to speak of; give more, or 0")
    return size


def root(value: object) -> str:
    """Read what every topic starts with."""
    if not _ROOT.fullmatch(str(value)):
        raise ValueError("is no topic root; write it like smartlife/v1, without + # $ or outer /")
    if len(str(value)) > _LONGEST_ROOT:  # a device's topic below it has to stay within 200 levels
        raise ValueError(f"is longer than {_LONGEST_ROOT} characters; write it like smartlife/v1")
    return str(value)


def group(value: object) -> str:
    """Read the name of a shared subscription's group; empty for none."""
    if not _GROUP.fullmatch(str(value)):
        raise ValueError("is no group name; use letters, digits, - and _")
    return str(value)


def _listed(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else re.split(r"[,\s]+", str(value))
    return tuple(dict.fromkeys(str(item) for item in texts if item))


def booths(value: object) -> tuple[str, ...]:
    """Read ids of booths or of zones, with commas; none for all."""
    found = _listed(value)
    if wrong := [item for item in found if not BOOTH.fullmatch(item)]:
        raise ValueError(f"names {wrong[0]!r}, which is no id of a booth or a zone, like b12")
    return found


def domains(value: object) -> tuple[str, ...]:
    """Read ids of domains, with commas; none for all."""
    found, known = _listed(value), [item.id for item in Domain]
    if wrong := [item for item in found if item not in known]:
        raise ValueError(f"names {wrong[0]!r}, which is no domain; use {', '.join(known)}")
    return found


def client_id(value: object) -> str:
    """Read a client id; empty for the usual one."""
    if not re.fullmatch(r"[A-Za-z0-9_.-]{0,64}", str(value)):
        raise ValueError("is no client id; use up to 64 letters, digits, -, _ and .")
    return str(value)


def web_address(value: object) -> str:
    """Read the address of a web server, without an account in it."""
    way_out = "is no address of a web server; write it like http://127.0.0.1:3000"
    try:
        parts = urlsplit(str(value))
        _ = parts.port
    except ValueError as exc:
        raise ValueError(way_out) from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError(way_out)
    if parts.username is not None:
        raise ValueError("holds an account; leave it out and set HUB_GRAFANA_TOKEN")
    return str(value).rstrip("/")


def public_http(value: object) -> str:
    """Read the hub's address as phones reach it."""
    way_out = "is no web address; write it like http://10.0.0.5:8080"
    try:
        parts = urlsplit(str(value))
        _ = parts.port
    except ValueError as exc:
        raise ValueError(way_out) from exc
    beyond = parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond:
        raise ValueError(way_out)
    return str(value).rstrip("/")


def level(value: object) -> str:
    """Parse the log level."""
    if value not in LEVELS:
        raise ValueError(f"is no level; use one of {', '.join(LEVELS)}")
    return str(value)
