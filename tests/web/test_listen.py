"""The port of the web server: free again when its hub ends, and one program's at a time."""

import asyncio
import socket

import pytest
from starlette.types import Receive, Scope, Send

from harness.wait import DEADLINE
from hub.errors import PortTaken
from hub.settings.values import HttpAddress
from hub.web import server
from hub.web.server import listen, serve


def test_a_hub_that_starts_again_gets_its_port_though_connections_just_ended():
    """The system keeps the port of one that the server closed for a minute (TIME_WAIT)."""
    with listen(HttpAddress("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            first.accept()[0].close()
            assert client.recv(1) == b""
    with listen(HttpAddress("127.0.0.1", port)) as second:
        assert second.getsockname()[1] == port


def test_a_port_that_another_program_has_is_named_with_the_way_out():
    with listen(HttpAddress("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}"):
            listen(HttpAddress("127.0.0.1", port))


def test_an_address_of_ipv6_is_listened_at_too():
    with listen(HttpAddress("::1", 0)) as listener:
        assert listener.family is socket.AF_INET6


async def test_a_hub_that_ends_waits_for_no_request_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "GRACE", 0)
    asked, cancelled = asyncio.Event(), asyncio.Event()

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with listen(HttpAddress("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(serve(never, listener))
        _, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        async with asyncio.timeout(DEADLINE):
            await asked.wait()
            serving.cancel()
            await asyncio.wait([serving])
            await cancelled.wait()
        writer.close()
