"""The composition root: builds everything from the settings, starts and stops it in order."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from hub import __version__, timestamps
from hub.booths.registry import Registry
from hub.clock import Arrivals, Clock, SystemClock
from hub.counters import Accounts
from hub.errors import HubError, OutboxError, RecordingError, SettingError
from hub.limits.fair import BoothCounter
from hub.live import replay
from hub.live.devices import Live
from hub.mqtt.conformance import RECEIVE_MAXIMUM, Conformance
from hub.mqtt.subscriber import Broker, Subscriber, topic_filters
from hub.pipeline.batch import Batch
from hub.pipeline.committer import Committer
from hub.pipeline.decode import Decoder
from hub.pipeline.drain import Drain
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import DecodeFence, StoreFence
from hub.pipeline.intake import Intake
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.pipeline.redelivery import ENTRY_SIZE, Redeliveries
from hub.pipeline.selfstats import SelfStats
from hub.recording.flight_recorder import FlightRecorder, as_mcap
from hub.settings import Settings
from hub.status import health
from hub.status.clock_steps import INTERVAL, ClockSteps
from hub.status.health import Health
from hub.stores import open_store
from hub.stores.store import Query, Store, StoredRow
from hub.web.server import create_app, listen, serve
from hub.web.view import MqttAddress
from hub.zone import Zone
from hub.zone import load as load_zone
from schemas import kinds

_STOP_DEADLINE = 5.0

log = logging.getLogger("hub")


class Hub:
    """The running hub: the parts, and what the web part may see of them."""

    def __init__(
        self,
        settings: Settings,
        outbox: AsyncOutbox,
        store: Store,
        remembered: Mapping[str, Any],
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.kinds = kinds()
        self.zone = load_zone(settings.zone) if settings.zone is not None else Zone()
        self.live = Live(self.kinds, clock)
        self.live.expect(self.zone.expected())
        self.links = Registry(settings.data)
        self._outbox = outbox
        self._store = store
        self._quotas = Quotas(settings.root, settings.quota_readings, settings.quota_bytes)
        self._decode_fence = DecodeFence(settings.root)
        self._flight_recorder = FlightRecorder(settings.past)
        self._conformance = Conformance(RECEIVE_MAXIMUM)
        arrivals = Arrivals(clock, remembered["arrivals"])
        self.clock_steps = ClockSteps(clock, remembered["clock"], arrivals.last)
        redeliveries = Redeliveries(RECEIVE_MAXIMUM, remembered["delivered"])
        self.committer = Committer(
            outbox, arrivals, redeliveries, self._conformance, self._committed
        )
        self.intake = Intake(
            Decoder(settings.root, self.kinds),
            outbox,
            arrivals,
            redeliveries,
            self._conformance,
            self.committer.add,
            self._quotas,
            self._decode_fence,
            self._flight_recorder.tap if settings.past else None,
        )
        self.source = Subscriber(
            Broker(settings.broker, settings.mqtt_client_id, settings.broker_ca),
            topic_filters(settings.root, settings.group),
            self.intake.receive,
            self.intake.on_session_lost,
            remembered["filters"],
            lambda patterns: outbox.remember("filters", patterns),
        )
        self._feedback = Feedback(settings.root, self.source.publish, clock)
        self._store_fence = StoreFence()
        self._drain = Drain(outbox, store, self._store_fence)
        self._rejected = BoothCounter()
        self._replay_decoder: Decoder | None = None
        self._selfstats = SelfStats(
            outbox,
            self.live.changes,
            self._rejected,
            self._quotas.take_told,
            self.counters,
            settings.mqtt_client_id,
            clock,
        )

    def _committed(self, batch: Batch) -> None:
        self.live.observe(batch)
        if not batch.only_readings:
            for item in batch.rejections:
                self._rejected.add(item.booth, item.code.value)
            for booth, code in batch.counted:
                self._rejected.add(booth, code)
        self._feedback.send(batch.rejections, batch.receipts)

    # --- what the web part sees

    @property
    def accounts(self) -> Accounts:
        """What became of every message."""
        return self._outbox.accounts

    @property
    def mqtt(self) -> MqttAddress:
        """Where devices connect, as far as the hub knows."""
        broker = self.settings.public_broker or self.settings.broker
        ca = self.settings.broker_ca.name if self.settings.broker_ca is not None else None
        return MqttAddress(broker.host, broker.port, broker.tls, self.settings.root, ca)

    def authority(self) -> bytes | None:
        """Return the file of the event's certificate authority, if it has one; raises OSError."""
        file = self.settings.broker_ca
        return file.read_bytes() if file is not None else None

    def health(self) -> Health:
        """Return how the hub is, part by part."""
        outbox, limit = self._outbox, self.settings.outbox_limit
        outbox_error = outbox.broken or self.committer.last_error
        return Health(
            {
                "broker": health.broker(
                    str(self.settings.broker), self.source.last_error, self._conformance.breaches
                ),
                "outbox": health.outbox(outbox_error, outbox.size, limit, outbox.saved),
                "store": health.store(
                    self._drain.last_error, self.accounts.waiting, self._drain.blocked
                ),
                "clock": health.clock(self.clock_steps.wrong),
            },
            tuple(self._quotas.over(self.clock.monotonic())),
            tuple(self.live.crowded()),
            self.clock_steps.wrong,
        )

    def figures(self) -> Mapping[str, float]:
        """Return what else is measured."""
        return {
            "in_hand": self.committer.in_hand,
            "outbox_bytes": self._outbox.size,
            "outbox_limit": self.settings.outbox_limit,
            "lag": self._lag() / 1e9,
            "store_unforeseen": self._store_fence.caught,
            "refused_not_kept": self._outbox.refused_left_out,
            "past_bytes": self._flight_recorder.size,
            "answers_sent": self._feedback.sent,
            "answers_held_back": self._feedback.held_back,
            "receipts_not_answered": self._feedback.not_answered,
            "events_left_out": self.live.left_out,
            "devices_left_out": self.live.devices_left_out,
            "internal_errors": self._decode_fence.caught,
            "broker_unforeseen": self.source.unforeseen,
            "surplus_dropped": self._quotas.dropped,
            "surplus_delayed": self._quotas.delayed,
            "surplus_counted": self._quotas.counted,
        }

    def quota(self, booth: str) -> dict[str, int | bool] | None:
        """Return how a booth stands with its quota; None if it never was above it."""
        return self._quotas.of(booth, self.clock.monotonic())

    def unanswered(self, booth: str) -> dict[str, Any] | None:
        """Return the receipts that a booth asked for in vain; None if there are none."""
        found = self._feedback.unanswered(booth)
        return found.as_json() if found is not None else None

    def counters(self) -> dict[str, int]:
        """Return the counters that the hub stores about itself."""
        states = {f"devices_{state}": count for state, count in self.live.count().items()}
        kept = {"outbox_bytes": self._outbox.size, "lag_ms": self._lag() // 1_000_000}
        return {**self.accounts.as_json(), **kept, **states}

    def _lag(self) -> int:
        """How long the oldest reading has waited for the store, in ns."""
        oldest = self._drain.oldest
        return 0 if oldest is None else max(0, self.clock.now() - oldest)

    def recording(self, last: float, booth: str | None, kind: str | None) -> Iterator[bytes]:
        """Return a recording of the last seconds, in blocks.

        Raises:
            RecordingError: the hub keeps no past.
        """
        if not self.settings.past:
            raise RecordingError("this hub keeps no past; set HUB_PAST, to 32MiB for example")
        now, root = self.clock.now(), self.settings.root
        messages = self._flight_recorder.since(now - round(last * timestamps.SECOND))
        begin = {"recorded": timestamps.rfc3339(now, 6), "last": f"{last:g}s", "hub": __version__}
        return as_mcap(
            messages(Decoder(root, self.kinds)), self.kinds, root, begin, booth=booth, kind=kind
        )

    def replay(self, messages: Iterable[tuple[str, bytes]]) -> Mapping[str, int]:
        """Show the readings among messages as replayed; return what became of them, counted."""
        if self._replay_decoder is None:  # its own, so that a replay pushes out no route
            self._replay_decoder = Decoder(self.settings.root, self.kinds)
        return replay.take(self._replay_decoder, self.live, messages, self.clock.now()).as_json()

    async def rejections(self, booth: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest rejections, newest first."""
        return await self._outbox.rejections(booth, limit)

    async def query(self, query: Query) -> list[StoredRow]:
        """Return stored rows; `StoreUnavailable` for whatever a store may raise."""
        try:
            return await self._store.query(query)
        except HubError:
            raise
        except Exception as exc:
            raise self._store_fence.away(exc) from exc

    # --- step by step, where nothing runs by itself: `hub.testing`

    async def settle(self) -> None:
        """Bring what was received to the disk and into the store, once."""
        await self.committer.step()
        while await self._drain.step():
            pass

    async def write_down(self) -> None:
        """Write the hub's own rows, as is done every second."""
        await self._selfstats.step()

    # --- running

    async def run(self, listener: socket.socket) -> None:
        """Run until cancelled; then commit and acknowledge what is in hand, within seconds."""
        calm_collector()
        token = self.settings.ops_token
        urls = filter(None, (self.settings.http.url, self.settings.public_http))
        app = create_app(self, token.get_secret_value() if token is not None else None, urls)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.committer.run(), name="hub.pipeline.committer")
            tasks.create_task(self._drain.run(), name="hub.pipeline.drain")
            tasks.create_task(self.live.run(), name="hub.live.devices")
            tasks.create_task(self._watch_clock(), name="hub.clock")
            tasks.create_task(self._selfstats.run(), name="hub.pipeline.selfstats")
            tasks.create_task(serve(app, listener), name="hub.web")
            tasks.create_task(self.source.run(), name="hub.source")
            try:
                await asyncio.Event().wait()
            finally:
                # The tasks still run here: what was taken is brought to its end before they stop.
                await self._finish()
                raise asyncio.CancelledError

    async def _watch_clock(self) -> None:
        """Say once that the clock stepped, and keep it over a restart."""
        unkept = False
        while True:
            if self.clock_steps.look():
                unkept = True
                if self.clock_steps.wrong:
                    log.warning("the clock: %s", self.health().parts["clock"].message)
            if unkept:
                with contextlib.suppress(OutboxError):
                    await self._outbox.remember("clock", self.clock_steps.kept())
                    unkept = False
            await asyncio.sleep(INTERVAL)

    async def _finish(self) -> None:
        self.source.pause()
        # An outbox that takes nothing will not do so now: the broker keeps what is in hand.
        if self.committer.last_error is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STOP_DEADLINE):
                    await self.committer.settled()
        self.source.close()


def calm_collector() -> None:
    """Let the garbage collector look less often, and not at what is there for good.

    Readings make no cycles; otherwise the collector costs 0.7 µs of about 8 a reading.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def lock(folder: Path) -> IO[str]:
    """Make the data folder and take it for this process alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / "hub.lock").open("w")
    except OSError as exc:
        raise SettingError(f"HUB_DATA: cannot write to {folder}: {exc.strerror or exc}") from exc
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        held.close()
        raise SettingError(
            f"HUB_DATA: another hub is using {folder}; stop it, or give this one its own folder"
        ) from exc
    return held


async def _hold_to_session(outbox: AsyncOutbox, settings: Settings) -> None:
    """Forget deliveries of another session than the one that will be used."""
    session = [str(settings.broker), settings.mqtt_client_id]
    if await outbox.state("session") != session:
        await outbox.forget_deliveries()
        await outbox.remember("session", session)


@contextlib.asynccontextmanager
async def open_hub(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Hub]:
    """Open outbox and store, and build the hub from them; closes both at the end.

    Raises:
        HubError: a setting, the zone file, the outbox or the store cannot be used.
    """
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(lock(settings.data))
        outbox = await AsyncOutbox.open(
            settings.data / "outbox.db", settings.outbox_limit, RECEIVE_MAXIMUM, ENTRY_SIZE
        )
        stack.push_async_callback(outbox.close)
        await _hold_to_session(outbox, settings)
        store = open_store(settings.store, settings.data, kinds(), settings.influx_token)
        stack.push_async_callback(store.close)
        remembered = {
            "arrivals": await outbox.state("arrivals", []),
            "clock": await outbox.state("clock"),
            "filters": await outbox.state("filters", []),
            "delivered": await outbox.delivered(),
        }
        yield Hub(settings, outbox, store, remembered, clock or SystemClock())


async def run(settings: Settings) -> None:
    """Run the service until cancelled."""
    with contextlib.closing(listen(settings.http)) as listener:
        async with open_hub(settings) as hub:
            log.info("the wall is at %s", settings.http.url)
            await hub.run(listener)
