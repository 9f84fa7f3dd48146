"""InfluxDB addresses: ``influx://host:port/BUCKET?org=ORG``, ``influxs://`` for TLS. Pure."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from hub.errors import SettingError

_PORT = 8086
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
"""Bucket names that InfluxDB 1 takes as a database, 2 as a bucket and 3 as a database."""
_WAY_OUT = "write it like influx://127.0.0.1:8086/BUCKET?org=ORG"


@dataclass(frozen=True, slots=True)
class InfluxAddress:
    """A bucket of an InfluxDB; as text it leaves the organization out."""

    host: str
    port: int
    tls: bool
    bucket: str
    org: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, value: str) -> "InfluxAddress":
        """Read an address; the port may be left out, and `org` where InfluxDB knows none (1, 3).

        Raises:
            SettingError: it is invalid; the message shows nothing that may be secret.
        """
        try:
            parts = urlsplit(value)
            host, port = parts.hostname, parts.port
            given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as exc:
            raise SettingError(f"HUB_STORE: is no address of InfluxDB; {_WAY_OUT}") from exc
        if parts.username is not None or "token" in dict(given):
            raise SettingError("HUB_STORE: the token is no part of it; set HUB_INFLUX_TOKEN")
        bucket, known = parts.path.strip("/"), dict(given)
        shown = f"{parts.scheme}://{host or ''}{parts.path}"
        if not host or len(given) != len(known) or known.keys() - {"org"} or parts.fragment:
            raise SettingError(f"HUB_STORE: {shown} is no address of InfluxDB; {_WAY_OUT}")
        if not _BUCKET.fullmatch(bucket):
            raise SettingError(
                f"HUB_STORE: {bucket!r} is no name of a bucket; use letters, digits, - and _, "
                f"a letter or digit first, and {_WAY_OUT}"
            )
        tls = parts.scheme == "influxs"
        return cls(host, port or _PORT, tls, bucket, known.get("org") or None)

    @property
    def url(self) -> str:
        """The server's address over HTTP."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.url.replace('http', 'influx', 1)}/{self.bucket}"
