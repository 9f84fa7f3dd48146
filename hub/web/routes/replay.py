"""Replay onto the wall over HTTP: recorded messages are shown, and stored nowhere."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, HTTPException, Request

from hub.pipeline.rejections import MAX_PAYLOAD
from hub.web.body import read_body
from hub.web.parts import Parts
from hub.web.statuses import errors
from hub.web.turns import ITEMS, Turns

CONTENT_TYPE = "application/x-ndjson"
MAX_BODY = 4 * 1024 * 1024
"""The largest body, in bytes."""
MAX_MESSAGES = 5_000
"""The most messages in one body."""

_BODY = {
    "requestBody": {
        "required": True,
        "content": {CONTENT_TYPE: {"schema": {"type": "string"}}},
    }
}


def add_replay(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the route to an API."""

    @router.post(
        "/api/replay", tags=["readings"], openapi_extra=_BODY, responses=errors(400, 408, 413, 415)
    )
    async def replay(request: Request) -> dict[str, int]:
        """Show readings of a recording on the wall, marked as replayed; nothing is kept of them."""
        # No HTML form can send this Content-Type, so another site cannot (CSRF).
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != CONTENT_TYPE:
            raise HTTPException(415, f"the type is {given[:40]!r}; send {CONTENT_TYPE}")
        lines = _lines(await read_body(request, MAX_BODY, "send it in parts"))
        # All are parsed before any is shown: an invalid body shows nothing.
        pieces = [await turns.run(_messages, piece) for piece in _pieces(lines)]
        shown = Counter[str]()
        for piece in pieces:
            shown.update(await turns.run(parts.wall_replay.show, piece))
        return shown


def _lines(body: bytes) -> list[tuple[int, bytes]]:
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > MAX_MESSAGES:
        raise HTTPException(413, f"there are more than {MAX_MESSAGES} messages; send them in parts")
    return list(enumerate(lines, 1))


def _pieces(lines: list[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    for at in range(0, max(1, len(lines)), ITEMS):
        yield lines[at : at + ITEMS]


def _messages(lines: list[tuple[int, bytes]]) -> list[tuple[str, bytes]]:
    return [_message(number, line) for number, line in lines]


def _message(number: int, line: bytes) -> tuple[str, bytes]:
    try:
        said: Any = json.loads(line)
        topic, payload = said["topic"], said["payload"]
        if not isinstance(topic, str) or not isinstance(payload, str):
            raise TypeError("topic and payload are text")  # noqa: TRY301 - one way to say it
        return topic, payload.encode()[: 2 * MAX_PAYLOAD]
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise HTTPException(
            400, f'line {number} is no message; write it like {{"topic": "…", "payload": "…"}}'
        ) from exc
