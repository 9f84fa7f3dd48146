"""Reads the body of a request, bounded in size and in time."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

M = TypeVar("M", bound=BaseModel)

WHOLE = 20.0
"""Seconds in which the whole body must have come."""


async def read_body(request: Request, most: int, way_out: str) -> bytes:
    """Return the body of a request.

    Raises:
        HTTPException: it has more than `most` bytes, does not arrive in time, or is cut off.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(WHOLE):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise HTTPException(413, f"the body has more than {most} bytes; {way_out}")
    except ClientDisconnect as exc:  # nobody reads the answer
        raise HTTPException(400, "the connection ended before the whole body came") from exc
    except TimeoutError as exc:
        # A body that arrives later would be parsed as the next request.
        raise HTTPException(
            408,
            f"the body did not come within {WHOLE:g} s; send it again",
            {"connection": "close"},
        ) from exc
    return bytes(body)


async def read_model(request: Request, model: type[M], most: int) -> M:
    """Return the body of a request, validated; raises as `read_body` does, and 422.

    Raises:
        HTTPException: it is not JSON, or does not fit the model; the message names the field.
    """
    body = await read_body(request, most, "send only what is asked for")
    try:
        return model.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise HTTPException(422, f"{where}: {first['msg']}") from exc


def described(model: type[BaseModel]) -> dict[str, object]:
    """Return what OpenAPI says of a body that `read_model` reads."""
    schema = model.model_json_schema()
    inlined = _inlined(schema, schema.pop("$defs", {}))
    content = {"application/json": {"schema": inlined}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, models: Mapping[str, Any]) -> Any:
    """Put the models that a schema refers to in place: OpenAPI has its own place for them."""
    if isinstance(schema, list):
        return [_inlined(item, models) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = schema.get("$ref", "").removeprefix("#/$defs/")
    own = {name: _inlined(item, models) for name, item in schema.items() if name != "$ref"}
    return {**_inlined(models[named], models), **own} if named else own
