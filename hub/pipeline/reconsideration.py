"""Reconsideration: decodes messages again that were rejected before their kind was declared.

Each is taken in at the time at which it arrived. It leaves the log of rejections in the transaction
that keeps its reading, so however often one asks, and whatever dies, it is taken once. In the
accounts it stays `rejected`, for the message was; its reading counts in `readings`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hub import timestamps, topics
from hub.clock import STRIDE, Clock
from hub.messages import Code, Reading
from hub.pipeline.batch import merged_in, rows_of
from hub.pipeline.decode import Decoder
from hub.pipeline.fence import DecodeFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.outbox.entries import Commit
from hub.pipeline.rejections import SHOWN
from hub.topics import Address

PIECE = 200
"""Rejections that are decoded at once: about 2 ms, between two batches from the broker."""


class Reconsidered(NamedTuple):
    """How many were `taken` in, would be `rejected` again, or are not kept whole (`cut`)."""

    taken: int = 0
    rejected: int = 0
    cut: int = 0


def unknown_device(root: str, kind: str, said: Mapping[str, Any]) -> Address | None:
    """Return the device of a rejected reading, if it was rejected for its unknown `kind`."""
    parsed = topics.parse(root, said["topic"]) if said["code"] == Code.KIND else None
    if not isinstance(parsed, topics.Topic) or parsed.leaf or parsed.address.kind != kind:
        return None
    return parsed.address


class Reconsideration:
    """Decodes kept rejections of a kind again, a piece at a time."""

    def __init__(
        self, root: str, decoder: Decoder, fence: DecodeFence, outbox: AsyncOutbox, clock: Clock
    ) -> None:
        self._root, self._decoder, self._fence = root, decoder, fence
        self._outbox, self._clock = outbox, clock
        self._one = asyncio.Lock()

    async def accept(self, kind: str, booth: str | None = None) -> Reconsidered:
        """Take in what was rejected because there was no such kind, of one booth or of all.

        Raises:
            OutboxError: it cannot be kept now; what was taken in before that stays.
        """
        after, total, newest = 0, Reconsidered(), dict[Address, int]()
        async with self._one:
            while kept := await self._outbox.kept_rejections(booth, after, PIECE):
                after = kept[-1][0]
                taken = list[tuple[int, Reading]]()
                for id_, said in kept:
                    address = unknown_device(self._root, kind, said)
                    if address is None:
                        continue
                    if len(said["payload"]) >= SHOWN:
                        total = total._replace(cut=total.cut + 1)
                        continue
                    reading = self._decoded(address, said, newest)
                    if reading is None:
                        total = total._replace(rejected=total.rejected + 1)
                    else:
                        taken.append((id_, reading))
                if taken:
                    await self._keep(taken)
                    total = total._replace(taken=total.taken + len(taken))
        return total

    def _decoded(
        self, address: Address, said: dict[str, Any], newest: dict[Address, int]
    ) -> Reading | None:
        # A rejection keeps microseconds of its time: two in one must not become one row.
        at = max(timestamps.parse(said["at"]), newest.get(address, 0) + STRIDE)
        newest[address] = at
        topic, payload = said["topic"], said["payload"].encode()
        try:
            found = self._decoder.decode(topic, payload, at)
        except BaseException as exc:
            self._fence.rejection(exc, topic, payload, at)
            return None
        return found if isinstance(found, Reading) else None

    async def _keep(self, taken: Sequence[tuple[int, Reading]]) -> None:
        readings = [reading for _, reading in taken]
        merged = merged_in(readings)
        commit = Commit(
            rows=rows_of(readings),
            count=len(readings) - merged,
            merged=merged,
            extra=len(readings),
            names=self._decoder.names.pop_unsaved(),
            reconsidered=[id_ for id_, _ in taken],
            last_arrival=self._clock.now(),
        )
        await self._outbox.commit(commit)
