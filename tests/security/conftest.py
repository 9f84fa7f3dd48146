"""A hub that asks for the ops token, in this process, and on a socket for what is below HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from harness.wait import DEADLINE
from hub.clock import HeldClock
from hub.settings.values import HttpAddress
from hub.web.server import create_app, listen, serve
from tests.stores.conftest import open_influx, shared_influxd
from tests.web.conftest import Site, client_of, open_site

__all__ = ["open_influx", "shared_influxd"]

TOKEN = "correct-horse-battery-staple"
BEARER = {"authorization": f"Bearer {TOKEN}"}
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def assert_headers(headers) -> None:
    """What every answer carries, whatever else it says."""
    for name, value in EVERYWHERE.items():
        assert headers[name] == value
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src" not in policy  # so scripts come from 'self' alone
    assert "server" not in headers


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A hub with an ops token, and a client that has it."""
    folder = tmp_path_factory.mktemp("security")
    async with open_site(folder, HeldClock(), TOKEN) as found:
        await found.publish("b12/thermostat/t1", '{"temperature": 21.5}')
        await found.publish("b12/thermostat/t1", '{"temperature": 412}')
        await found.stored()
        found.client.headers.update(BEARER)
        yield found


class Socket(NamedTuple):
    """Where the same hub listens."""

    host: str
    port: int

    async def say(self, *pieces: bytes) -> bytes:
        """Send bytes as they are and return all that comes until the hub closes or is quiet."""
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**20)
        try:
            for piece in pieces:
                writer.write(piece)
            async with asyncio.timeout(DEADLINE):
                return await self._answer(reader)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):  # the hub had not read all of it
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-le")]
        return head + await (
            reader.readexactly(int(length[0].split()[1])) if length else reader.read()
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(site: Site) -> AsyncIterator[Socket]:
    """The hub of `site` on a real socket, by the hub's own server."""
    listener = listen(HttpAddress("127.0.0.1", 0))
    serving = asyncio.create_task(serve(create_app(site.hub.parts), listener))
    yield Socket(*listener.getsockname()[:2])
    serving.cancel()
    await asyncio.wait([serving])


@pytest_asyncio.fixture(loop_scope="module")
async def stranger(site: Site):
    """A client without any token."""
    async with client_of(site.client._transport.app) as client:  # type: ignore[attr-defined]
        yield client
