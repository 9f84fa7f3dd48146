"""A visitor's tap: a telephone sends one reading, as a device would, and gets the hub's receipt.

Of `hub demo --show` only. Nobody needs a link or a token for it, so it is limited for each address
and for all together, and what it sends is always the same.
"""

import json
from math import ceil
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from hub.booths.handout import qr_svg
from hub.errors import BrokerError
from hub.limits.token_bucket import TokenBuckets
from hub.mqtt.command_client import ask, connect
from hub.timestamps import SECOND
from hub.topics import RECEIPTS, Address, topic_of
from hub.web.limits import address_of
from hub.web.parts import Parts
from hub.web.statuses import errors

PAGE, TAP = "/tap", "/api/show/tap"
KIND, DEVICE = "presence_sensor", "visitors"
_READING = b'{"occupied": true}'
_PATIENCE = 5.0
_EACH, _BURST = 1.0, 3
"""Taps of one address in a second, and at once."""
_ALL, _CROWD = 10.0, 20
"""The same of all addresses."""


def invitation(parts: Parts) -> dict[str, Any] | None:
    """Return what a wall needs to invite visitors: whose reading a tap is, and the page's address.

    None where no telephone can reach the hub, or no booth is planned.
    """
    reached, booths = parts.settings.public_http, parts.plan.zone.booth
    if not booths or reached is None:
        return None
    return {
        "url": reached.rstrip("/") + PAGE,
        "booth": booths[0].id,
        "kind": KIND,
        "device": DEVICE,
    }


def add_tap(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    limit = _Limit()

    @router.post(TAP, tags=["show"], responses=errors(404, 429, 503))
    async def tap(request: Request) -> dict[str, Any]:
        """Send one reading of the visitors' telephones; the answer is the hub's receipt."""
        booths = parts.plan.zone.booth
        if not booths:
            raise HTTPException(404, "the zone file has no booth at which a tap could be shown")
        wait = limit.wait(address_of(request.scope.get("client")), parts.clock.monotonic())
        if wait:
            raise HTTPException(
                429,
                f"that is much tapping; try again in {wait} s",
                {"retry-after": str(wait)},
            )
        try:
            return await _sent(parts, Address(booths[0].id, KIND, DEVICE))
        except BrokerError as exc:
            raise HTTPException(503, str(exc)) from exc

    @router.get("/api/show/tap.svg", tags=["show"], response_class=Response, responses=errors(404))
    async def code() -> Response:
        """The address of the visitors' page as a QR code."""
        found = invitation(parts)
        if found is None:
            raise HTTPException(
                404, "no telephone reaches this hub; give it --http, like 0.0.0.0:8080"
            )
        return Response(qr_svg(found["url"]), media_type="image/svg+xml")


async def _sent(parts: Parts, address: Address) -> dict[str, Any]:
    settings = parts.settings
    topic, answer = (topic_of(settings.root, address, leaf) for leaf in (None, RECEIPTS))
    async with connect(settings.broker, settings.broker_ca) as client:
        receipt: dict[str, Any] = json.loads(await ask(client, topic, _READING, answer, _PATIENCE))
    return receipt


class _Limit:
    """Rate-limits taps of each address, and of all."""

    def __init__(self) -> None:
        self._each, self._all = TokenBuckets[str](_EACH, _BURST), TokenBuckets[str](_ALL, _CROWD)

    def wait(self, address: str, now: int) -> int:
        """Consume a tap, or return the seconds until one is allowed."""
        asked = ((self._each, address), (self._all, ""))
        wait = max(buckets.delay(key, now) for buckets, key in asked)
        if not wait:
            for buckets, key in asked:
                buckets.consume(key, now)
        return ceil(wait / SECOND)
