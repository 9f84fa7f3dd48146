"""What the demo shows to visitors: the store whose plug they pull, and the taps of telephones.

A hub of an event has none of it.
"""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.stores.removable import RemovableStore
from hub.web.parts import Parts
from hub.web.routes.tap import add_tap, invitation


def shown(parts: Parts) -> dict[str, Any] | None:
    """Return what a wall shows to visitors; None for a hub of an event."""
    if not isinstance(parts.store, RemovableStore):
        return None
    found = invitation(parts)
    return {"plug": True, **({} if found is None else {"tap": found})}


class Plug(BaseModel):
    """Whether the store is there."""

    pulled: bool
    seconds: float = Field(description="Seconds until the store is back by itself.")


def add_show(router: APIRouter, parts: Parts) -> None:
    """Add the routes, where the store can be taken away."""
    if isinstance(parts.store, RemovableStore):
        _add_plug(router, parts.store)
        add_tap(router, parts)


def _add_plug(router: APIRouter, store: RemovableStore) -> None:
    def plug() -> Plug:
        return Plug(pulled=store.away > 0, seconds=round(store.away, 1))

    @router.get("/api/show/plug", tags=["show"])
    async def look() -> Plug:
        """Whether the store is there; of `hub demo --show` only."""
        return plug()

    @router.post("/api/show/plug", tags=["show"])
    async def pull() -> Plug:
        """Take the store away for a minute: readings wait in the outbox, and none is lost."""
        await store.take_away()
        return plug()

    @router.delete("/api/show/plug", tags=["show"])
    async def put_back() -> Plug:
        """Bring the store back before the minute is over."""
        store.bring_back()
        return plug()
