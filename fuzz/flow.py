"""The whole way of a reading under bad input: session, ingest, outbox, drain and store.

Broker and store are the ones in memory that ship with the hub; the outbox is a real file. Each
message must be accounted for, acknowledged if it has an identifier, and must not stop what follows.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from fuzz.findings import Outcome, resident
from fuzz.seeds import TOPIC_ROOT, messages
from hub.clock import Arrivals, HeldClock
from hub.messages import Connection
from hub.mqtt.conformance import RECEIVE_MAXIMUM, Conformance
from hub.pipeline.batch import Batch
from hub.pipeline.committer import Committer
from hub.pipeline.decode import Decoder
from hub.pipeline.drain import Drain
from hub.pipeline.intake import Intake
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries
from hub.stores.memory import MemoryStore
from hub.testing.memory_source import MemoryMessage, MemorySource
from schemas import kinds

BATCH = 500
"""Messages handed over at once, at most."""
ROUTES = 500
_DEADLINE = 120.0
_Text = TypeVar("_Text", str, bytes)
_WARM = 0.4
"""Part of the run after which memory is measured for the first time: by then the window of the
redeliveries is full and the caches have their size."""


class _Forgetting(MemoryStore):
    """A store in memory that counts its rows and lets them go."""

    def forget(self) -> int:
        rows = sum(map(len, self._rows.values()))
        self._rows.clear()
        return rows


class Flow:
    """A hub without its edges, and what was put into it."""

    def __init__(self, outbox: AsyncOutbox) -> None:
        self.outbox = outbox
        self.store = _Forgetting(kinds())
        self.decoder = Decoder(TOPIC_ROOT, kinds(), ROUTES)
        arrivals, redeliveries = Arrivals(HeldClock()), Redeliveries(RECEIVE_MAXIMUM)
        conformance = Conformance(RECEIVE_MAXIMUM)
        self.committer = Committer(outbox, arrivals, redeliveries, conformance, [self._committed])
        self.intake = Intake(
            self.decoder, outbox, arrivals, redeliveries, conformance, self.committer.add
        )
        self.drain = Drain(outbox, self.store)
        self.received = 0
        self.committed = 0
        self.source = MemorySource(self._receive)

    def _receive(self, connection: Connection, messages: Sequence[MemoryMessage]) -> None:
        self.received += len(messages)
        self.intake.receive(connection, messages)

    def _committed(self, batch: Batch) -> None:
        self.committed += batch.messages

    async def emptied(self) -> None:
        """Wait until everything is committed, and stored or refused."""
        await self.committer.settled()
        while self.outbox.accounts.waiting:
            await asyncio.sleep(0)

    def check(self) -> None:
        """Check that the accounts balance, that all is acknowledged and that memory is bounded."""
        accounts = self.outbox.accounts
        assert self.received == self.committed == accounts.received, (self.received, accounts)
        assert accounts.readings == accounts.stored + accounts.merged + accounts.refused, accounts
        assert accounts.refused == 0, accounts  # what was accepted fits a store
        assert not self.source.in_flight
        assert self.committer.in_hand == 0
        assert self.drain.last_error is None
        assert len(self.decoder._routes) <= ROUTES


def _batches(count: int, chance: Random) -> Iterable[list[tuple[str, bytes]]]:
    """Yield batches of changed messages, `count` messages together."""
    known = messages()
    while count > 0:
        batch = []
        for _ in range(min(count, chance.randint(1, BATCH))):
            topic, payload = chance.choice(known)
            if chance.random() < 0.1:
                topic = _spliced(topic, chance.choice(known)[0], chance)[:300]
            if chance.random() < 0.6:
                payload = _spliced(payload, chance.choice(known)[1], chance)[:70_000]
            batch.append((topic, payload))
        count -= len(batch)
        yield batch


def _spliced(first: _Text, second: _Text, chance: Random) -> _Text:
    """Return the beginning of one and the end of another."""
    return first[: chance.randint(0, len(first))] + second[chance.randint(0, len(second)) :]


async def _pass(flow: Flow, batch: list[tuple[str, bytes]], chance: Random) -> None:
    flow.source.send(
        [
            flow.source.message(
                topic,
                payload,
                qos=chance.random() < 0.8,
                retain=chance.random() < 0.05,
                response_topic=topic if chance.random() < 0.05 else None,
                correlation_data=payload[:20] if chance.random() < 0.05 else None,
            )
            for topic, payload in batch
        ]
    )
    if chance.random() < 0.3:
        flow.source.cut()
        await flow.committer.settled()
        flow.source.reconnect()
    async with asyncio.timeout(_DEADLINE):  # what stops the flow ends here
        await flow.emptied()


async def _run(count: int, seed: int, folder: Path, outcome: Outcome) -> None:
    chance = Random(seed)
    outbox = await AsyncOutbox.open(folder / "outbox.db", 2**30, RECEIVE_MAXIMUM, ENTRY_SIZE)
    flow = Flow(outbox)
    parts = [asyncio.ensure_future(work) for work in (flow.committer.run(), flow.drain.run())]
    try:
        for batch in _batches(count, chance):
            await _pass(flow, batch, chance)
            for part in parts:
                if part.done():
                    part.result()
            outcome.inputs += len(batch)
            flow.check()
            flow.store.forget()
            if not outcome.rss_before and outcome.inputs >= _WARM * count:
                outcome.rss_before = resident()
    except BaseException as exc:
        broken = [part.exception() for part in parts if part.done() and not part.cancelled()]
        outcome.note(repr(batch).encode(), next(filter(None, broken), exc))
    finally:
        for part in parts:
            part.cancel()
        await asyncio.wait(parts)
        outcome.ended.update(
            {name: number for name, number in outbox.accounts.as_json().items() if number}
        )
        await outbox.close()
    outcome.rss_after = resident()


def run(count: int, seed: int) -> Outcome:
    """Send `count` messages the whole way; the outcome holds the accounts and a finding if any."""
    outcome = Outcome("flow")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(count, seed, Path(folder), outcome))
    outcome.seconds = time.monotonic() - started
    return outcome
