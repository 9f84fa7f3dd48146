"""Each device as it is now, and forgetting one."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.responses import StreamingResponse

from hub.topics import Address
from hub.web.parts import Parts
from hub.web.routes.parameters import JSON, Booth, Domain, Kind, known_domain, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns


def add_devices(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""

    @router.get(
        "/api/devices",
        tags=["readings"],
        response_model=list[dict[str, Any]],
        responses=errors(404, 422),
    )
    async def devices(
        booth: Booth = None,
        kind: Kind = None,
        domain: Domain = None,
        trend: Annotated[bool, Query(description="With the last minute of the headline.")] = False,
    ) -> Response:
        """Each device: its state, last values and warnings."""
        known_domain(domain)
        if kind is not None:
            known_kind(parts, kind)
        found = await turns.run(parts.live.devices, booth, kind, domain)
        now = parts.clock.monotonic()
        listed = turns.array(found, lambda device: device.as_json(now, trend))
        return StreamingResponse(listed, media_type=JSON)

    @router.delete(
        "/api/devices/{booth}/{kind}/{device}",
        tags=["state"],
        responses=errors(404, 422),
        status_code=204,
    )
    async def forget(
        booth: Annotated[str, Path(max_length=32)],
        kind: Annotated[str, Path(max_length=64)],
        device: Annotated[str, Path(max_length=64)],
    ) -> None:
        """Forget a device until it sends again, also over a restart; its readings stay stored."""
        if not parts.live.forget(Address(booth, kind, device)):
            raise HTTPException(404, f"{booth}/{kind}/{device}: no such device is known")
