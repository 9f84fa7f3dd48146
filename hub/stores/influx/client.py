"""The HTTP client of InfluxDB, and its only one. Import it late: influxdb-client takes a second."""

import asyncio
import contextlib
import logging
import os
import re
import ssl
from collections.abc import Iterator
from math import inf
from typing import Any

import aiohttp
from influxdb_client.client.influxdb_client_async import InfluxDBClientAsync
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

from hub.errors import QueryError, QueryTimeout, StoreUnavailable
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.answers import Answer
from hub.stores.influx.token import Token
from hub.stores.store import QUERY_DEADLINE, TOO_LONG

IN_FLIGHT = 2
"""Requests under way at once: one travels while InfluxDB works on the other."""
TIMEOUT = 30.0
"""Seconds that a request may take in all; InfluxDB gives up its own writes after 10."""
CONNECT_TIMEOUT = 5.0
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes: 100,000 rows of the widest kind are 50 MB."""
_NS: Any = WritePrecision.NS  # a string, whatever its stub says
_REFUSED = (401, 403)
_NO_ORG = "-"
"""InfluxDB 1 and 3 know no organizations; influxdb-client insists on one."""


log = logging.getLogger("hub.stores")


class InfluxClient:
    """Sends requests to one bucket; connects at the first."""

    def __init__(self, address: InfluxAddress, token: Token, timeout: float = TIMEOUT) -> None:
        self._address = address
        self._token = token
        self._timeout = timeout
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._writer: InfluxDBClientAsync | None = None
        self._reader: aiohttp.ClientSession | None = None
        self._old: list[InfluxDBClientAsync | aiohttp.ClientSession] = []
        self._secrets = self._secret_words()

    def _secret_words(self) -> re.Pattern[str] | None:
        secrets = [re.escape(word) for word in (self._token.value, self._address.org) if word]
        return re.compile(rf"(?<!\w)({'|'.join(secrets)})(?!\w)") if secrets else None

    def _renewed(self, answer: Answer, used: str | None) -> bool:
        """Whether the token that was used is refused, and there is another one by now."""
        if answer.status not in _REFUSED:
            return False
        if self._token.value != used:  # another request found out first
            return True
        if not self._token.renew():
            return False
        log.info("InfluxDB at %s refused the token; its file holds another one", self._address)
        self._secrets = self._secret_words()
        # Others may be under way with the old one.
        self._old += [item for item in (self._writer, self._reader) if item is not None]
        self._writer = self._reader = None
        return True

    async def write(self, body: bytes) -> Answer:
        """Send lines of line protocol in ns; return the answer.

        Raises:
            StoreUnavailable: there was none.
        """
        async with self._room:
            with self._mapped():
                used = self._token.value
                answer = await self._write(body)
                return await self._write(body) if self._renewed(answer, used) else answer

    async def _write(self, body: bytes) -> Answer:
        api = self._writing().write_api()
        try:
            taken = await api.write(self._address.bucket, record=body, write_precision=_NS)
        except ApiException as exc:
            said = exc.body.decode("utf-8", "replace") if isinstance(exc.body, bytes) else ""
            return Answer(int(exc.status or 0), self._redacted(said), exc.retry_after)
        # False: a success that is none, like the page of a proxy.
        return Answer(204 if taken else 200)

    async def ask(self, statement: str) -> Answer:
        """Send a query in InfluxQL; return the answer, times in ns.

        Raises:
            StoreUnavailable: there was none.
            QueryTimeout: it did not come before the deadline.
            QueryError: it would be too large.
        """
        with self._mapped(), _timed():
            used = self._token.value
            answer = await self._ask(statement)
            return await self._ask(statement) if self._renewed(answer, used) else answer

    async def _ask(self, statement: str) -> Answer:
        request = self._reading().post(
            f"{self._address.url}/query",
            params={"db": self._address.bucket, "epoch": "ns"},
            data={"q": statement},
            allow_redirects=False,
        )
        async with request as response:
            body = await self._bounded(response)
            return Answer(response.status, body, response.headers.get("Retry-After"))

    async def _bounded(self, response: aiohttp.ClientResponse) -> str:
        chunks, size = [], 0
        async for chunk in response.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise QueryError("the answer is too large; ask for less time, or with every")
        return self._redacted(b"".join(chunks).decode("utf-8", "replace"))

    def _writing(self) -> InfluxDBClientAsync:
        if self._writer is None:
            token: Any = self._token.value  # InfluxDB without accounts takes none
            self._writer = InfluxDBClientAsync(
                self._address.url,
                token,
                self._address.org or _NO_ORG,
                timeout=self._limits(),
                allow_redirects=False,
            )
        return self._writer

    def _reading(self) -> aiohttp.ClientSession:
        if self._reader is None:
            token = self._token.value
            headers = {"Authorization": f"Token {token}"} if token else {}
            self._reader = aiohttp.ClientSession(
                headers=headers,
                timeout=self._limits(QUERY_DEADLINE),
                connector=aiohttp.TCPConnector(ssl=ssl.create_default_context()),
            )
        return self._reader

    def _limits(self, most: float = inf) -> aiohttp.ClientTimeout:
        total = min(self._timeout, most)
        return aiohttp.ClientTimeout(total=total, sock_connect=min(total, CONNECT_TIMEOUT))

    def _redacted(self, text: str) -> str:
        return text if self._secrets is None else self._secrets.sub("…", text)

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (aiohttp.ClientError, OSError) as exc:  # TimeoutError is an OSError
            raise self._unanswered(exc) from exc

    def _unanswered(self, exc: Exception) -> StoreUnavailable:
        if isinstance(exc, TimeoutError):
            return StoreUnavailable(f"InfluxDB at {self._address} did not answer in time")
        said = self._redacted(_words(exc)) or type(exc).__name__
        return StoreUnavailable(f"InfluxDB at {self._address} does not answer: {said}")

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        writer, self._writer = self._writer, None
        reader, self._reader = self._reader, None
        if writer is not None:
            await writer.close()
        if reader is not None:
            await reader.close()
        while self._old:
            await self._old.pop().close()


@contextlib.contextmanager
def _timed() -> Iterator[None]:
    try:
        yield
    except aiohttp.ServerTimeoutError:  # while connecting
        raise
    except TimeoutError as exc:
        raise QueryTimeout(TOO_LONG) from exc


def _words(exc: Exception) -> str:
    if isinstance(exc, aiohttp.ClientConnectorCertificateError):
        said = getattr(exc.certificate_error, "verify_message", "") or exc.certificate_error
        return f"its certificate is not trusted ({said}); SSL_CERT_FILE names an authority of yours"
    if isinstance(exc, aiohttp.ClientConnectorSSLError):  # its errno is OpenSSL's own
        said = getattr(exc.os_error, "reason", None) or exc.os_error
        return f"TLS failed ({said}); where InfluxDB has none, write influx:// in HUB_STORE"
    if isinstance(exc, aiohttp.ClientConnectorError) and (exc.os_error.errno or 0) > 0:
        return os.strerror(exc.os_error.errno or 0)
    return str(exc)
