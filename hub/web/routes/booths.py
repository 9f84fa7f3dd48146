"""The API of the exhibitor's page: checklist, trial of a payload, example programs.

Nothing here is secret: passwords are at the broker only.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request

from hub import topics
from hub.booths.registry import BoothAccount
from hub.booths.snippets import FORMS, DeviceConnection, SnippetLanguage, snippet, trial
from hub.limits.token_bucket import TokenBuckets
from hub.live.broker_refusals import NOTHING_KNOWN, BoothLogIns
from hub.live.checklist import checklist
from hub.live.device import Device
from hub.messages import Reading, Rejection
from hub.pipeline.decode import Decoder
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.timestamps import SECOND, rfc3339
from hub.topics import Address, topic_of
from hub.web import serializers
from hub.web.body import read_body
from hub.web.guard import LINK
from hub.web.limits import address_of
from hub.web.parts import Parts
from hub.web.routes.authority import add_authority
from hub.web.routes.parameters import BoothId, KindName, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns
from schemas import KindSpec

MAX_BODY = 4 * MAX_PAYLOAD
"""The largest body of a trial, in bytes: large enough to check a payload that is too large."""
LINK_TRIALS = 5
"""Trials a second by the link of one booth."""
ADDRESS_TRIALS = 20
"""Trials a second from one address, whoever asks: phones in one network may share it."""
BURST = 4
"""Seconds' worth of trials that may come at once."""
REFUSED_AFTER = 1.0
"""Seconds before a trial too many is refused: who does not heed Retry-After is slowed down
by the wait. 20 that asked again at once took 60 % of a core, and delayed others' receipts."""
_ROUTES = 500
_EXAMPLE = "b12"
_MILLISECOND = 1_000_000

OfBooth = Annotated[
    str, Query(description="As if it came from this booth.", pattern=f"^{topics.BOOTH.pattern}$")
]
OfDevice = Annotated[
    str, Query(description="As if it came from this device.", pattern=f"^{topics.DEVICE.pattern}$")
]


def add_booths(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes of the exhibitor's page."""
    _add_booth(router, parts, turns)
    _add_check(router, parts, turns)
    _add_snippets(router, parts)
    add_authority(router, parts)


def _add_booth(router: APIRouter, parts: Parts, turns: Turns) -> None:
    @router.get("/api/booths/{booth}", tags=["booth"], responses=errors(422, 503))
    async def booth(booth: BoothId) -> dict[str, Any]:
        """How far a booth has come: its checklist, its accounts, how it stands with its quota."""
        return await details(parts, turns, booth)


async def details(parts: Parts, turns: Turns, booth: str) -> dict[str, Any]:
    """Return how far a booth has come, as its page shows it.

    Raises:
        BoothError: the registry cannot be read.
    """
    devices = await turns.run(parts.live.devices, booth)
    now, unanswered = parts.clock.monotonic(), parts.feedback.unanswered(booth)
    account = parts.registry.booths().get(booth)
    at_broker = _at_broker(parts, booth, account, devices)
    items = checklist(now, devices, parts.live.rejected(booth), at_broker or NOTHING_KNOWN)
    return {
        **serializers.booth(parts.plan.zone, devices, booth, account),
        "taking": parts.status.health().well,
        "account": _account(account),
        "at_broker": at_broker and at_broker.as_json(),
        "quota": parts.quotas.of(booth, now),
        "devices_left_out": parts.live.roster.left_out_of(booth),
        "unanswered": unanswered and unanswered.as_json(),
        "checklist": [item.as_json() for item in items],
        **({"unplanned": True} if _unplanned(parts, booth) else {}),
        **({"wishes": wishes} if (wishes := [w.kind for w in parts.wishes.of(booth)]) else {}),
        **({"heard": heard} if (heard := parts.heard.of(booth)) else {}),
    }


def _unplanned(parts: Parts, booth: str) -> bool:
    """Whether there is a plan, and the booth is not on it."""
    planned = parts.plan.zone.booth
    return bool(planned) and booth not in {item.id for item in planned}


def _at_broker(
    parts: Parts, booth: str, account: BoothAccount | None, devices: Sequence[Device]
) -> BoothLogIns | None:
    """What is known of the booth's accounts at the broker; None if its log cannot be read."""
    own = account.devices if account is not None else ()
    heard = {device.address for device in devices if device.noticed}
    unheard = {
        item.account
        for item in own
        if not (heard if item.kind is None else (booth, item.kind, item.device) in heard)
    }
    return parts.log_ins.of(booth, [item.account for item in own], unheard)


def _account(known: BoothAccount | None) -> dict[str, Any] | None:
    if known is None:
        return None
    devices = [
        {"account": item.account, "kind": item.kind, "device": item.device}
        for item in known.devices
    ]
    return {"disabled": known.disabled, "devices": devices}


def _add_check(router: APIRouter, parts: Parts, turns: Turns) -> None:
    @lru_cache(1)
    def decoder(_kinds: int) -> Decoder:  # another one once a kind was declared
        # The same code as on the way of a reading; its own, so that trials evict no route.
        return Decoder(parts.settings.root, parts.kinds, _ROUTES)

    allowed = _Trials()

    @router.post(
        "/api/kinds/{kind}/check",
        tags=["booth"],
        responses=errors(404, 408, 413, 422, 429),
    )
    async def check(
        kind: KindName, request: Request, booth: OfBooth = "try", device: OfDevice = "try"
    ) -> dict[str, Any]:
        """Validate a payload as a reading; it is not counted, not stored and shown to nobody."""
        topic = topic_of(parts.settings.root, Address(booth, known_kind(parts, kind).name, device))
        wait = allowed(request)
        if wait:
            await asyncio.sleep(REFUSED_AFTER)
            raise HTTPException(
                429,
                f"so many trials in a second are too many; try again in {wait} s",
                {"retry-after": str(wait)},
            )
        payload = await read_body(request, MAX_BODY, f"a payload has {MAX_PAYLOAD} at most")
        return verdict(
            await turns.run(decoder(len(parts.kinds)).decode, topic, payload, parts.clock.now())
        )


class _Trials:
    """Rate-limits trials of each link and each address."""

    def __init__(self) -> None:
        self._link = TokenBuckets[str](LINK_TRIALS, BURST * LINK_TRIALS)
        self._address = TokenBuckets[str](ADDRESS_TRIALS, BURST * ADDRESS_TRIALS)

    def __call__(self, request: Request) -> int:
        """Consume a trial, or return the seconds until one is allowed."""
        now = time.monotonic_ns()
        link, address = request.scope.get(LINK), address_of(request.scope.get("client"))
        asked = [(self._address, address)]
        if link is not None:
            asked.append((self._link, link))
        wait = max(buckets.delay(key, now) for buckets, key in asked)
        if not wait:
            for buckets, key in asked:
                buckets.consume(key, now)
        return ceil(wait / SECOND)


def verdict(found: object) -> dict[str, Any]:
    """Return the result of a trial as the API shows it."""
    if isinstance(found, Rejection):
        return {"accepted": False, "rejection": found.as_json()}
    assert isinstance(found, Reading)  # the topic is that of a reading, and nothing is retained
    return {
        "accepted": True,
        "ts": rfc3339(found.ts),
        "fields": found.fields,
        "ignored": list(found.ignored),
        "notes": [
            {"code": note.code, **note.message.named("message")} for note in found.remarks.notes
        ],
        "clock_skew_ms": None if found.skew is None else found.skew // _MILLISECOND,
    }


def _add_snippets(router: APIRouter, parts: Parts) -> None:
    @router.get("/api/kinds/{kind}/snippets", tags=["booth"], responses=errors(404, 422, 503))
    async def snippets(
        kind: KindName,
        booth: Annotated[
            str | None,
            Query(
                description="As if it came from this booth. [default: b12, without its account]",
                pattern=f"^{topics.BOOTH.pattern}$",
            ),
        ] = None,
        device: OfDevice = "my-device",
        host: Annotated[
            str | None,
            Query(description="The broker's host as the device reaches it.", max_length=253),
        ] = None,
        lang: Annotated[
            Literal["en", "ko"], Query(description="The language of the comments.")
        ] = "en",
    ) -> list[dict[str, str]]:
        """A whole device in a few lines, in each language, with everything but the password."""
        spec, settings = known_kind(parts, kind), parts.settings
        broker, ca = settings.reached_broker, settings.broker_ca
        # A request without a booth has no link of one, and gets an example.
        account = parts.registry.booths().get(booth) if booth else None
        try:
            connection = DeviceConnection(
                host or broker.host,
                broker.port,
                broker.tls,
                ca.name if ca else None,
                _username(account, kind, device),
                settings.root,
                booth or _EXAMPLE,
                device,
            )
        except ValueError as exc:
            raise HTTPException(422, str(exc)) from exc
        korean = lang == "ko"
        return [program(language, spec, connection, korean=korean) for language in FORMS]


def program(
    language: SnippetLanguage,
    kind: KindSpec,
    connection: DeviceConnection,
    *,
    korean: bool = False,
) -> dict[str, str]:
    """Return a program as the API lists it."""
    if language is SnippetLanguage.MOSQUITTO_PUB:
        text = trial(kind, connection, korean=korean)
    else:
        text = snippet(language, kind, connection, korean=korean)
    return {
        "language": language.value,
        "label": FORMS[language].label,
        "suffix": FORMS[language].suffix,
        "text": text,
    }


def _username(account: BoothAccount | None, kind: str, device: str) -> str | None:
    """The account of a device: its own, else the first that is assigned to none."""
    if account is None or not account.devices:
        return None
    own = (item for item in account.devices if item.device == device and item.kind == kind)
    free = (item for item in account.devices if item.device is None)
    return next(own, next(free, account.devices[0])).account
