"""The HTTP API: all its routes, one module for each subject."""

from fastapi import APIRouter, Depends

from hub.web.parts import Parts
from hub.web.routes.booth_accounts import add_booth_accounts
from hub.web.routes.booths import add_booths
from hub.web.routes.devices import add_devices
from hub.web.routes.export import add_export
from hub.web.routes.kinds import add_kinds, add_wishes
from hub.web.routes.mutes import add_mutes
from hub.web.routes.parameters import named_once
from hub.web.routes.past import add_past
from hub.web.routes.readings import add_readings
from hub.web.routes.recording import add_recording
from hub.web.routes.rejections import add_rejections
from hub.web.routes.replay import add_replay
from hub.web.routes.replay_control import add_replay_control
from hub.web.routes.report import add_report
from hub.web.routes.show import add_show
from hub.web.routes.status import add_status
from hub.web.routes.stream import add_live
from hub.web.routes.zone import add_zone
from hub.web.statuses import ANYWHERE, errors
from hub.web.turns import Turns


def routes(parts: Parts) -> APIRouter:
    """Return the API of a running hub."""
    turns = Turns()
    router = APIRouter(responses=errors(*ANYWHERE), dependencies=[Depends(named_once)])
    add_status(router, parts, turns)
    add_kinds(router, parts, turns)
    add_zone(router, parts, turns)
    add_devices(router, parts, turns)
    add_rejections(router, parts, turns)
    add_readings(router, parts, turns)
    add_live(router, parts, turns)
    add_booths(router, parts, turns)
    add_booth_accounts(router, parts)
    add_wishes(router, parts, turns)
    add_mutes(router, parts)
    add_export(router, parts, turns)
    add_report(router, parts, turns)
    add_recording(router, parts, turns)
    add_past(router, parts, turns)
    add_replay(router, parts, turns)
    add_replay_control(router, parts)
    add_show(router, parts)
    return router
