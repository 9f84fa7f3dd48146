"""The zone file: event, zones and booths, and reading it again."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from hub.web import serializers
from hub.web.parts import Parts
from hub.web.routes.parameters import Booth
from hub.web.routes.show import shown
from hub.web.statuses import errors
from hub.web.turns import Turns


def add_zone(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""

    @router.get(
        "/api/zone",
        tags=["catalogue"],
        response_model=dict[str, Any],
        responses=errors(422, 503),
    )
    async def zone(booth: Booth = None) -> Response:
        """Event, zones and booths, with place and state."""
        plan, accounts = parts.plan.zone, parts.registry.booths()
        if booth is not None:
            plan = serializers.only(plan, booth, accounts.get(booth))
            accounts = {id_: account for id_, account in accounts.items() if id_ == booth}
        devices = await turns.run(parts.live.devices, booth)
        now = parts.clock.now()
        found = await turns.run(serializers.zone, plan, devices, parts.settings, now, accounts)
        if parts.no_accounts is not None:
            found["mqtt"]["no_accounts"] = parts.no_accounts._asdict()
        show = shown(parts) if booth is None else None
        if show is not None:
            found["show"] = show
        return JSONResponse(found)

    @router.post("/api/zone/reload", tags=["catalogue"], responses=errors(422))
    async def reload() -> dict[str, Any]:
        """Read the zone file again; one with a mistake is reported and changes nothing.

        Devices of kinds that nobody has declared are expected once somebody does.
        """
        zone = await parts.plan.reload()
        expected = zone.expected()
        read = {"booths": len(zone.booth), "devices": len(expected)}
        unknown = sorted({item.kind for item in expected} - parts.live.kinds.keys())
        return read | ({"unknown_kinds": unknown} if unknown else {})
