"""Follows which booths get accounts while a hub runs."""

import asyncio
import contextlib
from collections.abc import Callable

from hub.booths.registry import Registry
from hub.errors import BoothError

EVERY = 2.0
"""Seconds between two looks at the accounts' file, which `hub booth add` writes."""


async def follow_added(registry: Registry, added: Callable[[str], None]) -> None:
    """Call `added` with each booth that gets accounts, until cancelled."""
    before: set[tuple[str, str]] | None = None
    while True:
        links = _links(registry)
        if links is not None:
            for booth, _ in sorted(links - (links if before is None else before)):
                added(booth)
            before = links
        await asyncio.sleep(EVERY)


def _links(registry: Registry) -> set[tuple[str, str]] | None:
    """The booths with their links: one that was removed and added between has another."""
    with contextlib.suppress(BoothError):  # the pages tell that the file cannot be read
        return {(item.booth, item.link) for item in registry.booths().values()}
    return None
