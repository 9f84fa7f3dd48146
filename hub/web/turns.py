"""Cooperative scheduling of heavy requests: small pieces, so that none delays a reading.

Python code holds the GIL in whichever thread it runs: a busy thread makes each step of the loop
wait up to 5 ms for it, and twenty of them as many times that. So work is done on the loop, a few
milliseconds at a time, one piece in each pass, however many ask; and what cannot be split is done
by one thread.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import islice
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

ITEMS = 50
"""Items of a list that are written in one piece, which takes some 2 ms."""
LONG = 0.005
"""Seconds from which on a piece is so long that the next one waits."""
REST = 3
"""How often as long as a long piece took none is done, so that those take a quarter of the time."""


class Turns:
    """Runs pieces of work first come, first served, with a pass of the loop between."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._thread = asyncio.Lock()
        self._rests_until = 0.0

    async def run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Run a piece of work when it is its turn."""
        async with self._turn:
            clock = asyncio.get_running_loop().time
            # Yields to what is ready meanwhile, also when no rest is due.
            await asyncio.sleep(max(0.0, self._rests_until - clock()))
            begun = clock()
            try:
                return work(*given, **named)
            finally:
                took = clock() - begun
                self._rests_until = clock() + (REST * took if took > LONG else 0.0)

    async def in_thread(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Run a longer piece of work in a thread, one at a time."""
        async with self._thread:
            return await asyncio.to_thread(work, *given, **named)

    async def array(
        self, items: Iterable[T], shape: Callable[[T], Any] = lambda item: item
    ) -> AsyncIterator[bytes]:
        """Yield a JSON array in pieces; `shape` converts each item."""
        left, before = iter(items), "["
        while piece := await self.run(_written, islice(left, ITEMS), shape):
            yield (before + piece).encode()
            before = ","
        yield b"]" if before == "," else b"[]"


def _written(items: Iterable[T], shape: Callable[[T], Any]) -> str:
    return ",".join(
        json.dumps(shape(item), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for item in items
    )
