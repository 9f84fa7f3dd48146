"""Heavy work in small pieces, so that a large answer or a hammering client holds up no reading.

Work in Python takes turns with the loop whichever thread it is in: a busy thread makes each step of
the loop wait up to 5 ms for the interpreter, and twenty of them as many times that. So work is done
on the loop, a few milliseconds at a time, one piece in each pass, however many ask; and what cannot
be cut into pieces is done by one thread.
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
    """Lets pieces of work have their turn in order of asking, with a pass of the loop between."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._thread = asyncio.Lock()
        self._rests_until = 0.0

    async def run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do a piece of work when its turn comes."""
        async with self._turn:
            clock = asyncio.get_running_loop().time
            # What came meanwhile goes first, also when no time is left of the rest.
            await asyncio.sleep(max(0.0, self._rests_until - clock()))
            begun = clock()
            try:
                return work(*given, **named)
            finally:
                took = clock() - begun
                self._rests_until = clock() + (REST * took if took > LONG else 0.0)

    async def in_thread(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do a piece of work that takes longer in a thread, one at a time."""
        async with self._thread:
            return await asyncio.to_thread(work, *given, **named)

    async def array(
        self, items: Iterable[T], shape: Callable[[T], Any] = lambda item: item
    ) -> AsyncIterator[bytes]:
        """Yield a JSON array in pieces; `shape` makes of each item what is written."""
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
