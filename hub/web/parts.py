"""The parts of the hub that the web server uses; `hub.app` passes them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from hub.booths.registry import Registry
from hub.clock import Clock
from hub.event.plan import ZonePlan
from hub.event.wishes import Wishes
from hub.live.devices import Live
from hub.live.heard import HeardDialects
from hub.live.log_ins import LogIns
from hub.live.mutes import Mutes
from hub.live.replay import WallReplay
from hub.live.replay_players import ReplayPlayers
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import StoreFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.pipeline.reconsideration import Reconsideration
from hub.recording.flight_recorder import FlightRecorder
from hub.settings import Settings
from hub.status.hub_status import HubStatus
from hub.stores.store import Store
from schemas import KindSpec


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a running hub that the routes use."""

    settings: Settings
    clock: Clock
    kinds: Mapping[str, KindSpec]
    declare: Callable[[bytes], Awaitable[KindSpec]]
    wishes: Wishes
    reconsideration: Reconsideration
    plan: ZonePlan
    registry: Registry
    live: Live
    mutes: Mutes
    heard: HeardDialects
    log_ins: LogIns
    wall_replay: WallReplay
    replay_players: ReplayPlayers
    flight_recorder: FlightRecorder
    quotas: Quotas
    feedback: Feedback
    outbox: AsyncOutbox
    store: Store
    store_fence: StoreFence
    status: HubStatus
