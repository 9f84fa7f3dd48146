"""The status of a running hub: its health, its counters, and the steps of its clock."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any

from hub import __version__
from hub.clock import Clock
from hub.errors import OutboxError
from hub.event.plan import ZonePlan
from hub.live.devices import Live
from hub.mqtt.conformance import Conformance
from hub.mqtt.subscriber import Subscriber
from hub.pipeline.committer import Committer
from hub.pipeline.drain import Drain
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import DecodeFence, StoreFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.recording.flight_recorder import FlightRecorder
from hub.settings import Settings
from hub.status import health
from hub.status.clock_steps import INTERVAL, ClockSteps
from hub.status.dialects_in_group import GroupedDialects
from hub.status.health import Health
from hub.status.retained import Retained

log = logging.getLogger("hub.status")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStatus:
    """Collects the status of the hub from its parts, at each call."""

    settings: Settings
    clock: Clock
    clock_steps: ClockSteps
    source: Subscriber
    conformance: Conformance
    retained: Retained
    grouped: GroupedDialects
    committer: Committer
    decode_fence: DecodeFence
    quotas: Quotas
    outbox: AsyncOutbox
    drain: Drain
    store_fence: StoreFence
    feedback: Feedback
    live: Live
    flight_recorder: FlightRecorder
    plan: ZonePlan

    def health(self) -> Health:
        """Return the health of the hub, part by part."""
        outbox, drain, wrong = self.outbox, self.drain, self.clock_steps.wrong
        broker, error = str(self.settings.broker), outbox.broken or self.committer.last_error
        return Health(
            {
                "broker": health.broker(
                    broker,
                    self.source.last_error,
                    self.conformance.breaches,
                    (
                        self.retained.note(self.settings.root),
                        self.grouped.note(),
                        health.refused(self.source.refused),
                        *self.source.lacks,
                    ),
                ),
                "outbox": health.outbox(
                    error, outbox.size, self.settings.outbox_limit, outbox.saved
                ),
                "store": health.store(drain.last_error, outbox.accounts.waiting, drain.blocked),
                "clock": health.clock(wrong),
                **({} if self.plan.error is None else {"zone": health.zone(self.plan.error)}),
            },
            tuple(self.quotas.over(self.clock.monotonic())),
            tuple(self.live.roster.crowded()),
            wrong,
            self.live.deaf_since,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the health as the API shows it."""
        return self.health().as_json(__version__)

    @property
    def hears(self) -> bool:
        """Whether messages reach the hub: it is connected, and its outbox takes them."""
        broken = self.outbox.broken or self.committer.last_error
        return self.source.last_error is None and broken is None

    def counters(self) -> dict[str, int]:
        """Return the counters that the hub stores about itself."""
        count = {} if self.settings.group else self.live.count()  # of a share none is known
        states = {f"devices_{state}": number for state, number in count.items()}
        kept = {"outbox_bytes": self.outbox.size, "lag_ms": self.lag() // 1_000_000}
        return {**self.outbox.accounts.as_json(), **kept, **states, "hears": int(self.hears)}

    def lag(self) -> int:
        """Return the age of the oldest waiting reading, in ns."""
        oldest = self.drain.oldest
        return 0 if oldest is None else max(0, self.clock.now() - oldest)

    async def watch_clock(self) -> None:
        """Log each step of the clock once, and persist it; until cancelled."""
        unkept = False
        while True:
            if self.clock_steps.update():
                unkept = True
                if self.clock_steps.wrong:
                    log.warning("the clock: %s", health.clock(self.clock_steps.wrong).message.en)
            if unkept:
                with contextlib.suppress(OutboxError):
                    await self.outbox.remember("clock", self.clock_steps.kept())
                    unkept = False
            await asyncio.sleep(INTERVAL)
