"""A visitor's tap: a telephone sends one reading, as a device would, and gets the hub's receipt.

Only where the zone file names a booth for it (`phones` of the event). Nobody needs a link or a
token, so it is limited for each address and for all together, and what it sends is always the same.
"""

import json
import logging
import time
from math import ceil
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from hub.booths.handout import qr_svg
from hub.errors import BrokerError, MessageRefused
from hub.limits.log_throttle import LogThrottle
from hub.limits.token_bucket import TokenBuckets
from hub.mqtt.command_client import ask, connect
from hub.timestamps import SECOND
from hub.topics import RECEIPTS, Address, topic_of
from hub.web.limits import address_of
from hub.web.parts import Parts
from hub.web.statuses import errors
from schemas import Label

PAGE, TAP = "/tap", "/api/show/tap"
_READING = b'{"occupied": true}'
PATIENCE = 5.0
EACH, BURST = 1.0, 3
"""Taps of one address in a second, and at once."""
ALL, CROWD = 10.0, 20
"""The same of all addresses."""
NO_PHONES = Label(
    "the zone file names no booth for visitors' phones (phones of the event)",
    "존 파일에 관람객 휴대폰을 받을 부스가 없습니다([event]의 phones)",
)
_REFUSED = Label(
    "the broker does not let the hub send it (Not authorized); please tell the staff",
    "브로커가 허브의 전송을 허용하지 않습니다(권한 없음). 직원에게 알려 주세요",
)
_NO_ANSWER = Label(
    "the hub gets no answer now; please try again in a moment",
    "지금은 허브가 응답을 받지 못하고 있습니다. 잠시 후 다시 눌러 주세요",
)

log = logging.getLogger("hub.web.tap")


def invitation(parts: Parts) -> dict[str, Any] | None:
    """Return what a wall needs to invite visitors: whose reading a tap is, and the page's address.

    None where no booth is named for it, or no telephone can reach the hub.
    """
    reached, phone = parts.settings.public_http, parts.plan.zone.phone()
    if phone is None or reached is None:
        return None
    return {"url": reached.rstrip("/") + PAGE, **phone._asdict()}


def add_tap(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    limit, telling = _Limit(), LogThrottle(time.monotonic)

    @router.post(TAP, tags=["show"], responses=errors(404, 429, 503))
    async def tap(request: Request) -> dict[str, Any]:
        """Send one reading of the visitors' telephones; the answer is the hub's receipt.

        `timezone` is the event's, in which its time is to be shown.
        """
        wait = limit.wait(address_of(request.scope.get("client")), parts.clock.monotonic())
        if wait:
            raise HTTPException(
                429,
                f"that is much tapping; try again in {wait} s",
                {"retry-after": str(wait)},
            )
        phone = parts.plan.zone.phone()
        if phone is None:
            raise HTTPException(404, NO_PHONES)
        try:
            return await _sent(parts, phone)
        except BrokerError as exc:
            if telling.due():
                log.warning("a visitor's tap was not sent: %s; %s", exc, _way_out(exc))
            said = _REFUSED if isinstance(exc, MessageRefused) else _NO_ANSWER
            raise HTTPException(503, said) from exc

    @router.get("/api/show/tap.svg", tags=["show"], response_class=Response, responses=errors(404))
    async def code() -> Response:
        """The address of the visitors' page as a QR code."""
        found = invitation(parts)
        if found is None:
            raise HTTPException(
                404,
                "no telephone is invited: the zone file needs phones of the event, and the hub "
                "HUB_PUBLIC_HTTP",
            )
        return Response(qr_svg(found["url"]), media_type="image/svg+xml")


async def _sent(parts: Parts, phone: Address) -> dict[str, Any]:
    settings = parts.settings
    topic, answer = (topic_of(settings.root, phone, leaf) for leaf in (None, RECEIPTS))
    async with connect(settings.broker, settings.broker_ca) as client:
        receipt: dict[str, Any] = json.loads(await ask(client, topic, _READING, answer, PATIENCE))
    if "stored" in receipt:
        receipt["timezone"] = parts.plan.zone.event.timezone
    return receipt


def _way_out(exc: BrokerError) -> str:
    if isinstance(exc, MessageRefused):
        return "hub booth add, of any booth, gives the hub that right"
    return "is the broker running, and a hub connected to it?"


class _Limit:
    """Rate-limits taps of each address, and of all."""

    def __init__(self) -> None:
        self._each, self._all = TokenBuckets[str](EACH, BURST), TokenBuckets[str](ALL, CROWD)

    def wait(self, address: str, now: int) -> int:
        """Consume a tap, or return the seconds until one is allowed."""
        asked = ((self._each, address), (self._all, ""))
        wait = max(buckets.delay(key, now) for buckets, key in asked)
        if not wait:
            for buckets, key in asked:
                buckets.consume(key, now)
        return ceil(wait / SECOND)
