"""Alarms that the ops staff muted; the wall shows them in grey, with who and until when."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub import topics
from hub.live.mutes import LONGEST
from hub.pipeline.spelling import nearest
from hub.topics import Address
from hub.web.body import described, read_model
from hub.web.parts import Parts
from hub.web.statuses import errors

MOST = 4096
MuteId = Annotated[str, InPath(max_length=32)]


class MutedDevice(BaseModel):
    """A device whose alarms are to be muted."""

    booth: str = Field(pattern=f"^{topics.BOOTH.pattern}$")
    kind: str = Field(pattern=f"^{topics.KIND.pattern}$")
    device: str = Field(pattern=f"^{topics.DEVICE.pattern}$")


class Muting(BaseModel):
    """What to mute, either a cause or a device; for how long; and who says so."""

    model_config = ConfigDict(extra="forbid")

    cause: str | None = Field(
        None, min_length=1, max_length=300, description="A cause, as the wall groups by."
    )
    device: MutedDevice | None = None
    minutes: int = Field(ge=1, le=LONGEST, description="For how long.")
    by: str = Field(min_length=1, max_length=60, description="Who mutes it: a name.")

    @model_validator(mode="after")
    def _one(self) -> "Muting":
        if (self.cause is None) == (self.device is None):
            raise ValueError("name a cause or a device")
        return self


def add_mutes(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""

    @router.get("/api/mutes", tags=["alarms"])
    async def mutes() -> list[dict[str, Any]]:
        """The alarms that are muted now, the newest first."""
        return [mute.as_json() for mute in parts.mutes.in_force(parts.clock.now())]

    @router.post(
        "/api/mutes",
        tags=["alarms"],
        responses=errors(404, 408, 413, 422, 503),
        openapi_extra=described(Muting),
    )
    async def mute(request: Request) -> dict[str, Any]:
        """Mute an alarm: the wall shows it in grey and counts it no longer, until its end."""
        asked = await read_model(request, Muting, MOST)
        device, now = asked.device, parts.clock.now()
        what = Address(**device.model_dump()) if device is not None else str(asked.cause)
        if isinstance(what, Address) and parts.live.roster.get(what) is None:
            raise HTTPException(404, _unknown(what, parts))
        made = parts.mutes.add(what, " ".join(asked.by.split()) or "-", asked.minutes, now)
        parts.live.broadcast.announce("mutes")
        return made.as_json()

    @router.delete(
        "/api/mutes/{mute}", tags=["alarms"], status_code=204, responses=errors(404, 422, 503)
    )
    async def end(mute: MuteId) -> None:
        """End a mute before its time."""
        if parts.mutes.end(mute, parts.clock.now()) is None:
            raise HTTPException(404, f"there is no mute {mute!r}; /api/mutes lists them")
        parts.live.broadcast.announce("mutes")


def _unknown(address: Address, parts: Parts) -> str:
    """Why a device cannot be muted: there is none; and which may be meant."""
    asked = "/".join(address)
    known = ["/".join(device.address) for device in parts.live.devices()]
    near = " or ".join(nearest(asked, known))
    return f"{asked}: no such device is known; " + (
        f"did you mean {near}?" if near else "GET /api/devices lists those that are"
    )
