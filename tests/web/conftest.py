"""A real hub behind the web application, fed through its intake, with a held clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from harness.wait import DEADLINE
from hub.app import Hub, open_hub
from hub.clock import HeldClock
from hub.settings import Settings
from hub.testing.memory_source import MemorySource
from hub.web.server import create_app

TOKEN = "correct-horse-battery-staple"
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
        self.source = MemorySource(hub.intake.receive)

    async def get(self, path: str, **options: object) -> httpx.Response:
        return await self.client.get(path, **options)  # type: ignore[arg-type]

    async def said(self, path: str, **params: object) -> object:
        """The JSON of an answer that is 200."""
        answer = await self.client.get(path, params=params)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def publish(self, path: str, payload: bytes | str) -> None:
        """Let a message come, and wait until it is on disk."""
        self.source.publish(
            f"smartlife/v1/{path}", payload if isinstance(payload, bytes) else payload.encode()
        )
        async with asyncio.timeout(DEADLINE):
            await self.hub.committer.settled()

    async def stored(self) -> None:
        """Wait until nothing waits for the store."""
        async with asyncio.timeout(DEADLINE):
            while self.hub.outbox.accounts.waiting:  # noqa: ASYNC110 - turns of the loop, no time
                await asyncio.sleep(0)


@asynccontextmanager
async def open_site(
    folder: Path, clock: HeldClock, token: str | None = None, **given: str
) -> AsyncIterator[Site]:
    """Open a hub with settings of one's own; its store is the file that a hub has by default."""
    settings = Settings(**{"data": str(folder), "ops_token": token, **given})  # type: ignore[arg-type]
    async with open_hub(settings, clock) as hub, site_of(hub, clock) as site:
        yield site


@asynccontextmanager
async def site_of(hub: Hub, clock: HeldClock) -> AsyncIterator[Site]:
    """Run what a hub does with messages, and its web application."""
    running = [asyncio.create_task(part.run()) for part in (hub.committer, hub.drain)]
    async with client_of(create_app(hub.parts)) as client:
        yield Site(hub, client, clock)
    for task in running:
        task.cancel()
    await asyncio.wait(running)


def app_of(site: Site, **settings: object) -> ASGIApp:
    """The web application of the same hub with other settings."""
    parts = site.hub.parts
    return create_app(replace(parts, settings=parts.settings.model_copy(update=settings)))


def client_of(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.fixture(scope="session")
def zone_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zone") / "zone.toml"
    path.write_text(ZONE, encoding="utf-8")
    return path


@pytest.fixture
async def site(tmp_path: Path, clock: HeldClock, zone_file: Path) -> AsyncIterator[Site]:
    """A hub of the zone above."""
    async with open_site(tmp_path / "data", clock, zone=str(zone_file)) as site:
        yield site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def still(tmp_path_factory: pytest.TempPathFactory, zone_file: Path) -> AsyncIterator[Site]:
    """A hub that tests only look at; all of a module share it."""
    folder = tmp_path_factory.mktemp("still")
    async with open_site(folder, HeldClock(), zone=str(zone_file)) as site:
        yield site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def guarded_hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A hub that asks for the ops token; all of a module share it."""
    async with open_site(tmp_path_factory.mktemp("guarded"), HeldClock(), TOKEN) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def guarded(guarded_hub: Site) -> AsyncIterator[Site]:
    """The hub that asks for the ops token, and a browser without any cookie."""
    async with client_of(guarded_hub.client._transport.app) as client:  # type: ignore[attr-defined]
        yield Site(guarded_hub.hub, client, guarded_hub.clock)
