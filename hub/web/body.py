"""Reads the body of a request, bounded in size and in time."""

import asyncio

from fastapi import HTTPException, Request

WHOLE = 20.0
"""Seconds in which the whole body must have come."""


async def read_body(request: Request, most: int, way_out: str) -> bytes:
    """Return the body of a request.

    Raises:
        HTTPException: it has more than `most` bytes, or does not arrive in time.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(WHOLE):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise HTTPException(413, f"the body has more than {most} bytes; {way_out}")
    except TimeoutError as exc:
        # A body that arrives later would be parsed as the next request.
        raise HTTPException(
            408,
            f"the body did not come within {WHOLE:g} s; send it again",
            {"connection": "close"},
        ) from exc
    return bytes(body)
