"""A live picture on a held clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from harness.wait import DEADLINE
from hub.clock import HeldClock
from hub.live.devices import Live
from hub.live.viewers import Update
from hub.pipeline.batch import Batch
from hub.pipeline.decode import Decoder
from hub.testing.memory_source import MemoryConnection
from hub.topics import Address
from schemas import KindSpec

T1 = Address("b12", "thermostat", "t1")


class Stage:
    """A live picture, a held clock, and messages that just came onto the disk."""

    def __init__(self, kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> None:
        self.live = Live(kinds, clock)
        self.clock = clock
        self._decoder = decoder

    def message(self, path: str, payload: bytes, *, retain: bool = False) -> None:
        self.messages([(path, payload)], retain=retain)

    def messages(self, said: Iterable[tuple[str, bytes]], *, retain: bool = False) -> None:
        batch = Batch(MemoryConnection(lambda *_: None, lambda _: None), 1)
        now, decode = self.clock.now(), self._decoder.decode
        batch.decide(
            [decode(f"smartlife/v1/{path}", payload, now, retain) for path, payload in said]
        )
        self.live.observe(batch)

    def reading(self, path: str = "b12/thermostat/t1", value: float = 21.5) -> None:
        self.message(path, b'{"temperature": %r}' % value)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.live.sweep()

    @property
    def t1(self) -> dict[str, Any]:
        (device,) = [item for item in self.live.devices() if item.address == T1]
        return device.as_json(self.clock.monotonic())


async def next_update(updates: AsyncIterator[Update]) -> list[tuple[str, Any]]:
    async with asyncio.timeout(DEADLINE):
        update = await anext(updates)
    told = [*update.events, *(("reading", text) for text in update.readings)]
    return [(name, json.loads(text)) for name, text in told]


STATUS = "b12/thermostat/t1/status"


def names(stage: Stage, booth: str) -> set[str]:
    return {device.address.device for device in stage.live.devices(booth)}


LOCK = Address("b12", "door_lock", "d1")


def state_of(stage: Stage, address: Address) -> str:
    (device,) = [item for item in stage.live.devices() if item.address == address]
    return str(device.as_json(stage.clock.monotonic())["state"])
