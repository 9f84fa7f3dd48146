"""The hub: builds the parts from the settings, starts and stops them in order."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from hub.app.broker_log import BrokerLog
from hub.app.changes import Changes, filters
from hub.app.process_memory import calm_collector, keep_freed_memory
from hub.booths.added import follow_added
from hub.booths.natives import Natives
from hub.booths.registry import Registry
from hub.clock import Arrivals, Clock, SystemClock
from hub.dialects.memory import Memories
from hub.errors import SettingError
from hub.event.catalogue import Catalogue
from hub.event.plan import ZonePlan
from hub.files import lock
from hub.live.devices import Live
from hub.live.dialect_messages import HeardDialects
from hub.live.forgotten import Forgotten
from hub.live.mutes import Mutes
from hub.live.replay import WallReplay
from hub.live.replay_players import ReplayPlayers
from hub.mqtt.conformance import RECEIVE_MAXIMUM, Conformance
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import status_filters
from hub.mqtt.subscriber import Subscriber
from hub.pipeline.committer import Committer
from hub.pipeline.decode import Decoder
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.drain import Drain
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import DecodeFence, StoreFence
from hub.pipeline.intake import Intake
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.pipeline.reconsideration import Reconsideration
from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries
from hub.pipeline.selfstats import SelfStats
from hub.recording.flight_recorder import FlightRecorder
from hub.settings import Settings
from hub.status.clock_steps import ClockSteps
from hub.status.dialects_in_group import GroupedDialects
from hub.status.hub_status import HubStatus
from hub.stores import store_of
from hub.stores.removable import RemovableStore
from hub.stores.store import Store
from hub.web.parts import Parts
from hub.web.server import create_app, listen, serve
from schemas import Label

_STOP_DEADLINE = 5.0

log = logging.getLogger("hub")


class Hub:
    """The parts of a running hub, and the order in which they start and stop."""

    def __init__(
        self,
        settings: Settings,
        outbox: AsyncOutbox,
        store: Store,
        last_run: Mapping[str, Any],
        clock: Clock,
        catalogue: Catalogue | None = None,
        no_accounts: Label | None = None,
    ) -> None:
        catalogue, self.outbox = catalogue or Catalogue(settings), outbox
        root, known = settings.root, catalogue.known
        self.plan = plan = ZonePlan(settings.zone)
        self.live = Live(
            known,
            clock,
            Forgotten(settings.data / "forgotten.json"),
            plan.open_at,
            lambda: self.status.hears,
        )
        memories = Memories(last_run["memory"])
        registry = Registry(settings.data)
        natives = Natives(root, plan, registry, memories)
        dialects = natives.dialects()
        names = DeviceNames(settings.quota_devices, last_run["names"])
        decoder = Decoder(root, known, dialects=dialects, names=names)
        quotas = Quotas(
            root, settings.quota_readings, settings.quota_bytes, decoder.translator.owner
        )
        decode_fence, store_fence = DecodeFence(root), StoreFence()
        flight_recorder = FlightRecorder(
            settings.past, root, known, quotas.levels, decoder.translator.dialects
        )
        conformance = Conformance(RECEIVE_MAXIMUM)
        arrivals = Arrivals(clock, last_run["arrivals"])
        redeliveries = Redeliveries(RECEIVE_MAXIMUM, last_run["delivered"])
        self.committer = Committer(
            outbox, arrivals, redeliveries, conformance, memories=memories, names=names
        )
        self.intake = Intake(
            decoder,
            outbox,
            arrivals,
            redeliveries,
            conformance,
            self.committer.add,
            quotas,
            decode_fence,
            flight_recorder.tap if settings.past else None,
        )
        self.source = Subscriber(
            Broker(settings.broker, settings.mqtt_client_id, settings.broker_ca),
            filters(settings, plan.zone, dialects),
            self.intake.receive,
            self.intake.on_session_lost,
            last_run["filters"],
            lambda patterns: outbox.remember("filters", patterns),
            retained=()
            if settings.group
            else status_filters(root, plan.zone.booths_of(settings.booths)),
            # A dialect's states are on any topic, and sent with QoS 0 they were not queued.
            all_retained=lambda: bool(decoder.translator.spoken),
        )
        self.changes = Changes(
            settings, plan, catalogue, natives, store, decoder, self.live, self.source
        )
        self.broker_log = BrokerLog(settings, registry.owner, clock)
        feedback = Feedback(root, self.source.publish, clock)
        self.drain = Drain(outbox, store, store_fence)
        self.status = HubStatus(
            settings=settings,
            clock=clock,
            clock_steps=ClockSteps(clock, last_run["clock"], arrivals.last),
            source=self.source,
            conformance=conformance,
            retained=self.broker_log.retained,
            grouped=GroupedDialects(settings.group, decoder.translator.spoken),
            committer=self.committer,
            decode_fence=decode_fence,
            quotas=quotas,
            outbox=outbox,
            drain=self.drain,
            store_fence=store_fence,
            feedback=feedback,
            live=self.live,
            flight_recorder=flight_recorder,
            plan=plan,
        )
        self.selfstats = SelfStats(
            outbox,
            self.live.changes,
            quotas.pop_surplus,
            self.status.counters,
            settings.mqtt_client_id,
            clock,
            self.live.states,
            self.status.as_json if settings.one_of_several else None,
            shared=bool(settings.group),
        )
        heard = HeardDialects()
        self.committer.observers += [
            self.live.observe,
            heard.observe,
            self.selfstats.observe,
            feedback.observe,
        ]
        self.parts = Parts(
            settings=settings,
            clock=clock,
            kinds=known,
            declare=self.changes.declare,
            wishes=self.changes.wishes,
            reconsideration=Reconsideration(root, decoder, decode_fence, outbox, clock),
            plan=plan,
            registry=registry,
            live=self.live,
            mutes=Mutes(settings.data / "mutes.json"),
            heard=heard,
            log_ins=self.broker_log.log_ins,
            wall_replay=WallReplay(root, known, self.live, clock),
            replay_players=ReplayPlayers(clock),
            flight_recorder=flight_recorder,
            quotas=quotas,
            feedback=feedback,
            kept=outbox,
            store=store,
            store_fence=store_fence,
            status=self.status,
            no_accounts=no_accounts,
        )

    async def run(self, listener: socket.socket) -> None:
        """Run until cancelled; then commit and acknowledge what is in hand, within seconds."""
        calm_collector()
        keep_freed_memory()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.committer.run(), name="hub.pipeline.committer")
            tasks.create_task(self.drain.run(), name="hub.pipeline.drain")
            tasks.create_task(self.live.run(), name="hub.live.devices")
            tasks.create_task(self.status.watch_clock(), name="hub.clock")
            tasks.create_task(self.selfstats.run(), name="hub.pipeline.selfstats")
            tasks.create_task(serve(create_app(self.parts), listener), name="hub.web")
            tasks.create_task(self.source.run(), name="hub.source")
            tasks.create_task(self.broker_log.follow(self.source), name="hub.broker_log")
            tasks.create_task(self.changes.reload_on_hangup(), name="hub.event.plan")
            tasks.create_task(self.changes.follow_natives(), name="hub.booths.natives")
            tasks.create_task(
                follow_added(self.parts.registry, self.changes.added), name="hub.booths.added"
            )
            try:
                await asyncio.Event().wait()
            finally:
                # The tasks still run here: what was received is committed before they stop.
                await self._finish()
                raise asyncio.CancelledError

    async def _finish(self) -> None:
        self.source.pause()
        # An outbox that fails will not commit now: the broker redelivers what is in hand.
        if self.committer.last_error is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STOP_DEADLINE):
                    await self.committer.settled()
        self.source.close()


async def last_run(outbox: AsyncOutbox) -> dict[str, Any]:
    """Return the state that a hub restores from its previous run."""
    return {
        "arrivals": await outbox.state("arrivals", []),
        "clock": await outbox.state("clock"),
        "filters": await outbox.state("filters", []),
        "delivered": await outbox.delivered(),
        "memory": await outbox.memory(),
        "names": await outbox.names(),
    }


@contextlib.asynccontextmanager
async def open_hub(
    settings: Settings,
    clock: Clock | None = None,
    *,
    show: bool = False,
    no_accounts: Label | None = None,
) -> AsyncIterator[Hub]:
    """Open outbox and store, and build the hub from them; closes both at the end.

    With `show` visitors may take the store away for a while; `no_accounts` says why the broker can
    have none for booths.

    Raises:
        HubError: a setting, the zone file, the outbox or the store cannot be used.
    """
    if settings.domains:
        raise SettingError("HUB_DOMAINS: is for hub wall; hubs divide the booths, with HUB_BOOTHS")
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(lock(settings.data))
        outbox = await AsyncOutbox.open(
            settings.data / "outbox.db", settings.outbox_limit, RECEIVE_MAXIMUM, ENTRY_SIZE
        )
        stack.push_async_callback(outbox.close)
        await outbox.hold_to_session(str(settings.broker), settings.mqtt_client_id)
        catalogue = Catalogue(settings)
        clock = clock or SystemClock()
        opened = partial(store_of, settings, catalogue.known)
        store = RemovableStore(opened, clock) if show else opened()
        stack.push_async_callback(store.close)
        state = await last_run(outbox)
        yield Hub(settings, outbox, store, state, clock, catalogue, no_accounts)


async def run(settings: Settings) -> None:
    """Run the service until cancelled."""
    with contextlib.closing(listen(settings.http)) as listener:
        async with open_hub(settings) as hub:
            log.info("the wall is at %s", settings.http.url)
            await hub.run(listener)
