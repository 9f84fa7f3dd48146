"""Waiting for a condition, with a deadline that only a hang reaches."""

import asyncio
import time
from collections.abc import Callable
from typing import Literal, TypeVar

DEADLINE = 120.0
"""Seconds that anything may take before the test that waits for it fails: only a hang takes so
long, also where several other programs want the processor."""

T = TypeVar("T")


def until(
    condition: Callable[[], T | Literal[False] | None],
    what: str | Callable[[], str],
    deadline: float = DEADLINE,
) -> T:
    """Return what `condition` returns once that is true; fail when it is not in time.

    `what` is awaited, or says so in the end.
    """
    end = time.monotonic() + deadline
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {deadline:g} s: {said}")
        time.sleep(0.02)


async def eventually(condition: Callable[[], object]) -> None:
    """Let the loop run until a condition that has no event is true; fail when it is not in time."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.001)
