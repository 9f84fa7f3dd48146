"""The kinds and dialects, drafts of kinds from rejected messages, and new kinds."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hub.dialects import DIALECTS
from hub.event import drafting
from hub.event.catalogue import LARGEST
from hub.messages import Code
from hub.web import serializers
from hub.web.body import read_body
from hub.web.parts import Parts
from hub.web.routes.parameters import JSON, BoothId, KindName, known_kind
from hub.web.statuses import errors
from hub.web.turns import Turns

_NEWEST = 1_000


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

    @router.get("/api/dialects", tags=["catalogue"])
    async def dialects() -> list[dict[str, Any]]:
        """What devices may speak by themselves, and what to set in them."""
        return [serializers.dialect(item, parts.settings.root) for item in DIALECTS.values()]

    @router.get(
        "/api/booths/{booth}/kinds/{kind}/draft",
        tags=["catalogue"],
        responses=errors(404, 422, 503),
    )
    async def draft(booth: BoothId, kind: KindName) -> JSONResponse:
        """A draft of a declaration, from what a booth sent as a kind that there is not."""
        found = await parts.outbox.rejections(booth, _NEWEST)
        payloads = [
            str(item["payload"])
            for item in found
            if item["code"] == Code.KIND.value and f"/{booth}/{kind}/" in item["topic"]
        ]
        try:
            said = drafting.draft(kind, drafting.samples(payloads))
        except ValueError as exc:
            raise HTTPException(404, f"{booth} sent nothing to draft {kind} from: {exc}") from exc
        return JSONResponse(said, media_type="application/schema+json")

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
