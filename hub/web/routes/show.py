"""What visitors are shown: the store whose plug they pull, in the demo, and taps of telephones."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.stores.removable import RemovableStore
from hub.web.parts import Parts
from hub.web.routes.tap import add_tap, invitation


def shown(parts: Parts) -> dict[str, Any] | None:
    """Return what a wall shows to visitors; None where there is nothing."""
    plug, tap = isinstance(parts.store, RemovableStore), invitation(parts)
    if not plug and tap is None:
        return None
    return {"plug": plug, **({} if tap is None else {"tap": tap})}


class Plug(BaseModel):
    """Whether the store is there."""

    pulled: bool
    seconds: float = Field(description="Seconds until the store is back by itself.")


def add_show(router: APIRouter, parts: Parts) -> None:
    """Add the routes; those of the plug where the store can be taken away."""
    add_tap(router, parts)
    if isinstance(parts.store, RemovableStore):
        _add_plug(router, parts.store)


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
