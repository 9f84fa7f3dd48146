"""Waiting for a condition, with a deadline that only a hang reaches."""

import asyncio
import time
from collections.abc import Callable
from typing import Literal, TypeVar

DEADLINE = 120.0
"""Seconds that anything may take before the test that waits for it fails: only a hang takes so
long, also where several other programs want the processor."""

_PAUSES = 0.02, 0.1
"""Seconds from one look to the next, at first and later: a look at a hub costs two processes 2 ms
each, and several tests wait at a time."""

T = TypeVar("T")


def until(
    condition: Callable[[], T | Literal[False] | None],
    what: str | Callable[[], str],
    deadline: float = DEADLINE,
) -> T:
    """Return what `condition` returns once that is true; fail when it is not in time.

    `what` is awaited, or says so in the end.
    """
    began = time.monotonic()
    while True:
        found = condition()
        if found:
            return found
        waited = time.monotonic() - began
        if waited > deadline:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {deadline:g} s: {said}")
        first, last = _PAUSES
        time.sleep(min(max(first, waited / 20), last))


async def eventually(condition: Callable[[], object]) -> None:
    """Let the loop run until a condition that has no event is true; fail when it is not in time."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.001)
