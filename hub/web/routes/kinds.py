"""The kinds and dialects, drafts of kinds from rejected messages, and new kinds."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hub.dialects import DIALECTS
from hub.errors import KindError
from hub.event import drafting
from hub.event.catalogue import LARGEST
from hub.event.wishes import Wish
from hub.pipeline.outbox import OF_A_BOOTH
from hub.pipeline.reconsideration import unknown_device
from hub.settings import Settings
from hub.web import asyncapi, asyncapi_messages, serializers
from hub.web.body import read_body
from hub.web.parts import Parts
from hub.web.routes.parameters import JSON, Booth, BoothId, KindName, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns
from schemas import KindSpec, Label

log = logging.getLogger("hub.kinds")


def add_kinds(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""

    @router.get("/api/kinds", tags=["catalogue"], response_model=list[dict[str, Any]])
    async def kinds() -> Response:
        """Every kind of device with its fields."""
        root = parts.settings.root
        listed = turns.array(parts.kinds.values(), lambda spec: serializers.kind(spec, root))
        return StreamingResponse(listed, media_type=JSON)

    @router.get("/api/kinds/{kind}/schema", tags=["catalogue"], responses=errors(404, 422))
    async def schema(kind: KindName) -> JSONResponse:
        """JSON Schema 2020-12 of a kind's payload."""
        found = await turns.run(known_kind(parts, kind).json_schema)
        return JSONResponse(found, media_type="application/schema+json")

    @router.get("/api/asyncapi", tags=["catalogue"])
    async def interface() -> Response:
        """AsyncAPI 3 of the topics and messages over MQTT, with every kind that there is now."""
        known = dict(parts.kinds)
        payloads = {
            name: await turns.run(asyncapi_messages.payload, kind) for name, kind in known.items()
        }
        said = await turns.run(_asyncapi, parts.settings, known, payloads)
        return Response(said, media_type=asyncapi.MEDIA)

    @router.get("/api/dialects", tags=["catalogue"])
    async def dialects() -> list[dict[str, Any]]:
        """The dialects that devices may speak by themselves, and what to set in them."""
        root, now = parts.settings.root, parts.clock.now()
        timezone = parts.plan.zone.event.timezone
        return [serializers.dialect(item, root, now, timezone) for item in DIALECTS.values()]

    @router.get(
        "/api/booths/{booth}/kinds/{kind}/draft",
        tags=["catalogue"],
        responses=errors(404, 422, 503),
    )
    async def draft(booth: BoothId, kind: KindName) -> JSONResponse:
        """A draft of a declaration, from what a booth sent as a kind that there is not."""
        found = await _draft(parts, turns, booth, kind)
        return JSONResponse(found, media_type="application/schema+json")

    @router.post(
        "/api/kinds", tags=["catalogue"], responses=errors(408, 413, 422, 503),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/schema+json": {"schema": {"type": "object"}}},
            }
        },
    )  # fmt: skip
    async def add(request: Request, response: Response) -> dict[str, Any]:
        """Take a new kind, declared as JSON Schema 2020-12, while the hub runs."""
        text = await read_body(request, LARGEST, f"a declaration has {LARGEST} at most")
        spec = await parts.declare(text)
        response.headers["location"] = f"/api/kinds/{spec.name}/schema"
        return serializers.kind(spec, parts.settings.root)

    @router.post(
        "/api/kinds/{kind}/accept-rejected", tags=["catalogue"], responses=errors(404, 422, 503)
    )
    async def accept_rejected(kind: KindName, booth: Booth = None) -> dict[str, int]:
        """Take in, once, what was rejected before the kind was declared."""
        if parts.reconsideration is None:
            raise KindError("a wall takes nothing in; ask the hub that rejected it")
        found = await parts.reconsideration.accept(known_kind(parts, kind).name, booth)
        log.info("%d messages of the kind %s were taken in, rejected before", found.taken, kind)
        parts.live.broadcast.announce("zone")
        return found._asdict()


def add_wishes(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes of the kinds that booths ask for."""

    @router.get("/api/wishes", tags=["catalogue"])
    async def wishes() -> list[dict[str, Any]]:
        """The kinds that booths asked for and that are not declared, the oldest first."""
        return [wish.as_json() for wish in parts.wishes.of()]

    @router.post(
        "/api/booths/{booth}/kinds/{kind}/wish", tags=["booth"], responses=errors(404, 422, 503)
    )
    async def wish(booth: BoothId, kind: KindName) -> dict[str, Any]:
        """Ask the organisers for a kind, of which the booth has sent messages."""
        await _draft(parts, turns, booth, kind)
        asked = Wish(booth, kind, parts.clock.now())
        parts.wishes.add(asked)
        parts.live.broadcast.announce("wishes")
        return asked.as_json()

    @router.delete(
        "/api/booths/{booth}/kinds/{kind}/wish",
        tags=["catalogue"],
        status_code=204,
        responses=errors(404, 422),
    )
    async def refuse(booth: BoothId, kind: KindName) -> None:
        """Refuse a booth the kind that it asked for."""
        if not parts.wishes.end(kind, booth):
            raise HTTPException(404, f"{booth} asked for no kind {kind!r}; /api/wishes lists them")
        log.info("booth %s was refused the kind %s", booth, kind)
        parts.live.broadcast.announce("wishes")


def _drafted(kind: str, payloads: list[str]) -> dict[str, Any]:
    return drafting.draft(kind, drafting.samples(payloads))


def _asyncapi(
    settings: Settings, known: Mapping[str, KindSpec], payloads: Mapping[str, asyncapi.Part]
) -> str:
    brokers = settings.reached_brokers
    said = asyncapi.document(known, settings.root, brokers, payloads)
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


async def _draft(parts: Parts, turns: Turns, booth: str, kind: str) -> dict[str, Any]:
    """The draft of a declaration; 404 without a message to draft it from."""
    found = await parts.kept.rejections(booth, OF_A_BOOTH)
    root = parts.settings.root
    payloads = [str(item["payload"]) for item in found if unknown_device(root, kind, item)]
    try:
        return await turns.in_thread(_drafted, kind, payloads)
    except drafting.NoDraft as exc:
        said = Label(
            f"{booth} sent nothing to draft {kind} from: {exc}",
            f"{booth} 부스가 보낸 메시지로는 {kind} 초안을 만들 수 없습니다. {exc.ko}",
        )
        raise HTTPException(404, said) from exc
