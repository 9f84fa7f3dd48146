"""A real hub behind the web application, fed through its ingest, with a held clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from hub.app import Hub, open_hub
from hub.clock import HeldClock
from hub.mqtt.memory import MemorySource
from hub.settings import Settings
from hub.web.server import create_app

DEADLINE = 20.0
ZONE = """
[event]
name = "Seoul Smart Life Week"
name_ko = "서울 스마트라이프위크"
starts = 2026-11-21
ends = 2026-11-23

[[zone]]
id = "smart"
name = "Smart Life zone"
name_ko = "스마트라이프 존"

[[booth]]
id = "b12"
name = "Warm homes"
name_ko = "따뜻한 집"
zone = "smart"
place = { x = 1, y = 2, width = 3, depth = 4 }
devices = [{ kind = "thermostat", id = "t1" }, { kind = "door_lock", id = "d1" }]

[[booth]]
id = "b13"
name = "Empty"
"""


class Site:
    """A hub and a client of its web application."""

    def __init__(self, hub: Hub, client: httpx.AsyncClient, clock: HeldClock) -> None:
        self.hub = hub
        self.client = client
        self.clock = clock
        self.source = MemorySource(hub.ingest.receive)

    async def get(self, path: str, **options: object) -> httpx.Response:
        return await self.client.get(path, **options)  # type: ignore[arg-type]

    async def said(self, path: str, **params: object) -> object:
        """The JSON of an answer that is 200."""
        answer = await self.client.get(path, params=params)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def publish(self, path: str, payload: bytes | str) -> None:
        """Let a message come, and wait until it is on disk."""
        self.source.publish(f"smartlife/v1/{path}", payload if isinstance(payload, bytes) else payload.encode())
        async with asyncio.timeout(DEADLINE):
            await self.hub.ingest.settled()

    async def stored(self) -> None:
        """Wait until nothing waits for the store."""
        async with asyncio.timeout(DEADLINE):
            while self.hub.accounts.waiting:
                await asyncio.sleep(0)


Opened = Callable[..., AbstractAsyncContextManager[Site]]


@pytest.fixture
def opened(tmp_path: Path, clock: HeldClock) -> Opened:
    """Open a hub with settings of one's own; without draining, the store is never reached."""

    @asynccontextmanager
    async def opened(token: str | None = None, drain: bool = True, **given: str) -> AsyncIterator[Site]:
        flags = {"data": str(tmp_path / "data"), "store": "memory:", **given}
        async with open_hub(Settings(**flags), clock) as hub:  # type: ignore[arg-type]
            work = [hub.ingest.run(), *([hub._drain.run()] if drain else [])]
            running = [asyncio.create_task(item) for item in work]
            transport = httpx.ASGITransport(create_app(hub, token))  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
                yield Site(hub, client, clock)
            for task in running:
                task.cancel()
            await asyncio.wait(running)

    return opened


@pytest.fixture
def zone_file(tmp_path: Path) -> Path:
    path = tmp_path / "zone.toml"
    path.write_text(ZONE, encoding="utf-8")
    return path


@pytest.fixture
async def site(opened: Opened, zone_file: Path) -> AsyncIterator[Site]:
    """A hub of the zone above; its store is the file that a hub has by default."""
    async with opened(store="sqlite:", zone=str(zone_file)) as site:
        yield site
