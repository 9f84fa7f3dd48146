"""The wall of several hubs: shows every device of all, from the broker and the store they share.

It subscribes without the group and with QoS 0, in a session that ends with its connection: it keeps
nothing, acknowledges nothing and answers no device. The broker sends it what it sends the hubs, so
its states are a hub's; history, rejections and accounts are what the hubs wrote to the store.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Sequence

from hub.app.changes import Changes, native_topics
from hub.booths.added import follow_added
from hub.booths.natives import Natives
from hub.booths.registry import Registry
from hub.clock import STRIDE, Arrivals, Clock, SystemClock
from hub.dialects import DIALECTS
from hub.dialects.memory import Memories
from hub.errors import KindError, SettingError
from hub.event.catalogue import Catalogue
from hub.event.plan import ZonePlan
from hub.event.zone import Zone
from hub.live.devices import Live
from hub.live.dialect_messages import HeardDialects
from hub.live.log_ins import LogIns
from hub.live.mutes import Mutes
from hub.live.replay import WallReplay
from hub.live.replay_players import ReplayPlayers
from hub.mqtt.codec import PublishPacket, TopicFilter
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import wall_filters
from hub.mqtt.session import Session
from hub.mqtt.subscriber import Subscriber
from hub.pipeline.batch import Batch, Decision
from hub.pipeline.decode import Decoder
from hub.pipeline.device_names import DeviceNames
from hub.pipeline.dialect_routes import Dialects
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import DecodeFence, StoreFence
from hub.pipeline.quota import Quotas
from hub.recording.flight_recorder import FlightRecorder
from hub.settings import Settings
from hub.status.hubs import Hubs
from hub.status.wall_status import WallStatus
from hub.stores import store_of
from hub.stores.store import Store
from hub.web.parts import Parts
from hub.web.server import create_app, listen, serve
from schemas import KindSpec, Label

_NO_ACCOUNTS = Label(
    "a wall makes no accounts; open the ops page of the hub",
    "현황판에서는 계정을 만들 수 없습니다. 허브의 운영 페이지를 여세요",
)

log = logging.getLogger("hub.wall")


class ClusterWall:
    """The parts of a running wall."""

    def __init__(
        self, settings: Settings, store: Store, clock: Clock, catalogue: Catalogue
    ) -> None:
        self._past = settings.past
        root, known = settings.root, catalogue.known
        plan, registry = ZonePlan(settings.zone), Registry(settings.data)
        self.live = Live(
            {name: kind for name, kind in known.items() if _shows(settings, kind)},
            clock,
            is_open=plan.open_at,
            hears=lambda: self.status.hears,
        )
        natives = Natives(root, plan, registry, Memories())
        dialects = natives.dialects()
        names = DeviceNames(settings.quota_devices)
        self._decoder = Decoder(root, known, dialects=dialects, names=names)
        self._fence, store_fence = DecodeFence(root), StoreFence()
        self._arrivals = Arrivals(clock)
        quotas = Quotas(root, 0, 0, self._decoder.translator.owner)
        self._flight_recorder = FlightRecorder(
            settings.past, root, known, quotas.levels, self._decoder.translator.dialects
        )
        self._heard = HeardDialects()
        self.source = Subscriber(
            Broker(settings.broker, settings.wall_client_id, settings.broker_ca),
            self._filters(settings, plan.zone, dialects),
            self.receive,
            _nothing,
            [],
            _nothing,
            session_expiry=0,
            logger=log,
        )
        self.changes = Changes(
            *(settings, plan, catalogue, natives, store, self._decoder),
            *(self.live, self.source, self._filters),
        )
        self.hubs = Hubs(store, store_fence, self.live, clock, judges=bool(settings.group))
        self.status = WallStatus(
            settings=settings, clock=clock, source=self.source, hubs=self.hubs, live=self.live
        )
        self.parts = Parts(
            settings=settings,
            clock=clock,
            kinds=known,
            declare=_declare,
            wishes=self.changes.wishes,
            reconsideration=None,
            plan=plan,
            registry=registry,
            live=self.live,
            heard=self._heard,
            mutes=Mutes(),
            replay_players=ReplayPlayers(clock),
            log_ins=LogIns(root, registry.owner, clock),
            wall_replay=WallReplay(root, known, self.live, clock),
            flight_recorder=self._flight_recorder,
            quotas=quotas,
            feedback=Feedback(root, _unsaid, clock),
            kept=self.hubs,
            store=store,
            store_fence=store_fence,
            status=self.status,
            no_accounts=_NO_ACCOUNTS,
        )

    def _filters(self, settings: Settings, zone: Zone, dialects: Dialects) -> list[TopicFilter]:
        booths = zone.booths_of(settings.booths)
        names = [*self.live.kinds, *DIALECTS] if settings.domains else []
        return wall_filters(settings.root, native_topics(dialects, booths), booths, names)

    def receive(self, session: Session, messages: Sequence[PublishPacket]) -> None:
        """Show a batch of messages."""
        now = self._arrivals.now()
        first = self._arrivals.allocate(len(messages), now)
        if self._past:
            self._flight_recorder.tap(first, messages, False)
        decisions: list[Decision] = []
        for number, message in enumerate(messages):
            topic, payload, arrival = message.topic, message.payload, first + number * STRIDE
            try:
                verdict = self._decoder.decode(topic, payload, arrival, message.retain, now)
            except BaseException as exc:
                verdict = self._fence.rejection(exc, topic, payload, arrival)
            decisions.append(verdict)
        batch = Batch(session, len(messages))
        batch.decide(decisions)
        self.live.observe(batch)
        self._heard.observe(batch)

    async def run(self, listener: socket.socket) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.live.run(), name="hub.live.devices")
            tasks.create_task(self.hubs.run(), name="hub.status.hubs")
            tasks.create_task(serve(create_app(self.parts), listener), name="hub.web")
            tasks.create_task(self.source.run(), name="hub.wall.source")
            tasks.create_task(self.changes.reload_on_hangup(), name="hub.event.plan")
            tasks.create_task(self.changes.follow_natives(), name="hub.booths.natives")
            tasks.create_task(
                follow_added(self.parts.registry, self.changes.added), name="hub.booths.added"
            )


def _shows(settings: Settings, kind: KindSpec) -> bool:
    return not settings.domains or kind.domain.id in settings.domains


async def _nothing(_: object = None) -> None:
    """Remember nothing of a session that ends with its connection."""


def _unsaid(_topic: str, _payload: bytes, _correlation_data: bytes | None = None) -> bool:
    """Publish nothing: the hubs answer."""
    return False


async def _declare(_: bytes) -> KindSpec:
    raise KindError("a wall takes no kinds; declare it at each hub, in the folder HUB_KINDS of all")


@contextlib.asynccontextmanager
async def open_wall(settings: Settings, clock: Clock | None = None) -> AsyncIterator[ClusterWall]:
    """Open the store that the hubs share, and build the wall; closes it at the end.

    The data folder is only read: booths with accounts, and kinds declared there.

    Raises:
        HubError: a setting, the zone file or the store cannot be used.
    """
    if settings.store == "sqlite:":
        raise SettingError(
            "HUB_STORE: sqlite: is a file of one hub; a wall shows several, from the store that "
            "they share: influx://host:8086/BUCKET?org=ORG"
        )
    catalogue = Catalogue(settings, keep=False)
    store = store_of(settings, catalogue.known)
    try:
        yield ClusterWall(settings, store, clock or SystemClock(), catalogue)
    finally:
        await store.close()


async def run(settings: Settings) -> None:
    """Run the wall until cancelled."""
    with contextlib.closing(listen(settings.http)) as listener:
        async with open_wall(settings) as wall:
            log.info("the wall of all hubs is at %s", settings.http.url)
            await wall.run(listener)
