"""What the exhibitor's page asks for beside the readings: how far the booth is, a trial, a program.

Nothing here says anything that is secret: passwords are at the broker only.
"""

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi import Path as InPath

from hub import topics
from hub.checklist import checklist
from hub.decode import Decoder
from hub.model import Reading, Rejection
from hub.rejections import MAX_PAYLOAD
from hub.snippets import FORMS, Connection, Language, snippet
from hub.times import rfc3339
from hub.topics import Address, topic_of
from hub.web import shapes
from hub.web.authority import add_authority
from hub.web.view import BoothAccount, Hub
from schemas import KindSpec

MAX_BODY = 4 * MAX_PAYLOAD
"""The largest body of a trial, in bytes: room to be told that a payload is too large."""
_ROUTES = 500
_EXAMPLE = "b12"
_MILLISECOND = 1_000_000

BoothId = Annotated[str, InPath(pattern=f"^{topics.BOOTH.pattern}$")]
OfBooth = Annotated[
    str, Query(description="As if it came from this booth.", pattern=f"^{topics.BOOTH.pattern}$")
]
OfDevice = Annotated[
    str, Query(description="As if it came from this device.", pattern=f"^{topics.DEVICE.pattern}$")
]


def add_booths(router: APIRouter, hub: Hub) -> None:
    """Add the routes of the exhibitor's page."""
    _add_booth(router, hub)
    _add_check(router, hub)
    _add_snippets(router, hub)
    add_authority(router, hub)


def known_kind(hub: Hub, kind: str) -> KindSpec:
    """Return a kind, or say that there is none."""
    if kind not in hub.kinds:
        raise HTTPException(404, f"there is no kind {kind!r}; /api/kinds lists them")
    return hub.kinds[kind]


def _add_booth(router: APIRouter, hub: Hub) -> None:
    @router.get("/api/booths/{booth}", tags=["booth"])
    async def booth(booth: BoothId) -> dict[str, Any]:
        """How far a booth has come: its checklist, its accounts, how it stands with its quota."""
        devices = hub.live.devices(booth)
        items = checklist(hub.clock.now(), devices, hub.live.rejected(booth))
        account = hub.links.booths().get(booth)
        return {
            **shapes.booth(hub.zone, devices, booth, account),
            "taking": hub.health().well,
            "account": _account(account),
            "quota": hub.quota(booth),
            "devices_left_out": hub.live.left_out_of(booth),
            "unanswered": hub.unanswered(booth),
            "checklist": [item.as_json() for item in items],
        }


def _account(known: BoothAccount | None) -> dict[str, Any] | None:
    if known is None:
        return None
    devices = [
        {"account": item.account, "kind": item.kind, "device": item.device}
        for item in known.devices
    ]
    return {"disabled": known.disabled, "devices": devices}


def _add_check(router: APIRouter, hub: Hub) -> None:
    @cache
    def decoder() -> Decoder:
        # The same code as on the way of a reading; its own, so that trials push out no route.
        return Decoder(hub.mqtt.root, hub.kinds, _ROUTES)

    @router.post("/api/kinds/{kind}/check", tags=["booth"])
    async def check(
        kind: str, request: Request, booth: OfBooth = "try", device: OfDevice = "try"
    ) -> dict[str, Any]:
        """Validate a payload as a reading; it is not counted, not stored and shown to nobody."""
        topic = topic_of(hub.mqtt.root, Address(booth, known_kind(hub, kind).name, device))
        return verdict(decoder().decode(topic, await _body(request), hub.clock.now()))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise HTTPException(
                413, f"the body has more than {MAX_BODY} bytes; a payload has {MAX_PAYLOAD} at most"
            )
    return bytes(body)


def verdict(found: object) -> dict[str, Any]:
    """Return what became of a trial as the API says it."""
    if isinstance(found, Rejection):
        return {"accepted": False, "rejection": found.as_json()}
    assert isinstance(found, Reading)  # the topic is that of a reading, and nothing is retained
    return {
        "accepted": True,
        "ts": rfc3339(found.ts),
        "fields": found.fields,
        "ignored": list(found.ignored),
        "clock_skew_ms": None if found.skew is None else found.skew // _MILLISECOND,
    }


def _add_snippets(router: APIRouter, hub: Hub) -> None:
    @router.get("/api/kinds/{kind}/snippets", tags=["booth"])
    async def snippets(
        kind: str,
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
    ) -> list[dict[str, str]]:
        """A whole device in a few lines, in each language, with everything but the password."""
        # Whoever names no booth has shown no link of one, and gets an example.
        spec, account = known_kind(hub, kind), hub.links.booths().get(booth) if booth else None
        try:
            connection = Connection(
                host or hub.mqtt.host,
                hub.mqtt.port,
                hub.mqtt.tls,
                hub.mqtt.ca,
                _username(account, kind, device),
                hub.mqtt.root,
                booth or _EXAMPLE,
                device,
            )
        except ValueError as exc:
            raise HTTPException(422, str(exc)) from exc
        return [program(language, spec, connection) for language in FORMS]


def program(language: Language, kind: KindSpec, connection: Connection) -> dict[str, str]:
    """Return a program as the API lists it."""
    return {
        "language": language.value,
        "label": FORMS[language].label,
        "suffix": FORMS[language].suffix,
        "text": snippet(language, kind, connection),
    }


def _username(account: BoothAccount | None, kind: str, device: str) -> str | None:
    """The account of a device: its own, else the first that was made for no certain device."""
    if account is None or not account.devices:
        return None
    own = (item for item in account.devices if item.device == device and item.kind == kind)
    free = (item for item in account.devices if item.device is None)
    return next(own, next(free, account.devices[0])).account
